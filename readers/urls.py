"""Addresses that the public reads."""

from __future__ import annotations

from django.urls import path, re_path

from readers import (
    about,
    answers,
    asking,
    comparing,
    downloads,
    feedback,
    feeds,
    finding,
    images,
    machines,
    markdown,
    my_question,
    searching,
    texts,
)
from readers.api.urls import urlpatterns as api_patterns

app_name = "readers"
urlpatterns = [
    path("", finding.home, name="home"),
    path("answers/", finding.answers, name="answers"),
    path("answers/<slug:slug>/", answers.answer, name="answer"),
    path("answers/<slug:slug>/editions/<int:number>/", answers.edition, name="edition"),
    path("answers/<slug:slug>.md", markdown.answer, name="markdown"),
    path("answers/<slug:slug>/editions/<int:number>.md", markdown.edition, name="edition_markdown"),
    path("answers/<slug:slug>/compare/", comparing.compare, name="compare"),
    path("answers/<slug:slug>/texts/", texts.texts, name="texts"),
    path("answers/<slug:slug>/references.ris", downloads.references_ris, name="references_ris"),
    path("answers/<slug:slug>/references.json", downloads.references_csl, name="references_csl"),
    path("answers/<slug:slug>/references.bib", downloads.references_bibtex, name="references_bibtex"),
    path(
        "answers/<slug:slug>/editions/<int:number>/references.bib",
        downloads.references_bibtex,
        name="edition_references_bibtex",
    ),
    path(
        "answers/<slug:slug>/editions/<int:number>/references.ris",
        downloads.references_ris,
        name="edition_references_ris",
    ),
    path(
        "answers/<slug:slug>/editions/<int:number>/references.json",
        downloads.references_csl,
        name="edition_references_csl",
    ),
    re_path(r"^images/(?P<digest>[0-9a-f]{64})\.(?P<extension>png|jpg)$", images.image, name="image"),
    path("topics/", finding.topics, name="topics"),
    path("topics/<slug:slug>/", finding.topic, name="topic"),
    path("search/", searching.search_page, name="search"),
    path("search/suggestions.json", searching.suggestions, name="suggestions"),
    path("policy/", about.policy, name="policy"),
    path("board/", about.board, name="board"),
    path("about/", about.about, name="about"),
    path("ask/", asking.ask, name="ask"),
    path("ask/thanks/", asking.thanks, name="ask_thanks"),
    path("ask/mine/<str:token>/", my_question.my_question, name="my_question"),
    path("feedback/", feedback.feedback, name="feedback"),
    path("feedback/mistake/", feedback.mistake, name="mistake"),
    path("feedback/mine/<str:token>/", feedback.my_feedback, name="my_feedback"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path("sitemap-<int:number>.xml", machines.sitemap_section, name="sitemap_section"),
    path("robots.txt", machines.robots, name="robots"),
    path("feeds/answers.atom", feeds.feed, name="feed"),
    path("feeds/notices.atom", feeds.notices_feed, name="notices_feed"),
    path("feeds/topics/<slug:slug>.atom", feeds.topic_feed, name="topic_feed"),
    path("favicon.ico", machines.favicon, name="favicon"),
    *api_patterns,
]
