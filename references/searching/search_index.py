"""The index of the library's search and the indexes of its lists, laid again from one list after every migrate.

SQLite: an FTS5 table that reads `references_reference.search_text` and follows it by triggers, whoever writes: save,
bulk_create, update, delete. Django remakes SQLite tables in migrations, which drops their triggers: where one is
missing, all are laid anew and the index is filled again. PostgreSQL: a generated column of which Django's model knows
nothing, with a GIN index; the server keeps both.
The words stand in `search_text` ready made (see words.py), so neither database splits or folds them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

TABLE = "references_reference"
FTS = "references_search"
VECTOR = "search_vector"
_ADD_VECTOR = (
    f"ALTER TABLE {TABLE} ADD COLUMN {VECTOR} tsvector GENERATED ALWAYS AS "
    # Stored, because the words of a thousand rows are looked at for a frequent word: 50 ms if they were parted then.
    "(array_to_tsvector(array_remove(string_to_array(search_text, ' '), ''))) STORED"
)

_CREATE_FTS = (
    f"CREATE VIRTUAL TABLE {FTS} USING fts5(search_text, content='{TABLE}', content_rowid='id', "
    # The words are folded and parted already: a token is what stands between spaces. Nothing asks where it stands. The
    # beginning of a frequent word is answered at once where it is indexed: 30 ms otherwise among 100,000 works.
    "tokenize='ascii', prefix='1 2 3 4 5 6 7 8 9 10 11 12', detail=none, columnsize=0)"
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

_LISTS = {
    "reference_by_form": f"ON {TABLE} (type, key_normal)",
    "reference_by_kind_newest": f"ON {TABLE} (kind, created_at DESC, id DESC)",
}
INDEXES = {
    "sqlite": _LISTS | {"reference_by_year": f"ON {TABLE} (year DESC, key_normal)"},
    "postgresql": _LISTS
    | {
        "reference_words": f"ON {TABLE} USING gin ({VECTOR})",
        # Works without a year come last; Django's own indexes cannot say so for both databases.
        "reference_by_year": f"ON {TABLE} (year DESC NULLS LAST, key_normal)",
    },
}
"""The indexes that search and the desk's lists need beside those of the model."""


MIGRATION = ("references", "0004_search")
"""The migration that lays the index first."""


def lay(connection: BaseDatabaseWrapper) -> None:
    """Lay what is missing of the index, and fill it where it may have fallen behind."""
    if TABLE not in connection.introspection.table_names():
        return
    absent = missing(connection)
    with connection.cursor() as cursor:
        if VECTOR in absent:
            cursor.execute(_ADD_VECTOR)
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
        else:
            cursor.execute(f"ALTER TABLE {TABLE} DROP COLUMN IF EXISTS {VECTOR}")


def missing(connection: BaseDatabaseWrapper) -> set[str]:
    """The names of the parts of the index that should be there and are not."""
    wanted = set(INDEXES[connection.vendor])
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            wanted |= {FTS, *TRIGGERS}
            cursor.execute("SELECT name FROM sqlite_master")
        else:
            wanted |= {VECTOR}
            cursor.execute(
                "SELECT indexname FROM pg_indexes WHERE tablename = %s UNION ALL SELECT column_name::text "
                "FROM information_schema.columns WHERE table_name = %s AND table_schema = current_schema()",
                [TABLE, TABLE],
            )
        return wanted - {row[0] for row in cursor.fetchall()}


def out_of_step(connection: BaseDatabaseWrapper) -> str:
    """In the database's own words, how the index differs from the works; empty where it does not."""
    if connection.vendor != "sqlite":
        return ""
    with connection.cursor() as cursor:
        try:
            cursor.execute(f"INSERT INTO {FTS} ({FTS}, rank) VALUES ('integrity-check', 1)")  # noqa: S608
        except DatabaseError as error:
            return str(error)
    return ""


def lay_after_migrate(sender: AppConfig, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Signal handler of post_migrate."""
    lay(connections[using])


@register(Tags.database)
def check_index(
    app_configs: Iterable[AppConfig] | None, databases: Iterable[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """System check: the index is there, on every database asked for that has come as far as its migration."""
    errors: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if TABLE not in connection.introspection.table_names():
            continue
        # A database that is still to be migrated is asked afterwards: an error here would refuse the migration.
        if MIGRATION not in MigrationRecorder(connection).applied_migrations():
            continue
        if absent := missing(connection):
            errors.append(
                Error(
                    f"The library's search is not whole: {', '.join(sorted(absent))} missing.",
                    hint="Run manage.py migrate: it lays them again.",
                    id="references.E003",
                )
            )
    return errors
