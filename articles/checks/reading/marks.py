"""The marks of Markdown made blank, each character in its place, so that a match in the words is a place in the source.

A citation, an image or the address of a link becomes spaces; a sign of emphasis becomes the character NOTHING, which
`words` takes out, so that a word with a mark inside stays one word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from articles.markup.citations import KEY

NOTHING = "\x00"
_CODE = re.compile(r"`+")
_ESCAPED = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
_CITATION = re.compile(r"-?\[[^\[\]]*@[^\[\]]*\](?![(\[])")
_IMAGE = re.compile(r"!\[[^\[\]]*\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\[\]]*\])?(?:\{[^{}\n]*\})?")
_LINK = re.compile(r"\[(?P<text>[^\[\]]+)\](?P<to>\((?P<address>[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)[^()]*\))")
_NAMED = re.compile(r"\[(?P<text>[^\[\]]+)\]\[[^\[\]]*\]")
_AUTOMATIC = re.compile(r"<(?P<address>(?:https?://|mailto:)[^<>\s]+)>")
_BARE = re.compile(r"https?://[^\s<>|]+[^\s<>|.,;:!?)\]'\"]")
_DEFINITION = re.compile(r"^[ ]{0,3}\[[^\[\]@]+\]:[ \t]*<?(?P<address>\S+?)>?(?:[ \t].*)?$", re.MULTILINE)
_EMPHASIS = re.compile(r"\*+|(?<![^\W_])_+|_+(?![^\W_])")
_SPACES = re.compile(r"\s+")
_BEFORE_STOP = re.compile(r" +(?=[.,;:!?)\]])")


@dataclass(frozen=True)
class Masked:
    """A source with its marks blank, of the same length; where it cites, and the addresses that it links to."""

    text: str
    citations: tuple[int, ...]
    addresses: tuple[tuple[str, int, int], ...]


def mask(source: str) -> Masked:
    """Make the marks of a paragraph, item, cell or heading blank."""
    citations: list[int] = []
    addresses: list[tuple[str, int, int]] = []
    text = source
    if "\\" in text:
        text = _ESCAPED.sub(NOTHING, text)
    if "[" in text or "<" in text or "http" in text:
        text = _linkless(text, citations, addresses)
    if "`" in text:
        text = _CODE.sub(lambda match: NOTHING * len(match[0]), text)
    if "*" in text or "_" in text:
        text = _EMPHASIS.sub(lambda match: NOTHING * len(match[0]), text)
    return Masked(text, tuple(citations), tuple(addresses))


def words(masked: str) -> str:
    """The words of a masked piece as one line."""
    return _BEFORE_STOP.sub("", _SPACES.sub(" ", masked.replace(NOTHING, ""))).strip()


def _linkless(text: str, citations: list[int], addresses: list[tuple[str, int, int]]) -> str:
    def cited(match: re.Match[str]) -> str:
        if not KEY.search(match[0]):
            return match[0]
        citations.append(match.start())
        return " " * len(match[0])

    def named(match: re.Match[str]) -> str:
        return " " + match["text"] + " " * (len(match[0]) - len(match["text"]) - 1)

    def linked(match: re.Match[str]) -> str:
        addresses.append((match["address"].strip("<>"), match.start(), match.end()))
        return named(match)

    def bare(match: re.Match[str]) -> str:
        address = match[0] if match.re is _BARE else match["address"]
        addresses.append((address, match.start(), match.end()))
        return " " * len(match[0])

    text = _IMAGE.sub(lambda match: " " * len(match[0]), text) if "![" in text else text
    if "@" in text:
        text = _CITATION.sub(cited, text)
    if "](" in text:
        text = _LINK.sub(linked, text)
    if "][" in text:
        text = _NAMED.sub(named, text)
    if "]:" in text:
        text = _DEFINITION.sub(bare, text)
    if "<" in text:
        text = _AUTOMATIC.sub(bare, text)
    if "http" in text:
        text = _BARE.sub(bare, text)
    return text
