"""What changed between two texts, and between two sources of an answer. Pure: no database and no HTML.

Texts are compared paragraph by paragraph, then word by word. A number stays whole, with its sign, decimals and unit, so
that a changed dose is never shown as a changed digit; a cluster of citations stays whole too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

SAME, ADDED, REMOVED, CHANGED, SKIPPED = "same", "added", "removed", "changed", "skipped"

_UNIT = (
    r"(?:%|‰|°\s?[CF]|(?:[kmµμn]|mc)?g|[kmµμ]?[lL]|d[lL]|[mµμ]?mol|mEq|IU|[mk]?Pa|mm\s?Hg|[kmcµμ]?m|mSv|kcal|kJ"
    r"|units?|drops?|tablets?|capsules?|puffs?|doses?"
    r"|seconds?|minutes?|min|hours?|hrs?|h|days?|d|weeks?|wk|months?|years?|yr|y)"
)
_NUMBER = r"[<>≤≥≈~±]?\s?[+\-−]?\d+(?:[.,:·]\d+)*"
_TOKEN = re.compile(
    rf"""
    (?: \[[^\[\]\n@]{{0,300}}@[^\[\]\n]{{0,300}}\]                              # a cluster of citations
      | {_NUMBER}(?:\s?(?:[-–—/×x]|to)\s?{_NUMBER})*                           # 2.5, 5–10, <1, 120/80
        (?:\s?{_UNIT}(?![^\W\d_])(?:\s?(?:/|per)\s?(?:\d+\s?)?{_UNIT}(?![^\W\d_]))*)?    # … mg/kg per day
      | \w+(?:[-'’.]\w+)*                                                      # a word
      | \S                                                                     # a sign
    )\s*
    """,
    re.VERBOSE,
)
_GAP = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")

MOST_COMPARED = 1_500_000
"""Words of one side times words of the other that are compared word by word; beyond it the middle counts as replaced.

difflib takes a time that grows with this product, and a text of 200 kB must not hold up a web process.
"""
MOST_PAIRED = 2_500
ALIKE = 0.35
"""Share of words in common from which two paragraphs count as one that changed."""


@dataclass(frozen=True)
class Piece:
    """A run of words: same, added or removed. `before` is a same one as the old text has it, with its white space."""

    kind: str
    text: str
    before: str = field(default="", compare=False)


@dataclass(frozen=True)
class Block:
    """A paragraph: same, added, removed or changed. A skipped one stands for `count` paragraphs that are the same."""

    kind: str
    pieces: tuple[Piece, ...] = ()
    count: int = 1


@dataclass(frozen=True)
class Change:
    """What became of one field. A text has `blocks`, a list has `items` in their order."""

    field: str
    blocks: tuple[Block, ...] = ()
    items: tuple[Piece, ...] = ()

    @property
    def only_spacing(self) -> bool:
        """Whether the texts differ in nothing but spaces and line breaks."""
        return bool(self.blocks) and all(block.kind in {SAME, SKIPPED} for block in self.blocks)


def of_text(old: str, new: str) -> tuple[Block, ...]:
    """All paragraphs of both texts in reading order, each with what changed in it."""
    before, after = paragraphs(old), paragraphs(new)
    blocks: list[Block] = []
    for kind, i1, i2, j1, j2 in opcodes(before, after):
        if kind == "equal":
            blocks += (Block(SAME, (Piece(SAME, text),)) for text in after[j1:j2])
        else:
            blocks += _replaced(before[i1:i2], after[j1:j2])
    return tuple(blocks)


def of_words(old: str, new: str) -> tuple[Piece, ...]:
    """What changed within one paragraph, word by word. White space counts for nothing; the new one is shown."""
    before, after = _words(old), _words(new)
    pieces: list[Piece] = []
    keys = [[word.rstrip() for word in words] for words in (before, after)]
    for kind, i1, i2, j1, j2 in opcodes(*keys):
        if kind == "equal":
            pieces.append(Piece(SAME, "".join(after[j1:j2]), "".join(before[i1:i2])))
            continue
        if i1 < i2:
            pieces.append(Piece(REMOVED, "".join(before[i1:i2])))
        if j1 < j2:
            pieces.append(Piece(ADDED, "".join(after[j1:j2])))
    return tuple(pieces)


def of_list(old: Iterable[str], new: Iterable[str]) -> tuple[Piece, ...]:
    """The entries of both lists in order. One that only moved is shown as taken out here and put in there."""
    before, after = list(old), list(new)
    pieces: list[Piece] = []
    for kind, i1, i2, j1, j2 in opcodes(before, after):
        if kind == "equal":
            pieces += (Piece(SAME, text) for text in after[j1:j2])
        else:
            pieces += (Piece(REMOVED, text) for text in before[i1:i2])
            pieces += (Piece(ADDED, text) for text in after[j1:j2])
    return tuple(pieces)


def alike(old: str, new: str) -> float:
    """How much of their words two paragraphs have in common, from 0 to 1; 0 where too little to be one that changed."""
    return _alike(*({word.rstrip() for word in _words(text)} for text in (old, new)))


def shortened(blocks: Sequence[Block], around: int = 1) -> tuple[Block, ...]:
    """The blocks that changed, each with `around` unchanged ones beside it; longer runs become one skipped block."""
    near = {
        place
        for index, block in enumerate(blocks)
        if block.kind != SAME
        for place in range(index - around, index + around + 1)
    }
    shown: list[Block] = []
    for index, block in enumerate(blocks):
        if index in near:
            shown.append(block)
        elif shown and shown[-1].kind == SKIPPED:
            shown[-1] = Block(SKIPPED, count=shown[-1].count + 1)
        else:
            shown.append(Block(SKIPPED))
    return tuple(shown)


def of_sources(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """The fields that differ between two sources, as `freezing.source_of` and an edition's `source` hold them.

    A field that only one of them has is compared with nothing.
    """
    before, after = dict(_fields(old)), dict(_fields(new))
    changes = []
    for name in dict.fromkeys([*after, *before]):
        was, now = before.get(name, ""), after.get(name, "")
        if was == now or not (was or now):
            continue
        if isinstance(was, list) or isinstance(now, list):
            changes.append(Change(name, items=of_list(was or [], now or [])))
        else:
            changes.append(Change(name, blocks=shortened(of_text(was, now))))
    return changes


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text: what stands between blank lines."""
    return [part for part in (part.strip() for part in _GAP.split(text)) if part]


def _fields(source: Mapping[str, Any]) -> Iterator[tuple[str, str | list[str]]]:
    """The fields of a source in reading order, each as a text or a list of texts."""
    bottom, plain = source.get("bottom_line", {}), source.get("plain_bottom_line", {})
    yield "question", source.get("question", "")
    yield "plain_question", source.get("plain_question", "")
    yield "heading", bottom.get("heading", "")
    yield "lead", bottom.get("lead", "")
    yield "plain_heading", plain.get("heading", "")
    yield "plain_lead", plain.get("lead", "")
    yield "body", source.get("body", "")
    yield "images", [_image(entry) for entry in source.get("images", ())]
    yield "byline", [_author(entry) for entry in source.get("byline", ())]
    yield "topics", list(source.get("topics", ()))
    yield "keywords", list(source.get("keywords", ()))
    yield "searched_on", source.get("searched_on", "")
    yield "follow_up_of", source.get("follow_up_of", "")
    yield "language", source.get("language", "")
    yield "kind", source.get("kind", "")


def _author(entry: Mapping[str, Any]) -> str:
    named = ", ".join(part for part in (entry.get("name"), entry.get("credentials")) if part)
    return f"{named} (ORCID {entry['orcid']})" if entry.get("orcid") else named


def _image(entry: Mapping[str, Any]) -> str:
    """An image by its name, the beginning of its digest (another picture has another) and its credit."""
    return ", ".join(part for part in (entry["name"], entry["digest"][:12], entry["credit"]) if part)


def _words(text: str) -> list[str]:
    return _TOKEN.findall(text)


def opcodes(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """difflib's operations, after what both begin and end with; where too much is left, that is one replacement."""
    shorter = min(len(old), len(new))
    start = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    end = next((n for n in range(shorter - start) if old[-1 - n] != new[-1 - n]), shorter - start)
    if start:
        yield "equal", 0, start, 0, start
    middle, other = old[start : len(old) - end], new[start : len(new) - end]
    if middle and other and len(middle) * len(other) <= MOST_COMPARED:
        matcher = SequenceMatcher(None, middle, other)
        for kind, i1, i2, j1, j2 in matcher.get_opcodes():
            yield kind, i1 + start, i2 + start, j1 + start, j2 + start
    elif middle or other:
        yield "replace", start, len(old) - end, start, len(new) - end
    if end:
        yield "equal", len(old) - end, len(old), len(new) - end, len(new)


def _replaced(before: Sequence[str], after: Sequence[str]) -> Iterator[Block]:
    for was, now in paired(before, after):
        if was is None:
            yield Block(ADDED, (Piece(ADDED, now or ""),))
        elif now is None:
            yield Block(REMOVED, (Piece(REMOVED, was),))
        else:
            pieces = of_words(was, now)
            yield Block(SAME if all(piece.kind == SAME for piece in pieces) else CHANGED, pieces)


def paired(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    """Paragraphs that are one another's earlier form, in the order that keeps the most in common."""
    if len(before) * len(after) > MOST_PAIRED:
        for text in before:
            yield text, None
        for text in after:
            yield None, text
        return
    bags = [[{word.rstrip() for word in _words(text)} for text in side] for side in (before, after)]
    rows, columns = len(before), len(after)
    best = [[0.0] * (columns + 1) for _row in range(rows + 1)]
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + _alike(bags[0][i], bags[1][j]))
    i = j = 0
    while i < rows or j < columns:
        if i < rows and j < columns:
            alike = _alike(bags[0][i], bags[1][j])
            if alike and best[i][j] == best[i + 1][j + 1] + alike:
                yield before[i], after[j]
                i, j = i + 1, j + 1
                continue
        if i < rows and (j == columns or best[i][j] == best[i + 1][j]):
            yield before[i], None
            i += 1
        else:
            yield None, after[j]
            j += 1


def _alike(one: set[str], other: set[str]) -> float:
    """Dice's coefficient of the words, 0 below `ALIKE`."""
    share = 2 * len(one & other) / (len(one) + len(other)) if one or other else 1.0
    return share if share >= ALIKE else 0.0
