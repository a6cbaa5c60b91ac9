"""Independent judgement: who sees the verdicts of a round that is open, where its policy keeps them apart."""

from __future__ import annotations

from articles import policy
from people.models import Role, User
from reviews.models import OPEN_STATES, Review, Transition, Verdict

TELLING = frozenset({"give-verdict", "safety-objection", "resolve-objection", "overrule-objection"})
"""Moves of an open round that say what somebody judged."""


def sees_verdicts(review: Review | None, person: User, roles: frozenset[str]) -> bool:
    """Whether this person may see what others signed in the round.

    While an independent round is open, only members who have signed in it see that, and editors without a seat on the
    board: nobody who may still judge, and no author.
    """
    if review is None or review.state not in OPEN_STATES or not policy.read(review.policy).independent:
        return True
    if Verdict.objects.filter(edition=review.edition_id, member=person.pk).exists():
        return True
    return Role.EDITOR.value in roles and Role.BOARD_MEMBER.value not in roles


INVITING = frozenset(
    {
        "invite",
        "accept-invitation",
        "decline-invitation",
        "hand-over-invitation",
        "withdraw-invitation",
        "extend-invitation",
    }
)
"""Moves of invitations: who was asked, and why somebody declined, is for editors."""


def hidden_moves(roles: frozenset[str]) -> frozenset[str]:
    """The moves of the record of which somebody with these roles is not told."""
    return frozenset() if Role.EDITOR.value in roles else INVITING


def is_told_by(row: Transition) -> bool:
    """Whether a row of the record says what somebody judged in a round that goes on."""
    return row.move in TELLING or row.verdict_id is not None
