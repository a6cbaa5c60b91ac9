"""What has to hold after any fault, asked of the database by whoever is set up before it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from django.db import connection
from reversion.models import Version

from articles.models import Article, LivePage, Publication
from people.models import Message, Notification, User
from reviews import verifying
from reviews.models import Transition

TOLD_TO_THE_AUTHOR = ("approve", "publish")
"""Moves of others of which the author is told."""


def problems() -> Iterator[str]:
    """Everything that is neither the old state nor the new one, as sentences."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            found = [row[0] for row in cursor.fetchall()]
            if found != ["ok"]:
                yield f"SQLite says of its file: {found[:3]}"
    yield from verifying.problems()
    yield from _versions()
    yield from _told()
    yield from _public()


def _versions() -> Iterator[str]:
    """Each save is a version, and each version a save."""
    kept = Counter(Version.objects.get_for_model(Article).values_list("object_id", flat=True))
    for article in Article.objects.all():
        if kept[str(article.pk)] != article.version:
            yield f"Article {article.pk} is at version {article.version} and {kept[str(article.pk)]} are kept."


def _told() -> Iterator[str]:
    """Of each move one piece of news and one mail to whoever is concerned, and of no move that was not made."""
    author = User.objects.get(email="author@example.org")
    made = {row.number: row.move for row in Transition.objects.only("number", "move")}
    wanted = {f"transition:{number}" for number, move in made.items() if move in TOLD_TO_THE_AUTHOR}
    news = Counter(Notification.objects.filter(person=author).values_list("about", flat=True))
    for about in wanted:
        if news[about] != 1:
            yield f"The author was told {news[about]} times of {about}."
    mails = Counter(
        match[0]
        for key in Message.objects.filter(to=author.email).values_list("key", flat=True)
        if (match := re.search(r"transition:\d+", key))
    )
    for about in wanted:
        if mails[about] != 1:
            yield f"{mails[about]} mails were written to the author of {about}."
    for about in Notification.objects.filter(about__startswith="transition:").values_list("about", flat=True):
        if int(about.partition(":")[2]) not in made:
            yield f"Somebody was told of {about}, which is not in the record."


def _public() -> Iterator[str]:
    """Each public answer has its page, of the edition that is public."""
    for row in Publication.objects.all():
        pages = set(LivePage.objects.filter(path=row.slug).values_list("edition", flat=True))
        if pages != {row.edition_id}:
            yield f"The pages of article {row.article_id} are of the editions {pages}, not of {row.edition_id}."


def left_to_do() -> dict[str, int]:
    """What stands in the database as due and not done."""
    return {
        "mail": Message.objects.filter(sent_at=None).count(),
        "pages": Publication.objects.filter(pages_due=True).count(),
        "related": Publication.objects.filter(related_due=True).count(),
    }
