"""Mentions: `@name` in a comment, read against the people who may open the article. Pure: no database.

Whoever may not open it is not found, so a mention says nothing of who has an account and tells nobody of the article.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol


class Person(Protocol):
    """What is asked of somebody who can be mentioned."""

    pk: int
    name: str


class Piece(NamedTuple):
    """A run of a comment's text; `is_mention` where it names somebody."""

    text: str
    is_mention: bool


def pieces(text: str, people: Iterable[Person]) -> list[Piece]:
    """The text in runs, for a page that marks the mentions."""
    found: list[Piece] = []
    done = 0
    for match, _names in _matches(text, list(people)):
        found += [Piece(text[done : match.start()], False), Piece(match[0], True)]
        done = match.end()
    return [piece for piece in [*found, Piece(text[done:], False)] if piece.text]


def named(text: str, people: Iterable[Person]) -> set[int]:
    """The keys of those who are mentioned: by the whole name, or by a first name that only one of them has."""
    everybody = list(people)
    handles = _handles(everybody)
    return {pk for match, _names in _matches(text, everybody) for pk in handles[_folded(match[1])]}


def _matches(text: str, people: Sequence[Person]) -> list[tuple[re.Match[str], str]]:
    handles = sorted(_handles(people), key=len, reverse=True)
    if not handles:
        return []
    names = "|".join(r"\s+".join(map(re.escape, handle.split())) for handle in handles)
    pattern = re.compile(rf"(?<![\w@.\[])@({names})(?!\w)", re.IGNORECASE)
    return [(match, match[1]) for match in pattern.finditer(text)]


def _handles(people: Sequence[Person]) -> dict[str, set[int]]:
    """What each can be called by, folded; two of the same whole name are both meant."""
    handles: dict[str, set[int]] = {}
    first = Counter(_folded(person.name).split()[0] for person in people if person.name.split())
    for person in people:
        whole = _folded(person.name)
        if not whole:
            continue
        handles.setdefault(whole, set()).add(person.pk)
        if first[whole.split()[0]] == 1:
            handles.setdefault(whole.split()[0], set()).add(person.pk)
    return handles


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
