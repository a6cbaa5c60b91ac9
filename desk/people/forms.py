"""Forms on people: who they are, what they may act as, and the account that an invitation promises."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people import interests
from people.models import Role, User
from references.identity.identifiers import orcid

ROLES = [(role.value, capfirst(role.label)) for role in Role]
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PersonForm(forms.ModelForm):
    """What an administrator keeps of a person."""

    class Meta:
        model = User
        fields = ("name", "credentials", "specialty")


class ProfileForm(forms.ModelForm):
    """What people say of themselves. It is frozen with each signature, so a later change touches none."""

    class Meta:
        model = User
        fields = ("name", "credentials", "specialty", "institution", "orcid")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Longer than the sixteen digits, so that a pasted address can be read.
        self.fields["orcid"] = forms.CharField(
            label="ORCID",
            required=False,
            max_length=80,
            help_text=_("For example 0000-0002-1825-0097, or its address at orcid.org."),
        )

    def clean_orcid(self) -> str:
        try:
            return orcid(self.cleaned_data["orcid"]) or ""
        except ValueError as error:
            raise ValidationError(str(error)) from error


class InterestsForm(forms.Form):
    """A declaration of interests in words: a field for each category, all of them empty for nothing to declare."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for category, help_text in interests.ASKED.items():
            self.fields[category.value] = forms.CharField(
                label=category.label,
                help_text=help_text,
                required=False,
                max_length=interests.LONGEST,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not any(data.values()):
            raise ValidationError(
                _("Every field is empty. If there is nothing to declare, use the button above that says so.")
            )
        return data


class RoleForm(forms.Form):
    """A role to give, or a new last day for one that is held."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=ROLES)
    ends_on = forms.DateField(
        label=gettext_lazy("Last day of the term"),
        required=False,
        widget=DATE,
        help_text=gettext_lazy("Leave it empty for no end."),
    )


class LeaveForm(forms.Form):
    """Closing an account: the articles of a leaver go to another author."""

    successor = forms.ModelChoiceField(
        label=gettext_lazy("Hand the articles over to"), queryset=User.objects.none(), empty_label="–"
    )

    def __init__(self, *args: Any, leaver: User, owns: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        successor = self.fields["successor"]
        assert isinstance(successor, forms.ModelChoiceField)
        successor.queryset = User.objects.acting_as(Role.AUTHOR, Role.EDITOR).exclude(pk=leaver.pk)
        successor.required = owns
        successor.error_messages["required"] = _("Choose who takes over the articles.")


class InviteForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=ROLES, widget=forms.RadioSelect)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120, required=False)
    credentials = forms.CharField(
        label=gettext_lazy("Credentials"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("For example: MD, MPH"),
    )
    specialty = forms.CharField(label=gettext_lazy("Specialty"), max_length=120, required=False)
    term_ends_on = forms.DateField(
        label=gettext_lazy("Last day of the term"),
        required=False,
        widget=DATE,
        help_text=gettext_lazy("Leave it empty for no end."),
    )


class AcceptForm(forms.Form):
    """Making the account. The password is asked once, and can be shown by the browser."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=120,
        help_text=gettext_lazy("As it should stand in bylines and under your signature."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    credentials = forms.CharField(
        label=gettext_lazy("Credentials"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("For example: MD, MPH"),
    )
    specialty = forms.CharField(label=gettext_lazy("Specialty"), max_length=120, required=False)
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least 12 characters; several words together are easy to remember."),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password"):
            try:
                password_validation.validate_password(
                    data["password"], User(email=self.email, name=data.get("name", ""))
                )
            except ValidationError as error:
                self.add_error("password", error)
        return data
