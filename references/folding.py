"""How texts are made plain or alike, for storing, searching and comparing: pure functions, no rule about works."""

from __future__ import annotations

import re
import unicodedata

from people import words

# Letters that Unicode does not decompose into a plain letter and a mark.
_PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ŋ": "n"}
)
_LEFT_OUT = re.compile(f"[{words.UNSEEN}{words.TURNING}]")


def fold(text: str) -> str:
    """Return `text` without case, accents or runs of white space: what two spellings of the same words share.

    Compatibility decomposition first (so that ligatures and full-width letters match plain ones), then marks
    are dropped, then Unicode case folding. Folding a folded text changes nothing.
    """
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(character for character in parts if not unicodedata.combining(character))
    return " ".join(bare.casefold().translate(_PLAIN_LETTERS).split())


def ascii_words(text: str) -> list[str]:
    """The words of `text` in lower-case ASCII letters and digits; words of other scripts are left out."""
    return re.findall(r"[a-z0-9]+", re.sub(r"['’ʼ]", "", fold(text)))


def tidy_line(text: str) -> str:
    """Return `text` as one line of storable characters, in Unicode's composed form (NFC).

    White space and controls become single spaces. What no database can store (lone surrogates), what nobody sees
    and what turns the direction of the text after it (`people.words`) is left out.
    """
    return " ".join(_storable(text).split())


def tidy_text(text: str) -> str:
    """As `tidy_line`, but line breaks stay: for texts of several paragraphs."""
    lines = (" ".join(line.split()) for line in _storable(text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def quoted(text: object, most: int = 60) -> str:
    """Return `text` in quotation marks as one short line, for a message that says which text is meant."""
    line = tidy_line(str(text)[: most * 20])
    return f"“{line[: most - 1]}…”" if len(line) > most else f"“{line}”"


def _storable(text: str) -> str:
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    kept = []
    for character in text.replace("\r\n", "\n").replace("\r", "\n"):
        if unicodedata.category(character) == "Cc" and character != "\n":
            kept.append(" ")
        elif not _LEFT_OUT.match(character):
            kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept))
