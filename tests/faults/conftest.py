"""A site of its own for each kind of fault: a database, a folder and an environment, and the processes in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from tests.both import POSTGRESQL
from tests.config.test_settings import GOOD_KEY, ROOT
from tests.conftest import need
from tests.faults.processes import PATIENCE, Redis, all_ended

SOAK = os.environ.get("SOAK") == "1"
NOT_DONE = """
    SELECT (SELECT count(*) FROM reviews_scheduledpublication WHERE outcome = 'waiting')
         + (SELECT count(*) FROM people_message WHERE sent_at IS NULL AND not_before <= now())
         + (SELECT count(*) FROM articles_publication WHERE pages_due OR related_due)
"""
"""How much stands in the database as due."""
GROUP = pytest.mark.xdist_group("faults")
"""One process of the suite tries all faults, in turn, on the sites that it made once."""
Run = Callable[..., dict[str, Any]]


def environment(folder: Path, database: str, **more: str) -> dict[str, str]:
    """What a process of the site reads, and nothing of what this one reads."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "SECRET_KEY": GOOD_KEY,
        "VAR_DIR": str(folder),
        "DATABASE_URL": database,
        "SITE_URL": "http://127.0.0.1",
        "ALLOWED_HOSTS": "127.0.0.1",
        "LOOKUP_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
        "FAULTS_SEED": os.environ.get("FAULTS_SEED", "1"),
    } | more


def forking(given: dict[str, str], *words: object) -> dict[str, Any]:
    """Run `tests.faults.forking` and return what it told."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.forking", *map(str, words)],
        cwd=ROOT,
        env=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told | {"said": done.stderr}


@pytest.fixture(scope="session")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs `forking` before an SQLite file with a cast of its own."""
    folder = tmp_path_factory.mktemp("faults")
    given = environment(folder, f"sqlite:///{folder}/faults.sqlite3")
    forking(given, "prepare")
    return lambda *words: forking(given, *words)


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """An empty database of PostgreSQL, dropped at the end."""
    try:
        server = psycopg.connect(POSTGRESQL, connect_timeout=3, autocommit=True)
    except psycopg.OperationalError:
        need(False, "PostgreSQL")
    name = f"imprimatur_faults_{os.getpid()}"
    with server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(urlsplit(POSTGRESQL)._replace(path=f"/{name}"))
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, postgresql_url: str) -> dict[str, str]:
    """The environment of a site before a PostgreSQL database, with a cast of its own."""
    given = environment(tmp_path_factory.mktemp("site"), postgresql_url)
    forking(given, "prepare")
    return given


@pytest.fixture(scope="session")
def on_postgresql(prepared: dict[str, str]) -> Run:
    """Runs `forking` before a PostgreSQL database."""
    given = prepared
    return lambda *words: forking(given, *words)


@pytest.fixture(scope="session")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    one = Redis(tmp_path_factory.mktemp("redis") / "log")
    with all_ended(one):
        try:
            one.start()
        except FileNotFoundError:
            need(False, "Redis")
        yield one


@pytest.fixture(scope="session")
def given(prepared: dict[str, str], redis: Redis) -> dict[str, str]:
    """The environment of a site before PostgreSQL and Redis."""
    return prepared | {"REDIS_URL": redis.url}


def ask(given: dict[str, str], sql: str, *values: Any) -> Any:
    with psycopg.connect(given["DATABASE_URL"], autocommit=True) as connection:
        row = connection.execute(sql, values).fetchone()
        return row[0] if row else None


def all_done(given: dict[str, str], log: Path) -> float:
    """Wait until nothing is due; the seconds that it took."""
    began = time.monotonic()
    while ask(given, NOT_DONE):
        assert time.monotonic() < began + PATIENCE, log.read_text()[-3000:]
        time.sleep(0.1)
    return time.monotonic() - began
