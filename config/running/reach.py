"""Can this process reach the database, the broker and the cache now? Each is asked with a short timeout."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from django.core.cache import cache
from django.db import connection

from config.celery import app
from reviews import protection

SECONDS = 2.0
"""What one question may take."""


class Reached(NamedTuple):
    """What was asked, whether it is well, whether the site can serve without it, and what is wrong."""

    name: str
    is_well: bool
    is_needed: bool
    problem: str = ""


def database() -> None:
    """Raises where the database does not answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def record() -> None:
    """Raises where a trigger that protects the record is missing, or its tables are."""
    absent = protection.missing(connection)
    if absent:
        raise LookupError(f"{len(absent)} triggers of the record are missing: run manage.py migrate.")


def broker() -> None:
    """Raises where the broker does not answer. Queues of files always do."""
    with app.connection_for_write(connect_timeout=1) as asked:
        asked.ensure_connection(max_retries=1, timeout=SECONDS)


def cache_store() -> None:
    """Raises where the cache does not answer."""
    "reached" in cache  # noqa: B015 - asked for the asking


NEEDED: dict[str, Callable[[], None]] = {"database": database, "record": record}
HURRYING: dict[str, Callable[[], None]] = {"broker": broker, "cache": cache_store}
"""Without these work goes on: what is due stands in the database, and pages need no cache."""


def ask() -> list[Reached]:
    """All of it, side by side, each for SECONDS at most; one that does not answer by then is not well."""
    questions = [(name, True, one) for name, one in NEEDED.items()]
    questions += [(name, False, one) for name, one in HURRYING.items()]
    found: dict[str, str] = {}
    # Whoever hangs is left behind, and keeps no process from ending.
    asked = [
        threading.Thread(target=_answer, args=(name, one, found), name=f"reach {name}", daemon=True)
        for name, _is_needed, one in questions
    ]
    until = time.monotonic() + SECONDS
    for thread in asked:
        thread.start()
    for thread in asked:
        thread.join(max(0.0, until - time.monotonic()))
    late = f"no answer within {SECONDS:.0f} seconds"
    told = {name: found.get(name, late) for name, _is_needed, _one in questions}
    return [Reached(name, not told[name], is_needed, told[name]) for name, is_needed, _one in questions]


def _answer(name: str, question: Callable[[], None], found: dict[str, str]) -> None:
    """What is wrong, in one line; empty where nothing is. A thread of its own has a connection of its own."""
    try:
        question()
    except Exception as error:
        found[name] = (str(error).strip() or type(error).__name__).splitlines()[0][:300]
    else:
        found[name] = ""
    finally:
        connection.close()
