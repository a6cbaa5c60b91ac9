"""The distinct texts of an edition, as a reviewer reads them: each once, with the blocks that not every reader gets.

Blocks are cut from the signed HTML at its top level and never changed, but that the desk shows images from an address
of its own, and a flag behind the number of a work that is doubted today. No database.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from articles.audiences import AUDIENCES, GENERAL, PLAIN
from articles.editions import Frozen
from articles.flagged import at_the_numbers
from desk.images import for_desk

_TAG = re.compile(r'<(?P<close>/?)(?P<name>[a-z][a-z0-9]*)(?:[^>"]|"[^"]*")*>', re.IGNORECASE)
_VOID = {"br", "hr", "img", "col", "input", "wbr"}
_PLACE = re.compile(r' (?:id|aria-label)="[^"]*"')
"""What numbers a block within its text: two readers get the same block although its ids differ."""


@dataclass(frozen=True)
class Passage:
    """One or more blocks in a row. `who` says who gets it, or who does not; empty where everybody does."""

    html: SafeString
    who: str


@dataclass(frozen=True)
class ReaderText:
    """One distinct text, numbered from 1: its short name for a tab, and all its readers in words."""

    number: int
    name: str
    readers: str
    words: int
    passages: tuple[Passage, ...]

    @property
    def differs(self) -> bool:
        """Whether any passage of it is not in every text."""
        return any(passage.who for passage in self.passages)


def texts_of(frozen: Frozen, status: Mapping[str, str] = MappingProxyType({})) -> list[ReaderText]:
    """Every distinct text of the edition, in the order in which it was frozen.

    `status` is what the library says today of the cited works, by their key: the flag stands behind the number.
    """
    of, texts = frozen.frozen["text_of"], frozen.frozen["texts"]
    readers = [[slug for slug, index in of.items() if index == number] for number in range(len(texts))]
    blocks = [top_level_blocks(at_the_numbers(text["html"], status, frozen)) for text in texts]
    holders: dict[str, list[int]] = {}
    for number, parts in enumerate(blocks):
        for key in dict.fromkeys(map(same, parts)):
            holders.setdefault(key, []).append(number)
    return [
        ReaderText(
            number=number + 1,
            name=_name(readers[number], has_plain=frozen.frozen["has_plain"]),
            readers=in_words(readers[number]),
            words=text["words"],
            passages=tuple(_passages(blocks[number], holders, readers)),
        )
        for number, text in enumerate(texts)
    ]


def _passages(blocks: list[str], holders: dict[str, list[int]], readers: list[list[str]]) -> Iterable[Passage]:
    """The blocks in order, those in a row with the same readers together."""
    run: list[str] = []
    run_holders: list[int] = []
    for block in [*blocks, None]:
        held = holders[same(block)] if block is not None else []
        if run and held != run_holders:
            yield Passage(for_desk("\n".join(run)), _who(run_holders, readers))
            run = []
        if block is not None:
            run.append(block)
            run_holders = held


def _who(holders: list[int], readers: list[list[str]]) -> str:
    """Who gets what these texts hold, said in the shorter way."""
    having = [slug for number in holders for slug in readers[number]]
    lacking = [slug for number, slugs in enumerate(readers) if number not in holders for slug in slugs]
    if not lacking:
        return ""
    if len(lacking) < len(having):
        return _("Not for %(readers)s") % {"readers": in_words(lacking)}
    return _("Only for %(readers)s") % {"readers": in_words(having)}


def top_level_blocks(html: str) -> list[str]:
    """Finished HTML cut between its outermost elements. Its parts joined again are the same elements in order."""
    blocks, depth, start = [], 0, 0
    for tag in _TAG.finditer(html):
        if tag["name"].lower() not in _VOID:
            depth += -1 if tag["close"] else 1
        if depth == 0:
            blocks.append(html[start : tag.end()].strip("\n"))
            start = tag.end()
    rest = html[start:].strip()
    return [*blocks, rest] if rest else blocks


def same(block: str) -> str:
    """What a block says, without the ids and names by which it is numbered within its text."""
    return _PLACE.sub("", block)


def in_words(slugs: Iterable[str]) -> str:
    """Readers as a list in words: "physicians, nurses and readers who have not said who they are"."""
    named = set(slugs)
    words = [_(audience.adapted) for audience in AUDIENCES if audience.slug in named]
    if GENERAL in named:
        words.append(_("readers who have not said who they are"))
    return get_text_list(words, _("and"))


def _name(slugs: list[str], *, has_plain: bool) -> str:
    named = set(slugs)
    if len(named) == len(AUDIENCES) + 1:
        return _("Text for every reader")
    if GENERAL in named:
        return _("General text")
    if named == {audience.slug for audience in AUDIENCES if audience.register == PLAIN}:
        return _("Plain text") if has_plain else _("General text with terms explained")
    return _("Text for %(readers)s") % {"readers": in_words(slugs)}
