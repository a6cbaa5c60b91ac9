"""Roles: who gives and ends them, and when somebody leaves.

Each action locks the appointments of all administrators first, so that two of them cannot end each other at once and
leave nobody.
"""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from people.models import Appointment, Role, User


class Refused(Exception):
    """An action on people that may not be done; its text is one plain sentence. Nothing was changed."""


def refusal(person: User, *, by: User) -> str | None:
    """Why `by` may not change this person's roles; None where they may."""
    if Role.ADMINISTRATOR not in by.roles():
        return _("Only an administrator can do this.")
    if person.pk == by.pk:
        return _("Nobody changes their own roles. Ask another administrator.")
    return None


def appoint(person: User, *, role: str, by: User, ends_on: datetime.date | None = None) -> Appointment:
    """Give a role from today on, to a last day or for good; where it is held already, set its last day. Raises Refused.

    The last administrator is not given a last day.
    """
    today = timezone.localdate()
    with transaction.atomic():
        _lock(person, by=by)
        if not person.is_active:
            raise Refused(_("%(name)s has left. Let them come back first.") % {"name": person})
        if ends_on and ends_on < today:
            raise Refused(_("The last day of the term is in the past."))
        if role == Role.ADMINISTRATOR and ends_on:
            _keep_an_administrator(person)
        current = Appointment.objects.on(today).filter(user=person, role=role)
        held = current.filter(ends_on=None).first() or current.order_by("-ends_on").first()
        if held is None:
            return Appointment.objects.create(user=person, role=role, ends_on=ends_on, appointed_by=by)
        held.ends_on = ends_on
        held.save(update_fields=["ends_on"])
        return held


def end(person: User, *, role: str, by: User) -> None:
    """Take a role back: yesterday was its last day. Raises Refused; the last administrator stays."""
    with transaction.atomic():
        _lock(person, by=by)
        if role == Role.ADMINISTRATOR:
            _keep_an_administrator(person)
        _end_all(Appointment.objects.filter(user=person, role=role))


def deactivate(person: User, *, by: User) -> None:
    """Close a leaver's account: no sign-in and no role from now on. The record keeps their name. Raises Refused."""
    with transaction.atomic():
        _lock(person, by=by)
        _keep_an_administrator(person)
        _end_all(Appointment.objects.filter(user=person))
        person.is_active = False
        person.left_at = timezone.now()
        person.save(update_fields=["is_active", "left_at"])


def reactivate(person: User, *, by: User) -> None:
    """Open a leaver's account again, without any role. Raises Refused."""
    with transaction.atomic():
        _lock(person, by=by)
        person.is_active = True
        person.left_at = None
        person.save(update_fields=["is_active", "left_at"])


def _lock(person: User, *, by: User) -> None:
    list(Appointment.objects.select_for_update().filter(role=Role.ADMINISTRATOR).order_by("pk"))
    sentence = refusal(person, by=by)
    if sentence:
        raise Refused(sentence)


def _keep_an_administrator(person: User) -> None:
    """Refuse where nobody else would be administrator for good."""
    today = timezone.localdate()
    lasting = Appointment.objects.on(today).filter(role=Role.ADMINISTRATOR, ends_on=None).values("user")
    others = User.objects.filter(is_active=True).filter(Q(pk__in=lasting) | Q(is_superuser=True))
    was = others.filter(pk=person.pk).exists()
    if was and not others.exclude(pk=person.pk).exists():
        raise Refused(
            _("%(name)s is the only administrator whose term has no end. Appoint another one first.") % {"name": person}
        )


def _end_all(appointments: QuerySet[Appointment]) -> None:
    """End what is in force or still to come. One that was given today ends the day before it began."""
    today = timezone.localdate()
    yesterday = today - datetime.timedelta(days=1)
    for row in appointments.filter(Q(ends_on=None) | Q(ends_on__gte=today)):
        row.ends_on = max(yesterday, row.starts_on - datetime.timedelta(days=1))
        row.save(update_fields=["ends_on"])
