"""The words by which works are searched: how a text, stored or typed, becomes words that compare. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from references.folding import fold

LONGEST_WORD = 40
"""Characters. A longer word is cut here when it is stored and when it is typed, so that both stay alike."""

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = str.maketrans("", "", "'’ʼ‘`")


def words_of(text: str) -> list[str]:
    """The words of a text, folded: runs of letters and digits, an apostrophe inside left out (Crohn's is crohns)."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(fold(text).translate(_APOSTROPHES))]


def indexed(texts: Iterable[str]) -> str:
    """What `Reference.search_text` holds of these texts: each word once, with a space before each.

    The space makes “begins a word” a plain search for a space and the letters.
    """
    return "".join(f" {word}" for word in dict.fromkeys(words_of(" ".join(texts))))
