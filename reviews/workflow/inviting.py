"""The moves of invitations: an editor invites members to a round, and they accept, decline or hand over.

An invitation lives as long as its round. Who may be invited is asked by one function, `invitation_refusal`, for the
editor's page, for handing over and for the moves themselves.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import policy
from articles.models import Edition
from people.models import Role, User
from reviews import interests, invitations, news
from reviews.models import IN_HAND, OPEN, Grade, InterestStatement, ReviewInvitation, State, Step, Transition, Verdict
from reviews.namesakes import name_key
from reviews.workflow.answering import take_step
from reviews.workflow.cases import case_of
from reviews.workflow.making import change_review, locked, require
from reviews.workflow.rules import Case
from reviews.workflow.table import Refused
from reviews.workflow.taking_part import state_in

LATEST = datetime.timedelta(days=366)
"""How far ahead a verdict may be asked for."""


def due_by_policy(case: Case, today: datetime.date | None = None) -> datetime.date:
    """The day by which a member invited today is asked to sign, by the policy that the round keeps."""
    days = policy.read(case.review.policy if case.review else {}).days
    return (today or timezone.localdate()) + datetime.timedelta(days=days)


def invite(
    edition: Edition,
    *,
    members: Sequence[User],
    by: User,
    due_on: datetime.date | None = None,
    note: str = "",
    via: str = "desk",
) -> list[ReviewInvitation]:
    """Invite members to the open round of an edition, all of them or none. Raises Refused.

    Without a day it is the one of the policy.
    """
    with transaction.atomic():
        case = case_of(locked(edition.article_id), edition)
        at = timezone.now()
        require("invite", case, by=by, reason="")
        if not members:
            raise Refused(_("Choose whom to invite."))
        due_on = due_on or due_by_policy(case)
        _sensible(due_on)
        board, overlaps = board_today(), interests.overlapping(edition.article_id)
        for member in members:
            sentence = invitation_refusal(case, member, by=by, board=board, overlaps=overlaps)
            if sentence:
                raise Refused(sentence)
        return [_invite(case, one, by=by, at=at, due_on=due_on, note=note, via=via) for one in dict.fromkeys(members)]


def invite_again(
    edition: Edition, *, by: User, due_on: datetime.date | None = None, note: str = "", via: str = "desk"
) -> tuple[list[ReviewInvitation], list[str]]:
    """Invite the members of the round before once more, those who may be: returns these, and why not the others.

    Raises Refused where nobody is left to invite.
    """
    with transaction.atomic():
        case = case_of(locked(edition.article_id), edition)
        require("invite", case, by=by, reason="")
        board, overlaps = board_today(), interests.overlapping(edition.article_id)
        may, why_not = [], []
        for member in earlier_members(edition):
            if case.invited.get(member.pk) in IN_HAND:
                continue
            sentence = invitation_refusal(case, member, by=by, board=board, overlaps=overlaps)
            if sentence:
                why_not.append(sentence)
            else:
                may.append(member)
        if not may:
            raise Refused(" ".join(why_not) or _("Nobody of the round before is left to invite."))
        return invite(edition, members=may, by=by, due_on=due_on, note=note, via=via), why_not


def earlier_members(edition: Edition) -> list[User]:
    """Who signed, took up or was invited to the round before, and did not give it up."""
    before = Edition.objects.filter(article=edition.article_id, number__lt=edition.number).order_by("-number").first()
    rounds = [one.pk for one in (edition, before) if one]
    now = ReviewInvitation.objects.filter(edition=edition).of_open_rounds().values("pk")
    rows = ReviewInvitation.objects.filter(edition__in=rounds).with_state().order_by("pk")
    newest: dict[int, str] = dict(rows.exclude(pk__in=now).values_list("member", "state"))
    ids = {member for member, state in newest.items() if state in IN_HAND}
    if before:
        ids |= set(Verdict.objects.filter(edition=before).order_by().values_list("member", flat=True))
        taken_up_by = before.review.taken_up_by_id if hasattr(before, "review") else None
        gave_up = {member for member, state in newest.items() if state not in IN_HAND}
        claims = Transition.objects.filter(edition=before, move="give-up").order_by()
        gave_up |= set(claims.values_list("by", flat=True))
        ids |= {taken_up_by} - gave_up if taken_up_by else set()
    return list(User.objects.filter(pk__in=ids).order_by("name", "pk"))


def invitation_refusal(
    case: Case,
    member: User,
    *,
    by: User,
    board: frozenset[int],
    overlaps: Mapping[int, InterestStatement],
) -> str | None:
    """Why this member may not be invited to this round; None where they may.

    `board` are the members of today, `overlaps` the interests that were stated in this article and stand.
    """
    name = {"name": member.name}
    if member.pk == by.pk:
        return _("Nobody invites themselves. As a board member you can take the review up.")
    if member.pk not in board:
        return _("%(name)s is not a board member at present.") % name
    if member.pk in case.contributor_ids | case.writer_ids:
        return _("%(name)s wrote on this answer or stands in its byline (four eyes).") % name
    if name_key(member.name) in case.unlinked_names:
        return (
            _(
                "%(name)s has the name of somebody in the byline (four eyes). If that is another person, an author can "
                "write the name there more fully."
            )
            % name
        )
    grade = case.parts.get(member.pk)
    if grade in {Grade.EXCLUDED, Grade.NO_VOTE}:
        return _("%(name)s takes no full part in this answer: %(part)s.") % (name | {"part": Grade(grade).label})
    if member.pk in overlaps:
        row = overlaps[member.pk]
        return _(
            "%(name)s has stated an interest in this answer: %(what)s (%(with_whom)s). Set their part under Interests "
            "before you invite them."
        ) % (name | {"what": row.what, "with_whom": row.with_whom})
    if member.pk not in case.declared:
        return _("%(name)s has no declaration of interests in date, so cannot accept.") % name
    if member.pk in case.judged_by:
        return _("%(name)s has signed a verdict on this edition.") % name
    if member.pk in case.had_a_say:
        return _("%(name)s decided in this round who judges or what counts, so does not judge in it.") % name
    if case.invited.get(member.pk) == OPEN:
        return _("%(name)s is invited already.") % name
    if case.invited.get(member.pk) == Step.ACCEPTED or case.takes_part(member.pk):
        return _("%(name)s takes part already.") % name
    return None


def hand_over_refusal(
    case: Case,
    member: User,
    *,
    by: User,
    board: frozenset[int],
    overlaps: Mapping[int, InterestStatement],
) -> str | None:
    """Why a review may not be handed over to this member; None where it may. Only editors ask whoever gave it up."""
    name = {"name": member.name}
    if case.invited.get(member.pk, OPEN) not in IN_HAND or member.pk in case.gave_up - case.invited.keys():
        return _("%(name)s gave this review up. Only an editor can invite them again.") % name
    return invitation_refusal(case, member, by=by, board=board, overlaps=overlaps)


def board_today() -> frozenset[int]:
    """The members of the board today."""
    return frozenset(User.objects.acting_as(Role.BOARD_MEMBER).order_by().values_list("pk", flat=True))


def accept(edition: Edition, *, by: User, what: str = "", with_whom: str = "", via: str = "desk") -> None:
    """Accept one's invitation, with the statement of interests in this article; takes the round up. Raises Refused.

    Whoever says nothing has nothing to declare, unless they stated something before.
    """
    with transaction.atomic():
        case = case_of(locked(edition.article_id), edition)
        at = timezone.now()
        require("accept-invitation", case, by=by, reason="")
        if what.strip() or with_whom.strip() or by.pk not in case.stated:
            state_in(case, by=by, at=at, what=what, with_whom=with_whom, via=via)
        take_step(case, _of(edition, by), Step.ACCEPTED, by=by, at=at, via=via)
        if case.review_state == State.SUBMITTED:
            change_review("take-up", case, by=by, at=at, via=via)


def decline(edition: Edition, *, by: User, reason: str = "", via: str = "desk") -> None:
    """Decline one's invitation, also one that was accepted, with a reason for the editors or none. Raises Refused."""
    with transaction.atomic():
        case = case_of(locked(edition.article_id), edition)
        at = timezone.now()
        require("decline-invitation", case, by=by, reason="")
        take_step(case, _of(edition, by), Step.DECLINED, by=by, at=at, via=via, reason=reason)


def hand_over(edition: Edition, *, by: User, to: User, reason: str = "", via: str = "desk") -> ReviewInvitation:
    """Hand an accepted invitation to another member who may be invited, until the same day. Raises Refused.

    They are invited by it and accept, or not. A day that is past gives them what the policy gives.
    """
    with transaction.atomic():
        case = case_of(locked(edition.article_id), edition)
        at = timezone.now()
        require("hand-over-invitation", case, by=by, reason="")
        overlaps = interests.overlapping(edition.article_id)
        sentence = hand_over_refusal(case, to, by=by, board=board_today(), overlaps=overlaps)
        if sentence:
            # An interest that somebody stated is for editors to read.
            raise Refused(_("%(name)s cannot take this review.") % {"name": to.name} if to.pk in overlaps else sentence)
        own = _of(edition, by)
        take_step(case, own, Step.HANDED_OVER, by=by, at=at, via=via, reason=reason)
        until: datetime.date = own.until
        due_on = until if until >= timezone.localdate() else due_by_policy(case)
        return _invite(case, to, by=by, at=at, due_on=due_on, note=reason, via=via, handed_from=own)


def withdraw_invitation(invitation: ReviewInvitation, *, by: User, reason: str = "", via: str = "desk") -> None:
    """An editor takes back an invitation, accepted or not. Raises Refused."""
    with transaction.atomic():
        case, row = _of_editor("withdraw-invitation", invitation, by=by)
        at = timezone.now()
        take_step(case, row, Step.WITHDRAWN, by=by, at=at, via=via, reason=reason)


def extend_invitation(invitation: ReviewInvitation, *, by: User, due_on: datetime.date, via: str = "desk") -> None:
    """An editor gives an invited member more time, until a later day. Raises Refused."""
    with transaction.atomic():
        case, row = _of_editor("extend-invitation", invitation, by=by)
        at = timezone.now()
        _sensible(due_on)
        if due_on <= row.until:
            raise Refused(_("Choose a later day than the one that stands."))
        take_step(case, row, Step.EXTENDED, by=by, at=at, via=via, due_on=due_on)


def _of_editor(name: str, invitation: ReviewInvitation, *, by: User) -> tuple[Case, ReviewInvitation]:
    """The case, and the invitation where something is still expected of its member."""
    edition = invitation.edition
    case = case_of(locked(edition.article_id), edition)
    require(name, case, by=by, reason="")
    row = invitations.newest_of(edition, invitation.member_id)
    if row is None or row.pk != invitation.pk or case.invited[row.member_id] not in IN_HAND:
        raise Refused(_("This invitation has ended already."))
    if row.member_id in case.judged_by:
        raise Refused(_("%(name)s has signed a verdict on this edition.") % {"name": row.member_name})
    return case, row


def _of(edition: Edition, member: User) -> ReviewInvitation:
    row = invitations.newest_of(edition, member.pk)
    assert row is not None
    return row


def _invite(
    case: Case,
    member: User,
    *,
    by: User,
    at: datetime.datetime,
    due_on: datetime.date,
    note: str,
    via: str,
    handed_from: ReviewInvitation | None = None,
) -> ReviewInvitation:
    assert case.edition is not None
    row = ReviewInvitation.objects.create(
        edition=case.edition,
        member=member,
        member_name=member.printed_name,
        due_on=due_on,
        note=" ".join(note.split()),
        handed_from=handed_from,
        by=by,
        at=at,
    )
    change_review("invite", case, by=by, at=at, reason=invitations.invitation_in_words(row), via=via)
    if via not in news.QUIET:
        news.tell_of_invitation(row)
    return row


def _sensible(day: datetime.date) -> None:
    today = timezone.localdate()
    if day < today:
        raise Refused(_("This day is past. Choose today or a later one."))
    if day > today + LATEST:
        raise Refused(_("This day is more than a year away. Choose an earlier one."))
