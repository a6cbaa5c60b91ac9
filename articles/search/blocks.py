"""The passages of an answer: its bottom lines and the paragraphs, lists and tables of its texts, each word for word.

A passage is plain data: {"text", "anchor", "heading", "sources", "in"}. `text` is the text of the signed HTML without
its marks, the cells of a row kept apart; `anchor` the id on the page from which it follows; `sources` the numbers of
the works cited in it; `in` says who gets it: "lead" and "plain_lead" for the bottom lines, and the numbers of the texts
(see `Frozen.text_for`).
"""

from __future__ import annotations

import re
from typing import Any

from articles.editions import Frozen
from articles.markup.plain import BETWEEN_CELLS, CELL_END, plain_text
from articles.markup.result import CITE_MARK

LEAD, PLAIN_LEAD = "lead", "plain_lead"
BOTTOM_LINE, BODY = "bottom-line", "text"
"""Ids of the page where no heading has one of its own: see templates/live/."""
LONGEST = 1200
"""Items and rows are gathered into one passage up to so many characters."""
_HEADING = re.compile(r"<h([2-4])\b([^>]*)>(.*?)</h\1>", re.DOTALL)
_ID = re.compile(r'\bid="([^"]*)"')
_BLOCK = re.compile(r"(.*?)(</(?:p|li|dt|dd|pre|tr|figcaption)>)", re.DOTALL)
_OPENS_LIST = re.compile(r"<(?:ul|ol|dl|table)\b")


def passages_of(frozen: Frozen) -> dict[str, Any]:
    """All passages of an edition, each text once, in the order of the page."""
    found: dict[str, dict[str, Any]] = {}
    source = frozen.source
    bottom = ((LEAD, "bottom_line"), (PLAIN_LEAD, "plain_bottom_line"))
    for name, part in bottom:
        if text := plain_text(frozen.frozen[name]):
            one = _passage(text, BOTTOM_LINE, source[part]["heading"], _sources(frozen.frozen[name]))
            found.setdefault(text, one)["in"].append(name)
    for number, text in enumerate(frozen.frozen["texts"]):
        for one in blocks(text["html"]):
            there = found.setdefault(one["text"], one)["in"]
            if number not in there:
                there.append(number)
    return {"of": frozen.frozen["text_of"], "all": list(found.values())}


def blocks(html: str) -> list[dict[str, Any]]:
    """The passages of finished HTML: a paragraph, or a list or table with the line that leads to it."""
    anchor, heading, start = BODY, "", 0
    found: list[dict[str, Any]] = []
    for match in _HEADING.finditer(html):
        found += _section(html[start : match.start()], anchor, heading)
        heading = " ".join(plain_text(match[3]).split())
        there = _ID.search(match[2])
        anchor, start = there[1] if there else anchor, match.end()
    return found + _section(html[start:], anchor, heading)


def _section(html: str, anchor: str, heading: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    end = 0
    for match in _BLOCK.finditer(html):
        end = match.end()
        text = _row(match[1]) if match[2] == "</tr>" else plain_text(match[1])
        if not text:
            continue
        sources = _sources(match[1])
        before = found[-1] if found else None
        is_item = match[2] in {"</li>", "</tr>", "</dt>", "</dd>"}
        # The first item goes with the line that leads to the list, the others with the first.
        joins = before is not None and is_item and (before["list"] or before["text"].endswith(":"))
        if before is not None and joins and len(before["text"]) + len(text) < LONGEST:
            before["text"] += f"\n{text}"
            before["sources"] = list(dict.fromkeys([*before["sources"], *sources]))
            before["list"] = True
        else:
            found.append(_passage(text, anchor, heading, sources) | {"list": is_item})
        if not is_item and not _OPENS_LIST.search(match[1]):
            found[-1]["list"] = False
    rest = plain_text(html[end:])
    if rest:
        found.append(_passage(rest, anchor, heading, _sources(html[end:])))
    for one in found:
        one.pop("list", None)
    return found


def _row(html: str) -> str:
    """The words of a table's row, its cells kept apart."""
    return plain_text(CELL_END.sub(BETWEEN_CELLS, html)).rstrip(BETWEEN_CELLS)


def _passage(text: str, anchor: str, heading: str, sources: list[int]) -> dict[str, Any]:
    return {"text": text, "anchor": anchor, "heading": heading, "sources": sources, "in": []}


def _sources(html: str) -> list[int]:
    return list(dict.fromkeys(int(match["number"]) for match in CITE_MARK.finditer(html)))
