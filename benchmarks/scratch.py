"""A benchmark's own database, made beside the one that DATABASE_URL names and dropped at the end, and its users."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg


@contextmanager
def database(of: str = "") -> Iterator[str]:
    """Yield the DATABASE_URL of an empty database: PostgreSQL where DATABASE_URL names one, else an SQLite file.

    `of` parts two databases of one benchmark.
    """
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        with tempfile.TemporaryDirectory(prefix="imprimatur-bench-") as folder:
            yield f"sqlite:///{Path(folder) / 'scratch.sqlite3'}"
        return
    name = f"imprimatur_bench_{of}{os.getpid()}"
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def migrated() -> Iterator[None]:
    """Django set up in this process under the tests' settings, before an empty, migrated database of its own."""
    with database() as url, tempfile.TemporaryDirectory(prefix="imprimatur-bench-") as folder:
        os.environ |= {"DATABASE_URL": url, "VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        call_command("migrate", verbosity=0)
        yield
        connections.close_all()


@contextmanager
def site() -> Iterator[None]:
    """The environment of a whole site on this machine, with a database and a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="imprimatur-bench-") as folder, database() as url:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DEBUG": "0",
            "SECRET_KEY": secrets.token_urlsafe(60),
            "VAR_DIR": folder,
            "DATABASE_URL": url,
            "SITE_URL": "http://127.0.0.1",
            "LOG_LEVEL": "WARNING",
        }
        yield
