"""Finding answers: candidates by their best words, each looked at whole, the best of them by their question as well.

The same on SQLite and PostgreSQL, and the same ranking: sums are of whole numbers. Few rows are read, however frequent
the words are: of each word the answers that it says most of, more of the rare words than of the frequent ones.
"""

from __future__ import annotations

import datetime
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db import connection

from articles import topics
from articles.models import Publication, SearchEntry, SearchPosting, Standing
from articles.models.public import PublicationQuerySet
from articles.search.reading import Asked, read
from articles.search.weighing import SCALE
from articles.search.words import FILLERS, SMALL, number_of_word, words_of

CANDIDATES, WITH_PHRASES = 120, 1000
"""So many answers are looked at, and so many where a phrase was asked for, which few of them may hold."""
READ_OF_A_WORD, READ_IN_ALL = 1500, 4500
"""Rows of one word, and of all together, from which candidates come."""
MOST_NUMBERS = 40
RANKED = 40
"""The best candidates, whose questions are read."""
QUESTION, PRECISION = 0.9, 0.35
"""What it counts that the question holds the words that were asked for, and that it holds no others."""
RETRACTED = 0.25
"""What is left of the score of a retracted answer: it is found by who looks for it, and marked."""
LEAST = 0.12
"""An answer is no hit below this part of the best one's score."""
_POSTINGS = SearchPosting._meta.db_table
_ENTRIES = SearchEntry._meta.db_table
_SHOWN = {"publication", "passages"}
_NOT_SHOWN = [f"search_entry__{one.name}" for one in SearchEntry._meta.fields if one.name not in _SHOWN]

APPROVED, CAUTION, RETRACTED_STATE = "approved", "caution", "retracted"
STATES = (APPROVED, CAUTION, RETRACTED_STATE)


@dataclass(frozen=True)
class Filters:
    """What narrows a search: slugs of a topic and of a kind, one of STATES, and the days of the last change of text."""

    topic: str = ""
    state: str = ""
    kind: str = ""
    since: datetime.date | None = None
    until: datetime.date | None = None

    def __bool__(self) -> bool:
        return any((self.topic, self.state, self.kind, self.since, self.until))

    def narrow(self, rows: PublicationQuerySet) -> PublicationQuerySet:
        """Those of the answers that pass."""
        if self.topic:
            rows = rows.filter(topics__in=topics.slug_and_below(self.topic))
        if self.kind:
            rows = rows.filter(search_entry__kind=self.kind)
        if self.state == APPROVED:
            rows = rows.filter(standing=Standing.LIVE, is_retracted=False)
        elif self.state == CAUTION:
            rows = rows.filter(standing=Standing.CAUTION)
        elif self.state == RETRACTED_STATE:
            rows = rows.filter(is_retracted=True)
        if self.since:
            rows = rows.filter(published_at__date__gte=self.since)
        if self.until:
            rows = rows.filter(published_at__date__lte=self.until)
        return rows


NONE = Filters()


@dataclass(frozen=True)
class Ranked:
    """A listed answer by its number, with its score."""

    pk: int
    score: float


@dataclass(frozen=True)
class Found:
    """A listed answer with its score."""

    publication: Publication
    score: float


@dataclass(frozen=True)
class Hits:
    """One page of results, best first, and how many there are in all; at most CANDIDATES are looked at."""

    found: list[Found] = field(default_factory=list)
    total: int = 0
    asked: Asked = field(default_factory=Asked)

    @property
    def publications(self) -> list[Publication]:
        return [one.publication for one in self.found]

    @property
    def is_all(self) -> bool:
        """Whether there are no more than `total`."""
        return self.total < CANDIDATES


def find(query: str, *, limit: int = 20, offset: int = 0, filters: Filters = NONE, with_passages: bool = False) -> Hits:
    """Listed answers for a query, best first. No word gives no hit; no text can break it.

    `with_passages` reads each answer's `search_entry` as well, of which nothing but its passages.
    """
    asked = read(query)
    best = ranked(asked, filters=filters)
    page = best[offset : offset + limit]
    wanted = Publication.objects.listed().order_by()
    if with_passages:
        wanted = wanted.select_related("search_entry").defer(*_NOT_SHOWN)
    rows = wanted.in_bulk([one.pk for one in page]) if page else {}
    return Hits([Found(rows[one.pk], one.score) for one in page if one.pk in rows], len(best), asked)


def ranked(asked: Asked, *, filters: Filters = NONE) -> list[Ranked]:
    """All hits of a question that was read, best first. Two queries."""
    weights = asked.weights
    if not weights:
        return []
    held = _held(_chosen(weights), weights, asked.phrases, filters)
    if not held:
        return []
    scores = {pk: _score(asked, impacts) for pk, impacts in held.items()}
    order = sorted(scores, key=lambda pk: (-scores[pk], -pk))
    listed = Publication.objects.listed().filter(pk__in=order).order_by()
    rows = {row[0]: row[1:] for row in listed.values_list("pk", "question", "plain_question", "is_retracted")}
    found = []
    for place, pk in enumerate(pk for pk in order if pk in rows):
        *questions, is_retracted = rows[pk]
        factor = _by_question(asked, questions) if place < RANKED else 1
        found.append(Ranked(pk, scores[pk] * factor * (RETRACTED if is_retracted else 1)))
    found.sort(key=lambda one: (-one.score, -one.pk))
    return [one for one in found if one.score >= LEAST * found[0].score]


def _chosen(weights: Mapping[int, float]) -> list[tuple[int, int, int]]:
    """The words that lead to candidates, with whole weights, and how many rows of each are read: rare ones first."""
    order = sorted(weights, key=lambda word: (-weights[word], word))[:MOST_NUMBERS]
    most = weights[order[0]]
    left = READ_IN_ALL
    chosen: list[tuple[int, int, int]] = []
    for word in order:
        rows = min(READ_OF_A_WORD, left)
        if rows <= 0 or (weights[word] < 0.05 * most and chosen):
            break
        chosen.append((word, max(1, round(100 * weights[word])), rows))
        left -= rows if len(chosen) > 2 else rows // 2
    return chosen


def _held(
    chosen: Sequence[tuple[int, int, int]], weights: Mapping[int, float], phrases: Sequence[str], filters: Filters
) -> dict[int, dict[int, int]]:
    """The candidates, and what each has of all words that were asked for: impacts by word. One query."""
    candidates, params = _candidates(chosen, filters, most=WITH_PHRASES if phrases else CANDIDATES)
    if phrases:
        candidates, params = _with_phrases(candidates, params, phrases)
    marks = ", ".join(["%s"] * len(weights))
    held: dict[int, dict[int, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH best AS MATERIALIZED ({candidates}) SELECT publication_id, word, impact "  # noqa: S608
            f"FROM best JOIN {_POSTINGS} USING (publication_id) WHERE word IN ({marks})",
            [*params, *weights],
        )
        for pk, word, impact in cursor.fetchall():
            held.setdefault(pk, {})[word] = impact
    return held


def _candidates(chosen: Sequence[tuple[int, int, int]], filters: Filters, *, most: int) -> tuple[str, list[Any]]:
    """The query for the answers with the best sums over what is read of each word, and its parameters."""
    narrowed, params = "", list[Any]()
    if filters:
        rows = filters.narrow(Publication.objects.listed()).order_by().values("pk")
        narrowed, given = rows.query.sql_with_params()
        narrowed, params = f" AND publication_id IN ({narrowed})", list(given)
    of_a_word = "ORDER BY impact DESC, publication_id DESC LIMIT"
    if connection.vendor == "postgresql":
        sql = (
            "SELECT publication_id, sum(impact * weight) AS total "  # noqa: S608
            "FROM unnest(%s::bigint[], %s::int[], %s::int[]) AS asked (word, weight, rows), "
            f"LATERAL (SELECT publication_id, impact FROM {_POSTINGS} AS posting WHERE posting.word = asked.word"
            f"{narrowed} {of_a_word} asked.rows) AS found "
        )
        values: list[Any] = [[one[0] for one in chosen], [one[1] for one in chosen], [one[2] for one in chosen]]
        values += params
    else:
        one = (
            f"SELECT * FROM (SELECT publication_id, impact * %s AS much FROM {_POSTINGS} WHERE word = %s"  # noqa: S608
            f"{narrowed} {of_a_word} %s)"
        )
        sql = f"SELECT publication_id, sum(much) AS total FROM ({' UNION ALL '.join([one] * len(chosen))}) "  # noqa: S608
        values = []
        for word, weight, count in chosen:
            values += [weight, word, *params, count]
    return f"{sql}GROUP BY publication_id ORDER BY total DESC, publication_id DESC LIMIT %s", [*values, most]


def _with_phrases(candidates: str, params: Sequence[Any], phrases: Sequence[str]) -> tuple[str, list[Any]]:
    """The query for those of the candidates that hold every phrase, and its parameters."""
    # Folded words are letters and digits alone, so that nothing in one is a sign to LIKE.
    holds = " AND ".join(["folded LIKE %s"] * len(phrases))
    sql = (
        f"SELECT publication_id FROM ({candidates}) AS any_of JOIN {_ENTRIES} USING (publication_id) "  # noqa: S608
        f"WHERE {holds} ORDER BY total DESC, publication_id DESC LIMIT %s"
    )
    return sql, [*params, *(f"% {phrase} %" for phrase in phrases), CANDIDATES]


def _score(asked: Asked, impacts: Mapping[int, int]) -> float:
    """The sum over the concepts, of each the reading that the answer has most of."""
    total = 0.0
    for readings in asked.values:
        best = 0.0
        for reading in readings:
            much = 0.0
            for word, value in reading:
                if word in impacts:
                    much += value * impacts[word]
            best = max(best, much)
        total += best
    return total / SCALE


def parts_of(asked: Asked, there: Container[int]) -> list[float]:
    """How much of each concept these words hold, from 0 to 1: of the reading that they hold most of."""
    parts = []
    for readings, concept in zip(asked.values, asked.concepts, strict=True):
        best = 0.0
        for reading in readings:
            if any(word in there for word, _value in reading):
                has = sum(value for word, value in reading if word in there)
                best = max(best, has / (concept.weight or 1))
        parts.append(min(best, 1.0))
    return parts


def _by_question(asked: Asked, questions: Sequence[str]) -> float:
    """By what factor the answer's own question raises its score: of both registers the one that suits better."""
    best = 0.0
    whole = sum(concept.weight for concept in asked.concepts) or 1
    for question in filter(None, questions):
        numbers, telling = _numbers_of(question)
        parts = zip(asked.concepts, parts_of(asked, numbers), strict=True)
        coverage = sum(concept.weight * part for concept, part in parts) / whole
        held = sum(1 for number in telling if number in asked.weights)
        best = max(best, QUESTION * coverage + PRECISION * held / (len(telling) or 1))
    return 1 + best


@lru_cache(maxsize=4096)
def _numbers_of(question: str) -> tuple[frozenset[int], tuple[int, ...]]:
    """The words of a question but the small ones, by their numbers; and of these the telling ones."""
    words = [word for word in words_of(question) if word not in SMALL]
    telling = [word for word in words if word not in FILLERS] or words
    return frozenset(number_of_word(word) for word in words), tuple(number_of_word(word) for word in telling)
