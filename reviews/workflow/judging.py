"""The moves that judge: signing a verdict, which may end the round, and settling a safety objection."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import policy
from articles.models import Edition
from people.models import User
from people.words import typed
from reviews import checklists, proving, verdicts
from reviews.checklists import Answer
from reviews.models import OPEN, OPEN_STATES, Review, State, Step, Verdict
from reviews.workflow.answering import accept_by_claiming
from reviews.workflow.cases import case_of
from reviews.workflow.ending import end_if_decided, outcome_of
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
        raise Refused(signing_refusals(case_of(edition.article, edition), by=by)[name] or proving.refusal(by))
    with transaction.atomic():
        case = case_of(locked(edition.article_id), edition)
        at = timezone.now()
        case = _joined(case, name, by=by, at=at, reason=comment, via=via)
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


def signing_refusals(case: Case, *, by: User) -> dict[str, str | None]:
    """By the name of its move, why this person may not sign each decision now, as one plain sentence; None where they
    may.

    Whoever only confirms what they asked for takes the round up by signing, or accepts their invitation to it: that is
    asked besides.
    """
    joins = _joins_by(case, by)
    sentence = refusal(joins, case, by=by) if joins else None
    joined = _as_if_joined(case, by) if joins else case
    return {name: sentence or refusal(name, joined, by=by) for name in DECISIONS.values()}


def _joins_by(case: Case, by: User) -> str:
    """The move by which this person joins the round in signing; empty where they are in it, or have to join first."""
    if case.review is None or case.review_state not in OPEN_STATES or confirmed_by(case.review, by) is None:
        return ""
    if case.review_state == State.SUBMITTED:
        return "take-up"
    return "accept-invitation" if case.invited.get(by.pk) == OPEN else ""


def _as_if_joined(case: Case, by: User) -> Case:
    invited = dict(case.invited) | ({by.pk: Step.ACCEPTED} if by.pk in case.invited else {})
    return replace(case, is_taken_up=True, invited=invited)


def _joined(case: Case, name: str, *, by: User, at: datetime.datetime, reason: str, via: str) -> Case:
    """The case in which the decision is signed, the round joined where signing does that. Raises Refused."""
    joins = _joins_by(case, by)
    if not joins:
        require(name, case, by=by, reason=reason)
        return case
    require(joins, case, by=by, reason="")
    require(name, _as_if_joined(case, by), by=by, reason=reason)
    accept_by_claiming(case, by=by, at=at, via=via)
    if joins == "take-up":
        change_review("take-up", case, by=by, at=at, via=via)
    assert case.edition is not None
    return case_of(case.article, case.edition)


def settle_objection(edition: Edition, objection: int, *, by: User, reason: str, via: str = "desk") -> None:
    """Withdraw one's own safety objection, or decide as chief editor on somebody else's. Raises Refused.

    `edition` is the article's newest, `objection` the verdict's key. An objection that is settled counts as no verdict:
    the round goes on with the others, and ends where they suffice.
    """
    with transaction.atomic():
        case = case_of(locked(edition.article_id), edition)
        at = timezone.now()
        members = dict(case.objections)
        is_own = Verdict.objects.filter(pk=objection, member=by, edition__article=edition.article_id).exists()
        name = "resolve-objection" if is_own else "overrule-objection"
        require(name, case, by=by, reason=reason)
        if objection not in members:
            raise Refused(_("This objection is settled already."))
        change_review(name, case, by=by, at=at, reason=reason, via=via, verdict=Verdict.objects.get(pk=objection))
        end_if_decided(case, by=by, at=at, via=via)


def to_confirm(before: Review) -> Edition | None:
    """The edition that the next one has only to be confirmed against, where `before` is the review of the last one.

    That is so after a round that asked for nothing but minor edits, and stays so while its next round is open.
    """
    signed = Verdict.objects.that_stand().filter(edition=before.edition)
    if before.confirms and before.state in {State.PULLED_BACK, *OPEN_STATES} and not signed.exists():
        return before.confirms
    kinds = set(signed.order_by().values_list("kind", flat=True))
    only_minor = Verdict.Kind.MINOR_EDITS in kinds and kinds <= {Verdict.Kind.MINOR_EDITS, Verdict.Kind.APPROVE}
    return before.edition if before.state == State.CHANGES_REQUESTED and only_minor else None


def confirmed_by(review: Review, member: User) -> Edition | None:
    """The earlier edition since which this member has only to confirm what changed; None for a whole review.

    Who did no more there than object, and that was settled, has not reviewed it.
    """
    signed = Verdict.objects.that_stand().filter(edition=review.confirms_id, member=member)
    return review.confirms if review.confirms_id and signed.exists() else None


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
    state, _given, is_alone = outcome_of(case)
    decides = state is not None and state == MOVES[name].target
    if name == "safety-objection" or (decides and (is_alone or name == "approve")):
        change_review(name, case, by=by, at=at, reason=reason, via=via, verdict=verdict)
        return
    change_review("give-verdict", case, by=by, at=at, reason=reason, via=via, verdict=verdict)
    end_if_decided(case, by=by, at=at, via=via)
