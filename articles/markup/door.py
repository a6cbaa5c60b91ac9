"""The one door to safe HTML: `render` makes it in the rendering child, `trusted` lets a template show it.

One long-lived child for each process, killed and started anew when a text takes more than two seconds; so no text can
hang or kill a web process or a worker. Nothing else in the project makes HTML of an author's words, and `mark_safe`
stands here and nowhere else.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from django.utils.safestring import SafeString, mark_safe

from articles.markup.characters import clean
from articles.markup.citations import possible_keys
from articles.markup.glossary import Term
from articles.markup.result import (
    CITE_MARK,
    IMAGE_MARK,
    RENDERER_VERSION,
    Finding,
    Heading,
    Picture,
    Rendering,
    RenderRequest,
    ShownImage,
    Text,
    rendering_from_json,
    request_to_json,
)

__all__ = [
    "CITE_MARK",
    "IMAGE_MARK",
    "RENDERER_VERSION",
    "Finding",
    "Heading",
    "Picture",
    "Rendering",
    "ShownImage",
    "Text",
    "TextRefused",
    "TooSlow",
    "render",
    "trusted",
]

log = logging.getLogger(__name__)

SECONDS = 2.0
START_SECONDS = 30.0
ROOT = Path(__file__).resolve().parents[2]

TOO_SLOW = (
    "This text could not be laid out within 2 seconds. Nothing was changed; look for very long runs of brackets, "
    "stars, quotes or table cells, shorten them, and try again."
)
TOO_DEEP = (
    "This text nests lists, quotes or emphasis too deeply to be laid out. Nothing was changed; please simplify it."
)
TOO_MUCH = "Laying out this text takes too much memory. Nothing was changed; please shorten its tables or lists."
BROKEN = (
    "The renderer ended twice while it read this text. Nothing was changed; please shorten it, or report it to the "
    "operators of this site."
)
UPDATED = "The site was updated while it was running; nothing was changed. Its operators need to restart it."
FAILED = "This text could not be laid out, because of an error of ours that has been logged. Nothing was changed."


class TextRefused(Exception):
    """A text that can't be laid out at all. Its message is a sentence for the author."""


class TooSlow(TextRefused):
    """A text that took longer than it may: it is too hard, or the machine too busy just now."""


class ChildGone(Exception):
    """The child ended without an answer."""


class Child:
    """The rendering child and the pipe to it. Not thread-safe: `render` holds the lock."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "articles.markup.child"],
            cwd=ROOT,
            # Nothing of the site's secrets; a fixed hash seed, so that the same text gives the same bytes.
            env={
                name: os.environ[name]
                for name in ("PATH", "LD_LIBRARY_PATH", "PYTHONPATH", "LANG")
                if name in os.environ
            }
            | {"PYTHONHASHSEED": "0"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            # Ctrl-C is for the parent; the child ends when its pipe closes.
            start_new_session=True,
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.requests, self.answers = self.process.stdin, self.process.stdout
        os.set_blocking(self.requests.fileno(), False)
        os.set_blocking(self.answers.fileno(), False)
        try:
            ready = json.loads(self.read_line(time.monotonic() + START_SECONDS))
        except BaseException:
            self.end()
            raise
        # Started from newer files than this process: its HTML would be stored under the wrong version.
        if ready["ready"] != RENDERER_VERSION:
            self.end()
            raise TextRefused(UPDATED)

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def ask(self, line: bytes, deadline: float) -> bytes:
        """Send one line and return the answer; raises TimeoutError or ChildGone."""
        self.write(line, deadline)
        return self.read_line(deadline)

    def write(self, line: bytes, deadline: float) -> None:
        waiting = memoryview(line)
        with selectors.DefaultSelector() as selector:
            selector.register(self.requests, selectors.EVENT_WRITE)
            while waiting:
                self.wait(selector, deadline)
                try:
                    waiting = waiting[os.write(self.requests.fileno(), waiting) :]
                except BrokenPipeError as error:
                    raise ChildGone from error

    def read_line(self, deadline: float) -> bytes:
        chunks: list[bytes] = []
        with selectors.DefaultSelector() as selector:
            selector.register(self.answers, selectors.EVENT_READ)
            while not (chunks and chunks[-1].endswith(b"\n")):
                self.wait(selector, deadline)
                chunk = os.read(self.answers.fileno(), 1 << 20)
                if not chunk:
                    raise ChildGone
                chunks.append(chunk)
        return b"".join(chunks)

    def wait(self, selector: selectors.BaseSelector, deadline: float) -> None:
        remaining = deadline - time.monotonic()
        if remaining <= 0 or not selector.select(remaining):
            raise TimeoutError

    def end(self) -> None:
        """Kill the child and close the pipe."""
        self.process.kill()
        self.process.wait()
        self.leave()

    def leave(self) -> None:
        """Close this process's ends of the pipe, without a word to the child."""
        self.requests.close()
        self.answers.close()


_lock = threading.Lock()
_child: Child | None = None


def render(
    *,
    body: str,
    lead: str = "",
    plain_lead: str = "",
    known: Collection[str] | Mapping[str, str] | None,
    terms: Sequence[Term] = (),
    images: Mapping[str, Picture] | None = None,
) -> Rendering:
    """Lay out an answer: its body for every reader, and its two leads.

    `known` holds the keys of the library's references (`None`: take every key as known); give the whole library or
    just `possible_keys` of the text that exist. A mapping leads from a key as it is written to the work's own, as
    where two works were merged: both are one number. `terms` of the glossary are explained to plain readers; give all
    or just those that may occur. `images` are those of the article by name. What is wrong with the text stands in the
    findings. Raises TextRefused where the text can't be laid out within two seconds or breaks the parser.
    """
    if known is not None:
        keys = set().union(*(possible_keys(clean(text, "")[0]) for text in (body, lead, plain_lead)))
        known = {key: known[key] if isinstance(known, Mapping) else key for key in keys if key in known}
    request = RenderRequest(body, lead, plain_lead, known, tuple(terms), dict(images or {}))
    line = request_to_json(request).encode("ascii") + b"\n"
    with _lock:
        answer = json.loads(_ask(line))
        if "failed" in answer or "refused" in answer:
            # Its parser was left in the middle of a text.
            _stop()
    if "failed" in answer:
        log.error("The rendering child failed:\n%s", answer["failed"])
        raise TextRefused(FAILED)
    if "refused" in answer:
        raise TextRefused(TOO_DEEP if answer["refused"] == "deep" else TOO_MUCH)
    return rendering_from_json(answer)


def _ask(line: bytes) -> bytes:
    """Ask the child, starting one if there is none. One that went away without an answer is replaced once."""
    global _child
    for attempt in (1, 2):
        try:
            if _child is None or not _child.alive:
                _stop()
                _child = Child()
            return _child.ask(line, time.monotonic() + SECONDS)
        except TimeoutError:
            _stop()
            log.warning("A text of %d bytes was not laid out within %s seconds.", len(line), SECONDS)
            raise TooSlow(TOO_SLOW) from None
        except ChildGone:
            _stop()
            log.warning("The rendering child went away (attempt %d).", attempt)
    raise TextRefused(BROKEN)


def _stop() -> None:
    global _child
    if _child is not None:
        _child.end()
        _child = None


def _after_fork() -> None:
    """In a forked process: the child belongs to the parent, and so does the lock that a thread of it may hold."""
    global _child, _lock
    _lock = threading.Lock()
    if _child is not None:
        _child.leave()
        # Popen warns of a running child when it is forgotten; this one isn't ours to wait for.
        _child.process.returncode = 0
        _child = None


os.register_at_fork(after_in_child=_after_fork)
atexit.register(_stop)


def trusted(html: str) -> SafeString:
    """Mark HTML as safe to show: only HTML that came out of this door.

    That is: taken from the verified bytes of an edition, or a preview just rendered. Never pass what a person typed, a
    column that is not covered by a digest, or HTML put together elsewhere; those are escaped by templates.
    """
    return mark_safe(html)  # noqa: S308
