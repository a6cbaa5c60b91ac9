"""COinS: a reference as an OpenURL ContextObject for a span's title, from which Zotero and Mendeley take it.

Pure: from CSL-JSON items as an edition keeps them. Sources: ANSI/NISO Z39.88-2004 with its registered key/value formats
for journals, books, dissertations and Dublin Core, and the convention *OpenURL ContextObject in SPAN*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

from references.names import family, inverted, without_others

MOST_NAMES = 20
"""Names in one reference: some trials have thousands, and a page holds this text for each reader."""

_FORMAT = "info:ofi/fmt:kev:mtx:"
_JOURNAL, _BOOK, _DISSERTATION, _DUBLIN_CORE = "journal", "book", "dissertation", "dc"
_FORMATS = {
    "article-journal": (_JOURNAL, "article"),
    "article-magazine": (_JOURNAL, "article"),
    "article-newspaper": (_JOURNAL, "article"),
    "article": (_JOURNAL, "preprint"),
    "book": (_BOOK, "book"),
    "chapter": (_BOOK, "bookitem"),
    "entry": (_BOOK, "bookitem"),
    "paper-conference": (_BOOK, "proceeding"),
    "report": (_BOOK, "report"),
    "standard": (_BOOK, "document"),
    "thesis": (_DISSERTATION, ""),
}
"""Format and genre by type; everything else is Dublin Core."""

_JOURNAL_FIELDS = {
    "title": "atitle",
    "container-title": "jtitle",
    "container-title-short": "stitle",
    "volume": "volume",
    "issue": "issue",
    "ISSN": "issn",
    "number": "artnum",
}
_BOOK_FIELDS = {
    "collection-title": "series",
    "edition": "edition",
    "publisher": "pub",
    "publisher-place": "place",
    "ISBN": "isbn",
    "ISSN": "issn",
}


def context_object(csl: dict[str, Any], caution: str = "") -> str:
    """Return the ContextObject, percent-encoded, to be escaped once more as any text of a page.

    `caution` is what a reader must know of the work (that it was retracted): no format has a place for it, so it stands
    where Zotero reads an abstract.
    """
    pairs = [(key, text) for key, value in _pairs(csl) if (text := _whole(str(value)))]
    if caution:
        pairs.append(("rft.description", caution))
    return urlencode(pairs, quote_via=quote, safe="/:,()")


def _pairs(csl: dict[str, Any]) -> Iterator[tuple[str, object]]:
    named, genre = _FORMATS.get(csl.get("type", ""), (_DUBLIN_CORE, ""))
    yield "ctx_ver", "Z39.88-2004"
    yield "rft_val_fmt", _FORMAT + named
    if csl.get("DOI"):
        yield "rft_id", f"info:doi/{csl['DOI']}"
    if csl.get("PMID"):
        yield "rft_id", f"info:pmid/{csl['PMID']}"
    if csl.get("URL"):
        yield "rft_id", csl["URL"]
    if named == _DUBLIN_CORE:
        yield from _dublin_core(csl)
        return
    yield "rft.genre", genre
    if named == _JOURNAL:
        for name, key in _JOURNAL_FIELDS.items():
            yield f"rft.{key}", csl.get(name, "")
    elif named == _DISSERTATION:
        yield "rft.title", csl.get("title", "")
        yield "rft.inst", csl.get("publisher", "")
        yield "rft.degree", csl.get("genre", "")
    else:
        inside = csl.get("container-title") if genre in {"bookitem", "proceeding"} else ""
        if inside:
            yield "rft.atitle", csl.get("title", "")
        yield "rft.btitle", inside or csl.get("title", "")
        for name, key in _BOOK_FIELDS.items():
            yield f"rft.{key}", csl.get(name, "")
    yield "rft.date", _date(csl)
    if named != _DISSERTATION:
        yield from _pages(csl.get("page", ""))
    yield from _authors(csl)


def _dublin_core(csl: dict[str, Any]) -> Iterator[tuple[str, object]]:
    yield "rft.type", csl.get("type", "")
    yield "rft.title", csl.get("title", "")
    yield "rft.source", csl.get("container-title", "")
    yield "rft.publisher", csl.get("publisher", "")
    yield "rft.date", _date(csl)
    for name in _names(csl):
        yield "rft.creator", inverted(name)
    yield "rft.identifier", csl.get("URL", "")


def _authors(csl: dict[str, Any]) -> Iterator[tuple[str, object]]:
    """The first person in parts, then every person whole; organisations in a key of their own."""
    names = _names(csl)
    if names and "literal" not in names[0]:
        yield "rft.aulast", family(names[0])
        yield "rft.aufirst", names[0].get("given", "")
        yield "rft.ausuffix", names[0].get("suffix", "")
    for name in names:
        yield "rft.aucorp" if "literal" in name else "rft.au", inverted(name)


def _names(csl: dict[str, Any]) -> list[dict[str, str]]:
    return without_others(csl.get("author", []))[:MOST_NAMES]


def _pages(pages: str) -> Iterator[tuple[str, object]]:
    """First and last page of a simple range, a last page cut short written in full; else the pages as they are."""
    simple = re.fullmatch(r"([A-Za-z]*[0-9]+[A-Za-z]*)\s*[-‐‑–—]+\s*([A-Za-z]*[0-9]+[A-Za-z]*)", pages)
    if not simple:
        yield "rft.spage" if re.fullmatch(r"\w+", pages) else "rft.pages", pages
        return
    first, last = simple.groups()
    if first.isdigit() and last.isdigit() and len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    yield "rft.spage", first
    yield "rft.epage", last


def _date(csl: dict[str, Any]) -> str:
    """`2021-03-04`, as far as it is known (ISO 8601, as the formats ask for)."""
    numbers = list((csl.get("issued") or {}).get("date-parts", [[]])[0])
    return "-".join(f"{number:0{4 if at == 0 else 2}}" for at, number in enumerate(numbers))


def _whole(text: str) -> str:
    """`text` without halves of characters, which no address can hold."""
    return text.encode("utf-8", "ignore").decode()
