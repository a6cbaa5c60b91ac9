"""Beat: sends what the schedule says, once, however many beats run.

When each line was last sent stands in the database, and whoever moves that time on may send it: a conditional update,
which any database does for one of two at once. All beats reckon by the database's clock. One that dies between the
update and the sending loses that one sending, and the next comes when its turn is; a broker that refuses gives it back.
"""

from __future__ import annotations

import datetime
import logging
import os
import socket
from typing import Any

from celery.beat import ScheduleEntry, SchedulingError
from celery.beat import Scheduler as CelerysScheduler
from django.db import Error, connection
from django.db.models import DateTimeField, ExpressionWrapper
from django.db.models.functions import Now
from django.utils import timezone

from config.models import ScheduledTask

LONGEST_NAP = 5.0
"""Seconds after which beat looks again: another beat's sendings, and a clock that was set, are seen as soon."""
SHORTEST_NAP = 0.1
A_MOMENT = datetime.timedelta(seconds=5)
"""By so much a time may lie ahead: that of a new line is its beat's own."""

log = logging.getLogger(__name__)


class Scheduler(CelerysScheduler):
    """A scheduler whose memory is the table of scheduled tasks."""

    max_interval = LONGEST_NAP

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.me = f"{socket.gethostname()}:{os.getpid()}"
        super().__init__(*args, **kwargs)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send what is due; returns after how many seconds to look again."""
        try:
            return self._send_due()
        except Error as error:
            log.warning("The database is away, so nothing is sent: %s", error)
            connection.close()
            return self.max_interval

    def _send_due(self) -> float:
        now, rows = self._read()
        behind = timezone.now() - now  # This machine's clock against the database's.
        nap = self.max_interval
        for entry in self.schedule.values():
            last = rows[entry.name]
            # A time to come was written before the database's clock was set back: nobody knows when that was.
            is_lost = last > now + A_MOMENT
            is_due, seconds = (True, 0.0) if is_lost else entry.schedule.is_due(last + behind)
            if is_due:
                self._send(entry, last, now)
            else:
                nap = min(nap, seconds)
        return max(nap, SHORTEST_NAP)

    def _read(self) -> tuple[datetime.datetime, dict[str, datetime.datetime]]:
        """The database's time, and when each line was last sent. A line that is new counts from now on."""
        with_now = ScheduledTask.objects.annotate(now=ExpressionWrapper(Now(), DateTimeField()))
        told = {name: (sent_at, now) for name, sent_at, now in with_now.values_list("name", "sent_at", "now")}
        missing = self.schedule.keys() - told.keys()
        if missing:
            new = [ScheduledTask(name=name, sent_at=timezone.now()) for name in sorted(missing)]
            ScheduledTask.objects.bulk_create(new, ignore_conflicts=True)
            return self._read()
        _sent_at, now = next(iter(told.values()))
        return now, {name: sent_at for name, (sent_at, _now) in told.items()}

    def _send(self, entry: ScheduleEntry, last: datetime.datetime, now: datetime.datetime) -> None:
        """Send one line, if no other beat does: whoever moves its time on may."""
        producer = self.producer  # It waits here while the broker is away, and holds nothing up in another beat.
        row = ScheduledTask.objects.filter(pk=entry.name)
        if not row.filter(sent_at=last).update(sent_at=now, sent_by=self.me):
            return
        try:
            self.apply_async(entry, producer=producer, advance=False)
        except SchedulingError as error:
            log.warning("%s could not be sent, and is due again: %s", entry.name, error)
            row.filter(sent_at=now, sent_by=self.me).update(sent_at=last)
            self.close()  # The connection is made anew.
