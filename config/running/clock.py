"""The database's clock, against this process's own."""

from __future__ import annotations

import datetime

from django.db import connection
from django.utils import timezone


def ahead_of_database() -> datetime.timedelta:
    """By how much this process's clock is ahead of the database's; half the way there and back is allowed for."""
    began = timezone.now()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')")
            told = datetime.datetime.fromisoformat(cursor.fetchone()[0]).replace(tzinfo=datetime.UTC)
        else:
            cursor.execute("SELECT clock_timestamp()")
            told = cursor.fetchone()[0]
    ended = timezone.now()
    return began + (ended - began) / 2 - told
