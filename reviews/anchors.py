"""Anchors: the head of the chain, kept outside the database, so that a tail that was cut or written anew is found.

An anchor is one line: what it is, when it was taken, the number of the newest transition, and its hash. Whoever can
rewrite the whole chain with its head cannot rewrite a line that was printed, mailed, or lies on another machine.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from people import outbox
from reviews.models import ChainHead, Transition

NAME = "imprimatur-anchor 1"
_TORN = re.compile(rf"{NAME}( \S*( \d*( [0-9a-f]{{0,63}})?)?)?", re.ASCII)
"""What a full disk or a stopped process leaves of a line."""
_LINE = re.compile(rf"{NAME} (?P<at>\S+) (?P<number>\d{{1,18}}) (?P<hash>[0-9a-f]{{64}})", re.ASCII)


class Broken(Exception):
    """The record cannot be anchored, since it is not what it was; the text is one sentence."""


class Unreadable(Exception):
    """What was given as an anchor is none; the text is one sentence."""


@dataclass(frozen=True)
class Anchor:
    """The newest link of the chain at a time."""

    at: datetime.datetime
    number: int
    hash: str

    def __str__(self) -> str:
        return f"{NAME} {self.at.astimezone(datetime.UTC).isoformat(timespec='seconds')} {self.number} {self.hash}"


def take(*, at: datetime.datetime | None = None) -> Anchor | None:
    """The anchor of now; None while nothing is recorded. Broken where the head does not name the newest transition."""
    with transaction.atomic():
        head = ChainHead.objects.select_for_update().filter(pk=1).first() or ChainHead()
        newest = Transition.objects.order_by("-number").values_list("number", "hash").first() or (0, "")
    if newest != (head.number, head.hash):
        raise Broken(_("The head of the chain does not name its newest transition: ask verify_record what is wrong."))
    return Anchor(at or timezone.now(), head.number, head.hash) if head.number else None


def read(text: str) -> list[Anchor]:
    """Every anchor in a text: a file of them, or a mail with other words around. Unreadable where one is damaged.

    A line that was not written to its end is passed over.
    """
    found = []
    for line in text.splitlines():
        if NAME.split()[0] not in line or _TORN.fullmatch(line):
            continue
        match = _LINE.search(line)
        try:
            at = datetime.datetime.fromisoformat(match["at"]) if match else None
        except ValueError:
            at = None
        if match is None or at is None or at.tzinfo is None:
            raise Unreadable(_("This is no anchor: “%(line)s”.") % {"line": line.strip()[:120]})
        found.append(Anchor(at, int(match["number"]), match["hash"]))
    return found


def read_file(path: Path) -> list[Anchor]:
    """Every anchor in a file. Unreadable where it cannot be read, or holds none."""
    try:
        found = read(path.read_text(encoding="utf-8", errors="replace"))
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}.") from None
    except Unreadable as error:
        raise Unreadable(f"{path}: {error}") from None
    if not found:
        raise Unreadable(_("%(path)s holds no anchor.") % {"path": path})
    return found


def problems(anchors: Iterable[Anchor]) -> Iterator[str]:
    """Every anchor that the chain no longer holds, as sentences, the earliest link first."""
    for one in sorted(anchors, key=lambda anchor: (anchor.number, anchor.at)):
        found = Transition.objects.filter(number=one.number).values_list("hash", flat=True).first()
        if found == one.hash:
            continue
        names = {"number": one.number, "at": one.at.isoformat(timespec="seconds")}
        if found is None:
            yield _("Transition %(number)d, anchored at %(at)s, is missing: the tail was cut.") % names
        else:
            yield _("Transition %(number)d is not the one that was anchored at %(at)s: it was written anew.") % names


def keep(*, at: datetime.datetime | None = None) -> Anchor | None:
    """Anchor the record where the settings say: a line in ANCHOR_FILE, a mail to each of ANCHOR_MAIL.

    The same head is kept once. Broken, and nothing kept, where the record no longer holds the file's last anchor.
    """
    anchor = take(at=at)
    if anchor is None:
        return None
    if settings.ANCHOR_FILE:
        append(Path(settings.ANCHOR_FILE), anchor)
    for address in settings.ANCHOR_MAIL:
        mail(address, anchor)
    return anchor


def append(path: Path, anchor: Anchor) -> None:
    """Add the anchor to a file, safe on the disk. Broken where the record does not hold the last one that is there.

    Nothing is added where the last one is of the same head.
    """
    last = read_file(path)[-1:] if path.exists() and path.stat().st_size else []
    for problem in problems(last):
        raise Broken(problem)
    if last and (last[0].number, last[0].hash) == (anchor.number, anchor.hash):
        return
    # The line begins anew whatever a full disk left of the one before it.
    with path.open("ab+") as file:
        file.seek(0, os.SEEK_END)
        begun = b""
        if file.tell():
            file.seek(-1, os.SEEK_END)
            begun = b"" if file.read(1) == b"\n" else b"\n"
        file.write(begun + f"{anchor}\n".encode())
        file.flush()
        os.fsync(file.fileno())


def mail(address: str, anchor: Anchor) -> None:
    """Write a mail with the anchor into the outbox; of the same head one goes to each address."""
    outbox.post(
        key=f"anchor:{anchor.number}:{anchor.hash[:16]}:{hashlib.sha256(address.encode()).hexdigest()[:32]}",
        to=address,
        subject=_("Anchor of the record: transition %(number)d") % {"number": anchor.number},
        text=_(
            "Keep this line. With it manage.py verify_record finds a record whose end was cut off or written anew.\n\n"
            "%(anchor)s\n"
        )
        % {"anchor": anchor},
    )
