"""Publication at a time: scheduling it, what the sweep does, and what it refuses."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.models import Edition, Publication
from people.models import Notification, Role
from people.roles import end
from reviews import tasks, verifying, workflow
from reviews.models import ScheduledPublication, Transition

pytestmark = pytest.mark.django_db


def _post(client, edition, name, **fields):
    return client.post(reverse(f"desk:{name}", args=[edition.pk]), fields)


def _page(client, edition):
    return client.get(reverse("desk:publishing", args=[edition.article_id])).content.decode()


def _soon(**ahead):
    return timezone.now() + datetime.timedelta(**(ahead or {"hours": 2}))


@pytest.fixture
def clock(monkeypatch):
    """Set the time that the code reads: `clock(hours=3)` from now."""
    real = timezone.now

    def to(**ahead):
        monkeypatch.setattr(timezone, "now", lambda: real() + datetime.timedelta(**ahead))

    return to


def test_an_editor_schedules_and_sees_it(browser, editor, approved):
    client = browser(editor)
    assert _post(client, approved, "schedule", **{"schedule-at": "2099-03-31T09:30"}).status_code == 302
    row = ScheduledPublication.objects.get()
    assert (row.edition_id, row.made_by, row.outcome) == (approved.pk, editor, "waiting")
    assert row.at == datetime.datetime(2099, 3, 31, 9, 30, tzinfo=datetime.UTC)
    page = _page(client, approved)
    assert "31 March 2099" in page
    assert "Cancel" in page
    assert not Publication.objects.exists()
    for address in ("desk:home", "desk:articles"):
        assert "31 Mar 2099" in client.get(reverse(address)).content.decode()


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        ("", "Choose the day and the time."),
        ("soon", "Write the day and the time like"),
        ("2020-01-01T09:00", "That time is past."),
        ("2099-02-31T09:00", "Write the day and the time like"),
    ],
)
def test_a_time_that_is_none_is_said_beside_the_field(browser, editor, approved, at, sentence):
    response = _post(browser(editor), approved, "schedule", **{"schedule-at": at})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert f'value="{at}"' in response.content.decode() or not at
    assert not ScheduledPublication.objects.exists()


def test_the_move_itself_refuses_a_time_that_is_past(editor, approved):
    with pytest.raises(workflow.Refused, match="still to come"):
        workflow.schedule(approved, by=editor, at=timezone.now())


def test_only_an_approved_edition_is_scheduled(browser, editor, submitted):
    response = _post(browser(editor), submitted, "schedule", **{"schedule-at": "2099-03-31T09:30"})
    assert response.status_code == 409
    assert "is not approved" in response.content.decode()


def test_the_sweep_publishes_when_the_time_has_come_and_once(editor, approved, clock):
    workflow.schedule(approved, by=editor, at=_soon())
    tasks.sweep()
    assert not Publication.objects.exists()
    clock(hours=2, seconds=1)
    tasks.sweep()
    assert Publication.objects.get().edition_id == approved.pk
    clock(hours=5)
    tasks.sweep()
    assert Transition.objects.filter(move="publish", via="schedule").count() == 1
    assert ScheduledPublication.objects.get().outcome == "published"
    assert list(verifying.problems()) == []


def test_a_worker_that_was_away_for_days_publishes_on_its_return(editor, approved, clock):
    workflow.schedule(approved, by=editor, at=_soon())
    clock(days=3)
    assert workflow.publish_due() == 1
    assert Publication.objects.get().published_at.date() == timezone.now().date()


def test_whoever_scheduled_it_is_told_that_it_is_public(editor, approved, clock):
    workflow.schedule(approved, by=editor, at=_soon())
    clock(hours=3)
    workflow.publish_due()
    assert Notification.objects.filter(person=editor, sentence__contains="is now public").exists()


def test_conditions_are_asked_again_and_a_refusal_is_news(administrator, editor, person, approved, clock):
    other = person("Erik Editor", Role.EDITOR)
    workflow.schedule(approved, by=editor, at=_soon())
    end(editor, role=Role.EDITOR, by=administrator)
    clock(hours=3)
    assert workflow.publish_due() == 0
    assert not Publication.objects.exists()
    row = ScheduledPublication.objects.get()
    assert row.outcome == "refused"
    assert "Only an editor" in row.why
    for one in (editor, other):
        told = Notification.objects.get(person=one, about=f"schedule:{row.pk}")
        assert "was not published" in told.sentence
        assert "Only an editor" in told.sentence
    workflow.publish_due()
    assert Notification.objects.filter(about=f"schedule:{row.pk}").count() == 2


def test_an_altered_edition_is_not_published_and_stops_no_other(editor, approved, clock, monkeypatch):
    from articles import editions

    workflow.schedule(approved, by=editor, at=_soon())
    clock(hours=3)

    def altered(edition):
        raise editions.Altered("other bytes")

    monkeypatch.setattr("articles.publishing.editions.read", altered)
    assert workflow.publish_due() == 0
    assert ScheduledPublication.objects.get().outcome == "refused"
    assert not Publication.objects.exists()


def test_the_page_says_what_was_not_published(browser, editor, approved, clock, administrator, person):
    workflow.schedule(approved, by=editor, at=_soon())
    end(editor, role=Role.EDITOR, by=administrator)
    clock(hours=3)
    workflow.publish_due()
    page = _page(browser(person("Erik Editor", Role.EDITOR)), approved)
    assert "Not published" in page
    assert "Only an editor" in page


def test_cancelled_is_never_published(browser, editor, approved, clock):
    workflow.schedule(approved, by=editor, at=_soon())
    assert _post(browser(editor), approved, "cancel_schedule").status_code == 302
    clock(hours=3)
    assert workflow.publish_due() == 0
    assert not Publication.objects.exists()
    assert _post(browser(editor), approved, "cancel_schedule").status_code == 409
    assert list(verifying.problems()) == []


def test_one_waits_at_a_time(editor, approved):
    workflow.schedule(approved, by=editor, at=_soon())
    with pytest.raises(workflow.Refused, match="Cancel that first"):
        workflow.schedule(approved, by=editor, at=_soon(hours=4))


def test_publishing_by_hand_ends_what_waited(editor, approved, clock):
    workflow.schedule(approved, by=editor, at=_soon())
    workflow.publish(approved, by=editor)
    assert ScheduledPublication.objects.get().outcome == "published"
    clock(hours=3)
    assert workflow.publish_due() == 0
    assert Transition.objects.filter(move="publish").count() == 1


def test_a_scheduled_edition_of_a_public_answer_is_not_named_before_its_time(client, editor, approved, author, member):
    """The public trail is made of standings, and scheduling changes none."""
    from tests.desk.publishing.test_publishing import _second

    workflow.publish(approved, by=editor)
    second = _second(approved, author, member)
    workflow.schedule(second, by=editor, at=_soon(), note="The dose was added.")
    workflow.add_notice(approved, by=editor, kind="correction", text="A table was wrong.")
    slug = Publication.objects.get().slug
    assert "The dose was added." not in client.get(f"/answers/{slug}/").content.decode()
    assert client.get(f"/answers/{slug}/editions/2/").status_code == 404
    assert Edition.objects.count() == 2
