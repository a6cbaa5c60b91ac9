"""When an article should be ready: set by its owner or an editor. No version, and no part of what is frozen.

`reminders` are what the sweep tells the owner as the day comes (`reviews/reminding.py`). `milestone` and `next_day` say
when to remind of any date: of a draft's, or of the next review of a public answer.
"""

from __future__ import annotations

import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.models import Article
from people.models import Kind, Role, User
from people.notifying import News, notify, take_as_told

DAY = datetime.timedelta(days=1)
DAYS_AHEAD = 3
AHEAD = DAYS_AHEAD * DAY
"""How long before the day its owner is reminded."""
REVIEW_AHEAD = (30, 7)
"""How many days before the next review of a public answer its owner and the editors are reminded of it."""
REVIEW_AGAIN = 30
"""Every how many days they are reminded of one that is overdue."""
LATE = datetime.timedelta(days=30)
"""For how long after the day a reminder that was not sent is still sent: so long an outage loses none."""


def milestone(
    on: datetime.date, *, today: datetime.date, ahead: tuple[int, ...], again_every: int | None = None
) -> int | None:
    """The newest day to remind on that has come, as days after `on` (before it: below zero); None before the first.

    `ahead` are days before `on`, which is a day to remind on itself; after it comes one every `again_every` days. A day
    on which nobody looked is still told on the next, until a newer one takes its place.
    """
    days = (today - on).days
    if days < 0:
        return max((-one for one in ahead if -one <= days), default=None)
    return days - days % again_every if again_every else 0


def next_day(on: datetime.date, *, today: datetime.date, ahead: tuple[int, ...], again_every: int) -> datetime.date:
    """The first day to remind on that is still to come: see `milestone`."""
    coming = [day for day in (on - one * DAY for one in (*ahead, 0)) if day > today]
    return min(coming) if coming else on + ((today - on).days // again_every + 1) * again_every * DAY


class Refused(Exception):
    """A date that may not be set; its text is one plain sentence. Nothing was changed."""


def refusal(article: Article, *, by: User) -> str | None:
    """Why this person may not set the date; None where they may."""
    if article.owner_id == by.pk or Role.EDITOR.value in by.roles():
        return None
    return _("Only the owner of this article or an editor can do this.")


def set_due(article: Article, *, on: datetime.date | None, by: User, quietly: bool = False) -> None:
    """Set the day on which the article is due, or take it away. Raises Refused.

    An owner who did not do it is told, unless `quietly`: where other news tells them of the day. A day that is past is
    refused, unless it is the one that stands. Where the day is so near that a reminder would follow at once, whoever
    set it or was told of it needs none.
    """
    with transaction.atomic():
        row = Article.objects.select_for_update().select_related(None).get(pk=article.pk)
        sentence = refusal(row, by=by)
        if sentence:
            raise Refused(sentence)
        if row.due_on != on:
            if on and on < timezone.localdate():
                raise Refused(_("This day is past. Choose today or a later one."))
            Article.objects.filter(pk=row.pk).update(due_on=on)
            row.due_on = on
            take_as_told(
                row.owner,
                kind=Kind.DUE,
                abouts=[one.about for one in reminders(row)],
                sentence=_("The date was set."),
                address=_address(row),
            )
            if row.owner_id != by.pk and not quietly:
                _tell(row, on, by)
    article.due_on = on


def _tell(article: Article, on: datetime.date | None, by: User) -> None:
    names = {"by": by, "question": article.question, "day": date_format(on, "j F Y") if on else ""}
    sentence = (
        _("%(by)s set a date for “%(question)s”: %(day)s.") if on else _("%(by)s took the date off “%(question)s”.")
    )
    notify(
        [article.owner],
        kind=Kind.DUE,
        about=f"due:{article.pk}:{timezone.now().isoformat()}",
        sentence=sentence % names,
        address=_address(article),
        subject=_("Due date: %(question)s") % names,
    )


def reminders(article: Article, *, today: datetime.date | None = None) -> list[News]:
    """What its owner should have been told of the article's date by today: that it comes near, and that it is there.

    Of a day that is past only the latter. Each is told once to one person, whatever happens in between: `notify`
    remembers it. Another date has reminders of its own.
    """
    today = today or timezone.localdate()
    on = article.due_on
    if on is None or not today - LATE <= on:
        return []
    reached = milestone(on, today=today, ahead=(DAYS_AHEAD,))
    if reached is None:
        return []
    stage = "there" if reached == 0 else "ahead"
    names = {"question": article.question, "day": date_format(on, "j F Y")}
    if on > today + DAY:
        sentence = _("“%(question)s” is due on %(day)s.")
    elif on > today:
        sentence = _("“%(question)s” is due tomorrow.")
    elif on == today:
        sentence = _("“%(question)s” is due today.")
    else:
        sentence = _("“%(question)s” was due on %(day)s.")
    return [
        News(
            article.owner,
            Kind.DUE,
            f"due:{article.pk}:{on}:{stage}",
            sentence % names,
            _address(article),
            _("Due: %(question)s") % names,
        )
    ]


def _address(article: Article) -> str:
    return reverse("desk:article", args=[article.pk])
