"""How texts are made alike for searching and comparing: pure functions, no rule about works."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Return `text` without case, accents or runs of white space: what two spellings of the same words share.

    Compatibility decomposition first (so that ligatures and full-width letters match plain ones), then marks
    are dropped, then Unicode case folding.
    """
    parts = unicodedata.normalize("NFKD", text)
    bare = "".join(character for character in parts if not unicodedata.combining(character))
    return " ".join(bare.casefold().split())
