"""Passages of signed HTML shown elsewhere than on their page: cut out whole, and led back to where they stand. Pure.

The words are not touched. What belongs to a page alone goes: an id, which would stand twice, and the target of a link
within the page, which becomes the page's address with that target.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from articles.audiences import PLAIN, register_of
from articles.editions import Frozen
from articles.markup.plain import BETWEEN_CELLS, TAG, plain_text
from articles.markup.result import CITE_MARK

BOTTOM_LINE, BODY = "bottom-line", "text"
"""Ids on the page of an answer where no heading has one of its own: see templates/live/."""
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)(?:[^>"]|"[^"]*")*>')
_VOID = frozenset({"br", "hr", "img", "col", "wbr"})
_HEADING = re.compile(r"<h([2-4])\b")
_ID = re.compile(r'\sid="([^"]*)"')
_WITHIN = re.compile(r'(\shref=")(#[^"]*")')


@dataclass(frozen=True)
class Block:
    """One paragraph, list, table or figure of a text, as it was signed, with the id from which it follows."""

    html: str
    text: str
    anchor: str
    heading: str

    @property
    def sources(self) -> tuple[int, ...]:
        """Numbers of the works cited in it, in their order."""
        return tuple(dict.fromkeys(int(mark["number"]) for mark in CITE_MARK.finditer(self.html)))


def blocks(html: str, *, anchor: str = BODY, heading: str = "") -> list[Block]:
    """The blocks of finished HTML in their order. A heading is none: the blocks after it stand under it."""
    found = []
    for part in _outermost(html):
        if _HEADING.match(part):
            named = _ID.search(part)
            anchor = named[1] if named else anchor
            heading = " ".join(unescape(TAG.sub("", part)).split())
        elif text := plain_text(part):
            found.append(Block(part, text, anchor, heading))
    return found


def _outermost(html: str) -> list[str]:
    """The elements that stand in no other."""
    parts, depth, start = [], 0, 0
    for tag in _TAG.finditer(html):
        closes, name = tag[1], tag[2]
        if name in _VOID:
            continue
        if not closes and not depth:
            start = tag.start()
        depth += -1 if closes else 1
        if not depth:
            parts.append(html[start : tag.end()])
    return parts


def blocks_for(frozen: Frozen, audience: str) -> list[Block]:
    """The blocks that this reader gets on the answer's page: the bottom line first, then the text."""
    source, edition = frozen.source, frozen.frozen
    is_plain = register_of(audience) == PLAIN and bool(edition["plain_lead"])
    lead, bottom = ("plain_lead", "plain_bottom_line") if is_plain else ("lead", "bottom_line")
    text = plain_text(edition[lead])
    # A bottom line is one paragraph, which has its tag from the page.
    first = Block(f"<p>{edition[lead]}</p>", text, BOTTOM_LINE, source[bottom]["heading"])
    return [*([first] if text else []), *blocks(frozen.text_for(audience or "general")["html"])]


def holding(passage: str, among: list[Block], *, anchor: str) -> list[Block]:
    """The blocks that hold a passage, given as plain text; none where not all of it stands there.

    Its lines are sought in their order, each within one block, whatever lies between words; under the anchor first.
    """
    under = [block for block in among if block.anchor == anchor]
    return _holding(passage, under) or _holding(passage, among)


def _holding(passage: str, theirs: list[Block]) -> list[Block]:
    held = [_spaced(block.text) for block in theirs]
    chosen: list[int] = []
    for line in filter(str.strip, passage.split("\n")):
        start = chosen[-1] if chosen else 0
        at = next((place for place in range(start, len(theirs)) if _spaced(line) in held[place]), None)
        if at is None:
            return []
        chosen.append(at)
    return [theirs[at] for at in dict.fromkeys(chosen)]


def _spaced(text: str) -> str:
    return f" {' '.join(text.replace(BETWEEN_CELLS, ' ').split())} "


def quoted(html: str, address: str) -> str:
    """Signed HTML to be shown on another page than the one at `address`."""

    def led_back(tag: re.Match[str]) -> str:
        return _WITHIN.sub(rf"\g<1>{address}\g<2>", _ID.sub("", tag[0]))

    return _TAG.sub(led_back, html)
