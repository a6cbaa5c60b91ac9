"""How a work is cited: the house style after NLM's *Citing Medicine*, 2nd edition, and its shorter lines for cards.

Pure: from CSL-JSON items as `references.formats.csl.to_csl` makes them, or as an edition keeps them, to plain
text. The year
stands without month and day, but for web pages, as journals with continuous paging may have it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from references.names import family, is_others

MOST_AUTHORS = 6
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NO_DATE = "[date unknown]"


def vancouver(csl: dict[str, Any]) -> str:
    """Return the full citation in one line.

    An article as `Authors. Title. Journal. Year;volume(issue):pages. doi:… PMID …`; other types as a book, a
    chapter in a book, a web page with the day on which it was read, or a report.
    """
    form = {"article-journal": _article, "book": _book, "chapter": _chapter, "webpage": _web_page}
    parts = form.get(csl.get("type", ""), _report)(csl)
    authors = authors_line(csl, most=MOST_AUTHORS)
    return " ".join(part for part in (stopped(authors), *parts, _identifiers(csl)) if part)


def authors_line(csl: dict[str, Any], most: int = 3) -> str:
    """Return the authors as `Reyes A, van der Berg JP, et al.`: the first `most`, organisations in full.

    An organisation's name may hold commas, so semicolons stand around it.
    """
    names = [name for name in csl.get("author", []) if not is_others(name)]
    line = ""
    for before, name in zip([None, *names], names[:most], strict=False):
        organisation = "literal" in name or (before is not None and "literal" in before)
        line += ("" if before is None else "; " if organisation else ", ") + _name(name)
    cut = len(names) > most or len(names) < len(csl.get("author", []))
    return f"{line}, et al." if cut and line else line


def source_line(csl: dict[str, Any]) -> str:
    """Return where the work appeared, in short: its journal, book or site, else its publisher, or a page's host."""
    named = csl.get("container-title") or csl.get("publisher", "")
    if not named and csl.get("type") == "webpage":
        return (urlsplit(csl.get("URL", "")).hostname or "").removeprefix("www.")
    return named


def year(csl: dict[str, Any]) -> int | None:
    """Return the year of issue, None where it is not known."""
    numbers = _numbers(csl.get("issued"))
    return numbers[0] if numbers else None


def _article(csl: dict[str, Any]) -> Iterable[str]:
    volume, issue, pages = (csl.get(name, "") for name in ("volume", "issue", "page"))
    numbered = f"{volume}({issue})" if issue else str(volume)
    date = str(year(csl) or _NO_DATE)
    where = f"{date};{numbered}" if numbered else date
    return (
        stopped(csl.get("title", "")),
        stopped(csl.get("container-title", "")),
        stopped(f"{where}:{_short_range(pages)}" if pages else where),
        "" if csl.get("DOI") or csl.get("PMID") else _available(csl),
    )


def _book(csl: dict[str, Any]) -> Iterable[str]:
    return stopped(csl.get("title", "")), _imprint(csl), _isbn(csl), _available_without_doi(csl)


def _chapter(csl: dict[str, Any]) -> Iterable[str]:
    pages = csl.get("page", "")
    return (
        stopped(csl.get("title", "")),
        f"In: {stopped(csl.get('container-title', ''))}",
        _imprint(csl),
        f"p. {stopped(_short_range(pages))}" if pages else "",
        _available_without_doi(csl),
    )


def _report(csl: dict[str, Any]) -> Iterable[str]:
    container = csl.get("container-title", "")
    return stopped(csl.get("title", "")), stopped(container), _imprint(csl), _available_without_doi(csl)


def _web_page(csl: dict[str, Any]) -> Iterable[str]:
    title, site = csl.get("title", ""), csl.get("container-title", "")
    accessed = _numbers(csl.get("accessed"))
    date = _date(_numbers(csl.get("issued"))) or _NO_DATE
    if accessed:
        date += f" [cited {_date(accessed)}]"
    publisher = csl.get("publisher", "")
    return (
        *((stopped(title), f"{site} [Internet].") if site else (f"{title} [Internet].",)),
        stopped(f"{publisher}; {date}" if publisher and not _is_author(csl, publisher) else date),
        _available(csl),
    )


def _imprint(csl: dict[str, Any]) -> str:
    """Publisher and year; *The Organization* is left out where the publisher already stands as the author."""
    publisher = csl.get("publisher", "")
    date = str(year(csl) or _NO_DATE)
    return stopped(f"{publisher}; {date}" if publisher and not _is_author(csl, publisher) else date)


def _is_author(csl: dict[str, Any], publisher: str) -> bool:
    return any(name.get("literal", "").casefold() == publisher.casefold() for name in csl.get("author", []))


def _isbn(csl: dict[str, Any]) -> str:
    return f"ISBN {csl['ISBN']}." if csl.get("ISBN") else ""


def _available(csl: dict[str, Any]) -> str:
    return f"Available from: {csl['URL']}" if csl.get("URL") else ""


def _available_without_doi(csl: dict[str, Any]) -> str:
    return "" if csl.get("DOI") else _available(csl)


def _identifiers(csl: dict[str, Any]) -> str:
    """DOI and PMID, without a stop after them, so that they can be copied as they stand."""
    named = (("doi:", csl.get("DOI")), ("PMID ", csl.get("PMID")))
    return " ".join(f"{label}{value}" for label, value in named if value)


def _name(name: dict[str, str]) -> str:
    """An organisation's name whole; a person's as family name, at most two initials, and suffix without stops."""
    if "literal" in name:
        return name["literal"]
    parts = (family(name), _initials(name.get("given", "")), name.get("suffix", "").replace(".", ""))
    return " ".join(part for part in parts if part)


def _initials(given: str) -> str:
    """`Jean-Pierre` → JP, `J. A.` → JA, `JA` → JA; names of scripts without capitals stay whole."""
    if given.isupper() and given.isalpha() and len(given) <= 3:
        return given[:2]
    if given and given.upper() == given.lower():
        return given
    words = re.findall(r"[^\W\d_][^\s.\-‐‑]*", given)
    return "".join(word[0].upper() for word in words)[:2]


def _short_range(pages: str) -> str:
    """`284-287` → `284-7`, `S12–S15` → `S12-5`, `e1-e156` → `e1-156`; 126A-127A stays whole."""

    def cut(match: re.Match[str]) -> str:
        letters, first, repeated, last = match.groups()
        if letters != repeated or int(first) >= int(last):
            return f"{letters}{first}-{repeated}{last}"
        same = next((at for at in range(len(first)) if first[at] != last[at]), 0) if len(first) == len(last) else 0
        return f"{letters}{first}-{last[same:]}"

    return re.sub(r"\b([A-Za-z]*)([0-9]+)\s*[-–—]+\s*([A-Za-z]*)([0-9]+)\b(?![A-Za-z.])", cut, pages)


def _numbers(date: dict[str, Any] | None) -> list[int]:
    return list((date or {}).get("date-parts", [[]])[0])


def _date(numbers: list[int]) -> str:
    """`2021 Mar 4`, as far as it is known."""
    return (
        " ".join([str(numbers[0]), *(_MONTHS[n - 1] for n in numbers[1:2]), *map(str, numbers[2:3])]) if numbers else ""
    )


def stopped(text: str) -> str:
    """`text` with a stop at its end, unless it is empty or ends in one, or in ? or !."""
    return text if not text or text.endswith((".", "?", "!")) else f"{text}."
