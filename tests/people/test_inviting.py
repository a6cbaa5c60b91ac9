"""Invitations: the link, its end, and the account that comes of it."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from people import inviting
from people.models import Invitation, Message, Role, User
from people.roles import Refused

pytestmark = pytest.mark.django_db
ANSWERS = {"name": "Nora New", "credentials": "MD", "specialty": "Paediatrics", "password": "quite a long password"}


def test_posts_one_mail_with_the_link_and_keeps_only_the_digest(administrator):
    invitation, token = inviting.invite(by=administrator, email="Nora@Example.org", role=Role.AUTHOR)
    message = Message.objects.get()
    assert message.to == "nora@example.org"
    assert inviting.link_of(token) in message.text
    assert token not in "".join(str(value) for value in Invitation.objects.values().get().values())
    assert inviting.open_with(token) == invitation


def test_makes_the_account_once(administrator):
    ends = timezone.localdate() + datetime.timedelta(days=365)
    _row, token = inviting.invite(by=administrator, email="nora@example.org", role=Role.BOARD_MEMBER, term_ends_on=ends)
    user = inviting.accept(token, **ANSWERS)
    assert user.check_password("quite a long password")
    assert user.printed_name == "Nora New, MD"
    assert user.roles() == {Role.BOARD_MEMBER}
    assert user.appointments.get().ends_on == ends
    with pytest.raises(Refused, match="used already"):
        inviting.accept(token, **ANSWERS)
    assert User.objects.filter(email="nora@example.org").count() == 1


def test_runs_out_after_fourteen_days(administrator):
    _row, token = inviting.invite(by=administrator, email="nora@example.org", role=Role.AUTHOR)
    Invitation.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    assert inviting.open_with(token) is None
    with pytest.raises(Refused, match="run out"):
        inviting.accept(token, **ANSWERS)


def test_inviting_again_ends_the_earlier_link(administrator):
    _row, first = inviting.invite(by=administrator, email="nora@example.org", role=Role.AUTHOR)
    _row, second = inviting.invite(by=administrator, email="nora@example.org", role=Role.AUTHOR)
    assert inviting.open_with(first) is None
    assert inviting.open_with(second) is not None


def test_withdrawing_ends_the_link(administrator):
    invitation, token = inviting.invite(by=administrator, email="nora@example.org", role=Role.AUTHOR)
    inviting.withdraw(invitation, by=administrator)
    assert inviting.open_with(token) is None


def test_somebody_with_an_account_is_not_invited(administrator, author):
    with pytest.raises(Refused, match="has an account already"):
        inviting.invite(by=administrator, email=author.email.upper(), role=Role.EDITOR)


def test_only_an_administrator_invites(editor):
    with pytest.raises(Refused, match="Only an administrator"):
        inviting.invite(by=editor, email="nora@example.org", role=Role.AUTHOR)
    assert not Invitation.objects.exists()
