"""Inviting somebody, taking an invitation back, and the page that its link opens."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from desk.people.forms import AcceptForm, InviteForm
from people import inviting, roles
from people.models import Invitation, User

LINK_KEY = "invitation_link"
"""Where the session holds a new link until it was shown once."""


def invite(request: HttpRequest) -> HttpResponse:
    """GET: the form, and once the link of the invitation that was just made. POST: invite."""
    actor = request.user
    assert isinstance(actor, User)
    if request.method != "POST":
        shown = request.session.pop(LINK_KEY, None)
        form = InviteForm(initial={"email": request.GET.get("email", "")})
        return render(request, "desk/people/invite.html", {"section": "people", "form": form, "made": shown})
    form = InviteForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            made, token = inviting.invite(by=actor, **form.cleaned_data)
        except roles.Refused as refused:
            form.add_error("email", str(refused))
            status = 409
        else:
            request.session[LINK_KEY] = {"email": made.email, "link": inviting.link_of(token)}
            messages.success(request, _("The invitation goes to %(email)s.") % {"email": made.email})
            return redirect("desk:invite")
    return render(request, "desk/people/invite.html", {"section": "people", "form": form}, status=status)


def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: end an open invitation."""
    actor = request.user
    assert isinstance(actor, User)
    row = get_object_or_404(Invitation, pk=pk)
    inviting.withdraw(row, by=actor)
    messages.success(request, _("The link for %(email)s no longer works.") % {"email": row.email})
    return redirect("desk:people")


@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """GET: the form of a new account. POST: make it and sign in. 410 where the link no longer works."""
    found = inviting.open_with(token)
    if found is None:
        return render(request, "desk/people/invitation_gone.html", status=410)
    if request.method != "POST":
        form = AcceptForm(
            email=found.email,
            initial={"name": found.name, "credentials": found.credentials, "specialty": found.specialty},
        )
        return render(request, "desk/people/invitation.html", {"form": form, "invitation": found})
    form = AcceptForm(request.POST, email=found.email)
    if not form.is_valid():
        return render(request, "desk/people/invitation.html", {"form": form, "invitation": found}, status=422)
    try:
        user = inviting.accept(token, **form.cleaned_data)
    except roles.Refused as refused:
        form.add_error(None, str(refused))
        return render(request, "desk/people/invitation.html", {"form": form, "invitation": found}, status=409)
    login(request, user)
    messages.success(request, _("Your account is ready. You can switch on a second factor under “My account”."))
    return redirect("desk:home")
