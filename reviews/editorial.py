"""Editorial fixes: a new edition that mends wording, spelling or layout of an answer that stands.

A board member signs its exact words like any other's. What its submission says of it moves dates back, never forward:
the approval is no review of the answer, so *last reviewed* and the next due date stay those of the edition that it
mends. It stands with the terms of the round, which each verdict signs, and first in the reason of the submission.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from articles.models import Publication, Standing
from reviews.models import Review, State

KEY = "editorial_fix_of"
"""Under which the terms of a round name the number of the edition that is mended."""
_WORDS = "Editorial fix of edition {number}: what was last reviewed, and when the next review is due, stays."
_SAID = re.compile(re.escape(_WORDS).replace(re.escape("{number}"), r"(\d+)"))


def base_of(publication: Publication | None) -> int | None:
    """The number of the edition that an editorial fix would mend: the approved one that is live; else None.

    A retracted edition is none: its mistake is no matter of wording.
    """
    if publication is None or publication.standing != Standing.LIVE or publication.is_retracted:
        return None
    edition = publication.edition
    return edition.number if edition.review.state == State.APPROVED else None


def as_terms(number: int | None) -> dict[str, Any]:
    """What the terms of a round say of it; nothing where it is a full review."""
    return {} if number is None else {KEY: number}


def without(policy: Mapping[str, Any]) -> dict[str, Any]:
    """The terms of a round less what they say of an editorial fix."""
    return {name: value for name, value in policy.items() if name != KEY}


def number_in(review: Review) -> int | None:
    """The number of the edition that this round's edition mends; None where it is a full review."""
    return review.policy.get(KEY)


def in_words(number: int | None) -> str:
    """The same as the record keeps it, first in the reason of the submission; in no language of its own."""
    return "" if number is None else _WORDS.format(number=number)


def said_in(reason: str) -> int | None:
    """The number that the reason of a submission names; None where it speaks of no editorial fix."""
    said = _SAID.match(reason)
    return int(said[1]) if said else None
