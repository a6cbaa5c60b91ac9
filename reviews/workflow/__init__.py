"""The workflow: the rule table, and every move of a review and of a publication. Nothing else sets a state.

`table` says what may be done and answers why not; `rules` are the conditions that it names, `cases` the facts that they
are asked about; `reviewing`, `inviting`, `taking_part`, `judging`, `releasing`, `scheduling`, `renewing` and
`redacting` make the moves, each through `making`.
"""

from __future__ import annotations

from reviews.workflow.cases import case_of, cases_of
from reviews.workflow.inviting import (
    accept,
    decline,
    extend_invitation,
    hand_over,
    invitation_refusal,
    invite,
    invite_again,
    withdraw_invitation,
)
from reviews.workflow.judging import confirmed_by, decide, settle_objection, signing_refusals
from reviews.workflow.redacting import redact
from reviews.workflow.releasing import add_notice, publish, release_with_caution, restore, withdraw
from reviews.workflow.renewing import renew
from reviews.workflow.reviewing import pull_back, submission_case, submission_of, submit, take_up
from reviews.workflow.rules import Case, excluded_sentence
from reviews.workflow.scheduling import cancel, publish_due, schedule
from reviews.workflow.table import DECISIONS, FOLLOWED_BY, MOVES, Move, Refused, available, refusal
from reviews.workflow.taking_part import give_up, part_refusal, recuse, set_part, state_interests

__all__ = [
    "Case",
    "DECISIONS",
    "FOLLOWED_BY",
    "MOVES",
    "Move",
    "Refused",
    "accept",
    "add_notice",
    "available",
    "cancel",
    "case_of",
    "cases_of",
    "confirmed_by",
    "decide",
    "decline",
    "excluded_sentence",
    "extend_invitation",
    "give_up",
    "hand_over",
    "invitation_refusal",
    "invite",
    "invite_again",
    "part_refusal",
    "recuse",
    "set_part",
    "state_interests",
    "publish",
    "publish_due",
    "pull_back",
    "redact",
    "refusal",
    "release_with_caution",
    "renew",
    "restore",
    "schedule",
    "settle_objection",
    "signing_refusals",
    "submission_case",
    "submission_of",
    "submit",
    "take_up",
    "withdraw",
    "withdraw_invitation",
]
