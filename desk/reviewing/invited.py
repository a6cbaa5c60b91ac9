"""An invitation as its member sees it: one page to accept, decline or hand over, and the lines of the desk's home."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import editions, flagged
from articles.models import Edition
from desk.access import edition_for, person_of
from desk.reviewing import pages
from people.models import Role, User
from reviews import interests, invitations, workflow
from reviews.models import OPEN, Review, ReviewInvitation, Step
from reviews.workflow import rules
from reviews.workflow.inviting import board_today, hand_over_refusal


class StatementForm(forms.Form):
    """Something to declare with the acceptance."""

    what = forms.CharField(label=gettext_lazy("What it is"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 3}))
    with_whom = forms.CharField(label=gettext_lazy("With whom"), max_length=300)


class HandOverForm(forms.Form):
    """Who is to take it instead; those who may be."""

    to = forms.ModelChoiceField(
        label=gettext_lazy("To"), queryset=User.objects.none(), empty_label=gettext_lazy("Choose a member")
    )
    reason = forms.CharField(
        label=gettext_lazy("A word to them and to the editors"), required=False, max_length=1_000, widget=forms.Textarea
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = self.fields["to"]
        assert isinstance(to, forms.ModelChoiceField)
        to.queryset = User.objects.acting_as(Role.BOARD_MEMBER)
        self.fields["reason"].widget.attrs["rows"] = 2


def invited(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the invitation to this edition's round. POST by `action`: accept (none, or with `what` and `with_whom`),
    decline, hand-over. 404 for whoever was never invited; a refusal is a sentence, 409, and words come back.
    """
    edition, person = edition_for(request, pk), person_of(request)
    row = invitations.newest_of(edition, person.pk)
    if row is None and not ReviewInvitation.objects.filter(edition=edition, member=person).exists():
        raise Http404
    if request.method != "POST":
        return _page(request, edition, row)
    action = request.POST.get("action", "")
    answer = {"accept": _accept, "declare": _declare, "decline": _decline, "hand-over": _hand_over}.get(action)
    if answer is None:
        return _page(request, edition, row, refused=_("Choose what to do."), status=422)
    return answer(request, edition, row)


def _accept(request: HttpRequest, edition: Edition, row: ReviewInvitation | None) -> HttpResponse:
    try:
        workflow.accept(edition, by=person_of(request))
    except workflow.Refused as refused:
        if row and row.state == Step.ACCEPTED:
            # The same tap sent twice: it is done, once.
            return redirect("desk:review", edition.pk)
        return _page(request, edition, row, refused=str(refused), status=409)
    return _accepted(request, edition)


def _declare(request: HttpRequest, edition: Edition, row: ReviewInvitation | None) -> HttpResponse:
    form = StatementForm(request.POST)
    if not form.is_valid():
        return _page(request, edition, row, statement=form, status=422)
    try:
        workflow.accept(edition, by=person_of(request), **form.cleaned_data)
    except workflow.Refused as refused:
        return _page(request, edition, row, statement=form, refused=str(refused), status=409)
    return _accepted(request, edition)


def _accepted(request: HttpRequest, edition: Edition) -> HttpResponse:
    """Straight to the text where nothing has to be seen first: no earlier round, no justification, no flag of today."""
    messages.success(request, _("You have accepted. Read each text, then sign your decision."))
    if edition.number > 1 or edition.review.justifications or flagged.statuses(editions.read(edition)):
        return redirect("desk:review", edition.pk)
    return redirect("desk:review_text", edition.pk, 1)


def _decline(request: HttpRequest, edition: Edition, row: ReviewInvitation | None) -> HttpResponse:
    try:
        workflow.decline(edition, by=person_of(request), reason=request.POST.get("reason", "")[:1_000])
    except workflow.Refused as refused:
        return _page(request, edition, row, refused=str(refused), status=409)
    messages.success(request, _("You have declined. The editors are told."))
    return redirect("desk:home")


def _hand_over(request: HttpRequest, edition: Edition, row: ReviewInvitation | None) -> HttpResponse:
    form = HandOverForm(request.POST)
    if not form.is_valid():
        return _page(request, edition, row, hand_over=form, status=422)
    try:
        workflow.hand_over(
            edition, by=person_of(request), to=form.cleaned_data["to"], reason=form.cleaned_data["reason"]
        )
    except workflow.Refused as refused:
        form.add_error("to", str(refused))
        return _page(request, edition, row, hand_over=form, status=409)
    messages.success(
        request, _("Handed over to %(name)s, who is asked to accept it.") % {"name": form.cleaned_data["to"].name}
    )
    return redirect("desk:home")


def _page(
    request: HttpRequest,
    edition: Edition,
    row: ReviewInvitation | None,
    *,
    statement: StatementForm | None = None,
    hand_over: HandOverForm | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    frozen, person = editions.read(edition), person_of(request)
    context = pages.frame(request, edition, frozen)
    overdue = rules.declaration_in_date(context["case"], person, pages.NO_ROLES)
    may_hand_over = context["may"]["hand_over_invitation"] is None
    return render(
        request,
        "desk/reviewing/invited.html",
        context
        | {
            "invitation": row,
            "has_ended": row is None,
            "is_late": bool(row and row.until < timezone.localdate()),
            "is_overdue": bool(overdue) and overdue == context["may"]["accept_invitation"],
            "statement": statement or StatementForm(),
            "hand_over": _with_choices(hand_over or HandOverForm(), context["case"], person) if may_hand_over else None,
            "refused": refused,
            "reason": request.POST.get("reason", ""),
        },
        status=status,
    )


def _with_choices(form: HandOverForm, case: rules.Case, person: User) -> HandOverForm:
    """The form with those members alone to whom this person may hand over. A few queries, however many members."""
    board, overlaps = board_today(), interests.overlapping(case.article.pk)
    may = [
        (one.pk, f"{one.printed_name} ({one.specialty})" if one.specialty else one.printed_name)
        for one in User.objects.acting_as(Role.BOARD_MEMBER)
        if hand_over_refusal(case, one, by=person, board=board, overlaps=overlaps) is None
    ]
    to = form.fields["to"]
    assert isinstance(to, forms.ModelChoiceField)
    to.choices = [("", _("Choose a member") if may else _("Nobody else can take it")), *may]
    return form


def lines_for(person: User, roles: frozenset[str], closed: frozenset[int]) -> list[dict[str, Any]]:
    """What the person is invited to and did not answer, then what they accepted and did not sign: lines of the home.

    Each with why they cannot accept it now (empty where they can). One query where there is none.
    """
    rows = ReviewInvitation.objects.live().filter(member=person).exclude(edition__article__in=closed)
    found = list(rows.select_related("by", "edition__review", "edition__article__owner").order_by("until", "pk"))
    cases = workflow.cases_of([_review_of(row) for row in found if row.state == OPEN]) if found else {}
    today = timezone.localdate()
    lines = [_line(row, cases, person, roles) | {"is_late": row.until < today} for row in found]
    return sorted(lines, key=lambda one: one["is_accepted"])


def _review_of(row: ReviewInvitation) -> Review:
    review = row.edition.review
    review.edition = row.edition
    return review


def _line(
    row: ReviewInvitation, cases: Mapping[int, rules.Case], person: User, roles: frozenset[str]
) -> dict[str, Any]:
    case = cases.get(row.edition_id)
    why = workflow.refusal("accept-invitation", case, by=person, roles=roles) if case else None
    overdue = rules.declaration_in_date(case, person, roles) if case else None
    return {
        "row": row,
        "is_accepted": row.state == Step.ACCEPTED,
        "why_not": why or "",
        "is_overdue": bool(why) and why == overdue,
        "is_stated": bool(case and person.pk in case.stated),
    }
