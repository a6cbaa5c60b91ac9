"""What one edition changed against another of the same article: its fields, its words and its works, as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from articles import diffs, flagged
from articles.editions import Frozen
from articles.markup.plain import plain_text
from references.citing.style import authors_line, source_line, stopped, year
from references.identity.identifiers import url_of_doi, url_of_pmid
from references.models import Kind, Status

LABELS = {
    "question": _("Question"),
    "plain_question": _("Question in plain words"),
    "heading": _("Heading of the bottom line"),
    "lead": _("Bottom line"),
    "plain_heading": _("Heading of the plain bottom line"),
    "plain_lead": _("Bottom line in plain words"),
    "body": _("Text"),
    "images": _("Images"),
    "byline": _("Byline"),
    "topics": _("Topics"),
    "keywords": _("Keywords"),
    "searched_on": _("Evidence searched to"),
    "follow_up_of": _("Follow-up of"),
    "language": _("Language"),
    "kind": _("Kind of answer"),
}


@dataclass(frozen=True)
class CitedWork:
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

    @property
    def is_grave(self) -> bool:
        return self.status in flagged.GRAVE

    @property
    def asks(self) -> bool:
        """Whether a submission has to justify it."""
        return self.status in flagged.ASKS


@dataclass(frozen=True)
class Comparison:
    """The changed fields with their labels, in the order of the page, and what happened to the works."""

    fields: list[tuple[Any, diffs.Change]]
    works: Sequence[tuple[str, CitedWork]]

    @property
    def is_empty(self) -> bool:
        return not self.fields and not self.works


def compare(old: Frozen, new: Frozen) -> Comparison:
    """All differences from `old` to `new`, in the words of the source."""
    return _compared(old.source, new.source, old, new)


def compare_as_read(old: Frozen, new: Frozen, audience: str) -> Comparison:
    """The differences in what a reader of this audience gets: finished words, without the marks of the source."""
    return _compared(_as_read(old, audience), _as_read(new, audience), old, new)


def _compared(before: dict[str, Any], after: dict[str, Any], old: Frozen, new: Frozen) -> Comparison:
    fields = [(LABELS[change.field], change) for change in diffs.of_sources(before, after)]
    return Comparison(fields, list(changed_works(old, new)))


def _as_read(frozen: Frozen, audience: str) -> dict[str, Any]:
    """The source with the audience's finished words in place of the Markdown: each line of them is a paragraph."""
    source, edition = frozen.source, frozen.frozen
    return source | {
        "bottom_line": source["bottom_line"] | {"lead": plain_text(edition["lead"])},
        "plain_bottom_line": source["plain_bottom_line"] | {"lead": plain_text(edition["plain_lead"])},
        "body": frozen.text_for(audience)["plain"].replace("\n", "\n\n"),
    }


def cited_work(row: dict[str, Any], status: str) -> CitedWork:
    """One snapshot of an edition as plain data for a page."""
    csl = row["csl"]
    doi, pmid = csl.get("DOI", ""), csl.get("PMID", "")
    return CitedWork(
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


def changed_works(old: Frozen, new: Frozen) -> Iterator[tuple[str, CitedWork]]:
    """What happened to the works between two editions: "added", "changed" or "removed", with the work.

    A work is the same where its key is; its number alone is no change.
    """
    before = {row["key"]: row for row in old.frozen["references"]}
    after = {row["key"]: row for row in new.frozen["references"]}
    for key, row in after.items():
        if key not in before:
            yield "added", cited_work(row, row["status"])
        elif any(row[name] != before[key][name] for name in ("kind", "status", "csl")):
            yield "changed", cited_work(row, row["status"])
    for key, row in before.items():
        if key not in after:
            yield "removed", cited_work(row, row["status"])
