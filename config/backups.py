"""Copies of the whole database, made while it is used. Nothing else has to be kept: images are in it, too.

SQLite is copied by its online backup, PostgreSQL by pg_dump; both give the state of one moment. A copy that is not
finished never has a finished one's name.
"""

from __future__ import annotations

import datetime
import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.db import Error, connection
from django.db.backends.postgresql.client import DatabaseClient
from django.utils import timezone

ENDINGS = {"sqlite": ".sqlite3", "postgresql": ".dump"}
_NAMES = "imprimatur-*"


class Failed(Exception):
    """No copy was made; the text is one sentence."""


def make(folder: Path, at: datetime.datetime | None = None) -> Path:
    """Copy the database into the folder, readable by its owner alone; returns the file. Raises Failed."""
    now = (at or timezone.now()).astimezone(datetime.UTC)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        finished = folder / f"imprimatur-{now:%Y%m%dT%H%M%SZ}{ENDINGS[connection.vendor]}"
        partial = folder / f".{finished.name}.part"
        partial.unlink(missing_ok=True)
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            (_copy_sqlite if connection.vendor == "sqlite" else _dump)(partial)
            with partial.open("rb") as file:
                os.fsync(file.fileno())
            partial.rename(finished)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise Failed(f"{folder}: {error.strerror or error}.") from None
    return finished


def copies(folder: Path) -> list[Path]:
    """The finished copies in the folder, the newest first."""
    found = [path for path in folder.glob(_NAMES) if path.suffix in ENDINGS.values()]
    return sorted(found, key=lambda path: path.name, reverse=True)


def newest(folder: Path) -> Path | None:
    """The newest finished copy; None where there is none."""
    return next(iter(copies(folder)), None)


def drop_old(folder: Path, keep: int) -> list[Path]:
    """Delete all copies but the newest `keep`; returns those that went."""
    gone = copies(folder)[keep:]
    for path in gone:
        path.unlink()
    return gone


def _copy_sqlite(file: Path) -> None:
    connection.ensure_connection()
    try:
        with closing(sqlite3.connect(file)) as target:
            connection.connection.backup(target)
            # One file, which needs no log beside it.
            target.execute("PRAGMA journal_mode=DELETE")
        with connection.cursor() as cursor:
            # Asked through Django's connection, which knows the functions that our constraints use.
            cursor.execute("ATTACH DATABASE %s AS copied", [str(file)])
            try:
                cursor.execute("PRAGMA copied.integrity_check(1)")
                [said] = cursor.fetchone()
            finally:
                cursor.execute("DETACH DATABASE copied")
    except (sqlite3.Error, Error) as error:
        raise Failed(f"SQLite could not copy the database: {error}.") from None
    if said != "ok":
        raise Failed(f"The copy is damaged, and so is perhaps the database: {said}.")


def _dump(file: Path) -> None:
    options = ["--format=custom", "--no-owner", "--no-privileges", f"--file={file}"]
    asked, environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, options)
    try:
        # pg_dump takes the options of psql that say which server and whose database.
        done = subprocess.run(
            ["pg_dump", *asked[1:]],  # noqa: S607 - the operator's own, of the server's version or newer
            env=os.environ | (environment or {}),
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        raise Failed("pg_dump is not here: install PostgreSQL's client programs, of the server's version.") from None
    if done.returncode:
        raise Failed(f"pg_dump did not succeed: {' '.join(done.stderr.split())[:500]}")
