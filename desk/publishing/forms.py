"""Forms of publishing: what an editor says to readers, or to the record, with each move."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from articles.models import NoticeKind


class PublishForm(forms.Form):
    prefix = "publish"

    note = forms.CharField(
        label=_("What changed, for readers"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("A sentence for the public history. Leave it empty for a first publication or a small edit."),
    )


class ReleaseForm(forms.Form):
    prefix = "release"

    reason = forms.CharField(
        label=_("Why it cannot wait for the board"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept with the record. Readers see the caution, not this reason."),
        error_messages={"required": _("Say why, in a sentence: it is kept with the record.")},
    )


class WithdrawForm(forms.Form):
    prefix = "withdraw"

    explanation = forms.CharField(
        label=_("Explanation for readers"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Public, at the top of the answer: what is wrong, and what readers should rely on instead."),
        error_messages={"required": _("Write what readers are told: nothing is withdrawn without a word.")},
    )


class NoticeForm(forms.Form):
    prefix = "notice"

    kind = forms.ChoiceField(label=_("Kind"), choices=NoticeKind.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Text of the notice"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Public, before the answer, for every reader. A notice stays for good."),
        error_messages={"required": _("Write the notice.")},
    )
