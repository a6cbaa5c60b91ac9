"""What is known against a work, as the desk tells it: each flag that stands with its day and who says so."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from references.identity.identifiers import url_of_doi, url_of_pmid
from references.models import Event, Report
from references.watching.flags import SOURCES, gravity


@dataclass(frozen=True)
class Word:
    """One source's word: who says it, of which day, in which notice, and its own words."""

    source: str
    dated: datetime.date | None
    notice: str
    url: str
    text: str


@dataclass(frozen=True)
class Flag:
    """One event: its kind, since when it is known here, and the words for it."""

    kind: str
    label: str
    since: datetime.datetime
    words: tuple[Word, ...]


def flag_of(event: Event) -> Flag:
    """An event with its reports (fetched beforehand where there are many)."""
    words = tuple(map(_word, event.reports.all()))
    return Flag(event.kind, str(event.get_kind_display()), event.found_at, words)


def flags_of(works: Iterable[int]) -> dict[int, list[Flag]]:
    """The flags that stand against these rows of the library, of each the gravest first. Two queries, or none."""
    found: dict[int, list[Flag]] = defaultdict(list)
    wanted = list(works)
    events = Event.objects.filter(reference__in=wanted, dismissed_at=None).order_by("found_at", "pk")
    standing = list(events.prefetch_related("reports")) if wanted else []
    for event in sorted(standing, key=lambda event: -gravity(event.kind)):
        found[event.reference_id].append(flag_of(event))
    return found


def _word(report: Report) -> Word:
    scheme, _colon, value = report.notice.partition(":")
    address = {"doi": url_of_doi, "pmid": url_of_pmid}.get(scheme)
    source = str(SOURCES.get(report.source, report.source))
    return Word(source, report.dated, report.notice, address(value) if address else "", report.text)
