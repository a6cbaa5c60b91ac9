"""Blocks: what two entries of one work very likely share, so that likely duplicates are looked for in few rows. Pure.

Two entries are compared where they share a block, never all with all. The block of a title survives case, accents,
punctuation and a subtitle; the block of an author survives a changed title.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from references.folding import ascii_words, fold

LONGEST_TITLE_BLOCK = 40
LONGEST_AUTHOR_BLOCK = 60
_ARTICLES = frozenset({"a", "an", "the", "der", "die", "das", "le", "la", "les", "el", "los"})


def of_title(title: str) -> str:
    """The first letters and digits of a title without spaces, leading article or accents; empty for no title."""
    words = ascii_words(title)
    while words and words[0] in _ARTICLES:
        words = words[1:]
    letters = "".join(words) or "".join(fold(title).split())
    return letters[:LONGEST_TITLE_BLOCK]


def of_author(authors: Sequence[Mapping[str, str]], year: int | None) -> str:
    """First author's name and the year, as `reyes 2021`; empty without either, for then it would say too little."""
    if not authors or year is None:
        return ""
    first = authors[0]
    words = ascii_words(first.get("family") or first.get("literal") or "")
    return f"{''.join(words)[: LONGEST_AUTHOR_BLOCK - 6]} {year}" if words else ""
