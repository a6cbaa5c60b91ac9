"""The forms of a term. What a term may hold `articles.glossary` says."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from articles.models import Term


class TermForm(forms.Form):
    """The words of a term."""

    term = forms.CharField(
        label=gettext_lazy("Term"),
        error_messages={"required": gettext_lazy("Write the term as texts have it.")},
        help_text=gettext_lazy("As texts have it, in the singular: hypertension, atrial fibrillation."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    plain = forms.CharField(
        label=gettext_lazy("In plain words"),
        error_messages={"required": gettext_lazy("Say it in plain words: a few that fit in brackets behind the term.")},
        help_text=gettext_lazy("A few words that fit in brackets behind the term: high blood pressure."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    variants = forms.CharField(
        label=gettext_lazy("Other spellings"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "One on each line: abbreviations, other spellings, irregular plurals. Regular English plurals are found "
            "without them. Abbreviations are found as they are written here, other words in small letters and capitals."
        ),
    )
    definition = forms.CharField(
        label=gettext_lazy("Definition"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For those who write: what exactly is meant. It is not published."),
    )

    @property
    def words(self) -> dict[str, Any]:
        """What `articles.glossary` takes. Needs a valid form."""
        data = self.cleaned_data
        return {
            "term": data["term"],
            "plain": data["plain"],
            "definition": data["definition"],
            "variants": data["variants"].splitlines(),
        }


class ProposalForm(TermForm):
    """A new term, and why it should stand in the glossary."""

    note = forms.CharField(
        label=gettext_lazy("Note to the editors"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    article = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ChangeForm(TermForm):
    """Other words of a term, and the version that the change began from."""

    base_version = forms.IntegerField(widget=forms.HiddenInput)
    comment = forms.CharField(
        label=gettext_lazy("What did you change, and why?"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("For the history below."),
    )


class DecisionForm(forms.Form):
    """A decision that leaves the words as they are, and the version that it is about."""

    base_version = forms.IntegerField()


def initial_of(term: Term) -> dict[str, Any]:
    """What the form of a term shows first."""
    return {
        "term": term.term,
        "plain": term.plain,
        "variants": "\n".join(term.variants),
        "definition": term.definition,
        "base_version": term.version,
    }
