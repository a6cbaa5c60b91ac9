"""Beat: what is due is sent once, however many beats run, whatever their clocks say, and whoever dies."""

from __future__ import annotations

import datetime
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from celery.beat import SchedulingError
from celery.schedules import crontab, schedule
from django.conf import settings
from django.db import OperationalError, connection
from django.utils import timezone

from config import beat
from config.celery import app
from config.models import ScheduledTask
from tests.config.test_settings import ROOT

HOUR = datetime.timedelta(hours=1)
LINES = set(settings.CELERY_BEAT_SCHEDULE)


class Beat(beat.Scheduler):
    """A beat that notes what it sends instead of asking a broker."""

    producer = None  # type: ignore[assignment]

    def __init__(self, sent: list[str], **kwargs: Any) -> None:
        self.sent = sent
        super().__init__(app, **kwargs)

    def apply_async(self, entry: Any, producer: Any = None, advance: bool = True, **kwargs: Any) -> None:
        self.sent.append(entry.name)


def make_due(by: datetime.timedelta = 30 * HOUR) -> None:
    ScheduledTask.objects.update(sent_at=timezone.now() - by)


@pytest.mark.django_db
class TestOneTable:
    def test_a_new_line_counts_from_now(self):
        sent: list[str] = []
        Beat(sent).tick()
        assert sent == []
        assert set(ScheduledTask.objects.values_list("pk", flat=True)) == LINES

    def test_two_beats_send_each_line_once(self):
        sent: list[str] = []
        one, other = Beat(sent), Beat(sent)
        one.tick()
        for _round in range(3):
            make_due()
            sent.clear()
            for one_of_them in (other, one, other, one):
                one_of_them.tick()
            assert Counter(sent) == Counter(LINES)

    def test_who_read_before_the_other_sent_does_not_send_again(self):
        sent: list[str] = []
        one, other = Beat(sent), Beat(sent)
        one.tick()
        make_due()
        now, before = other._read()
        one.tick()
        for entry in other.schedule.values():
            other._send(entry, before[entry.name], now)
        assert Counter(sent) == Counter(LINES)

    def test_what_was_missed_is_sent_once_when_a_beat_is_back(self):
        sent: list[str] = []
        Beat(sent).tick()
        make_due(24 * 20 * HOUR)
        Beat(sent).tick()
        assert Counter(sent) == Counter(LINES)

    def test_a_nightly_line_waits_for_its_night(self):
        entry = Beat([]).schedule["duplicates"]
        assert isinstance(entry.schedule, crontab)
        sent: list[str] = []
        Beat(sent).tick()
        ScheduledTask.objects.filter(pk="duplicates").update(sent_at=timezone.now())
        Beat(sent).tick()
        assert "duplicates" not in sent

    @pytest.mark.parametrize("hours", [-3, 3])
    def test_a_machine_whose_clock_is_wrong_sends_no_more_and_no_less(
        self, monkeypatch: pytest.MonkeyPatch, hours: int
    ):
        sent: list[str] = []
        Beat(sent).tick()
        ScheduledTask.objects.update(sent_at=timezone.now())
        # This machine's clock, as Celery and Django read it; the database keeps its own.
        true = datetime.datetime.now(datetime.UTC)
        wrong = true + hours * HOUR
        monkeypatch.setattr(beat.timezone, "now", lambda: wrong)
        for entry in (scheduler := Beat(sent)).schedule.values():
            entry.schedule = schedule(20, nowfun=lambda: wrong, app=app)
        scheduler.tick()
        assert sent == []
        ScheduledTask.objects.update(sent_at=true - datetime.timedelta(seconds=30))
        scheduler.tick()
        assert Counter(sent) == Counter(LINES)

    def test_a_database_whose_clock_was_set_back_stops_nothing(self):
        sent: list[str] = []
        Beat(sent).tick()
        ScheduledTask.objects.update(sent_at=timezone.now() + 24 * HOUR)
        Beat(sent).tick()
        assert Counter(sent) == Counter(LINES)
        assert all(row.sent_at <= timezone.now() for row in ScheduledTask.objects.all())

    def test_what_the_broker_refuses_is_due_again(self, monkeypatch: pytest.MonkeyPatch):
        sent: list[str] = []
        scheduler = Beat(sent)
        scheduler.tick()
        make_due()
        with monkeypatch.context() as away:

            def refuse(self: Beat, entry: Any, **kwargs: Any) -> None:
                raise SchedulingError("The broker is away")

            away.setattr(Beat, "apply_async", refuse)
            scheduler.tick()
        assert sent == []
        Beat(sent).tick()
        assert Counter(sent) == Counter(LINES)

    def test_without_the_database_it_waits_and_goes_on(self, monkeypatch: pytest.MonkeyPatch):
        sent: list[str] = []
        scheduler = Beat(sent)
        scheduler.tick()
        make_due()
        with monkeypatch.context() as away:

            def gone(self: Beat) -> None:
                raise OperationalError("gone")

            away.setattr(Beat, "_read", gone)
            away.setattr(beat.connection, "close", lambda: None)
            assert scheduler.tick() > 0
        scheduler.tick()
        assert Counter(sent) == Counter(LINES)

    def test_one_query_where_nothing_is_due(self, django_assert_num_queries: Any):
        scheduler = Beat([])
        scheduler.tick()
        with django_assert_num_queries(1):
            scheduler.tick()


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_send_once():
    sent: list[str] = []
    Beat(sent).tick()
    for _round in range(15):
        make_due()
        sent.clear()
        start = threading.Barrier(4)

        def run() -> None:
            try:
                scheduler = Beat(sent)
                start.wait(10)
                scheduler.tick()
            finally:
                connection.close()

        threads = [threading.Thread(target=run) for _beat in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert Counter(sent) == Counter(LINES)


class TestRealBeats:
    """Two `celery beat` on one database file and one folder of queues."""

    @pytest.fixture
    def database(self, environment: dict[str, str], tmp_path: Path) -> Path:
        self.run(environment, "manage.py", "migrate", "--verbosity", "0", "config")
        return tmp_path / "imprimatur.sqlite3"

    def run(self, environment: dict[str, str], *words: str) -> None:
        subprocess.run([sys.executable, *words], cwd=ROOT, env=environment, check=True)

    @pytest.fixture
    def beats(self, environment: dict[str, str], database: Path, tmp_path: Path) -> Iterator[list[subprocess.Popen]]:
        running = [
            subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "config", "beat", "--pidfile=", "--max-interval=1"],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for _beat in range(2)
        ]
        yield running
        for process in running:
            process.kill()
            process.wait()

    def test_send_once_and_the_second_goes_on_when_the_first_is_killed(
        self, beats: list[subprocess.Popen], database: Path, tmp_path: Path
    ):
        import sqlite3

        def rows() -> dict[str, str]:
            with sqlite3.connect(database, timeout=20) as asked:
                return dict(asked.execute("SELECT sent_by, count(*) FROM config_scheduledtask GROUP BY sent_by"))

        def until(condition: Any) -> None:
            limit = time.monotonic() + 60
            while not condition():
                assert time.monotonic() < limit
                time.sleep(0.2)

        def backdate() -> None:
            with sqlite3.connect(database, timeout=20) as asked:
                asked.execute("UPDATE config_scheduledtask SET sent_at = '2026-01-01 00:00:00', sent_by = ''")

        def sent() -> Counter[str]:
            messages = [json.loads(path.read_text()) for path in (tmp_path / "queue").iterdir()]
            return Counter(message["headers"]["task"] for message in messages)

        until(lambda: sum(rows().values()) == len(LINES))
        for rounds in (1, 2):
            backdate()
            until(lambda: "" not in rows())
            time.sleep(3)  # Three of their naps, so that both have looked.
            assert {
                count for task, count in sent().items() if task == "references.identity.likeness.find_duplicates"
            } == {rounds}
            if rounds == 1:
                [sender, *_more] = rows()
                killed = next(one for one in beats if sender.endswith(f":{one.pid}"))
                os.kill(killed.pid, signal.SIGKILL)
                killed.wait()
