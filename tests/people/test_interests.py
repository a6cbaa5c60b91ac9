"""Declarations of interests: dated, kept for good, in date for a year, and reminded of before and when they run out."""

from __future__ import annotations

import datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from people import interests
from people.models import Appointment, Declaration, Kind, Message, Notification, Role, User
from people.renewing import remind_to_declare
from reviews import verifying
from reviews.tasks import sweep

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def nora(person) -> User:
    return person("Nora New", Role.BOARD_MEMBER, declares=False)


def told() -> list[str]:
    return list(Notification.objects.filter(kind=Kind.INTERESTS).order_by("pk").values_list("sentence", flat=True))


def test_words_by_category_become_a_sentence(nora):
    row = interests.declare(nora, {"shares": " Alpha  Inc ", "consulting": "Beta Ltd, 2025.", "unknown": "x"})
    assert row.entries == [
        {"category": "consulting", "text": "Beta Ltd, 2025."},
        {"category": "shares", "text": "Alpha Inc"},
    ]
    assert row.sentence == "Fees for advice: Beta Ltd, 2025. Shares and options: Alpha Inc."
    assert interests.declare(nora, {}).sentence == ""
    assert Declaration.objects.filter(person=nora).count() == 2


def test_it_looks_back_36_months_and_is_in_date_for_a_year(nora):
    at = datetime.datetime(2024, 2, 29, 12, tzinfo=datetime.UTC)
    row = interests.declare(nora, {}, at=at)
    assert row.covers_from == datetime.date(2021, 2, 28)
    assert row.renew_by == datetime.date(2025, 2, 28)
    assert row.is_in_date(datetime.date(2025, 2, 28))
    assert not row.is_in_date(datetime.date(2025, 3, 1))
    assert interests.in_date([nora.pk], today=datetime.date(2025, 2, 28)) == {nora.pk}
    assert interests.in_date([nora.pk], today=datetime.date(2025, 3, 1)) == frozenset()


def test_one_tap_sent_twice_is_one_declaration(nora):
    now = timezone.now()
    first = interests.declare(nora, {}, at=now)
    assert interests.declare(nora, {}, at=now + datetime.timedelta(seconds=5)) == first
    assert interests.declare(nora, {"other": "A cousin."}, at=now + datetime.timedelta(seconds=6)) != first
    assert interests.declare(nora, {}, at=now + datetime.timedelta(minutes=9)) != first


def test_renewing_says_the_same_again(nora):
    assert interests.renew(nora) is None
    old = interests.declare(nora, {"patents": "None granted."}, at=timezone.now() - 400 * DAY)
    new = interests.renew(nora)
    assert new is not None
    assert (new.entries, new.is_in_date()) == (old.entries, True)
    assert interests.current(nora) == new


def test_a_declaration_is_never_changed_or_removed(nora):
    row = interests.declare(nora, {"other": "A cousin."})
    for change in (lambda: Declaration.objects.update(sentence=""), row.delete):
        with pytest.raises((IntegrityError, DatabaseError), match="is part of the record"), transaction.atomic():
            change()
    assert list(verifying.problems()) == []


def test_who_never_declared_is_asked_once(nora, author, editor):
    assert remind_to_declare() == 1
    sweep()
    assert remind_to_declare() == 0
    assert told() == ["Please declare your interests. If there is nothing to declare, it is one tap."]
    assert Message.objects.get(subject="Your declaration of interests").to == nora.email


def test_reminded_before_and_when_overdue_and_of_the_next_one_anew(nora):
    row = interests.declare(nora, {})
    last = row.renew_by
    for today in (last - 31 * DAY, last - 30 * DAY, last - 5 * DAY, last, last + DAY, last + 40 * DAY):
        remind_to_declare(today=today)
    assert [sentence.partition(" until ")[0] for sentence in told()] == [
        "Your declaration of interests is in date",
        "Your declaration of interests was in date",
    ]
    interests.declare(nora, {}, at=timezone.now() + 400 * DAY)
    assert remind_to_declare(today=last + 41 * DAY) == 0


def test_only_those_who_keep_one_are_reminded(editor, administrator, outsider):
    Appointment.objects.create(user=outsider, role=Role.EDITOR)
    assert remind_to_declare() == 0


def test_who_works_in_the_same_place(person):
    here = person("Ann", institution="Northern  Hospital")
    others = [person("Bob", institution="northern hospital"), person("Cy", institution="Elsewhere"), person("Di")]
    assert interests.same_institution(here, [here, *others]) == "Bob"
    assert interests.same_institution(others[2], [here, *others]) == ""


@pytest.mark.django_db(transaction=True)
def test_free_words_become_the_first_declaration_as_they_were_written():
    """Through the migration, on a database that stands before it."""
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    from reviews import protection

    protection.remove(connection)
    before = [name for app, name in executor.loader.graph.nodes if app == "people" and name.endswith("_declarations")]
    Declaration.objects.all().delete()
    executor.migrate([("people", min(before))])
    try:
        state = MigrationExecutor(connection).loader.project_state(("people", min(before)))
        old = state.apps.get_model("people", "User")
        said = old.objects.create(email="a@example.org", name="A", interests="A grant from\r\nAlpha Ltd")
        silent = old.objects.create(email="b@example.org", name="B", interests="")
        MigrationExecutor(connection).migrate(leaves)
        row = Declaration.objects.get(person=said.pk)
        assert row.sentence == "A grant from Alpha Ltd."
        assert row.labelled() == [{"label": "As declared earlier", "text": "A grant from Alpha Ltd"}]
        assert row.renew_by == timezone.localdate(row.at) + 30 * DAY
        assert interests.digest_of(row) == row.digest
        assert not Declaration.objects.filter(person=silent.pk).exists()
        renewed = interests.renew(User.objects.get(pk=said.pk))
        assert renewed is not None
        assert renewed.sentence == row.sentence
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
        protection.lay(connection)
