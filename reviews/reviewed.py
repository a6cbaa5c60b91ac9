"""When an answer was last reviewed, and when it is due again: by recorded reviews alone, never by an editorial fix."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from articles import policy
from reviews import editorial
from reviews.models import Renewal, Review, State


@dataclass(frozen=True)
class LastReview:
    """The moment of the last recorded review of what an edition says, and the day on which the next one is due."""

    at: datetime.datetime
    due_on: datetime.date


def last_of(review: Review) -> LastReview | None:
    """The last review that holds for an edition, by its round; None before it is approved.

    It is the newest renewal, or else the approval; for an editorial fix that of the edition which was mended.
    """
    while review.state == State.APPROVED:
        renewal = Renewal.objects.filter(edition=review.edition_id).last()
        if renewal:
            return LastReview(renewal.at, renewal.due_on)
        mended = editorial.number_in(review)
        if mended is None:
            break
        review = Review.objects.get(article=review.article_id, edition__number=mended)
    if review.state != State.APPROVED or review.decided_at is None:
        return None
    months = policy.read(review.policy).review_again_after_months
    return LastReview(review.decided_at, policy.due_after(review.decided_at.date(), months))
