"""Taking an image in: the imaging child is asked, and what it cannot take is said in a sentence. No database."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

from django.utils.translation import gettext as _

from articles.images.encoding import Encoded

log = logging.getLogger(__name__)

LARGEST = 8_000_000
"""Bytes of an upload."""
SECONDS = 30
ROOT = Path(__file__).resolve().parents[2]


class ImageRefused(Exception):
    """An image that cannot be taken in. Its message is a sentence for the person."""


def taken_in(data: bytes, *, size: int | None = None) -> Encoded:
    """Return the image as it is kept: see `encoding`. Raises ImageRefused. Never call it inside a transaction.

    `size` is the file's, where `data` is not all of it.
    """
    if len(data) > LARGEST:
        raise ImageRefused(
            _("The file has %(size).1f MB; at most %(most)d MB are taken. Save it smaller, and try again.")
            % {"size": (size or len(data)) / 1_000_000, "most": LARGEST // 1_000_000}
        )
    if not data:
        raise ImageRefused(_("The file is empty."))
    if named := _named(data):
        raise ImageRefused(named)
    try:
        answer = subprocess.run(
            [sys.executable, "-m", "articles.images.child"],
            cwd=ROOT,
            # Nothing of the site's secrets.
            env={name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "PYTHONPATH") if name in os.environ},
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ImageRefused(_sentence("slow")) from None
    head, found, body = answer.stdout.partition(b"\n")
    if answer.returncode or not found:
        log.warning(
            "The imaging child ended with %s: %s", answer.returncode, answer.stderr[-2000:].decode("utf-8", "replace")
        )
        raise ImageRefused(_sentence("broken"))
    said = json.loads(head)
    if "unfit" in said:
        raise ImageRefused(_sentence(said["unfit"]))
    return Encoded(body, said["media_type"], said["width"], said["height"])


def _named(data: bytes) -> str:
    """The sentence for a kind of file that people try and that is not taken; empty for everything else."""
    start = data[:1024].lstrip().lower()
    if data.startswith(b"%PDF"):
        return _(
            "This is a PDF. Only images are taken: export the figure as PNG, and give the document as a reference."
        )
    if data.startswith((b"GIF87a", b"GIF89a")):
        return _("GIF files are not taken. Save the image as PNG, one picture that does not move.")
    if b"<svg" in start or (start.startswith(b"<?xml") and b"svg" in start):
        return _("SVG files are not taken, because they can hold programs. Export the drawing as PNG.")
    if data[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif", b"ftypheif"}:
        return _("HEIC and AVIF photographs are not taken. Save the image as JPEG or PNG.")
    return ""


def _sentence(reason: str) -> str:
    return {
        "format": _("This is no PNG, JPEG or WebP image. Only these are taken."),
        "broken": _("The image is broken and cannot be read. Open it in an image program and save it anew."),
        "moving": _("The image moves. Save one picture of it: readers print answers, and movement distracts."),
        "pixels": _("The image unpacks to more than 50 million pixels. Save it smaller, and try again."),
        "small": _("The image has fewer than 16 pixels on one side, so that nothing can be seen on it."),
        "slow": _("The image took too long to be read. Save it smaller, and try again."),
    }[reason]
