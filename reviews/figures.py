"""What the dashboard counts: how long decisions take, what is open and how old, what is overdue, who has how much in
hand, and where the answers stand. A constant number of queries, however many answers there are.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from articles.models import Article, Publication, Standing
from people.models import Role, User
from reviews import workload
from reviews.models import ReReview, Review, State, Verdict

MONTHS = 12
"""How far back the time to decision and the signatures of a member are told."""
DECIDED = (State.APPROVED, State.CHANGES_REQUESTED, State.DECLINED)
"""What the board decided; what its author pulled back was no decision."""
AGES = (0, 7, 14, 28, 56)
"""Days at which an open round comes into the next group of the old."""
LATENESS = (1, 31, 91, 181)
"""Days at which what waits to be looked at again comes into the next group of the late."""
NEVER = ""
"""The standing of an article that never was public, and the state of one that never was submitted."""


@dataclass(frozen=True)
class Month:
    """The decisions of one month: how many, and in how many days from submission. No days where there were none."""

    first: datetime.date
    decided: int
    median: float | None = None
    lower: float | None = None
    """A quarter of the decisions took less."""
    upper: float | None = None
    """A quarter of the decisions took more."""


@dataclass(frozen=True)
class Decisions:
    """The last months, the oldest first, and all of them together."""

    months: tuple[Month, ...]
    decided: int
    median: float | None


@dataclass(frozen=True)
class Group:
    """What is at least `since` and less than `until` days old (None: older still), counted by kind."""

    since: int
    until: int | None
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Load:
    """What one member has in hand, and signed in the last months. A former member still has a round open."""

    name: str
    is_member: bool
    in_hand: int
    signed: int


def decisions(now: datetime.datetime | None = None) -> Decisions:
    """The time from submission to decision in each of the last MONTHS months, this one included. One query."""
    today = timezone.localdate(now)
    firsts = [_months_before(today, back) for back in reversed(range(MONTHS))]
    since = timezone.make_aware(datetime.datetime.combine(firsts[0], datetime.time()))
    took: dict[datetime.date, list[float]] = {first: [] for first in firsts}
    rows = Review.objects.filter(state__in=DECIDED, decided_at__gte=since).order_by()
    for submitted_at, decided_at in rows.values_list("submitted_at", "decided_at"):
        assert decided_at is not None
        days = (decided_at - submitted_at).total_seconds() / 86400
        month = took.get(timezone.localdate(decided_at).replace(day=1))
        if month is not None:
            month.append(days)
    every = [days for month in took.values() for days in month]
    months = tuple(_month(first, days) for first, days in took.items())
    return Decisions(months, len(every), median(every) if every else None)


def _month(first: datetime.date, days: list[float]) -> Month:
    if len(days) < 2:
        only = days[0] if days else None
        return Month(first, len(days), only, only, only)
    lower, middle, upper = quantiles(days, n=4, method="inclusive")
    return Month(first, len(days), middle, lower, upper)


def _months_before(day: datetime.date, months: int) -> datetime.date:
    """The first day of the month that many months before the day's own."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return datetime.date(year, month + 1, 1)


def open_rounds(now: datetime.datetime | None = None) -> list[Group]:
    """The rounds that are open by days since their submission: not taken up yet, and under review. One query."""
    moment = now or timezone.now()
    kinds = [Q(state=State.SUBMITTED), Q(state=State.UNDER_REVIEW)]
    return _grouped(Review.objects.all(), "submitted_at", moment, AGES, kinds)


def waiting_again(now: datetime.datetime | None = None) -> list[Group]:
    """What waits to be looked at again: live answers whose review is overdue, by days since it was due, and answers
    with a flagged work, by days since that became known. Two queries.
    """
    moment = now or timezone.now()
    live = Publication.objects.filter(standing=Standing.LIVE)
    late = _grouped(live, "review_due_on", timezone.localdate(moment), LATENESS, [Q()])
    # A flag waits from its first day on.
    flagged = _grouped(ReReview.objects.filter(closed_at=None), "opened_at", moment, (0, *LATENESS[1:]), [Q()])
    return [Group(one.since, one.until, one.counts + other.counts) for one, other in zip(late, flagged, strict=True)]


def _grouped(
    rows: QuerySet[Any], field: str, now: datetime.date, bounds: tuple[int, ...], kinds: list[Q]
) -> list[Group]:
    """Count the rows by the days from `field` to `now`, each kind apart. One query."""
    counts: dict[str, Count] = {}
    until = (*bounds[1:], None)
    for group, (least, most) in enumerate(zip(bounds, until, strict=True)):
        within = Q(**{f"{field}__lte": now - datetime.timedelta(days=least)}) if least else Q()
        if most is not None:
            within &= Q(**{f"{field}__gt": now - datetime.timedelta(days=most)})
        counts |= {f"n{group}_{kind}": Count("pk", filter=(within & which) or None) for kind, which in enumerate(kinds)}
    told = rows.order_by().aggregate(**counts)
    return [
        Group(least, most, tuple(told[f"n{group}_{kind}"] for kind in range(len(kinds))))
        for group, (least, most) in enumerate(zip(bounds, until, strict=True))
    ]


def load(now: datetime.datetime | None = None) -> list[Load]:
    """Each member of the board, and whoever else still has a round in hand: those with most first. Nine queries."""
    since = (now or timezone.now()) - datetime.timedelta(days=365)
    acting = set(
        User.objects.acting_as(Role.BOARD_MEMBER, at=timezone.localdate(now)).order_by().values_list("pk", flat=True)
    )
    hands = workload.in_hand(acting | workload.taking_part())
    rows = Verdict.objects.filter(member__in=hands, at__gte=since).order_by().values_list("member")
    signed = dict(rows.annotate(Count("edition", distinct=True)))
    names = User.objects.filter(pk__in=hands).order_by("name", "pk").values_list("pk", "name")
    loads = [Load(name, pk in acting, hands[pk].rounds, signed.get(pk, 0)) for pk, name in names]
    return sorted((row for row in loads if row.is_member or row.in_hand), key=lambda row: (-row.in_hand, -row.signed))


def standings() -> dict[str, int]:
    """How many articles stand how towards the public; NEVER for those that never did. One query."""
    rows = Article.objects.order_by().values_list("publication__standing").annotate(Count("pk"))
    return {standing or NEVER: number for standing, number in rows}


def states() -> dict[str, int]:
    """How many articles are in which state by their newest edition; NEVER for those without one. One query."""
    newest = Review.objects.filter(article=OuterRef("pk")).order_by("-edition__number").values("state")[:1]
    rows = Article.objects.order_by().annotate(newest=Subquery(newest)).values_list("newest").annotate(Count("pk"))
    return {state or NEVER: number for state, number in rows}
