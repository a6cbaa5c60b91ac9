"""Works to take away: the list as it is narrowed, a selection, an article's references, or the whole library."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse

from articles import citing
from desk.access import article_for
from desk.library.filters import Filters
from references.exporting import WRITTEN, export
from references.models import Reference
from references.searching import finding

MOST_SELECTED = 500


def library_export(request: HttpRequest) -> HttpResponseBase:
    """GET `format` (bibtex, ris or csl; CSL-JSON without one), and what: the filters of the list, `work` (several
    numbers), or `article` (one number). A file, sent as it is written. 404 for another format, or an article that is
    not the person's to open.
    """
    asked = request.GET.get("format", "csl")
    format = next((each for each in WRITTEN if each.name == asked), None)
    if format is None:
        raise Http404
    name, rows = "library", _listed(request)
    if selected := request.GET.getlist("work"):
        numbers = [int(one) for one in selected if one.isascii() and one.isdigit() and len(one) < 19]
        name, rows = "works", Reference.objects.filter(pk__in=numbers[:MOST_SELECTED])
    elif number := request.GET.get("article", ""):
        if not (number.isascii() and number.isdigit() and len(number) < 19):
            raise Http404
        article = article_for(request, int(number))
        name, rows = article.slug or f"article-{article.pk}", citing.cited_by(Reference.objects.all(), [article.pk])
    return StreamingHttpResponse(
        (piece.encode() for piece in export(format.name, rows)),
        headers={
            "Content-Type": f"{format.media_type}; charset=utf-8",
            "Content-Disposition": f'attachment; filename="{name}{format.endings[0]}"',
            "Cache-Control": "private, no-store",
        },
    )


def _listed(request: HttpRequest) -> QuerySet[Reference]:
    """The works that the list's filters leave, by key."""
    query = request.GET.copy()
    words = query.pop("q", [""])[-1]
    rows = Filters(query).listing().rows
    return finding.search(words[: finding.LONGEST_QUERY], rows).order_by("key_normal")
