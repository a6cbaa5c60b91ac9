"""What pages and the API are told of a search: each hit with its question, an excerpt and its state. One door.

Everything comes from live editions (`PublicationQuerySet.listed`). Of a retracted answer no words are shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from articles.audiences import PLAIN, register_of
from articles.models import Publication, SearchEntry
from articles.search.blocks import LEAD, PLAIN_LEAD
from articles.search.excerpts import Piece, best_passage, excerpt, marked
from articles.search.finding import NONE, Filters, find
from articles.search.reading import Asked
from articles.sentences import first_sentences

RETRACTED = "retracted"


@dataclass(frozen=True)
class Hit:
    """One answer: `passage` is its excerpt, in pieces of which some are marked, from the id `anchor` of its page on."""

    publication: Publication
    slug: str
    question: str
    score: float
    passage: tuple[Piece, ...]
    anchor: str
    state: str
    """The review state, or "retracted"."""


@dataclass(frozen=True)
class Results:
    """One page of hits, best first. `total` counts all, unless `is_all` says that there may be more."""

    hits: tuple[Hit, ...] = ()
    total: int = 0
    is_all: bool = True
    mended: str = ""
    """The query with its misspelt words put right: these were looked for. Empty where none was."""
    unknown: tuple[str, ...] = ()
    """Words that no answer has, nor anything near."""


def search(query: str, *, filters: Filters = NONE, limit: int = 20, offset: int = 0, audience: str = "") -> Results:
    """Live answers to a query in anybody's words, best first, in the words that this audience gets.

    No query is refused: one without a word finds nothing. Five to eight queries, however many answers there are.
    """
    hits = find(query, filters=filters, limit=limit, offset=offset, with_passages=True)
    return Results(
        hits=tuple(_hit(one.publication, one.score, hits.asked, audience) for one in hits.found),
        total=hits.total,
        is_all=hits.is_all,
        mended=hits.asked.mended,
        unknown=hits.asked.unknown,
    )


def _hit(publication: Publication, score: float, asked: Asked, audience: str) -> Hit:
    entry: SearchEntry | None = getattr(publication, "search_entry", None)
    plain = register_of(audience) == PLAIN
    text, anchor = "", ""
    if entry and not publication.is_retracted:
        values = {word: value for word, value in asked.weights.items() if value > 0}
        passage = best_passage(for_audience(entry.passages, audience), values)
        if passage and (text := excerpt(passage["text"], values)):
            anchor = passage["anchor"]
        else:
            text = first_sentences((plain and publication.plain_summary) or publication.summary)
    return Hit(
        publication=publication,
        slug=publication.slug,
        question=(plain and publication.plain_question) or publication.question,
        score=score,
        passage=marked(text, asked.marked) if text else (),
        anchor=anchor,
        state=state_of(publication),
    )


def state_of(publication: Publication) -> str:
    """The review state of what is live, or that it was retracted."""
    return RETRACTED if publication.is_retracted else str(publication.statement["state"])


def for_audience(passages: dict[str, Any], audience: str) -> list[dict[str, Any]]:
    """The passages that this audience's page shows, in its order: of `SearchEntry.passages`."""
    everything = passages.get("all", [])
    text = passages.get("of", {}).get(audience or "general", passages.get("of", {}).get("general", 0))
    plain = register_of(audience) == PLAIN
    has_plain_lead = any(PLAIN_LEAD in one["in"] for one in everything)
    leads = {PLAIN_LEAD} if plain and has_plain_lead else {LEAD}
    if not audience:
        leads = {LEAD, PLAIN_LEAD}
    return [one for one in everything if text in one["in"] or leads & set(one["in"])]
