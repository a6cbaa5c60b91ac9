"""The forms of an import: what to read, and what to make of it. How a file is read `references.formats` says."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from references.formats.entries import LARGEST_FILE
from references.formats.reading import FORMATS
from references.importing import Options

LONGEST_PASTE = 5_000_000
"""Characters; what is longer is rather a file."""


class OptionsForm(forms.Form):
    """What to make of works that are here, and of keys that are taken."""

    rename_keys = forms.BooleanField(
        label=gettext_lazy("Give a new key to a work whose key stands for another work here"),
        required=False,
        help_text=gettext_lazy("Otherwise such a work is left out, and both are named."),
    )
    complete = forms.BooleanField(
        label=gettext_lazy("Fill empty fields of works that are here from the file"),
        required=False,
        help_text=gettext_lazy("What stands there already stays; each change is a version in the work's history."),
    )


class ImportForm(OptionsForm):
    """Works as a file or a paste."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        allow_empty_file=True,
        help_text=gettext_lazy(
            "BibTeX, RIS, PubMed (NBIB), CSL-JSON, or a list of DOIs, PMIDs or ISBNs. At most 20 MB."
        ),
    )
    text = forms.CharField(
        label=gettext_lazy("or paste it"),
        required=False,
        strip=False,
        max_length=LONGEST_PASTE,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "autocapitalize": "off"}),
    )
    format = forms.ChoiceField(
        label=gettext_lazy("Format"),
        required=False,
        help_text=gettext_lazy("It is mostly seen from the content."),
    )
    field_order = ("file", "text", "format", "rename_keys", "complete")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["format"].choices = [  # type: ignore[attr-defined]
            ("", _("find out")),
            *((each.name, each.label) for each in FORMATS.values()),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        file, text = data.get("file"), data.get("text") or ""
        if file and file.size > LARGEST_FILE:
            self.add_error(
                "file",
                _("The file has more than %(most)d MB, the most that is read at once. Divide it, and import its parts.")
                % {"most": LARGEST_FILE // 1_000_000},
            )
        elif not file and not text.strip() and not self.errors:
            raise ValidationError(_("Choose a file or paste works."))
        elif file and text.strip():
            raise ValidationError(_("Give either a file or a paste, so that it is clear what to read."))
        return data

    def content(self) -> str | bytes:
        """What is to be read. Needs a valid form."""
        file = self.cleaned_data.get("file")
        return file.read() if file else self.cleaned_data["text"]

    def options(self) -> Options:
        return Options(self.cleaned_data["rename_keys"], self.cleaned_data["complete"])
