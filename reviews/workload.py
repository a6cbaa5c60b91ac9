"""What each board member has in hand, and how they fared before: for editors who look for reviewers."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from statistics import median

from django.db.models import Exists, OuterRef

from reviews import invitations
from reviews.models import (
    OPEN_STATES,
    InterestStatement,
    InvitationStep,
    Review,
    ReviewInvitation,
    State,
    Step,
    Verdict,
)


@dataclass(frozen=True)
class InHand:
    """Open rounds in which a member takes part and did not sign yet, and invitations that they did not answer."""

    rounds: int = 0
    invitations: int = 0

    @property
    def all(self) -> int:
        return self.rounds + self.invitations


@dataclass(frozen=True)
class History:
    """Verdicts signed, invitations declined, and verdicts asked for by a day and signed later or not at all; and the
    median of the days from the invitation, or the claim, to the verdict (None before the first).
    """

    reviewed: int = 0
    declined: int = 0
    late: int = 0
    median_days: float | None = None


def in_hand(members: Collection[int]) -> dict[int, InHand]:
    """For each of these members what they have in hand. Four queries, however many members."""
    rounds: dict[int, set[int]] = defaultdict(set)
    asked: Counter[int] = Counter()
    ended: set[tuple[int, int]] = set()
    rows = ReviewInvitation.objects.filter(member__in=members).of_open_rounds().with_state().order_by("pk")
    newest = {(edition, member): state for edition, member, state in rows.values_list("edition", "member", "state")}
    signed = Verdict.objects.that_stand().filter(edition=OuterRef("edition"), member=OuterRef("member"))
    open_rounds = Review.objects.filter(state=State.UNDER_REVIEW).order_by()
    stated = InterestStatement.objects.filter(~Exists(signed), member__in=members).order_by()
    claims = set(stated.filter(edition__in=open_rounds.values("edition")).values_list("edition", "member"))
    done = Verdict.objects.that_stand().filter(member__in=members, edition__review__state__in=OPEN_STATES).order_by()
    judged = set(done.values_list("edition", "member"))
    for (edition, member), state in newest.items():
        if (edition, member) in judged:
            continue
        if state == Step.ACCEPTED:
            rounds[member].add(edition)
        elif state in Step.values:
            ended.add((edition, member))
        else:
            asked[member] += 1
            ended.add((edition, member))
    given_up = invitations.given_up(edition__review__state=State.UNDER_REVIEW, by__in=members)
    ended |= {pair for pair in given_up.values_list("edition", "by") if pair not in newest}
    for edition, member in claims - ended:
        rounds[member].add(edition)
    return {member: InHand(len(rounds[member]), asked[member]) for member in members}


def taking_part() -> set[int]:
    """Everybody who took part in a round that is open, on the board today or not. Two queries."""
    stated = InterestStatement.objects.filter(edition__review__state__in=OPEN_STATES).order_by()
    asked = ReviewInvitation.objects.of_open_rounds().order_by()
    return {*stated.values_list("member", flat=True), *asked.values_list("member", flat=True)}


def histories(members: Collection[int], *, today: datetime.date) -> dict[int, History]:
    """For each of these members how they fared. Four queries, however many members."""
    began: dict[tuple[int, int], datetime.datetime] = {}
    stated = InterestStatement.objects.filter(member__in=members).order_by("-at", "-pk")
    for edition, member, at in stated.values_list("edition", "member", "at"):
        began[edition, member] = at
    until: dict[tuple[int, int], datetime.date] = {}
    rows = ReviewInvitation.objects.filter(member__in=members).with_state().order_by("-pk")
    for edition, member, at, state, day in rows.values_list("edition", "member", "at", "state", "until"):
        began[edition, member] = at
        if state == Step.ACCEPTED:
            until.setdefault((edition, member), day)
    days: dict[int, list[float]] = defaultdict(list)
    late: Counter[int] = Counter()
    signed: set[tuple[int, int]] = set()
    for edition, member, at in Verdict.objects.filter(member__in=members).values_list("edition", "member", "at"):
        if (edition, member) in signed:
            continue  # an objection that was settled, and a verdict after it
        signed.add((edition, member))
        if (edition, member) in began:
            days[member].append((at - began[edition, member]).total_seconds() / 86_400)
        day = until.pop((edition, member), None)
        late[member] += bool(day and at.date() > day)
    # What is left was accepted and never signed: late where its day has passed, in a round open or ended.
    for (_edition, member), day in until.items():
        late[member] += day < today
    declined = Counter(
        InvitationStep.objects.filter(kind=Step.DECLINED, invitation__member__in=members)
        .order_by()
        .values_list("invitation__member", flat=True)
    )
    reviewed = Counter(member for _edition, member in signed)
    return {
        one: History(reviewed[one], declined[one], late[one], median(days[one]) if days[one] else None)
        for one in members
    }
