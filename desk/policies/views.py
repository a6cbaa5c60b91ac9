"""Policies of review: what each kind of answer needs today, and a form that writes the next version."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import policies as rules
from articles.models import AnswerKind
from articles.policy import Policy
from desk.access import person_of

MOST_VERSIONS = 50


class PolicyForm(forms.Form):
    """One version of a policy, as an editor writes it. What it may hold `articles.policies` says."""

    verdicts_needed = forms.IntegerField(
        label=gettext_lazy("Verdicts needed"),
        help_text=gettext_lazy("How many members sign before a round ends in anything but an approval."),
    )
    approvals_needed = forms.IntegerField(label=gettext_lazy("Of these, approvals needed"))
    specialties = forms.CharField(
        label=gettext_lazy("Specialties among those who approve"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("One a line, worded as in the members’ accounts."),
    )
    days = forms.IntegerField(label=gettext_lazy("Days for a review"))
    review_again_after_months = forms.IntegerField(label=gettext_lazy("Months until the next review"))
    checklist = forms.CharField(
        label=gettext_lazy("Checklist"),
        required=False,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("One item a line. Each member answers every item, and the answers are signed with it."),
    )
    independent = forms.BooleanField(
        label=gettext_lazy("Members see what others signed only after they have signed themselves"), required=False
    )
    caution_allowed = forms.BooleanField(
        label=gettext_lazy("An editor may release with caution while the review is pending"), required=False
    )
    is_ended = forms.BooleanField(label=gettext_lazy("Follow the general policy again"), required=False)
    note = forms.CharField(
        label=gettext_lazy("What did you change, and why?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    base_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, kind: AnswerKind | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (least, most) in rules.LIMITS.items():
            self.fields[name].widget.attrs |= {"min": least, "max": most}
        if kind is None or not rules.version_of(kind):
            del self.fields["is_ended"]

    def said(self) -> dict[str, Any]:
        """What the editor wrote, as `articles.policies.write` takes it."""
        lines = {name: self.cleaned_data[name].split("\n") for name in ("specialties", "checklist")}
        return self.cleaned_data | lines


def policies(request: HttpRequest) -> HttpResponse:
    """GET: the general policy and that of each kind, as they are in force."""
    general, own = rules.all_in_force()
    of_kinds = {kind.pk: policy for kind, policy in own}
    kinds = [{"kind": kind, "policy": of_kinds.get(kind.pk)} for kind in AnswerKind.objects.all()]
    return render(request, "desk/policies/list.html", {"section": "reviews", "general": general, "kinds": kinds})


def policy(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """GET: a policy as a form, with its history. POST: write the next version; 422, or 409 when too late."""
    kind = get_object_or_404(AnswerKind, pk=pk) if pk else None
    if request.method != "POST":
        initial = _initial(rules.in_force(kind), rules.version_of(kind))
        return _page(request, kind, PolicyForm(initial=initial, kind=kind))
    form = PolicyForm(request.POST, kind=kind)
    if not form.is_valid():
        return _page(request, kind, form, status=422)
    try:
        row = rules.write(kind, by=person_of(request), **form.said())
    except rules.Conflict:
        again = request.POST.copy()
        again["base_version"] = str(rules.version_of(kind))
        form = PolicyForm(again, kind=kind)
        form.is_valid()
        return _page(request, kind, form, is_late=True, status=409)
    except ValidationError as error:
        for field, sentences in error.message_dict.items():
            form.add_error(field, sentences)
        return _page(request, kind, form, status=422)
    messages.success(
        request,
        _("Version %(version)d is in force from the next submission on. Rounds that are open keep theirs.")
        % {"version": row.version},
    )
    return redirect("desk:policies")


def _initial(policy: Policy, version: int) -> dict[str, Any]:
    shown = rules.with_items(policy) if version <= Policy().version else policy
    data = policy.as_data()
    return data | {
        "specialties": "\n".join(policy.specialties),
        "checklist": "\n".join(item["label"] for item in shown.checklist),
        "base_version": version,
    }


def _page(
    request: HttpRequest, kind: AnswerKind | None, form: PolicyForm, *, is_late: bool = False, status: int = 200
) -> HttpResponse:
    history = rules.rows_of(kind).select_related("by", "kind")[:MOST_VERSIONS]
    return render(
        request,
        "desk/policies/policy.html",
        {
            "section": "reviews",
            "kind": kind,
            "has_own": bool(kind and rules.in_force(kind).kind),
            "form": form,
            "is_late": is_late,
            "history": [{"row": row, "policy": rules.as_policy(row)} for row in history],
        },
        status=status,
    )
