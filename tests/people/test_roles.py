"""Giving and ending roles, and leaving."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from people import roles
from people.models import Appointment, Role, User
from people.roles import Refused

pytestmark = pytest.mark.django_db


def test_gives_a_role_with_a_last_day(administrator, outsider):
    last = timezone.localdate() + datetime.timedelta(days=30)
    row = roles.appoint(outsider, role=Role.BOARD_MEMBER, by=administrator, ends_on=last)
    assert outsider.roles() == {Role.BOARD_MEMBER}
    assert row.appointed_by == administrator
    assert outsider.roles(last + datetime.timedelta(days=1)) == frozenset()


def test_a_chief_editor_is_an_editor_and_an_editor_no_chief(person, editor):
    chief = person("Cleo Chief", Role.CHIEF_EDITOR)
    superuser = person("Sue Super", is_superuser=True)
    assert chief.roles() == {Role.CHIEF_EDITOR, Role.EDITOR}
    assert editor.roles() == {Role.EDITOR}
    assert Role.CHIEF_EDITOR not in superuser.roles()
    assert set(User.objects.acting_as(Role.EDITOR)) == {chief, editor}
    assert set(User.objects.acting_as(Role.CHIEF_EDITOR)) == {chief}


def test_giving_a_role_again_sets_its_last_day(administrator, author):
    last = timezone.localdate() + datetime.timedelta(days=9)
    roles.appoint(author, role=Role.AUTHOR, by=administrator, ends_on=last)
    assert Appointment.objects.get(user=author).ends_on == last
    roles.appoint(author, role=Role.AUTHOR, by=administrator)
    assert Appointment.objects.get(user=author).ends_on is None


def test_a_term_does_not_end_in_the_past(administrator, author):
    with pytest.raises(Refused, match="in the past"):
        roles.appoint(
            author, role=Role.AUTHOR, by=administrator, ends_on=timezone.localdate() - datetime.timedelta(days=1)
        )


def test_takes_a_role_back_at_once(administrator, author):
    roles.end(author, role=Role.AUTHOR, by=administrator)
    assert author.roles() == frozenset()
    assert Appointment.objects.filter(user=author).count() == 1


@pytest.mark.parametrize("who", ["author", "editor", "member", "outsider"])
def test_only_an_administrator_acts(request, author, administrator, who):
    actor = request.getfixturevalue(who)
    target = administrator
    with pytest.raises(Refused, match="Only an administrator"):
        roles.appoint(target, role=Role.EDITOR, by=actor)
    with pytest.raises(Refused, match="Only an administrator"):
        roles.deactivate(target, by=actor)


def test_nobody_changes_their_own_roles(administrator):
    for act in (
        lambda: roles.appoint(administrator, role=Role.EDITOR, by=administrator),
        lambda: roles.end(administrator, role=Role.ADMINISTRATOR, by=administrator),
        lambda: roles.deactivate(administrator, by=administrator),
    ):
        with pytest.raises(Refused, match="Nobody changes their own roles"):
            act()
    assert administrator.roles() == {Role.ADMINISTRATOR}


def test_the_last_administrator_stays(person, administrator):
    """An administrator whose term ends does not count: only one for good keeps the door."""
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    temporary = person("Tom Temporary")
    Appointment.objects.create(user=temporary, role=Role.ADMINISTRATOR, ends_on=tomorrow)
    for act in (
        lambda: roles.end(administrator, role=Role.ADMINISTRATOR, by=temporary),
        lambda: roles.deactivate(administrator, by=temporary),
        lambda: roles.appoint(administrator, role=Role.ADMINISTRATOR, by=temporary, ends_on=tomorrow),
    ):
        with pytest.raises(Refused, match="the only administrator"):
            act()
    assert administrator.roles() == {Role.ADMINISTRATOR}
    assert User.objects.get(pk=administrator.pk).is_active


def test_one_of_two_administrators_may_go(person, administrator):
    second = person("Sia Second", Role.ADMINISTRATOR)
    roles.deactivate(second, by=administrator)
    assert second.roles() == frozenset()


def test_a_leaver_holds_no_role_and_comes_back_without_one(administrator, author):
    roles.deactivate(author, by=administrator)
    author.refresh_from_db()
    assert not author.is_active
    assert author.left_at is not None
    roles.reactivate(author, by=administrator)
    author.refresh_from_db()
    assert author.is_active
    assert author.roles() == frozenset()
