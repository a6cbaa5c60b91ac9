"""News to people: the one door to it, and how each person chose to be told.

`notify` writes what is told in the caller's transaction: a row for the person's page of news, and a mail for the
outbox where they want one at once. What they want once a day waits for `people/digests.py`. Not every mail is news:
invitations go to people without an account, and those about a password are allauth's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from people import outbox
from people.models import Kind, NewsChoice, Notification, User, When

MUST_REACH = frozenset({Kind.FLAGGED})
"""Kinds that nobody switches off: they stand in the desk, and go out by mail at once or in the digest.

A retracted work under a public answer can harm a patient, and whoever wrote, signed or publishes the answer has to act.
"""
WRITTEN_AT_ONCE = 200
LONGEST_SENTENCE = 600


class News(NamedTuple):
    """What one person is told.

    `about` names the event: whoever was told of it is not told again. `sentence` is whole by itself; a mail has it with
    `detail` below it, under `subject` (or else the sentence). `address` is a path of this site.
    """

    person: User
    kind: Kind
    about: str
    sentence: str
    address: str
    subject: str = ""
    detail: str = ""


class Way(NamedTuple):
    """How news of one kind reaches somebody."""

    in_desk: bool = True
    by_mail: When = When.AT_ONCE


def notify(
    people: Iterable[User],
    *,
    kind: Kind,
    about: str,
    sentence: str,
    address: str,
    subject: str = "",
    detail: str = "",
) -> None:
    """Tell each of these people one piece of news, as they chose, inside the caller's transaction. See `News`."""
    notify_all(News(person, kind, about, sentence, address, subject, detail) for person in people)


def notify_all(news: Iterable[News]) -> None:
    """Tell many pieces of news with a few queries. Whoever has left is told nothing, and nobody the same twice."""
    wanted = {(one.person.pk, one.about): one for one in news if one.person.is_active}
    if not wanted:
        return
    with transaction.atomic():
        told = Notification.objects.filter(
            person__in={person for person, _about in wanted}, about__in={about for _person, about in wanted}
        ).values_list("person", "about")
        for key in told:
            wanted.pop(key, None)
        ways = ways_of(one.person for one in wanted.values())
        rows, mails, now = [], [], timezone.now()
        for one in wanted.values():
            if not one.address.startswith("/") or one.address.startswith("//"):
                raise ValueError(f"News leads to a page of this site, not to {one.address}")
            way = ways[one.person.pk][one.kind]
            rows.append(
                Notification(
                    person=one.person,
                    kind=one.kind,
                    about=one.about,
                    sentence=_line(one.sentence),
                    address=one.address,
                    at=now,
                    in_desk=way.in_desk,
                    by_mail=way.by_mail,
                )
            )
            if way.by_mail == When.AT_ONCE:
                mails.append(_mail(one))
        Notification.objects.bulk_create(rows, ignore_conflicts=True, batch_size=WRITTEN_AT_ONCE)
        outbox.post_all(mails)


def take_as_told(person: User, *, kind: Kind, abouts: Iterable[str], sentence: str, address: str) -> None:
    """Remember as told what this person knows already, so that nothing tells them of it."""
    rows = [
        Notification(
            person=person,
            kind=kind,
            about=about,
            sentence=_line(sentence),
            address=address,
            in_desk=False,
            by_mail=When.NEVER,
        )
        for about in abouts
    ]
    Notification.objects.bulk_create(rows, ignore_conflicts=True)


def ways_of(people: Iterable[User]) -> Mapping[int, Mapping[Kind, Way]]:
    """For each person, by their key, how each kind reaches them: as chosen, or else by both ways at once."""
    chosen: dict[int, dict[str, NewsChoice]] = defaultdict(dict)
    ids = {person.pk for person in people}
    for row in NewsChoice.objects.filter(person__in=ids):
        chosen[row.person_id][row.kind] = row
    return {pk: {kind: way_of(kind, chosen[pk].get(kind)) for kind in Kind} for pk in ids}


def way_of(kind: Kind, choice: NewsChoice | None) -> Way:
    """How a kind reaches somebody who chose this; what nobody may switch off reaches them all the same."""
    if choice is None:
        return Way()
    in_desk, by_mail = choice.in_desk, When(choice.by_mail)
    if kind in MUST_REACH:
        return Way(True, When.AT_ONCE if by_mail == When.NEVER else by_mail)
    return Way(in_desk, by_mail)


def choose(person: User, ways: Mapping[Kind, Way]) -> None:
    """Keep how this person wants to be told. News that was told already stays as it was told."""
    NewsChoice.objects.bulk_create(
        [NewsChoice(person=person, kind=kind, in_desk=way.in_desk, by_mail=way.by_mail) for kind, way in ways.items()],
        update_conflicts=True,
        unique_fields=["person", "kind"],
        update_fields=["in_desk", "by_mail"],
    )


def mark_read(person: User, *, pk: int | None = None) -> int:
    """Mark as read one piece of this person's news, or all of it; how many were unread."""
    rows = Notification.objects.filter(person=person).unread()
    if pk is not None:
        rows = rows.filter(pk=pk)
    return rows.update(read_at=timezone.now())


def _line(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= LONGEST_SENTENCE else words[: LONGEST_SENTENCE - 1] + "…"


def _mail(one: News) -> outbox.Mail:
    parts = [one.sentence, one.detail, settings.SITE_URL + one.address]
    return outbox.Mail(
        key=f"{one.about}:{one.person.pk}",
        to=one.person.email,
        subject=one.subject or one.sentence,
        text="\n\n".join(part for part in parts if part) + "\n",
    )
