"""Interests in an article under review: a member states them, steps back, or is given another part by an editor."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Edition
from people.models import Role, User
from reviews import chain, interests, news
from reviews.models import Grade, InterestStatement, Part
from reviews.workflow.answering import end_with_the_part
from reviews.workflow.cases import case_of
from reviews.workflow.ending import end_if_decided
from reviews.workflow.making import change_review, locked, require
from reviews.workflow.rules import Case
from reviews.workflow.table import MOVES, Refused

STRICTER = {Grade.FULL: 0, Grade.NO_VOTE: 1, Grade.EXCLUDED: 2}


def state_interests(
    edition: Edition, *, by: User, what: str = "", with_whom: str = "", via: str = "desk"
) -> InterestStatement:
    """A member says which interests they have in this article: none, or what and with whom. Raises Refused."""
    with transaction.atomic():
        case = case_of(locked(edition.article_id), edition)
        at = timezone.now()
        require("state-interests", case, by=by, reason="")
        return state_in(case, by=by, at=at, what=what, with_whom=with_whom, via=via)


def state_in(
    case: Case,
    *,
    by: User,
    at: datetime.datetime,
    what: str = "",
    with_whom: str = "",
    via: str = "desk",
    quietly: bool = False,
) -> InterestStatement:
    """Keep a statement inside the transaction of a move that was asked for already; the same words are kept once.

    Editors are told of an interest, unless `quietly`: where other news tells them of it.
    """
    assert case.edition is not None
    what, with_whom = " ".join(what.split()), " ".join(with_whom.split())
    if bool(what) != bool(with_whom):
        raise Refused(_("Say both: what the interest is, and with whom."))
    newest = interests.stated_in([case.edition.pk])[case.edition.pk].get(by.pk)
    if newest and (newest.what, newest.with_whom) == (what, with_whom):
        return newest
    row = InterestStatement.objects.create(edition=case.edition, member=by, what=what, with_whom=with_whom, at=at)
    _append("state-interests", case, by=by, at=at, reason=interests.statement_in_words(row), via=via)
    if what and not quietly:
        news.tell_of_interest(row)
    return row


def recuse(edition: Edition, *, by: User, grade: str, what: str, with_whom: str, via: str = "desk") -> Part:
    """A member with an interest steps back from this article: from the vote, or from all of it. Raises Refused."""
    with transaction.atomic():
        case = case_of(locked(edition.article_id), edition)
        at = timezone.now()
        require("recuse", case, by=by, reason=what)
        was = Grade(case.parts.get(by.pk, Grade.FULL))
        if STRICTER[Grade(grade)] <= STRICTER[was]:
            raise Refused(_("You can only step back further yourself. An editor can give you another part."))
        stated = state_in(case, by=by, at=at, what=what, with_whom=with_whom, via=via, quietly=True)
        words = interests.statement_in_words(stated)
        return _set("recuse", case, member=by, grade=grade, by=by, at=at, reason=words, via=via)


def set_part(edition: Edition, *, member: User, by: User, grade: str, reason: str, via: str = "desk") -> Part:
    """An editor sets the part that a board member takes in the reviews of this article. Raises Refused.

    It may end the round, where the verdicts that count from now on suffice.
    """
    with transaction.atomic():
        case = case_of(locked(edition.article_id), edition)
        at = timezone.now()
        require("set-part", case, by=by, reason=reason)
        sentence = part_refusal(case, member=member, by=by, grade=grade)
        if sentence:
            raise Refused(sentence)
        row = _set("set-part", case, member=member, grade=grade, by=by, at=at, reason=reason, via=via)
        # What the member signed counts from now on, or no longer.
        end_if_decided(case, by=by, at=at, via=via)
        return row


def give_up(edition: Edition, *, by: User, reason: str = "", via: str = "desk") -> None:
    """A member who took part in the round without an invitation takes part no longer. Raises Refused."""
    with transaction.atomic():
        case = case_of(locked(edition.article_id), edition)
        require("give-up", case, by=by, reason=reason)
        change_review("give-up", case, by=by, at=timezone.now(), reason=" ".join(reason.split()), via=via)


def part_refusal(case: Case, *, member: User, by: User, grade: str) -> str | None:
    """Why an editor may not give this member this part; None where they may."""
    if member.pk == by.pk:
        return _("Nobody sets their own part. Ask another editor.")
    if Role.BOARD_MEMBER.value not in member.roles():
        return _("%(name)s is not a board member.") % {"name": member}
    if member.pk in case.contributor_ids | case.writer_ids:
        return _("%(name)s wrote on this answer, so does not review it in any case.") % {"name": member}
    # To say that a member with an interest takes a full part all the same is a decision of its own.
    decides = grade == Grade.FULL and member.pk in interests.overlapping(case.article.pk)
    if case.parts.get(member.pk, Grade.FULL) == grade and not decides:
        return _("%(name)s has this part already.") % {"name": member}
    return None


def _set(
    name: str, case: Case, *, member: User, grade: str, by: User, at: datetime.datetime, reason: str, via: str
) -> Part:
    assert case.edition is not None
    words = " ".join(reason.split())
    row = Part.objects.create(
        article=case.article,
        edition=case.edition,
        member=member,
        member_name=member.printed_name,
        grade=Grade(grade),
        reason=words,
        by=by,
        at=at,
    )
    _append(name, case, by=by, at=at, reason=interests.part_in_words(row), via=via)
    end_with_the_part(case, member=member, grade=grade, by=by, at=at, reason=words, via=via)
    news.tell_of_part(row)
    return row


def _append(name: str, case: Case, *, by: User, at: datetime.datetime, reason: str, via: str) -> None:
    """A transition that changes no state."""
    assert case.edition is not None
    chain.append(
        edition=case.edition,
        subject=MOVES[name].subject,
        move=name,
        from_state=case.review_state,
        to_state=case.review_state,
        by=by,
        at=at,
        reason=reason,
        via=via,
    )
