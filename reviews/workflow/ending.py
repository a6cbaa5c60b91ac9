"""How a round ends: asked after each move that may decide it, a verdict, an objection settled or a part set."""

from __future__ import annotations

import datetime
from typing import Any

from articles import policy
from articles.models import Edition
from people.models import User
from reviews import interests, objections, outcomes, verdicts
from reviews.models import State, Verdict
from reviews.outcomes import Given
from reviews.workflow.making import change_review
from reviews.workflow.rules import Case


def end_if_decided(case: Case, *, by: User, at: datetime.datetime, via: str) -> None:
    """End the round where the verdicts suffice. The reason holds the words of all who did not approve."""
    if case.review_state != State.UNDER_REVIEW:
        return
    state, given, _alone = outcome_of(case)
    if state is None:
        return
    asked = [] if state == State.APPROVED else [one for one in given if one["kind"] != Verdict.Kind.APPROVE]
    reason = "\n\n".join(f"{one['name']}: {one['comment']}" for one in asked)
    change_review(outcomes.move_of(state, _as_given(given)), case, by=by, at=at, reason=reason, via=via)


def outcome_of(case: Case) -> tuple[str | None, list[dict[str, Any]], bool]:
    """The state in which the round ends (None while it goes on), what was signed in it, and whether that is one
    verdict.
    """
    assert case.edition is not None
    assert case.review is not None
    signed = [verdicts.read(verdict) for verdict in counted(case.edition)]
    is_objected = bool(objections.of_articles([case.article.pk]))
    state = outcomes.outcome(policy.read(case.review.policy), _as_given(signed), is_objected=is_objected)
    return state, signed, len(signed) == 1


def counted(edition: Edition) -> list[Verdict]:
    """The verdicts that count towards the outcome, in order: an objection stops, and is no vote.

    Those of members without a vote by now do not count.
    """
    rows = edition.verdicts.exclude(kind=Verdict.Kind.SAFETY_OBJECTION)
    return list(rows.exclude(member__in=interests.not_voting(edition.article_id)).order_by("at", "pk"))


def _as_given(signed: list[dict[str, Any]]) -> list[Given]:
    return [Given(one["kind"], one["specialty"]) for one in signed]
