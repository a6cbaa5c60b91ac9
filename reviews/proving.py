"""Proving again who signs: by the second factor for those who have one, else by the password."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.utils.translation import gettext as _

from people.models import User

PASSWORD = "password"  # noqa: S105 - a word in the record
SECOND_FACTOR = "second-factor"


def asked_of(person: User) -> str:
    """What this person gives again to sign: a code where a second factor is on."""
    return SECOND_FACTOR if is_mfa_enabled(person) else PASSWORD


def is_proven(person: User, given: str) -> bool:
    """Whether what was given is right: the password, or a code of the authenticator app or for recovery, once."""
    if asked_of(person) == PASSWORD:
        return person.check_password(given)
    given = "".join(given.split())
    codes = Authenticator.objects.filter(user=person, type__in=["totp", "recovery_codes"]).order_by("-type")
    return bool(given) and any(one.wrap().validate_code(given) for one in codes)


def refusal(person: User) -> str:
    """What somebody reads whose proof was not right."""
    if asked_of(person) == PASSWORD:
        return _("The password is not right. Nothing was signed.")
    return _("The code is not right, or was used already: wait for the next one. Nothing was signed.")
