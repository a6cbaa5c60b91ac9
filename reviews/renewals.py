"""Signing that an edition was reviewed again and needs no change: bound to its digest like a verdict."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext_noop

from articles.editions import RENEWAL, Altered, StandingFor, canonical, digest, parse
from articles.models import Edition, Redaction
from articles.policy import Policy, due_after
from people import interests
from people.models import User
from reviews.models import InterestStatement, Renewal
from reviews.signatures import signed_by

MEANING = gettext_noop("I have reviewed this edition again. Its exact words still stand, and no change is needed.")

FORMAT_NOW = 2
"""What is signed today. Since format 2 it holds what was declared, in general and for the answer, and what proved the
signer.
"""


def sign(
    edition: Edition,
    *,
    member: User,
    policy: Policy,
    last_reviewed: datetime.datetime | None,
    interest: InterestStatement,
    proof: str,
    at: datetime.datetime,
) -> Renewal:
    """Insert the member's signed word, with name, credentials, interests and the policy as they now stand.

    `interest` is what they stated for this answer, `proof` what they gave to sign (`reviews.proving`). What they say of
    the answer stands in the transition. The next review is due after the months of that policy. Whether the member may
    do this, with a declaration in date, is the workflow's to ask before.
    """
    due_on = due_after(at.date(), policy.review_again_after_months)
    declaration = interests.current(member)
    assert declaration is not None
    signer = signed_by(member, edition, declaration=declaration, interest=interest, proof=proof)
    statement = signer | {
        "meaning": MEANING,
        "policy": policy.as_data(),
        "last_reviewed": last_reviewed.isoformat() if last_reviewed else "",
        "due_on": due_on.isoformat(),
        "at": at.isoformat(),
    }
    data = canonical(RENEWAL, FORMAT_NOW, statement)
    return Renewal.objects.create(
        edition=edition,
        member=member,
        edition_digest=edition.digest,
        due_on=due_on,
        statement=data,
        signature=digest(data),
        at=at,
    )


def read(renewal: Renewal) -> dict[str, Any]:
    """What was signed, from its verified bytes. Altered where bytes, signature or columns differ."""
    problem = first_difference(renewal)
    if problem:
        raise Altered(f"Renewal {renewal.pk}: {problem}")
    return parse(RENEWAL, renewal.statement)


def first_difference(renewal: Renewal, *, standing_for: StandingFor | None = None) -> str | None:
    """The first way in which the row is not what was signed, as a sentence; None where all agree.

    `standing_for` knows the redactions; without it the database is asked.
    """
    standing_for = standing_for or Redaction.objects.standing_for
    found = digest(renewal.statement)
    if found != renewal.signature and not standing_for(renewal.signature, found):
        return "The statement is not what its signature was made of."
    signed = parse(RENEWAL, renewal.statement)
    expected = {
        "edition": (signed["edition"], renewal.edition_id),
        "member": (signed["member"], renewal.member_id),
        "edition_digest": (signed["edition_digest"], renewal.edition_digest),
        "due_on": (signed["due_on"], renewal.due_on.isoformat()),
        "at": (signed["at"], renewal.at.isoformat()),
    }
    for column, (said, stored) in expected.items():
        if said != stored:
            return f"The column {column} is not what was signed."
    return None
