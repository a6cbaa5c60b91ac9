"""Copies made while others write are whole when they are restored; a full disk is an error and damages nothing."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from tests.conftest import need
from tests.faults.conftest import GROUP, SOAK, Run, environment, forking

pytestmark = GROUP
SECONDS = 60 if SOAK else 3


def test_sqlite_is_copied_under_load_and_restored(on_sqlite: Run, tmp_path: Path):
    told = on_sqlite("backup", tmp_path, SECONDS)
    assert told["failed"] == 0, told["said"]
    restored = tmp_path / "restored.sqlite3"
    shutil.copy(told["newest"], restored)
    found = forking(environment(tmp_path, f"sqlite:///{restored}"), "check")
    assert (found["problems"], found["twice"]) == ([], 0)
    print({name: told[name] for name in ("copies", "moves_meanwhile")}, "published:", found["published"])


def test_postgresql_is_copied_under_load_and_restored(on_postgresql: Run, postgresql_url: str, tmp_path: Path):
    need(shutil.which("pg_restore") is not None, "pg_restore")
    told = on_postgresql("backup", tmp_path, SECONDS)
    assert told["failed"] == 0, told["said"]
    name = urlsplit(postgresql_url).path[1:] + "_restored"
    url = urlunsplit(urlsplit(postgresql_url)._replace(path=f"/{name}"))
    with psycopg.connect(postgresql_url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            subprocess.run(["pg_restore", "--no-owner", "--dbname", url, told["newest"]], check=True)
            found = forking(environment(tmp_path, url), "check")
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    assert (found["problems"], found["twice"]) == ([], 0)
    print({name: told[name] for name in ("copies", "moves_meanwhile")}, "published:", found["published"])


def test_a_full_disk_damages_nothing(on_sqlite: Run):
    pytest.importorskip("resource")
    told = on_sqlite("full")
    assert (told["status"], told["problems"]) == (0, []), told["said"]
    assert any(word in str(told["sentence"]) for word in ("full", "I/O", "too large")), told
    assert told["read"] > 0
