"""What every signed statement says of its signer and of what was signed: of a verdict and of a review again alike."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from articles.models import Edition
from people.models import Declaration, Role, User
from reviews.models import InterestStatement


def signed_by(
    member: User, edition: Edition, *, declaration: Declaration, interest: InterestStatement, proof: str
) -> dict[str, Any]:
    """The edition with its digest, the member with credentials and role, and their interests, as they now stand.

    `declaration` is what they declared in general, `interest` what they stated for this answer, `proof` what they gave
    to sign (`reviews.proving`).
    """
    return {
        "edition": edition.pk,
        "edition_digest": edition.digest,
        "article": edition.article_id,
        "number": edition.number,
        "member": member.pk,
        "name": member.name,
        "printed_name": member.printed_name,
        "credentials": member.credentials,
        "specialty": member.specialty,
        "institution": member.institution,
        "role": Role.BOARD_MEMBER.value,
        "declared": declaration.sentence,
        "declaration": {
            "id": declaration.pk,
            "digest": declaration.digest,
            "on": timezone.localdate(declaration.at).isoformat(),
            "entries": declaration.entries,
        },
        "interests": {"what": interest.what, "with_whom": interest.with_whom, "at": interest.at.isoformat()},
        "proof": proof,
    }
