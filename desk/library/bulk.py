"""Selected works of the list, changed together after a question in words."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.library.showing import described
from people.models import User
from references import bulk
from references.models import Kind, Reference


def works_kind(request: HttpRequest) -> HttpResponse:
    """GET `work` (several) and `kind`: ask whether these works are to have this kind. POST the same: change them."""
    given = request.POST if request.method == "POST" else request.GET
    numbers = list(dict.fromkeys(int(one) for one in given.getlist("work") if one.isascii() and one.isdigit()))
    numbers = [number for number in numbers if number < 2**63][: bulk.MOST]
    kind = given.get("kind", "")
    error = ""
    if request.method == "POST" and numbers and kind in Kind.values:
        person = request.user
        assert isinstance(person, User)
        comment = given.get("comment", "").strip()[:2000] or _("Kind changed together with others")
        try:
            count = bulk.change_kind(numbers, kind, by=person, comment=comment)
        except ValidationError as refused:
            error = " ".join(refused.messages)
        else:
            label = Kind(kind).label
            messages.success(
                request,
                ngettext("%(count)d work is a %(kind)s now.", "%(count)d works have the kind %(kind)s now.", count)
                % {"count": count, "kind": label}
                if count
                else _("They all had the kind %(kind)s already; nothing changed.") % {"kind": label},
            )
            return redirect("desk:library")
    works = [described(work) for work in Reference.objects.filter(pk__in=numbers).defer("search_text")]
    return render(
        request,
        "desk/library/works_kind.html",
        {
            "section": "library",
            "works": works,
            "kind": kind if kind in Kind.values else "",
            "kind_label": Kind(kind).label if kind in Kind.values else "",
            "kinds": Kind.choices,
            "error": error,
        },
        status=422 if request.method == "POST" else 200,
    )
