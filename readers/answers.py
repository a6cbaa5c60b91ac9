"""The public answer: at most one query for the finished page, and nothing made on the way."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.models import FormerSlug, LivePage
from articles.publishing import edition_path
from readers.caching import of_row
from readers.frame import without_unknown_audience
from readers.memo import Row, now, pages


@require_safe
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """The live page of an answer for the reader that `?for=` names; the bare address for anything unknown."""
    return _page(request, slug, slug)


@require_safe
def edition(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """An edition's permanent address: the same words for ever."""
    return _page(request, slug, edition_path(slug, number))


def _page(request: HttpRequest, slug: str, path: str) -> HttpResponse:
    stray = without_unknown_audience(request)
    if stray:
        return stray
    page = _row(path, request.GET.get("for", ""))
    if page is None:
        return moved(request, slug)
    return of_row(request, page)


def _row(path: str, audience: str) -> Row | None:
    """The page of this address for this audience: one query, or none within a moment of the last one."""
    kept = pages.get(path, audience)
    if kept is not None:
        return kept
    asked_at = now()
    found = (
        LivePage.objects.filter(path=path, audience=audience)
        .values_list("body", "etag", "http_status", "noindex")
        .first()
    )
    if found is None:
        return None
    row = Row(bytes(found[0]), *found[1:])
    pages.keep(path, audience, row, asked_at)
    return row


def moved(request: HttpRequest, slug: str) -> HttpResponse:
    """A former slug leads to the answer's present address; everything else is not there."""
    former = FormerSlug.objects.filter(slug=slug).values("article__publication__slug").first()
    if former is None:
        raise Http404
    start = reverse("readers:answer", args=[slug])
    address = request.get_full_path().replace(
        start, reverse("readers:answer", args=[former["article__publication__slug"]]), 1
    )
    return HttpResponsePermanentRedirect(address)
