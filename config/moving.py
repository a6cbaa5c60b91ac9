"""Moving everything into another, empty database: from SQLite to PostgreSQL, or back.

All tables of all models are copied as they stand, with their keys, in one transaction of the target. The record's
triggers stand there from the beginning: they refuse changes and deletions, and nothing is changed or deleted that they
protect. Each table is then read again from the target and compared, value by value, before the transaction ends.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, Error, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.models import BinaryField, Field, Model
from django.db.models.sql import InsertQuery

from articles.models import AnswerKind
from config import database
from reviews import protection

TARGET = "target"
AT_ONCE, AT_ONCE_IF_LARGE = 500, 20
"""Rows that are read and written together; fewer where a row may hold a file or a page."""
MADE_BY_MIGRATIONS: tuple[type[Model], ...] = (Permission, ContentType, AnswerKind)
"""Models of which an empty site has rows: they give way to the source's."""

Progress = Callable[[int], object]


class Refused(Exception):
    """Nothing was moved; the text is one sentence."""


class Moved(NamedTuple):
    """What came over."""

    tables: int
    rows: int


def connect(url: str) -> BaseDatabaseWrapper:
    """The target, as a second connection of this process. Raises Refused where it is the source, or does not answer."""
    conf = database.configured(url)
    source = connections[DEFAULT_DB_ALIAS].settings_dict
    if all(conf.get(name) == source.get(name) for name in ("ENGINE", "HOST", "PORT", "NAME")):
        raise Refused("That is the database that the site uses.")
    connections.settings[TARGET] = connections.configure_settings(
        {DEFAULT_DB_ALIAS: connections.settings[DEFAULT_DB_ALIAS], TARGET: conf}
    )[TARGET]
    target = connections[TARGET]
    try:
        target.ensure_connection()
    except Error as error:
        raise Refused(f"The target does not answer: {' '.join(str(error).split())}") from None
    return target


def refuse_unless_current(source: BaseDatabaseWrapper) -> None:
    """Raises Refused where the source has other tables than this code."""
    executor = MigrationExecutor(source)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Refused("Not all migrations are applied to the site's database: run manage.py migrate first.")


def refuse_unless_empty(target: BaseDatabaseWrapper) -> None:
    """Raises Refused where the target holds anything but what the migrations of an empty site make."""
    present = set(target.introspection.table_names())
    ours = {model._meta.db_table: model for model in _models()}
    for table in sorted(present & ours.keys()):
        model = ours[table]
        if not issubclass(model, MADE_BY_MIGRATIONS) and model._base_manager.using(TARGET).exists():
            raise Refused(f"The target is not empty: there are rows in {table}.")
    if strange := sorted(one for one in present - ours.keys() if not one.startswith(("django_", "references_search"))):
        raise Refused(f"The target is not empty: it holds the table {strange[0]}.")


def move(progress: Progress = lambda rows: None) -> Moved:
    """Copy all rows into the migrated target and compare them there. Raises Refused; the target is as before then."""
    source, target = connections[DEFAULT_DB_ALIAS], connections[TARGET]
    models = _models()
    with transaction.atomic(using=DEFAULT_DB_ALIAS), transaction.atomic(using=TARGET):
        if source.vendor == "postgresql":
            with source.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for model in MADE_BY_MIGRATIONS:
            _raw_delete(model)
        rows = 0
        for model in models:
            try:
                copied = _copy(model, progress)
                found = _sum_of(_rows(model, TARGET, progress), model)
            except Error as error:
                raise Refused(f"{model._meta.db_table}: {' '.join(str(error).split())}") from None
            if copied != found:
                raise Refused(f"{model._meta.db_table}: what stands in the target is not what was copied.")
            rows += copied.rows
        _go_on_counting(source, target, models)
        try:
            target.check_constraints()
        except Error as error:
            raise Refused(f"Rows of the target name others that are missing: {error}") from None
    if absent := protection.missing(target):
        raise Refused(f"The record is not protected in the target: {', '.join(absent)} missing. Do not use it.")
    with target.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Moved(len(models), rows)


def count(alias: str = DEFAULT_DB_ALIAS) -> int:
    """The number of all rows that would be moved."""
    return sum(model._base_manager.using(alias).count() for model in _models())


class _Sum(NamedTuple):
    rows: int
    digest: int


def _models() -> list[type[Model]]:
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.managed and not model._meta.proxy]


def _fields(model: type[Model]) -> list[Field[Any, Any]]:
    return list(model._meta.local_concrete_fields)


def _raw_delete(model: type[Model]) -> None:
    """Delete all rows of a model, those of its many-to-many tables first, with no signal."""
    for field in model._meta.local_many_to_many:
        through = field.remote_field.through
        assert through is not None
        through._base_manager.using(TARGET).all()._raw_delete(TARGET)
    model._base_manager.using(TARGET).all()._raw_delete(TARGET)


def _at_once(model: type[Model]) -> int:
    is_large = any(isinstance(field, BinaryField) for field in _fields(model))
    return AT_ONCE_IF_LARGE if is_large else AT_ONCE


def _rows(model: type[Model], alias: str, progress: Progress) -> Iterator[Model]:
    for row in model._base_manager.using(alias).order_by("pk").iterator(chunk_size=_at_once(model)):
        yield row
        progress(1)


def _copy(model: type[Model], progress: Progress) -> _Sum:
    """Write the source's rows of one model into the target as they stand; returns their sum as they were read."""
    fields, total = _fields(model), _Sum(0, 0)
    rows = _rows(model, DEFAULT_DB_ALIAS, progress)
    most = min(_at_once(model), connections[TARGET].ops.bulk_batch_size(fields, [None] * AT_ONCE) or AT_ONCE)
    while chunk := list(islice(rows, most)):
        query = InsertQuery(model)
        # Raw: no field makes its value anew, such as the time of a save.
        query.insert_values(fields, chunk, raw=True)
        query.get_compiler(using=TARGET).execute_sql()
        total = _added(total, _sum_of(chunk, model))
    return total


def _sum_of(rows: Iterable[Model], model: type[Model]) -> _Sum:
    """A digest of rows in whatever order: two databases sort words differently."""
    total, names = _Sum(0, 0), [field.attname for field in _fields(model)]
    for row in rows:
        text = json.dumps([_plain(getattr(row, name)) for name in names], sort_keys=True)
        total = _added(total, _Sum(1, int.from_bytes(hashlib.sha256(text.encode()).digest())))
    return total


def _added(one: _Sum, other: _Sum) -> _Sum:
    return _Sum(one.rows + other.rows, (one.digest + other.digest) % 2**256)


def _plain(value: Any) -> Any:
    """A value as JSON can hold it, alike for both databases."""
    if isinstance(value, (bytes, memoryview)):
        return ["bytes", hashlib.sha256(value).hexdigest()]
    if isinstance(value, datetime.datetime):
        return ["time", value.astimezone(datetime.UTC).isoformat()]
    if value is None or isinstance(value, (str, int, float, bool, list, dict)):
        return value
    return [type(value).__name__, str(value)]


def _go_on_counting(source: BaseDatabaseWrapper, target: BaseDatabaseWrapper, models: Sequence[type[Model]]) -> None:
    """New rows get new keys: after the highest that is used, and after those that SQLite remembers of deleted rows."""
    with target.cursor() as cursor:
        for statement in target.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(statement)
        if source.vendor != "sqlite" or target.vendor != "postgresql":
            return
        with source.cursor() as asked:
            asked.execute("SELECT name, seq FROM sqlite_sequence")
            used = dict(asked.fetchall())
        for model in models:
            last, key = used.get(model._meta.db_table), model._meta.pk.column
            if not last or not key:
                continue
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{model._meta.db_table}"', key])
            [sequence] = cursor.fetchone()
            if sequence:
                cursor.execute("SELECT setval(%s, %s)", [sequence, last])
