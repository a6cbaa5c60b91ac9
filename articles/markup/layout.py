"""The lines of a text before Python-Markdown sees them: fenced code taken out; lists, tables, headings set apart.

Python-Markdown is older than CommonMark. What authors expect today, and Pandoc or CommonMark do, is brought about
here: a list or a table may follow a paragraph without a blank line, and `#1 cause` is text: a heading needs a space.
"""

from __future__ import annotations

import re
from html import escape

from articles.markup.citations import CLOSE, OPEN, unmarked
from articles.markup.result import BODY, Finding

CODE_FENCE = re.compile(r"(?P<indent>[ \t]*)(?P<fence>`{3,}(?=[^`]*$)|~{3,})")
CODE_PLACE = re.compile(f"(?:<p>)?{OPEN}code(?P<index>\\d+){CLOSE}(?:</p>)?")

ITEM = re.compile(r"(?P<indent> *)(?P<marker>[-*+]|\d{1,9}\.) +(?=\S)")
RULE = re.compile(r" {0,3}(?:(?:- *){3,}|(?:\* *){3,}|(?:_ *){3,})$")
TABLE_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
INTERRUPTING = ("-", "*", "+", "1.")
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
    """Set lists and tables apart from the paragraph before them, code from both sides, and nested items four deep.

    An item belongs to the one above it when it is indented by two spaces or more; Python-Markdown would want four. Only
    a bullet or a `1.` may interrupt a paragraph, so that a line of prose may begin with `1986. `.
    """
    lines = text.expandtabs(4).split("\n")
    result: list[str] = []
    # The indents, as written, of the items that the present line may belong to, outermost first.
    items: list[int] = []
    for index, line in enumerate(lines):
        after_blank = not result or not result[-1].strip()
        bare = line.lstrip(" ")
        indent = len(line) - len(bare)
        item = None if RULE.match(line) else ITEM.match(line)
        if not bare:
            result.append("")
        elif item and (items or (indent < 4 and (after_blank or item["marker"] in INTERRUPTING))):
            if not items and not after_blank:
                result.append("")
            while items and indent < items[-1] + 2:
                items.pop()
            result.append(" " * 4 * len(items) + bare)
            items.append(indent)
        elif f"{OPEN}code" in line:
            while items and indent < items[-1] + 2:
                items.pop()
            result += ["", " " * 4 * len(items) + bare, ""]
        elif items and after_blank:
            while items and indent < items[-1] + 2:
                items.pop()
            result.append(" " * 4 * len(items) + line[min(indent, items[-1] + 4) :] if items else line)
        elif items:
            result.append(" " * 4 * (len(items) - 1) + bare)
        else:
            if not after_blank and "|" not in result[-1] and starts_table(lines, index):
                result.append("")
            result.append("\\" + line if NOT_HEADING.match(line) else line)
    return "\n".join(result)


def starts_table(lines: list[str], index: int) -> bool:
    rule = lines[index + 1] if index + 1 < len(lines) else ""
    return "|" in lines[index] and "|" in rule and TABLE_RULE.match(rule) is not None
