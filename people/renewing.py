"""Reminders to renew a declaration of interests: before it runs out, when it has, and where there never was one."""

from __future__ import annotations

import datetime

from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from people.models import Declaration, Kind, Notification, Role, User
from people.notifying import News, notify_all

AHEAD = datetime.timedelta(days=30)
"""How long before it runs out a person is reminded."""
ASKED = (Role.AUTHOR, Role.BOARD_MEMBER)
"""Who keeps a declaration."""


def remind_to_declare(*, today: datetime.date | None = None) -> int:
    """Remind every author and board member who has to declare by now; how many reminders it was.

    What is told is asked of the declarations and not of the day on which this runs: a day without it loses nothing, and
    nobody is told twice.
    """
    today = today or timezone.localdate()
    newest = Declaration.objects.filter(person=OuterRef("pk")).order_by("-at", "-pk")
    people = User.objects.acting_as(*ASKED, at=today).annotate(
        declaration=Subquery(newest.values("pk")[:1]), renew_by=Subquery(newest.values("renew_by")[:1])
    )
    rows = people.filter(Q(renew_by=None) | Q(renew_by__lte=today + AHEAD))
    wanted = {(one.person.pk, one.about): one for one in (_reminder(row, today) for row in rows)}
    if not wanted:
        return 0
    told = Notification.objects.filter(about__in={about for _person, about in wanted}).values_list("person", "about")
    for key in told:
        wanted.pop(key, None)
    notify_all(wanted.values())
    return len(wanted)


def _reminder(person: User, today: datetime.date) -> News:
    declaration, renew_by = person.declaration, person.renew_by  # type: ignore[attr-defined]
    if renew_by is None:
        stage = "first"
        sentence = _("Please declare your interests. If there is nothing to declare, it is one tap.")
    elif renew_by < today:
        stage = "overdue"
        sentence = _(
            "Your declaration of interests was in date until %(day)s. Please renew it: no review is taken up without."
        ) % {"day": date_format(renew_by, "j F Y")}
    else:
        stage = "ahead"
        sentence = _("Your declaration of interests is in date until %(day)s. Renewing it is one tap.") % {
            "day": date_format(renew_by, "j F Y")
        }
    return News(
        person,
        Kind.INTERESTS,
        f"interests:{declaration or 0}:{stage}",
        sentence,
        reverse("desk:interests"),
        _("Your declaration of interests"),
    )
