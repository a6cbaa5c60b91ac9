"""Triggers that make the record insert-only, laid again from one list after every migrate.

They refuse UPDATE and DELETE (on PostgreSQL TRUNCATE too) and name no other table. On SQLite an INSERT OR REPLACE
deletes without asking DELETE triggers, so an insert over a row that is there is refused as well. Django remakes SQLite
tables in migrations, which drops their triggers: hence the laying after migrate, and a system check that counts them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

PROTECTED: dict[str, tuple[str, ...]] = {
    "articles_edition": ("id = NEW.id", "digest = NEW.digest", "article_id = NEW.article_id AND number = NEW.number"),
    "articles_imagefile": ("id = NEW.id", "digest = NEW.digest"),
    "articles_notice": ("id = NEW.id",),
    "articles_reviewpolicy": ("id = NEW.id", "kind_id IS NEW.kind_id AND version = NEW.version"),
    "people_declaration": ("id = NEW.id",),
    "articles_redaction": ("id = NEW.id",),
    "reviews_renewal": ("id = NEW.id", "signature = NEW.signature"),
    "reviews_intereststatement": ("id = NEW.id",),
    "reviews_part": ("id = NEW.id",),
    "reviews_reviewinvitation": ("id = NEW.id",),
    "reviews_invitationstep": ("id = NEW.id",),
    "reviews_verdict": (
        "id = NEW.id",
        "signature = NEW.signature",
        "edition_id = NEW.edition_id AND member_id = NEW.member_id"
        " AND (kind = 'safety-objection') = (NEW.kind = 'safety-objection')",
    ),
    "reviews_transition": ("id = NEW.id", "number = NEW.number", "hash = NEW.hash"),
}
"""Each protected table, with what makes two of its rows the same."""

MESSAGE = "is part of the record: rows are only ever inserted"


def lay(connection: BaseDatabaseWrapper) -> None:
    """Lay all triggers anew on the tables that there are. Nobody else sees a table without them meanwhile."""
    present = set(connection.introspection.table_names())
    for table in PROTECTED:
        if table in present:
            with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
                for statement in _drop(connection.vendor, table) + _create(connection.vendor, table):
                    cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take all triggers away: for tests, and for moving a whole database."""
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in PROTECTED:
            if table in present:
                for statement in _drop(connection.vendor, table):
                    cursor.execute(statement)


@contextmanager
def lifted(connection: BaseDatabaseWrapper, tables: Iterable[str]) -> Iterator[None]:
    """Take the triggers of these tables away and lay them again, within the caller's transaction: for redactions alone.

    Nobody else sees the tables without them: on PostgreSQL the statement locks the table to the end of the transaction,
    and on SQLite whoever writes is alone. A failure within takes everything back.
    """
    chosen = sorted(set(tables))
    with connection.cursor() as cursor:
        for table in chosen:
            for statement in _drop(connection.vendor, table):
                cursor.execute(statement)
        yield
        for table in chosen:
            for statement in _create(connection.vendor, table):
                cursor.execute(statement)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of the triggers that should be there and are not."""
    wanted = {name for table in PROTECTED for name in _names(connection.vendor, table)}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
        present = {row[0] for row in cursor.fetchall()}
    return sorted(wanted - present)


def _names(vendor: str, table: str) -> list[str]:
    kinds = ("update", "delete", "replace") if vendor == "sqlite" else ("update", "delete", "truncate")
    return [f"{table}_no_{kind}" for kind in kinds]


def _drop(vendor: str, table: str) -> list[str]:
    where = "" if vendor == "sqlite" else f" ON {table}"
    return [f"DROP TRIGGER IF EXISTS {name}{where}" for name in _names(vendor, table)]


def _create(vendor: str, table: str) -> list[str]:
    if vendor == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} {MESSAGE}'); END"
        same = " OR ".join(f"({condition})" for condition in PROTECTED[table])
        return [
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) {refuse}",
        ]
    function = (
        "CREATE OR REPLACE FUNCTION imprimatur_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '% {MESSAGE}', TG_TABLE_NAME "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    return [
        function,
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION imprimatur_refuse()",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION imprimatur_refuse()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION imprimatur_refuse()",
    ]


def lay_after_migrate(sender: AppConfig, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Signal handler of post_migrate."""
    lay(connections[using])


@register(Tags.database)
def check_triggers(
    app_configs: Iterable[AppConfig] | None, databases: Iterable[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """System check: every trigger is there, on every database asked for whose tables are migrated."""
    errors: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if not set(PROTECTED) <= set(connection.introspection.table_names()):
            continue
        absent = missing(connection)
        if absent:
            errors.append(
                Error(
                    f"The record is not protected: {len(absent)} triggers are missing ({', '.join(absent)}).",
                    hint="Run manage.py migrate: it lays them again.",
                    id="reviews.E001",
                )
            )
    return errors
