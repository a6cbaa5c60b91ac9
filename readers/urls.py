"""Addresses that the public reads."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from readers import answers


def _todo(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse(status=501)


app_name = "readers"
urlpatterns = [
    path("", _todo, name="home"),
    path("answers/", _todo, name="answers"),
    path("answers/<slug:slug>/", answers.answer, name="answer"),
    path("answers/<slug:slug>/editions/<int:number>/", answers.edition, name="edition"),
    path("answers/<slug:slug>/references.ris", _todo, name="references_ris"),
    path("answers/<slug:slug>/references.json", _todo, name="references_csl"),
    path("topics/", _todo, name="topics"),
    path("topics/<slug:slug>/", _todo, name="topic"),
    path("search/", _todo, name="search"),
    path("policy/", _todo, name="policy"),
    path("board/", _todo, name="board"),
    path("about/", _todo, name="about"),
    path("ask/", _todo, name="ask"),
    path("sitemap.xml", _todo, name="sitemap"),
    path("robots.txt", _todo, name="robots"),
    path("feeds/answers.atom", _todo, name="feed"),
]
