"""The lines of a text before Python-Markdown sees them: fenced code taken out; lists, tables, headings set apart.

Python-Markdown is older than CommonMark. What authors expect today, and Pandoc or CommonMark do, is brought about
here: a list or a table may follow a paragraph without a blank line, and `#1 cause` is text, because a heading needs a space.
"""

from __future__ import annotations

import re
from html import escape

from articles.markup.citations import CLOSE, OPEN, unmarked
from articles.markup.result import BODY, Finding

CODE_FENCE = re.compile(r"(?P<indent>[ \t]*)(?P<fence>`{3,}(?=[^`]*$)|~{3,})")
CODE_PLACE = re.compile(f"(?:<p>)?{OPEN}code(?P<index>\\d+){CLOSE}(?:</p>)?")

BULLET = re.compile(r" {0,3}[-*+] +\S")
FIRST_NUMBER = re.compile(r" {0,3}1\. +\S")
ANY_ITEM = re.compile(r" {0,3}(?:[-*+]|\d+\.) +\S")
RULE = re.compile(r" {0,3}(?:(?:- *){3,}|(?:\* *){3,}|(?:_ *){3,})$")
TABLE_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
NOT_HEADING = re.compile(r"#{1,6}(?![# \t]|$)|#{7,}")


def take_out_code(lines: list[str]) -> tuple[list[str], list[str], list[Finding]]:
    """Return the lines with each fenced code block as one line that stands for it (and blank ones, to keep the count),
    the HTML of the blocks, and what is wrong with their fences.

    A fence is closed by a line of at least as many of the same characters (CommonMark 0.31, section 4.5).
    """
    if not any("```" in line or "~~~" in line for line in lines):
        return lines, [], []
    kept: list[str] = []
    blocks: list[str] = []
    findings: list[Finding] = []
    closers = [re.fullmatch(r"[ \t]*(`{3,}|~{3,})[ \t]*", line) for line in lines]
    number = 0
    while number < len(lines):
        opening = CODE_FENCE.match(lines[number])
        if opening is None:
            kept.append(lines[number])
            number += 1
            continue
        end = next(
            (
                later
                for later in range(number + 1, len(lines))
                if (closer := closers[later]) and closer[1].startswith(opening["fence"])
            ),
            None,
        )
        if end is None:
            findings.append(
                Finding(
                    "unclosed-code",
                    f"The code block opened on line {number + 1} is not closed; end it with "
                    f"{opening['fence']} on a line of its own.",
                    number + 1,
                    BODY,
                    blocks=True,
                )
            )
            # What follows is shown as code to the end, as CommonMark does: nothing in it is read as markup.
            end = len(lines)
        indent = len(opening["indent"])
        code = "\n".join(line[min(indent, len(line) - len(line.lstrip())) :] for line in lines[number + 1 : end])
        kept.append(f"{opening['indent']}{OPEN}code{len(blocks)}{CLOSE}")
        kept += [""] * (min(end, len(lines) - 1) - number)
        blocks.append(f"<pre><code>{escape(unmarked(code), quote=False)}\n</code></pre>")
        number = end + 1
    return kept, blocks, findings


def put_code_back(html: str, blocks: list[str]) -> str:
    if not blocks:
        return html
    return CODE_PLACE.sub(lambda match: blocks[int(match["index"])], html)


def set_apart(text: str) -> str:
    """Put a blank line before lists and tables that follow a paragraph directly, and before and after code."""
    lines = text.expandtabs(4).split("\n")
    result: list[str] = []
    in_list = False
    for index, line in enumerate(lines):
        previous = result[-1] if result else ""
        if line.startswith("#") and NOT_HEADING.match(line):
            line = "\\" + line
        if not line.strip():
            in_list = False
        elif f"{OPEN}code" in line:
            result.append("")
            result.append(line)
            result.append("")
            continue
        elif ANY_ITEM.match(line) and not RULE.match(line):
            if previous.strip() and not in_list and (BULLET.match(line) or FIRST_NUMBER.match(line)):
                result.append("")
                in_list = True
            elif not previous.strip():
                in_list = True
        elif (
            "|" in line
            and previous.strip()
            and not in_list
            and "|" not in previous
            and index + 1 < len(lines)
            and "|" in lines[index + 1]
            and TABLE_RULE.match(lines[index + 1])
        ):
            result.append("")
        result.append(line)
    return "\n".join(result)
