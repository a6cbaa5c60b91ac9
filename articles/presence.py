"""Who has which article open now: said by each open editor every few seconds, and forgotten after some silence."""

from __future__ import annotations

import datetime

from django.db.models import QuerySet
from django.utils import timezone

from articles.models import Article, Presence
from people.models import User

SILENCE = datetime.timedelta(seconds=20)
"""After so long without a word an editor counts as closed: several times what its script waits between two."""
KEPT_FOR = datetime.timedelta(minutes=10)
"""After so long the sweep forgets the row."""


def note(article: Article, *, by: User, tab: str, at: datetime.datetime | None = None) -> None:
    """Say that a person has an article open in a tab. After a silence it counts as opened anew."""
    now = at or timezone.now()
    here = Presence.objects.filter(article=article, person=by, tab=tab)
    if here.filter(seen_at__gte=now - SILENCE).update(seen_at=now):
        return
    if not here.update(since=now, seen_at=now):
        Presence.objects.bulk_create(
            [Presence(article=article, person=by, tab=tab, since=now, seen_at=now)], ignore_conflicts=True
        )


def leave(*, by: User, tab: str) -> None:
    """Say that a tab was closed."""
    Presence.objects.filter(person=by, tab=tab).delete()


def others(article: Article, *, besides: str, at: datetime.datetime | None = None) -> QuerySet[Presence]:
    """Who has the article open in any tab but this one, longest here first."""
    return (
        Presence.objects.filter(article=article, seen_at__gte=(at or timezone.now()) - SILENCE)
        .exclude(tab=besides)
        .select_related("person")
        .order_by("since", "pk")
    )


def forget_old(*, at: datetime.datetime | None = None) -> None:
    """Delete the rows of editors that fell silent. Called by the sweep."""
    Presence.objects.filter(seen_at__lt=(at or timezone.now()) - KEPT_FOR).delete()
