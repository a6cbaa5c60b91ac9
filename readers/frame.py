"""What every public page shares: who reads, the frame's context, and the decorator that keeps pages public.

A page is rendered without its request, so that no cookie, session, person, message or token can reach it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles import site
from articles.audiences import AUDIENCES, BY_SLUG, PLAIN, register_of
from readers import memo
from readers.caching import handed_out, of_row, row_of

LONGEST_PAGE_NUMBER = 6
"""Digits: no list is longer, and no database is asked for more."""


@dataclass(frozen=True)
class Reader:
    """Who reads, as the address says: an audience's slug, or nothing for a reader who has not said."""

    audience: str = ""

    @property
    def is_plain(self) -> bool:
        return register_of(self.audience) == PLAIN

    @property
    def carry(self) -> str:
        """What a link within the site ends with, so that the choice goes along."""
        return self.query()

    def query(self, **parameters: str) -> str:
        """`?…` with these parameters and the reader's choice; empty where there is neither."""
        encoded = self.parameters(**parameters)
        return f"?{encoded}" if encoded else ""

    def parameters(self, **parameters: str) -> str:
        """The same without the question mark."""
        return urlencode({name: value for name, value in (parameters | {"for": self.audience}).items() if value})


def public_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for everyone: the view gets the reader after the request, and its answer an ETag.

    An unknown `?for=` leads to the same address without it. Only GET and HEAD are taken.
    """

    @require_safe
    @wraps(view)
    def page(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        stray = without_unknown_audience(request)
        if stray:
            return stray
        return handed_out(request, view(request, reader_of(request), **kwargs))

    return page


def kept_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A public page that many ask for in the same words: this process keeps it for a moment (see `memo`).

    For views that take nothing from a request but its address.
    """

    @require_safe
    @wraps(view)
    def page(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        address = request.get_full_path()
        kept = memo.rendered.get(address, "")
        if kept is not None:
            return of_row(request, kept)
        stray = without_unknown_audience(request)
        if stray:
            return stray
        with memo.rendered.making(address):
            kept = memo.rendered.get(address, "")
            if kept is not None:
                return of_row(request, kept)
            asked_at = memo.now()
            response = view(request, reader_of(request), **kwargs)
            row = row_of(response)
            if row is None:
                return handed_out(request, response)
            memo.rendered.keep(address, "", row, asked_at)
        return of_row(request, row)

    return page


def public_file(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A file for machines or to take away: the same for every reader, with an ETag. Only GET and HEAD are taken."""

    @require_safe
    @wraps(view)
    def file(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return handed_out(request, view(request, **kwargs))

    return file


def without_unknown_audience(request: HttpRequest) -> HttpResponseRedirect | None:
    """A redirect to the same address without `for` where it names no audience; None where all is well."""
    if "for" not in request.GET or request.GET["for"] in BY_SLUG:
        return None
    rest = request.GET.copy()
    del rest["for"]
    return HttpResponseRedirect(f"{request.path}?{rest.urlencode()}" if rest else request.path)


def reader_of(request: HttpRequest) -> Reader:
    """The reader that the address names."""
    audience = request.GET.get("for", "")
    return Reader(audience if audience in BY_SLUG else "")


def rendered(
    template: str,
    reader: Reader,
    *,
    path: str,
    section: str = "",
    canonical: dict[str, str] | None = None,
    noindex: bool = False,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """The page as bytes. `path` is its address; `canonical` those parameters that make it another page (`page`).

    Public pages of a list differ in `canonical` and never in the reader's choice.
    """
    others = urlencode(canonical or {})
    frame = {
        "site": site.current(),
        "site_url": settings.SITE_URL,
        "audience": reader.audience,
        "carry": reader.carry,
        "is_plain": reader.is_plain,
        "section": section,
        "canonical_url": f"{settings.SITE_URL}{path}{'?' if others else ''}{others}",
        "bare_url": f"{path}{'?' if others else ''}{others}",
        "noindex": noindex,
    }
    response = HttpResponse(render_to_string(template, frame | context), status=status)
    if noindex:
        response["X-Robots-Tag"] = "noindex"
    return response


def choices(reader: Reader, path: str, *, begins: str) -> dict[str, Any]:
    """What `live/audience.html` takes: which of these describes you, with links that stay on this page.

    `begins` is the id of what comes after the question, for those whom none describes.
    """
    chosen = BY_SLUG.get(reader.audience)
    return {
        "audience_label": _(chosen.adapted) if chosen else "",
        "audiences": [
            {
                "slug": one.slug,
                "label": _(one.label),
                "url": path + Reader(one.slug).carry,
                "current": one.slug == reader.audience,
            }
            for one in AUDIENCES
        ],
        "page": {"live_url": path, "begins": begins},
    }


def page_number(request: HttpRequest) -> int:
    """The number after `?page=`, 1 where there is none. Http404 where it is no number that a page can have."""
    word = request.GET.get("page", "1")
    if not (word.isascii() and word.isdigit() and len(word) <= LONGEST_PAGE_NUMBER and int(word)):
        raise Http404
    return int(word)
