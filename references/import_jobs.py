"""Imports as rows: read and compared first, taken in when somebody says so, by the request or by a worker.

Each step is due as long as `state` says so. Whoever does it claims the row by a conditional update and keeps the claim
fresh while it goes on; a claim that is too old is anybody's. The last write of a step asks for the claim again, so
that a step done twice counts once: the second one's works are rolled back.
"""

from __future__ import annotations

import datetime
import gzip
import json
import logging
import time
from collections.abc import Callable, Collection
from typing import Any, cast

from celery import shared_task
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from people.work import hurry
from references import library
from references.formats import reading as formats
from references.importing import (
    Fate,
    Options,
    Preview,
    compare,
    look_up,
    preview_of,
    promised,
    relate,
    tell_outcome,
    to_take,
)
from references.library import Outcome, Placed
from references.lookup.many import Questions
from references.models import Import
from references.works import Work

log = logging.getLogger(__name__)

READ_AT_ONCE = 300_000
"""Bytes that are read within a request; more is a worker's."""
TAKEN_AT_ONCE = 300
"""Entries that are compared or taken in within a request."""
LEASE = datetime.timedelta(seconds=120)
"""How long a claim holds without a sign of life. Longer than any single write of an import takes."""
KEPT = datetime.timedelta(days=30)
"""How long an import waits for somebody's word."""
_TRIES = 3
_ROUND = 120.0
"""Seconds of looking up after which the work is given back, so that no worker's time limit cuts it."""
_SAVED_EVERY = 0.5

State = Import.State
OPEN = (State.READING, State.READY, State.FAILED)


class Unreadable(Exception):
    """Nothing can be read from what was given; `sentences` say why."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


class _Lost(Exception):
    """The claim is another's now, or the import was dropped: this step stops and writes nothing."""


def start(
    content: str | bytes,
    *,
    by: AbstractBaseUser,
    name: str = "",
    format: str = "",
    options: Options | None = None,
) -> Import:
    """Begin an import of a file's or a paste's content. A small one is read at once, a large one by a worker.

    Raises Unreadable where a small one holds nothing that can be read, and keeps no row of it.
    """
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    row = Import(by=cast(Any, by), name=name[:200], format=format, content=b"", options=(options or Options()).stored())
    if len(data) > READ_AT_ONCE:
        row.content = gzip.compress(data, 6)
        row.step = _("Waiting for its turn")
        row.save()
        hurry(read_import, row.pk)
        return row
    reading = formats.read(content, name=name, format=format)
    if sentences := _unreadable(reading):
        raise Unreadable(sentences)
    row.format = reading.format
    preview = preview_of(reading, Options.of(row.options))
    row.preview, row.counts, row.total = _packed(preview), preview.counts(), len(preview.entries)
    row.state = State.READING if reading.wanted else State.READY
    row.step = _("Waiting for the look-up") if reading.wanted else ""
    row.save()
    if reading.wanted:
        hurry(read_import, row.pk)
    return row


def preview(row: Import) -> Preview:
    """The entries of an import, as far as it was read."""
    return Preview.from_plain(json.loads(gzip.decompress(row.preview))) if row.preview else Preview()


def choose(row: Import, options: Options) -> bool:
    """Have the entries compared again as the options will have it. False where it is not waiting for a word."""
    return _again(row, [State.READY], options=options.stored())


def try_again(row: Import) -> bool:
    """Read what could not be read, look up what could not be looked up, and compare again."""
    return _again(row, [State.READY, State.FAILED])


def take(row: Import, options: Options) -> bool:
    """Take the works in, those and so as the options say. False where it is not waiting for a word."""
    changed = Import.objects.filter(pk=row.pk, state=State.READY).update(
        state=State.TAKING, options=options.stored(), step=_("Waiting for its turn"), done=0, claimed_at=None
    )
    if not changed:
        return False
    if row.total <= TAKEN_AT_ONCE:
        carry_out(row.pk)
    else:
        hurry(take_import, row.pk)
    return True


def start_rest(row: Import, *, by: AbstractBaseUser) -> Import | None:
    """Begin an import of what an earlier one could not look up; None where there is nothing left to ask for."""
    waiting = [entry for entry in preview(row).entries if entry.fate == Fate.WANTED]
    if row.state != State.DONE or not waiting:
        return None
    lines = "".join(f"{entry.scheme}:{entry.value}\n" for entry in waiting)
    return start(lines, by=by, name=row.name, format=formats.LIST, options=Options.of(row.options).general())


def drop(row: Import) -> bool:
    """End an import of which nothing was taken, and forget what it held. False where it is too late."""
    changed = Import.objects.filter(pk=row.pk, state__in=OPEN).update(
        state=State.DROPPED, content=b"", preview=b"", step="", failure="", finished_at=timezone.now()
    )
    return bool(changed)


def read(pk: int) -> None:
    """Do the step of reading, if it is due: read, look up, compare. Twice is once."""
    _do(pk, State.READING, _read, _("The file could not be read to its end. Nothing was taken in; you can try again."))


def carry_out(pk: int) -> None:
    """Do the step of taking in, if it is due, in one transaction: all of it, or nothing. Twice is once."""
    _do(pk, State.TAKING, _take, _("The works could not be taken in. Nothing was changed; you can try again."))


def sweep_imports() -> None:
    """Do what is due and has no living claim, and drop what has waited too long for somebody's word."""
    now = timezone.now()
    due = Import.objects.filter(state__in=[State.READING, State.TAKING]).filter(_unclaimed(now))
    for pk, state in due.order_by("pk").values_list("pk", "state"):
        if state == State.READING:
            read(pk)
        else:
            carry_out(pk)
    old = Import.objects.filter(state__in=[State.READY, State.FAILED], at__lt=now - KEPT)
    old.update(state=State.DROPPED, content=b"", preview=b"", finished_at=now)


@shared_task
def read_import(pk: int) -> None:
    read(pk)


@shared_task
def take_import(pk: int) -> None:
    carry_out(pk)


class _Claim:
    """One worker's hold on a row. It tells how far the step is, and shows that the worker lives."""

    def __init__(self, row: Import, claimed_at: datetime.datetime) -> None:
        self.row = row
        self._state = row.state
        self.at = claimed_at
        self._told = time.monotonic()

    def step(self, words: str, total: int = 0) -> None:
        """Say what is done now; without a total, nobody knows how long it takes."""
        self._save(step=words, done=0, total=total)

    def progress(self, done: int, total: int) -> None:
        """Say how far it is: saved every half second, for each save is a write."""
        if time.monotonic() - self._told >= _SAVED_EVERY:
            self._save(done=done, total=total)

    def end(self, **fields: Any) -> None:
        """Write the end of the step. Raises _Lost where the claim is another's by now."""
        self._save(**fields, claimed_at=None)

    def _save(self, **fields: Any) -> None:
        now = timezone.now()
        mine = Import.objects.filter(pk=self.row.pk, state=self._state, claimed_at=self.at)
        if not mine.update(**{"claimed_at": now, **fields}):
            raise _Lost
        self.at, self._told = now, time.monotonic()


def _do(pk: int, state: str, work: Callable[[_Claim], None], failure: str) -> None:
    """Claim the row and do the step. A failure is logged, and stands in the row as a sentence."""
    claim = _claimed(pk, state)
    if claim is None:
        return
    try:
        if claim.row.options.get("tries", 0) >= _TRIES:
            claim.end(state=State.FAILED, failure=_("It was begun several times and came to no end. ") + failure)
        else:
            work(claim)
    except _Lost:
        log.info("Import %s: somebody else has it, or it was dropped.", pk)
    except Exception:
        log.exception("Import %s failed.", pk)
        Import.objects.filter(pk=pk, state=state, claimed_at=claim.at).update(
            state=State.FAILED, failure=failure, step="", claimed_at=None
        )


def _claimed(pk: int, state: str) -> _Claim | None:
    now = timezone.now()
    row = Import.objects.filter(pk=pk, state=state).filter(_unclaimed(now)).first()
    if row is None:
        return None
    tries = row.options | {"tries": row.options.get("tries", 0) + 1}
    mine = Import.objects.filter(pk=pk, state=state, claimed_at=row.claimed_at)
    return _Claim(row, now) if mine.update(claimed_at=now, options=tries) else None


def _unclaimed(now: datetime.datetime) -> Q:
    return Q(claimed_at=None) | Q(claimed_at__lt=now - LEASE)


def _again(row: Import, states: Collection[str], **fields: Any) -> bool:
    options = fields.pop("options", None) or {name: value for name, value in row.options.items() if name != "tries"}
    changed = Import.objects.filter(pk=row.pk, state__in=states).update(
        state=State.READING, step=_("Waiting for its turn"), done=0, failure="", claimed_at=None, options=options
    )
    if not changed:
        return False
    if row.preview and row.total <= TAKEN_AT_ONCE and not row.counts.get(Fate.WANTED):
        read(row.pk)
    else:
        hurry(read_import, row.pk)
    return True


def _read(claim: _Claim) -> None:
    row = claim.row
    options = Options.of(row.options)
    fields: dict[str, Any] = {}
    if row.preview:
        found = preview(row)
    else:
        claim.step(_("Reading the entries"))
        reading = formats.read(gzip.decompress(row.content), name=row.name, format=row.format, progress=claim.progress)
        fields["format"] = reading.format
        if sentences := _unreadable(reading):
            claim.end(state=State.FAILED, failure=" ".join(sentences)[:600], step="", content=b"", **fields)
            return
        claim.step(_("Comparing with the library"))
        found = preview_of(reading, options)
    if any(entry.fate == Fate.WANTED for entry in found.entries):
        wanted = sum(entry.fate == Fate.WANTED for entry in found.entries)
        claim.step(_("Looking up what only has an identifier"), wanted)
        questions = Questions(claim.progress, seconds=_ROUND)
        look_up(found, questions)
        if questions.is_cut:
            claim.end(preview=_packed(found), content=b"", total=len(found.entries), options=options.stored(), **fields)
            hurry(read_import, row.pk)
            return
        claim.step(_("Comparing with the library"))
        compare(found, options)
    elif row.preview:
        claim.step(_("Comparing with the library"))
        compare(found, options)
    claim.end(
        state=State.READY,
        preview=_packed(found),
        content=b"",
        counts=found.counts(),
        total=len(found.entries),
        done=len(found.entries),
        step="",
        **fields,
    )


def _take(claim: _Claim) -> None:
    row = claim.row
    options = Options.of(row.options)
    found = preview(row)
    taken = to_take(found, options)
    claim.step(_("Taking the works in"))
    said = promised(taken)
    packed: bytes = b""
    told: list[Placed] = []

    def before(outcome: Outcome) -> None:
        nonlocal packed, told
        tell_outcome(found, taken, outcome, options, said)
        packed, told = _packed(found), outcome.placed

    def within(outcome: Outcome) -> None:
        nonlocal packed
        relate(taken, outcome)
        if outcome.placed != told:
            tell_outcome(found, taken, outcome, options, said)
            packed = _packed(found)
        claim.end(
            state=State.DONE,
            preview=packed,
            content=b"",
            counts=found.counts(),
            done=row.total,
            total=row.total,
            step="",
            finished_at=timezone.now(),
        )

    # No progress from here on: SQLite lets nobody write beside the one transaction that takes all in, or nothing.
    library.add_works(
        [cast(Work, entry.work) for entry in taken],
        by=row.by,
        comment=_comment(row),
        rename_keys=options.rename_keys,
        complete=options.complete,
        before=before,
        within=within,
    )


def _comment(row: Import) -> str:
    label = formats.FORMATS[row.format].label if row.format in formats.FORMATS else row.format
    if row.name:
        return _("Imported from %(name)s (%(format)s)") % {"name": row.name, "format": label}
    return _("Imported from a paste (%(format)s)") % {"format": label}


def _unreadable(reading: formats.Reading) -> list[str]:
    """Why nothing can be read; empty where there is anything that may become a work, or an entry to be named."""
    if reading.works or reading.wanted:
        return []
    return [str(problem) for problem in reading.problems] or [_("There is no entry in what was given.")]


def _packed(found: Preview) -> bytes:
    return gzip.compress(json.dumps(found.to_plain(), ensure_ascii=False).encode("utf-8", "surrogatepass"), 3)
