"""Due dates: who sets them, who is told, and that no save takes one away."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from articles import drafting, due, history
from articles.models import Article
from people.models import Kind, Notification, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def soon() -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=9)


def test_an_editor_sets_it_and_the_owner_is_told_once_for_each_change(draft, editor, author, soon):
    due.set_due(draft, on=soon, by=editor)
    due.set_due(draft, on=soon, by=editor)
    assert Article.objects.get(pk=draft.pk).due_on == soon
    assert Notification.objects.get(person=author, kind=Kind.DUE).sentence.startswith("Edda Editor set a date for")
    due.set_due(draft, on=None, by=editor)
    due.set_due(draft, on=soon, by=editor)
    assert Notification.objects.filter(person=author, kind=Kind.DUE).count() == 3


def test_the_owner_sets_it_and_is_told_nothing(draft, author, soon):
    due.set_due(draft, on=soon, by=author)
    assert draft.due_on == soon
    assert not Notification.objects.exists()


def test_nobody_else_does_and_no_day_that_is_past(draft, person, member, author, soon):
    other = person("Olga Other", Role.AUTHOR)
    drafting.save(draft, by=other, base_version=draft.version)
    for one in (other, member):
        with pytest.raises(due.Refused, match="Only the owner"):
            due.set_due(draft, on=soon, by=one)
    with pytest.raises(due.Refused, match="past"):
        due.set_due(draft, on=timezone.localdate() - datetime.timedelta(days=1), by=author)
    assert Article.objects.get(pk=draft.pk).due_on is None


def test_it_is_no_version_and_a_save_that_began_before_keeps_it(draft, author, editor, soon):
    stale = Article.objects.get(pk=draft.pk)
    due.set_due(draft, on=soon, by=editor)
    stale.lead = "Another lead [@alpha]."
    saved = drafting.save(stale, by=author, base_version=draft.version)
    assert saved.due_on == soon
    assert Article.objects.get(pk=draft.pk).due_on == soon
    assert "due_on" not in history.versions_of(draft)[0].field_dict
    assert history.versions_of(draft).count() == 2
