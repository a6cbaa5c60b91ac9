"""Interests in one article under review: a member states theirs or steps back, an editor sets who takes what part."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import editions
from articles.models import Edition
from desk.access import edition_for, person_of
from desk.reviewing import pages
from people import interests as declaring
from people.models import Declaration, Role, User
from reviews import interests, workflow
from reviews.models import Grade, Part, Verdict


class StatementForm(forms.Form):
    """An interest in this article, and what it means for the member's part."""

    what = forms.CharField(
        label=gettext_lazy("What it is"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 3}), strip=True
    )
    with_whom = forms.CharField(label=gettext_lazy("With whom"), max_length=300)
    grade = forms.ChoiceField(
        label=gettext_lazy("Your part in this review"),
        choices=[
            (Grade.FULL.value, gettext_lazy("I can judge this answer fairly: full part")),
            (Grade.NO_VOTE.value, gettext_lazy("I discuss it, but do not vote")),
            (Grade.EXCLUDED.value, gettext_lazy("I take no part: the answer is closed to me from now on")),
        ],
        initial=Grade.FULL,
        widget=forms.RadioSelect,
    )


class PartForm(forms.Form):
    """The part that an editor gives a member."""

    member = forms.ModelChoiceField(
        label=gettext_lazy("Board member"), queryset=User.objects.none(), empty_label=gettext_lazy("Choose a member")
    )
    grade = forms.ChoiceField(label=gettext_lazy("Part"), choices=Grade.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It is kept with the record, and the member reads it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        member = self.fields["member"]
        assert isinstance(member, forms.ModelChoiceField)
        member.queryset = User.objects.acting_as(Role.BOARD_MEMBER)


def state_interests(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the form. POST: state none (`action=none`), or what and with whom, and step back where that was chosen.

    409 with the sentence of a refusal; the words come back. `next=decide` leads on to the decision.
    """
    edition, person = edition_for(request, pk), person_of(request)
    if request.method != "POST":
        return _statement_page(request, edition, StatementForm(initial=_stated(edition, person)))
    form = StatementForm(request.POST)
    is_none = request.POST.get("action") == "none"
    if not is_none and not form.is_valid():
        return _statement_page(request, edition, form, status=422)
    said = {} if is_none else {name: form.cleaned_data[name] for name in ("what", "with_whom")}
    grade = Grade.FULL if is_none else Grade(form.cleaned_data["grade"])
    try:
        if grade == Grade.FULL:
            workflow.state_interests(edition, by=person, **said)
        else:
            workflow.recuse(edition, by=person, grade=grade, **said)
    except workflow.Refused as refused:
        return _statement_page(
            request, edition, StatementForm(initial=request.POST.dict()), refused=str(refused), status=409
        )
    if grade == Grade.EXCLUDED:
        messages.success(request, _("You take no part in this review: the answer is closed to you. Editors are told."))
        return redirect("desk:home")
    messages.success(request, _("What you stated is on record for this review."))
    return redirect("desk:decide" if request.POST.get("next") == "decide" else "desk:review", pk)


def _stated(edition: Edition, person: User) -> dict[str, str]:
    row = interests.stated_in([edition.pk])[edition.pk].get(person.pk)
    return {"what": row.what, "with_whom": row.with_whom} if row else {}


def _statement_page(
    request: HttpRequest, edition: Edition, form: StatementForm, *, refused: str = "", status: int = 200
) -> HttpResponse:
    context = pages.frame(request, edition, editions.read(edition))
    return render(
        request,
        "desk/reviewing/interests.html",
        context | {"form": form, "refused": refused, "onward": request.GET.get("next") or request.POST.get("next", "")},
        status=status,
    )


def parts(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: every board member with what bears on their part here. POST: set one, with a reason; 409 where refused."""
    edition, person = edition_for(request, pk), person_of(request)
    if request.method != "POST":
        return _parts_page(request, edition, PartForm(initial={"member": request.GET.get("member")}))
    form = PartForm(request.POST)
    if not form.is_valid():
        return _parts_page(request, edition, form, status=422)
    try:
        row = workflow.set_part(edition, by=person, **form.cleaned_data)
    except workflow.Refused as refused:
        form.add_error(None, str(refused))
        return _parts_page(request, edition, form, status=409)
    messages.success(
        request,
        _("%(name)s: %(part)s. They are told, with your reason.")
        % {"name": row.member, "part": row.get_grade_display()},
    )
    return redirect("desk:parts", pk)


def _parts_page(request: HttpRequest, edition: Edition, form: PartForm, *, status: int = 200) -> HttpResponse:
    context = pages.frame(request, edition, editions.read(edition))
    return render(
        request,
        "desk/reviewing/parts.html",
        context
        | {
            "tab": "parts",
            "form": form,
            "members": members_for(edition, context["case"]),
            "history": Part.objects.filter(article=edition.article_id).select_related("by").order_by("-at", "-pk"),
        },
        status=status,
    )


def members_for(edition: Edition, case: Any) -> list[dict[str, Any]]:
    """The board members of today with all that bears on their part. A few queries, however many members."""
    members = list(User.objects.acting_as(Role.BOARD_MEMBER))
    byline = list(User.objects.filter(pk__in=case.contributor_ids | case.writer_ids).order_by("name", "pk"))
    stated = interests.stated_in([edition.pk])[edition.pk]
    newest = {row.person_id: row for row in Declaration.objects.filter(person__in=members).order_by("at", "pk")}
    signed = set(Verdict.objects.that_stand().filter(edition=edition).order_by().values_list("member", flat=True))
    return [
        {
            "member": member,
            "declaration": newest.get(member.pk),
            "stated": stated.get(member.pk),
            "wrote": member.pk in case.contributor_ids | case.writer_ids,
            "same_institution": declaring.same_institution(member, byline),
            "has_signed": member.pk in signed,
            "grade": Grade(case.parts.get(member.pk, Grade.FULL)),
        }
        for member in members
    ]
