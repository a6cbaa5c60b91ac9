"""The moves that judge: signing a verdict, which may end the round, and settling a safety objection."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import policy
from articles.models import Edition
from people.models import User
from people.words import typed
from reviews import checklists, interests, objections, outcomes, proving, verdicts
from reviews.checklists import Answer
from reviews.models import OPEN_STATES, Review, State, Verdict
from reviews.outcomes import Given
from reviews.workflow.cases import case_of
from reviews.workflow.making import change_review, locked, require
from reviews.workflow.rules import Case
from reviews.workflow.table import DECISIONS, MOVES, Refused, refusal


def decide(
    edition: Edition,
    *,
    by: User,
    kind: str,
    password: str,
    comment: str = "",
    checklist: Mapping[str, Answer] | None = None,
    via: str = "desk",
) -> Verdict:
    """Sign a verdict and, where it decides the round under its policy, move the edition. Raises Refused.

    The password, or a code where a second factor is on, is given again and checked here, so that there is no way to a
    verdict without it.
    """
    kind, answers, comment = Verdict.Kind(kind), checklist or {}, typed(comment)
    name = DECISIONS[kind]
    if not proving.is_proven(by, password):
        # Who may not sign is told why, whatever they gave: a form sent twice has used up its code.
        raise Refused(refusal(name, case_of(edition.article, edition), by=by) or proving.refusal(by))
    at = timezone.now()
    with transaction.atomic():
        case = case_of(locked(edition.article_id), edition)
        require(name, case, by=by, reason=comment)
        review = case.review
        assert review is not None
        rules = policy.read(review.policy)
        confirms = confirmed_by(review, by) if kind == Verdict.Kind.APPROVE else None
        if confirms is None:
            for sentence in checklists.problems(rules, kind, answers).values():
                raise Refused(sentence)
        verdict = verdicts.sign(
            edition,
            member=by,
            kind=kind,
            comment=comment,
            policy=review.policy,
            proof=proving.asked_of(by),
            at=at,
            checklist=checklists.as_data(rules, answers),
            confirms=confirms.number if confirms else None,
        )
        if kind == Verdict.Kind.APPROVE:
            _withdraw_by_approving(case, by=by, at=at, via=via)
        _tell_and_end(name, case, verdict, by=by, at=at, reason=comment, via=via)
    return verdict


def settle_objection(edition: Edition, objection: int, *, by: User, reason: str, via: str = "desk") -> None:
    """Withdraw one's own safety objection, or decide as chief editor on somebody else's. Raises Refused.

    `edition` is the article's newest, `objection` the verdict's key. An objection that is settled counts as no verdict:
    the round goes on with the others, and ends where they suffice.
    """
    at = timezone.now()
    with transaction.atomic():
        case = case_of(locked(edition.article_id), edition)
        members = dict(case.objections)
        name = "resolve-objection" if members.get(objection) == by.pk else "overrule-objection"
        require(name, case, by=by, reason=reason)
        if objection not in members:
            raise Refused(_("This objection is settled already."))
        change_review(name, case, by=by, at=at, reason=reason, via=via, verdict=Verdict.objects.get(pk=objection))
        if case.review_state == State.UNDER_REVIEW:
            _end(case, by=by, at=at, via=via)


def counted(edition: Edition) -> list[Verdict]:
    """The verdicts that count towards the outcome, in order: an objection stops, and is no vote.

    Those of members without a vote by now do not count.
    """
    rows = edition.verdicts.exclude(kind=Verdict.Kind.SAFETY_OBJECTION)
    return list(rows.exclude(member__in=interests.not_voting(edition.article_id)).order_by("at", "pk"))


def to_confirm(before: Review) -> Edition | None:
    """The edition that the next one has only to be confirmed against, where `before` is the review of the last one.

    That is so after a round that asked for nothing but minor edits, and stays so while its next round is open.
    """
    if before.confirms and before.state in {State.PULLED_BACK, *OPEN_STATES} and not before.edition.verdicts.exists():
        return before.confirms
    kinds = set(before.edition.verdicts.order_by().values_list("kind", flat=True))
    only_minor = Verdict.Kind.MINOR_EDITS in kinds and kinds <= {Verdict.Kind.MINOR_EDITS, Verdict.Kind.APPROVE}
    return before.edition if before.state == State.CHANGES_REQUESTED and only_minor else None


def confirmed_by(review: Review, member: User) -> Edition | None:
    """The earlier edition since which this member has only to confirm what changed; None for a whole review."""
    if review.confirms is None or not review.confirms.verdicts.filter(member=member).exists():
        return None
    return review.confirms


def _withdraw_by_approving(case: Case, *, by: User, at: datetime.datetime, via: str) -> None:
    """Whoever objected to an earlier edition and approves this one has withdrawn the objection."""
    own = [pk for pk, member in case.objections if member == by.pk]
    for objection in Verdict.objects.filter(pk__in=own).order_by("pk"):
        reason = _("Approved edition %(number)d.") % {"number": case.edition.number if case.edition else 0}
        change_review("resolve-objection", case, by=by, at=at, reason=reason, via=via, verdict=objection)


def _tell_and_end(
    name: str, case: Case, verdict: Verdict, *, by: User, at: datetime.datetime, reason: str, via: str
) -> None:
    """Write the transition of a verdict, and that of the round's end where this verdict ends it.

    A single verdict that decides, and an approval that approves, are one move; else the record tells both.
    """
    state, _given, is_alone = _outcome(case)
    decides = state is not None and state == MOVES[name].target
    if name == "safety-objection" or (decides and (is_alone or name == "approve")):
        change_review(name, case, by=by, at=at, reason=reason, via=via, verdict=verdict)
        return
    change_review("give-verdict", case, by=by, at=at, reason=reason, via=via, verdict=verdict)
    _end(case, by=by, at=at, via=via)


def _end(case: Case, *, by: User, at: datetime.datetime, via: str) -> None:
    """End the round where the verdicts suffice. The reason holds the words of all who did not approve."""
    state, given, _alone = _outcome(case)
    if state is None:
        return
    asked = [] if state == State.APPROVED else [one for one in given if one["kind"] != Verdict.Kind.APPROVE]
    reason = "\n\n".join(f"{one['name']}: {one['comment']}" for one in asked)
    move = outcomes.move_of(state, _as_given(given))
    change_review(move, case, by=by, at=at, reason=reason, via=via)


def _outcome(case: Case) -> tuple[str | None, list[dict[str, Any]], bool]:
    """The state in which the round ends, what was signed in it, and whether that is one verdict."""
    assert case.edition is not None
    assert case.review is not None
    signed = [verdicts.read(verdict) for verdict in counted(case.edition)]
    is_objected = bool(objections.of_articles([case.article.pk]))
    state = outcomes.outcome(policy.read(case.review.policy), _as_given(signed), is_objected=is_objected)
    return state, signed, len(signed) == 1


def _as_given(signed: list[dict[str, Any]]) -> list[Given]:
    return [Given(one["kind"], one["specialty"]) for one in signed]
