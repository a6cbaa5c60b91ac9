"""Signing: a verdict is bound to the digest of the edition that the member saw."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_noop

from articles.editions import VERDICT, Altered, StandingFor, canonical, digest, parse
from articles.models import Edition, Redaction
from people import interests as people_interests
from people.models import User
from reviews import interests
from reviews.models import Verdict
from reviews.signatures import signed_by

MEANINGS = {
    Verdict.Kind.APPROVE: gettext_noop("I have read this edition and approve its exact words for publication."),
    Verdict.Kind.MINOR_EDITS: gettext_noop(
        "I have read this edition and approve it once the minor edits are made that I name."
    ),
    Verdict.Kind.REQUEST_CHANGES: gettext_noop("I have read this edition and ask for changes before it is published."),
    Verdict.Kind.DECLINE: gettext_noop("I have read this edition and decline it for publication."),
    Verdict.Kind.SAFETY_OBJECTION: gettext_noop(
        "I have read this edition and object to it: it may bring patients to harm, as I say."
    ),
}
"""What a signature under each kind of verdict means, as it is stored with it."""
CONFIRMED = gettext_noop("I have read what changed since the edition that I signed, and approve these exact words.")
FORMAT_NOW = 2
"""What is signed today. Since format 2 it holds the answers to the checklist, which edition is confirmed, what was
declared in general and for the article, and what proved the signer."""


def sign(
    edition: Edition,
    *,
    member: User,
    kind: str,
    comment: str,
    policy: dict[str, Any],
    proof: str,
    at: datetime.datetime,
    checklist: Sequence[Mapping[str, Any]] = (),
    confirms: int | None = None,
    extra: Mapping[str, Any] | None = None,
) -> Verdict:
    """Insert the member's verdict with name, credentials, meaning, digest, policy and interests as they now stand.

    `confirms` is the number of the edition since which only what changed was read; `extra` is signed besides. Whether
    the member may judge, and gave the password or second factor (`proof` says which), is the workflow's to ask before:
    so there is a declaration in date and a statement for this edition.
    """
    declaration = people_interests.current(member)
    here = interests.stated_for([edition.review])[edition.pk][member.pk]
    assert declaration is not None
    signer = signed_by(member, edition, declaration=declaration, interest=here, proof=proof)
    statement = signer | {
        "kind": str(kind),
        "meaning": MEANINGS[Verdict.Kind(kind)] if confirms is None else CONFIRMED,
        "comment": comment,
        "policy": policy,
        "at": at.isoformat(),
        "checklist": [dict(one) for one in checklist],
        "confirms": confirms,
        **(extra or {}),
    }
    data = canonical(VERDICT, FORMAT_NOW, statement)
    return Verdict.objects.create(
        edition=edition,
        member=member,
        kind=kind,
        edition_digest=edition.digest,
        statement=data,
        signature=digest(data),
        at=at,
    )


def read(verdict: Verdict) -> dict[str, Any]:
    """What was signed, from its verified bytes. Altered where bytes, signature or columns differ."""
    problem = first_difference(verdict)
    if problem:
        raise Altered(f"Verdict {verdict.pk}: {problem}")
    return {"checklist": [], "confirms": None} | parse(VERDICT, verdict.statement)


def first_difference(verdict: Verdict, *, standing_for: StandingFor | None = None) -> str | None:
    """The first way in which the row is not what was signed, as a sentence; None where all agree.

    `standing_for` knows the redactions; without it the database is asked.
    """
    standing_for = standing_for or Redaction.objects.standing_for
    found = digest(verdict.statement)
    if found != verdict.signature and not standing_for(verdict.signature, found):
        return "The statement is not what its signature was made of."
    signed = parse(VERDICT, verdict.statement)
    expected = {
        "edition": (signed["edition"], verdict.edition_id),
        "member": (signed["member"], verdict.member_id),
        "kind": (signed["kind"], verdict.kind),
        "edition_digest": (signed["edition_digest"], verdict.edition_digest),
        "at": (signed["at"], verdict.at.isoformat()),
    }
    for column, (said, stored) in expected.items():
        if said != stored:
            return f"The column {column} is not what was signed."
    return None
