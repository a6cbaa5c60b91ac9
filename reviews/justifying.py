"""Justifications: why an edition may stand although a check asks. Asked at submission, seen by the board, on record.

Two kinds of things are asked about: a cited work that is retracted, doubted or superseded, known by its key; and a
passage, as where a patient's name seems to stand, known by its check and a mark of its words. The record repeats no
words of a passage, which may be a patient's: it names the place, and the words stand in the frozen text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from articles import flagged
from articles.checks.finding import Finding
from articles.freezing import Prepared
from references.models import Reference, Status

LONGEST = 2000


class Asked(NamedTuple):
    """What needs a justification: a cited work under the flag that stands now (`key`), or a passage (`finding`)."""

    id: str
    """By what texts are given: the work's key; in braces, which no key can hold, the check and mark of a passage."""
    pk: int = 0
    key: str = ""
    status: str = ""
    finding: Finding | None = None

    @property
    def label(self) -> str:
        """The flag of a work, in words."""
        return str(Status(self.status).label) if self.key else ""

    @property
    def words(self) -> str:
        """The same in a sentence that lists what is missing."""
        if self.finding is None:
            return f"@{self.key} ({self.label})"
        return f"“{self.finding.excerpt}”"


def asked(prepared: Prepared) -> list[Asked]:
    """What a submission at this moment has to justify: works in their order, by the library of now; then passages."""
    passages = (one for one in prepared.findings if one.asks and not one.work)
    found = [Asked(f"{{{one.code} {mark_of(one)}}}", finding=one) for one in passages]
    return list({one.id: one for one in [*asked_works(prepared.works), *found]}.values())


def asked_works(works: Iterable[Reference]) -> list[Asked]:
    """The works among these that need a justification."""
    keys = [work.key for work in works]
    today = flagged.today(keys)
    found = (today[key] for key in keys if key in today and today[key].status in flagged.ASKS)
    return [Asked(work.key, work.pk, work.key, work.status) for work in dict.fromkeys(found)]


def mark_of(finding: Finding) -> str:
    """What stays the same of a passage while lines before it change: a mark of its field and words."""
    return hashlib.sha256(f"{finding.field}\n{finding.excerpt}".encode()).hexdigest()[:12]


def missing(wanted: Iterable[Asked], given: Mapping[str, str]) -> list[Asked]:
    """Those for which `given` has no words; `given` holds texts by their ids."""
    return [one for one in wanted if not given.get(one.id, "").strip()]


def as_data(wanted: Iterable[Asked], given: Mapping[str, str]) -> list[dict[str, Any]]:
    """What the review keeps: of a work key and status as it then was, of a passage its place; and the text."""
    return [_place(one) | {"text": given[one.id].strip()} for one in wanted]


def _place(one: Asked) -> dict[str, Any]:
    if one.finding is None:
        return {"key": one.key, "status": one.status}
    finding = one.finding
    return {"code": finding.code, "field": finding.field, "line": finding.line, "mark": mark_of(finding)}


def of_works(justifications: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those that speak of works."""
    return [one for one in justifications if "key" in one]


def reason_for(finding: Finding, justifications: Iterable[Mapping[str, Any]]) -> str:
    """The text that justifies what a finding asks about; empty where it asks nothing, or nobody answered."""
    if not finding.asks:
        return ""
    wanted = {"key": finding.work} if finding.work else {"code": finding.code, "mark": mark_of(finding)}
    return next((one["text"] for one in justifications if wanted.items() <= one.items()), "")


def in_words(justifications: Iterable[Mapping[str, Any]]) -> str:
    """The same as the record keeps it, at the end of the reason of its transition; in no language of its own."""
    return "\n\n".join(map(_in_words, justifications))


def _in_words(one: Mapping[str, Any]) -> str:
    if "key" in one:
        return f"@{one['key']} ({one['status']}): {one['text']}"
    return f"{one['code']} ({one['field']}, line {one['line']}): {one['text']}"
