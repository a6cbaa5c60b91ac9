"""One term: what it says, its history, and what an editor does with it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from reversion.errors import RevertError
from reversion.models import Version

from articles import glossary
from articles.models import Term
from desk.access import EDITOR, articles_of, roles_of
from desk.glossary.forms import ChangeForm, DecisionForm, initial_of
from people.models import User

MOST_VERSIONS = 50
ACTS = ("save", "accept", "decline", "retire", "take-back")


def term(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the term; for editors with its form. POST `act`: save, accept, decline, retire or take-back, by an editor.

    422 with sentences beside the fields, 409 with both where somebody changed it meanwhile; one's text comes back.
    """
    row = get_object_or_404(Term.objects.select_related("proposed_by", "decided_by", "article"), pk=pk)
    if request.method != "POST":
        return _page(request, row, ChangeForm(initial=initial_of(row)))
    person = request.user
    assert isinstance(person, User)
    act = request.POST.get("act", "")
    form = ChangeForm(request.POST) if act in {"save", "accept"} else DecisionForm(request.POST)
    if act not in ACTS or not form.is_valid():
        shown = form if isinstance(form, ChangeForm) else ChangeForm(initial=initial_of(row))
        return _page(request, row, shown, status=422)
    try:
        said = _act(act, row, form, person, request.POST.get("answer", ""))
    except glossary.Refused as refused:
        shown = form if isinstance(form, ChangeForm) else ChangeForm(initial=initial_of(row))
        return _page(request, row, shown, refused=str(refused), status=409)
    except glossary.Conflict as conflict:
        return _conflict(request, conflict.current)
    except ValidationError as error:
        sentences = error.message_dict
        if not isinstance(form, ChangeForm):
            # Sent from a form of its own: the words of the term were not in it.
            first = ChangeForm(initial=initial_of(row))
            return _page(request, row, first, errors=[one for each in sentences.values() for one in each], status=422)
        for field, said_of_it in sentences.items():
            form.add_error(field, said_of_it)
        return _page(request, row, form, status=422)
    messages.success(request, said)
    return redirect("desk:term", pk)


def _act(act: str, row: Term, form: ChangeForm | DecisionForm, by: User, answer: str) -> str:
    """Do it; the sentence that says what happened."""
    base = {"by": by, "base_version": form.cleaned_data["base_version"]}
    named = {"term": row.term}
    if act == "decline":
        glossary.decline(row, answer=answer, **base)
        return _("“%(term)s” is declined. Your reason stands beside it.") % named
    if act == "retire":
        glossary.retire(row, answer=answer, **base)
        return _("“%(term)s” is retired. Editions that explain it keep their words.") % named
    if act == "take-back":
        glossary.take_back(row, **base)
        return _("“%(term)s” is in force again.") % named
    assert isinstance(form, ChangeForm)
    glossary.change(row, comment=form.cleaned_data["comment"], accept=act == "accept", **base, **form.words)
    if act == "accept":
        return _("“%(term)s” is in force: editions to come explain it.") % named
    return _("Saved. Editions to come explain it so; earlier ones keep their words.")


def _conflict(request: HttpRequest, current: Term) -> HttpResponse:
    if request.POST["act"] not in {"save", "accept"}:
        return _page(request, current, ChangeForm(initial=initial_of(current)), theirs=[], status=409)
    posted = request.POST.copy()
    posted["base_version"] = str(current.version)
    form = ChangeForm(posted)
    form.is_valid()
    theirs = [
        {"label": form.fields[name].label, "text": text}
        for name, text in initial_of(current).items()
        if name != "base_version" and text != form.cleaned_data.get(name)
    ]
    return _page(request, current, form, theirs=theirs, status=409)


def _page(request: HttpRequest, row: Term, form: ChangeForm, status: int = 200, **more: Any) -> HttpResponse:
    person = request.user
    assert isinstance(person, User)
    is_editor = EDITOR in roles_of(request)
    if request.method == "POST" and not is_editor:
        raise PermissionDenied
    may = {act.replace("-", "_"): not glossary.refusal(act, row, by=person) for act in ("change", *ACTS[1:])}
    return render(
        request,
        "desk/glossary/term.html",
        {
            "section": "glossary",
            "term": row,
            "form": form,
            "may": may,
            "answer": request.POST.get("answer", ""),
            "history": list(_history(row)),
            "article": articles_of(request).filter(pk=row.article_id).first() if row.article_id else None,
        }
        | more,
        status=status,
    )


def _history(row: Term) -> Iterator[dict[str, Any]]:
    """The versions, newest first: who, when, why, and the words that each changed."""
    rows = Version.objects.get_for_object(row).select_related("revision__user")[: MOST_VERSIONS + 1]
    found = [(version.revision, _words(version)) for version in rows]
    labels = {name: field.label for name, field in ChangeForm().fields.items() if name in glossary.WORDS}
    for (revision, words), (_older, before) in pairwise([*found, (None, {})]):
        changed = [
            {"label": label, "old": before.get(name, ""), "new": words.get(name, "")}
            for name, label in labels.items()
            if before and before.get(name, "") != words.get(name, "")
        ]
        yield {"revision": revision, "changed": changed}


def _words(version: Version) -> dict[str, str]:
    try:
        fields = version.field_dict
    except RevertError:
        return {}
    words = {name: fields.get(name) or "" for name in glossary.WORDS}
    return words | {"variants": ", ".join(words["variants"])}
