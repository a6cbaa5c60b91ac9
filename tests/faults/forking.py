"""`python -m tests.faults.forking`: processes that write, and are killed or cut off while they commit.

In a process of its own, since it forks: Django is set up once, and each writer is a child that begins in an instant.
Prints what happened as one line of JSON.

    prepare             migrate, and make people and drafts
    writers N SAVES     N processes save SAVES times each
    killed N            N times: a writer is killed by SIGKILL in a commit, and everything is checked
    cut N               N times: its PostgreSQL backend is terminated in a commit; the writer goes on, all is checked
    session NAME        sign a person in
    due ARTICLE         approve an edition and schedule its publication for now
    publish ARTICLE     approve and publish an edition
    check               what is not whole, left to do, or done twice
    backup FOLDER SECS  copy the database while two processes write
    full                a writer of SQLite has no room left on the disk
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable

import django

AT_RANDOM = random.Random(int(os.environ.get("FAULTS_SEED", "1")))
MOST_COMMITS = 9
"""Two journeys from a draft to its publication commit so often at the least."""
LONGEST_WAIT = 0.004
"""Seconds after the beginning of a commit within which the fault comes."""


def child(work: Callable[[], None]) -> int:
    """Start a process that does this; its number. It ends with 0 where the work came to its end."""
    from django.db import connections

    connections.close_all()
    number = os.fork()
    if number:
        return number
    code = 1
    try:
        work()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def committing(tell: int) -> None:
    """From now on each commit of this process first writes a byte to the pipe."""
    from django.db.backends.base.base import BaseDatabaseWrapper

    commit = BaseDatabaseWrapper._commit

    def told(self: BaseDatabaseWrapper) -> None:
        os.write(tell, b"c")
        commit(self)

    BaseDatabaseWrapper._commit = told  # type: ignore[method-assign]


def prepare(articles: str = "4") -> dict[str, object]:
    from django.core.management import call_command

    from tests.faults import cast

    call_command("migrate", verbosity=0)
    cast.make(articles=int(articles))
    return {"articles": int(articles)}


def writers(count: str, saves: str) -> dict[str, object]:
    from articles.models import Article
    from tests.faults import cast, wholeness

    articles = list(Article.objects.order_by("pk").values_list("pk", "version"))[: int(count)]
    assert len(articles) == int(count)

    def save(article: int) -> None:
        for _time in range(int(saves)):
            cast.write(article)

    began = time.monotonic()
    running = [child(lambda article=article: save(article)) for article, _version in articles]  # type: ignore[misc]
    failed = sum(os.waitstatus_to_exitcode(os.waitpid(one, 0)[1]) != 0 for one in running)
    took = time.monotonic() - began
    kept = sum(Article.objects.get(pk=pk).version - version for pk, version in articles)
    return {"failed": failed, "kept": kept, "seconds": round(took, 1), "problems": list(wholeness.problems())}


def killed(rounds: str) -> dict[str, object]:
    from articles.models import Article
    from tests.faults import cast, wholeness

    article = Article.objects.order_by("pk").values_list("pk", flat=True)[0]
    dead, problems = 0, []
    for _round in range(int(rounds)):
        hear, tell = os.pipe()

        def work(tell: int = tell) -> None:
            committing(tell)
            for _time in range(5):
                cast.journey(article)

        writer = child(work)
        os.close(tell)
        for _commit in range(AT_RANDOM.randint(1, MOST_COMMITS)):
            os.read(hear, 1)
        time.sleep(AT_RANDOM.uniform(0, LONGEST_WAIT))
        os.kill(writer, signal.SIGKILL)
        dead += os.waitstatus_to_exitcode(os.waitpid(writer, 0)[1]) == -signal.SIGKILL
        os.close(hear)
        problems += list(wholeness.problems())
        if problems:
            break
    cast.journey(article)
    return {"killed": dead, "problems": problems + list(wholeness.problems()), **_grown(article)}


def cut(rounds: str) -> dict[str, object]:
    import psycopg
    from django.conf import settings
    from django.db import InterfaceError, OperationalError, connection

    from articles.models import Article
    from tests.faults import cast, wholeness

    article = Article.objects.order_by("pk").values_list("pk", flat=True)[0]
    cuts, failed, problems = 0, 0, []
    for _round in range(int(rounds)):
        hear, tell = os.pipe()

        def work(tell: int = tell) -> None:
            connection.ensure_connection()
            os.write(tell, f"{connection.connection.info.backend_pid:8}".encode())
            committing(tell)
            done = 0
            while done < 2:
                try:
                    cast.journey(article)
                    done += 1
                except (OperationalError, InterfaceError):
                    connection.close()

        writer = child(work)
        os.close(tell)
        backend = int(os.read(hear, 8))
        with psycopg.connect(settings.DATABASE_URL, autocommit=True) as other:
            for _commit in range(AT_RANDOM.randint(1, MOST_COMMITS)):
                os.read(hear, 1)
            time.sleep(AT_RANDOM.uniform(0, LONGEST_WAIT))
            [done] = other.execute("SELECT pg_terminate_backend(%s)", [backend]).fetchone() or (False,)
        cuts += bool(done)
        # The writer has room to tell of the rest of its commits.
        failed += os.waitstatus_to_exitcode(os.waitpid(writer, 0)[1]) != 0
        os.close(hear)
        problems += list(wholeness.problems())
        if problems or failed:
            break
    return {"cut": cuts, "failed": failed, "problems": problems, **_grown(article)}


def session(name: str) -> dict[str, object]:
    """Sign a person in; what their cookie holds."""
    from django.test import Client

    from tests.faults import cast

    client = Client()
    client.force_login(cast.who(name))
    return {"session": client.cookies["sessionid"].value}


def due(article: str) -> dict[str, object]:
    """Approve an edition and have it published in a moment; nobody is asked to do it."""
    import datetime

    from django.utils import timezone

    from reviews import workflow
    from tests.faults import cast

    edition = cast.approve(int(article))
    at = timezone.now() + datetime.timedelta(seconds=0.2)
    workflow.schedule(edition, by=cast.who("editor"), at=at)
    return {"edition": edition.pk}


def publish(article: str) -> dict[str, object]:
    from tests.faults import cast

    return {"edition": cast.journey(int(article)).pk}


def check() -> dict[str, object]:
    from reviews.models import Transition
    from tests.faults import wholeness

    published = list(Transition.objects.filter(move="publish").values_list("edition", flat=True))
    return {
        "problems": list(wholeness.problems()),
        "left": wholeness.left_to_do(),
        "published": len(published),
        "twice": len(published) - len(set(published)),
    }


def backup(folder: str, seconds: str) -> dict[str, object]:
    """Two writers go from draft to publication for so long; meanwhile the database is copied, once and again."""
    from pathlib import Path

    from articles.models import Article
    from config import backups
    from reviews.models import Transition
    from tests.faults import cast

    until = time.monotonic() + float(seconds)
    articles = Article.objects.order_by("pk").values_list("pk", flat=True)[:2]

    def work(article: int) -> None:
        while time.monotonic() < until:
            cast.journey(article)

    running = [child(lambda article=article: work(article)) for article in list(articles)]  # type: ignore[misc]
    copies, within = 0, []
    while time.monotonic() < until:
        before = Transition.objects.count()
        made = backups.make(Path(folder))
        within.append(Transition.objects.count() - before)
        copies += 1
        time.sleep(0.3)
    failed = sum(os.waitstatus_to_exitcode(os.waitpid(one, 0)[1]) != 0 for one in running)
    return {"copies": copies, "newest": str(made), "moves_meanwhile": sum(within), "failed": failed}


def full() -> dict[str, object]:
    """A writer whose disk is full in the middle: what it said, and what is not whole before and after there is room."""
    import resource

    from django.conf import settings
    from django.db import DatabaseError, connections

    from articles.models import Article
    from tests.faults import cast, wholeness

    article = Article.objects.order_by("pk").values_list("pk", flat=True)[0]
    file = settings.DATABASES["default"]["NAME"]
    hear, tell = os.pipe()

    def work() -> None:
        log = f"{file}-wal"
        size = max(os.path.getsize(one) if os.path.exists(one) else 0 for one in (file, log))
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 50_000, resource.RLIM_INFINITY))
        saved = 0
        try:
            for _time in range(2000):
                cast.journey(article)
                saved += 1
        except (DatabaseError, OSError) as error:
            # Reading goes on.
            read = len(Article.objects.get(pk=article).body)
            os.write(tell, json.dumps({"saved": saved, "said": str(error), "read": read}).encode())
            connections.close_all()

    status = os.waitpid(child(work), 0)[1]
    os.close(tell)
    told = json.loads(os.read(hear, 4000) or b"{}")
    os.close(hear)
    meanwhile = list(wholeness.problems())
    cast.journey(article)
    return {"status": status, **told, "sentence": told.get("said"), "problems": meanwhile + list(wholeness.problems())}


def _grown(article: int) -> dict[str, object]:
    from articles.models import Article, Edition
    from reviews.models import Transition

    return {
        "versions": Article.objects.get(pk=article).version,
        "editions": Edition.objects.filter(article=article).count(),
        "transitions": Transition.objects.count(),
    }


if __name__ == "__main__":
    django.setup()
    name, *words = sys.argv[1:]
    commands = {
        one.__name__: one for one in (prepare, writers, killed, cut, session, due, publish, check, backup, full)
    }
    print(json.dumps(commands[name](*words)))
