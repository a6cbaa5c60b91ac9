"""The doctor: says nothing of what is well when asked to be quiet, finds each thing that is wrong, says what to do."""

from __future__ import annotations

import datetime
import os
import socket
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from articles.models import Publication, SearchEntry
from config.models import ScheduledTask
from config.running import clock, reach
from config.running.doctor import data, finding, installation, work
from config.running.doctor.examining import examine
from config.running.doctor.finding import Level
from people.models import Message
from reviews import protection, workflow

HOUR = datetime.timedelta(hours=1)


def said(look: Any) -> list[tuple[Level, str]]:
    return [(one.level, one.says) for one in look() if one.level > Level.WELL]


def only(look: Any) -> tuple[Level, str]:
    [one] = said(look)
    return one


@pytest.fixture
def running(settings: Any) -> None:
    """Beat and a worker do what the schedule says."""
    now = timezone.now()
    ScheduledTask.objects.bulk_create(
        ScheduledTask(name=name, sent_at=now, sent_by="beat", done_at=now, done_by="worker")
        for name in settings.CELERY_BEAT_SCHEDULE
    )


@pytest.fixture
def healthy(settings: Any, running: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An installation at which nothing is to be found."""
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.TRUSTED_PROXIES = 1
    settings.BACKUP_DIR = str(tmp_path)
    settings.REDIS_URL = "redis://127.0.0.1:6379/1"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.DEFAULT_FROM_EMAIL = "Answers <answers@example.org>"
    monkeypatch.setattr(work, "get_connection", Server)
    monkeypatch.setattr(reach, "broker", lambda: None)
    (tmp_path / "imprimatur-20260101T000000Z.dump").touch()
    return settings


class Server:
    """A mail server that lets us in."""

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *error: Any) -> None:
        pass

    def open(self) -> None:
        pass


@pytest.mark.django_db
class TestTheCommand:
    def run(self, *words: str) -> int:
        try:
            call_command("doctor", *words)
        except SystemExit as ended:
            return int(ended.code or 0)
        return 0

    def test_all_is_well(self, healthy: Any, capsys: pytest.CaptureFixture[str]):
        assert self.run() == 0
        out = capsys.readouterr().out
        assert out.startswith("Well:")
        assert "Doubtful" not in out
        assert "Wrong" not in out

    def test_quiet_says_nothing_then(self, healthy: Any, capsys: pytest.CaptureFixture[str]):
        assert self.run("--quiet") == 0
        assert capsys.readouterr().out == ""

    def test_something_doubtful_is_1(self, healthy: Any, capsys: pytest.CaptureFixture[str]):
        healthy.REDIS_URL = ""
        assert self.run("--quiet") == 1
        out = capsys.readouterr().out
        assert out.startswith("Doubtful: REDIS_URL is not set")
        assert out.splitlines()[1].strip() == "Set REDIS_URL."

    def test_something_wrong_is_2(self, healthy: Any, capsys: pytest.CaptureFixture[str]):
        healthy.REDIS_URL = ""
        ScheduledTask.objects.all().delete()
        assert self.run("--quiet") == 2
        assert "Wrong:    No beat ever ran" in capsys.readouterr().out

    def test_what_is_not_well_says_what_to_do(self, healthy: Any, settings: Any):
        settings.DEBUG = True
        ScheduledTask.objects.all().delete()
        Message.objects.create(key="a", to="a@example.org", subject="a", text="a", attempts=9)
        found = [one for one in examine() if one.level > Level.WELL]
        assert len(found) >= 3
        assert all(one.todo for one in found)

    def test_without_the_database_the_rest_is_looked_at(self, healthy: Any, monkeypatch: pytest.MonkeyPatch):
        def away() -> None:
            raise OperationalError("connection refused")

        monkeypatch.setattr(connection, "ensure_connection", away)
        told = [one.says for one in examine()]
        assert "The database does not answer: connection refused." in told
        assert "The mail server lets us in." in told
        assert not any("trigger" in one for one in told)


@pytest.mark.django_db
class TestData:
    def test_migrations_that_are_not_applied(self, monkeypatch: pytest.MonkeyPatch):
        class Loader:
            class graph:
                @staticmethod
                def leaf_nodes() -> list[Any]:
                    return []

        class Migration:
            app_label, name = "articles", "0099_new"

        class Executor:
            loader = Loader

            def __init__(self, connection: Any) -> None:
                pass

            def migration_plan(self, targets: Any) -> list[Any]:
                return [(Migration, False)]

        monkeypatch.setattr(data, "MigrationExecutor", Executor)
        level, says = only(data.migrations)
        assert (level, says) == (Level.WRONG, "1 migrations are not applied: articles.0099_new.")

    def test_code_that_is_older_than_the_database(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('articles', '0099_new', %s)",
                [timezone.now()],
            )
        level, says = only(data.migrations)
        assert level == Level.DOUBTFUL
        assert "articles.0099_new" in says

    @pytest.mark.parametrize(
        ("seconds", "level", "words"),
        [
            (0.2, None, ""),
            (-3, Level.DOUBTFUL, "3 seconds behind"),
            (3600, Level.WRONG, "1 hour ahead of"),
        ],
    )
    def test_the_clock(self, monkeypatch: pytest.MonkeyPatch, seconds: float, level: Level | None, words: str):
        monkeypatch.setattr(clock, "ahead_of_database", lambda: datetime.timedelta(seconds=seconds))
        found = said(data.clock)
        assert [one for one, _says in found] == ([level] if level else [])
        assert words in "".join(says for _level, says in found)

    def test_the_clock_is_that_of_the_database(self, monkeypatch: pytest.MonkeyPatch):
        now = timezone.now
        monkeypatch.setattr(clock.timezone, "now", lambda: now() + HOUR)
        assert abs(clock.ahead_of_database() - HOUR) < datetime.timedelta(seconds=20)

    def test_a_missing_trigger(self):
        assert said(data.triggers) == []
        with connection.cursor() as cursor:
            cursor.execute(
                "DROP TRIGGER reviews_verdict_no_update"
                + ("" if connection.vendor == "sqlite" else " ON reviews_verdict")
            )
        level, says = only(data.triggers)
        protection.lay(connection)
        assert level == Level.WRONG
        assert "reviews_verdict_no_update" in says

    @pytest.fixture
    def live(self, draft: Any, author: Any, editor: Any) -> Publication:
        edition = workflow.submit(draft, by=author)
        workflow.release_with_caution(edition, by=editor, reason="It is urgent.")
        return Publication.objects.get()

    def test_the_index_is_in_step(self, live: Publication):
        assert said(data.index) == []

    def test_an_answer_that_search_does_not_know(self, live: Publication):
        SearchEntry.objects.all().delete()
        assert "1 listed answers cannot be found" in only(data.index)[1]
        call_command("index_answers")
        assert said(data.index) == []

    def test_an_answer_whose_words_are_gone(self, live: Publication):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM articles_searchposting")
        assert "1 listed answers cannot be found" in only(data.index)[1]
        call_command("index_answers")
        assert said(data.index) == []

    def test_an_entry_that_says_otherwise(self, live: Publication):
        SearchEntry.objects.update(title="Something else")
        assert "1 are not what their live editions give" in only(data.index)[1]
        call_command("index_answers")
        assert said(data.index) == []

    def test_an_entry_of_an_answer_that_left(self, live: Publication):
        Publication.objects.update(standing="withdrawn", withdrawn_at=timezone.now(), explanation="Because.")
        assert "1 answers that are not listed stand in the search index" in only(data.index)[1]
        call_command("index_answers")
        assert said(data.index) == []


@pytest.mark.django_db
class TestWork:
    def test_all_is_done(self, running: None):
        assert said(work.beat_and_worker) == []

    def test_no_beat(self, running: None):
        ScheduledTask.objects.filter(pk="sweep").update(sent_at=timezone.now() - HOUR)
        assert only(work.beat_and_worker) == (
            Level.WRONG,
            "Beat last sent “sweep” 1 hour ago; it is due every 20 seconds.",
        )

    def test_a_night_that_was_missed(self, running: None):
        ScheduledTask.objects.filter(pk="duplicates").update(sent_at=timezone.now() - 30 * HOUR)
        assert said(work.beat_and_worker) == []
        ScheduledTask.objects.filter(pk="duplicates").update(sent_at=timezone.now() - 40 * HOUR)
        assert "it is due every 1 day" in only(work.beat_and_worker)[1]

    def test_no_worker(self, running: None):
        ScheduledTask.objects.filter(pk="sweep").update(done_at=timezone.now() - HOUR)
        assert "no worker has done it for 1 hour" in only(work.beat_and_worker)[1]

    def test_no_worker_ever(self, running: None):
        ScheduledTask.objects.update(done_at=None)
        told = [says for _level, says in said(work.beat_and_worker)]
        assert "Beat sends “sweep”, but no worker has done it yet." in told
        assert not any("duplicates" in one for one in told)

    def test_what_waits_too_long(self):
        assert said(work.waiting_too_long) == []
        from references.models import Event, Reference

        work_ = Reference.objects.create(key="a", kind="other", title="A")
        Event.objects.create(reference=work_, kind="retraction", found_at=timezone.now() - HOUR)
        assert only(work.waiting_too_long) == (Level.WRONG, "1 × “event” is due, the oldest for 1 hour.")

    def test_mail_that_fails(self):
        Message.objects.create(
            key="a",
            to="a@example.org",
            subject="a",
            text="a",
            attempts=3,
            last_error="550 Not here",
            not_before=timezone.now(),
        )
        assert "1 mails failed 3 times or more, the last with: 550 Not here" in only(work.unsent_mail)[1]

    def test_a_mail_server_that_is_down(self, settings: Any):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.DEFAULT_FROM_EMAIL = "a@example.org"
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            settings.EMAIL_HOST, settings.EMAIL_PORT = taken.getsockname()
            level, says = only(work.mail_server)
        assert level == Level.WRONG
        assert "127.0.0.1 does not let us in" in says

    @pytest.mark.parametrize("part", ["broker", "cache_store"])
    def test_broker_and_cache(self, monkeypatch: pytest.MonkeyPatch, part: str):
        def away() -> None:
            raise OSError("refused")

        monkeypatch.setattr(reach, part, away)
        look = work.broker if part == "broker" else work.cache
        level, says = only(look)
        assert level == Level.DOUBTFUL
        assert "does not answer: refused." in says


class TestBackups:
    @pytest.fixture
    def folder(self, settings: Any, tmp_path: Path) -> Path:
        settings.BACKUP_DIR = str(tmp_path)
        return tmp_path

    def test_none(self, folder: Path):
        assert "There is no backup" in only(work.backups)[1]

    def test_one_that_is_not_finished_counts_for_none(self, folder: Path):
        (folder / ".imprimatur-20260101T000000Z.dump.part").touch()
        assert "There is no backup" in only(work.backups)[1]

    def test_an_old_one(self, folder: Path):
        old = folder / "imprimatur-20260101T000000Z.dump"
        old.touch()
        assert said(work.backups) == []
        os.utime(old, (time.time(), time.time() - 3 * 86_400))
        assert only(work.backups)[1] == f"The newest backup is 3 days old ({old.name})."

    def test_nothing_known(self, settings: Any):
        settings.BACKUP_DIR = ""
        assert only(work.backups)[0] == Level.DOUBTFUL


class TestInstallation:
    def test_debug(self, settings: Any):
        settings.DEBUG = True
        settings.ALLOWED_HOSTS = ["answers.example.org"]
        assert (Level.WRONG, "DEBUG is on: every error shows its code and its data to whoever reads.") in said(
            installation.settings_are_safe
        )

    def test_a_short_token(self, settings: Any):
        settings.METRICS_TOKEN = "short"
        assert any("METRICS_TOKEN has 5 characters" in says for _level, says in said(installation.settings_are_safe))

    def test_what_django_finds(self, settings: Any):
        settings.SECURE_HSTS_SECONDS = 0
        assert any("SECURE_HSTS_SECONDS" in says for _level, says in said(installation.settings_are_safe))

    def test_a_proxy_that_is_not_known(self, settings: Any):
        settings.SECURE_SSL_REDIRECT = True
        settings.SECURE_PROXY_SSL_HEADER = None
        assert len(said(installation.proxies)) == 2
        settings.HTTPS = False
        assert said(installation.proxies) == []

    def test_static_files(self, monkeypatch: pytest.MonkeyPatch):
        from django.contrib.staticfiles.storage import ManifestFilesMixin

        class Storage(ManifestFilesMixin):
            def __init__(self, files: dict[str, str]) -> None:
                self.hashed_files = files

        monkeypatch.setattr(installation, "staticfiles_storage", Storage({}))
        assert "not collected" in only(installation.static_files)[1]
        monkeypatch.setattr(installation, "staticfiles_storage", Storage({"a": "b"}))
        assert said(installation.static_files) == []

    def test_a_full_disk(self, monkeypatch: pytest.MonkeyPatch, settings: Any):
        settings.BACKUP_DIR = ""
        assert said(installation.room) == []
        monkeypatch.setattr(installation, "LEAST_ROOM", 1 << 62)
        assert "MB are free in" in only(installation.room)[1]

    def test_rendering(self, monkeypatch: pytest.MonkeyPatch):
        assert said(installation.rendering) == []

        def fails(**texts: Any) -> None:
            raise PermissionError("no child may be started")

        monkeypatch.setattr(installation.door, "render", fails)
        assert "no child may be started" in only(installation.rendering)[1]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(3, "3 seconds"), (60, "1 minute"), (200, "3 minutes"), (7200, "2 hours"), (200_000, "2 days")],
)
def test_lengths_of_time(seconds: float, words: str):
    assert finding.in_words(seconds) == words
