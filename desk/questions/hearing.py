"""What readers say of answers: the list of reports and opinions, one of them, and the counts by answer.

The rules are `readers.hearing`. What could name a reader is masked for all but who has it in hand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.comments import LONGEST
from desk.access import person_of
from desk.questions.forms import WhyForm
from desk.questions.inbox import SHOWN, is_late
from people.models import User
from readers import hearing
from readers.masking import masked
from readers.models import Feedback
from readers.triage import Refused

PAGE = 30
Kind, State = Feedback.Kind, Feedback.State
STATES = tuple(state for state in State if state != State.COUNTED)


class PassOnForm(forms.Form):
    """The comment that the author gets."""

    text = forms.CharField(
        label=gettext_lazy("Comment for the author"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("In your words, without what could name the reader. It stands on the passage."),
        error_messages={"required": gettext_lazy("Write what you want to say.")},
    )


FORMS: dict[str, type[forms.Form]] = {"pass-on": PassOnForm, "dismiss": WhyForm}


def reports(request: HttpRequest) -> HttpResponse:
    """GET: reports and opinions with words, by `?state=` and `?kind=`; new ones (the default) oldest first."""
    state = request.GET.get("state", State.NEW)
    state = state if state in {*STATES, "all"} else State.NEW
    kind = request.GET.get("kind", "")
    kind = kind if kind in Kind.values else ""
    rows = hearing.inbox().select_related("article", "triaged_by")
    if kind:
        rows = rows.filter(kind=kind)
    counts = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    if state != "all":
        rows = rows.filter(state=state)
    rows = rows.order_by("sent_at", "pk") if state == State.NEW else rows.order_by("-sent_at", "-pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    kinds = [("", _("all")), *((one.value, one.label) for one in Kind)]
    return render(
        request,
        "desk/questions/reports.html",
        {
            "section": "questions",
            "state": state,
            "filters": [
                *(_filter(one.value, one.label, counts.get(one.value, 0), state, kind) for one in STATES),
                _filter("all", _("all"), sum(counts.values()), state, kind),
            ],
            "kinds": [
                {"label": label, "query": _query(state, value), "is_current": value == kind} for value, label in kinds
            ],
            "page_obj": page,
            "lines": [_line(row) for row in page],
            "query": _query(state, kind),
        },
    )


def _query(state: str, kind: str) -> str:
    return urlencode({"state": state} | ({"kind": kind} if kind else {}))


def _filter(value: str, label: Any, count: int, state: str, kind: str) -> dict[str, Any]:
    return {"label": label, "count": count, "query": _query(value, kind), "is_current": value == state}


def _line(row: Feedback) -> dict[str, Any]:
    words = " ".join(row.masked_text.split())
    return {
        "row": row,
        "text": words if len(words) <= SHOWN else words[: SHOWN - 1] + "…",
        "is_late": row.state == State.NEW and is_late(row.sent_at),
    }


def helpful(request: HttpRequest) -> HttpResponse:
    """GET: for each public answer of which somebody said something, how often it helped, did not, and was reported."""
    page = Paginator(hearing.counts(), PAGE).get_page(request.GET.get("page"))
    return render(
        request, "desk/questions/helpful.html", {"section": "questions", "page_obj": page, "rows": list(page)}
    )


def report(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: one report or opinion; POST `do`: `take-up`, `pass-on`, `dismiss` or `reopen`.

    409 with a sentence where a rule refuses, 422 with one beside the field: what was typed stays.
    """
    row = get_object_or_404(hearing.inbox().select_related("article__publication", "triaged_by", "thread"), pk=pk)
    if request.method != "POST":
        return _page(request, row)
    do, by = request.POST.get("do", ""), person_of(request)
    form = FORMS[do](request.POST, prefix=do) if do in FORMS else None
    if form is not None and not form.is_valid():
        return _page(request, row, do=do, form=form, status=422)
    try:
        done = _done(row, do, form.cleaned_data if form else {}, by)
    except Refused as refused:
        return _page(request, row, do=do, form=form, refused=str(refused), status=409)
    if not done:
        return _page(request, row, refused=_("Choose what becomes of it."), status=422)
    messages.success(request, done)
    return redirect("desk:report", row.pk)


def _done(row: Feedback, do: str, said: dict[str, Any], by: User) -> str:
    """Do it, and say what was done; an empty word for what nobody knows."""
    moves: dict[str, tuple[Callable[[], object], str]] = {
        "take-up": (lambda: hearing.take_up(row, by=by), _("It is in your hand: you read it in full.")),
        "pass-on": (
            lambda: hearing.pass_on(row, by=by, text=said["text"]),
            _("It is passed on: the author finds it as a comment."),
        ),
        "dismiss": (lambda: hearing.dismiss(row, by=by, note=said["note"]), _("It is dismissed.")),
        "reopen": (lambda: hearing.reopen(row, by=by), _("It is open again.")),
    }
    if do not in moves:
        return ""
    move, done = moves[do]
    move()
    return done


def _page(
    request: HttpRequest,
    row: Feedback,
    *,
    do: str = "",
    form: forms.Form | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    row.refresh_from_db(fields=["triaged_by", "state"])
    in_full = hearing.reads_in_full(row, person_of(request))

    def shown(words: str) -> str:
        return words if in_full else masked(words)

    context: dict[str, Any] = {
        "section": "questions",
        "report": row,
        "text": shown(row.text),
        "passage": shown(row.passage),
        "note": shown(row.note),
        "in_full": in_full,
        "refused": refused,
        "do": do,
    }
    if in_full:
        made = {
            "pass-on": PassOnForm(prefix="pass-on", initial={"text": row.masked_text}),
            "dismiss": WhyForm(prefix="dismiss"),
        }
        if form is not None:
            made[do] = form
        context |= {
            "pass_on": made["pass-on"],
            "dismiss": made["dismiss"],
            "errors": form,
            "is_open": row.state == State.TAKEN_UP,
        }
    return render(request, "desk/questions/report.html", context, status=status)
