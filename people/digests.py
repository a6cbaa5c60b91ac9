"""The daily digest: one mail with all news since the last one, for those who chose it.

What goes into it is asked of the rows: whatever is older than this morning and stands in no digest yet. So a day
without a sweep loses nothing, and a row goes out once.
"""

from __future__ import annotations

import datetime
from collections import defaultdict

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people import outbox
from people.models import Kind, Notification, User, When

AT = datetime.time(7)
"""When a day's digest is made, in the time of the site."""
MOST = 100
"""Lines of one digest; the rest is named by its number, and stands in the desk."""


def cutoff(at: datetime.datetime) -> datetime.datetime:
    """The last morning hour that is past: news from before it is due in a digest."""
    here = timezone.localtime(at)
    hour = here.replace(hour=AT.hour, minute=AT.minute, second=0, microsecond=0)
    return hour if hour <= here else hour - datetime.timedelta(days=1)


def compose_due(*, at: datetime.datetime | None = None) -> int:
    """Write the digests that are due into the outbox; how many. Twice, or two at once, writes one of each."""
    now = at or timezone.now()
    due = Notification.objects.filter(by_mail=When.DAILY, digested_at=None, at__lt=cutoff(now))
    people = list(due.order_by("person").values_list("person", flat=True).distinct())
    return sum(_compose(person, now) for person in people)


def _compose(pk: int, now: datetime.datetime) -> bool:
    with transaction.atomic():
        person = User.objects.select_for_update(no_key=True).get(pk=pk)
        due = Notification.objects.filter(person=person, by_mail=When.DAILY, digested_at=None, at__lt=cutoff(now))
        rows = list(due.order_by("at", "pk"))
        if not rows:
            return False
        Notification.objects.filter(pk__in=[row.pk for row in rows]).update(digested_at=now)
        if not person.is_active:
            return False
        outbox.post(
            key=f"digest:{person.pk}:{rows[-1].pk}",
            to=person.email,
            subject=ngettext("%(count)d piece of news", "%(count)d pieces of news", len(rows)) % {"count": len(rows)},
            text=text_of(rows),
        )
    return True


def text_of(rows: list[Notification]) -> str:
    """The mail: the news by kind, each with its address; and where to choose another way."""
    parts = []
    shown = rows[:MOST]
    by_kind: dict[str, list[str]] = defaultdict(list)
    for row in shown:
        by_kind[row.kind].append(f"- {row.sentence}\n  {settings.SITE_URL}{row.address}")
    labels = dict(Kind.choices)
    for kind, lines in by_kind.items():
        parts.append("\n".join([str(labels.get(kind, kind)), *lines]))
    if len(rows) > MOST:
        left = len(rows) - MOST
        parts.append(ngettext("And %(count)d more.", "And %(count)d more.", left) % {"count": left})
    parts.append(
        _("You chose to get this once a day. To change that: %(address)s")
        % {"address": settings.SITE_URL + reverse("desk:news_choices")}
    )
    return "\n\n".join(parts) + "\n"
