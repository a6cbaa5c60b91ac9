"""What each person last saw of an article, and what happened to it since."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F
from django.utils import timezone
from reversion.models import Version

from articles.models import Article, Comment, Seen
from people.models import User

OLDEST = datetime.timedelta(days=90)
"""What happened before counts as known."""


@dataclass(frozen=True)
class News:
    """What others did to an article since somebody last opened it."""

    article: Article
    since: datetime.datetime
    versions: int
    by: tuple[str, ...]
    comments: int


def mark(article: Article, *, by: User) -> None:
    """Note that this person has the newest version before them."""
    Seen.objects.bulk_create(
        [Seen(person=by, article=article, version=article.version, at=timezone.now())],
        update_conflicts=True,
        unique_fields=["person", "article"],
        update_fields=["version", "at"],
    )


def changed_since(person: User, articles: Sequence[Article]) -> list[News]:
    """For each of these articles that the person has opened, what others did since; those without news are left out.

    Three queries, however many articles.
    """
    seen = {row.article_id: row for row in Seen.objects.filter(person=person, article__in=articles)}
    if not seen:
        return []
    earliest = max(min(row.at for row in seen.values()), timezone.now() - OLDEST)
    saved: dict[int, list[str]] = defaultdict(list)
    versions = (
        Version.objects.get_for_model(Article)
        .filter(object_id__in=[str(pk) for pk in seen], revision__date_created__gt=earliest)
        .exclude(revision__user=person)
        .order_by("pk")
        .values_list("object_id", "revision__date_created", "revision__user__name")
    )
    for object_id, at, name in versions:
        if at > seen[int(object_id)].at:
            saved[int(object_id)].append(name or "")
    said: dict[int, int] = defaultdict(int)
    comments = (
        Comment.objects.filter(thread__article__in=seen, thread__edition=None, at__gt=earliest)
        .exclude(by=person)
        .values_list(F("thread__article"), "at")
    )
    for article, at in comments:
        said[article] += at > seen[article].at
    return [
        News(
            article,
            seen[article.pk].at,
            len(saved[article.pk]),
            tuple(dict.fromkeys(name for name in saved[article.pk] if name)),
            said[article.pk],
        )
        for article in articles
        if saved[article.pk] or said[article.pk]
    ]
