"""Excerpts: which whole sentences of an answer show best why it was found, and which of their words are marked. Pure.

An excerpt ends where a sentence does: half a sentence about a dose can say the opposite of the whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from articles.search.words import number_of_word, words_of
from articles.sentences import ROOM, sentences_of

LONGEST_SENTENCE = 420
"""What is longer is no sentence but a list that was never marked as one: it is not shown in part."""
ENDS = frozenset(".!?:;,…")
_WORD = re.compile(r"[^\W_]+(?:['’ʼ‘`][^\W_]+)*")


@dataclass(frozen=True)
class Piece:
    """A part of a text, and whether it is a word that was asked for."""

    text: str
    is_marked: bool = False


def numbers_in(text: str) -> list[int]:
    """The words of a text in order, by the numbers of their stems."""
    return list(map(number_of_word, words_of(text)))


def marked(text: str, numbers: frozenset[int]) -> tuple[Piece, ...]:
    """The text in pieces: those words marked whose stems have these numbers. Joined they are the text."""
    pieces: list[Piece] = []
    end = 0
    for match in _WORD.finditer(text):
        words = words_of(match[0])
        if words and all(number_of_word(word) in numbers for word in words):
            if match.start() > end:
                pieces.append(Piece(text[end : match.start()]))
            pieces.append(Piece(match[0], is_marked=True))
            end = match.end()
    return (*pieces, Piece(text[end:])) if end < len(text) else tuple(pieces)


def worth(numbers: Sequence[int], values: Mapping[int, float]) -> float:
    """What a text with these words says of what was asked: each word once."""
    return sum(values[number] for number in set(numbers) if number in values)


def best_passage(passages: Sequence[dict[str, Any]], values: Mapping[int, float]) -> dict[str, Any] | None:
    """The passage that holds most of what was asked for; the first of equals, and None where none holds anything."""
    best, most = None, 0.0
    for passage in passages:
        much = worth(numbers_in(passage["text"]), values)
        if much > most * 1.001:
            best, most = passage, much
    return best


def excerpt(text: str, values: Mapping[int, float]) -> str:
    """The whole sentences in a row, within ROOM, that hold most of what was asked for. Empty where none is of use."""
    sentences = sentences_of(text)
    worths = [worth(numbers_in(one), values) if len(one) <= LONGEST_SENTENCE else -1.0 for one in sentences]
    if not worths or max(worths) <= 0:
        return ""
    first = last = worths.index(max(worths))
    length = len(sentences[first])
    while last + 1 < len(sentences) and worths[last + 1] >= 0 and length + len(sentences[last + 1]) < ROOM:
        last += 1
        length += len(sentences[last]) + 1
    chosen = sentences[first : last + 1]
    # Items and rows have no full stop: something has to keep them apart.
    return " ".join([*(one if one[-1] in ENDS else f"{one};" for one in chosen[:-1]), chosen[-1]])
