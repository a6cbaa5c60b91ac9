"""Many rows written at once, prepared before the database is locked: what a transaction has to do then is little.

On SQLite whoever writes keeps every other writer out until the end. So rows get their primary keys beforehand, and
their values in the database's own form.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

AT_ONCE = 500


def reserve(model: type[Model], count: int) -> list[int]:
    """Primary keys that no row has or will be given; those that are not used in the end stay unused."""
    table = model._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), count],
            )
            return [row[0] for row in cursor.fetchall()]
        highest = f"(SELECT coalesce(max(id), 0) FROM {connection.ops.quote_name(table)})"  # noqa: S608 - our own names
        cursor.execute(f"UPDATE sqlite_sequence SET seq = max(seq, {highest}) + %s WHERE name = %s", [count, table])  # noqa: S608
        if not cursor.rowcount:
            cursor.execute(f"INSERT INTO sqlite_sequence (name, seq) SELECT %s, {highest} + %s", [table, count])  # noqa: S608
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()[0]
        return list(range(last - count + 1, last + 1))


class Rows:
    """Rows of one model as its table will hold them. `without` names columns whose values come at the end only."""

    def __init__(self, model: type[Model], objects: Iterable[Model], *, without: Sequence[str] = ()) -> None:
        quote = connection.ops.quote_name
        named = {field.name: field for field in model._meta.concrete_fields}
        fields = [field for name, field in named.items() if name not in without]
        late = [named[name] for name in without if name != "id"]
        columns = [field.column for field in (*late, *fields)]
        self._statement = (
            f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(quote(str(column)) for column in columns)}) "  # noqa: S608
            f"VALUES ({', '.join(['%s'] * len(columns))})"
        )
        self.values: list[tuple[Any, ...]] = [
            tuple(field.get_db_prep_save(getattr(each, field.attname), connection) for field in fields)
            for each in objects
        ]

    def write(self, *late: Any) -> Iterable[int]:
        """Insert them, some hundreds at a time; yields how many are in. `late` are the values left out before."""
        with connection.cursor() as cursor:
            for start in range(0, len(self.values), AT_ONCE):
                chunk = self.values[start : start + AT_ONCE]
                cursor.executemany(self._statement, [(*late, *row) for row in chunk] if late else chunk)
                yield start + len(chunk)
