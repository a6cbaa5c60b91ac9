"""The record of review: the state beside each edition, signed verdicts, interests, and the chain of transitions."""

from __future__ import annotations

from reviews.models.interests import Grade, InterestStatement, Part
from reviews.models.re_reviews import ReReview
from reviews.models.record import PIECES, ChainHead, Transition
from reviews.models.renewals import Renewal
from reviews.models.reviews import OPEN_STATES, Review, State
from reviews.models.schedule import ScheduledPublication
from reviews.models.verdicts import Verdict

__all__ = [
    "OPEN_STATES",
    "PIECES",
    "ChainHead",
    "Grade",
    "InterestStatement",
    "Part",
    "ReReview",
    "Renewal",
    "Review",
    "ScheduledPublication",
    "State",
    "Transition",
    "Verdict",
]
