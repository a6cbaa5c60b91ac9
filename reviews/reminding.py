"""Reminders of dates: to the owners of drafts that they are due, to members that their verdict is, and to owners and
editors of answers to review again.

What is told is asked of the dates and not of the day on which this runs, and what was told is remembered: a day without
the sweep loses nothing, and twice, or two at once, tells nobody twice.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles import due
from articles.models import Article, Edition, Publication, Standing
from people.models import Kind, Notification, Role, User
from people.notifying import News, notify_all
from reviews import interests
from reviews.models import OPEN, OPEN_STATES, Review, ReviewInvitation, State

MOST_REVIEWS = 100
"""Of how many answers one sweep reminds."""
INVITATION_AHEAD = 3
"""How many days before the day of an invitation its member is reminded."""
INVITATION_AFTER = 3
"""How many days after it they are once more, and the editors told."""


def unfinished(articles: QuerySet[Article]) -> QuerySet[Article]:
    """Those of the articles that are not with the board, or approved, as they stand."""
    newest = Edition.objects.filter(article=OuterRef("article")).order_by("-number")
    handed_in = Review.objects.filter(
        article=OuterRef("pk"),
        edition__pk=Subquery(newest.values("pk")[:1]),
        edition__article_version=OuterRef("version"),
        state__in=[*OPEN_STATES, State.APPROVED],
    )
    return articles.filter(~Exists(handed_in))


def remind_due(*, today: datetime.date | None = None) -> int:
    """Remind owners of every date of a draft that is near or there; how many reminders it was.

    A draft that was handed in has none.
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


def remind_of_reviews(*, today: datetime.date | None = None) -> int:
    """Remind of the next reviews of live answers: 30 days and 7 days ahead, on the day, and every 30 days after it.

    Each answer holds the next day to remind on, so there is nothing to ask of those that were told. From 30 days after
    the date on the chief editor is told as well. Returns of how many answers it was.
    """
    today = today or timezone.localdate()
    waiting = Publication.objects.filter(standing=Standing.LIVE, is_retracted=False, review_reminder_on__lte=today)
    waiting = waiting.select_related("article__owner").defer("article__body").order_by("review_reminder_on", "pk")
    rows = list(waiting[:MOST_REVIEWS])
    if not rows:
        return 0
    chiefs = list(User.objects.acting_as(Role.CHIEF_EDITOR))
    editors = list(User.objects.acting_as(Role.EDITOR).exclude(pk__in=[one.pk for one in chiefs])) or chiefs
    closed = interests.closed_pairs(article__in=[row.article_id for row in rows])

    def open_to(row: Publication, people: list[User]) -> list[User]:
        return [one for one in people if (row.article_id, one.pk) not in closed]

    return sum(_remind_of_review(row, open_to(row, editors), open_to(row, chiefs), today=today) for row in rows)


def _remind_of_review(row: Publication, editors: list[User], chiefs: list[User], *, today: datetime.date) -> bool:
    """Remind of one answer's review, unless somebody did meanwhile or its date moved."""
    on = row.review_due_on
    assert on is not None
    coming = due.next_day(on, today=today, ahead=due.REVIEW_AHEAD, again_every=due.REVIEW_AGAIN)
    with transaction.atomic():
        same = Publication.objects.filter(
            pk=row.pk, standing=Standing.LIVE, review_due_on=on, review_reminder_on=row.review_reminder_on
        )
        if not same.update(review_reminder_on=coming):
            return False
        notify_all(_of_review(row, on, editors, chiefs, today=today))
    return True


def _of_review(
    row: Publication, on: datetime.date, editors: list[User], chiefs: list[User], *, today: datetime.date
) -> Iterator[News]:
    """What each person is told of an answer's next review by this day."""
    reached = due.milestone(on, today=today, ahead=due.REVIEW_AHEAD, again_every=due.REVIEW_AGAIN)
    if reached is None:
        return
    names = {"question": row.question, "day": date_format(on, "j F Y"), "owner": row.article.owner}
    sentence = _("“%(question)s” is due for review again on %(day)s.")
    if on == today:
        sentence = _("“%(question)s” is due for review again today.")
    elif on < today:
        sentence = _("“%(question)s” was due for review again on %(day)s and is overdue.")
    told = [(person, sentence) for person in {one.pk: one for one in (row.article.owner, *editors)}.values()]
    if reached >= due.REVIEW_AGAIN:
        sentence = _(
            "“%(question)s” is overdue for review since %(day)s, so it comes to you as chief editor. "
            "%(owner)s is its owner."
        )
        told = [(person, sentence) for person in chiefs] + [one for one in told if one[0] not in chiefs]
    for person, words in told:
        yield News(
            person,
            Kind.REVIEW_DUE,
            f"review-due:{row.pk}:{on}:{reached}",
            words % names,
            reverse("desk:publishing", args=[row.article_id]),
            _("Review due: %(question)s") % names,
            _("A board member can sign that no change is needed, or a new edition goes to the board."),
        )


def remind_of_invitations(*, today: datetime.date | None = None) -> int:
    """Remind members of the day by which an open round expects their verdict: ahead, on the day, and after it.

    Each is told once to one person; then, when it is after, the editors are told, too. Another day has reminders of its
    own. How many reminders it was.
    """
    today = today or timezone.localdate()
    rows = ReviewInvitation.objects.live().filter(until__range=(today - due.LATE, today + INVITATION_AHEAD * due.DAY))
    waiting = list(rows.select_related("member", "edition").defer("edition__source", "edition__frozen"))
    if not waiting:
        return 0
    editors = list(User.objects.acting_as(Role.EDITOR))
    closed = interests.closed_pairs(article__in=[row.edition.article_id for row in waiting])
    said: list[News] = []
    for row in waiting:
        may = [one for one in editors if (row.edition.article_id, one.pk) not in closed]
        said += invitation_reminders(row, may, today=today)
    wanted = {(one.person.pk, one.about): one for one in said}
    told = Notification.objects.filter(about__in={about for _person, about in wanted}).values_list("person", "about")
    for key in told:
        wanted.pop(key, None)
    notify_all(wanted.values())
    return len(wanted)


def invitation_reminders(row: ReviewInvitation, editors: list[User], *, today: datetime.date) -> Iterator[News]:
    """What is told of an invitation (with state and day) by this day; of an earlier reminder nothing more."""
    on: datetime.date = row.until
    reached = due.milestone(on, today=today, ahead=(INVITATION_AHEAD,), again_every=INVITATION_AFTER)
    if reached is None or (reached < 0 and _is_just_made(row, on)):
        return
    stage = "ahead" if reached < 0 else "after" if reached else "there"
    names = {"question": row.edition.question, "day": date_format(on, "j F Y"), "name": row.member.name}
    is_open = row.state == OPEN
    if on > today:
        sentence = _("Your verdict on “%(question)s” is asked for by %(day)s.")
    elif on == today:
        sentence = _("Your verdict on “%(question)s” is asked for by today.")
    else:
        sentence = _("Your verdict on “%(question)s” was asked for by %(day)s.")
    detail = _("Accept the invitation or decline it, so that the editors know.") if is_open else ""
    about = f"invitation:{row.pk}:{on}:{stage}"
    subject = _("Review due: %(question)s") % names
    address = reverse("desk:invited", args=[row.edition_id])
    yield News(row.member, Kind.INVITED, about, sentence % names, address, subject, detail)
    if stage == "after":
        late = _("%(name)s was asked for a verdict on “%(question)s” by %(day)s and has not signed.")
        address = reverse("desk:review_invite", args=[row.edition_id])
        for person in editors:
            if person.pk != row.member_id:
                yield News(person, Kind.INVITED, about, late % names, address, subject)


def _is_just_made(row: ReviewInvitation, on: datetime.date) -> bool:
    """Whether the invitation itself told of a day that was near already."""
    return row.due_on == on and timezone.localdate(row.at) >= on - INVITATION_AHEAD * due.DAY
