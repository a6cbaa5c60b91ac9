"""Guidance that a template leaves in a text, and sections that nobody filled. Pure; run by the renderer.

Guidance stands on a line of its own: `<!-- guide: what belongs here -->`. It is dropped from every text, out of code
too, so that it is never published; what a person types after it on the same line is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from articles.markup.result import BODY, Finding

GUIDE = re.compile(r"^[ \t]*<!--[ \t]*guide:(?:(?!-->).)*(?:-->)?|<!--[ \t]*guide:(?:(?!-->).)*-->", re.IGNORECASE)
HEADING = re.compile(r" {0,3}(?P<level>#{1,6})(?:[ \t]+(?P<words>.*?)[ \t#]*)?$")
FENCE = re.compile(r"[ \t]*:{3,}")


def guide(words: str) -> str:
    """A line of guidance."""
    return f"<!-- guide: {' '.join(words.replace('-->', '→').split())} -->"


def without_guidance(lines: Iterable[str], field: str) -> tuple[list[str], list[Finding]]:
    """The lines without guidance, as many as before, and what the author is told of it."""
    kept: list[str] = []
    findings: list[Finding] = []
    for number, line in enumerate(lines, start=1):
        # Also where somebody made a quotation or an item of it: raw HTML would be shown as it is written.
        bare, count = GUIDE.subn("", line) if "<!--" in line else (line, 0)
        kept.append(bare)
        if not count:
            continue
        findings.append(
            Finding(
                "guidance-left",
                f"Line {number} is guidance of the template. It is never published; write over it, or delete it.",
                number,
                field,
                blocks=False,
            )
        )
    return kept, findings


def empty_sections(lines: Sequence[str]) -> list[Finding]:
    """Tell of headings with nothing under them before the next of the same or a higher level. Fences are nothing."""
    findings = []
    open_heading: tuple[int, int, str] | None = None
    for number, line in enumerate([*lines, "# "], start=1):
        heading = HEADING.match(line) if "#" in line else None
        if heading is None:
            if line.strip() and not FENCE.match(line):
                open_heading = None
            continue
        level = len(heading["level"])
        if open_heading and level <= open_heading[1]:
            findings.append(
                Finding(
                    "empty-section",
                    f"Nothing stands under the heading “{open_heading[2][:80]}” on line {open_heading[0]}; write the "
                    "section, or delete its heading.",
                    open_heading[0],
                    BODY,
                    blocks=False,
                )
            )
        open_heading = (number, level, heading["words"] or "")
    return findings
