"""Flags by hand: somebody at the desk says what is known against a work, or an editor finds that it does not hold."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.library import work as work_page
from desk.library.showing import described
from people.models import User
from references.identity import identifiers
from references.models import Event, Reference
from references.watching import flags


class FlagForm(forms.Form):
    """What somebody knows against a work, and from where."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is known"),
        choices=Event.Kind.choices,
        widget=forms.RadioSelect,
        initial="",
        error_messages={"required": gettext_lazy("Choose what is known against the work.")},
    )
    notice = forms.CharField(
        label=gettext_lazy("The notice"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Its DOI, PMID or address."),
    )
    dated = forms.DateField(
        label=gettext_lazy("Dated"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    text = forms.CharField(
        label=gettext_lazy("What it says"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("A sentence for those who meet the flag: the reason, or where you read it."),
    )

    def clean_notice(self) -> str:
        """The notice as a report names it: doi:…, pmid:…, or an address."""
        given = self.cleaned_data["notice"].strip()
        for scheme, read in (("doi", identifiers.doi), ("pmid", identifiers.pmid)):
            try:
                if found := read(given):
                    return f"{scheme}:{found}"
            except ValueError:
                continue
        if given and not given.startswith(("https://", "http://")):
            raise ValidationError(_("Give the notice's DOI, its PMID, or an address that begins with https://."))
        return given

    def clean_dated(self) -> Any:
        day = self.cleaned_data["dated"]
        if day and day > timezone.localdate():
            raise ValidationError(_("This day is still to come."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("notice") and not data.get("text"):
            self.add_error("notice", _("Name the notice, or say below where this is known from."))
        return data


def reference_flag(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the form; POST: report what it says. The work is flagged wherever it is cited, and editors are told."""
    work = get_object_or_404(Reference, pk=pk)
    form = FlagForm()
    if request.method == "POST":
        form = FlagForm(request.POST)
        if form.is_valid():
            person = request.user
            assert isinstance(person, User)
            _event, is_news = flags.report(work, source=flags.DESK, by=person, **form.cleaned_data)
            messages.success(
                request,
                _("The flag stands. Pages that cite the work show it, and those whom it concerns are told.")
                if is_news
                else _("The work was flagged so already; your report stands beside the others."),
            )
            return redirect("desk:reference", work.pk)
    return render(
        request,
        "desk/library/flag.html",
        {"section": "library", "work": work, "shown": described(work), "form": form},
        status=422 if request.method == "POST" else 200,
    )


def flag_dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """POST `why`: the event does not hold. 422 with a sentence by the field where no reason is given."""
    event = get_object_or_404(Event.objects.select_related("reference"), pk=pk)
    person = request.user
    assert isinstance(person, User)
    try:
        flags.dismiss(event, by=person, why=request.POST.get("why", ""))
    except ValidationError as error:
        return work_page.page(request, event.reference, dismissing=event.pk, error=" ".join(error.messages), status=422)
    messages.success(request, _("The flag is dismissed, with your reason. The pages that showed it follow."))
    return redirect("desk:reference", event.reference_id)
