"""Limits on a text before it is parsed and on what came of it, each with a sentence for its author.

Python-Markdown is quadratic in some constructs and recursive in others (DESIGN, section 7). The limits lie far above
any real answer and far below what takes a second; what slips through is ended by the door after two seconds.
"""

from __future__ import annotations

import re

from articles.markup.result import BODY, Finding

BYTES = {"body": 200_000, "lead": 2_000, "plain_lead": 2_000}
LINE = 40_000
PARAGRAPH = 60_000
DEPTH = 12
INDENT = 60
CELLS = 6_000
COLUMNS = 40
LINES = 10_000
ITEMS = 2_500
RULES = 60
RESULT = 1_500_000

NESTING = re.compile(r"[ \t]*(?:(?:[-*+]|\d+[.)]|>|:)[ \t]*)*")
MARKER = re.compile(r"(?:[-*+]|\d+[.)])(?=[ \t])|>|:(?=[ \t])")
ITEM = re.compile(r"[ \t]*(?:(?:[-*+:]|\d+[.)])[ \t]|>)")
RULE = re.compile(r"[ \t]*(?:=+|(?:[-*_][ \t]*+)++)$")

# What is counted, the most of it in one paragraph and in the whole field, and its name in the sentence.
SIGNS = (
    ("[", 400, 4_000, "opening square brackets"),
    ("]", 400, 4_000, "closing square brackets"),
    ("(", 1_500, 20_000, "opening parentheses"),
    ("*", 800, 8_000, "asterisks"),
    ("_", 800, 8_000, "underscores"),
    ("`", 400, 4_000, "backticks"),
    ("~", 2_000, 8_000, "tildes"),
    ("<", 800, 8_000, "less-than signs"),
    ("&", 800, 8_000, "ampersands"),
    ("\\", 800, 8_000, "backslashes"),
    ("!", 2_000, 8_000, "exclamation marks"),
    ("@", 1_000, 5_000, "at signs"),
    ("#", 800, 4_000, "number signs"),
)


def size(text: str, field: str) -> list[Finding]:
    """Return what makes a text too large to be looked at."""
    size = len(text.encode("utf-8", "replace"))
    if size > BYTES[field]:
        return [
            refusal(
                "too-large",
                f"This text has {size:,} bytes; at most {BYTES[field]:,} can be laid out. Please shorten it or split "
                "it into several answers.",
                None,
                field,
            )
        ]
    return []


def before_parsing(text: str, field: str) -> list[Finding]:
    """Return what makes a text too tangled to be laid out; nothing where it may be parsed."""
    totals = [(sign, most, name) for sign, _, most, name in SIGNS if text.count(sign) > most]
    if totals:
        sign, most, name = totals[0]
        return [
            refusal(
                "too-many-signs",
                f"This text has {text.count(sign):,} {name}; at most {most:,} can be laid out.",
                None,
                field,
            )
        ]
    return paragraphs(text.split("\n"), field)


def paragraphs(lines: list[str], field: str) -> list[Finding]:
    if len(lines) > LINES:
        return [refusal("too-many-lines", f"This text has more than {LINES:,} lines; please shorten it.", None, field)]
    start, cells, items = 1, 0, 0
    run: list[str] = []
    for number, line in enumerate([*lines, ""], 1):
        if line.strip():
            cells += line.count("|")
            items += ITEM.match(line) is not None
            found = one_line(line, number, field)
            if found:
                return [found]
            if not run:
                start = number
            run.append(line)
            continue
        if run:
            found = one_paragraph(run, start, field)
            if found:
                return [found]
            run = []
    if cells > CELLS:
        return [
            refusal(
                "table-too-large",
                f"The tables have more than {CELLS:,} cells together; please split them.",
                None,
                field,
            )
        ]
    if items > ITEMS:
        return [
            refusal(
                "too-many-items",
                f"This text has more than {ITEMS:,} list items or quoted lines; please shorten its lists.",
                None,
                field,
            )
        ]
    return []


def one_line(line: str, number: int, field: str) -> Finding | None:
    if len(line) > LINE:
        return refusal("line-too-long", f"Line {number} has more than {LINE:,} characters.", number, field)
    if line.count("|") > COLUMNS:
        return refusal("table-too-wide", f"Line {number} has more than {COLUMNS} table cells.", number, field)
    opening = NESTING.match(line)
    if opening is not None and opening.end() > 1:
        depth = len(MARKER.findall(opening[0] + " "))
        if depth > DEPTH or (line[opening.end() - 1 : opening.end()] and indent(line) > INDENT):
            return refusal(
                "too-deep", f"Lists or quotes on line {number} are nested more than {DEPTH} deep.", number, field
            )
    return None


def indent(line: str) -> int:
    line = line.expandtabs(4)
    return len(line) - len(line.lstrip(" "))


def one_paragraph(lines: list[str], start: int, field: str) -> Finding | None:
    if sum(1 for line in lines if RULE.match(line)) > RULES:
        return refusal(
            "too-many-rules",
            f"The paragraph that begins on line {start} has more than {RULES} lines of dashes, stars or equals signs.",
            start,
            field,
        )
    text = "\n".join(lines)
    if len(text) > PARAGRAPH:
        return refusal(
            "paragraph-too-long",
            f"The paragraph that begins on line {start} has more than {PARAGRAPH:,} characters; please set blank lines "
            "between its thoughts.",
            start,
            field,
        )
    for sign, most, _, name in SIGNS:
        if text.count(sign) > most:
            return refusal(
                "too-many-signs",
                f"The paragraph that begins on line {start} has more than {most} {name}, which can't be laid out.",
                start,
                field,
            )
    return None


def after_parsing(html: str) -> list[Finding]:
    """Return what makes a laid-out text too large to be kept."""
    if len(html) <= RESULT:
        return []
    return [
        refusal(
            "result-too-large",
            f"Laid out, this text has {len(html):,} characters; at most {RESULT:,} can be kept. Large tables are the "
            "usual cause.",
            None,
            BODY,
        )
    ]


def refusal(code: str, message: str, line: int | None, field: str) -> Finding:
    return Finding(code, message, line, field, blocks=True)
