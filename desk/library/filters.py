"""What the library's list can be narrowed and ordered by, as one form and one function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import citing
from references import ages
from references.models import Check, Kind, Likeness, Reference, Relation, Status, Type
from references.searching import finding

LONGEST_QUERY = 300
Narrow = Callable[[QuerySet[Reference]], QuerySet[Reference]]


def _without_identifier(rows: QuerySet[Reference]) -> QuerySet[Reference]:
    # One expression: no index finds two fifths of a library, and a database that tries one has to sort them all.
    return rows.filter(IsNull(Coalesce("doi", "pmid", "pmcid", "isbn", "nct"), True))


def _old(rows: QuerySet[Reference]) -> QuerySet[Reference]:
    return rows.filter(ages.old(timezone.localdate().year))


def _flagged(rows: QuerySet[Reference]) -> QuerySet[Reference]:
    return rows.filter(status__in=[value for value in Status.values if value != Status.CURRENT])


def _checked(**conditions: object) -> Narrow:
    checks = Check.objects.filter(**conditions).order_by().values("reference")
    return lambda rows: rows.filter(pk__in=checks)


def _alike(rows: QuerySet[Reference]) -> QuerySet[Reference]:
    pairs = Likeness.objects.filter(dismissed_at=None).order_by()
    return rows.filter(Q(pk__in=pairs.values("first")) | Q(pk__in=pairs.values("second")))


def _published(rows: QuerySet[Reference]) -> QuerySet[Reference]:
    kinds = [Relation.Kind.PREPRINT_OF, Relation.Kind.OLDER_VERSION_OF]
    return rows.filter(pk__in=Relation.objects.filter(kind__in=kinds).order_by().values("reference"))


ONLY: dict[str, tuple[Any, Narrow]] = {
    "flagged": (gettext_lazy("flagged: retracted, corrected …"), _flagged),
    "unchecked": (
        gettext_lazy("could not be checked"),
        _checked(outcome=Check.Outcome.FAILED),
    ),
    "broken": (
        gettext_lazy("address broken"),
        _checked(source=Check.Source.LINK, outcome=Check.Outcome.FLAGGED),
    ),
    "old": (gettext_lazy("old for its kind"), _old),
    "published": (gettext_lazy("has a published or newer version"), _published),
    "alike": (gettext_lazy("likely duplicate"), _alike),
    "no-identifier": (gettext_lazy("without an identifier"), _without_identifier),
    "unused": (gettext_lazy("cited nowhere"), citing.unused),
}
"""What somebody who keeps the library looks for, by the word in the address."""

SORTS = {
    finding.KEY: gettext_lazy("key"),
    finding.YEAR: gettext_lazy("year, newest first"),
    finding.NEWEST: gettext_lazy("added last"),
}


class Choice(forms.Select):
    """A select whose options are joined, not rendered from two templates each, which took a seventh of the page."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = "" if value is None else str(value)
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((option, " selected" if option == chosen else "", label) for option, label in self.choices),
        )
        return format_html('<select name="{}" id="{}">{}</select>', name, (attrs or {}).get("id", ""), options)


class Filters(forms.Form):
    """What the list can be narrowed by. An unknown value narrows nothing."""

    q = forms.CharField(
        label=gettext_lazy("Title, author, year, key, DOI or PMID"),
        required=False,
        max_length=LONGEST_QUERY,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False, widget=Choice)
    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False, widget=Choice)
    form = forms.ChoiceField(label=gettext_lazy("Form"), required=False, widget=Choice)
    only = forms.ChoiceField(label=gettext_lazy("Only"), required=False, widget=Choice)
    sort = forms.ChoiceField(label=gettext_lazy("Order"), required=False, widget=Choice)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = {
            "kind": [("", _("any")), *Kind.choices],
            "status": [("", _("any")), *Status.choices],
            "form": [("", _("any")), *Type.choices],
            "only": [("", _("all works")), *((name, label) for name, (label, _narrow) in ONLY.items())],
            "sort": [*SORTS.items()],
        }
        for name, pairs in choices.items():
            self.fields[name].choices = pairs  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        """The filters that narrow, by name."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value and name != "sort"}

    def listing(self) -> finding.Listing:
        """The works that fit."""
        chosen = self.chosen()
        rows = Reference.objects.all()
        columns = {"kind": "kind", "status": "status", "form": "type"}
        rows = rows.filter(**{column: chosen[name] for name, column in columns.items() if name in chosen})
        if "only" in chosen:
            rows = ONLY[chosen["only"]][1](rows)
        return finding.Listing(
            rows,
            query=chosen.get("q", ""),
            order=self.cleaned_data.get("sort") or finding.KEY,
            # An index counts what one column narrows.
            is_narrowed="only" in chosen
            or len(chosen.keys() & columns.keys()) > 1
            or ("q" in chosen and len(chosen) > 1),
        )
