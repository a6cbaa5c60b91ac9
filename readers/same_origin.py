"""Public forms without a token: a POST is taken only where the browser says that it comes from our own pages.

A token would set a cookie and make every page private. `Sec-Fetch-Site` (W3C Fetch Metadata) and `Origin` (RFC 6454,
Fetch standard) are set by browsers and cannot be set by the page of another site.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from readers.frame import reader_of, rendered


def is_same_origin(request: HttpRequest) -> bool:
    """Whether the browser says so; where it says nothing at all, no."""
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if fetch_site is not None:
        return fetch_site == "same-origin"
    return request.headers.get("Origin") in {settings.SITE_URL, f"{request.scheme}://{request.get_host()}"}


def from_our_own_pages(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a POST through only from our own pages; anything else gets a page that says so, with 403."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not is_same_origin(request):
            response = rendered("readers/refused.html", reader_of(request), path=request.path, noindex=True, status=403)
            response["Cache-Control"] = "no-store"
            return response
        return view(request, **kwargs)

    return guarded
