"""The decision: a board member signs a verdict on the edition that they read, with password or second factor."""

from __future__ import annotations

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from articles import editions, policy
from articles.comparing import compare
from articles.models import Edition
from desk.access import edition_for, person_of
from desk.reviewing import pages
from desk.reviewing.decision_form import DecisionForm
from people import interests
from people.models import User
from reviews import interests as interests_here
from reviews import proving, workflow
from reviews.models import Verdict


def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the form; POST: sign. A refusal comes back as a sentence, 409, with the comment kept and nothing signed."""
    edition = edition_for(request, pk)
    person = request.user
    assert isinstance(person, User)
    rules = policy.read(edition.review.policy)
    confirms = workflow.confirmed_by(edition.review, person)
    if request.method != "POST":
        initial = {"digest": edition.digest, "kind": "approve" if confirms else ""}
        return _page(request, DecisionForm(initial=initial, rules=rules, confirms=confirms, person=person), pk)
    form = DecisionForm(request.POST, rules=rules, confirms=confirms, person=person)
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
        if _signed_so(edition, person, form.cleaned_data["kind"]):
            # The same form sent twice: what it asked for is done, once.
            return _done(request, edition)
        form.add_error("password" if str(refused) == proving.refusal(person) else None, str(refused))
        return _page(request, form, pk, status=409)
    ratelimit.clear(request, action="reauthenticate", user=person)
    return _done(request, edition)


def _signed_so(edition: Edition, person: User, kind: str) -> bool:
    """Whether this person has signed this very decision on the edition, and it stands."""
    return Verdict.objects.that_stand().filter(edition=edition, member=person, kind=kind).exists()


def _done(request: HttpRequest, edition: Edition) -> HttpResponse:
    messages.success(
        request,
        _("Your decision on edition %(number)d is signed and on record. Authors and editors are told.")
        % {"number": edition.number},
    )
    return redirect("desk:review", edition.pk)


def _page(request: HttpRequest, form: DecisionForm, pk: int, *, status: int = 200) -> HttpResponse:
    edition = edition_for(request, pk)
    frozen, person = editions.read(edition), person_of(request)
    context = pages.frame(request, edition, frozen) | {
        "form": form,
        "tab": "decide",
        "confirms": form.confirms,
        "declaration": interests.current(person),
        "statement": interests_here.stated_for([edition.review])[pk].get(person.pk),
    }
    if form.confirms:
        context["comparison"] = compare(editions.read(form.confirms), frozen)
    return render(request, "desk/reviewing/decide.html", context, status=status)
