"""The forms of the library: fields and their words. What a work may hold `references.library` says."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from references import names
from references.models import Kind, Reference, Status
from references.works import FIELDS, LONGEST_ABSTRACT


class ReferenceForm(forms.Form):
    """One work. The key is asked for once, when the work is new."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Kind.choices, initial=Kind.OTHER)
    title = forms.CharField(
        label=gettext_lazy("Title"),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("A work needs a title.")},
    )
    authors = forms.CharField(
        label=gettext_lazy("Authors"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "One on each line: Family, Given. A line without a comma is an organisation; one that holds commas stands "
            "in braces: {Pfizer, Inc.}."
        ),
    )
    container = forms.CharField(label=gettext_lazy("Journal, book or site"), required=False)
    publisher = forms.CharField(label=gettext_lazy("Publisher"), required=False)
    year = forms.IntegerField(label=gettext_lazy("Year"), required=False)
    month = forms.IntegerField(label=gettext_lazy("Month"), required=False)
    day = forms.IntegerField(label=gettext_lazy("Day"), required=False)
    volume = forms.CharField(label=gettext_lazy("Volume"), required=False)
    issue = forms.CharField(label=gettext_lazy("Issue"), required=False)
    pages = forms.CharField(label=gettext_lazy("Pages"), required=False)
    doi = forms.CharField(label="DOI", required=False, help_text=gettext_lazy("In any form: an address will do."))
    pmid = forms.CharField(label="PMID", required=False)
    pmcid = forms.CharField(label="PMCID", required=False)
    isbn = forms.CharField(label="ISBN", required=False)
    url = forms.CharField(label=gettext_lazy("Address"), required=False, help_text="https://…")
    accessed_on = forms.DateField(
        label=gettext_lazy("Accessed on"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    abstract = forms.CharField(
        label=gettext_lazy("Abstract"),
        required=False,
        max_length=LONGEST_ABSTRACT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    status = forms.ChoiceField(
        label=gettext_lazy("Status"),
        choices=Status.choices,
        initial=Status.CURRENT,
        help_text=gettext_lazy("A retracted or superseded work is flagged wherever it is cited."),
    )
    key = forms.CharField(
        label=gettext_lazy("Key"),
        required=False,
        help_text=gettext_lazy("What authors write: [@key]. Leave it empty to get author-year-word."),
    )
    comment = forms.CharField(
        label=gettext_lazy("What did you change?"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("A few words for the history of the work."),
    )

    def __init__(self, *args: Any, reference: Reference, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.reference = reference
        if reference.pk:
            del self.fields["key"]
        else:
            del self.fields["comment"]

    def fill(self, reference: Reference) -> None:
        """Write what the form holds into the row, which is not saved here. Needs a valid form."""
        data = self.cleaned_data
        for name in FIELDS:
            if name in data and name != "authors":
                setattr(reference, name, data[name])
        reference.authors = names.from_lines(data["authors"], before=reference.authors)


def initial_of(reference: Reference) -> dict[str, Any]:
    """What the form of a work shows first."""
    return {name: getattr(reference, name) for name in FIELDS} | {"authors": names.to_lines(reference.authors)}
