"""A search that finds by shared words alone: what is shown of a passage is tested without what finds it."""

from __future__ import annotations

import re
from typing import NamedTuple

from articles import editions
from articles.models import Publication
from articles.quoting import blocks_for


class Place(NamedTuple):
    publication: Publication
    text: str
    anchor: str


def passages(question: str, *, audience: str = "", limit: int = 3) -> list[Place]:
    """Of each listed answer the block that shares most words with the question, where it shares two of five."""
    asked = _words(question)
    places = []
    for publication in Publication.objects.listed().select_related("edition"):
        blocks = blocks_for(editions.read(publication.edition), audience)
        best = max(blocks, key=lambda block: len(asked & _words(block.text)))
        if len(asked & _words(f"{best.text} {publication.question}")) >= 0.4 * len(asked):
            places.append(Place(publication, best.text, best.anchor))
    return places[:limit]


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w{3,}", text.casefold()))
