"""Two texts that grew from one, laid side by side block by block, to be joined. Pure: no database and no HTML.

A block is a paragraph: what stands between blank lines. Where the text that both began from is known, what only one
side changed is told from what both changed (as in diff3); where it is not, somebody must decide every difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from articles import diffs

SAME, MINE, THEIRS, BOTH = "same", "mine", "theirs", "both"
"""Who changed a part; and, but for SAME, what can be taken of it: mine, theirs, or mine followed by theirs."""

_GAP = re.compile(r"(\n[ \t]*(?:\n[ \t]*)+)")
_OWN_GAP = re.compile(r"\n[ \t]*\n")
_PLAIN_GAP = "\n\n"


@dataclass(frozen=True)
class Part:
    """A run of blocks: the same on both sides, or as each side has it. `kind` says who changed it."""

    kind: str
    base: tuple[str, ...]
    mine: tuple[str, ...]
    theirs: tuple[str, ...]

    @property
    def preset(self) -> str:
        """What is taken unless somebody chooses: the side that changed; nothing where both did."""
        return "" if self.kind == BOTH else self.kind

    def taken(self, choice: str) -> tuple[str, ...]:
        """The blocks that a choice leaves."""
        if self.kind == SAME:
            return self.mine
        return {MINE: self.mine, THEIRS: self.theirs, BOTH: self.mine + self.theirs}[choice]


def blocks(text: str) -> tuple[str, ...]:
    """The paragraphs of a text, such that `text_of` gives the very text back: an odd gap stays with what follows it."""
    if not text:
        return ()
    first, *rest = _GAP.split(text)
    following = zip(rest[::2], rest[1::2], strict=True)
    return (first, *(block if gap == _PLAIN_GAP else gap + block for gap, block in following))


def text_of(parts: Sequence[str]) -> str:
    """The text of these blocks."""
    text = ""
    for number, block in enumerate(parts):
        text += block if not number or _OWN_GAP.match(block) else _PLAIN_GAP + block
    return text


def parts(base: str | None, mine: str, theirs: str) -> tuple[Part, ...]:
    """Both texts in reading order, alternately the same and what differs. `base` is None where unknown."""
    ours, other = blocks(mine), blocks(theirs)
    if base is None:
        found = list(_two_sided(ours, other))
    else:
        found = list(_three_sided(blocks(base), ours, other))
    joined: list[Part] = []
    for part in found:
        if part.kind == SAME and joined and joined[-1].kind == SAME:
            last = joined.pop()
            part = Part(SAME, last.base + part.base, last.mine + part.mine, last.theirs + part.theirs)
        joined.append(part)
    return tuple(joined)


def joined(found: Sequence[Part], choices: Sequence[str]) -> str:
    """The text that the choices make, one choice for each part that differs, in order."""
    left = iter(choices)
    return text_of([block for part in found for block in part.taken(next(left) if part.kind != SAME else SAME)])


def who_changed(base: object, mine: object, theirs: object, *, base_is_known: bool = True) -> str:
    """Who changed a value that is taken whole: SAME where both sides agree."""
    if mine == theirs:
        return SAME
    if base_is_known and theirs == base:
        return MINE
    if base_is_known and mine == base:
        return THEIRS
    return BOTH


def _two_sided(mine: tuple[str, ...], theirs: tuple[str, ...]) -> Iterator[Part]:
    place = offset = 0
    for i1, i2, j1, j2 in _changes(theirs, mine):
        if place < i1:
            same = theirs[place:i1]
            yield Part(SAME, same, same, same)
        yield Part(BOTH, (), mine[j1:j2], theirs[i1:i2])
        place, offset = i2, j2 - i2
    if place < len(theirs):
        same = theirs[place:]
        assert same == mine[place + offset :]
        yield Part(SAME, same, same, same)


def _three_sided(base: tuple[str, ...], mine: tuple[str, ...], theirs: tuple[str, ...]) -> Iterator[Part]:
    """diff3: the changes of both sides against the base, joined to one region where they touch the same blocks."""
    changes = sorted(
        [(i1, i2, 0, (j2 - j1) - (i2 - i1)) for i1, i2, j1, j2 in _changes(base, mine)]
        + [(i1, i2, 1, (j2 - j1) - (i2 - i1)) for i1, i2, j1, j2 in _changes(base, theirs)]
    )
    offsets = [0, 0]
    place = at = 0
    while at < len(changes):
        start, end = changes[at][:2]
        before = tuple(offsets)
        while True:
            _i1, i2, side, grown = changes[at]
            end = max(end, i2)
            offsets[side] += grown
            at += 1
            if at == len(changes) or not _touches(changes[at][:2], start, end):
                break
        if place < start:
            same = base[place:start]
            yield Part(SAME, same, same, same)
        was = base[start:end]
        ours = mine[start + before[0] : end + offsets[0]]
        other = theirs[start + before[1] : end + offsets[1]]
        kind = who_changed(was, ours, other)
        yield Part(kind, was, ours, other)
        place = end
    if place < len(base):
        same = base[place:]
        yield Part(SAME, same, same, same)


def _touches(change: tuple[int, int], start: int, end: int) -> bool:
    """Whether a change, sorted after a region, belongs to it: a common block, or both put in at one point."""
    return change[0] < end or change == (start, end)


def _changes(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[tuple[int, int, int, int]]:
    """What was replaced, as ranges of both, as fine as paragraphs that are one another's earlier form allow."""
    for kind, i1, i2, j1, j2 in diffs.opcodes(old, new):
        if kind != "equal":
            yield from _refined(old[i1:i2], new[j1:j2], i1, j1)


def _refined(old: Sequence[str], new: Sequence[str], i: int, j: int) -> Iterator[tuple[int, int, int, int]]:
    """A replacement as single paragraphs that changed, and runs that were taken out, put in or written anew."""
    i1, j1 = i, j
    # As many as before, and too many to compare all with all: each is taken for its earlier form.
    in_place = len(old) == len(new) and len(old) ** 2 > diffs.MOST_PAIRED
    for was, now in zip(old, new, strict=True) if in_place else diffs.paired(old, new):
        if was is not None and now is not None:
            if (i1, j1) != (i, j):
                yield i1, i, j1, j
            if was != now:
                yield i, i + 1, j, j + 1
            i1, j1 = i, j = i + 1, j + 1
        else:
            i, j = i + (was is not None), j + (now is not None)
    if (i1, j1) != (i, j):
        yield i1, i, j1, j
