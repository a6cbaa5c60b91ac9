"""Hurrying work that already stands in the database as due."""

from __future__ import annotations

from typing import Any

from celery import Task
from django.db import transaction


def hurry(task: Task, *ids: Any) -> None:
    """Ask a worker to run the task once the transaction is committed.

    A broker that is away loses nothing: the failure is logged, the caller goes on, and the sweep does the work.
    """

    # A function and no partial: Django names it in the log when it fails, and would fail over one without a name.
    def ask() -> None:
        task.delay(*ids)

    transaction.on_commit(ask, robust=True)
