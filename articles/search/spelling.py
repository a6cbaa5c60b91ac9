"""Misspelt words: which words of the corpus may be meant, by what stays of a word when spelling goes wrong. Pure.

Each word has a skeleton in which letters that are heard alike are one, vowels are one sign and doubled letters single.
Two words are looked at together where their skeletons are nearly the same (see `keys` and `ends`); how near they are,
the distance of F. Damerau (1964) says, of which a swap of two letters is one step.
"""

from __future__ import annotations

import re

from rapidfuzz.distance import OSA

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

    The skeleton, and it without each of its letters.
    """
    whole = skeleton(word)
    return {whole} | {whole[:at] + whole[at + 1 :] for at in range(len(whole)) if len(whole) > 3}


def ends(word: str) -> set[str]:
    """The same of a long word that shares no key with any: its beginning and its end.

    Where one half is quite wrong the other is often right; but many words begin or end so.
    """
    whole = skeleton(word)
    return {f"{whole[:ENDS]}-", f"-{whole[-ENDS:]}"} if len(whole) > ENDS + 1 else set()


def allowed(word: str) -> int:
    """How many steps a misspelling of this word may be away."""
    return 0 if len(word) < SHORTEST else 1 if len(word) < 6 else 2 if len(word) < 10 else 3


def distance(one: str, other: str, most: int) -> int:
    """Steps between two words: a letter more, less, another, or two swapped. `most + 1` where there are more."""
    return OSA.distance(one, other, score_cutoff=most)
