"""Other words for the same: what the glossary in force says, read once for each of its versions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from articles import glossary
from articles.models import Term
from articles.search.spelling import ends, keys
from articles.search.words import SMALL, stem, words_of

Words = tuple[str, ...]

LONGEST = 6
"""Words of a term: longer wordings are explanations, which nobody types."""


@dataclass(frozen=True)
class Synonyms:
    """The wordings of all terms, by their stems; and the single words among them, for misspellings."""

    others: dict[Words, tuple[Words, ...]] = field(default_factory=dict)
    forms: frozenset[str] = frozenset()
    meant_by: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def within(self, stems: Words) -> Iterator[tuple[int, int, tuple[Words, ...]]]:
        """The terms among these stems, from a place to another, the longest first where they overlap, with others."""
        at = 0
        while at < len(stems):
            for length in range(min(LONGEST, len(stems) - at), 0, -1):
                found = self.others.get(stems[at : at + length])
                if found:
                    yield at, at + length, found
                    at += length
                    break
            else:
                at += 1


def current() -> Synonyms:
    """The synonyms of the glossary as it stands. One query, and two where it changed."""
    return _of(glossary.version())


@lru_cache(maxsize=2)
def _of(version: int) -> Synonyms:
    if not version:
        return Synonyms()
    others: dict[Words, set[Words]] = {}
    forms: set[str] = set()
    for term, plain, variants in Term.objects.in_force().values_list("term", "plain", "variants"):
        wordings = set()
        for wording in (term, plain, *variants):
            words = words_of(wording)
            stems = tuple(stem(word) for word in words)
            if 0 < len(words) <= LONGEST and not all(word in SMALL for word in words):
                wordings.add(stems)
                forms.update(word for word in words if word not in SMALL)
        for one in wordings:
            others.setdefault(one, set()).update(wordings - {one})
    meant: dict[str, list[str]] = {}
    for form in sorted(forms):
        for key in keys(form) | ends(form):
            meant.setdefault(key, []).append(form)
    return Synonyms(
        {one: tuple(sorted(rest)) for one, rest in others.items() if rest},
        frozenset(forms),
        {key: tuple(found) for key, found in meant.items()},
    )
