"""Links of the drafts: noted at each save, asked about by the worker, forgotten with the last draft that has them.

No request asks another host: a round does, through the one client, as it does for the works' addresses. Any number of
rounds may run at once; a row is claimed by moving its `due_at` on, and is due again when the lease is over.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Mapping
from typing import Any

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from articles.checks import dead_link
from articles.checks.view import FIELDS, view_of
from articles.models import Article, Link, LinkCheck
from articles.models.links import LONGEST
from references.watching import checks, links
from references.watching.answers import CLEAR, FAILED, FLAGGED, Told
from references.web import client

MOST = 200
"""Links of one text that are asked about, the first ones."""
BATCH = 20
SECONDS = 25.0
"""Of one round: enough for one address with all its attempts, little enough for the mail that waits behind it."""
LEASE = datetime.timedelta(minutes=15)
BUSY_WAIT = datetime.timedelta(minutes=5)
MADE_AT_ONCE = 5_000

_OUTCOMES = {
    CLEAR: LinkCheck.Outcome.ANSWERED,
    FLAGGED: LinkCheck.Outcome.GONE,
    FAILED: LinkCheck.Outcome.FAILED,
}


def addresses_in(fields: Mapping[str, str]) -> list[str]:
    """The addresses that a text links to, each once, in reading order: as many and as long as are asked about. Pure."""
    if not any("http" in text for text in fields.values()):
        return []
    found = dict.fromkeys(dead_link.page(url) for _block, url, _start, _end in dead_link.links(view_of(fields)))
    return [address for address in found if len(address.encode()) <= LONGEST][:MOST]


def note(article: Article) -> None:
    """Bring the links of a saved article in step with it, in three queries at most. To be called in its transaction."""
    here = Link.objects.filter(article=article)
    wanted = set(addresses_in({name: getattr(article, name) for name in FIELDS}))
    noted = set(here.values_list("address", flat=True)) if article.version > 1 else set()
    if gone := noted - wanted:
        here.filter(address__in=gone).delete()
    if new := wanted - noted:
        Link.objects.bulk_create(Link(article=article, address=address) for address in sorted(new))


@shared_task
def check_links() -> None:
    """One round; any number may run at once, and one that is lost is made up for by the next."""
    run_round()


def run_round(*, now: datetime.datetime | None = None, seconds: float = SECONDS) -> int:
    """Forget what no draft links to, and ask about a batch of what is due. Return how many addresses were asked."""
    now, until = now or timezone.now(), time.monotonic() + seconds
    forget_unlinked()
    if not settings.LOOKUP_ENABLED:
        return 0
    make(now=now)
    asked, waiting = 0, claim(now=now)
    try:
        while waiting and time.monotonic() < until:
            row = waiting[0]
            try:
                told = links.ask(row.address, until=until, patience=client.IMPATIENT)
            except client.Busy:
                waiting.pop(0)
                LinkCheck.objects.filter(pk=row.pk).update(due_at=now + BUSY_WAIT)
                continue
            # Cut short by us is not a word of theirs; but the first had its full time, and must not come first again.
            if told.outcome == FAILED and asked and time.monotonic() >= until:
                break
            waiting.pop(0)
            _write(row, told, now)
            asked += 1
    finally:
        # What was claimed and not asked about is due as before.
        LinkCheck.objects.filter(pk__in=[row.pk for row in waiting]).update(due_at=now)
    return asked


def make(*, now: datetime.datetime) -> None:
    """Make the checks of addresses that have none, due at once."""
    missing = Link.objects.filter(~Exists(LinkCheck.objects.filter(address=OuterRef("address")))).order_by()
    addresses = missing.values_list("address", flat=True).distinct()[:MADE_AT_ONCE]
    LinkCheck.objects.bulk_create(
        [LinkCheck(address=address, due_at=now) for address in addresses],
        batch_size=checks.WRITTEN_AT_ONCE,
        ignore_conflicts=True,
    )


def forget_unlinked() -> None:
    """Drop the checks of addresses that no draft has any more; one that is linked again meanwhile is asked anew."""
    LinkCheck.objects.filter(~Exists(Link.objects.filter(address=OuterRef("address")))).delete()


def claim(*, now: datetime.datetime, limit: int = BATCH) -> list[LinkCheck]:
    """Take checks that are due, longest overdue first; no other round gets them while the lease lasts."""
    with transaction.atomic():
        due = LinkCheck.objects.filter(due_at__lte=now).select_for_update(skip_locked=True)
        rows = list(due.order_by("due_at", "pk")[:limit])
        LinkCheck.objects.filter(pk__in=[row.pk for row in rows]).update(due_at=now + LEASE)
    return rows


def _write(row: LinkCheck, told: Told, now: datetime.datetime) -> None:
    values: dict[str, Any] = {"outcome": _OUTCOMES[told.outcome], "status": told.status, "checked_at": now}
    if told.outcome == FAILED:
        failures = min(row.failures + 1, 30_000)
        values |= {"failures": failures, "due_at": now + checks.wait_after(failures, told)}
    else:
        values |= {"failures": 0, "due_at": checks.next_due(now)}
    LinkCheck.objects.filter(pk=row.pk).update(**values)
