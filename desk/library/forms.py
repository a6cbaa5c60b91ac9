"""The form of a work: its fields, their words and their groups. What a work may hold `references.library` says."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from references import names
from references.models import Kind, Reference, Type
from references.works import FIELDS, LONGEST_ABSTRACT

NAMES = ("authors", "editors")


def _line(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, help_text=help_text)


def _lines(label: Any, rows: int, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=False, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows})
    )


class ReferenceForm(forms.Form):
    """One work. A status is not asked for here: it follows the flags, which are reported on the work's page."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=Kind.choices,
        initial=Kind.OTHER,
        help_text=gettext_lazy("What it is as evidence."),
    )
    type = forms.ChoiceField(
        label=gettext_lazy("Form of publication"),
        choices=[("", gettext_lazy("as the fields show")), *Type.choices],
        required=False,
        help_text=gettext_lazy("How it was published: it is cited by that."),
    )
    title = forms.CharField(
        label=gettext_lazy("Title"),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("A work needs a title.")},
    )
    authors = _lines(
        gettext_lazy("Authors"),
        5,
        gettext_lazy(
            "One on each line: Family, Given. A line without a comma is an organisation; one that holds commas stands "
            "in braces: {Pfizer, Inc.}."
        ),
    )
    container = _line(gettext_lazy("Journal, book or site"))
    year = forms.IntegerField(label=gettext_lazy("Year"), required=False)
    month = forms.IntegerField(label=gettext_lazy("Month"), required=False)
    day = forms.IntegerField(label=gettext_lazy("Day"), required=False)
    volume = _line(gettext_lazy("Volume"))
    issue = _line(gettext_lazy("Issue"))
    pages = _line(gettext_lazy("Pages"))
    doi = _line("DOI", gettext_lazy("In any form: an address will do."))
    pmid = _line("PMID")
    pmcid = _line("PMCID")
    nct = _line(gettext_lazy("Trial number"), gettext_lazy("Of ClinicalTrials.gov: NCT and eight digits."))
    isbn = _line("ISBN")
    issn = _line("ISSN")
    url = _line(gettext_lazy("Address"), "https://…")
    accessed_on = forms.DateField(
        label=gettext_lazy("Accessed on"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    publisher = _line(gettext_lazy("Publisher"))
    place = _line(gettext_lazy("Place of publication"))
    editors = _lines(gettext_lazy("Editors"), 3, gettext_lazy("As the authors: one on each line."))
    edition = _line(gettext_lazy("Edition"), gettext_lazy("A number or words: 2nd, revised."))
    series = _line(gettext_lazy("Series"))
    number = _line(gettext_lazy("Number"), gettext_lazy("Of a report, or of an article without pages."))
    version = _line(gettext_lazy("Version"))
    genre = _line(gettext_lazy("Genre"), gettext_lazy("As the title page names it: doctoral thesis."))
    container_short = _line(gettext_lazy("Journal’s abbreviation"), gettext_lazy("As in PubMed: N Engl J Med."))
    abstract = forms.CharField(
        label=gettext_lazy("Abstract"),
        required=False,
        max_length=LONGEST_ABSTRACT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    key = _line(gettext_lazy("Key"))
    comment = forms.CharField(
        label=gettext_lazy("What did you change?"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("A few words for the history of the work."),
    )
    base = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, reference: Reference, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.reference = reference
        if reference.pk:
            self.fields["key"].help_text = gettext_lazy(
                "What authors write: [@key]. Where you change it, the old one goes on leading here."
            )
        else:
            self.fields["key"].help_text = gettext_lazy(
                "What authors write: [@key]. Leave it empty to get author-year-word."
            )
            del self.fields["comment"], self.fields["base"]

    @property
    def opens_rare(self) -> bool:
        """Whether one of the rarer fields says something, or is wrong."""
        rare = ("editors", "edition", "series", "number", "version", "genre", "container_short", "publisher", "place")
        return any(self[name].value() or self[name].errors for name in rare)

    def fill(self, reference: Reference) -> None:
        """Write what the form holds into the row, which is not saved here. Needs a valid form."""
        data = self.cleaned_data
        for name in FIELDS:
            if name in data and name not in NAMES:
                setattr(reference, name, data[name])
        for name in NAMES:
            setattr(reference, name, names.from_lines(data[name], before=getattr(reference, name)))


def initial_of(reference: Reference) -> dict[str, Any]:
    """What the form of a work shows first, and of which moment that is."""
    values = {name: getattr(reference, name) for name in FIELDS}
    values |= {name: names.to_lines(getattr(reference, name)) for name in NAMES}
    return values | {"base": reference.updated_at.isoformat() if reference.pk else ""}
