"""Invitations to review as they stand: who was invited to which round, in what state, and in which words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import F, QuerySet

from articles.models import Edition
from reviews.models import OPEN_STATES, InvitationStep, Review, ReviewInvitation, Transition


def states_for(reviews: Iterable[Review]) -> dict[int, dict[int, str]]:
    """For the rounds of these reviews that are open, by edition and member, the state of the newest invitation."""
    found: dict[int, dict[int, str]] = defaultdict(dict)
    rounds = [one.edition_id for one in reviews if one.state in OPEN_STATES]
    if rounds:
        rows = ReviewInvitation.objects.filter(edition__in=rounds).of_open_rounds().with_state().order_by("pk")
        for edition, member, state in rows.values_list("edition", "member", "state"):
            found[edition][member] = state
    return found


def of_round(edition: Edition) -> list[ReviewInvitation]:
    """Every invitation to the open round of an edition, with state, day, member and steps, in order. Two queries."""
    rows = ReviewInvitation.objects.filter(edition=edition).of_open_rounds().with_state()
    return list(rows.select_related("member", "by", "handed_from").prefetch_related("steps__by").order_by("pk"))


def newest_of(edition: Edition, member: int) -> ReviewInvitation | None:
    """The member's newest invitation to the open round of an edition, with state and day."""
    rows = ReviewInvitation.objects.filter(edition=edition, member=member).of_open_rounds().with_state()
    return rows.select_related("by").order_by("pk").last()


def given_up(**where: Any) -> QuerySet[Transition]:
    """The moves by which members gave up a claim in a round as it is now; `where` narrows them."""
    return Transition.objects.filter(move="give-up", at__gte=F("edition__review__submitted_at"), **where).order_by()


def invitation_in_words(row: ReviewInvitation) -> str:
    """An invitation as the record has it: "Bea Board, MD (17), until 2026-12-14: the doses, please." """
    source = row.handed_from
    said = f"{row.member_name} ({row.member_id}), until {row.due_on.isoformat()}"
    said += f", in place of {source.member_name} ({source.member_id})" if source else ""
    return said + (f": {row.note}" if row.note else "")


def step_in_words(row: InvitationStep) -> str:
    """What became of an invitation as the record has it: "Bea Board, MD (17), declined: on leave." """
    said = f"{row.invitation.member_name} ({row.invitation.member_id}), {row.kind}"
    said += f" until {row.due_on.isoformat()}" if row.due_on else ""
    return said + (f": {row.reason}" if row.reason else "")
