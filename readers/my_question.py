"""A reader's own question at an address that only they know: what became of it, an answer to us, and erasing it.

It is nobody else's page: never cached, never indexed, and its address goes to no other site.
"""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article, Publication
from readers import limits, triage
from readers.asking import LONGEST_QUESTION, TextField
from readers.frame import Reader, reader_of, rendered
from readers.listing import mark_of, question_of
from readers.models import FollowUpQuestion
from readers.same_origin import from_our_own_pages


class ReplyForm(forms.Form):
    """What the reader answers to a question of ours."""

    reply = TextField(
        label=gettext_lazy("Your answer"),
        max_length=LONGEST_QUESTION,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": gettext_lazy("Write your answer."),
            "max_length": gettext_lazy(
                "Your answer has %(show_value)d characters; at most %(limit_value)d fit. Please shorten it."
            ),
        },
    )


@from_our_own_pages
def my_question(request: HttpRequest, token: str) -> HttpResponse:
    """GET: the question and what became of it; POST `do`: `reply` sends an answer to us, `erase` takes all out.

    404 for an address that opens no question.
    """
    if request.method not in {"GET", "HEAD", "POST"}:
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    question = triage.opened_with(token)
    if question is None:
        raise Http404
    reader = reader_of(request)
    here = reverse("readers:my_question", args=[token]) + reader.carry
    if request.method != "POST":
        return _page(reader, question, token, ReplyForm())
    if request.POST.get("do") == "erase":
        triage.erase(question, why=FollowUpQuestion.Erased.WISH)
        return HttpResponseRedirect(here, status=303)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _page(reader, question, token, form, status=422)
    if not limits.may_send(request, "question", limits.QUESTIONS):
        form.add_error(
            None, _("Much came from your connection in a short time. Your answer stands below: send it later.")
        )
        return _page(reader, question, token, form, status=429)
    try:
        triage.reply(question, text=form.cleaned_data["reply"])
    except triage.Refused as refused:
        form.add_error(None, str(refused))
        return _page(reader, question, token, form, status=409)
    return HttpResponseRedirect(here, status=303)


def _page(
    reader: Reader, question: FollowUpQuestion, token: str, form: ReplyForm, *, status: int = 200
) -> HttpResponse:
    first = question.duplicate_of or question
    response = rendered(
        "readers/my_question.html",
        reader,
        path=reverse("readers:my_question", args=[token]),
        section="ask",
        noindex=True,
        status=status,
        question=question,
        token=token,
        form=form,
        read_by=question.asked_at + datetime.timedelta(days=settings.QUESTION_READ_DAYS),
        is_new=question.state == triage.State.NEW and not question.reply,
        may_reply=question.state == triage.State.ASKED_BACK and not question.erased_at,
        has_words=bool(question.text or question.reply or question.email),
        answer=_public(first.answered_by, reader),
        under=_public(question.article, reader),
    )
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _public(article: Article | None, reader: Reader) -> dict[str, Any] | None:
    """A public answer by name and address; None for none, and for one that the public may not read."""
    publication = Publication.objects.readable().filter(article=article).first() if article else None
    if publication is None:
        return None
    url = reverse("readers:answer", args=[publication.slug]) + reader.carry
    return {"question": question_of(publication, reader), "mark": mark_of(publication), "url": url}
