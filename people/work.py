"""Hurrying work that already stands in the database as due."""

from __future__ import annotations

import logging
import time
from typing import Any

from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

LEFT_ALONE = 15.0
"""Seconds for which a process does not ask a broker again that was away: the sweep does the work as soon."""


class _Broker:
    """What this process knows of the broker: until when it is left alone."""

    away_until = 0.0


def hurry(task: Task, *ids: Any) -> None:
    """Ask a worker to run the task once the transaction is committed.

    A broker that is away loses nothing: the failure is logged, the caller goes on, and the sweep does the work. One
    that is silent costs its timeout; so nobody asks again for a while.
    """

    # A function and no partial: Django names it in the log when it fails, and would fail over one without a name.
    def ask() -> None:
        if time.monotonic() < _Broker.away_until:
            return
        try:
            task.delay(*ids)
        except OperationalError as error:
            _Broker.away_until = time.monotonic() + LEFT_ALONE
            log.warning("The broker is away, so the sweep does the work: %s", error)

    transaction.on_commit(ask, robust=True)
