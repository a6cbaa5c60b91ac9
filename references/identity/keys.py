"""Citation keys: what one may be, and how one is made from a work's author, year and title. Pure.

The grammar is Pandoc's (Pandoc User's Guide, "Citation syntax"): a key that begins with a letter, a digit or _ and
holds only those and single internal punctuation marks is written `@key`; any other is written `@{odd key}`.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence

from references.folding import ascii_words, tidy_line

LONGEST = 120

_ZOTERO_ITEM = re.compile(r"https?://(?:www\.)?zotero\.org/", re.IGNORECASE)
_PLAIN = re.compile(r"\w+(?:[:.#$%&\-+?<>~/]\w+)*")
# Words that say nothing of a work's subject, so that a made key does not end in one.
_EMPTY_WORDS = frozenset(
    ascii_words(
        """
        a about after an and are as at be before between beyond by can comparison compared der die do does during
        effect effects efficacy for from has have how in into is it its la le les new not of on one or our safety
        study than that the their there this to toward towards trial two under und using versus vs was were what
        when where which who why will with within without
        """
    )
)


def is_plain(text: str) -> bool:
    """Whether `text` is a key that needs no braces: `@text`."""
    return len(text) <= LONGEST and len(normal(text)) <= LONGEST and _PLAIN.fullmatch(text) is not None


def is_key(text: str) -> bool:
    """Whether `text` may be a citation key at all, with braces or without.

    In braces every character may stand but braces themselves, square brackets, line breaks and controls. The
    addresses that Zotero gives as ids are no keys: nobody would know or type them.
    """
    if is_plain(text):
        return True
    return (
        0 < len(text) <= LONGEST
        and len(normal(text)) <= LONGEST
        and tidy_line(text) == text
        and not any(character in "{}[]" for character in text)
        and not _ZOTERO_ITEM.match(text)
    )


def normal(key: str) -> str:
    """The form in which keys are compared: without regard to case, as `Reference.key_normal` holds it."""
    return key.casefold()


def make_key(authors: Sequence[Mapping[str, str]], year: int | None, title: str, taken: Container[str] = ()) -> str:
    """Return author-year-word, as `reyes-2021-anticoagulation`, in lower-case ASCII.

    `taken` holds normal forms of keys in use; where the key is among them it gets -b, -c and so on, after -z
    numbers. An organisation's name of three or more words gives its initials; without an author the title's first
    words stand alone with the year; `nd` stands for no date. The same work always asks for the same key first.
    """
    base = base_key(authors, year, title)
    for key in (base, *(f"{base}-{letter}" for letter in "bcdefghijklmnopqrstuvwxyz")):
        if key not in taken:
            return key
    # Steps that double, then halve: ten thousand works that share a base cost no quadratic count.
    last_taken, step = 26, 1
    while f"{base}-{last_taken + step}" in taken:
        last_taken += step
        step *= 2
    while step > 1:
        step //= 2
        if f"{base}-{last_taken + step}" in taken:
            last_taken += step
    return f"{base}-{last_taken + 1}"


def base_key(authors: Sequence[Mapping[str, str]], year: int | None, title: str) -> str:
    """The key that `make_key` gives where none is taken."""
    words = [word for word in ascii_words(title) if word not in _EMPTY_WORDS and len(word) > 2]
    words = words or ascii_words(title) or ["work"]
    author = _author_part(authors[0]) if authors else ""
    if not author:
        author, words = words[0], words[1:] or ["work"]
    return f"{author[:40]}-{year or 'nd'}-{words[0][:40]}"


def _author_part(name: Mapping[str, str]) -> str:
    words = ascii_words(name.get("family") or name.get("literal") or name.get("given") or "")
    if len(words) > 2 and "literal" in name:
        return "".join(word[0] for word in words if word not in _EMPTY_WORDS)
    return "-".join(words)
