"""The review statement: what the public may know of an edition's review, as plain data for `articles`.

Built from signed verdicts, the review's row and the chain; dates are ISO texts, so that it can be kept as JSON.
"""

from __future__ import annotations

import datetime
from typing import Any

from articles import due
from articles.models import Edition, Publication, Standing
from reviews import editorial, interests, renewals, reviewed, verdicts
from reviews.models import Renewal, Review, State, Transition, Verdict

EVENTS = frozenset({"withdraw", "restore"})
"""Moves that the public history keeps, whatever stands at the address later."""


def statement_of(publication: Publication, event: dict[str, Any] | None = None) -> dict[str, Any]:
    """The statement on the publication's edition as its review now stands, with every edition that was ever public.

    `event` is the withdrawal or restoration that is being made (see `event_of`): its transition is written after this.
    Sets the publication's dates of review with it, so that page and lists cannot differ.
    """
    edition = publication.edition
    review = Review.objects.get(edition=edition)
    last = reviewed.last_of(review)
    publication.reviewed_at = last.at if last else None
    _set_due(publication, last.due_on if last else None)
    return _of_edition(edition, review) | {
        "published_on": _iso(publication.published_at),
        "editions": _public_editions(publication),
        "events": [*([event] if event else []), *_events(publication)],
    }


def _set_due(publication: Publication, on: datetime.date | None) -> None:
    """Set the day of the next review; another day than before has reminders of its own."""
    if on != publication.review_due_on:
        publication.review_reminder_on = on and on - due.REVIEW_AHEAD[0] * due.DAY
    publication.review_due_on = on


def event_of(move: str, *, on: datetime.datetime, number: int, why: str) -> dict[str, Any]:
    """A withdrawal or restoration as the public history tells it."""
    return {"what": move, "on": _iso(on), "number": number, "why": why}


def _events(publication: Publication) -> list[dict[str, Any]]:
    """Every withdrawal and restoration of the answer, newest first, each for good."""
    moves = Transition.objects.filter(article=publication.article_id, move__in=EVENTS).order_by("-number")
    rows = moves.values_list("move", "at", "edition__number", "reason")
    return [event_of(move, on=at, number=number, why=why) for move, at, number, why in rows]


def _of_edition(edition: Edition, review: Review) -> dict[str, Any]:
    """The state, dates and reviewers of one edition. A pending one never names a reviewer."""
    approved = review.state == State.APPROVED
    last = reviewed.last_of(review)
    return {
        "state": review.state,
        "caution": not approved,
        "submitted_on": _iso(review.submitted_at),
        "taken_up_on": _iso(review.taken_up_at),
        "approved_on": _iso(review.decided_at) if approved else "",
        "last_updated": _iso(edition.created_at),
        "last_reviewed": _iso(last.at) if last else "",
        "next_due": last.due_on.isoformat() if last else "",
        "editorial_fix_of": editorial.number_in(review) or 0,
        "reviewers": _reviewers(edition, review) if approved else [],
        "renewals": _renewals(edition),
    }


def _reviewers(edition: Edition, review: Review) -> list[dict[str, Any]]:
    """Who approved it, of those whose vote counted when it was decided."""
    approvals = Verdict.objects.filter(edition=edition, kind=Verdict.Kind.APPROVE).order_by("at", "pk")
    approvals = approvals.exclude(member__in=interests.not_voting(review.article_id, until=review.decided_at))
    signed = [verdicts.read(verdict) for verdict in approvals]
    return [
        {
            "member": statement["member"],
            "name": statement["name"],
            "credentials": statement["credentials"],
            "specialty": statement["specialty"],
            "interests": interests.in_public(statement),
            "role": statement["role"],
            "on": statement["at"][:10],
        }
        for statement in signed
    ]


def _renewals(edition: Edition) -> list[dict[str, Any]]:
    """Who reviewed it again since and found that no change is needed, newest first."""
    signed = [renewals.read(renewal) for renewal in Renewal.objects.filter(edition=edition).order_by("-at", "-pk")]
    return [
        {
            "name": statement["name"],
            "credentials": statement["credentials"],
            "specialty": statement["specialty"],
            "interests": interests.in_public(statement),
            "on": statement["at"][:10],
        }
        for statement in signed
    ]


def _public_editions(publication: Publication) -> list[dict[str, Any]]:
    """Every edition that was ever public, newest first. Readable: approved, or the public one while review is pending.

    The publication's own edition is among them although its transition is written only after this.
    """
    moves = (
        Transition.objects.filter(
            article=publication.article_id,
            subject=Transition.Subject.PUBLICATION,
            to_state__in=[Standing.LIVE, Standing.CAUTION],
        )
        .exclude(edition=publication.edition_id)
        .order_by("number")
        .select_related("edition__review")
    )
    first: dict[int, Transition] = {}
    for row in moves:
        first.setdefault(row.edition_id, row)
    entries = [
        {
            "edition": row.edition_id,
            "number": row.edition.number,
            "published_on": _iso(row.at),
            "note": row.reason if row.move == "publish" else "",
            "readable": row.edition.review.state == State.APPROVED,
            "is_current": False,
            "statement": _of_edition(row.edition, row.edition.review),
        }
        for row in first.values()
    ]
    entries.append(
        {
            "edition": publication.edition_id,
            "number": publication.edition.number,
            "published_on": _iso(publication.published_at),
            "note": publication.change_note,
            "readable": publication.standing != Standing.LEFT,
            "is_current": publication.standing != Standing.WITHDRAWN,
            "statement": {},
        }
    )
    return sorted(entries, key=lambda entry: -entry["number"])


def _iso(moment: datetime.datetime | None) -> str:
    return moment.astimezone(datetime.UTC).date().isoformat() if moment else ""
