"""How one wants to be told news: for each kind, in the desk or not, and by e-mail at once, once a day or not at all."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people import digests, notifying
from people.models import Kind, User, When
from people.notifying import MUST_REACH, Way


class KindForm(forms.Form):
    """The choice for one kind. One that must reach everybody has no switch, and no “not by e-mail”."""

    in_desk = forms.BooleanField(label=gettext_lazy("in the desk"), required=False)
    by_mail = forms.ChoiceField(label=gettext_lazy("by e-mail"), choices=When.choices)

    def __init__(self, data: Any = None, *, kind: Kind, way: Way) -> None:
        super().__init__(data, prefix=kind.value, initial=way._asdict())
        self.kind = kind
        self.must_reach = kind in MUST_REACH
        if self.must_reach:
            del self.fields["in_desk"]
            self.fields["by_mail"].choices = [  # type: ignore[attr-defined]
                choice for choice in When.choices if choice[0] != When.NEVER
            ]

    @property
    def way(self) -> Way:
        return Way(self.must_reach or self.cleaned_data["in_desk"], When(self.cleaned_data["by_mail"]))


def choices(request: HttpRequest) -> HttpResponse:
    """GET: the choices as they stand. POST: keep them; with `daily` all that goes out by mail goes into the digest."""
    person = request.user
    assert isinstance(person, User)
    ways = notifying.ways_of([person])[person.pk]
    rows = [KindForm(request.POST or None, kind=kind, way=ways[kind]) for kind in Kind]
    if request.method == "POST" and all(row.is_valid() for row in rows):
        chosen = {row.kind: row.way for row in rows}
        if "daily" in request.POST:
            chosen = {
                kind: way if way.by_mail == When.NEVER else way._replace(by_mail=When.DAILY)
                for kind, way in chosen.items()
            }
        notifying.choose(person, chosen)
        messages.success(request, _("Saved. It holds for all that happens from now on."))
        return redirect("desk:news_choices")
    return render(
        request,
        "desk/news/choices.html",
        {"section": "account", "rows": rows, "digest_at": digests.AT},
        status=422 if request.method == "POST" else 200,
    )
