"""The chain of transitions: each row's hash covers its columns and the hash of the row before it."""

from __future__ import annotations

import datetime
from typing import Any

from articles.editions import canonical, digest
from articles.models import Edition
from people.models import User
from reviews.models import ChainHead, Renewal, Transition, Verdict

FORMAT = "imprimatur-transition"


def append(
    *,
    edition: Edition,
    subject: str,
    move: str,
    from_state: str,
    to_state: str,
    by: User,
    at: datetime.datetime,
    reason: str = "",
    via: str = "desk",
    verdict: Verdict | None = None,
    renewal: Renewal | None = None,
) -> Transition:
    """Write one transition as the newest link. Call it last in the move's transaction: it locks the head.

    A signed move has its verdict, or the renewal, whose signature stands in the same column.
    """
    signed = verdict or renewal
    try:
        head = ChainHead.objects.select_for_update().get(pk=1)
    except ChainHead.DoesNotExist:
        ChainHead.objects.bulk_create([ChainHead(pk=1)], ignore_conflicts=True)
        head = ChainHead.objects.select_for_update().get(pk=1)
    row = Transition(
        number=head.number + 1,
        article_id=edition.article_id,
        edition=edition,
        edition_digest=edition.digest,
        subject=subject,
        move=move,
        from_state=from_state,
        to_state=to_state,
        by=by,
        by_name=by.printed_name,
        at=at,
        reason=reason,
        via=via,
        verdict=verdict,
        verdict_signature=signed.signature if signed else "",
        previous_hash=head.hash,
    )
    row.hash = hash_of(row)
    row.save(force_insert=True)
    head.number, head.hash = row.number, row.hash
    head.save(update_fields=["number", "hash"])
    return row


def hash_of(row: Transition) -> str:
    """The hash that the row's columns and its previous hash give."""
    content: dict[str, Any] = {
        "number": row.number,
        "article": row.article_id,
        "edition": row.edition_id,
        "edition_digest": row.edition_digest,
        "subject": row.subject,
        "move": row.move,
        "from": row.from_state,
        "to": row.to_state,
        "by": row.by_id,
        "by_name": row.by_name,
        "at": row.at.astimezone(datetime.UTC).isoformat(),
        "reason": row.reason,
        "via": row.via,
        "verdict": row.verdict_id,
        "verdict_signature": row.verdict_signature,
        "previous": row.previous_hash,
    }
    return digest(canonical(FORMAT, 1, content))
