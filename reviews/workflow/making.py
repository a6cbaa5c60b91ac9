"""How a move is made: the article's row is locked, the rule table asked again, state and public pages are written, and
the transition last. Only here are a review's state and an answer's standing set.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext as _

from articles import publishing
from articles.models import Article, Edition, Publication, Standing
from people.models import User
from people.words import typed
from reviews import alerts, chain, news, statements
from reviews.models import OPEN_STATES, Review, ScheduledPublication, State, Verdict
from reviews.workflow.rules import Case
from reviews.workflow.table import FOLLOWED_BY, MOVES, Refused, refusal


def locked(article_id: int) -> Article:
    return Article.objects.select_for_update().get(pk=article_id)


def require(name: str, case: Case, *, by: User, reason: str) -> None:
    sentence = refusal(name, case, by=by)
    if sentence:
        raise Refused(sentence)
    if MOVES[name].needs_reason and not typed(reason):
        raise Refused(_("Say why, in a sentence: it is kept with the record."))


def change_review(
    name: str,
    case: Case,
    *,
    by: User,
    at: datetime.datetime,
    reason: str = "",
    via: str = "desk",
    verdict: Verdict | None = None,
) -> None:
    move, review, edition = MOVES[name], case.review, case.edition
    assert review is not None
    assert edition is not None
    was, target = review.state, move.target or review.state
    if target != was:
        set_review(review, target, at=at, by=by)
    followed = follow(name, edition, at=at) if target != was or name in FOLLOWED_BY else None
    moved = [(name, was, target)] + ([(followed[0], followed[2], followed[3])] if followed else [])
    for move_name, from_state, to_state in moved:
        row = chain.append(
            edition=edition,
            subject=MOVES[move_name].subject,
            move=move_name,
            from_state=from_state,
            to_state=to_state,
            by=by,
            at=at,
            reason=reason,
            via=via,
            verdict=verdict,
        )
        news.tell(row)


def set_review(review: Review, state: str, *, at: datetime.datetime, by: User | None = None) -> None:
    review.state = state
    review.decided_at = None if state in OPEN_STATES else at
    if state == State.SUBMITTED and by is not None:
        review.submitted_at, review.submitted_by = at, by
        review.taken_up_at = review.taken_up_by = None
    if state == State.UNDER_REVIEW:
        review.taken_up_at, review.taken_up_by = at, by
    review.save()


def follow(name: str, edition: Edition, *, at: datetime.datetime) -> tuple[str, Edition, str, str] | None:
    """What the review's move does to the public edition; returns the following move, or None where there is none.

    An edition under caution loses it by approval and leaves the public by any other end. A withdrawn one that was never
    approved leaves as well. In the other cases its pages only say the new state.
    """
    publication = Publication.objects.select_for_update().filter(article=edition.article_id, edition=edition).first()
    if publication is None:
        return None
    followed, was = FOLLOWED_BY.get(name), publication.standing
    if followed is None or was not in MOVES[followed].sources:
        stand(publication, was, edition=edition, at=at)
        return None
    target = MOVES[followed].target
    stand(publication, target, edition=edition, at=at)
    return followed, edition, was, target


def stand(
    publication: Publication,
    standing: str,
    *,
    edition: Edition,
    at: datetime.datetime,
    explanation: str = "",
    note: str = "",
    event: dict[str, Any] | None = None,
) -> None:
    """Set the standing and what follows from it, and have the public pages made from it.

    `event` is what the public history says of the move: see `statements.event_of`.
    """
    if standing in {Standing.LIVE, Standing.CAUTION} and publication.edition_id != edition.pk:
        publication.change_note = note
        publication.published_at = at
        publication.first_published_at = publication.first_published_at or at
    if standing == Standing.WITHDRAWN:
        if publication.standing != Standing.WITHDRAWN:
            publication.withdrawn_at, publication.explanation = at, explanation
    else:
        publication.withdrawn_at, publication.explanation = None, ""
    publication.standing = standing
    publication.edition = edition
    publication.slug = publication.slug or publication.article.slug
    publishing.make_public(publication, statements.statement_of(publication, event), at=at)
    if standing in {Standing.LIVE, Standing.CAUTION}:
        alerts.open_for(edition)


def end_schedule(row: ScheduledPublication, outcome: str, *, at: datetime.datetime, why: str = "") -> None:
    """Say what came of a publication that waited for its time."""
    row.outcome, row.ended_at, row.why = outcome, at, why
    row.save(update_fields=["outcome", "ended_at", "why"])


def end_schedules(edition: Edition, *, at: datetime.datetime) -> None:
    """This edition is public now: its own publication waits no longer, and that of an older one never comes."""
    waiting = ScheduledPublication.objects.filter(
        article=edition.article_id, outcome=ScheduledPublication.Outcome.WAITING, edition__number__lte=edition.number
    )
    for row in waiting:
        if row.edition_id == edition.pk:
            end_schedule(row, ScheduledPublication.Outcome.PUBLISHED, at=at)
        else:
            why = _("Edition %(number)d was published meanwhile.") % {"number": edition.number}
            end_schedule(row, ScheduledPublication.Outcome.CANCELLED, at=at, why=why)
