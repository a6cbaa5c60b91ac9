"""One reader's text with what differs from the general one marked: blocks of their own, words put in and taken out.

Blocks are cut from finished HTML at its top level. What is only worded otherwise is shown word by word, without its
layout; everything else as the reader gets it. Pure: no database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.safestring import SafeString

from articles import diffs
from articles.diffs import ADDED, CHANGED, REMOVED, SAME, Piece
from articles.markup.door import trusted
from articles.markup.plain import plain_text
from desk.images import for_desk
from desk.reviewing.texts import same, top_level_blocks

_ID = re.compile(r' id="[^"]*"')
_NAME = re.compile(r"<(\w+)")


@dataclass(frozen=True)
class Marked:
    """A block of the text: `html` for one that is the same, added or removed; `pieces` for one that is worded anew."""

    kind: str
    html: SafeString | str = ""
    pieces: tuple[Piece, ...] = ()


def marked(html: str, general: str) -> list[Marked]:
    """The blocks of a text in order, with those that only the general text has where they stand there.

    Blocks in a row that only one of the two has are one.
    """
    joined: list[Marked] = []
    for block in _marked(html, general):
        last = joined[-1] if joined else None
        if last and last.kind == block.kind and block.kind in {ADDED, REMOVED}:
            joined[-1] = Marked(block.kind, trusted(f"{last.html}\n{block.html}"))
        else:
            joined.append(block)
    return joined


def _marked(html: str, general: str) -> list[Marked]:
    ours, theirs = top_level_blocks(html), top_level_blocks(general)
    found: list[Marked] = []
    added: list[str] = []
    removed: list[str] = []
    mine, other = iter(ours), iter(theirs)
    for piece in diffs.of_list(map(same, theirs), map(same, ours)):
        if piece.kind == ADDED:
            added.append(next(mine))
        elif piece.kind == REMOVED:
            removed.append(next(other))
        else:
            found += _run(removed, added)
            added, removed = [], []
            next(other)
            found.append(Marked(SAME, for_desk(next(mine))))
    return [*found, *_run(removed, added)]


def _run(removed: list[str], added: list[str]) -> Iterator[Marked]:
    """Blocks in a row that differ: each with its counterpart, where there is one of the same sort and like it."""
    rest = removed
    for block in added:
        at = next((at for at, was in enumerate(rest) if _is_counterpart(was, block)), None)
        if at is None:
            yield Marked(ADDED, for_desk(block))
            continue
        for was in rest[:at]:
            yield Marked(REMOVED, for_desk(_ID.sub("", was)))
        yield Marked(CHANGED, pieces=diffs.of_words(plain_text(rest[at]), plain_text(block)))
        rest = rest[at + 1 :]
    for was in rest:
        yield Marked(REMOVED, for_desk(_ID.sub("", was)))


def _is_counterpart(was: str, now: str) -> bool:
    names = [match[1] if (match := _NAME.match(block)) else "" for block in (was, now)]
    return names[0] == names[1] and diffs.alike(plain_text(was), plain_text(now)) > 0
