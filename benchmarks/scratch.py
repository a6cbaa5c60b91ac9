"""A database of a benchmark's own, made beside the one that DATABASE_URL names and dropped at the end."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg


@contextmanager
def database() -> Iterator[str]:
    """Yield the DATABASE_URL of an empty database: PostgreSQL where DATABASE_URL names one, else an SQLite file."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        with tempfile.TemporaryDirectory(prefix="imprimatur-bench-") as folder:
            yield f"sqlite:///{Path(folder) / 'scratch.sqlite3'}"
        return
    name = f"imprimatur_bench_{os.getpid()}"
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
