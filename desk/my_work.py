"""My work: what a person has in hand and until when, what waits for their answer, and what changed since they looked.

A constant number of queries, however many articles.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles import seen
from articles.models import Article, Comment, Contributor, Seen, Thread
from people.models import User
from reviews.reminding import unfinished

MOST = 8
"""Lines of each list."""
LOOKED_AT = 30
"""The articles last changed among which news is looked for."""


def of(person: User, openable: QuerySet[Article]) -> dict[str, Any]:
    """The lists for the desk's first page; `openable` are the articles that the person may open."""
    mine = openable.filter(Q(owner=person) | Q(pk__in=Contributor.objects.filter(user=person).values("article")))
    opened = Seen.objects.filter(person=person).values("article")
    recent = list(openable.filter(pk__in=opened).defer("body").order_by("-updated_at", "-pk")[:LOOKED_AT])
    spoken_in = Thread.objects.filter(pk__in=Comment.objects.filter(by=person).values("thread"))
    talked = openable.filter(pk__in=opened).exclude(pk__in=[one.pk for one in recent])
    talked = talked.filter(Q(owner=person) | Q(pk__in=spoken_in.values("article")))
    news = seen.changed_since(person, [*recent, *talked.defer("body")[:LOOKED_AT]])
    lists = {
        "due": [{"article": one, "words": due_in_words(one.due_on)} for one in due(person, openable)],
        "mentions": mentions_of(person, openable)[:MOST],
        "threads": with_open_threads(person, mine)[:MOST],
        "news": [{"one": one, "words": in_words(one)} for one in news[:MOST]],
    }
    return lists | {"has_any": any(lists.values())}


def due(person: User, openable: QuerySet[Article]) -> list[Article]:
    """One's own articles that have a date and are not with the board or approved as they stand, the earliest first."""
    rows = unfinished(openable).filter(owner=person, due_on__isnull=False)
    return list(rows.defer("body").order_by("due_on", "pk")[:MOST])


def due_in_words(day: datetime.date | None, today: datetime.date | None = None) -> str:
    """How far away a date is, as one would say it."""
    if day is None:
        return ""
    days = (day - (today or timezone.localdate())).days
    if days < 0:
        return ngettext("%(days)d day overdue", "%(days)d days overdue", -days) % {"days": -days}
    if days == 0:
        return _("due today")
    if days == 1:
        return _("due tomorrow")
    return ngettext("due in %(days)d day", "due in %(days)d days", days) % {"days": days}


def mentions_of(person: User, openable: QuerySet[Article]) -> QuerySet[Comment]:
    """Comments in open threads that mention the person, who has said nothing there since; the oldest first."""
    answered = Comment.objects.filter(thread=OuterRef("thread"), by=person, at__gt=OuterRef("at"))
    return (
        Comment.objects.filter(
            ~Exists(answered),
            mentions=person,
            thread__edition=None,
            thread__resolved_at=None,
            thread__article__in=openable.values("pk"),
        )
        .select_related("thread__article", "by")
        .defer("thread__article__body")
        .order_by("at", "pk")
    )


def with_open_threads(person: User, mine: QuerySet[Article]) -> QuerySet[Article]:
    """The person's own articles with the number of threads that are open there, most first."""
    still_open = Q(threads__resolved_at=None, threads__edition=None)
    return (
        mine.filter(owner=person)
        .annotate(open_threads=Count("threads", filter=still_open, distinct=True))
        .filter(open_threads__gt=0)
        .defer("body")
        .order_by("-open_threads", "question", "pk")
    )


def in_words(news: seen.News) -> str:
    """“3 versions by Bea since 24 Nov, 2 new comments”."""
    parts = []
    if news.versions:
        said = ngettext("%(count)d version", "%(count)d versions", news.versions) % {"count": news.versions}
        if news.by:
            said = _("%(versions)s by %(names)s") % {"versions": said, "names": _and(news.by)}
        parts.append(said)
    if news.comments:
        said = ngettext("%(count)d new comment", "%(count)d new comments", news.comments)
        parts.append(said % {"count": news.comments})
    return ", ".join(parts)


def _and(names: tuple[str, ...]) -> str:
    if len(names) == 1:
        return names[0]
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}
