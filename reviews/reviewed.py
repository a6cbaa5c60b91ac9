"""When an answer was last reviewed, and when it is due again: by recorded reviews alone, never by an editorial fix."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from articles import policy
from reviews import editorial
from reviews.models import Renewal, Review, State


@dataclass(frozen=True)
class LastReview:
    """The moment of the last recorded review of what an edition says, and the day on which the next one is due."""

    at: datetime.datetime
    due_on: datetime.date


def last_of(
    review: Review,
    *,
    renewed: Callable[[Review], Renewal | None] | None = None,
    numbered: Callable[[Review, int], Review] | None = None,
) -> LastReview | None:
    """The last review that holds for an edition, by its round; None before it is approved.

    It is the newest renewal, or else the approval; for an editorial fix that of the edition which was mended. `renewed`
    and `numbered` know the newest renewal of a round's edition, and the round of another edition of its article by its
    number; without them the database is asked.
    """
    renewed, numbered = renewed or _renewed, numbered or _numbered
    while review.state == State.APPROVED:
        renewal = renewed(review)
        if renewal:
            return LastReview(renewal.at, renewal.due_on)
        mended = editorial.number_in(review)
        if mended is None:
            break
        review = numbered(review, mended)
    if review.state != State.APPROVED or review.decided_at is None:
        return None
    months = policy.read(review.policy).review_again_after_months
    return LastReview(review.decided_at, policy.due_after(review.decided_at.date(), months))


def _renewed(review: Review) -> Renewal | None:
    return Renewal.objects.filter(edition=review.edition_id).last()


def _numbered(review: Review, number: int) -> Review:
    return Review.objects.get(article=review.article_id, edition__number=number)
