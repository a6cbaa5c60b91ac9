"""What /metrics tells of the database: states, what waits and for how long, and when each scheduled task was done.

Asked again after KEPT_SECONDS at the earliest, however often and by however many it is read.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Iterator

from django.db import Error, connection
from django.db.models import Count
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from articles.models import LinkCheck, Publication, Standing
from config.models import ScheduledTask
from config.running import waiting
from references.models import Check
from reviews.models import ChainHead, Review, State

KEPT_SECONDS = 15.0

log = logging.getLogger(__name__)
_lock = threading.Lock()
_kept: tuple[float, list[GaugeMetricFamily]] | None = None


class Gauges(Collector):
    """For one reading of the metrics."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        global _kept
        with _lock:
            if _kept is None or time.monotonic() >= _kept[0]:
                told = _asked()
                _kept = (time.monotonic() + KEPT_SECONDS, told)
            return _kept[1]


def forget() -> None:
    """Have the database asked at the next reading."""
    global _kept
    _kept = None


def _asked() -> list[GaugeMetricFamily]:
    up = GaugeMetricFamily("imprimatur_database_up", "Whether the database could be asked (1) or not (0)")
    try:
        told = list(_told())
    except Error as error:
        log.warning("The metrics of the database could not be read: %s", error)
        connection.close()
        up.add_metric([], 0)
        return [up]
    up.add_metric([], 1)
    return [up, *told]


def _told() -> Iterator[GaugeMetricFamily]:
    now = timezone.now()
    states = dict(Review.objects.order_by().values_list("state").annotate(Count("pk")))
    yield _by("imprimatur_editions", "Editions by the state of their review", "state", State.values, states)
    standings = dict(Publication.objects.order_by().values_list("standing").annotate(Count("pk")))
    yield _by("imprimatur_answers", "Answers by their standing", "standing", Standing.values, standings)
    # A retracted answer waits for no review.
    overdue = Publication.objects.filter(standing=Standing.LIVE, is_retracted=False)
    overdue = overdue.filter(review_due_on__lt=timezone.localdate(now))
    yield GaugeMetricFamily(
        "imprimatur_overdue_reviews", "Live answers whose next review is past its day", value=overdue.count()
    )
    failed = dict(
        Check.objects.filter(outcome=Check.Outcome.FAILED).order_by().values_list("source").annotate(Count("pk"))
    )
    failed["draft-link"] = LinkCheck.objects.filter(outcome=LinkCheck.Outcome.FAILED).count()
    sources = [*Check.Source.values, "draft-link"]
    yield _by(
        "imprimatur_watch_failures", "Works and links whose last check came to nothing", "source", sources, failed
    )
    yield from _waiting()
    yield from _scheduled()
    head = ChainHead.objects.values_list("number", flat=True).first()
    yield GaugeMetricFamily("imprimatur_record_head", "The number of the newest transition", value=head or 0)


def _waiting() -> Iterator[GaugeMetricFamily]:
    counts = GaugeMetricFamily("imprimatur_waiting", "Work that is due and not done", labels=["kind"])
    ages = GaugeMetricFamily("imprimatur_waiting_seconds", "How long the oldest of it waits", labels=["kind"])
    for one in waiting.now_waiting():
        counts.add_metric([one.kind], one.number)
        if one.seconds is not None:
            ages.add_metric([one.kind], one.seconds)
    yield counts
    yield ages


def _scheduled() -> Iterator[GaugeMetricFamily]:
    sent = GaugeMetricFamily("imprimatur_task_sent_time", "When beat last sent it, since 1970", labels=["task"])
    done = GaugeMetricFamily("imprimatur_task_done_time", "When a worker last did it, since 1970", labels=["task"])
    for name, sent_at, done_at in ScheduledTask.objects.order_by("pk").values_list("name", "sent_at", "done_at"):
        sent.add_metric([name], sent_at.timestamp())
        if done_at:
            done.add_metric([name], done_at.timestamp())
    yield sent
    yield done


def _by(name: str, what: str, label: str, every: Iterable[str], counts: dict[str, int]) -> GaugeMetricFamily:
    """One number for each of the values, 0 where there is none."""
    family = GaugeMetricFamily(name, what, labels=[label])
    for value in every:
        family.add_metric([value], counts.get(value, 0))
    return family
