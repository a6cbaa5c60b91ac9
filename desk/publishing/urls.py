"""Addresses of this subject of the desk."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path


def _todo(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


urlpatterns = [path("articles/<int:pk>/publishing/", _todo, name="publishing")]
