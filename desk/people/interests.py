"""One's own declaration of interests: made in one tap where there is nothing to declare, renewed in one, kept."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from desk.access import person_of
from desk.people.forms import InterestsForm
from people import interests as declaring
from people.models import Category, Declaration


def interests(request: HttpRequest) -> HttpResponse:
    """GET: the newest declaration, the form and the earlier ones. POST: declare, by `action`: nothing, same or words.

    `next` leads back to where the person came from, a page of this site.
    """
    person = person_of(request)
    onward = _onward(request)
    newest = declaring.current(person)
    if request.method != "POST":
        return _page(request, newest, InterestsForm(initial=_initial(newest)), onward)
    action, form = request.POST.get("action", ""), InterestsForm(request.POST)
    if action == "nothing":
        row: Declaration | None = declaring.declare(person, {})
    elif action == "same":
        row = declaring.renew(person)
    else:
        row = declaring.declare(person, form.cleaned_data) if form.is_valid() else None
    if row is None:
        return _page(request, newest, form, onward, status=422)
    messages.success(
        request,
        _("Your declaration is on record. It is in date until %(day)s.") % {"day": date_format(row.renew_by, "j F Y")},
    )
    return redirect(onward or "desk:interests")


def _onward(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=request.is_secure())
    return wanted if safe and wanted.startswith("/") else ""


def _initial(newest: Declaration | None) -> dict[str, str]:
    """The fields as the newest declaration fills them; what was declared in free words stands under the last one."""
    said = {one["category"]: one["text"] for one in newest.entries} if newest else {}
    earlier = said.pop(Category.EARLIER, "")
    if earlier:
        said[Category.OTHER.value] = " ".join(filter(None, [earlier, said.get(Category.OTHER, "")]))
    return said


def _page(
    request: HttpRequest, newest: Declaration | None, form: InterestsForm, onward: str, *, status: int = 200
) -> HttpResponse:
    earlier = Declaration.objects.filter(person=person_of(request)).order_by("-at", "-pk")[1:]
    return render(
        request,
        "desk/people/interests.html",
        {
            "section": "account",
            "newest": newest,
            "earlier": list(earlier),
            "form": form,
            "onward": onward,
            "months": declaring.VALID_MONTHS,
        },
        status=status,
    )
