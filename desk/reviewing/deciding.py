"""The decision: a board member signs a verdict on the edition that they read, with the password given again."""

from __future__ import annotations

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from articles import editions, policy
from articles.comparing import compare
from desk.access import edition_for, person_of
from desk.reviewing import pages
from desk.reviewing.decision_form import DecisionForm
from people import interests
from people.models import User
from reviews import workflow


def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the form; POST: sign. A refusal comes back as a sentence, 409, with the comment kept and nothing signed."""
    edition = edition_for(request, pk)
    person = request.user
    assert isinstance(person, User)
    rules = policy.read(edition.review.policy)
    confirms = workflow.confirmed_by(edition.review, person)
    if request.method != "POST":
        initial = {"digest": edition.digest, "kind": "approve" if confirms else ""}
        return _page(request, DecisionForm(initial=initial, rules=rules, confirms=confirms), pk)
    form = DecisionForm(request.POST, rules=rules, confirms=confirms)
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
            checklist=form.answers(),
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
    frozen = editions.read(edition)
    context = pages.frame(request, edition, frozen) | {
        "form": form,
        "tab": "decide",
        "confirms": form.confirms,
        "declaration": interests.current(person_of(request)),
    }
    if form.confirms:
        context["comparison"] = compare(editions.read(form.confirms), frozen)
    return render(request, "desk/reviewing/decide.html", context, status=status)
