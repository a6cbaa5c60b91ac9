"""What waits in the database for a worker: how much of each kind, and for how long the oldest has.

For the metrics and for the doctor. One query for each kind, over the rows that are due.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from articles.models import LinkCheck, Publication, SearchEntry
from articles.search.index import INDEXER
from people.models import Message
from references.models import Check, Import
from references.watching import flags
from reviews.models import ScheduledPublication


class Waiting(NamedTuple):
    """One kind of work that is due: `seconds` is how long the oldest waits; None where rows do not tell."""

    kind: str
    number: int
    seconds: float | None


def now_waiting(at: datetime.datetime | None = None) -> Iterator[Waiting]:
    """Every kind of work, also where nothing waits."""
    now = at or timezone.now()
    importing = [Import.State.READING, Import.State.TAKING]
    scheduled = ScheduledPublication.objects.filter(outcome=ScheduledPublication.Outcome.WAITING, at__lte=now)
    yield _since("mail", Message.objects.filter(sent_at=None), "created_at", now)
    yield _since("publication", scheduled, "at", now)
    yield _since("event", flags.due(), "found_at", now)
    yield _since("import", Import.objects.filter(state__in=importing), "at", now)
    yield Waiting("page", Publication.objects.filter(pages_due=True).count(), None)
    yield Waiting("related", Publication.objects.filter(related_due=True).count(), None)
    yield Waiting("search", SearchEntry.objects.filter(indexer__lt=INDEXER).count(), None)
    if settings.LOOKUP_ENABLED:
        yield _since("watch", Check.objects.filter(due_at__lte=now), "due_at", now)
        yield _since("link", LinkCheck.objects.filter(due_at__lte=now), "due_at", now)


def _since(kind: str, rows: QuerySet[Any], field: str, now: datetime.datetime) -> Waiting:
    told = rows.order_by().aggregate(count=Count("pk"), oldest=Min(field))
    return Waiting(kind, told["count"], (now - told["oldest"]).total_seconds() if told["oldest"] else 0.0)
