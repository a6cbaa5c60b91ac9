"""The works that an edition cites, as a reviewer sees them: as frozen, with what the library says of them today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from articles import flagged
from articles.editions import Frozen
from desk.reviewing.flags import Flag, flags_of
from references.citing.style import authors_line, source_line, stopped, year
from references.identity.identifiers import url_of_doi, url_of_pmid
from references.models import Kind, Status
from reviews import justifying


@dataclass(frozen=True)
class Work:
    """One cited work under its number."""

    number: int
    key: str
    kind: str
    title: str
    authors: str
    source: str
    year: int | None
    doi: str
    doi_url: str
    pubmed_url: str
    url: str
    status: str
    status_label: str
    abstract: str
    flags: tuple[Flag, ...] = ()
    """What stands against it today, where it is retracted or doubted."""
    justification: str = ""
    """Why it was submitted all the same."""
    justified_as: str = ""
    """Under which flag: it may be graver today."""

    @property
    def is_grave(self) -> bool:
        return self.status in flagged.GRAVE

    @property
    def asks(self) -> bool:
        """Whether a submission has to justify it."""
        return self.status in flagged.ASKS

    @property
    def is_unjustified(self) -> bool:
        """Whether today's flag came after the submission, so that its authors said nothing about it."""
        return self.asks and self.justified_as != self.status

    @property
    def justified_as_label(self) -> str:
        return str(Status(self.justified_as).label)


def works_of(frozen: Frozen, justifications: Sequence[Mapping[str, str]] = ()) -> list[Work]:
    """The cited works in order, each with its status and flags of today and what its authors said to justify it."""
    rows = frozen.frozen["references"]
    justifications = justifying.of_works(justifications)
    today = flagged.today([*(row["key"] for row in rows), *(one["key"] for one in justifications)])
    said = {today[one["key"]].pk: one for one in justifications if one["key"] in today}
    known = flags_of(work.pk for work in today.values() if work.status in flagged.ASKS)
    works = []
    for row in rows:
        now = today.get(row["key"])
        work = as_work(row, now.status if now else row["status"])
        if now:
            why = said.get(now.pk, {})
            work = replace(
                work,
                flags=tuple(known.get(now.pk, ())),
                justification=why.get("text", ""),
                justified_as=why.get("status", ""),
            )
        works.append(work)
    return works


def as_work(row: dict[str, Any], status: str) -> Work:
    """One snapshot of an edition as plain data for a page."""
    csl = row["csl"]
    doi, pmid = csl.get("DOI", ""), csl.get("PMID", "")
    return Work(
        number=row["number"],
        key=row["key"],
        kind=str(Kind(row["kind"]).label),
        title=csl.get("title", ""),
        authors=stopped(authors_line(csl)),
        source=source_line(csl),
        year=year(csl),
        doi=doi,
        doi_url=url_of_doi(doi) if doi else "",
        pubmed_url=url_of_pmid(pmid) if pmid else "",
        url=csl.get("URL", ""),
        status=status,
        status_label=str(Status(status).label),
        abstract=csl.get("abstract", ""),
    )


def changed_works(old: Frozen, new: Frozen) -> Iterator[tuple[str, Work]]:
    """What happened to the works between two editions: "added", "changed" or "removed", with the work.

    A work is the same where its key is; its number alone is no change.
    """
    before = {row["key"]: row for row in old.frozen["references"]}
    after = {row["key"]: row for row in new.frozen["references"]}
    for key, row in after.items():
        if key not in before:
            yield "added", as_work(row, row["status"])
        elif any(row[name] != before[key][name] for name in ("kind", "status", "csl")):
            yield "changed", as_work(row, row["status"])
    for key, row in before.items():
        if key not in after:
            yield "removed", as_work(row, row["status"])
