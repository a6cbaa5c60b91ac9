"""One's own name and credentials. Roles are not among them: an administrator gives those."""

from __future__ import annotations

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from desk.people.forms import ProfileForm
from people import interests
from people.models import Appointment, User


def profile(request: HttpRequest) -> HttpResponse:
    """GET: the form. POST: save it; errors come back beside their fields, with what was typed."""
    assert isinstance(request.user, User)
    # A copy: a form that fails leaves its values on the object, and the frame shows the person's name.
    person = User.objects.get(pk=request.user.pk)
    form = ProfileForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved. What you signed before keeps the words of its day."))
        return redirect("desk:profile")
    return render(
        request,
        "desk/people/profile.html",
        {
            "section": "account",
            "form": form,
            "held": Appointment.objects.on(timezone.localdate()).filter(user=person),
            "declaration": interests.current(person),
            "has_second_factor": is_mfa_enabled(person),
        },
        status=422 if request.method == "POST" else 200,
    )
