"""The passages of live answers closest to a question, each word for word, and how sure it is that they are close.

Nothing is made up and nothing is joined: a passage is text of the signed edition. Where no answer is about what was
asked, the confidence says so, and whoever calls shows nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from articles.audiences import PLAIN, register_of
from articles.models import Publication, SearchEntry
from articles.search.answering import for_audience, state_of
from articles.search.excerpts import Piece, marked, numbers_in
from articles.search.finding import parts_of, ranked
from articles.search.reading import Asked, counts_of, read
from articles.search.weighing import rarity
from articles.search.words import FILLERS, SMALL, number_of_word

CLOSE = 0.4
"""From this confidence on a passage is shown."""
ANSWERS = 8
"""So many answers are read for their passages."""
BARE, OF_QUESTION, OF_RAREST, OF_SUBJECT, OF_ALL, OF_WEIGHT, OF_UNKNOWN = -4.37, 3.37, 1.05, 0.64, 0.01, 0.65, 0.3
"""The logistic regression of the confidence, fitted to every other question of tests/articles/search/questions.json."""
_SAYS_NOTHING = frozenset(number_of_word(word) for word in SMALL | FILLERS)


@dataclass(frozen=True)
class Passage:
    """A passage of a live answer. `text` is as it stands in the edition, in `pieces` with the words marked.

    `anchor` is the id on the answer's page from which it follows, `sources` the numbers of the works cited in it,
    `confidence` between 0 and 1 how likely it is that it answers the question.
    """

    publication: Publication
    slug: str
    question: str
    heading: str
    text: str
    pieces: tuple[Piece, ...]
    anchor: str
    sources: tuple[int, ...]
    state: str
    confidence: float


def passages(question: str, *, audience: str = "", limit: int = 3, least: float = CLOSE) -> list[Passage]:
    """The closest passages of live answers, one of each answer, best first; none where nothing is close.

    A retracted answer is not quoted. With `least=0` whatever comes nearest is returned. Five to nine queries.
    """
    asked = read(question)
    best = ranked(asked)[:ANSWERS]
    if not best:
        return []
    rows = Publication.objects.offered().select_related("search_entry").in_bulk([one.pk for one in best])
    counts = counts_of({number for row in rows.values() for number in numbers_in(row.question)} | {0})
    found = []
    for one in best:
        if one.pk in rows:
            publication = rows[one.pk]
            entry: SearchEntry = publication.search_entry
            about = _about(asked, publication, counts)
            passage, confidence = _closest(asked, entry, publication, audience, about)
            if passage and confidence >= least:
                found.append(_passage(asked, publication, passage, confidence, audience))
    found.sort(key=lambda one: -one.confidence)
    return found[:limit]


def _closest(
    asked: Asked, entry: SearchEntry, publication: Publication, audience: str, about: float
) -> tuple[dict[str, Any] | None, float]:
    """The passage of one answer that says most of what its question does not, and the confidence in it."""
    title = set(numbers_in(f"{publication.question} {publication.plain_question} {entry.words}"))
    in_title = parts_of(asked, title)
    best, most, confidence = None, -1.0, 0.0
    for passage in for_audience(entry.passages, audience):
        words = set(numbers_in(f"{passage['heading']} {passage['text']}"))
        parts = parts_of(asked, words)
        # What the answer's own question holds it is about; so the passage has to say the rest, and some of that.
        much = sum(
            concept.weight * part * (0.35 if there else 1.0)
            for concept, part, there in zip(asked.concepts, parts, in_title, strict=True)
        )
        if much > most * 1.05 + 1e-9:
            best, most = passage, much
            confidence = confidence_of(asked, about, in_title, parts)
    return best, confidence


def _about(asked: Asked, publication: Publication, counts: dict[int, int]) -> float:
    """How much of the answer's own question was asked for, from 0 to 1, rare words counting more."""
    best = 0.0
    for question in filter(None, (publication.question, publication.plain_question)):
        words = {number for number in numbers_in(question) if number not in _SAYS_NOTHING}
        worths = {number: rarity(counts.get(number, 0), counts[0]) for number in words}
        whole = sum(worths.values())
        if whole:
            best = max(best, sum(worth for number, worth in worths.items() if number in asked.marked) / whole)
    return best


def confidence_of(asked: Asked, about: float, in_title: Sequence[float], in_passage: Sequence[float]) -> float:
    """How likely it is that an answer answers, 0 to 1.

    `about` says how much of the answer's question was asked for, `in_title` and `in_passage` how much of each concept
    its question and the passage hold.
    """
    told = [
        (concept.weight, title, max(title, part))
        for concept, title, part in zip(asked.concepts, in_title, in_passage, strict=True)
        if not concept.is_chatter
    ]
    whole = sum(weight for weight, _title, _part in told)
    if not whole:
        return 0.0
    subject = sum(weight * title for weight, title, _part in told)
    level = (
        BARE
        + OF_QUESTION * about
        + OF_RAREST * max(weight * title for weight, title, _part in told) / asked.rarest
        + OF_SUBJECT * subject / whole
        + OF_ALL * sum(weight * part for weight, _title, part in told) / whole
        + OF_WEIGHT * subject / asked.rarest
        + OF_UNKNOWN * min(len(asked.unknown), 3) / 3
    )
    return 1 / (1 + math.exp(-level))


def _passage(
    asked: Asked, publication: Publication, passage: dict[str, Any], confidence: float, audience: str
) -> Passage:
    plain = register_of(audience) == PLAIN
    return Passage(
        publication=publication,
        slug=publication.slug,
        question=(plain and publication.plain_question) or publication.question,
        heading=passage["heading"],
        text=passage["text"],
        pieces=marked(passage["text"], asked.marked),
        anchor=passage["anchor"],
        sources=tuple(passage["sources"]),
        state=state_of(publication),
        confidence=round(confidence, 3),
    )
