"""The public answer: one query for the finished page, and nothing made on the way."""

from __future__ import annotations

import gzip

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from articles.audiences import BY_SLUG
from articles.models import FormerSlug, LivePage
from articles.publishing import edition_path
from readers.caching import CACHE_CONTROL


def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """The live page of an answer for the reader that `?for=` names; the bare address for anything unknown."""
    return _page(request, slug, slug)


def edition(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """An edition's permanent address: the same words for ever."""
    return _page(request, slug, edition_path(slug, number))


def _page(request: HttpRequest, slug: str, path: str) -> HttpResponse:
    audience = request.GET.get("for", "")
    if "for" in request.GET and audience not in BY_SLUG:
        return HttpResponseRedirect(request.path)
    page = (
        LivePage.objects.filter(path=path, audience=audience).values("body", "etag", "http_status", "noindex").first()
    )
    if page is None:
        return _moved(request, slug)
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    etag = f'"{page["etag"]}-gz"' if packed else f'"{page["etag"]}"'
    response: HttpResponse
    if page["http_status"] == 200 and _knows(request, etag):
        response = HttpResponseNotModified()
    else:
        body = bytes(page["body"])
        response = HttpResponse(body if packed else gzip.decompress(body), status=page["http_status"])
        if packed:
            response["Content-Encoding"] = "gzip"
    response["ETag"] = etag
    response["Cache-Control"] = CACHE_CONTROL
    if page["noindex"]:
        response["X-Robots-Tag"] = "noindex"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _knows(request: HttpRequest, etag: str) -> bool:
    """Whether If-None-Match names the page (RFC 9110, section 13.1.2: weak comparison, a list, or a star)."""
    known = request.headers.get("If-None-Match", "")
    return known == "*" or etag in {one.strip().removeprefix("W/") for one in known.split(",")}


def _moved(request: HttpRequest, slug: str) -> HttpResponse:
    """A former slug leads to the answer's present address; everything else is not there."""
    former = FormerSlug.objects.filter(slug=slug).values("article__publication__slug").first()
    if former is None:
        raise Http404
    start = reverse("readers:answer", args=[slug])
    address = request.get_full_path().replace(
        start, reverse("readers:answer", args=[former["article__publication__slug"]]), 1
    )
    return HttpResponsePermanentRedirect(address)
