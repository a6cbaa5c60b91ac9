"""Forms of publishing: what an editor says to readers, or to the record, with each move."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Edition, NoticeKind


class PublishForm(forms.Form):
    """Publishing, with what readers are told of the change: *minor*, or a sentence. A first edition changes nothing."""

    prefix = "publish"

    change = forms.ChoiceField(
        label=_("What changed"),
        choices=[
            ("sentence", _("Something that readers should know")),
            ("minor", _("Minor: wording or layout, and nothing that bears on care")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether the change is minor, or say in a sentence what it is.")},
    )
    note = forms.CharField(
        label=_("In a sentence, for readers"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stands in the public history of the answer."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, is_first: bool = False) -> None:
        super().__init__(data)
        if is_first:
            del self.fields["change"], self.fields["note"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("change") == "minor":
            data["note"] = ""
        elif data.get("change") == "sentence" and not data.get("note"):
            self.add_error("note", _("Say in a sentence what changed: readers see it in the public history."))
        return data


class ScheduleForm(PublishForm):
    """Publishing at a time: the same words for readers, and when."""

    prefix = "schedule"

    at = forms.DateTimeField(
        label=_("When"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={
            "required": _("Choose the day and the time."),
            "invalid": _("Write the day and the time like 2027-03-31 09:00."),
        },
    )
    field_order = ["at", "change", "note"]

    def __init__(self, data: Mapping[str, Any] | None = None, *, is_first: bool = False) -> None:
        super().__init__(data, is_first=is_first)
        self.fields["at"].help_text = _("In the time of this site (%(zone)s). It is done within a minute of then.") % {
            "zone": timezone.get_current_timezone_name()
        }

    def clean_at(self) -> datetime.datetime:
        at: datetime.datetime = self.cleaned_data["at"]
        if at <= timezone.now():
            raise forms.ValidationError(_("That time is past. Choose one that is still to come."))
        return at


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


class RestoreForm(forms.Form):
    prefix = "restore"

    reason = forms.CharField(
        label=_("Why it may stand again"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Public, in the history of the answer, beside the withdrawal."),
        error_messages={"required": _("Say why, in a sentence: it stands in the public history.")},
    )


class SaidForm(forms.Form):
    """What every notice says: the words for readers, the reason, and who asked."""

    text = forms.CharField(
        label=_("Text of the notice"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Public, before the answer, for every reader. A notice stays for good."),
        error_messages={"required": _("Write the notice.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Public: how the mistake or the doubt came about."),
        error_messages={"required": _("Give the reason in a sentence: readers see it.")},
    )
    asked_by = forms.CharField(
        label=_("Who asked for it"),
        max_length=200,
        help_text=_("Public. For example: the authors, the advisory board, a reader."),
        error_messages={"required": _("Say who asked for it: readers see it.")},
    )


class NoticeForm(SaidForm):
    """A correction or an expression of concern. A retraction has a form of its own."""

    prefix = "notice"

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[(kind.value, kind.label) for kind in NoticeKind if kind != NoticeKind.RETRACTION],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the kind of notice.")},
    )
    corrects = forms.ModelChoiceField(
        label=_("Edition with the mistake"),
        queryset=Edition.objects.none(),
        required=False,
        empty_label=_("the public one"),
        help_text=_("For a correction: where the public edition puts right what an earlier one said."),
    )
    field_order = ["kind", "text", "reason", "asked_by", "corrects"]

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, earlier: QuerySet[Edition] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        corrects = self.fields["corrects"]
        assert isinstance(corrects, forms.ModelChoiceField)
        corrects.queryset = Edition.objects.none() if earlier is None else earlier
        corrects.label_from_instance = lambda obj: _("Edition %(number)d") % {"number": obj.number}  # type: ignore[method-assign]
        if earlier is None or not earlier.exists():
            del self.fields["corrects"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("corrects") and data.get("kind") == NoticeKind.CONCERN:
            self.add_error("corrects", _("Only a correction names an earlier edition."))
        return data


class RetractForm(SaidForm):
    prefix = "retract"
