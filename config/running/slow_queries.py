"""A log line for each query that took longer than SLOW_QUERY_MS: its statement and its time, never its values."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

MOST = 2_000
"""Characters of a statement that are shown."""

log = logging.getLogger(__name__)


def listen() -> None:
    """Look at the queries of every connection that is opened from now on, where the settings name a time."""
    if settings.SLOW_QUERY_MS:
        connection_created.connect(_look_at, dispatch_uid="slow queries")


def _look_at(sender: type[BaseDatabaseWrapper], connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    if timed not in connection.execute_wrappers:
        connection.execute_wrappers.append(timed)


def timed(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Run one query, and say so where it was slow. For `connection.execute_wrappers`."""
    began = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        ms = (time.perf_counter() - began) * 1000
        if ms >= settings.SLOW_QUERY_MS:
            statement = sql if len(sql) <= MOST else f"{sql[:MOST]} …"
            log.warning("A query took %.0f ms: %s", ms, statement, extra={"ms": round(ms, 1)})
