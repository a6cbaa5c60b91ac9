"""A round: what is due is asked about, within a time. Any number of workers can run one; none asks what another does.

A row is claimed by moving its `due_at` on (the lease); a worker that dies leaves it due again when the lease is over.
"""

from __future__ import annotations

import datetime
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from references.models import Check, Reference
from references.watching import checks, crossref, flags, links, pubmed, retraction_watch
from references.watching.answers import FAILED, Told
from references.watching.checks import CROSSREF, LINK, PUBMED, RETRACTION_WATCH
from references.web import client

SECONDS = 40.0
"""Of one round. Beat begins one each minute: mail and pages, which the same workers do, never wait for longer."""
LEASE = datetime.timedelta(minutes=15)
CLAIMED_AT_ONCE = {CROSSREF: 20, PUBMED: pubmed.AT_ONCE, LINK: 20}
BUSY_WAIT = datetime.timedelta(minutes=5)
"""Until a work is asked about again whose turn at its host was too far off: nothing was asked, nothing failed."""
MOST_FAILURES = 3
"""After so many in a row, for want of an answer, a service is left alone until the next round."""

log = logging.getLogger(__name__)

Progress = Callable[[str, int], None]
"""Told which source was asked and about how many works more."""


@dataclass
class Round:
    """What a round brought: by source, how many works got each outcome; the new flags; and what could not be read."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    new: list[tuple[Reference, str, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def count(self, source: str, outcome: str, number: int = 1) -> None:
        self.counts.setdefault(source, Counter())[outcome] += number

    @property
    def asked(self) -> int:
        return sum(sum(counter.values()) for counter in self.counts.values())

    @property
    def failed(self) -> int:
        return sum(counter[FAILED] for counter in self.counts.values())


def run_round(
    *,
    now: datetime.datetime | None = None,
    limit: int | None = None,
    seconds: float = SECONDS,
    sources: Iterable[str] | None = None,
    keys: Iterable[str] | None = None,
    file: str = "",
    progress: Progress | None = None,
) -> Round:
    """Make the rows that are missing, ask about what is due at `now`, and return what came of it.

    It ends when nothing is due, when other hosts were asked about `limit` works, or after `seconds`. `sources` and
    `keys` narrow it; `file` is the Retraction Watch CSV, else that of the settings. Sources take turns, so that none
    waits for the end of another's list.
    """
    now = now or timezone.now()
    this = _Run(now, time.monotonic() + seconds, limit, None if keys is None else list(keys), progress)
    wanted = list(sources) if sources is not None else list(Check.Source.values)
    path = file or settings.RETRACTION_WATCH_FILE
    flags.account_for_statuses()
    if RETRACTION_WATCH in wanted and path:
        this.read_file(Path(path))
    asked = [source for source in (PUBMED, CROSSREF, LINK) if source in wanted and settings.LOOKUP_ENABLED]
    for source in asked:
        checks.make(source, now=now)
    while asked and not this.is_over:
        asked = [source for source in asked if this.ask_some(source)]
    return this.round


@shared_task
def watch_library() -> None:
    """One round; any number may run at once, and one that is lost is made up for by the next."""
    run_round()


def make_due(sources: Iterable[str], *, now: datetime.datetime, keys: Iterable[str] | None = None) -> int:
    """Make works due at once, whenever they were asked about; those that a worker has just claimed too."""
    rows = _of(Check.objects.filter(source__in=list(sources)), keys)
    return rows.filter(due_at__gt=now).update(due_at=now)


def claim(source: str, *, now: datetime.datetime, limit: int, keys: Iterable[str] | None = None) -> list[Check]:
    """Take rows of a source that are due, longest overdue first; no other worker gets them while the lease lasts."""
    with transaction.atomic():
        due = _of(Check.objects.filter(source=source, due_at__lte=now), keys)
        rows = list(due.select_for_update(skip_locked=True, of=("self",)).order_by("due_at", "pk")[:limit])
        # Rows that another worker took between our reading and our lock are not due any more (PostgreSQL reads anew).
        Check.objects.filter(pk__in=[row.pk for row in rows]).update(due_at=now + LEASE)
    works = Reference.objects.in_bulk([row.reference_id for row in rows])
    for row in rows:
        row.reference = works[row.reference_id]
    return rows


class _Run:
    """One round while it runs: how much time and how many works are left, and which services are in trouble."""

    def __init__(
        self,
        now: datetime.datetime,
        until: float,
        limit: int | None,
        keys: list[str] | None,
        progress: Progress | None,
    ) -> None:
        self.now, self.until, self.left, self.keys, self.progress = now, until, limit, keys, progress
        self.started = time.monotonic()
        self.round = Round()
        self.in_a_row: Counter[str] = Counter()

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self.until or (self.left is not None and self.left <= 0)

    @property
    def moment(self) -> datetime.datetime:
        """Now, in the round's own time."""
        return self.now + datetime.timedelta(seconds=time.monotonic() - self.started)

    def ask_some(self, source: str) -> bool:
        """Ask about some works of a source; False where none is due any more, or it is to be left alone."""
        if self.is_over:
            return False
        count = CLAIMED_AT_ONCE[source]
        rows = claim(source, now=self.now, limit=count if self.left is None else min(count, self.left), keys=self.keys)
        waiting = list(rows)
        try:
            if source == PUBMED:
                self._ask_pubmed(waiting)
            else:
                self._ask_each(source, waiting)
        finally:
            # What was claimed and not asked about is due as before.
            Check.objects.filter(pk__in=[row.pk for row in waiting]).update(due_at=self.now)
        return bool(rows) and self.in_a_row[source] < MOST_FAILURES

    def read_file(self, path: Path) -> None:
        """Read the Retraction Watch file where it changed since the works were compared with it, or works are due."""
        checks.make(RETRACTION_WATCH, now=self.now)
        rows = _of(Check.objects.filter(source=RETRACTION_WATCH), self.keys)
        if not _changed(path, rows):
            rows = rows.filter(due_at__lte=self.now)
        if not rows.exists():
            return
        works, number = Reference.objects.filter(pk__in=rows.values("reference")), rows.count()
        try:
            taken = retraction_watch.take(path, now=self.now, works=works)
        except retraction_watch.NotTheFile as error:
            self._count(RETRACTION_WATCH, FAILED, number)
            self.round.problems.append(str(error))
            log.warning("Retraction Watch: %s", error)
            return
        for outcome, number in taken.counts.items():
            self._count(RETRACTION_WATCH, outcome, number)
        self.round.new += [(work, kind, RETRACTION_WATCH) for work, kind in taken.new]
        self.round.problems += [f"{path.name}, line {bad.line}: {bad.why}" for bad in taken.problems]

    def _ask_each(self, source: str, waiting: list[Check]) -> None:
        """Ask about one work after the other, and take from `waiting` what is done."""
        dois = checks.identifiers_of([row.reference for row in waiting], "doi") if source == CROSSREF else {}
        while waiting and not self.is_over and self.in_a_row[source] < MOST_FAILURES:
            row = waiting[0]
            asked = dois.get(row.reference_id, []) if source == CROSSREF else [row.reference.url]
            if not any(asked):
                waiting.pop(0)
                row.delete()
                continue
            try:
                if source == CROSSREF:
                    told = crossref.ask(asked, until=self.until)
                else:
                    told = links.ask(asked[0], until=self.until, patience=client.IMPATIENT)
            except client.Busy:
                waiting.pop(0)
                Check.objects.filter(pk=row.pk).update(due_at=self.now + BUSY_WAIT)
                continue
            if told.outcome == FAILED and self.is_over:
                return  # Cut short by us: not a word of theirs.
            waiting.pop(0)
            self._write(row, told)

    def _ask_pubmed(self, waiting: list[Check]) -> None:
        """Ask about many works in as few questions as they need, and take from `waiting` what is done."""
        pmids = checks.identifiers_of([row.reference for row in waiting], "pmid")
        for row in [row for row in waiting if row.reference_id not in pmids]:
            waiting.remove(row)
            row.delete()
        wanted = [pmid for values in pmids.values() for pmid in values]
        told: dict[str, Told] = {}
        for start in range(0, len(wanted), pubmed.AT_ONCE):
            chunk = wanted[start : start + pubmed.AT_ONCE]
            try:
                told |= pubmed.ask(chunk, until=self.until)
            except client.WebError as error:
                if self.is_over or isinstance(error, client.Busy):
                    self.in_a_row[PUBMED] = MOST_FAILURES
                    return
                told |= dict.fromkeys(chunk, Told(FAILED, str(error)))
                self.in_a_row[PUBMED] = MOST_FAILURES
        for row in list(waiting):
            waiting.remove(row)
            self._write(row, pubmed.together([told[pmid] for pmid in pmids[row.reference_id]]))

    def _write(self, row: Check, told: Told) -> None:
        new = checks.write(row, told, now=self.moment)
        self.round.new += [(work, kind, row.source) for work, kind in new]
        if row.source == CROSSREF:
            self.in_a_row[row.source] = self.in_a_row[row.source] + 1 if told.is_down else 0
        self._count(row.source, told.outcome)

    def _count(self, source: str, outcome: str, number: int = 1) -> None:
        self.round.count(source, outcome, number)
        if self.left is not None and source != RETRACTION_WATCH:
            self.left -= number
        if self.progress is not None:
            self.progress(source, number)


def _of(rows: QuerySet[Check], keys: Iterable[str] | None) -> QuerySet[Check]:
    return rows if keys is None else rows.filter(reference__key__in=list(keys))


def _changed(path: Path, rows: QuerySet[Check]) -> bool:
    """Whether the file is newer than what was last compared with it; one that is gone is not."""
    try:
        found = path.stat()
    except OSError:
        return False
    last = rows.aggregate(last=Max("asked_at"))["last"]
    # The time of change tells of a file that was put in its place with an older date.
    return last is not None and max(found.st_mtime, found.st_ctime) > last.timestamp()
