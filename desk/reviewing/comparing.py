"""With which other edition of its article a reviewer compares the one at hand."""

from __future__ import annotations

from django.db.models import QuerySet

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
    public = Publication.objects.filter(
        article=edition.article_id, standing__in=[Standing.LIVE, Standing.CAUTION]
    ).values("edition")
    return rows.filter(pk__in=public).first() or rows.filter(number__lt=edition.number).first()
