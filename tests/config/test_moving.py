"""Moving to another database, and back from a backup: with real articles, by the commands that an operator runs."""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.both import POSTGRESQL
from tests.config.test_settings import GOOD_KEY, ROOT
from tests.conftest import need

ARTICLES = 12
TABLES = ("articles_edition", "articles_livepage", "reviews_transition", "references_reference", "people_user")


def manage(folder: Path, url: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "VAR_DIR": str(folder),
            "DATABASE_URL": url,
            "DEBUG": "1",
            "SECRET_KEY": GOOD_KEY,
            "LOOKUP_ENABLED": "0",
        },
        capture_output=True,
        text=True,
    )


def must(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A site on SQLite: the samples, and some real articles where they are at hand."""
    from tests.conftest import SHARED_DATA

    folder = tmp_path_factory.mktemp("site")
    url = f"sqlite:///{folder}/site.sqlite3"
    must(manage(folder, url, "migrate", "--verbosity", "0"))
    shutil.copy(folder / "site.sqlite3", folder / "empty.sqlite3")
    must(manage(folder, url, "load_samples"))
    if SHARED_DATA.is_dir():
        real = folder / "real"
        (real / "articles").mkdir(parents=True)
        shutil.copy(SHARED_DATA / "pubmedqa" / "references.json", real)
        for file in sorted((SHARED_DATA / "pubmedqa" / "articles").iterdir())[:ARTICLES]:
            shutil.copy(file, real / "articles")
        by = ("--by", "editor@imprimatur.example")
        must(manage(folder, url, "import_articles", str(real), "--submit", "--release", *by, "--jobs", "1"))
    return folder, url


@pytest.fixture
def postgresql() -> Iterator[Callable[[], str]]:
    """Makes empty databases on the PostgreSQL server, and takes them away again."""
    try:
        server = psycopg.connect(POSTGRESQL, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        need(False, "PostgreSQL")
        raise
    made: list[str] = []

    def make() -> str:
        made.append(f"imprimatur_moving_{secrets.token_hex(4)}")
        server.execute(f"CREATE DATABASE {made[-1]} TEMPLATE template0 ENCODING 'UTF8'")
        return urlsplit(POSTGRESQL)._replace(path=f"/{made[-1]}").geturl()

    yield make
    for name in made:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    server.close()


def rows_of(url: str, table: str, columns: str = "*") -> list[Any]:
    statement = f"SELECT {columns} FROM {table} ORDER BY id"
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as asked:
            return asked.execute(statement).fetchall()
    with psycopg.connect(url) as there:
        return there.execute(statement).fetchall()


def test_to_postgresql_and_back_and_from_its_backup(
    site: tuple[Path, str], postgresql: Callable[[], str], tmp_path: Path
):
    folder, url = site
    target = postgresql()

    # SQLite takes a text of any length; PostgreSQL keeps to what the model says.
    copy = tmp_path / "long.sqlite3"
    shutil.copy(folder / "site.sqlite3", copy)
    with sqlite3.connect(copy) as there:
        there.execute("UPDATE people_user SET specialty = ?", ["x" * 5000])
    refused = manage(folder, f"sqlite:///{copy}", "move_database", "--to", target)
    assert refused.returncode == 1
    assert "people_user: value too long" in refused.stderr
    assert rows_of(target, "people_user") == []

    # Nothing was moved, so that the same target will do.
    said = must(manage(folder, url, "move_database", "--to", target))
    assert "rows of" in said
    assert "The record is whole" in said
    for table in TABLES:
        assert len(rows_of(target, table)) == len(rows_of(url, table)) > 0
    assert rows_of(target, "reviews_transition", "number, hash") == rows_of(url, "reviews_transition", "number, hash")
    pages = [(path, bytes(body)) for path, body in rows_of(target, "articles_livepage", "path, body")]
    assert pages == rows_of(url, "articles_livepage", "path, body")

    # The record is protected there, and new rows get new keys.
    with psycopg.connect(target, autocommit=True) as there:
        for statement in ("UPDATE reviews_transition SET reason = 'x'", "DELETE FROM articles_edition"):
            with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="only ever inserted"):
                there.execute(statement)
    by = ("--by", "editor@imprimatur.example")
    one = folder / "one"
    (one / "articles").mkdir(parents=True)
    (one / "references.json").write_text("[]")
    (one / "articles" / "new.md").write_text("---\ntitle: Is this one new?\ndescription: Yes.\n---\n\nIt is.\n")
    assert "1 new" in must(manage(folder, target, "import_articles", str(one), "--submit", *by, "--jobs", "1"))

    again = manage(folder, url, "move_database", "--to", target)
    assert again.returncode == 1
    assert "The target is not empty: there are rows in" in again.stderr

    # A backup of PostgreSQL, restored as the manual says.
    if shutil.which("pg_dump"):
        copies = tmp_path / "copies"
        must(manage(folder, target, "backup", "--to", str(copies)))
        [dump] = copies.iterdir()
        assert dump.stat().st_mode & 0o777 == 0o600
        restored = postgresql()
        subprocess.run(["pg_restore", "--no-owner", "--exit-on-error", f"--dbname={restored}", dump], check=True)
        assert "The record is whole" in must(manage(folder, restored, "verify_record"))
        assert len(rows_of(restored, "pg_trigger", "oid AS id")) == len(rows_of(target, "pg_trigger", "oid AS id"))
        assert rows_of(restored, "articles_edition") == rows_of(target, "articles_edition")

    # And back to SQLite.
    shutil.copy(folder / "empty.sqlite3", tmp_path)
    back = f"sqlite:///{tmp_path}/empty.sqlite3"
    assert "The record is whole" in must(manage(folder, target, "move_database", "--to", back))
    assert len(rows_of(back, "reviews_transition")) == len(rows_of(target, "reviews_transition"))


class TestSqlite:
    def test_a_record_that_is_not_whole_is_found_on_the_other_side(self, site: tuple[Path, str], tmp_path: Path):
        folder, _url = site
        copy = tmp_path / "altered.sqlite3"
        shutil.copy(folder / "site.sqlite3", copy)
        with sqlite3.connect(copy) as there:
            there.execute("DROP TRIGGER reviews_transition_no_update")
            there.execute("UPDATE reviews_transition SET reason = 'another' WHERE number = 5")
        target = tmp_path / "target.sqlite3"
        shutil.copy(folder / "empty.sqlite3", target)
        done = manage(folder, f"sqlite:///{copy}", "move_database", "--to", f"sqlite:///{target}")
        assert done.returncode == 1
        assert "Transition 5" in done.stderr

    def test_another_database_than_an_empty_one_is_refused(self, site: tuple[Path, str], tmp_path: Path):
        folder, url = site
        assert "That is the database that the site uses." in manage(folder, url, "move_database", "--to", url).stderr
        with sqlite3.connect(tmp_path / "other.sqlite3") as there:
            there.execute("CREATE TABLE invoices (id integer)")
        done = manage(folder, url, "move_database", "--to", f"sqlite:///{tmp_path}/other.sqlite3")
        assert "it holds the table invoices" in done.stderr
        assert "Say where to" in manage(folder, url, "move_database").stderr

    def test_a_target_that_does_not_answer(self, site: tuple[Path, str]):
        folder, url = site
        done = manage(folder, url, "move_database", "--to", "postgres://nobody@127.0.0.1:1/none")
        assert done.returncode == 1
        assert "The target does not answer" in done.stderr

    def test_a_backup_while_somebody_writes_is_whole(self, site: tuple[Path, str], tmp_path: Path):
        folder, url = site
        copies = tmp_path / "copies"
        writer = sqlite3.connect(folder / "site.sqlite3", isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE people_user SET institution = 'Halfway'")
        try:
            must(manage(folder, url, "backup", "--to", str(copies)))
        finally:
            writer.execute("ROLLBACK")
            writer.close()
        [copy] = copies.iterdir()
        assert copy.stat().st_mode & 0o777 == 0o600
        copied = f"sqlite:///{copy}"
        assert "The record is whole" in must(manage(folder, copied, "verify_record"))
        assert "Halfway" not in str(rows_of(copied, "people_user"))
        for table in TABLES:
            assert rows_of(copied, table) == rows_of(url, table)
