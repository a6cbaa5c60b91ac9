"""Where passages may stand that are close to a question: of the answers that search finds each one's closest block."""

from __future__ import annotations

import re
from typing import NamedTuple

from articles import editions, search
from articles.models import Edition, Publication
from articles.quoting import blocks_for

LOOKED_THROUGH = 6
"""So many editions are read at most for one question."""
ENOUGH = 0.55
"""This part of the question's words has to stand in an answer's question and passage together, or of the answer's
question in what was asked."""
_SMALL = frozenset(  # Words that nearly every question holds.
    word
    for words in (
        "about also and any are but can could did does for from get had has have help her him his how into its just",
        "like may more much not our out she should some tell than that the their them then there they this was were",
        "what when where which who why will with would you your",
    )
    for word in words.split()
)


class Place(NamedTuple):
    """The answer, the passage as plain text, and the id from which it follows."""

    publication: Publication
    text: str
    anchor: str


def passages(question: str, *, audience: str = "", limit: int = 3) -> list[Place]:
    """Where the closest passages stand, best first, one of each answer; none where nothing is close."""
    asked = _stems(question)
    if not asked:
        return []
    places = []
    publications = search.find(question, limit=LOOKED_THROUGH).publications
    rows = Edition.objects.in_bulk({one.edition_id for one in publications})
    for publication in publications:
        titles = [_stems(title) for title in (publication.question, publication.plain_question) if title]
        best, most = None, -1
        for block in blocks_for(editions.read(rows[publication.edition_id]), audience):
            held = len(asked & _stems(block.text))
            if held > most:
                best, most = block, held
        if best is None:
            continue
        covered = len(asked & _stems(best.text).union(*titles)) / len(asked)
        close = max(covered, *(len(asked & title) / (len(title) or 1) for title in titles))
        if close >= ENOUGH:
            places.append((close, Place(publication, best.text, best.anchor)))
    return [place for _close, place in sorted(places, key=lambda one: -one[0])][:limit]


def _stems(text: str) -> set[str]:
    """Telling words without their usual endings."""
    words = (word for word in re.findall(r"[^\W_]+", text.casefold()) if len(word) > 2 and word not in _SMALL)
    return {re.sub(r"(?:ing|ies|ed|es|s|y)$", "", word) if len(word) > 4 else word for word in words}
