"""Images as the desk shows them: at an address of its own, to those who may open a draft or an edition that has them.

The public address answers only for what the public may read, and reads no session.
"""

from __future__ import annotations

import re

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import reverse
from django.utils.safestring import SafeString

from articles.images.encoding import EXTENSIONS, media_type_of
from articles.markup.door import IMAGE_MARK, trusted
from articles.models import EditionImage, Image, ImageFile
from desk.access import BOARD_MEMBER, EDITOR, articles_of, closed_to, roles_of
from readers.caching import knows


def for_desk(html: str) -> SafeString:
    """HTML out of the door as the desk shows it: its images from the desk's address, and nothing else changed."""
    return trusted(IMAGE_MARK.sub(_in_desk, html))


def _in_desk(mark: re.Match[str]) -> str:
    return mark["before"] + reverse("desk:image_file", args=[mark["digest"], mark["extension"]])


def image_file(request: HttpRequest, digest: str, extension: str) -> HttpResponse:
    """GET: the bytes of an image. 404 for whoever may open neither a draft nor an edition that has it."""
    etag = f'"{digest}"'
    data = Image.objects.filter(article__in=articles_of(request), digest=digest).values_list("data", flat=True).first()
    data = data or _frozen_for(request).filter(digest=digest).values_list("data", flat=True).first()
    if data is None or EXTENSIONS.get(media_type_of(bytes(data[:8]))) != extension:
        raise Http404
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if knows(request, etag):
        return HttpResponseNotModified(headers=headers)
    return HttpResponse(bytes(data), content_type=media_type_of(bytes(data[:8])), headers=headers)


def _frozen_for(request: HttpRequest) -> QuerySet[ImageFile]:
    """The frozen images of the editions that the person may open: see `access.edition_for`."""
    if roles_of(request) & {EDITOR, BOARD_MEMBER}:
        closed = closed_to(request)
        shown = EditionImage.objects.exclude(edition__article__in=closed)
        return ImageFile.objects.filter(shown_in__in=shown).distinct() if closed else ImageFile.objects.all()
    return ImageFile.objects.filter(shown_in__edition__article__in=articles_of(request))
