"""Reminders of due dates to the owners of drafts, as the day comes and on it. No draft that was handed in has any."""

from __future__ import annotations

import datetime

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from articles import due
from articles.models import Article, Edition
from people.models import Notification
from people.notifying import notify_all
from reviews.models import OPEN_STATES, Review, State


def unfinished(articles: QuerySet[Article]) -> QuerySet[Article]:
    """Those of the articles that are not with the board, or approved, as they stand."""
    newest = Edition.objects.filter(article=OuterRef("pk")).order_by("-number")
    handed_in = Review.objects.filter(
        article=OuterRef("pk"),
        edition__pk=Subquery(newest.values("pk")[:1]),
        edition__article_version=OuterRef("version"),
        state__in=[*OPEN_STATES, State.APPROVED],
    )
    return articles.filter(~Exists(handed_in))


def remind_due(*, today: datetime.date | None = None) -> int:
    """Remind of every date that is near or there; how many reminders it was. Twice, or two at once, tells nobody twice.

    What is told is asked of the dates and not of the day on which this runs, so a day without it loses nothing.
    """
    today = today or timezone.localdate()
    near = Article.objects.filter(due_on__range=(today - due.LATE, today + due.AHEAD), owner__is_active=True)
    rows = unfinished(near).defer("body").select_related("owner").order_by("pk")
    wanted = {(one.person.pk, one.about): one for row in rows for one in due.reminders(row, today=today)}
    if not wanted:
        return 0
    told = Notification.objects.filter(about__in={about for _person, about in wanted}).values_list("person", "about")
    for key in told:
        wanted.pop(key, None)
    notify_all(wanted.values())
    return len(wanted)
