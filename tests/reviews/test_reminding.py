"""Reminders of due dates and of reviews: each once, none lost by an outage, and none for what was handed in."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import drafting, due, handing_over
from articles.models import Article, Publication
from people.models import Kind, Message, Notification, Role, User, When
from people.notifying import Way, choose
from reviews import reminding, tasks, workflow
from reviews.reminding import remind_due, remind_of_reviews
from tests.conftest import PASSWORD

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


def test_nobody_is_reminded_of_the_newer_edition_that_the_board_has(due_draft, author, day):
    workflow.submit(due_draft, by=author)
    due_draft.lead += " Take it with water."
    drafting.save(due_draft, by=author, base_version=due_draft.version)
    assert remind_due(today=day - DAY) == 1
    workflow.submit(due_draft, by=author)
    assert remind_due(today=day) == 0


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


@pytest.fixture
def live(draft, author, member, editor):
    """A live answer, its review due in two years."""
    edition = workflow.submit(draft, by=author)
    workflow.take_up(edition, by=member)
    workflow.decide(edition, by=member, kind="approve", password=PASSWORD)
    return workflow.publish(edition, by=editor)


def of_review(person: User) -> list[str]:
    news = Notification.objects.filter(kind=Kind.REVIEW_DUE, person=person).order_by("pk")
    return [one.sentence.rpartition("” ")[2] for one in news]


def test_a_review_is_reminded_of_ahead_at_and_after_and_goes_to_the_chief_editor(live, author, member, editor, person):
    chief = person("Cleo Chief", Role.CHIEF_EDITOR)
    on = live.review_due_on
    day = f"{on.day} {on:%B %Y}"
    for days in range(-40, 100):
        reminded = remind_of_reviews(today=on + days * DAY)
        assert reminded == (days in {-30, -7, 0, 30, 60, 90}), days
        assert remind_of_reviews(today=on + days * DAY) == 0
    ahead = [f"is due for review again on {day}."] * 2 + ["is due for review again today."]
    late = [f"was due for review again on {day} and is overdue."] * 3
    assert of_review(author) == of_review(editor) == ahead + late
    assert (
        of_review(chief)
        == [f"is overdue for review since {day}, so it comes to you as chief editor. Ada Author is its owner."] * 3
    )
    assert of_review(member) == []
    assert Message.objects.filter(to=author.email, subject__startswith="Review due: ").count() == 6


def test_an_outage_of_the_sweep_loses_no_reminder_of_a_review(live, author):
    on = live.review_due_on
    for days in (-29, -5, 3, 4, 58, 61):
        remind_of_reviews(today=on + days * DAY)
    assert len(of_review(author)) == 5
    assert remind_of_reviews(today=on + 61 * DAY) == 0
    assert remind_of_reviews(today=on + 300 * DAY) == 1


def test_two_sweeps_at_once_remind_of_a_review_once(live, author):
    on = live.review_due_on
    stale = Publication.objects.select_related("article__owner").get()
    assert reminding._remind_of_review(stale, [], [], today=on)
    assert not reminding._remind_of_review(stale, [], [], today=on)
    assert len(of_review(author)) == 1


def test_no_review_of_a_withdrawn_answer_is_reminded_of(live, editor):
    workflow.withdraw(live.edition, by=editor, explanation="Out of date.")
    assert remind_of_reviews(today=live.review_due_on) == 0


def test_without_another_editor_the_chief_is_reminded_from_the_first(live, author, editor, person):
    chief = person("Cleo Chief", Role.CHIEF_EDITOR)
    editor.appointments.all().delete()
    remind_of_reviews(today=live.review_due_on - 30 * DAY)
    assert len(of_review(chief)) == 1


def test_a_person_can_switch_reminders_of_reviews_off(live, author, editor):
    choose(author, {Kind.REVIEW_DUE: Way(False, When.NEVER)})
    remind_of_reviews(today=live.review_due_on)
    assert not Message.objects.filter(to=author.email, subject__startswith="Review due").exists()
    assert not Notification.objects.filter(person=author, kind=Kind.REVIEW_DUE).shown().exists()
    assert Message.objects.filter(to=editor.email, subject__startswith="Review due").exists()


def test_the_sweep_marks_what_is_overdue_and_readers_are_told_in_words(live, author, client):
    address = reverse("readers:answer", args=[live.slug])
    assert "(overdue)" not in client.get(address).content.decode()
    past = timezone.localdate() - 2 * DAY
    statement = live.statement | {"next_due": past.isoformat()}
    Publication.objects.update(review_due_on=past, review_reminder_on=past, statement=statement)
    tasks.sweep()
    assert "(overdue)" in client.get(address).content.decode()
    assert "Next review overdue" in client.get(reverse("readers:answers")).content.decode()
    assert len(of_review(author)) == 1
