"""Who has an article in hand, and until when: its due date, and its hand-over to another author."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import due as due_dates
from articles import handing_over
from articles.models import Article
from desk.access import article_for, person_of
from desk.writing.frame import frame
from people.models import Role, User


class DueForm(forms.Form):
    """The day, or nothing."""

    due_on = forms.DateField(
        label=gettext_lazy("Due on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Leave it empty for no date."),
    )


class HandOverForm(forms.Form):
    """To whom, and why."""

    to = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("To"),
        empty_label=gettext_lazy("choose an author"),
        error_messages={"required": gettext_lazy("Choose who takes it over.")},
    )
    why = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It is kept with the version, and sent to the new owner."),
        error_messages={"required": gettext_lazy("Say why, in a sentence: it is kept with the version.")},
    )

    def __init__(self, *args: Any, article: Article, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        authors = User.objects.acting_as(Role.AUTHOR).exclude(pk=article.owner_id)
        self.fields["to"].queryset = authors  # type: ignore[attr-defined]


def due(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the form. POST: set the day or take it away; 403 for who may open the article and not do this."""
    article = article_for(request, pk)
    person = person_of(request)
    form = DueForm(request.POST if request.method == "POST" else None, initial={"due_on": article.due_on})
    why_not = due_dates.refusal(article, by=person)
    if request.method == "POST" and not why_not and form.is_valid():
        try:
            due_dates.set_due(article, on=form.cleaned_data["due_on"], by=person)
        except due_dates.Refused as refused:
            form.add_error("due_on", str(refused))
        else:
            if article.due_on:
                said = _("The article is due on %(day)s.") % {"day": date_format(article.due_on, "j F Y")}
            else:
                said = _("The article has no due date.")
            messages.success(request, said)
            return redirect("desk:article", article.pk)
    return _render(request, "desk/together/due.html", article, form, why_not)


def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the form. POST: hand the article over; 403 for who may open the article and not do this."""
    article = article_for(request, pk)
    person = person_of(request)
    form = HandOverForm(request.POST if request.method == "POST" else None, article=article)
    why_not = handing_over.refusal(article, by=person)
    if request.method == "POST" and not why_not and form.is_valid():
        try:
            handing_over.hand_over(article, to=form.cleaned_data["to"], by=person, why=form.cleaned_data["why"])
        except handing_over.Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("%(name)s has the article now, and is told.") % {"name": article.owner})
            return redirect("desk:article", article.pk)
    return _render(request, "desk/together/hand_over.html", article, form, why_not)


def _render(
    request: HttpRequest, template: str, article: Article, form: forms.Form, why_not: str | None
) -> HttpResponse:
    status = 200 if request.method != "POST" else 403 if why_not else 422
    context = frame(request, article, tab="overview") | {"form": form, "why_not": why_not}
    return render(request, template, context, status=status)
