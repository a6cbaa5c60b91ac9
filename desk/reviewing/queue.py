"""The queue of reviews: what waits for the board, and everything that was ever submitted, by state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from desk.access import EDITOR, closed_to, roles_of
from people.models import User
from reviews import workflow
from reviews.models import OPEN_STATES, Review, State

PAGE = 20


def reviews(request: HttpRequest) -> HttpResponse:
    """GET: reviews by `?state=`: open ones (the default) oldest first, others newest first."""
    state = request.GET.get("state", "")
    if state not in {*State.values, "all"}:
        state = ""
    closed = closed_to(request)
    rows = in_state(state).exclude(article__in=closed)
    listed = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    told = Review.objects.exclude(article__in=closed).order_by().values("state").annotate(number=Count("pk"))
    counts = dict.fromkeys(State.values, 0) | {row["state"]: row["number"] for row in told}
    return render(
        request,
        "desk/reviewing/queue.html",
        {
            "section": "reviews",
            "state": state,
            "is_editor": EDITOR in roles_of(request),
            "filters": [
                {"value": "", "label": _("open"), "count": sum(counts[value] for value in OPEN_STATES)},
                *({"value": one.value, "label": one.label, "count": counts[one.value]} for one in State),
                {"value": "all", "label": _("all"), "count": sum(counts.values())},
            ],
            "page_obj": listed,
            "query": f"state={state}" if state else "",
            "entries": entries(list(listed), request.user),  # type: ignore[arg-type]
        },
    )


def in_state(state: str) -> Any:
    """Reviews in one state, in all, or (the empty word) in the open ones."""
    rows = Review.objects.select_related("edition__article__owner", "submitted_by", "taken_up_by")
    if not state:
        return rows.filter(state__in=OPEN_STATES).order_by("submitted_at", "pk")
    return rows.order_by("-submitted_at", "-pk") if state == "all" else rows.filter(state=state).order_by("-pk")


def entries(reviews: Sequence[Review], person: User) -> list[dict[str, Any]]:
    """Lines of a list: each review, and why this board member may not judge it (empty where they may).

    As many queries for many as for one.
    """
    roles = person.roles()
    moves = {State.SUBMITTED: "take-up", State.UNDER_REVIEW: "approve"}
    asked = [
        review
        for review in reviews
        if review.state in moves and workflow.MOVES[moves[State(review.state)]].roles & roles
    ]
    cases = workflow.cases_of(asked) if asked else {}
    lines = []
    for review in reviews:
        case = cases.get(review.edition_id)
        why = workflow.refusal(moves[State(review.state)], case, by=person, roles=roles) if case else None
        lines.append({"review": review, "why_not": why or ""})
    return lines
