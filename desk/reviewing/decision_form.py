"""The form of a decision: the verdict, the answers to the checklist, a comment, and the password that signs it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Edition
from articles.policy import Policy
from people.models import User
from reviews import checklists, proving, verdicts, workflow
from reviews.checklists import Answer
from reviews.models import Verdict

YES, NO = "yes", "no"


class CodeInput(forms.TextInput):
    """A code in plain sight, which never comes back into the page."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, None, attrs)


class SigningForm(forms.Form):
    """What every signature asks for: the digest of what was read, and the password or a code, never given back."""

    digest = forms.CharField(widget=forms.HiddenInput)
    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=gettext_lazy("Giving it again is your signature."),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if proving.asked_of(person) == proving.SECOND_FACTOR:
            self.fields["password"] = forms.CharField(
                label=_("A code from your authenticator app"),
                max_length=64,
                widget=CodeInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
                help_text=_("Giving it is your signature. Without the app, use a recovery code."),
            )


class DecisionForm(SigningForm):
    """What is signed. The password never comes back into the page; everything else does.

    `confirms` is the edition that the person signed before, where only what changed since is to be confirmed.
    """

    kind = forms.ChoiceField(label=gettext_lazy("Your decision"), choices=(), widget=forms.RadioSelect)
    all_satisfactory = forms.BooleanField(label=gettext_lazy("All satisfactory"), required=False)
    comment = forms.CharField(
        label=gettext_lazy("Comment"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "Needed unless you approve. The authors read it, and it is kept with your signature. For minor edits, name "
            "each one."
        ),
    )

    def __init__(self, *args: Any, rules: Policy, confirms: Edition | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules, self.confirms = rules, confirms
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [(one.value, self._choice(one)) for one in Verdict.Kind]
        kind.error_messages["required"] = _("Choose what you decide.")
        if not rules.checklist or confirms:
            del self.fields["all_satisfactory"]
        else:
            for item in rules.checklist:
                self.fields[f"item-{item['slug']}"] = forms.ChoiceField(
                    label=item["label"],
                    required=False,
                    choices=[(YES, _("Satisfactory")), (NO, _("Not satisfactory"))],
                    widget=forms.RadioSelect,
                )
                self.fields[f"word-{item['slug']}"] = forms.CharField(
                    label=_("What is not satisfactory, in a word"),
                    required=False,
                    max_length=checklists.LONGEST_WORD,
                    widget=forms.TextInput(),
                )

    @property
    def has_checklist(self) -> bool:
        return "all_satisfactory" in self.fields

    def items(self) -> Iterator[tuple[Any, Any]]:
        """The two fields of each item of the checklist."""
        for item in self.rules.checklist if self.has_checklist else ():
            yield self[f"item-{item['slug']}"], self[f"word-{item['slug']}"]

    @property
    def is_answered(self) -> bool:
        """Whether any item was answered by itself, or has something to put right: then the items stand open."""
        return self.is_bound and any(self.data.get(field.html_name) or field.errors for field, _word in self.items())

    def answers(self) -> dict[str, Answer]:
        """The answers by the items' slugs; with “all satisfactory”, that of each item not answered by itself."""
        found = {}
        for item in self.rules.checklist:
            said = self.cleaned_data.get(f"item-{item['slug']}")
            word = self.cleaned_data.get(f"word-{item['slug']}", "")
            if said:
                found[item["slug"]] = Answer(said == YES, word)
            elif self.cleaned_data.get("all_satisfactory"):
                found[item["slug"]] = Answer(True, word)
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind = data.get("kind")
        if not kind:
            return data
        if workflow.MOVES[workflow.DECISIONS[Verdict.Kind(kind)]].needs_reason and not data.get("comment"):
            self.add_error("comment", _("Say why, so that the authors know what to do."))
        if not self.confirms:
            found = checklists.problems(self.rules, kind, self.answers())
            missing = [slug for slug in found if slug not in self.answers()]
            if missing and len(missing) == len(self.rules.checklist):
                self.add_error("all_satisfactory", _("Answer each item, or say that all is satisfactory."))
                return data
            for slug, sentence in found.items():
                self.add_error(f"item-{slug}", sentence)
        return data

    def _choice(self, kind: Verdict.Kind) -> str:
        if kind == Verdict.Kind.APPROVE and self.confirms:
            return f"{_('Confirm')}: {_(verdicts.CONFIRMED)}"
        return f"{workflow.MOVES[workflow.DECISIONS[kind]].label}: {_(verdicts.MEANINGS[kind])}"
