"""Invitations as editors see them: whom to invite to an edition's round, what became of it, and all that are open."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles import editions
from articles.models import Edition
from desk.access import closed_to, edition_for, person_of
from desk.reviewing import pages
from people.models import Role, User
from reviews import invitations, workflow
from reviews.models import IN_HAND, ReviewInvitation
from reviews.suggesting import candidates
from reviews.workflow.inviting import due_by_policy, earlier_members

PAGE = 30


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class MembersField(forms.ModelMultipleChoiceField):
    """Members by key. A key that no database holds is no member."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except OverflowError:
            raise ValidationError(self.error_messages["invalid_choice"], params={"value": "…"}) from None


class InviteForm(forms.Form):
    """Whom to invite, until when, and a word to them. The members stand in the page's table."""

    members = MembersField(
        queryset=User.objects.none(),
        error_messages={"required": gettext_lazy("Choose whom to invite.")},
    )
    due_on = forms.DateField(
        label=gettext_lazy("Verdict by"),
        required=False,
        widget=DayInput,
        help_text=gettext_lazy("Empty: as the policy of this round says."),
    )
    note = forms.CharField(
        label=gettext_lazy("A word to them"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It stands in the mail and is kept with the record. No details of a patient, please."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = self.fields["members"]
        assert isinstance(members, forms.ModelMultipleChoiceField)
        members.queryset = User.objects.acting_as(Role.BOARD_MEMBER)


class LaterForm(forms.Form):
    due_on = forms.DateField(label=gettext_lazy("New day"), widget=DayInput)


def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the round's invitations, and every board member. POST: invite those chosen, or (`action=again`) those of the
    round before. A refusal comes back as a sentence, 409, with what was chosen and written.
    """
    edition = edition_for(request, pk)
    if request.method != "POST":
        return _page(request, edition, None)
    form = InviteForm(request.POST)
    is_again = request.POST.get("action") == "again"
    if is_again:
        form.fields["members"].required = False
    if not form.is_valid():
        return _page(request, edition, form, status=422)
    said = {"by": person_of(request), "due_on": form.cleaned_data["due_on"], "note": form.cleaned_data["note"]}
    try:
        if is_again:
            made, why_not = workflow.invite_again(edition, **said)
        else:
            made, why_not = workflow.invite(edition, members=list(form.cleaned_data["members"]), **said), []
    except workflow.Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, edition, form, status=409)
    names = get_text_list([one.member.name for one in made], _("and"))
    messages.success(request, _("Invited: %(names)s. They are told.") % {"names": names})
    for sentence in why_not:
        messages.warning(request, sentence)
    return redirect("desk:review_invite", pk)


def change(request: HttpRequest, pk: int, invitation: int) -> HttpResponse:
    """POST on one invitation of this edition: `action=withdraw` with a `reason` or none, or `extend` to `due_on`."""
    edition = edition_for(request, pk)
    row = get_object_or_404(ReviewInvitation.objects.select_related("member"), pk=invitation, edition=edition)
    row.edition = edition
    person, action = person_of(request), request.POST.get("action")
    later = LaterForm(request.POST)
    if action == "extend" and not later.is_valid():
        sentence = _("Choose the new day.")
        return _page(request, edition, None, acted_on=row.pk, refused=sentence, status=422)
    try:
        if action == "extend":
            workflow.extend_invitation(row, by=person, due_on=later.cleaned_data["due_on"])
            done = _("%(name)s has more time, and is told.")
        elif action == "withdraw":
            workflow.withdraw_invitation(row, by=person, reason=request.POST.get("reason", "")[:1_000])
            done = _("The invitation of %(name)s is withdrawn. They are told.")
        else:
            return _page(request, edition, None, acted_on=row.pk, refused=_("Choose what to do."), status=422)
    except workflow.Refused as refused:
        return _page(request, edition, None, acted_on=row.pk, refused=str(refused), status=409)
    messages.success(request, done % {"name": row.member.name})
    return redirect("desk:review_invite", pk)


def open_invitations(request: HttpRequest) -> HttpResponse:
    """GET: every invitation that waits for an answer or a verdict, the earliest day first. `?late=1`: those overdue."""
    today, is_late = timezone.localdate(), request.GET.get("late") == "1"
    rows = ReviewInvitation.objects.live().exclude(edition__article__in=closed_to(request))
    late = rows.filter(until__lt=today)
    shown = (late if is_late else rows).select_related("edition__review", "member", "by")
    shown = shown.defer("edition__source", "edition__frozen").order_by("until", "at", "pk")
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "desk/reviewing/invitations.html",
        {
            "section": "reviews",
            "page_obj": page,
            "entries": [{"row": row, "is_late": row.until < today} for row in page],
            "is_late": is_late,
            "query": "late=1" if is_late else "",
            "late_count": page.paginator.count if is_late else late.count(),
        },
    )


def _page(
    request: HttpRequest,
    edition: Edition,
    form: InviteForm | None,
    *,
    acted_on: int | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    context = pages.frame(request, edition, editions.read(edition))
    case, person, today = context["case"], person_of(request), timezone.localdate()
    members = candidates(case, by=person, today=today)
    chosen = set(request.POST.getlist("members"))
    rows = [
        {
            "row": one,
            "is_live": one.state in IN_HAND and one.member_id not in case.judged_by,
            "has_signed": one.member_id in case.judged_by,
            "is_late": one.until < today,
            "answer": _newest_answer(one),
            "refused": refused if one.pk == acted_on else "",
        }
        for one in invitations.of_round(edition)
    ]
    again = [one for one in earlier_members(edition) if case.invited.get(one.pk) not in IN_HAND]
    again = [one for one in again if one.pk not in case.judged_by]
    default = {"due_on": due_by_policy(case, today)}
    return render(
        request,
        "desk/reviewing/invite.html",
        context
        | {
            "tab": "invitations",
            "form": form or InviteForm(initial=default),
            "rows": rows,
            "may_be_invited": [
                {"one": one, "is_chosen": str(one.member.pk) in chosen, "median": in_words(one.history.median_days)}
                for one in members
                if not one.refusal
            ],
            "may_not": [one for one in members if one.refusal],
            "again": get_text_list([one.name for one in again], _("and")) if again else "",
            "tomorrow": today + datetime.timedelta(days=1),
        },
        status=status,
    )


def _newest_answer(row: ReviewInvitation) -> Any:
    """The step that set the invitation's state; None while it is open."""
    return next((step for step in reversed(row.steps.all()) if step.kind == row.state), None)


def in_words(days: float | None) -> str:
    """A median of days as a person says it; a dash for none."""
    if days is None:
        return "–"
    whole = round(days)
    return ngettext("%(days)d day", "%(days)d days", whole) % {"days": whole} if whole else _("under a day")
