"""Whom an editor may invite to a round, in the order in which to ask them, and why the others may not be."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils import timezone

from articles import policy
from people import interests as declaring
from people.models import Role, User
from reviews import interests, workload
from reviews.workflow.inviting import invitation_refusal
from reviews.workflow.rules import Case
from reviews.workload import History, InHand


@dataclass(frozen=True)
class Candidate:
    """A board member with all that bears on inviting them. `refusal` is empty where they may be invited."""

    member: User
    refusal: str
    is_asked_for: bool
    """Whether the policy of the round asks for their specialty."""
    same_institution: str
    """Who of the authors works where they work."""
    in_hand: InHand
    history: History


def candidates(case: Case, *, by: User, today: datetime.date | None = None) -> list[Candidate]:
    """Every board member: who may be invited first, by specialty, then by what they have in hand, then by how often
    they were late. About a dozen queries, however many members.
    """
    members = list(User.objects.acting_as(Role.BOARD_MEMBER))
    ids = [one.pk for one in members]
    authors = list(User.objects.filter(pk__in=case.contributor_ids | case.writer_ids).order_by("name", "pk"))
    rules = policy.read(case.review.policy if case.review else {})
    asked = {name.casefold() for name in rules.specialties}
    overlaps = interests.overlapping(case.article.pk)
    loads = workload.in_hand(ids)
    histories = workload.histories(ids, today=today or timezone.localdate())
    found = [
        Candidate(
            member=one,
            refusal=invitation_refusal(case, one, by=by, board=frozenset(ids), overlaps=overlaps) or "",
            is_asked_for=one.specialty.strip().casefold() in asked,
            same_institution=declaring.same_institution(one, authors),
            in_hand=loads[one.pk],
            history=histories[one.pk],
        )
        for one in members
    ]
    return sorted(found, key=_order)


def _order(one: Candidate) -> tuple[bool, bool, bool, int, int, str]:
    return (
        bool(one.refusal),
        not one.is_asked_for,
        bool(one.same_institution),
        one.in_hand.all,
        one.history.late,
        one.member.name,
    )
