"""The closest passages of live answers for a question, each as it was signed, with all that belongs to it.

Search says where a passage may stand. What is shown is cut out of the edition's own bytes, read and checked anew, in
the words that this reader gets there; a passage that does not stand in them is not shown. Nothing is written, summed up
or put together here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.safestring import SafeString

from articles import cards, editions, flagged, search
from articles.audiences import PLAIN, register_of
from articles.editions import Frozen
from articles.markup.door import trusted
from articles.models import Edition, Publication, Standing
from articles.quoting import BOTTOM_LINE, Block, blocks, holding, quoted
from readers.frame import Reader
from readers.listing import Line, lines

MOST = 3
"""So many passages are shown."""
LOOKED_THROUGH = 6
"""So many editions are read at most for one question."""


class Place(NamedTuple):
    """Where search says that a passage stands: the answer, the passage as plain text, the id from which it follows."""

    publication: Publication
    text: str
    anchor: str


@dataclass(frozen=True)
class Passage:
    """A passage as readers get it: the answer that it stands in, its words, where they stand, and the works cited."""

    line: Line
    slug: str
    number: int
    heading: str
    url: str
    html: SafeString
    sources: list[dict[str, Any]]
    is_professional: bool
    """Whether a plain reader gets words here that were written for health professionals."""


def closest(question: str, reader: Reader) -> list[Passage]:
    """At most MOST passages, the closest first, at most one of an answer; none where nothing is close.

    Editions that no board member has taken up, and retracted ones, are left out. A bounded number of queries.
    """
    places = [place for place in found(question, reader.audience, limit=MOST) if _was_seen(place.publication)]
    rows = Edition.objects.in_bulk({place.publication.edition_id for place in places})
    told = lines([place.publication for place in places], reader)
    passages = []
    for place, line in zip(places, told, strict=True):
        frozen = editions.read(rows[place.publication.edition_id])
        theirs = holding(place.text, blocks_for(frozen, reader.audience), anchor=place.anchor)
        if theirs:
            passages.append(_passage(place, line, frozen, theirs, reader))
    return passages


def _was_seen(publication: Publication) -> bool:
    """Whether a board member has read these words: approved, or taken up and released with caution."""
    is_taken_up = publication.statement["state"] == "under_review"
    return not publication.is_retracted and (publication.standing == Standing.LIVE or is_taken_up)


def blocks_for(frozen: Frozen, audience: str) -> list[Block]:
    """The blocks that this reader gets on the answer's page: the bottom line first, then the text."""
    source, edition = frozen.source, frozen.frozen
    is_plain = register_of(audience) == PLAIN and bool(edition["plain_lead"])
    lead, bottom = ("plain_lead", "plain_bottom_line") if is_plain else ("lead", "bottom_line")
    first = blocks(edition[lead], anchor=BOTTOM_LINE, heading=source[bottom]["heading"])
    return first + blocks(frozen.text_for(audience or "general")["html"])


def _passage(place: Place, line: Line, frozen: Frozen, theirs: Iterable[Block], reader: Reader) -> Passage:
    html = "".join(block.html for block in theirs)
    status = flagged.statuses(frozen)
    has_plain = frozen.frozen["plain_lead" if place.anchor == BOTTOM_LINE else "has_plain"]
    return Passage(
        line=line,
        slug=place.publication.slug,
        number=frozen.frozen["number"],
        heading=next(iter(theirs)).heading,
        url=f"{line.url}#{place.anchor}",
        html=trusted(quoted(flagged.at_the_numbers(html, status, frozen), line.url)),
        sources=list(cards.of_page(frozen.frozen["references"], [html], status)),
        is_professional=reader.is_plain and not has_plain,
    )


# -- Where passages may stand --------------------------------------------------------------------------------------

_SMALL = frozenset(  # Words that nearly every question holds.
    word
    for words in (
        "about also and any are but can could did does for from get had has have help her him his how into its just",
        "like may more much not our out she should some tell than that the their them then there they this was were",
        "what when where which who why will with would you your",
    )
    for word in words.split()
)
_ENOUGH = 0.55
"""This part of the question's words has to stand in an answer's question and passage together."""


def found(question: str, audience: str, *, limit: int) -> list[Place]:
    """Where the closest passages stand, best first; none where nothing is close."""
    asked = _stems(question)
    if not asked:
        return []
    places = []
    publications = search.find(question, limit=LOOKED_THROUGH).publications
    rows = Edition.objects.in_bulk({one.edition_id for one in publications})
    for publication in publications:
        titles = _stems(f"{publication.question} {publication.plain_question}")
        best, share = None, 0.0
        for block in blocks_for(editions.read(rows[publication.edition_id]), audience):
            held = len(asked & (titles | _stems(block.text))) / len(asked)
            if held > share:
                best, share = block, held
        if best and share >= _ENOUGH:
            places.append((share, Place(publication, best.text, best.anchor)))
    return [place for _share, place in sorted(places, key=lambda one: -one[0])][:limit]


def _stems(text: str) -> set[str]:
    """Telling words without their usual endings."""
    words = (word for word in re.findall(r"[^\W_]+", text.casefold()) if len(word) > 2 and word not in _SMALL)
    return {re.sub(r"(?:ing|ies|ed|es|s|y|ies)$", "", word) if len(word) > 4 else word for word in words}
