"""The site's own texts: a form, what others changed meanwhile, and the history of versions."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from reversion.models import Version

from articles import site
from articles.models import Site
from people.models import User

MOST_VERSIONS = 30


class SettingsForm(forms.ModelForm):
    """Every text of the site, the version that the edit began from, and what was changed, in a sentence."""

    base_version = forms.IntegerField(widget=forms.HiddenInput)
    comment = forms.CharField(
        label=gettext_lazy("What you changed, and why"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("For the history below."),
    )

    class Meta:
        model = Site
        fields = (
            "name",
            "tagline",
            "contact",
            "licence",
            "disclaimer",
            "disclaimer_plain",
            "country",
            "emergency_text",
            "policy_preface",
            "about",
        )
        widgets = {
            name: forms.Textarea(attrs={"rows": rows})
            for name, rows in (
                ("disclaimer", 4),
                ("disclaimer_plain", 4),
                ("emergency_text", 2),
                ("policy_preface", 5),
                ("about", 6),
            )
        }


def settings(request: HttpRequest) -> HttpResponse:
    """GET: the texts. POST: save them; 409 with both texts where somebody else saved meanwhile."""
    person = request.user
    assert isinstance(person, User)
    now = site.current()
    base = now.version if Site.objects.exists() else 0
    if request.method != "POST":
        return _page(request, SettingsForm(instance=now, initial={"base_version": base}))
    form = SettingsForm(request.POST, instance=site.current())
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        site.save(
            form.save(commit=False),
            by=person,
            comment=form.cleaned_data["comment"],
            base_version=form.cleaned_data["base_version"],
        )
    except site.Conflict as conflict:
        # The next save knows of the newest texts, which stand beside one's own.
        again = request.POST.copy()
        again["base_version"] = str(conflict.current.version)
        form = SettingsForm(again, instance=Site(pk=1))
        form.is_valid()
        return _page(request, form, theirs=_theirs(form, conflict.current), status=409)
    messages.success(request, _("Saved. Public pages are being made anew and show it within a minute."))
    return redirect("desk:settings")


def _theirs(form: SettingsForm, current: Site) -> list[dict[str, Any]]:
    """The fields in which the newest saved texts differ from what this person wrote."""
    return [
        {"label": form.fields[name].label, "text": getattr(current, name)}
        for name in form._meta.fields or ()
        if getattr(current, name) != form.cleaned_data.get(name)
    ]


def _page(
    request: HttpRequest, form: SettingsForm, *, theirs: list[dict[str, Any]] | None = None, status: int = 200
) -> HttpResponse:
    return render(
        request,
        "desk/settings/page.html",
        {"section": "settings", "form": form, "theirs": theirs or [], "history": _history()},
        status=status,
    )


def _history() -> list[dict[str, Any]]:
    """The newest versions first: who saved, when, why, and which texts differ from the version before."""
    rows = list(Version.objects.get_for_object_reference(Site, 1).select_related("revision__user")[: MOST_VERSIONS + 1])
    labels = {name: field.label for name, field in SettingsForm().fields.items()}
    history = []
    for newer, older in pairwise([*rows, None]):
        assert newer is not None
        before = older.field_dict if older else {}
        changed = [
            labels[name] for name, text in newer.field_dict.items() if name in labels and before.get(name) != text
        ]
        history.append({"revision": newer.revision, "changed": changed if older else []})
    return history[:MOST_VERSIONS]
