"""Pandoc's fenced divs as blocks for audiences: found in the source, and the source that each reader gets.

`::: patient`, `::: plain` or `::: {.physician .nurse}` on a line of its own opens a block, `:::` closes it. Consecutive
blocks with nothing but blank lines between them are one *place* with alternatives: in each place a reader sees the
blocks that name their audience, else those that name their register, else nothing. The general text sees, in each
place, only the blocks that name the professional register. Blocks don't stand inside one another.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from articles.audiences import AUDIENCES, BY_SLUG, GENERAL, PLAIN, PROFESSIONAL, REGISTERS
from articles.markup.result import BODY, Finding

FENCE = re.compile(r"(?P<indent>[ \t]*):{3,}(?P<rest>.*)")
NAMES = (*REGISTERS, *BY_SLUG)


@dataclass
class Part:
    """A run of lines for everyone (`names` is empty), or one audience block."""

    names: frozenset[str]
    opened: int
    lines: list[str] = field(default_factory=list)

    @property
    def blank(self) -> bool:
        return not any(line.strip() for line in self.lines)


def find_parts(lines: list[str]) -> tuple[list[Part], list[Finding]]:
    """Cut the lines of a body (fenced code already taken out) into parts, with what is wrong with their fences.

    A body with findings can be previewed, not submitted: what an unreadable fence opens is shown to everyone, an
    unclosed block ends where the next begins or the text ends.
    """
    parts = [Part(frozenset(), 1)]
    findings: list[Finding] = []
    open_since: int | None = None

    def refuse(code: str, message: str, line: int) -> None:
        findings.append(Finding(code, message, line, BODY, blocks=True))

    for number, line in enumerate(lines, 1):
        match = FENCE.match(line) if ":::" in line else None
        if match is None:
            parts[-1].lines.append(line)
            continue
        if len(match["indent"].expandtabs(4)) > 3:
            refuse(
                "indented-block",
                f"Line {number} begins with spaces; a line with ::: must begin at the margin, also after a list.",
                number,
            )
        # Pandoc allows colons behind the name too, for looks.
        written = match["rest"].rstrip(" \t:").lstrip()
        if not written:
            if open_since is None:
                refuse("stray-fence", f"The ::: on line {number} closes a block, but none is open there.", number)
            open_since = None
            parts.append(Part(frozenset(), number + 1))
            continue
        names = read_names(written, number, refuse)
        if open_since is not None:
            refuse(
                "nested-block",
                f"Line {number} opens a block inside the one opened on line {open_since}; close that one with ::: "
                "first, for blocks can't stand inside one another.",
                number,
            )
        open_since = number
        parts.append(Part(names, number))
    if open_since is not None:
        refuse(
            "unclosed-block",
            f"The block opened on line {open_since} is not closed; end it with ::: on a line of its own.",
            open_since,
        )
    return parts, findings


def read_names(written: str, number: int, refuse: Callable[[str, str, int], None]) -> frozenset[str]:
    """Return the audiences and registers that an opening line names; none, with a refusal, where it can't be read."""
    inside = written[1:-1].strip() if written.startswith("{") and written.endswith("}") else None
    if inside is None:
        words = [written]
    else:
        words = [word.removeprefix(".") if word.startswith(".") else f"{{{word}}}" for word in inside.split()]
    if not words:
        refuse("unnamed-block", f"The block opened on line {number} names no audience.", number)
        return frozenset()
    for word in words:
        if word not in NAMES:
            refuse(
                "unknown-audience",
                f"“{word}” on line {number} is not an audience; choose from {', '.join(NAMES)}, as in ::: patient or "
                "::: {.physician .nurse}.",
                number,
            )
            return frozenset()
    return frozenset(words)


def places(parts: list[Part]) -> list[list[Part]]:
    """Group the parts: each text for everyone alone, consecutive audience blocks together."""
    grouped: list[list[Part]] = []
    for part in parts:
        if not part.names and part.blank:
            continue
        if part.names and grouped and grouped[-1][0].names:
            grouped[-1].append(part)
        else:
            grouped.append([part])
    return grouped


def shown(place: list[Part], audience: str) -> list[Part]:
    """The parts of one place that a reader of an audience, or the general reader, sees."""
    if not place[0].names:
        return place
    if audience == GENERAL:
        return [part for part in place if PROFESSIONAL in part.names]
    own = [part for part in place if audience in part.names]
    return own or [part for part in place if BY_SLUG[audience].register in part.names]


def texts_for_readers(parts: list[Part]) -> dict[str, str]:
    """The Markdown that the general reader and each audience get, keyed by `general` and the audience's slug."""
    in_places = places(parts)
    if all(not place[0].names for place in in_places):
        common = "\n".join(line for place in in_places for part in place for line in part.lines)
        return dict.fromkeys((GENERAL, *BY_SLUG), common)
    return {
        audience: "\n\n".join("\n".join(part.lines) for place in in_places for part in shown(place, audience))
        for audience in (GENERAL, *BY_SLUG)
    }


def has_plain(parts: list[Part]) -> bool:
    """Whether any block is written for readers of the plain register."""
    plain = {PLAIN} | {audience.slug for audience in AUDIENCES if audience.register == PLAIN}
    return any(part.names & plain and not part.blank for part in parts)


def unseen_blocks(parts: list[Part]) -> list[Finding]:
    """Tell of blocks that no reader ever sees, because each of their readers has a block of their own there."""
    findings = []
    for place in places(parts):
        seen = {id(part) for audience in (GENERAL, *BY_SLUG) for part in shown(place, audience)}
        findings += [
            Finding(
                "unseen-block",
                f"Nobody sees the block opened on line {part.opened}, because each reader whom it is for has a block "
                "of their own beside it.",
                part.opened,
                BODY,
                blocks=False,
            )
            for part in place
            if id(part) not in seen
        ]
    return findings
