"""Check rows: which identifiers each source is asked about, how an answer is written, and when the next is due."""

from __future__ import annotations

import datetime
import logging
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from references.identity import relations
from references.models import Alias, Check, Reference
from references.watching import flags
from references.watching.answers import CLEAR, FAILED, About, Told

CROSSREF, PUBMED = Check.Source.CROSSREF.value, Check.Source.PUBMED.value
RETRACTION_WATCH, LINK = Check.Source.RETRACTION_WATCH.value, Check.Source.LINK.value
FIRST_WAIT = datetime.timedelta(hours=1)
"""After a failure; it doubles with each further one, up to the interval."""
WRITTEN_AT_ONCE = 1_000
_LONGEST_DETAIL = 400

log = logging.getLogger(__name__)

_IDENTIFIERS = {CROSSREF: ("doi",), PUBMED: ("pmid",), RETRACTION_WATCH: ("doi", "pmid")}


def interval() -> datetime.timedelta:
    """How often each source is asked about each work."""
    return datetime.timedelta(days=settings.WATCH_DAYS)


def watched(source: str) -> QuerySet[Reference]:
    """The works about which a source can be asked: they have, or had before a merge, such an identifier."""
    if source == LINK:
        return Reference.objects.exclude(url="")
    has_own = Q()
    for scheme in _IDENTIFIERS[source]:
        has_own |= Q(**{f"{scheme}__isnull": False})
    aliases = Alias.objects.filter(scheme__in=_IDENTIFIERS[source]).order_by().values("reference")
    return Reference.objects.filter(has_own | Q(pk__in=aliases))


def make(source: str, *, now: datetime.datetime, limit: int = 20_000) -> int:
    """Make the rows that are not there yet, due at once, and return how many; oldest works first."""
    has_row = Exists(Check.objects.filter(reference=OuterRef("pk"), source=source))
    missing = list(watched(source).filter(~has_row).order_by("pk").values_list("pk", flat=True)[:limit])
    Check.objects.bulk_create(
        [Check(reference_id=pk, source=source, due_at=now) for pk in missing],
        batch_size=WRITTEN_AT_ONCE,
        ignore_conflicts=True,
    )
    return len(missing)


def identifiers_of(references: Sequence[Reference], scheme: str) -> dict[int, list[str]]:
    """By work, its own identifier and those of what was merged into it. One query."""
    found: dict[int, list[str]] = defaultdict(list)
    for row in references:
        if value := getattr(row, scheme):
            found[row.pk].append(value)
    aliases = Alias.objects.filter(scheme=scheme, reference__in=[row.pk for row in references]).order_by("pk")
    for pk, value in aliases.values_list("reference", "value"):
        if value not in found[pk]:
            found[pk].append(value)
    return {pk: values for pk, values in found.items() if values}


def rows_by(scheme: str, values: Iterable[str]) -> dict[str, Reference]:
    """The works that identifiers lead to, as their own or as an alias. Two queries."""
    wanted = set(values)
    if not wanted:
        return {}
    aliases = Alias.objects.filter(scheme=scheme, value__in=wanted).select_related("reference")
    found = {alias.value: alias.reference for alias in aliases}
    rows = Reference.objects.filter(**{f"{scheme}__in": wanted}).order_by()
    return found | {getattr(row, scheme): row for row in rows}


def write(check: Check, told: Told, *, now: datetime.datetime) -> list[tuple[Reference, str]]:
    """Record an answer: what it says against works, then the row. Return the works that got a new flag, with its kind.

    A failure moves neither `answered_at` nor any flag; a clear answer lifts no flag that this source or another gave.
    """
    new = tell(check.reference, check.source, told)
    if told.relatives:
        _relate(check, told)
    detail = told.detail
    if told.outcome == CLEAR and flags.standing(check.reference).filter(reports__source=check.source).exists():
        detail = _("Nothing stands there against it any more. The flag stays until somebody dismisses it.")
    values: dict[str, Any] = {"outcome": told.outcome, "detail": detail[:_LONGEST_DETAIL], "asked_at": now}
    if told.outcome == FAILED:
        failures = min(check.failures + 1, 30_000)
        values |= {"failures": failures, "due_at": now + wait_after(failures, told)}
    else:
        values |= {"failures": 0, "answered_at": now, "due_at": next_due(now)}
    Check.objects.filter(pk=check.pk).update(**values)
    return new


def tell(reference: Reference, source: str, told: Told) -> list[tuple[Reference, str]]:
    """Report what an answer says against its work, and against others as far as the library has them."""
    found = [(reference, news) for news in told.news] + _resolved(told.others)
    new = []
    for row, news in found:
        try:
            event, is_new = flags.report(
                row, kind=news.kind, source=source, notice=news.notice, text=news.text, dated=news.dated
            )
        except Reference.DoesNotExist:
            continue  # Merged or deleted since: what it went into is asked about too.
        if is_new:
            new.append((row, event.kind))
    return new


def next_due(now: datetime.datetime) -> datetime.datetime:
    """An interval from now, a tenth more or less, so that what came together is not always asked together."""
    return now + interval() * random.uniform(0.9, 1.1)  # noqa: S311 - no secret


def forget(reference: Reference, before: Reference | None = None) -> None:
    """Drop the answers about a work whose identifiers changed: they were about others. They are asked for anew.

    With `before`, the row as it was, only those of sources that are asked by what changed; without it all.
    """
    stale = [
        source
        for source, names in {**_IDENTIFIERS, LINK: ("url",)}.items()
        if before is None or any(getattr(before, name) != getattr(reference, name) for name in names)
    ]
    if stale:
        Check.objects.filter(reference=reference.pk, source__in=stale).delete()


def _relate(check: Check, told: Told) -> None:
    try:
        with transaction.atomic():
            relations.store(check.reference, told.relatives, check.source)
    except IntegrityError:
        log.info("A work was merged or deleted while %s was asked about it.", check.source)


def wait_after(failures: int, told: Told) -> datetime.timedelta:
    """How long to wait after so many failures in a row."""
    wait = interval()
    if told.may_pass:
        wait = min(FIRST_WAIT * 2 ** min(failures - 1, 20), wait)
    return wait * random.uniform(0.9, 1.1)  # noqa: S311 - no secret


def _resolved(others: Sequence[About]) -> list[tuple[Reference, Any]]:
    found = []
    for scheme in {about.scheme for about in others}:
        about_these = [about for about in others if about.scheme == scheme]
        rows = rows_by(scheme, [about.value for about in about_these])
        found += [(rows[about.value], about.news) for about in about_these if about.value in rows]
    return found
