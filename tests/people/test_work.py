"""Hurrying: what is committed succeeds whatever the broker does, and a broker that was away is left alone a while."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from kombu.exceptions import OperationalError

from people import work


class Task:
    """A task whose sending fails as it is told."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error, self.asked = error, 0

    def delay(self, *ids: object) -> None:
        self.asked += 1
        if self.error:
            raise self.error


@pytest.fixture(autouse=True)
def _as_new() -> Iterator[None]:
    work._Broker.away_until = 0.0
    yield
    work._Broker.away_until = 0.0


def commit(*tasks: Task) -> None:
    with transaction.atomic():
        for task in tasks:
            work.hurry(task)  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
class TestHurrying:
    def test_an_error_of_the_task_is_logged_and_the_caller_goes_on(self, caplog: pytest.LogCaptureFixture):
        wrong, right = Task(ValueError("wrong")), Task()
        commit(wrong, right)
        assert (wrong.asked, right.asked) == (1, 1)
        assert "Error calling hurry" in caplog.text

    def test_a_broker_that_is_away_is_left_alone_a_while(
        self, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ):
        away, there = Task(OperationalError("refused")), Task()
        commit(away, away, there)
        assert (away.asked, there.asked) == (1, 0)
        assert caplog.text.count("the sweep does the work: refused") == 1
        now = work.time.monotonic()
        monkeypatch.setattr(work.time, "monotonic", lambda: now + work.LEFT_ALONE)
        commit(there)
        assert there.asked == 1

    def test_nothing_is_asked_before_the_commit(self):
        task = Task()
        with transaction.atomic():
            work.hurry(task)  # type: ignore[arg-type]
            transaction.set_rollback(True)
        assert task.asked == 0
