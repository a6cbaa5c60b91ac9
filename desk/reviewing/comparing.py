"""What one edition changed against another of the same article: its fields, its text and its works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from articles import diffs
from articles.editions import Frozen
from articles.models import Edition, Publication, Standing
from desk.reviewing.works import Work, changed_works

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
class Comparison:
    """The changed fields with their labels, in the order of the page, and what happened to the works."""

    fields: list[tuple[Any, diffs.Change]]
    works: list[tuple[str, Work]]

    @property
    def is_empty(self) -> bool:
        return not self.fields and not self.works


def others(edition: Edition) -> QuerySet[Edition]:
    """The other editions of the article, newest first."""
    return Edition.objects.filter(article=edition.article_id).exclude(pk=edition.pk).order_by("-number")


def chosen(edition: Edition, wanted: str, *, since: Edition | None = None) -> Edition | None:
    """The edition to compare with: the one whose number was asked for, else the one that the person signed last
    (`since`), else the public one, else the one before.
    """
    rows = others(edition)
    if wanted.isascii() and wanted.isdigit():
        found = rows.filter(number=int(wanted[:9])).first()
        if found:
            return found
    if since:
        return since
    public = Publication.objects.filter(
        article=edition.article_id, standing__in=[Standing.LIVE, Standing.CAUTION]
    ).values("edition")
    return rows.filter(pk__in=public).first() or rows.filter(number__lt=edition.number).first()


def compare(old: Frozen, new: Frozen) -> Comparison:
    """All differences from `old` to `new`."""
    fields = [(LABELS[change.field], change) for change in diffs.of_sources(old.source, new.source)]
    return Comparison(fields, list(changed_works(old, new)))
