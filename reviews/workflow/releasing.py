"""The moves of a publication: publishing an edition, releasing it with caution, withdrawing it, and notices on it."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import notices
from articles.models import Edition, Notice, NoticeKind, Publication
from people.models import User
from people.words import typed
from reviews import chain, news, statements
from reviews.workflow.cases import case_of
from reviews.workflow.making import end_schedules, locked, require, stand
from reviews.workflow.table import MOVES, PUBLICATION, Refused


def publish(edition: Edition, *, by: User, note: str = "", via: str = "desk") -> Publication:
    """Make an approved edition the public one. Raises Refused.

    `note` tells readers what changed, in a sentence. Without one, an edition that takes another's place is said to hold
    minor changes.
    """
    return _change_publication("publish", edition, by=by, reason=note, via=via)


def release_with_caution(edition: Edition, *, by: User, reason: str, via: str = "desk") -> Publication:
    """Make an edition public while its review is pending, with the caution. Raises Refused."""
    return _change_publication("release-with-caution", edition, by=by, reason=reason, via=via)


def withdraw(edition: Edition, *, by: User, explanation: str, via: str = "desk") -> Publication:
    """Withdraw a public answer; the explanation is public, and the text stays readable, marked. Raises Refused."""
    return _change_publication("withdraw", edition, by=by, reason=explanation, via=via)


def restore(edition: Edition, *, by: User, reason: str, via: str = "desk") -> Publication:
    """Make a withdrawn answer public again, as it was; the withdrawal stays in its history. Raises Refused."""
    return _change_publication("restore", edition, by=by, reason=reason, via=via)


def add_notice(
    edition: Edition,
    *,
    by: User,
    kind: str,
    text: str,
    reason: str = "",
    asked_by: str = "",
    corrects: Edition | None = None,
    via: str = "desk",
) -> Publication:
    """Attach a notice to a public answer; it stands first for every audience. Raises Refused.

    `reason` and `asked_by` are for readers, too. `corrects` is the earlier public edition whose mistake this one puts
    right: only a correction has one.
    """
    notice = Notice(
        article_id=edition.article_id,
        edition=edition,
        corrects=corrects,
        kind=NoticeKind(kind),
        text=" ".join(typed(text).split()),
        reason=" ".join(typed(reason).split()),
        asked_by=" ".join(typed(asked_by).split()),
        by=by,
    )

    def attach(at: datetime.datetime) -> None:
        if corrects and not _may_be_corrected(corrects, notice):
            raise Refused(_("Only a correction names an earlier edition, and only one that was public."))
        same = Notice.objects.filter(edition=edition, kind=notice.kind)
        if notice.kind == NoticeKind.RETRACTION and same.exists():
            raise Refused(_("This edition is retracted already."))
        if same.filter(text=notice.text, reason=notice.reason, corrects=corrects).exists():
            raise Refused(_("This notice stands already, word for word."))
        notice.at = at
        notice.save(force_insert=True)

    said = notices.recorded(notice) if notice.text else ""
    return _change_publication("add-notice", edition, by=by, reason=said, via=via, first=attach)


def _may_be_corrected(edition: Edition, notice: Notice) -> bool:
    if notice.kind not in {NoticeKind.MINOR, NoticeKind.CORRECTION} or edition.article_id != notice.article_id:
        return False
    statement = Publication.objects.get(article=notice.article_id).statement
    public = {entry["number"] for entry in statement["editions"] if entry["readable"]}
    return edition.number in public and edition.number < notice.edition.number


def _change_publication(
    name: str,
    edition: Edition,
    *,
    by: User,
    reason: str,
    via: str,
    first: Callable[[datetime.datetime], None] | None = None,
) -> Publication:
    move = MOVES[name]
    with transaction.atomic():
        case = case_of(locked(edition.article_id), edition)
        at = timezone.now()
        require(name, case, by=by, reason=reason)
        if first:
            first(at)
        if name == "publish" and case.publication and not reason.strip():
            reason = _("Minor changes.")
        # Asked before the publication, which the case holds, is changed.
        was = case.standing
        target = move.target or was
        publication = case.publication or Publication(article=case.article)
        stand(
            publication,
            target,
            edition=edition,
            at=at,
            explanation=reason.strip() if name == "withdraw" else "",
            note=reason.strip() if name == "publish" else "",
            event=statements.event_of(name, on=at, number=edition.number, why=reason.strip())
            if name in statements.EVENTS
            else None,
        )
        if name == "publish":
            end_schedules(edition, at=at)
        row = chain.append(
            edition=edition,
            subject=PUBLICATION,
            move=name,
            from_state=was,
            to_state=target,
            by=by,
            at=at,
            reason=reason,
            via=via,
        )
        news.tell(row)
    return publication
