"""Queues by subject, request ids that go along with a task, and the note that a scheduled task was done.

A real worker takes tasks from queues of files, as `make run` does.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from config.celery import app
from config.running import requests, tasks
from tests.config.test_settings import ROOT

QUEUES = {
    "reviews.tasks.sweep": "publishing",
    "reviews.tasks.react_to_events": "publishing",
    "reviews.tasks.anchor_record": "publishing",
    "articles.publishing.follow_changes": "publishing",
    "readers.tasks.sweep_questions": "publishing",
    "people.outbox.send_mail_due": "mail",
    "references.import_jobs.read_import": "watching",
    "references.import_jobs.take_import": "watching",
    "references.identity.likeness.find_duplicates": "watching",
    "references.watching.rounds.watch_library": "watching",
    "articles.links.check_links": "watching",
    "articles.search.index.recount": "search",
}
"""Written by hand: a new task is put somewhere by decision."""


def test_each_task_has_its_queue():
    app.loader.import_default_modules()
    ours = {name for name in app.tasks if not name.startswith("celery.")}
    assert ours == set(QUEUES)
    routed = {name: app.amqp.router.route({}, name)["queue"].name for name in ours}
    assert routed == QUEUES


def test_a_worker_takes_from_all_queues_unless_told():
    assert set(app.amqp.queues) == set(settings.QUEUES) == set(QUEUES.values())


def test_every_line_of_the_schedule_names_a_task():
    app.loader.import_default_modules()
    assert {line["task"] for line in settings.CELERY_BEAT_SCHEDULE.values()} <= set(app.tasks)


def test_a_task_carries_the_id_of_the_request_that_sends_it():
    headers: dict[str, Any] = {}
    tasks.send_request_id(headers=headers)
    assert headers == {}
    token = requests.current.set("the-one-of-the-proxy")
    tasks.send_request_id(headers=headers)
    requests.current.reset(token)
    assert headers == {"request_id": "the-one-of-the-proxy"}


class TestARealWorker:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"LOG_FORMAT": "json"}

    @pytest.fixture
    def manage(self, environment: dict[str, str]) -> Callable[..., None]:
        def run(*words: str) -> None:
            subprocess.run([sys.executable, *words], cwd=ROOT, env=environment, check=True)

        run("manage.py", "migrate", "--verbosity", "0")
        return run

    @pytest.fixture
    def worker(self, environment: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., None]]:
        running: list[subprocess.Popen[bytes]] = []

        def start(*words: str) -> None:
            with (tmp_path / "log").open("ab") as log:
                running.append(
                    subprocess.Popen(
                        [sys.executable, "-m", "celery", "-A", "config", "worker", "--pool", "solo", *words],
                        cwd=ROOT,
                        env=environment,
                        stdout=log,
                        stderr=log,
                    )
                )

        yield start
        for process in running:
            process.terminate()
            process.wait(30)

    def test_queues_request_ids_and_what_was_done(
        self, manage: Callable[..., None], worker: Callable[..., None], tmp_path: Path
    ):
        manage(
            "-c",
            "import django; django.setup()\n"
            "from config.models import ScheduledTask\n"
            "from django.utils import timezone\n"
            "for name in ('sweep', 'search'): ScheduledTask.objects.create(name=name, sent_at=timezone.now())\n"
            "from config.running import requests\n"
            "from articles.search.index import recount\n"
            "from reviews.tasks import sweep\n"
            "requests.current.set('the-one-of-the-proxy')\n"
            "recount.delay(); sweep.delay()\n",
        )

        def done() -> dict[str, str]:
            with sqlite3.connect(tmp_path / "imprimatur.sqlite3", timeout=20) as asked:
                return dict(asked.execute("SELECT name, done_by FROM config_scheduledtask WHERE done_at IS NOT NULL"))

        def until(names: set[str]) -> None:
            limit = time.monotonic() + 60
            while set(done()) != names:
                assert time.monotonic() < limit, (tmp_path / "log").read_text()
                time.sleep(0.2)

        worker("--queues", "search", "--hostname", "one@here", "--loglevel", "INFO")
        until({"search"})
        # The other task waits in its own queue, for a worker that takes from it.
        waiting = [json.loads(path.read_text())["headers"] for path in (tmp_path / "queue").iterdir()]
        assert [(one["task"], one["request_id"]) for one in waiting] == [
            ("reviews.tasks.sweep", "the-one-of-the-proxy")
        ]
        worker("--hostname", "two@here", "--loglevel", "INFO")
        until({"search", "sweep"})
        assert done() == {"search": "one@here", "sweep": "two@here"}
        lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines() if line.startswith("{")]
        told = {line["task"]: line["request_id"] for line in lines if "succeeded" in line["message"] and "task" in line}
        assert told == dict.fromkeys(["articles.search.index.recount", "reviews.tasks.sweep"], "the-one-of-the-proxy")
