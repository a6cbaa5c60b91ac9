"""Reading what somebody asks: its words and phrases, what misspelt ones mean, and other words for the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import pairwise

from django.db import connection

from articles.models import SearchCount, SearchEntry, SearchForm, SearchNeighbour, SearchPosting
from articles.search.index import can_be_meant
from articles.search.spelling import allowed, distance, ends, keys
from articles.search.synonyms import Synonyms
from articles.search.synonyms import current as current_synonyms
from articles.search.weighing import rarity
from articles.search.words import FILLERS, KIN, SMALL, number_of, number_of_word, stem, words_of

MOST_WORDS = 32
LONGEST_QUERY = 2000
COUNTED_TO = 1000
"""So far a word is counted that the last recount did not name."""
OF_A_KEY = 1000
"""So many words are looked at that share one key."""
MOST_MENDED = 8
"""So many misspelt words of a question are put right, the longest first."""
MEANT = 3
"""So many words one misspelling may mean."""
FILLER, SYNONYM, RELATED, MEANT_WEIGHT = 0.15, 0.75, 0.5, (1.0, 0.9, 0.7, 0.5)
"""What counts less than a word that was asked for: chatter, the glossary's words, kin, and guesses by their steps."""
_PHRASE = re.compile(r'["“”„«»]([^"“”„«»]+)["“”„«»]')

_POSTINGS = SearchPosting._meta.db_table
_COUNTS = SearchCount._meta.db_table
_ENTRIES = SearchEntry._meta.db_table
_NEIGHBOURS = SearchNeighbour._meta.db_table


@dataclass(frozen=True)
class Reading:
    """One way to say a part of the question: numbers of stems, each with what it counts."""

    words: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Concept:
    """A part of the question, as it was typed, and the ways in which an answer may say it, its own first."""

    typed: str
    readings: tuple[Reading, ...]
    weight: float
    """Its rarity by which it counts, chatter less."""
    is_chatter: bool = False


@dataclass(frozen=True)
class Asked:
    """A question as read."""

    concepts: tuple[Concept, ...] = ()
    phrases: tuple[str, ...] = ()
    """Folded words in order that an answer must hold."""
    mended: str = ""
    """The question with its misspelt words put right; empty where none was."""
    marked: frozenset[int] = frozenset()
    """The words that are marked where an excerpt shows them, by their numbers: all but chatter."""
    rarities: dict[int, float] = field(default_factory=dict)
    """How rare each word is that may be looked for."""
    rarest: float = 0.0
    """How rare a word is that one answer alone has: what one counts that none has."""
    unknown: tuple[str, ...] = ()
    """Words that no answer has, nor anything near."""

    @cached_property
    def values(self) -> tuple[tuple[tuple[tuple[int, float], ...], ...], ...]:
        """For each concept its readings, of each reading its words with what they are worth, by their numbers."""
        return tuple(
            tuple(
                tuple((word, share * self.rarities[word] * _worth(concept)) for word, share in reading.words)
                for reading in concept.readings
            )
            for concept in self.concepts
        )

    @cached_property
    def weights(self) -> dict[int, float]:
        """What each word is worth, by its number: the most of any reading."""
        found: dict[int, float] = {}
        for readings in self.values:
            for reading in readings:
                for word, value in reading:
                    found[word] = max(found.get(word, 0), value)
        return found


def _worth(concept: Concept) -> float:
    return FILLER if concept.is_chatter else 1.0


def read(query: str) -> Asked:
    """Read a query. No text is refused; one without a letter or digit asks for nothing. Two to six queries."""
    query = query[:LONGEST_QUERY]
    phrases = tuple(filter(None, (" ".join(words_of(match[1])) for match in _PHRASE.finditer(query))))
    words = words_of(query)
    telling = [word for word in words if word not in SMALL] or words
    kept = set(list(dict.fromkeys(telling))[:MOST_WORDS])
    if len(kept) == MOST_WORDS:
        # Chatter goes before anything else does.
        said = [word for word in dict.fromkeys(telling) if word not in FILLERS]
        kept = set(said[:MOST_WORDS])
    words = [word for word in words if word in kept or word in SMALL]
    if not kept:
        return Asked()
    known = current_synonyms()
    joined = {f"{one}{other}" for one, other in pairwise(words) if not {one, other} & (SMALL | FILLERS)}
    stems = {stem(word) for word in (*kept, *joined)}
    stems.update(kin for one in tuple(stems) for kin in KIN.get(one, ()))
    counts = counts_of({number_of(one) for one in stems} | {0})
    strange = [
        word
        for word in dict.fromkeys(words)
        if word in kept and not counts[number_of_word(word)] and word not in known.forms and word not in FILLERS
    ]
    meant = _meant(strange, known, counts) if strange else {}
    right = [meant[word][0][0] if word in meant else word for word in words]
    asked = _concepts(words, right, kept, meant, known, counts)
    return Asked(
        concepts=asked.concepts,
        phrases=phrases,
        mended=_mended(query, {word: found[0][0] for word, found in meant.items()}),
        marked=asked.marked,
        rarities=asked.rarities,
        rarest=rarity(1, counts[0]),
        unknown=tuple(word for word in strange if word not in meant),
    )


def _concepts(
    words: Sequence[str],
    right: Sequence[str],
    kept: set[str],
    meant: dict[str, list[tuple[str, int]]],
    known: Synonyms,
    counts: dict[int, int],
) -> Asked:
    stems = tuple(stem(word) for word in right)
    ways: list[tuple[str, list[tuple[tuple[str, ...], float]], bool]] = []
    taken: set[int] = set()
    for start, end, others in known.within(stems):
        own = tuple(stems[at] for at in range(start, end) if right[at] not in SMALL)
        if own and any(words[at] in kept for at in range(start, end)):
            rest = [(tuple(one for one in other if one not in SMALL), SYNONYM) for other in others]
            ways.append((" ".join(words[start:end]), [(own, 1.0), *rest], False))
            taken.update(range(start, end))
    for at, (one, other) in enumerate(pairwise(right)):
        # Written apart what answers write as one word: gall bladder.
        if not {one, other} & (SMALL | FILLERS) and not {at, at + 1} & taken:
            whole = stem(f"{one}{other}")
            if counts.get(number_of(whole)):
                ways.append(
                    (f"{words[at]} {words[at + 1]}", [((stems[at], stems[at + 1]), 1.0), ((whole,), 1.0)], False)
                )
                taken |= {at, at + 1}
    for at, word in enumerate(words):
        if at in taken or word not in kept:
            continue
        options: list[tuple[tuple[str, ...], float]] = []
        for form, steps in meant.get(word, [(word, 0)]):
            options.append(((stem(form),), MEANT_WEIGHT[steps]))
        options += [((one,), RELATED) for one in KIN.get(stems[at], ())]
        ways.append((word, options, word in FILLERS))
    wanted = {one for _typed, options, _chatter in ways for option, _share in options for one in option}
    numbers = {one: number_of(one) for one in wanted}
    counts |= counts_of({number for number in numbers.values() if number not in counts})
    rarities = {number: rarity(counts[number], counts[0]) for number in numbers.values()}
    concepts: dict[tuple[Reading, ...], Concept] = {}
    for typed, options, is_chatter in ways:
        readings = []
        top = base = 0.0
        for place, (option, share) in enumerate(options):
            is_there = any(counts[numbers[one]] for one in option)
            worth = sum(rarities[numbers[one]] for one in option)
            if not place and is_there:
                base = worth
            if base and worth > base:
                # Another way to say it counts no more than what was said, however rare it is.
                share *= base / worth
            if is_there or not place:
                readings.append(Reading(tuple((numbers[one], share) for one in option)))
            if is_there:
                top = max(top, share * worth)
        # A word that no answer has can't be missed by one; that it was asked for is told by `unknown`.
        concepts.setdefault(
            tuple(readings), Concept(typed, tuple(readings), top * (FILLER if is_chatter else 1), is_chatter)
        )
    marked = {
        word
        for concept in concepts.values()
        if not concept.is_chatter
        for reading in concept.readings
        for word, _share in reading.words
    }
    return Asked(concepts=tuple(concepts.values()), marked=frozenset(marked), rarities=rarities)


def counts_of(numbers: set[int]) -> dict[int, int]:
    """How many answers have each word, by its number, and all answers under 0. One query.

    Frequent words were counted by the last recount; the others are counted now, up to COUNTED_TO.
    """
    if not numbers:
        return {}
    # Put as plain SQL: this is asked up to three times in each search.
    marks = ", ".join(["(%s)"] * len(numbers))
    sql = (
        f"WITH asked (number) AS (VALUES {marks}) SELECT number, coalesce("  # noqa: S608
        f"(SELECT answers FROM {_COUNTS} WHERE word = number), "
        f"CASE WHEN number = 0 THEN (SELECT count(*) FROM {_ENTRIES}) ELSE "
        f"(SELECT count(*) FROM (SELECT 1 FROM {_POSTINGS} WHERE word = number LIMIT {COUNTED_TO}) AS counted) END"
        ") FROM asked"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, sorted(numbers))
        return dict(cursor.fetchall())


def _meant(strange: Sequence[str], known: Synonyms, counts: dict[int, int]) -> dict[str, list[tuple[str, int]]]:
    """The words that misspelt ones may mean, each with its steps, the likeliest first. One to three queries."""
    words = sorted(filter(can_be_meant, strange), key=len, reverse=True)[:MOST_MENDED]
    near = _near({word: keys(word) for word in words}, known)
    near |= _near({word: ends(word) for word in words if not near[word]}, known)
    forms = {form for found in near.values() for form, _steps in found}
    counts |= counts_of({number_of_word(form) for form in forms} - counts.keys())
    meant = {}
    for word, found in near.items():
        living = [one for one in found if counts[number_of_word(one[0])] or one[0] in known.forms]
        living.sort(key=partial(_unlikeness, word, counts))
        distinct: dict[str, tuple[str, int]] = {}
        for one in living:
            distinct.setdefault(stem(one[0]), one)
        if distinct:
            best = next(iter(distinct.values()))
            meant[word] = [one for one in distinct.values() if one[1] <= best[1] + 1][:MEANT]
    return meant


def _near(wanted: dict[str, set[str]], known: Synonyms) -> dict[str, list[tuple[str, int]]]:
    """Words that share a key with each of these and are few steps away, the nearest first. One query, or none."""
    every = sorted(set().union(*wanted.values()))
    by_key: dict[str, list[str]] = {}
    if every:
        one = f"SELECT key, form FROM {_NEIGHBOURS} WHERE key = %s LIMIT {OF_A_KEY}"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join([f"SELECT * FROM ({one}) AS found"] * len(every)), every)  # noqa: S608
            for key, form in cursor.fetchall():
                by_key.setdefault(key, []).append(form)
    near: dict[str, list[tuple[str, int]]] = {}
    for word, theirs in wanted.items():
        forms = {form for key in theirs for form in (*by_key.get(key, ()), *known.meant_by.get(key, ()))}
        most = allowed(word)
        steps = [(form, distance(word, form, most)) for form in forms]
        near[word] = sorted((one for one in steps if one[1] <= most), key=lambda one: (one[1], one[0]))[:40]
    return near


def _unlikeness(word: str, counts: dict[int, int], one: tuple[str, int]) -> tuple[float, str]:
    """How unlikely it is that the word means this form: its steps, and another first letter is one, but rare is not."""
    form, steps = one
    answers = counts[number_of_word(form)]
    return steps + (0.7 if word[0] != form[0] else 0) - 0.25 * min(len(str(answers)), 4), form


def _mended(query: str, by: dict[str, str]) -> str:
    """The query with misspelt words replaced where they stand; empty where nothing was."""
    if not by:
        return ""

    def put_right(match: re.Match[str]) -> str:
        folded = words_of(match[0])
        return by.get(folded[0], match[0]) if len(folded) == 1 else match[0]

    mended = re.sub(r"[^\W_]+(?:['’ʼ‘`][^\W_]+)*", put_right, query)
    return "" if mended == query else mended


def forms_beginning(prefix: str, *, limit: int) -> list[tuple[str, int]]:
    """Words of live answers that begin so, with the numbers of their stems. One query."""
    table = connection.ops.quote_name(SearchForm._meta.db_table)
    if connection.vendor == "sqlite":
        condition, params = "form >= %s AND form < %s", [prefix, prefix + "\U0010ffff"]
    else:
        # Folded words are letters and digits alone, so that nothing in one is a sign to LIKE.
        condition, params = "form LIKE %s", [prefix + "%"]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT form, word FROM {table} WHERE {condition} ORDER BY form LIMIT {limit}", params)  # noqa: S608
        return [(str(form), int(word)) for form, word in cursor.fetchall()]
