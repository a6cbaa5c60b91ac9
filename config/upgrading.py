"""Which migrations may run while the code before them serves, on PostgreSQL: those that only add what it can ignore.

Old code names the columns that it knows: a new table or a new column that may be empty does not disturb it. A column
that is gone, renamed or must be filled does, and so may a new constraint.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import operations as all_operations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import NOT_PROVIDED

HARMLESS = (
    all_operations.CreateModel,
    all_operations.AddIndex,
    all_operations.RemoveIndex,
    all_operations.RenameIndex,
    all_operations.RemoveConstraint,
    all_operations.AlterModelOptions,
    all_operations.AlterModelManagers,
)


class Pending(NamedTuple):
    """A migration that is not applied, and what in it disturbs the code before it."""

    name: str
    disturbs: list[str]


def pending(connection: BaseDatabaseWrapper) -> Iterator[Pending]:
    """Every migration that is not applied, in order."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    state = executor._create_project_state(with_applied_migrations=True)  # type: ignore[attr-defined] # there is no other
    for migration, _backwards in plan:
        found = []
        for operation in migration.operations:
            found += disturbing(operation, migration.app_label, state, connection)
            operation.state_forwards(migration.app_label, state)
        yield Pending(f"{migration.app_label}.{migration.name}", found)


def disturbing(operation: Operation, app: str, state: ProjectState, connection: BaseDatabaseWrapper) -> list[str]:
    """What in one operation disturbs the code before it, in Django's words; `state` is that before the operation."""
    if isinstance(operation, all_operations.SeparateDatabaseAndState):
        return [word for one in operation.database_operations for word in disturbing(one, app, state, connection)]
    if isinstance(operation, HARMLESS):
        return []
    if isinstance(operation, all_operations.AddField):
        field = operation.field
        if field.null or field.many_to_many or field.db_default is not NOT_PROVIDED:
            return []
    if isinstance(operation, all_operations.AlterField) and _is_the_same(operation, app, state, connection):
        return []
    return [operation.describe()]


def _is_the_same(
    operation: all_operations.AlterField, app: str, state: ProjectState, connection: BaseDatabaseWrapper
) -> bool:
    """Whether the database's column stays as it is: only words or choices change."""
    after = state.clone()
    operation.state_forwards(app, after)
    old, new = (one.apps.get_model(app, operation.model_name)._meta.get_field(operation.name) for one in (state, after))
    editor = connection.schema_editor()
    return not editor._field_should_be_altered(old, new)  # type: ignore[attr-defined] # Django's own answer
