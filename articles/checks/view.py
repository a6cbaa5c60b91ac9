"""The article as checks read it: its fields as blocks with lines and sentences, who reads each, what is known of it.

Pure: `articles.checks.preparing` asks the database what is known and hands it in. A check is a function over a view.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from articles.alike import Alike
from articles.audiences import BY_SLUG, GENERAL, PLAIN, PROFESSIONAL, register_of
from articles.checks.finding import BLOCKS, JUSTIFY, WARNS, Finding
from articles.checks.reading import marks, sentences
from articles.markup.audience_blocks import find_parts, places, shown
from articles.markup.characters import normal
from articles.markup.door import Rendering
from articles.markup.glossary import Term
from articles.markup.layout import TABLE_RULE, take_out_code
from references.models import Reference

EXCERPT = 300
"""Characters of an excerpt, at most."""
_ITEM = re.compile(r"(?P<indent>[ \t]*)(?:[-*+]|\d{1,9}[.)])[ \t]+(?=\S)")
_HEADING = re.compile(r"[ ]{0,3}(?P<signs>#{1,6})(?:[ \t]+|$)")
_SETEXT = re.compile(r"[ ]{0,3}(?:=+|-{2,})[ \t]*$")
_RULE = re.compile(r"[ ]{0,3}(?:(?:-[ ]*){3,}|(?:\*[ ]*){3,}|(?:_[ ]*){3,})$")
_QUOTE = re.compile(r"[ ]{0,3}(?:>[ ]?)+")
_CODE_LINE = re.compile(r"[ \t]*\x0ecode\d+\x0f")
PARAGRAPH, HEADING, ITEM, TABLE = "paragraph", "heading", "item", "table"
FIELDS = ("question", "heading", "lead", "plain_question", "plain_heading", "plain_lead", "body")
"""Every field that is text, in the order in which it is read."""
ONE_LINE = frozenset({"question", "heading", "plain_question", "plain_heading"})
PLAIN_FIELDS = frozenset({"plain_question", "plain_heading", "plain_lead"})


@dataclass(frozen=True)
class Sentence:
    """One sentence: its words without marks, where it stands in its block, and whether it cites a work itself."""

    text: str
    start: int
    end: int
    cites: bool


@dataclass(frozen=True)
class Block:
    """A paragraph, heading, list item or table of a field. `masked` is `source` with its marks blank, in its length.

    `names` are the readers of the audience block that it stands in, none where everybody reads it; `under` is the block
    that leads to it: the sentence before a list, or the item above.
    """

    kind: str
    field: str
    line: int
    source: str
    names: frozenset[str] = frozenset()
    level: int = 0
    under: Block | None = None

    @cached_property
    def marks(self) -> marks.Masked:
        return marks.mask(self._bare())

    def _bare(self) -> str:
        """The source with the signs of its kind blank: of a heading, an item, a quotation, the rule of a table."""
        text = self.source
        if self.field == "body":
            if ">" in text:
                text = "\n".join(_blank(_QUOTE, line) for line in text.split("\n"))
            if self.kind == ITEM:
                text = _blank(_ITEM, text)
            elif self.kind == HEADING:
                text = _blank(_HEADING, text)
            elif self.kind == TABLE:
                text = "\n".join(" " * len(line) if TABLE_RULE.match(line) else line for line in text.split("\n"))
        return text

    @property
    def masked(self) -> str:
        return self.marks.text

    @cached_property
    def text(self) -> str:
        """Its words as one line."""
        return marks.words(self.masked)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        cites = self.marks.citations
        return tuple(
            Sentence(marks.words(self.masked[start:end]), start, end, any(start <= at < end for at in cites))
            for start, end in sentences.spans(self.masked)
        )

    @property
    def cites(self) -> bool:
        return bool(self.marks.citations)

    def blocks(self, code: str, message: str, span: tuple[int, int] | None = None) -> Finding:
        """A finding on this block, or on a piece of it, that forbids a submission."""
        return self._finding(code, message, span, BLOCKS)

    def asks(self, code: str, message: str, span: tuple[int, int] | None = None) -> Finding:
        """A finding that asks for a justification."""
        return self._finding(code, message, span, JUSTIFY)

    def warns(self, code: str, message: str, span: tuple[int, int] | None = None) -> Finding:
        """A finding that is advice."""
        return self._finding(code, message, span, WARNS)

    def _finding(self, code: str, message: str, span: tuple[int, int] | None, severity: str) -> Finding:
        start, end = span or (0, len(self.source))
        if start == 0 and self.kind == ITEM and (sign := _ITEM.match(self.source)):
            start = sign.end()
        piece = self.source[start:end]
        start += len(piece) - len(piece.lstrip())
        excerpt = piece.strip()[:EXCERPT]
        return Finding(code, message, self.line + self.source.count("\n", 0, start), self.field, severity, excerpt)


@dataclass(frozen=True)
class Asked:
    """What an address answered when the worker asked it: whether anything is there, and the day."""

    is_there: bool
    on: datetime.date


@dataclass(frozen=True)
class View:
    """An article, ready to be checked. `read_by` leads from `general` and each audience to its blocks of the body."""

    fields: Mapping[str, str]
    blocks: tuple[Block, ...] = ()
    read_by: Mapping[str, tuple[Block, ...]] = field(default_factory=dict)
    rendering: Rendering | None = None
    byline: Sequence[object] = ()
    searched_on: datetime.date | None = None
    today: datetime.date = datetime.date.min
    works: Sequence[Reference] = ()
    """The cited works, in the order of their numbers."""
    published: Mapping[str, str] = field(default_factory=dict)
    """By the key of a cited preprint, what was published of it."""
    addresses: Mapping[str, Asked] = field(default_factory=dict)
    """By address, what it last answered; none where nobody knows. See `articles.checks.preparing`."""
    alike: Sequence[Alike] = ()
    terms: Sequence[Term] = ()
    """Terms of the glossary that may occur in it; what became of each, the rendering says."""

    @cached_property
    def prose(self) -> tuple[Block, ...]:
        """All blocks but headings and fields of one line."""
        return tuple(block for block in self.blocks if block.kind != HEADING)

    @cached_property
    def body(self) -> tuple[Block, ...]:
        return tuple(block for block in self.blocks if block.field == "body")

    @cached_property
    def has_plain(self) -> bool:
        """Whether any part is written for plain readers alone."""
        return bool(self.plain_only)

    @cached_property
    def plain_only(self) -> tuple[Block, ...]:
        """What plain readers alone get: the plain bottom line and the blocks for them."""
        return tuple(block for block in self.blocks if _registers(block) == {PLAIN})

    @cached_property
    def professional_only(self) -> tuple[Block, ...]:
        return tuple(block for block in self.blocks if _registers(block) == {PROFESSIONAL})

    @cached_property
    def professional(self) -> tuple[Block, ...]:
        """All that any professional reader gets."""
        return tuple(block for block in self.blocks if PROFESSIONAL in _registers(block))

    @cached_property
    def plain(self) -> tuple[Block, ...]:
        """All that plain readers get, what everybody gets included."""
        return tuple(block for block in self.blocks if PLAIN in _registers(block))

    @cached_property
    def meant_plain(self) -> tuple[Block, ...]:
        """All that plain readers get, where the body was written for them too; else the plain fields alone."""
        in_body = any(block.field == "body" for block in self.plain_only)
        return self.plain if in_body else self.plain_only

    def with_addresses(self, addresses: Mapping[str, Asked]) -> View:
        """The same with what is known of its addresses."""
        return replace(self, addresses=addresses)

    def use_of(self, key: str) -> Finding:
        """Where a work is first cited, as an empty finding to be filled; nowhere where only another key leads to it."""
        sign = re.compile(rf"@(?:{re.escape(key)}(?![\w])|\{{\s*{re.escape(key)}\s*\}})")
        for block in self.blocks:
            if match := sign.search(block.source):
                return block.warns("", "", match.span())
        return Finding("", "")


def _registers(block: Block) -> set[str]:
    if block.field != "body":
        return {PLAIN} if block.field in PLAIN_FIELDS else {PROFESSIONAL}
    if not block.names:
        return {PROFESSIONAL, PLAIN}
    return {name if name not in BY_SLUG else register_of(name) for name in block.names}


def view_of(fields: Mapping[str, str], **known: object) -> View:
    """The view of these fields (see FIELDS). `known` is what else a view holds."""
    texts = {name: normal(fields.get(name, "")) for name in FIELDS}
    blocks: list[Block] = []
    read_by: dict[str, tuple[Block, ...]] = {}
    for name in FIELDS:
        if name == "body":
            of_body, read_by = _body(texts[name])
            blocks += of_body
        elif texts[name].strip():
            kind = HEADING if name in ONE_LINE else PARAGRAPH
            lines = texts[name].split("\n")
            first = next(number for number, line in enumerate(lines) if line.strip())
            blocks.append(Block(kind, name, first + 1, "\n".join(lines[first:]).rstrip()))
    return View(texts, tuple(blocks), read_by, **known)  # type: ignore[arg-type]


def _body(text: str) -> tuple[list[Block], dict[str, tuple[Block, ...]]]:
    """The blocks of a body, and those that each reader gets."""
    lines, _code, _findings = take_out_code(text.split("\n"))
    parts, _findings = find_parts(lines)
    of_part: dict[int, list[Block]] = {}
    line = 1
    for part in parts:
        of_part[id(part)] = _blocks(part.lines, line, part.names)
        line += len(part.lines) + 1
    in_places = places(parts)
    read_by = {
        reader: tuple(block for place in in_places for part in shown(place, reader) for block in of_part[id(part)])
        for reader in (GENERAL, *BY_SLUG)
    }
    return [block for part in parts for block in of_part[id(part)]], read_by


class _Reader:
    """Collects the lines of the block that is being read."""

    def __init__(self, names: frozenset[str]) -> None:
        self.names = names
        self.blocks: list[Block] = []
        self.items: list[tuple[int, Block]] = []
        self.lines: list[str] = []
        self.first, self.kind, self.indent = 0, PARAGRAPH, 0
        self.lead: Block | None = None

    def begin(self, kind: str, number: int, line: str, indent: int = 0) -> None:
        self.end()
        self.kind, self.first, self.indent, self.lines = kind, number, indent, [line]

    def end(self) -> None:
        if not self.lines:
            return
        under = None
        if self.kind == ITEM:
            while self.items and self.items[-1][0] >= self.indent:
                self.items.pop()
            under = self.items[-1][1] if self.items else self.lead
        elif self.kind == TABLE:
            under = self.lead
        elif self.items and self.indent:
            under = self.items[-1][1]
        block = Block(self.kind, "body", self.first, "\n".join(self.lines), self.names, under=under)
        self.lines = []
        self.add(block)

    def add(self, block: Block) -> None:
        self.blocks.append(block)
        if block.kind == ITEM:
            self.items.append((self.indent, block))
        elif not (self.items and self.indent):
            self.items = []
            self.lead = block if block.kind == PARAGRAPH and block.source.rstrip("*_ ").endswith(":") else None


def _blocks(lines: Sequence[str], first: int, names: frozenset[str]) -> list[Block]:
    """Cut the lines of one part into blocks, much as `articles.markup.layout` sets them apart."""
    reader = _Reader(names)
    for number, written in enumerate(lines, first):
        quoted = _QUOTE.match(written)
        line = (written[quoted.end() :] if quoted else written).expandtabs(4)
        if not line.strip() or _CODE_LINE.match(line):
            reader.end()
        elif heading := _HEADING.match(line):
            reader.end()
            reader.items, reader.indent = [], 0
            reader.add(Block(HEADING, "body", number, written, names, level=len(heading["signs"])))
        elif reader.lines and reader.kind == PARAGRAPH and _SETEXT.match(line):
            level = 1 if "=" in line else 2
            block = Block(HEADING, "body", reader.first, "\n".join(reader.lines), names, level=level)
            reader.lines, reader.items, reader.indent = [], [], 0
            reader.add(block)
        elif _RULE.match(line):
            reader.end()
        elif reader.lines and reader.kind == TABLE and "|" in line:
            reader.lines.append(written)
        elif item := _ITEM.match(line):
            reader.begin(ITEM, number, written, len(item["indent"]) + 1)
        elif "|" in line and number - first + 1 < len(lines) and _is_table_rule(lines[number - first + 1]):
            reader.begin(TABLE, number, written)
        elif reader.lines:
            reader.lines.append(written)
        else:
            indent = len(line) - len(line.lstrip())
            reader.begin(PARAGRAPH, number, written, indent if reader.items else 0)
    reader.end()
    return reader.blocks


def _blank(sign: re.Pattern[str], line: str) -> str:
    match = sign.match(line)
    return " " * match.end() + line[match.end() :] if match else line


def _is_table_rule(line: str) -> bool:
    return "|" in line and "-" in line and TABLE_RULE.match(line) is not None
