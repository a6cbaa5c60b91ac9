"""The closest passages of live answers for a question, each as it was signed, with all that belongs to it.

Search says where a passage may stand. What is shown is cut out of the edition's own bytes, read and checked anew, in
the words that this reader gets there; a passage that does not stand in them is not shown. Nothing is written, summed up
or put together here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.safestring import SafeString

from articles import cards, editions, flagged
from articles.editions import Frozen
from articles.markup.door import trusted
from articles.models import Edition, Publication, Standing
from articles.quoting import BOTTOM_LINE, Block, blocks_for, holding, quoted
from articles.search import passages
from readers.frame import Reader
from readers.listing import Line, lines

MOST = 3
"""So many passages are shown."""


class Place(Protocol):
    """Where search says that a passage stands: the answer, the passage as plain text, the id from which it follows."""

    @property
    def publication(self) -> Publication: ...
    @property
    def text(self) -> str: ...
    @property
    def anchor(self) -> str: ...


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
    near = passages(question, audience=reader.audience, limit=2 * MOST)
    places = [place for place in near if _was_seen(place.publication)][:MOST]
    rows = Edition.objects.in_bulk({place.publication.edition_id for place in places})
    told = lines([place.publication for place in places], reader)
    shown = []
    for place, line in zip(places, told, strict=True):
        frozen = editions.read(rows[place.publication.edition_id])
        theirs = holding(place.text, blocks_for(frozen, reader.audience), anchor=place.anchor)
        if theirs:
            shown.append(_passage(place, line, frozen, theirs, reader))
    return shown


def _was_seen(publication: Publication) -> bool:
    """Whether a board member has read these words: approved, or taken up and released with caution."""
    is_taken_up = publication.statement["state"] == "under_review"
    return not publication.is_retracted and (publication.standing == Standing.LIVE or is_taken_up)


def _passage(place: Place, line: Line, frozen: Frozen, theirs: list[Block], reader: Reader) -> Passage:
    html = "".join(block.html for block in theirs)
    status = flagged.statuses(frozen)
    has_plain = frozen.frozen["plain_lead" if theirs[0].anchor == BOTTOM_LINE else "has_plain"]
    return Passage(
        line=line,
        slug=place.publication.slug,
        number=frozen.frozen["number"],
        heading=theirs[0].heading,
        url=f"{line.url}#{theirs[0].anchor}",
        html=trusted(quoted(flagged.at_the_numbers(html, status, frozen), line.url)),
        sources=list(cards.of_page(frozen.frozen["references"], [html], status)),
        is_professional=reader.is_plain and not has_plain,
    )
