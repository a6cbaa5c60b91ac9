"""The rows of the rule table about invitations to a round: none changes a state, all ask for an open round."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

import reviews.workflow.rules as rules
from people.models import Role
from reviews.models import OPEN_STATES
from reviews.workflow.move import REVIEW, Move

_BOARD = frozenset({Role.BOARD_MEMBER.value})
_EDITOR = frozenset({Role.EDITOR.value})
_OPEN = frozenset(state.value for state in OPEN_STATES)

INVITATIONS = (
    Move(
        "invite",
        gettext_lazy("Invite to the review"),
        REVIEW,
        _OPEN,
        "",
        _EDITOR,
        (rules.newest_edition, rules.four_eyes, rules.not_excluded),
    ),
    Move(
        "accept-invitation",
        gettext_lazy("Accept an invitation"),
        REVIEW,
        _OPEN,
        "",
        _BOARD,
        (
            rules.newest_edition,
            rules.four_eyes,
            rules.may_vote,
            rules.had_no_say,
            rules.invited,
            rules.declaration_in_date,
        ),
    ),
    Move(
        "decline-invitation",
        gettext_lazy("Decline an invitation"),
        REVIEW,
        _OPEN,
        "",
        _BOARD,
        (rules.newest_edition, rules.not_judged_yet, rules.invitation_in_hand),
    ),
    Move(
        "hand-over-invitation",
        gettext_lazy("Hand over an invitation"),
        REVIEW,
        _OPEN,
        "",
        _BOARD,
        (rules.newest_edition, rules.not_judged_yet, rules.not_excluded, rules.invitation_accepted),
    ),
    Move(
        "withdraw-invitation",
        gettext_lazy("Withdraw an invitation"),
        REVIEW,
        _OPEN,
        "",
        _EDITOR,
        (
            rules.newest_edition,
            rules.four_eyes,
            rules.not_excluded,
            rules.judges_nothing_here,
            rules.somebody_is_invited,
        ),
    ),
    Move(
        "extend-invitation",
        gettext_lazy("Give more time"),
        REVIEW,
        _OPEN,
        "",
        _EDITOR,
        (rules.newest_edition, rules.four_eyes, rules.not_excluded, rules.somebody_is_invited),
    ),
)
