"""The move by which a live answer is reviewed again and stays as it is."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import editions, policies
from articles.models import AnswerKind, Edition
from people.models import User
from reviews import chain, news, proving, renewals
from reviews.models import Renewal
from reviews.workflow.cases import case_of
from reviews.workflow.making import locked, require, stand
from reviews.workflow.table import MOVES, Refused, refusal
from reviews.workflow.taking_part import state_in


def renew(
    edition: Edition,
    *,
    by: User,
    password: str,
    last_reviewed: datetime.datetime | None,
    what: str = "",
    with_whom: str = "",
    comment: str = "",
    via: str = "desk",
) -> Renewal:
    """Sign that the live edition was reviewed again and needs no change; it moves the dates of review. Raises Refused.

    The password, or a code where a second factor is on, is given again and checked here. `what` and `with_whom` are the
    member's interest in this answer; without them there is none. `last_reviewed` is the last review that the member
    knew of: where there was another since, nothing is signed. The next date follows from the policy that is in force
    today for the kind of answer that the edition is.
    """
    if not proving.is_proven(by, password):
        # Who may not sign is told why, whatever they gave: a form sent twice has used up its code.
        raise Refused(refusal("renew", case_of(edition.article, edition), by=by) or proving.refusal(by))
    kind = AnswerKind.objects.filter(slug=editions.read(edition).source.get("kind", "")).first()
    policy = policies.in_force(kind)
    with transaction.atomic():
        case = case_of(locked(edition.article_id), edition)
        at = timezone.now()
        require("renew", case, by=by, reason=comment)
        publication = case.publication
        assert publication is not None
        if publication.reviewed_at != last_reviewed:
            raise Refused(_("Somebody reviewed this answer meanwhile. Look at it again before you sign."))
        interest = state_in(case, by=by, at=at, what=what, with_whom=with_whom, via=via)
        renewal = renewals.sign(
            edition,
            member=by,
            policy=policy,
            last_reviewed=last_reviewed,
            interest=interest,
            proof=proving.asked_of(by),
            at=at,
        )
        stand(publication, publication.standing, edition=edition, at=at)
        row = chain.append(
            edition=edition,
            subject=MOVES["renew"].subject,
            move="renew",
            from_state=publication.standing,
            to_state=publication.standing,
            by=by,
            at=at,
            reason=comment,
            via=via,
            renewal=renewal,
        )
        news.tell(row)
    return renewal
