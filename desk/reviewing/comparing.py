"""With which other edition of its article a reviewer compares the one at hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from articles.models import Edition, Publication, Standing


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
    return rows.filter(pk__in=_public(edition)).first() or rows.filter(number__lt=edition.number).first()


@dataclass(frozen=True)
class Choice:
    """An edition to compare with: why one would, in words, and whether it is the one that is shown."""

    edition: Edition
    words: str
    is_shown: bool


def choices(edition: Edition, shown: Edition | None) -> list[Choice]:
    """What an edition can be compared with: the live edition and the last round first, then the others."""
    rows = list(others(edition).only("pk", "number", "article"))
    public = _public(edition).first()
    last = next((row.pk for row in rows if row.number < edition.number), None)
    named: dict[int | None, Any]
    if public and public == last:
        named = {public: _("edition %(number)d: live, and the last round")}
    else:
        named = {public: _("edition %(number)d: live"), last: _("edition %(number)d: the last round")}
    first = list(named)
    rows.sort(key=lambda row: first.index(row.pk) if row.pk in named else len(first))
    return [
        Choice(
            row,
            str(named.get(row.pk, _("edition %(number)d"))) % {"number": row.number},
            bool(shown and row.pk == shown.pk),
        )
        for row in rows
    ]


def _public(edition: Edition) -> QuerySet[Publication, int]:
    public = Publication.objects.filter(article=edition.article_id, standing__in=[Standing.LIVE, Standing.CAUTION])
    return public.values_list("edition", flat=True)
