"""Images of public answers: their bytes, while a page that the public may read shows them, and nothing else.

A draft's image, one of an edition under review, and one of an answer that left the public are not there.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe

from articles.images import keeping
from articles.images.encoding import EXTENSIONS, media_type_of
from readers.caching import SHARED_SECONDS, etag_of, knows

BROWSER_SECONDS = 3600
CACHE_CONTROL = f"public, max-age={BROWSER_SECONDS}, s-maxage={SHARED_SECONDS}, must-revalidate"
"""The bytes at an address never change, but whether they may be shown can. So a shared cache asks again as soon as for
a page, and only the browser of somebody who has seen the image keeps it longer."""


@require_safe
def image(request: HttpRequest, digest: str, extension: str) -> HttpResponse:
    """The image of this digest, in one query. 404 where no readable page shows it, or it is of another kind."""
    etag = etag_of(digest, packed=False)
    known = knows(request, etag)
    rows = keeping.public_file(digest)
    row: Any = (rows.values("noindex") if known else rows).first()
    if row is None:
        raise Http404
    response: HttpResponse
    if known:
        response = HttpResponseNotModified()
    else:
        data = bytes(row["edition__shown_images__file__data"])
        media_type = media_type_of(data)
        if EXTENSIONS.get(media_type) != extension:
            raise Http404
        response = HttpResponse(data, content_type=media_type)
    if row["noindex"]:
        response["X-Robots-Tag"] = "noindex"
    response["ETag"] = etag
    response["Cache-Control"] = CACHE_CONTROL
    return response
