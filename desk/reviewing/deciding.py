"""The decision: a board member signs a verdict on the edition that they read, with the password given again."""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import editions
from desk.access import edition_for, person_of
from desk.reviewing import pages
from people import interests
from people.models import User
from reviews import verdicts, workflow
from reviews.models import Verdict


class DecisionForm(forms.Form):
    """What is signed. The password never comes back into the page; everything else does."""

    digest = forms.CharField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=gettext_lazy("Your decision"), choices=(), widget=forms.RadioSelect)
    comment = forms.CharField(
        label=gettext_lazy("Comment"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy(
            "Needed when you request changes or decline. The authors read it, and it is kept with your signature."
        ),
    )
    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=gettext_lazy("Giving it again is your signature."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [
            (one.value, f"{workflow.MOVES[workflow.DECISIONS[one]].label}: {_(verdicts.MEANINGS[one])}")
            for one in Verdict.Kind
        ]
        kind.error_messages["required"] = _("Choose what you decide.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind = data.get("kind")
        if kind and workflow.MOVES[workflow.DECISIONS[Verdict.Kind(kind)]].needs_reason and not data.get("comment"):
            self.add_error("comment", _("Say why, so that the authors know what to do."))
        return data


def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the form; POST: sign. A refusal comes back as a sentence, 409, with the comment kept and nothing signed."""
    edition = edition_for(request, pk)
    person = request.user
    assert isinstance(person, User)
    if request.method != "POST":
        return _page(request, DecisionForm(initial={"digest": edition.digest}), pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, form, pk, status=422)
    if form.cleaned_data["digest"] != edition.digest:
        form.add_error(None, _("This form was made for another edition. Please read this one before you sign."))
        return _page(request, form, pk, status=409)
    if not ratelimit.consume(request, action="reauthenticate", user=person):
        form.add_error("password", _("Too many attempts. Wait a few minutes and try again; your comment is kept."))
        return _page(request, form, pk, status=429)
    try:
        workflow.decide(
            edition,
            by=person,
            kind=form.cleaned_data["kind"],
            password=form.cleaned_data["password"],
            comment=form.cleaned_data["comment"],
        )
    except workflow.Refused as refused:
        field = None if person.check_password(form.cleaned_data["password"]) else "password"
        form.add_error(field, str(refused))
        return _page(request, form, pk, status=409)
    ratelimit.clear(request, action="reauthenticate", user=person)
    messages.success(
        request,
        _("Your decision on edition %(number)d is signed and on record. Authors and editors are told.")
        % {"number": edition.number},
    )
    return redirect("desk:review", pk)


def _page(request: HttpRequest, form: DecisionForm, pk: int, *, status: int = 200) -> HttpResponse:
    edition = edition_for(request, pk)
    context = pages.frame(request, edition, editions.read(edition))
    return render(
        request,
        "desk/reviewing/decide.html",
        context | {"form": form, "tab": "decide", "declaration": interests.current(person_of(request))},
        status=status,
    )
