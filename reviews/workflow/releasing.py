"""The moves of a publication: publishing an edition, releasing it with caution, withdrawing it, and notices on it."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from articles.models import Edition, Notice, NoticeKind, Publication
from people.models import User
from reviews import chain, news
from reviews.workflow.cases import case_of
from reviews.workflow.making import locked, require, stand
from reviews.workflow.table import MOVES, PUBLICATION


def publish(edition: Edition, *, by: User, note: str = "", via: str = "desk") -> Publication:
    """Make an approved edition the public one. Raises Refused."""
    return _change_publication("publish", edition, by=by, reason=note, via=via)


def release_with_caution(edition: Edition, *, by: User, reason: str, via: str = "desk") -> Publication:
    """Make an edition public while its review is pending, with the caution. Raises Refused."""
    return _change_publication("release-with-caution", edition, by=by, reason=reason, via=via)


def withdraw(edition: Edition, *, by: User, explanation: str, via: str = "desk") -> Publication:
    """Withdraw a public answer; the explanation is public, and the text stays readable, marked. Raises Refused."""
    return _change_publication("withdraw", edition, by=by, reason=explanation, via=via)


def add_notice(edition: Edition, *, by: User, kind: str, text: str, via: str = "desk") -> Publication:
    """Attach a notice to a public answer; it stands first for every audience. Raises Refused."""
    words = " ".join(text.split())

    def attach(at: datetime.datetime) -> None:
        Notice.objects.create(
            article_id=edition.article_id, edition=edition, kind=NoticeKind(kind), text=words, at=at, by=by
        )

    reason = f"{NoticeKind(kind).value}: {words}" if words else ""
    return _change_publication("add-notice", edition, by=by, reason=reason, via=via, first=attach)


def _change_publication(
    name: str,
    edition: Edition,
    *,
    by: User,
    reason: str,
    via: str,
    first: Callable[[datetime.datetime], None] | None = None,
) -> Publication:
    at = timezone.now()
    move = MOVES[name]
    with transaction.atomic():
        case = case_of(locked(edition.article_id), edition)
        require(name, case, by=by, reason=reason)
        if first:
            first(at)
        target = move.target or case.standing
        publication = case.publication or Publication(article=case.article)
        stand(
            publication,
            target,
            edition=edition,
            at=at,
            explanation=reason.strip() if name == "withdraw" else "",
            note=reason.strip() if name == "publish" else "",
        )
        row = chain.append(
            edition=edition,
            subject=PUBLICATION,
            move=name,
            from_state=case.standing,
            to_state=target,
            by=by,
            at=at,
            reason=reason,
            via=via,
        )
        news.tell(row)
    return publication
