"""The people with an account, and each of them: name, roles with their terms, and leaving."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article
from desk.people.forms import LeaveForm, PersonForm, RoleForm
from desk.people.leaving import leave
from people import roles
from people.models import Appointment, Invitation, Role, User


def people(request: HttpRequest) -> HttpResponse:
    """GET: everybody with an account and the invitations that are open."""
    today = timezone.localdate()
    held = Prefetch("appointments", queryset=Appointment.objects.on(today), to_attr="held")
    return render(
        request,
        "desk/people/list.html",
        {
            "section": "people",
            "active": User.objects.filter(is_active=True).prefetch_related(held).order_by("name", "pk"),
            "left": User.objects.filter(is_active=False).order_by("-left_at", "name"),
            "invitations": Invitation.objects.filter(accepted_at=None, expires_at__gt=timezone.now()).select_related(
                "invited_by"
            ),
        },
    )


def person(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: one person. POST: what `action` names, asked of the rules in `people/roles.py`; 409 where they refuse."""
    subject = get_object_or_404(User, pk=pk)
    actor = request.user
    assert isinstance(actor, User)
    if request.method != "POST":
        return _page(request, subject)
    action = request.POST.get("action", "")
    try:
        if action == "person":
            form: forms.BaseForm = PersonForm(request.POST, instance=subject)
            if not form.is_valid():
                return _page(request, User.objects.get(pk=pk), person_form=form, status=422)
            form.save()  # type: ignore[attr-defined]
            done = _("Saved. What was signed before keeps the name and credentials of its day.")
        elif action == "appoint":
            form = RoleForm(request.POST)
            if not form.is_valid():
                return _page(request, subject, role_form=form, status=422)
            row = roles.appoint(subject, by=actor, **form.cleaned_data)
            done = _("%(name)s acts as %(role)s.") % {"name": subject, "role": row.get_role_display()}
        elif action == "end":
            role = request.POST.get("role", "")
            roles.end(subject, role=role, by=actor)
            done = _("The role was taken back. It holds from now on.")
        elif action == "leave":
            form = _leave_form(subject, request.POST)
            if not form.is_valid():
                return _page(request, subject, leave_form=form, status=422)
            count = leave(subject, by=actor, successor=form.cleaned_data["successor"])
            done = _("The account is closed. Articles handed over: %(count)d.") % {"count": count}
        elif action == "return":
            roles.reactivate(subject, by=actor)
            done = _("The account is open again, without any role yet.")
        else:
            return _page(request, subject, status=422)
    except roles.Refused as refused:
        return _page(request, User.objects.get(pk=pk), refused=str(refused), status=409)
    messages.success(request, done)
    return redirect("desk:person", pk)


def _leave_form(subject: User, data: Any = None) -> LeaveForm:
    return LeaveForm(data, leaver=subject, owns=Article.objects.filter(owner=subject).exists())


def _page(
    request: HttpRequest,
    subject: User,
    *,
    person_form: forms.BaseForm | None = None,
    role_form: forms.BaseForm | None = None,
    leave_form: forms.BaseForm | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    actor = request.user
    assert isinstance(actor, User)
    today = timezone.localdate()
    return render(
        request,
        "desk/people/person.html",
        {
            "section": "people",
            "person": subject,
            "held": Appointment.objects.on(today).filter(user=subject),
            "past": Appointment.objects.filter(user=subject, ends_on__lt=today).order_by("-ends_on"),
            "owned": Article.objects.filter(owner=subject).order_by("question"),
            "why_not": roles.refusal(subject, by=actor),
            "person_form": person_form or PersonForm(instance=subject),
            "role_form": role_form or RoleForm(initial={"role": Role.AUTHOR}),
            "leave_form": leave_form or _leave_form(subject),
            "refused": refused,
        },
        status=status,
    )
