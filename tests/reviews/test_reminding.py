"""Reminders of due dates: ahead and on the day, once each, and none for what was handed in."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from articles import due, handing_over
from articles.models import Article
from people.models import Kind, Message, Notification, Role
from reviews import tasks, workflow
from reviews.reminding import remind_due

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def day() -> datetime.date:
    return timezone.localdate() + 9 * DAY


@pytest.fixture
def due_draft(draft, author, day) -> Article:
    due.set_due(draft, on=day, by=author)
    return draft


def told(**of) -> list[str]:
    news = Notification.objects.filter(kind=Kind.DUE, in_desk=True, **of).order_by("pk")
    return [one.sentence.rpartition("” ")[2] for one in news]


def test_ahead_and_on_the_day_once_each(due_draft, day):
    for today in (day - 4 * DAY, day - 3 * DAY, day - 2 * DAY, day - DAY, day, day, day + DAY, day + 5 * DAY):
        remind_due(today=today)
        assert remind_due(today=today) == 0
    assert told() == [f"is due on {day.day} {day:%B %Y}.", "is due today."]
    assert Message.objects.filter(subject__startswith="Due: ").count() == 2


def test_an_outage_loses_none_and_tells_of_the_past_once(due_draft, day):
    remind_due(today=day + 12 * DAY)
    remind_due(today=day + 13 * DAY)
    assert told() == [f"was due on {day.day} {day:%B %Y}."]
    assert remind_due(today=day + 60 * DAY) == 0


def test_the_day_before_says_tomorrow(due_draft, day):
    remind_due(today=day - DAY)
    assert told() == ["is due tomorrow."]


def test_nobody_is_reminded_of_what_the_board_has(due_draft, author, editor, day):
    edition = workflow.submit(due_draft, by=author)
    assert remind_due(today=day) == 0
    workflow.pull_back(edition, by=author)
    assert remind_due(today=day) == 1


def test_another_date_and_another_owner_have_reminders_of_their_own(due_draft, author, editor, person, day):
    remind_due(today=day)
    due.set_due(due_draft, on=day + 10 * DAY, by=author)
    assert remind_due(today=day) == 0
    assert remind_due(today=day + 10 * DAY) == 1
    second = person("Sara Second", Role.AUTHOR)
    handing_over.hand_over(due_draft, to=second, by=editor, why="On leave.")
    assert remind_due(today=day + 10 * DAY) == 1
    assert told(person=second) == ["is due today."]


@pytest.mark.parametrize("left", [0, 1, 3])
def test_whoever_sets_a_near_date_is_not_reminded_of_it_at_once(draft, author, left):
    today = timezone.localdate()
    due.set_due(draft, on=today + left * DAY, by=author)
    tasks.sweep()
    assert told() == []
    assert remind_due(today=today + left * DAY) == (0 if left == 0 else 1)


def test_who_has_left_is_told_nothing(due_draft, author, day):
    author.is_active = False
    author.save()
    assert remind_due(today=day) == 0
