"""Kinds of answers: the list, from which a new answer can be begun, and an editor's form for each kind."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from reversion.models import Version

from articles import kinds as rules
from articles.models import AnswerKind
from desk.access import EDITOR, roles_of
from people.models import User

MOST_VERSIONS = 50


class KindForm(forms.Form):
    """What an editor says of a kind. What it may hold `articles.kinds` says."""

    name = forms.CharField(
        label=gettext_lazy("Name"), error_messages={"required": gettext_lazy("Give the kind a name.")}
    )
    description = forms.CharField(label=gettext_lazy("Which questions it is for"), required=False)
    sections = forms.CharField(
        label=gettext_lazy("Sections"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text=gettext_lazy(
            "Each begins with a line “## Heading”. What stands under it is guidance: authors see it in the editor and "
            "write over it; it is never published."
        ),
    )
    position = forms.IntegerField(
        label=gettext_lazy("Place in lists"), min_value=0, max_value=999, help_text=gettext_lazy("Low numbers first.")
    )
    is_offered = forms.BooleanField(label=gettext_lazy("Offered for new answers"), required=False)
    comment = forms.CharField(
        label=gettext_lazy("What did you change, and why?"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("For the history below."),
    )
    base_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


def kinds(request: HttpRequest) -> HttpResponse:
    """GET: the kinds, each with its sections and how many articles are of it."""
    return render(
        request,
        "desk/kinds/list.html",
        {
            "section": "articles",
            "kinds": AnswerKind.objects.annotate(count=Count("articles")),
            "is_editor": EDITOR in roles_of(request),
        },
    )


def kind_new(request: HttpRequest) -> HttpResponse:
    """GET: an empty form. POST: save a new kind; 422 with sentences beside the fields."""
    return _edit(request, AnswerKind(position=(AnswerKind.objects.count() + 1) * 10))


def kind(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the form of a kind. POST: save it; 422 with sentences, 409 where somebody saved it meanwhile."""
    return _edit(request, get_object_or_404(AnswerKind, pk=pk))


def _edit(request: HttpRequest, row: AnswerKind) -> HttpResponse:
    if request.method != "POST":
        return _page(request, row, KindForm(initial=_initial(row)))
    form = KindForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form, status=422)
    person = request.user
    assert isinstance(person, User)
    data = form.cleaned_data
    try:
        saved = rules.save(row, by=person, **{name: data[name] for name in data})
    except rules.Conflict as conflict:
        again = request.POST.copy()
        again["base_version"] = str(conflict.current.version)
        form = KindForm(again)
        form.is_valid()
        return _page(request, conflict.current, form, theirs=_initial(conflict.current)["sections"], status=409)
    except ValidationError as error:
        for field, sentences in error.message_dict.items():
            form.add_error(field, sentences)
        return _page(request, row, form, status=422)
    messages.success(
        request, _("“%(name)s” is saved. Answers that were begun with it keep their text.") % {"name": saved.name}
    )
    return redirect("desk:kinds")


def _initial(row: AnswerKind) -> dict[str, Any]:
    return {
        "name": row.name,
        "description": row.description,
        "sections": rules.sections_to(row.sections),
        "position": row.position,
        "is_offered": row.is_offered,
        "base_version": row.version,
    }


def _page(
    request: HttpRequest, row: AnswerKind, form: KindForm, *, theirs: str | None = None, status: int = 200
) -> HttpResponse:
    history = Version.objects.get_for_object(row).select_related("revision__user")[:MOST_VERSIONS] if row.pk else ()
    return render(
        request,
        "desk/kinds/kind.html",
        # Its name as stored: what the person typed stands in the form.
        {
            "section": "articles",
            "kind": AnswerKind.objects.filter(pk=row.pk).first() if row.pk else None,
            "form": form,
            "theirs": theirs,
            "history": history,
        },
        status=status,
    )
