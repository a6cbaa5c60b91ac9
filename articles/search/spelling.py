"""Misspelt words: which words of the corpus may be meant, by what stays of a word when spelling goes wrong. Pure.

Each word has a skeleton in which letters that are heard alike are one, vowels are one sign and doubled letters single.
Two words are looked at together where their skeletons are nearly the same (see `keys`); how near they are, the distance
of F. Damerau (1964) says, of which a swap of two letters is one step.
"""

from __future__ import annotations

import re

SHORTEST = 4
"""Shorter words have too many neighbours to mean one of them."""

ENDS = 5
"""Letters of a skeleton's beginning and end."""

_SOUNDS = (
    (re.compile("ph"), "f"),
    (
        re.compile("^(?:ps|pt|kn|gn|rh|wr)"),
        lambda match: {"ps": "s", "pt": "t", "rh": "r", "wr": "r"}.get(match[0], "n"),
    ),
    (re.compile("sch|sh|ch|ck|cq|qu|q|k|x|c"), "c"),
    (re.compile("th"), "t"),
    (re.compile("gh|j"), "g"),
    (re.compile("rh"), "r"),
    (re.compile("z"), "s"),
    (re.compile("w"), "v"),
    (re.compile("(?<=[a-z])h"), ""),
    (re.compile("[aeiouy]+"), "a"),
    (re.compile(r"(.)\1+"), r"\1"),
)


def skeleton(word: str) -> str:
    """What is left of a folded word when its spelling counts for little."""
    for pattern, by in _SOUNDS:
        word = pattern.sub(by, word)
    return word


def keys(word: str) -> set[str]:
    """By what a misspelt word and the right one are looked at together: two words that share one of these may be meant.

    The skeleton; it without each of its letters; and of a long one its beginning and its end, since where one half is
    quite wrong the other is often right.
    """
    whole = skeleton(word)
    found = {whole} | {whole[:at] + whole[at + 1 :] for at in range(len(whole)) if len(whole) > 3}
    if len(whole) > ENDS + 1:
        found |= {f"{whole[:ENDS]}-", f"-{whole[-ENDS:]}"}
    return found


def allowed(word: str) -> int:
    """How many steps a misspelling of this word may be away."""
    return 0 if len(word) < SHORTEST else 1 if len(word) < 6 else 2 if len(word) < 10 else 3


def distance(one: str, other: str, most: int) -> int:
    """Steps between two words: a letter more, less, another, or two swapped. `most + 1` where there are more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        last, before, row = before, row, [at]
        for place, found in enumerate(other, start=1):
            steps = min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != found))
            if at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == found:
                steps = min(steps, last[place - 2] + 1)
            row.append(steps)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
