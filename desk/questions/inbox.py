"""The inbox of readers' questions, by state and by who has them in hand. What could name a reader is masked here."""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.access import closed_to, person_of
from readers.models import FollowUpQuestion

PAGE = 30
SHOWN = 200
State = FollowUpQuestion.State


def questions(request: HttpRequest) -> HttpResponse:
    """GET: questions by `?state=`, new ones (the default) oldest first, others newest first; `?whose=mine` narrows.

    Four queries, whatever the number of questions.
    """
    state = request.GET.get("state", State.NEW)
    if state not in {*State.values, "all"}:
        state = State.NEW
    is_mine = request.GET.get("whose") == "mine"
    closed = closed_to(request)
    rows = FollowUpQuestion.objects.exclude(article__in=closed).exclude(draft__in=closed)
    rows = rows.select_related("article__publication", "triaged_by", "draft__owner")
    if is_mine:
        rows = rows.filter(triaged_by=person_of(request))
    counts = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    if state != "all":
        rows = rows.filter(state=state)
    rows = rows.order_by("asked_at", "pk") if state == State.NEW else rows.order_by("-asked_at", "-pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    whose = {"whose": "mine"} if is_mine else {}
    return render(
        request,
        "desk/questions/list.html",
        {
            "section": "questions",
            "state": state,
            "is_mine": is_mine,
            "filters": [
                *(_filter(one.value, one.label, counts.get(one.value, 0), state, whose) for one in State),
                _filter("all", _("all"), sum(counts.values()), state, whose),
            ],
            "whose": [
                {"label": _("everybody's"), "query": urlencode({"state": state}), "is_current": not is_mine},
                {
                    "label": _("in my hand"),
                    "query": urlencode({"state": state, "whose": "mine"}),
                    "is_current": is_mine,
                },
            ],
            "page_obj": page,
            "lines": [_line(row) for row in page],
            "query": urlencode({"state": state, **whose}),
        },
    )


def _filter(value: str, label: Any, count: int, state: str, whose: dict[str, str]) -> dict[str, Any]:
    query = urlencode({"state": value, **whose})
    return {"label": label, "count": count, "query": query, "is_current": value == state}


def _line(row: FollowUpQuestion) -> dict[str, Any]:
    """One question as the list shows it."""
    words = " ".join(row.masked_text.split())
    due_on = row.draft.due_on if row.draft and row.state == State.DRAFT else None
    return {
        "row": row,
        "text": words if len(words) <= SHOWN else words[: SHOWN - 1] + "…",
        "due_on": due_on,
        "is_late": bool(due_on and due_on < timezone.localdate()),
        "waits_too_long": row.state == State.NEW and is_late(row.asked_at),
    }


def is_late(sent_at: datetime.datetime) -> bool:
    """Whether it waits longer than readers were told (settings.QUESTION_READ_DAYS)."""
    return sent_at < timezone.now() - datetime.timedelta(days=settings.QUESTION_READ_DAYS)
