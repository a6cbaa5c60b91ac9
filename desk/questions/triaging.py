"""One reader's question: taken up, then one of the things that may become of it. The rules are `readers.triage`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from articles import search
from articles.audiences import BY_SLUG
from articles.models import Article
from desk.access import EDITOR, articles_of, person_of, refuse_if_closed, roles_of
from desk.questions.forms import ArticleForm, BackForm, DraftForm, DuplicateForm, WhyForm
from people.models import User
from readers import triage
from readers.masking import MASK, masked
from readers.models import FollowUpQuestion
from references.searching.words import words_of

State = FollowUpQuestion.State
CLOSEST = 5
LIKE_IT = 5
COMPARED = 400
"""The latest questions among which the same one is looked for."""

FORMS: dict[str, type[forms.Form]] = {
    "draft": DraftForm,
    "join": ArticleForm,
    "answered": ArticleForm,
    "duplicate": DuplicateForm,
    "back": BackForm,
    "out-of-scope": WhyForm,
    "closed": WhyForm,
}
"""What may become of a question, and what has to be said for it."""


def question(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the question with what became of it; POST `do` by an editor: one of FORMS, `take-up` or `reopen`.

    Authors read, masked, the questions that their articles answer. 409 with a sentence where a rule refuses, 422 with
    one beside the field: what was typed stays.
    """
    row = _question_for(request, pk)
    if request.method != "POST":
        return _page(request, row)
    do, by = request.POST.get("do", ""), person_of(request)
    form = FORMS[do](request.POST, prefix=do) if do in FORMS else None
    if form is not None and not form.is_valid():
        return _page(request, row, do=do, form=form, status=422)
    try:
        done = _done(row, do, form.cleaned_data if form else {}, by)
    except triage.Refused as refused:
        return _page(request, row, do=do, form=form, refused=str(refused), status=409)
    except ValidationError as error:
        return _page(request, row, do=do, form=form, refused=" ".join(error.messages), status=422)
    if not done:
        return _page(request, row, refused=_("Choose what becomes of the question."), status=422)
    messages.success(request, done)
    return redirect("desk:question", row.pk)


def _done(row: FollowUpQuestion, do: str, said: dict[str, Any], by: User) -> str:
    """Do it, and say what was done; an empty word for what nobody knows."""
    moves: dict[str, Callable[[], object]] = {
        "take-up": lambda: triage.take_up(row, by=by),
        "reopen": lambda: triage.reopen(row, by=by),
        "draft": lambda: triage.make_draft(
            row, by=by, author=said["author"], title=said["title"], due_on=said["due_on"]
        ),
        "join": lambda: triage.join_draft(row, by=by, article=said["article"]),
        "answered": lambda: triage.answered(row, by=by, article=said["article"]),
        "duplicate": lambda: triage.duplicate(row, by=by, of=said["number"]),
        "back": lambda: triage.ask_back(row, by=by, text=said["back"]),
        "out-of-scope": lambda: triage.set_aside(row, by=by, state=State.OUT_OF_SCOPE, note=said["note"]),
        "closed": lambda: triage.set_aside(row, by=by, state=State.CLOSED, note=said["note"]),
    }
    if do not in moves:
        return ""
    moves[do]()
    return {
        "take-up": _("The question is in your hand: you read it in full."),
        "reopen": _("The question stands among the new ones again."),
        "draft": _("The draft is made and its author is told. The reader is told once, when the answer is approved."),
        "join": _("The article is noted. The reader is told once, when its answer is approved and public."),
        "answered": _("The question is answered. A reader who left an address is told once."),
        "duplicate": _("It goes with the earlier question; a reader who left an address is told with that one."),
        "back": _("The reader is asked. The question comes back among the new ones with the answer."),
        "out-of-scope": _("The question is out of scope."),
        "closed": _("The question is closed."),
    }[do]


def _question_for(request: HttpRequest, pk: int) -> FollowUpQuestion:
    """The question, for editors, and for authors of an article that answers it. 404 for everyone else."""
    related = ("article__publication", "triaged_by", "draft__owner", "answered_by__publication", "duplicate_of")
    row = FollowUpQuestion.objects.select_related(*related).filter(pk=pk).first()
    if row is None:
        raise Http404
    if EDITOR in roles_of(request):
        for article in filter(None, (row.article, row.draft)):
            refuse_if_closed(request, article)
        return row
    theirs = [article for article in (row.draft_id, row.answered_by_id) if article]
    if theirs and articles_of(request).filter(pk__in=theirs).exists():
        return row
    raise Http404


def _page(
    request: HttpRequest,
    row: FollowUpQuestion,
    *,
    do: str = "",
    form: forms.Form | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    row.refresh_from_db(fields=["triaged_by", "state"])
    in_full = triage.reads_in_full(row, person_of(request))
    is_editor = EDITOR in roles_of(request)
    text = row.text if in_full else masked(row.text)
    audience = BY_SLUG.get(row.audience)
    context: dict[str, Any] = {
        "section": "questions" if is_editor else "articles",
        "question": row,
        # An editor's words may repeat the reader's.
        "asked_back": row.asked_back if in_full else masked(row.asked_back),
        "note": row.note if in_full else masked(row.note),
        "text": text,
        "reply": row.reply if in_full else masked(row.reply),
        "email": row.email if in_full else (MASK if row.email else ""),
        "in_full": in_full,
        "is_editor": is_editor,
        "audience": audience.label if audience else "",
        "editions": _editions(row),
        "copies": row.duplicates.order_by("pk"),
        "refused": refused,
        "do": do,
    }
    if in_full:
        shown = {name: made(prefix=name) for name, made in FORMS.items()}
        shown["draft"] = DraftForm(prefix="draft", initial={"title": _title_of(row)})
        if form is not None:
            shown[do] = form
        context |= {
            "forms": {name.replace("-", "_"): one for name, one in shown.items()},
            "errors": form,
            "closest": search.find(text, limit=CLOSEST).publications,
            "like_it": _like(row),
            "may_reopen": row.state not in {State.NEW, State.DRAFT},
        }
    return render(request, "desk/questions/question.html", context, status=status)


def _title_of(row: FollowUpQuestion) -> str:
    """What the reader asks, as a title to begin from: the first sentence that asks and names nobody."""
    sentences = re.split(r"(?<=[.?!])\s+", " ".join(row.masked_text.split()))
    sound = [one for one in sentences if MASK not in one]
    return next((one for one in sound if one.endswith("?")), " ".join(sound))[:300]


def _editions(row: FollowUpQuestion) -> list[dict[str, Any]]:
    """The editions that came of the draft, newest first, with how the review of each stands."""
    article: Article | None = row.draft or row.answered_by
    if article is None:
        return []
    editions = article.editions.select_related("review").only("pk", "number", "article", "review__state")
    return [{"pk": one.pk, "number": one.number, "state": one.review.state} for one in editions.order_by("-number")]


def _like(row: FollowUpQuestion) -> list[dict[str, Any]]:
    """Earlier questions that share most words with this one, of the latest ones."""
    words = _words(row.text)
    if not words:
        return []
    earlier = FollowUpQuestion.objects.filter(pk__lt=row.pk, duplicate_of=None).order_by("-pk")
    found = []
    for other in earlier.only("pk", "text", "state")[:COMPARED]:
        theirs = _words(other.text)
        shared = len(words & theirs) / (len(words | theirs) or 1)
        if shared >= 0.3:
            found.append((shared, other))
    found.sort(key=lambda pair: -pair[0])
    return [{"row": other, "text": masked(other.text)[:160]} for _shared, other in found[:LIKE_IT]]


def _words(text: str) -> set[str]:
    return {word for word in words_of(text) if len(word) > 3}
