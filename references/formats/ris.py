"""RIS out: what reference managers of every age read. Tags after the RIS specification of Research Information Systems.

A small writer of our own: each value becomes one line, so that no text of a work can begin a tag or end a record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from references.folding import tidy_line
from references.names import inverted, is_others

_TYPES = {
    "article-journal": "JOUR",
    "book": "BOOK",
    "chapter": "CHAP",
    "report": "RPRT",
    "webpage": "ELEC",
}
_TAGS_AFTER_DATE = {
    "volume": "VL",
    "issue": "IS",
    "DOI": "DO",
    "ISBN": "SN",
    "PMID": "AN",
    "PMCID": "C2",
    "URL": "UR",
    "abstract": "AB",
    "note": "N1",
}
"""AN (accession number) and C2 hold PMID and PMCID, as PubMed's own exports to EndNote do."""


def to_ris(works: Iterable[dict[str, Any]]) -> str:
    """Return the RIS records of CSL-JSON items, in their order, with CRLF line ends."""
    return "".join(f"{tag}  - {tidy_line(value)}\r\n" for work in works for tag, value in _lines(work))


def _lines(work: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "TY", _TYPES.get(work.get("type", ""), "GEN")
    yield "ID", work.get("id", "")
    yield "TI", work.get("title", "")
    for name in work.get("author", []):
        if not is_others(name):
            yield "AU", inverted(name)
    if container := work.get("container-title"):
        yield "T2", container
    if publisher := work.get("publisher"):
        yield "PB", publisher
    yield from _dates(work)
    yield from _pages(work.get("page", ""))
    for name, tag in _TAGS_AFTER_DATE.items():
        if value := work.get(name):
            yield tag, str(value)
    if kind := work.get("custom", {}).get("kind"):
        yield "M3", kind
    yield "ER", ""


def _dates(work: dict[str, Any]) -> Iterator[tuple[str, str]]:
    issued = _numbers(work.get("issued"))
    if issued:
        yield "PY", f"{issued[0]:04}"
    if len(issued) > 1:
        yield "DA", _date(issued)
    if accessed := _numbers(work.get("accessed")):
        yield "Y2", _date(accessed)


def _numbers(date: dict[str, Any] | None) -> list[int]:
    return list((date or {}).get("date-parts", [[]])[0])


def _date(numbers: list[int]) -> str:
    """`YYYY/MM/DD/`, with empty places for what is not known; the place after the last slash is for words."""
    places = [f"{numbers[0]:04}", *(f"{number:02}" for number in numbers[1:]), "", ""][:3]
    return "/".join(places) + "/"


def _pages(pages: str) -> Iterator[tuple[str, str]]:
    """First and last page; a last page cut short as in MEDLINE (284-7) is written in full."""
    simple = re.fullmatch(r"([A-Za-z]*[0-9]+[A-Za-z]*)\s*[-‐‑–—]+\s*([A-Za-z]*[0-9]+[A-Za-z]*)", pages)
    if not simple:
        if pages:
            yield "SP", pages
        return
    first, last = simple.groups()
    if first.isdigit() and last.isdigit() and len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    yield "SP", first
    yield "EP", last
