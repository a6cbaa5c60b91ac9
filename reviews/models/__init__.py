"""The record of review: the state beside each edition, signed verdicts, interests, invitations, and the chain of
transitions.
"""

from __future__ import annotations

from reviews.models.interests import Grade, InterestStatement, Part
from reviews.models.invitations import IN_HAND, OPEN, InvitationStep, ReviewInvitation, Step
from reviews.models.re_reviews import ReReview
from reviews.models.record import PIECES, ChainHead, Transition
from reviews.models.renewals import Renewal
from reviews.models.reviews import OPEN_STATES, Review, State
from reviews.models.schedule import ScheduledPublication
from reviews.models.verdicts import Verdict

__all__ = [
    "IN_HAND",
    "OPEN",
    "OPEN_STATES",
    "PIECES",
    "ChainHead",
    "Grade",
    "InterestStatement",
    "InvitationStep",
    "Part",
    "ReReview",
    "Renewal",
    "Review",
    "ReviewInvitation",
    "ScheduledPublication",
    "State",
    "Step",
    "Transition",
    "Verdict",
]
