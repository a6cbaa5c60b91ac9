"""How public pages are handed out: compressed, with an ETag, the same bytes for everyone, kept only briefly.

A browser asks each time with its ETag; a shared cache keeps a page for SHARED_SECONDS. One that counts in whole
seconds, as nginx does, would keep it for up to one more: where it asks, it is told the second of the page's making.
"""

from __future__ import annotations

import gzip
import hashlib
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.cache import patch_vary_headers

from readers.memo import Row

SHARED_SECONDS = 1
CACHE_CONTROL = f"public, max-age=0, s-maxage={SHARED_SECONDS}, must-revalidate"
GZIP_LEVEL = 5
SMALLEST_TO_PACK = 500
"""Bytes below which packing saves nothing."""
PRIVATE = ("/desk/", "/account/", "/admin/")
"""Where addresses of the staff begin: every other one is the public's."""


class WithoutCookies:
    """Takes the cookies off a request for a public address before anything can read or answer them.

    A stale session or a malformed token would otherwise be answered with a cookie of its own, on a page that a shared
    cache hands to everybody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PRIVATE):
            request.META.pop("HTTP_COOKIE", None)
        return self.get_response(request)


class UntilTheSecondEnds:
    """Tells nginx to keep a public page to the end of the second in which its making began, and no longer.

    nginx asks for it by the header X-Shared-Cache (docs/nginx.conf), and takes the answer away. Whatever changes after
    the page was read from the database is therefore seen a second later at most.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.META.get("HTTP_X_SHARED_CACHE") != "second":
            return self.get_response(request)
        began = int(time.time())
        response = self.get_response(request)
        if "s-maxage" in response.get("Cache-Control", ""):
            response["X-Accel-Expires"] = f"@{began}"
        return response


def handed_out(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A rendered page with its ETag made of its bytes, packed where the client takes it, or 304 where it has it."""
    body = response.content
    pack = accepts_gzip(request) and len(body) >= SMALLEST_TO_PACK
    digest = etag_of(_digest_of(body), packed=pack)
    if response.status_code == 200 and knows(request, digest):
        headers = {name: response[name] for name in ("X-Robots-Tag",) if name in response}
        return with_headers(HttpResponseNotModified(headers=headers), digest)
    if pack:
        response.content = gzip.compress(body, GZIP_LEVEL, mtime=0)
        response["Content-Encoding"] = "gzip"
    return with_headers(response, digest)


def of_row(request: HttpRequest, row: Row) -> HttpResponse:
    """A finished page as it is handed out: packed where the client takes it, or 304 where it has it."""
    packed = accepts_gzip(request)
    etag = etag_of(row.etag, packed=packed)
    response: HttpResponse
    if row.http_status == 200 and knows(request, etag):
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(row.body if packed else gzip.decompress(row.body), status=row.http_status)
        if packed:
            response["Content-Encoding"] = "gzip"
    if row.noindex:
        response["X-Robots-Tag"] = "noindex"
    return with_headers(response, etag)


def row_of(response: HttpResponse) -> Row | None:
    """A rendered page as a row that can be handed out again; None for what is no page or too short to pack."""
    body = response.content
    if response.status_code != 200 or len(body) < SMALLEST_TO_PACK:
        return None
    noindex = response.get("X-Robots-Tag") == "noindex"
    return Row(gzip.compress(body, GZIP_LEVEL, mtime=0), _digest_of(body), response.status_code, noindex)


def _digest_of(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]


def with_headers(response: HttpResponse, etag: str) -> HttpResponse:
    """The response with the headers that every public page has."""
    response["ETag"] = etag
    response["Cache-Control"] = CACHE_CONTROL
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def etag_of(digest: str, *, packed: bool) -> str:
    """A strong ETag: packed bytes are other bytes."""
    return f'"{digest}-gz"' if packed else f'"{digest}"'


def accepts_gzip(request: HttpRequest) -> bool:
    """Whether Accept-Encoding takes gzip (RFC 9110, section 12.5.3: a weight of 0 means "not acceptable")."""
    for offer in request.headers.get("Accept-Encoding", "").split(","):
        coding, _, weight = offer.replace(" ", "").partition(";q=")
        if coding.lower() == "gzip":
            return weight.strip("0.") != "" or not weight
    return False


def knows(request: HttpRequest, etag: str) -> bool:
    """Whether If-None-Match names the page (RFC 9110, section 13.1.2: weak comparison, a list, or a star)."""
    known = request.headers.get("If-None-Match", "")
    return known == "*" or etag in {one.strip().removeprefix("W/") for one in known.split(",")}
