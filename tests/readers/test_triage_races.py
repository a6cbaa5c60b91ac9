"""Two editors, or one reader twice, at once, on PostgreSQL with threads: nobody is forgotten, and no row is double."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from articles.models import Article
from people.models import Message, Role, User
from readers import triage
from readers.models import FollowUpQuestion
from tests.races import at_once, on_postgresql  # noqa: F401 - a fixture of every test here

ROUNDS = 12
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


@pytest.fixture
def second(person: Callable[..., User]) -> User:
    return person("Erik Editor", Role.EDITOR)


def asked(text: str, by: User) -> FollowUpQuestion:
    row = triage.take_in(text=text, email=f"{text}@example.org", audience="", article_id=None, edition_number=None)
    triage.take_up(row, by=by)
    return row


def test_the_same_words_sent_at_once_are_one_question(draft: Article):
    for number in range(ROUNDS):
        sent = {"text": f"Round {number}?", "email": "", "audience": "", "article_id": draft.pk, "edition_number": 1}
        rows = at_once(*(lambda: triage.take_in(**sent, sender="192.0.2.1"),) * 4)  # noqa: B023 - run at once
        assert len({row.pk for row in rows}) == 1, rows
    assert FollowUpQuestion.objects.count() == ROUNDS


def test_a_copy_of_a_question_that_is_answered_at_once_is_told(draft: Article, publish, editor: User, second: User):
    publish(draft)
    for number in range(ROUNDS):
        first, copy = asked(f"first{number}", editor), asked(f"copy{number}", second)
        results = at_once(
            lambda first=first: triage.answered(first, by=editor, article=draft),  # type: ignore[misc]
            lambda first=first, copy=copy: triage.duplicate(copy, by=second, of=first),  # type: ignore[misc]
        )
        assert results == [None, None]
        assert Message.objects.filter(to=f"copy{number}@example.org").count() == 1


def test_each_of_two_as_the_copy_of_the_other_is_one_copy(editor: User, second: User):
    for number in range(ROUNDS):
        one, other = asked(f"one{number}", editor), asked(f"other{number}", second)
        results = at_once(
            lambda one=one, other=other: triage.duplicate(one, by=editor, of=other),  # type: ignore[misc]
            lambda one=one, other=other: triage.duplicate(other, by=second, of=one),  # type: ignore[misc]
        )
        assert sum(isinstance(result, triage.Refused) for result in results) == 1, results
        assert FollowUpQuestion.objects.filter(pk__in=[one.pk, other.pk], state="duplicate").count() == 1
