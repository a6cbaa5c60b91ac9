"""What the checks found, as the desk shows it: in groups by severity, each finding with the name of its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.checks.finding import BLOCKS, JUSTIFY, WARNS, Finding, Report
from articles.comparing import LABELS
from reviews import justifying

PLACES = {
    "question",
    "plain_question",
    "heading",
    "plain_heading",
    "lead",
    "plain_lead",
    "body",
    "searched_on",
    "topics",
}
"""Fields of the editor that a finding can lead to by name; the byline has a place of its own."""
WORDS = {BLOCKS: _("Blocks"), JUSTIFY: _("Asks for a reason"), WARNS: _("Advice")}


@dataclass(frozen=True)
class Row:
    """One finding with the name of its field, the id of its place in the editor, and why it stands all the same."""

    finding: Finding
    label: Any
    place: str
    links: tuple[tuple[str, str], ...]
    why: str = ""


@dataclass(frozen=True)
class Group:
    """The findings of one severity."""

    severity: str
    word: Any
    rows: tuple[Row, ...]


def groups_of(report: Report, justifications: Iterable[Mapping[str, Any]] = ()) -> list[Group]:
    """The findings in groups, the gravest first, each with the reason that a review's justifications give for it."""
    given = list(justifications)
    groups = []
    for severity, word in WORDS.items():
        rows = tuple(_row(finding, justifying.reason_for(finding, given)) for finding in report.of(severity))
        if rows:
            groups.append(Group(severity, word, rows))
    return groups


def _row(finding: Finding, why: str) -> Row:
    return Row(
        finding=finding,
        label=LABELS.get(finding.field, finding.field),
        place=f"id_{finding.field}" if finding.field in PLACES else finding.field,
        links=tuple(
            (link.label, link.url or reverse("desk:article", args=[link.article]))
            for link in finding.links
            if link.url or link.article
        ),
        why=why,
    )
