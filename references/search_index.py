"""The index of the library's search and the indexes of its lists, laid again from one list after every migrate.

SQLite: an FTS5 table that reads `references_reference.search_text` and follows it by triggers, whoever writes: save,
bulk_create, update, delete. Django remakes SQLite tables in migrations, which drops their triggers: where one is
missing, all are laid anew and the index is filled again. PostgreSQL: a GIN index, which the server keeps itself.
The words stand in `search_text` ready made (see references/words.py), so neither database splits or folds them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "references_reference"
FTS = "references_search"
VECTOR = "array_to_tsvector(array_remove(string_to_array(search_text, ' '), ''))"

_CREATE_FTS = (
    f"CREATE VIRTUAL TABLE {FTS} USING fts5(search_text, content='{TABLE}', content_rowid='id', "
    # The words are folded and parted already: a token is what stands between spaces. Nothing asks where it stands.
    "tokenize='ascii', prefix='1 2 3', detail=none, columnsize=0)"
)
_FILL_FTS = f"INSERT INTO {FTS} ({FTS}) VALUES ('rebuild')"  # noqa: S608
_FORGET = f"INSERT INTO {FTS} ({FTS}, rowid, search_text) VALUES ('delete', OLD.id, OLD.search_text)"  # noqa: S608
_ENTER = f"INSERT INTO {FTS} (rowid, search_text) VALUES (NEW.id, NEW.search_text)"  # noqa: S608

TRIGGERS = {
    f"{FTS}_added": f"AFTER INSERT ON {TABLE} BEGIN {_ENTER}; END",
    f"{FTS}_gone": f"AFTER DELETE ON {TABLE} BEGIN {_FORGET}; END",
    f"{FTS}_changed": (
        f"AFTER UPDATE OF id, search_text ON {TABLE} "
        f"WHEN OLD.search_text <> NEW.search_text OR OLD.id <> NEW.id BEGIN {_FORGET}; {_ENTER}; END"
    ),
}
"""The triggers of SQLite, by name."""

INDEXES = {
    "sqlite": {"reference_by_year": f"ON {TABLE} (year DESC, key_normal)"},
    "postgresql": {
        "reference_words": f"ON {TABLE} USING gin ({VECTOR})",
        # Works without a year come last; Django's own indexes cannot say so for both databases.
        "reference_by_year": f"ON {TABLE} (year DESC NULLS LAST, key_normal)",
    },
}
"""The indexes that a model's Meta cannot name for both databases alike."""


def lay(connection: BaseDatabaseWrapper) -> None:
    """Lay what is missing of the index, and fill it where it may have fallen behind."""
    if TABLE not in connection.introspection.table_names():
        return
    absent = missing(connection)
    with connection.cursor() as cursor:
        for name, definition in INDEXES[connection.vendor].items():
            if name in absent:
                cursor.execute(f"CREATE INDEX {name} {definition}")
        if connection.vendor != "sqlite" or not absent & {FTS, *TRIGGERS}:
            return
        if FTS in absent:
            cursor.execute(_CREATE_FTS)
        for name, definition in TRIGGERS.items():
            if name in absent:
                cursor.execute(f"CREATE TRIGGER {name} {definition}")
        cursor.execute(_FILL_FTS)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the index away: for the way back of its migration."""
    with connection.cursor() as cursor:
        for name in INDEXES[connection.vendor]:
            cursor.execute(f"DROP INDEX IF EXISTS {name}")
        if connection.vendor == "sqlite":
            for name in TRIGGERS:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            cursor.execute(f"DROP TABLE IF EXISTS {FTS}")


def missing(connection: BaseDatabaseWrapper) -> set[str]:
    """The names of the parts of the index that should be there and are not."""
    wanted = set(INDEXES[connection.vendor])
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            wanted |= {FTS, *TRIGGERS}
            cursor.execute("SELECT name FROM sqlite_master")
        else:
            cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = %s", [TABLE])
        return wanted - {row[0] for row in cursor.fetchall()}


def out_of_step(connection: BaseDatabaseWrapper) -> str:
    """In the database's own words, how the index differs from the works; empty where it does not."""
    if connection.vendor != "sqlite":
        return ""
    with connection.cursor() as cursor:
        try:
            cursor.execute(f"INSERT INTO {FTS} ({FTS}, rank) VALUES ('integrity-check', 1)")  # noqa: S608
        except connection.Database.DatabaseError as error:
            return str(error)
    return ""


def lay_after_migrate(sender: AppConfig, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Signal handler of post_migrate."""
    lay(connections[using])


@register(Tags.database)
def check_index(
    app_configs: Iterable[AppConfig] | None, databases: Iterable[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """System check: the index is there, on every database asked for whose tables are migrated."""
    errors: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if TABLE not in connection.introspection.table_names():
            continue
        if absent := missing(connection):
            errors.append(
                Error(
                    f"The library's search is not whole: {', '.join(sorted(absent))} missing.",
                    hint="Run manage.py migrate: it lays them again.",
                    id="references.E001",
                )
            )
    return errors
