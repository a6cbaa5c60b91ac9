"""Sign-in: no open sign-up, and the accounts of the sample content stay on this machine."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest

from people.models import Role

GUARDED = frozenset({Role.BOARD_MEMBER, Role.EDITOR, Role.CHIEF_EDITOR, Role.ADMINISTRATOR})
"""Roles that sign, publish or give roles: nobody acts in them with a password alone."""


def may_sign_in(user: AbstractBaseUser) -> bool:
    """Whether this account may be used here at all: a sample account only where the settings say so."""
    return settings.SAMPLE_ACCOUNTS_MAY_SIGN_IN or not getattr(user, "is_sample", False)


def needs_second_factor(user: AbstractBaseUser, roles: Collection[str]) -> bool:
    """Whether this person, who holds these roles, has to set up a second factor before they may go on."""
    return bool(settings.SECOND_FACTOR_REQUIRED and GUARDED & set(roles)) and not is_mfa_enabled(user)


class Backend(AuthenticationBackend):
    """allauth's e-mail and password backend, asked on every request whether the account may still be used."""

    def user_can_authenticate(self, user: AbstractBaseUser | None) -> bool:
        return user is not None and may_sign_in(user) and bool(super().user_can_authenticate(user))

    def get_user(self, user_id: object) -> AbstractBaseUser | None:
        user = super().get_user(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None


class Adapter(DefaultAccountAdapter):
    """Accounts are made by invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link in the mail, at the site's own address: the Host header of whoever asked does not choose it."""
        return settings.SITE_URL + urlsplit(super().get_reset_password_from_key_url(key)).path

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """As allauth does it, which lets an account through that the backend refused, to tell it that it is closed."""
        user = super().authenticate(request, **credentials)
        return user if user is not None and may_sign_in(user) else None
