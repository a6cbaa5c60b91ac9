"""What readers asked under an answer or from the home page: a list, and each question with its state."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from articles.audiences import BY_SLUG
from readers.models import FollowUpQuestion

PAGE = 30
State = FollowUpQuestion.State


def questions(request: HttpRequest) -> HttpResponse:
    """GET: questions by `?state=`: new ones (the default) oldest first, others newest first."""
    state = request.GET.get("state", State.NEW)
    if state not in {*State.values, "all"}:
        state = State.NEW
    rows = FollowUpQuestion.objects.select_related("article__publication")
    if state != "all":
        rows = rows.filter(state=state)
    rows = rows.order_by("asked_at", "pk") if state == State.NEW else rows.order_by("-asked_at", "-pk")
    counts = {value: FollowUpQuestion.objects.filter(state=value).count() for value in State.values}
    return render(
        request,
        "desk/questions/list.html",
        {
            "section": "questions",
            "state": state,
            "filters": [
                *({"value": one.value, "label": one.label, "count": counts[one.value]} for one in State),
                {"value": "all", "label": _("all"), "count": sum(counts.values())},
            ],
            "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page")),
            "query": f"state={state}",
        },
    )


def question(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: one question. POST: set its state to `state`, as long as that is a state."""
    row = get_object_or_404(FollowUpQuestion.objects.select_related("article__publication"), pk=pk)
    if request.method == "POST":
        wanted = request.POST.get("state", "")
        if wanted in State.values:
            FollowUpQuestion.objects.filter(pk=pk).update(state=wanted)
            messages.success(request, _("The question is marked as “%(state)s”.") % {"state": State(wanted).label})
            return redirect("desk:questions")
    audience = BY_SLUG.get(row.audience)
    return render(
        request,
        "desk/questions/question.html",
        {"section": "questions", "question": row, "audience": audience.label if audience else "", "states": State},
        status=422 if request.method == "POST" else 200,
    )
