"""Questions suggested while somebody types: live answers whose question holds what was typed, its last word begun."""

from __future__ import annotations

from dataclasses import dataclass

from articles.audiences import PLAIN, register_of
from articles.models import Publication
from articles.search.excerpts import numbers_in
from articles.search.finding import ranked
from articles.search.reading import Asked, Concept, Reading, forms_beginning, read
from articles.search.words import SMALL, number_of_word, words_of

SHORTEST = 2
"""Letters from which suggesting begins."""
SHOWN = 8
BEGUN = 40
"""Words that a begun word may become."""
LOOKED_AT = 60
LONGEST_QUERY = 120


@dataclass(frozen=True)
class Suggestion:
    """The question of a live answer, in the register of whoever types."""

    slug: str
    question: str


def suggest(typed: str, *, audience: str = "", limit: int = SHOWN) -> list[Suggestion]:
    """Questions of live answers, none of them retracted, for what was typed so far. Four to seven queries."""
    words = words_of(typed[:LONGEST_QUERY])
    if sum(map(len, words)) < SHORTEST:
        return []
    begun = words[-1] if typed[-1:].isalnum() else ""
    whole = [word for word in (words[:-1] if begun else words) if word not in SMALL]
    if begun in SMALL and whole:
        begun = ""
    forms = forms_beginning(begun, limit=BEGUN) if begun else []
    # Where no word begins so it may be misspelt.
    known = [*whole, begun] if begun and not forms else whole
    asked = read(" ".join(known)) if known else Asked()
    if forms:
        asked = _with_begun(asked, begun, forms)
    if not asked.concepts:
        return []
    plain = register_of(audience) == PLAIN
    best = [one.pk for one in ranked(asked)[:LOOKED_AT]]
    rows = Publication.objects.offered().filter(pk__in=best).order_by()
    found = {row[0]: row[1:] for row in rows.values_list("pk", "slug", "question", "plain_question")}
    suggestions: dict[str, Suggestion] = {}
    for pk in best:
        if pk not in found:
            continue
        slug, question, plain_question = found[pk]
        shown = (plain and plain_question) or question
        if _holds(asked, f"{question} {plain_question}"):
            suggestions.setdefault(shown.casefold(), Suggestion(slug, shown))
    return list(suggestions.values())[:limit]


def _with_begun(asked: Asked, begun: str, forms: list[tuple[str, int]]) -> Asked:
    """The question with one more concept: any of the words that the begun one may become, itself first."""
    numbers = list(dict.fromkeys([number_of_word(begun), *(number for _form, number in forms)]))
    # How rare each is matters little here, and is not asked for: the shorter word is the likelier.
    rarities = {number: 4.0 - 0.01 * place for place, number in enumerate(numbers)}
    readings = tuple(Reading(((number, 1.0),)) for number in numbers)
    return Asked(
        concepts=(*asked.concepts, Concept(begun, readings, 4.0)),
        rarities=rarities | asked.rarities,
        mended=asked.mended,
    )


def _holds(asked: Asked, question: str) -> bool:
    there = set(numbers_in(question))
    return all(
        concept.is_chatter or any(word in there for reading in concept.readings for word, _share in reading.words)
        for concept in asked.concepts
    )
