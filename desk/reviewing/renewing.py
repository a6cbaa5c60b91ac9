"""Reviews of live answers that come due: their list, and the page where a member signs that no change is needed."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import editions, policies
from articles.models import AnswerKind, Edition, Publication, Standing
from articles.policy import due_after
from desk.access import closed_to, edition_for, person_of
from desk.my_work import due_in_words
from desk.reviewing import pages
from desk.reviewing.decision_form import SigningForm
from people import interests
from people.models import User
from reviews import proving, renewals, workflow
from reviews.models import Renewal

PAGE = 20
SOON = datetime.timedelta(days=90)
"""How far ahead the list looks."""


NOTHING, SOMETHING = "nothing", "something"


class RenewalForm(SigningForm):
    """What is signed. `seen` is the last review that the page told of."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    interest = forms.ChoiceField(
        label=gettext_lazy("Your interests in this answer"),
        choices=[
            (NOTHING, gettext_lazy("Nothing to declare in this answer")),
            (SOMETHING, gettext_lazy("I have something to declare")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether you have interests in this answer.")},
        help_text=gettext_lazy("Readers see it with your signature. If you cannot judge it fairly, sign nothing."),
    )
    what = forms.CharField(label=gettext_lazy("If so: what it is"), required=False, max_length=1_000)
    with_whom = forms.CharField(label=gettext_lazy("If so: with whom"), required=False, max_length=300)
    comment = forms.CharField(
        label=gettext_lazy("What you looked at"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Kept with your signature; readers do not see it."),
    )
    field_order = ["interest", "what", "with_whom", "comment", "password"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("interest") == SOMETHING:
            for name in ("what", "with_whom"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Say both: what the interest is, and with whom."))
        return data

    def stated(self) -> dict[str, str]:
        """What the person has to declare in this answer, as `workflow.renew` takes it: no words where nothing."""
        is_something = self.cleaned_data["interest"] == SOMETHING
        return {name: self.cleaned_data[name] for name in ("what", "with_whom")} if is_something else {}

    @property
    def last_reviewed(self) -> datetime.datetime | None:
        """The moment of the last review that the person knew of; None where the page said nothing sensible."""
        try:
            return parse_datetime(self.cleaned_data["seen"])
        except ValueError:
            return None


def due(request: HttpRequest) -> HttpResponse:
    """GET: live answers whose review is overdue or comes due, the earliest first; `?state=overdue`: only those."""
    today, closed = timezone.localdate(), closed_to(request)
    overdue = due_by(today - datetime.timedelta(days=1), closed=closed)
    soon = due_by(today + SOON, closed=closed)
    state = "overdue" if request.GET.get("state") == "overdue" else ""
    listed = Paginator(overdue if state else soon, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "desk/reviewing/due.html",
        {
            "section": "reviews",
            "state": state,
            "filters": [
                {"value": "", "label": _("overdue or due within 90 days"), "count": soon.count()},
                {"value": "overdue", "label": _("overdue"), "count": overdue.count()},
            ],
            "page_obj": listed,
            "query": f"state={state}" if state else "",
            "entries": entries(list(listed), person_of(request), today=today),
        },
    )


def due_by(day: datetime.date, *, closed: frozenset[int]) -> QuerySet[Publication]:
    """Live answers whose review is due by that day, the earliest first; less what is `closed` to the person.

    A retracted one waits for no review.
    """
    rows = Publication.objects.filter(standing=Standing.LIVE, is_retracted=False, review_due_on__lte=day)
    rows = rows.exclude(article__in=closed)
    return rows.select_related("edition__review", "edition__article__owner").order_by("review_due_on", "pk")


def entries(rows: Sequence[Publication], person: User, *, today: datetime.date) -> list[dict[str, Any]]:
    """Lines of a list: each answer, how far away its date is, and why this person may not sign (None where they may).

    As many queries for many as for one.
    """
    roles = person.roles()
    cases = workflow.cases_of([row.edition.review for row in rows]) if rows else {}
    return [
        {
            "row": row,
            "words": due_in_words(row.review_due_on, today),
            "is_overdue": bool(row.review_due_on and row.review_due_on < today),
            "why_not": workflow.refusal("renew", cases[row.edition_id], by=person, roles=roles),
        }
        for row in rows
    ]


def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the form; POST: sign. A refusal comes back as a sentence, 409, with the comment kept and nothing signed."""
    edition = edition_for(request, pk)
    person = person_of(request)
    if request.method != "POST":
        return _page(request, edition, None)
    form = RenewalForm(request.POST, person=person)
    if not form.is_valid():
        return _page(request, edition, form, status=422)
    if form.cleaned_data["digest"] != edition.digest:
        form.add_error(None, _("This form was made for another edition. Please read this one before you sign."))
        return _page(request, edition, form, status=409)
    if not ratelimit.consume(request, action="reauthenticate", user=person):
        form.add_error("password", _("Too many attempts. Wait a few minutes and try again; your comment is kept."))
        return _page(request, edition, form, status=429)
    try:
        workflow.renew(
            edition,
            by=person,
            password=form.cleaned_data["password"],
            last_reviewed=form.last_reviewed,
            comment=form.cleaned_data["comment"],
            **form.stated(),
        )
    except workflow.Refused as refused:
        if not _signed_already(edition, person, form.last_reviewed):
            form.add_error("password" if str(refused) == proving.refusal(person) else None, str(refused))
            return _page(request, edition, form, status=409)
    ratelimit.clear(request, action="reauthenticate", user=person)
    messages.success(
        request,
        _("You signed that edition %(number)d needs no change. Its page says so now; authors and editors are told.")
        % {"number": edition.number},
    )
    return redirect("desk:reviews_due")


def _signed_already(edition: Edition, person: User, seen: datetime.datetime | None) -> bool:
    """Whether the same form was sent twice: what it asked for is done, once."""
    newest = Renewal.objects.filter(edition=edition).last()
    if newest is None or seen is None or newest.member_id != person.pk:
        return False
    return bool(renewals.read(newest)["last_reviewed"] == seen.isoformat())


def _page(request: HttpRequest, edition: Edition, form: RenewalForm | None, *, status: int = 200) -> HttpResponse:
    frozen = editions.read(edition)
    context = pages.frame(request, edition, frozen)
    publication = context["case"].publication
    last = publication.reviewed_at.isoformat() if publication and publication.reviewed_at else ""
    kind = AnswerKind.objects.filter(slug=frozen.source.get("kind", "")).first()
    months = policies.in_force(kind).review_again_after_months
    known = {"digest": edition.digest, "seen": last}
    if form and status == 409:
        # What the page tells of the last review is what it says now.
        data = QueryDict(mutable=True)
        data.update({**form.data.dict(), **known})  # type: ignore[attr-defined]
        form.data = data
    return render(
        request,
        "desk/reviewing/renew.html",
        context
        | {
            "form": form or RenewalForm(initial=known, person=person_of(request)),
            "declaration": interests.current(person_of(request)),
            "tab": "renew",
            "publication": publication,
            "meaning": _(renewals.MEANING),
            "next_due": due_after(timezone.now().date(), months),
        },
        status=status,
    )
