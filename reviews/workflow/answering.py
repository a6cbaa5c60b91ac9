"""What becomes of an invitation: one row and one transition for each step, inside the move that made it."""

from __future__ import annotations

import datetime

from people.models import User
from reviews import invitations, news
from reviews.models import IN_HAND, OPEN, Grade, InvitationStep, ReviewInvitation, Step
from reviews.workflow.making import change_review
from reviews.workflow.rules import Case

MOVE_OF = {
    Step.ACCEPTED: "accept-invitation",
    Step.DECLINED: "decline-invitation",
    Step.HANDED_OVER: "hand-over-invitation",
    Step.WITHDRAWN: "withdraw-invitation",
    Step.EXTENDED: "extend-invitation",
}


def take_step(
    case: Case,
    invitation: ReviewInvitation,
    kind: Step,
    *,
    by: User,
    at: datetime.datetime,
    via: str,
    reason: str = "",
    due_on: datetime.date | None = None,
    quietly: bool = False,
) -> InvitationStep:
    """Write a step that was asked for already, and its transition. `quietly`: other news tells of it."""
    row = InvitationStep.objects.create(
        invitation=invitation, kind=kind, reason=" ".join(reason.split()), due_on=due_on, by=by, at=at
    )
    words = invitations.step_in_words(row)
    change_review(MOVE_OF[kind], case, by=by, at=at, reason=words, via=via)
    if not quietly and via not in news.QUIET:
        news.tell_of_step(row)
    return row


def accept_by_claiming(case: Case, *, by: User, at: datetime.datetime, via: str) -> None:
    """Who takes up a round to which they are invited has accepted."""
    if case.edition and case.invited.get(by.pk) == OPEN:
        invitation = invitations.newest_of(case.edition, by.pk)
        assert invitation is not None
        take_step(case, invitation, Step.ACCEPTED, by=by, at=at, via=via)


def end_with_the_part(
    case: Case, *, member: User, grade: str, by: User, at: datetime.datetime, reason: str, via: str
) -> None:
    """Whose part is no longer full is no longer asked for a verdict: their invitation ends by the same hand."""
    if grade == Grade.FULL or case.edition is None or case.invited.get(member.pk) not in IN_HAND:
        return
    invitation = invitations.newest_of(case.edition, member.pk)
    assert invitation is not None
    kind = Step.DECLINED if member.pk == by.pk else Step.WITHDRAWN
    take_step(case, invitation, kind, by=by, at=at, via=via, reason=reason, quietly=True)
