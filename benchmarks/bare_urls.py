"""One view that returns the bytes of a file, read once: a Django response with no query and no work."""

from __future__ import annotations

import os
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.urls import path

PAGE = Path(os.environ["BARE_PAGE"]).read_bytes()


def bare(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(PAGE)
    response["Content-Encoding"] = "gzip"
    return response


urlpatterns = [path("bare/", bare)]
