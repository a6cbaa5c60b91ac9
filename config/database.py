"""A database as Django's settings name it, from its URL."""

from __future__ import annotations

from typing import Any

import dj_database_url

PATIENCE = 5
"""Seconds after which a PostgreSQL server that does not take the connection is given up."""


def configured(url: str) -> dict[str, Any]:
    """What DATABASES holds for the database at this URL."""
    made: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60))
    if made["ENGINE"].endswith("sqlite3"):
        # A write transaction takes its lock at the start and waits for it: no "database is locked" in mid-work.
        made["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
        }
    else:
        made["CONN_HEALTH_CHECKS"] = True
        made["OPTIONS"] = {"connect_timeout": PATIENCE} | made.get("OPTIONS", {})
    return made
