"""One article at a glance: where it stands, its editions, and what can be done next."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles import history, seen
from articles.models import Edition
from desk.access import article_for
from desk.writing.frame import frame, submission_refusal
from people.models import User
from reviews import workflow

VERSIONS = 5
"""The latest versions that the page names; the history has all."""


def article(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the article's state, its editions, its latest versions, and each next step or why it can't be taken."""
    found = article_for(request, pk)
    person = request.user
    assert isinstance(person, User)
    seen.mark(found, by=person)
    context = frame(request, found, tab="overview")
    case = workflow.case_of(found, context["newest"])
    return render(
        request,
        "desk/writing/article.html",
        context
        | {
            "topics": found.topics.all(),
            "questions": found.questions_drafted.order_by("pk"),
            "editions": Edition.objects.filter(article=found)
            .select_related("review", "created_by")
            .defer("source", "frozen")
            .order_by("-number"),
            "versions": history.versions_of(found)[:VERSIONS],
            "submit_refusal": submission_refusal(found, case, by=person),
            "pull_back_refusal": workflow.refusal("pull-back", case, by=person),
        },
    )
