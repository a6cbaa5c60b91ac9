"""How a work is cited: the house style after NLM's *Citing Medicine*, 2nd edition, and its shorter lines for cards.

Pure: from CSL-JSON items as `references.formats.csl.to_csl` makes them, or as an edition keeps them, to plain text.
Where the guide leaves a choice, ours stands in docs/citing.md: six authors and then et al., the year of a journal
without month and day, nothing written for what the library does not hold but an unknown date.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from references.names import family, without_others

MOST_AUTHORS = 6
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NO_DATE = "[date unknown]"
_SUFFIXES = {"II": "2nd", "III": "3rd", "IV": "4th", "V": "5th"}
_ARTICLE_TYPES = {"letter", "editorial", "abstract", "interview", "news", "comment", "correspondence"}
"""Genres that stand in brackets behind an article's title: chapter 1, Article title, "Article titles with a type"."""
_CLINICAL_TRIALS = "ClinicalTrials.gov [Internet]. Bethesda (MD): National Library of Medicine (US). 2000 Feb 29 - ."
"""The database as the guide cites it: chapter 24, parts of databases."""
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")

Csl = dict[str, Any]


def vancouver(csl: Csl) -> str:
    """Return the full citation in one line: `Authors. Title. Source. Identifiers.`, by the form of the work."""
    return " ".join(part for part in (*_form(csl)(csl), _identifiers(csl)) if part)


def authors_line(csl: Csl, most: int = 3) -> str:
    """Return the authors as `Reyes A, van der Berg JP, et al.`: the first `most`, organisations in full.

    An organisation's name may hold commas, so semicolons stand around it.
    """
    return _names_line(csl.get("author", []), most)


def source_line(csl: Csl) -> str:
    """Return where the work appeared, in short: its journal, book or site, else its publisher, or a page's host."""
    named = csl.get("container-title") or csl.get("publisher", "")
    if not named and csl.get("type") == "webpage":
        return (urlsplit(csl.get("URL", "")).hostname or "").removeprefix("www.")
    return named


def year(csl: Csl) -> int | None:
    """Return the year of issue, None where it is not known."""
    numbers = _numbers(csl.get("issued"))
    return numbers[0] if numbers else None


def stopped(text: str) -> str:
    """`text` with a stop at its end, unless it is empty or ends in one, or in ? or !, perhaps inside a quotation."""
    return text if not text or text.rstrip("\"'”’»").endswith((".", "?", "!")) else f"{text}."


def _form(csl: Csl) -> Callable[[Csl], Iterable[str]]:
    """The rules by which this work is cited: by its form of publication, and what it is where that has its own."""
    form, kind = csl.get("type", ""), _kind(csl)
    if form.startswith("article-"):
        return _article
    if kind == "trial-registration" or (not kind and csl.get("custom", {}).get("nct")):
        return _registration
    if form == "paper-conference":
        return _article if csl.get("volume") and not csl.get("publisher") else _chapter
    if form == "entry" and not csl.get("author"):
        return _entry
    return {
        "article": _preprint,
        "book": _book,
        "chapter": _chapter,
        "entry": _chapter,
        "thesis": _book,
        "webpage": _web_page,
        "post": _web_page,
    }.get(form, _report)


def _article(csl: Csl) -> Iterable[str]:
    """Chapter 1, journal articles; chapter 23 for one that only an address leads to."""
    online = bool(csl.get("URL")) and not (csl.get("DOI") or csl.get("PMID"))
    numbered = _numbered(csl.get("volume", ""), csl.get("issue", ""))
    pages = _short_range(csl.get("page") or csl.get("number", ""))
    dated = _dated(csl, str(year(csl) or _NO_DATE) if numbered else _full_date(csl), cited=online)
    journal = csl.get("container-title-short", "").replace(".", "") or csl.get("container-title", "")
    genre = csl.get("genre", "").lower()
    return (
        stopped(_authors(csl)),
        _title(csl, genre if genre in _ARTICLE_TYPES else ""),
        stopped(f"{journal} [Internet]" if online and journal else journal),
        stopped((f"{dated};{numbered}" if numbered else dated) + (f":{pages}" if pages else "")),
        _available(csl) if online else "",
    )


def _preprint(csl: Csl) -> Iterable[str]:
    """ICMJE's sample of a preprint: server and number, then the day on which it was posted."""
    server = csl.get("container-title") or csl.get("publisher", "")
    numbered = " ".join(part for part in (server, csl.get("number", "")) if part)
    return (
        stopped(_authors(csl)),
        *((stopped(csl.get("title", "")), f"{numbered} [Preprint].") if numbered else (_title(csl, "Preprint"),)),
        _version(csl),
        stopped(_dated(csl, _full_date(csl), cited=True)),
        _available_online(csl),
    )


def _book(csl: Csl) -> Iterable[str]:
    """Chapter 2, books, chapter 5, dissertations, and chapter 22, both on the Internet."""
    return (
        _responsible(csl),
        _title(csl, _mark(csl), online=True),
        _edition(csl),
        _editors(csl) if csl.get("author") else "",
        _imprint(csl, str(year(csl) or _NO_DATE)),
        _series(csl),
        f"ISBN: {csl['ISBN']}." if csl.get("ISBN") else "",
        _available_online(csl),
    )


def _chapter(csl: Csl) -> Iterable[str]:
    """Chapter 2, contributions to books, and chapter 3, conference papers."""
    pages = csl.get("page", "")
    book = csl.get("container-title", "")
    return (
        stopped(_authors(csl)),
        stopped(csl.get("title", "")),
        " ".join(part for part in ("In:", _editors(csl), stopped(_marked(csl, book, online=True))) if part),
        _edition(csl),
        _imprint(csl, str(year(csl) or _NO_DATE)),
        _series(csl),
        f"p. {stopped(_short_range(pages))}" if pages else "",
        _available_online(csl),
    )


def _entry(csl: Csl) -> Iterable[str]:
    """Chapter 2, parts of books: an entry without an author stands behind the book it is in."""
    title, pages = csl.get("title", ""), csl.get("page", "")
    return (
        _editors(csl),
        stopped(_marked(csl, csl.get("container-title", ""), online=True)),
        _edition(csl),
        _imprint(csl, str(year(csl) or _NO_DATE)),
        stopped(f"{title}; p. {_short_range(pages)}" if pages else title),
        _available_online(csl),
    )


def _report(csl: Csl) -> Iterable[str]:
    """Chapter 4, reports, and all that has no form of its own: guidelines, drug labels, policies."""
    number = csl.get("number", "")
    return (
        _responsible(csl),
        _title(csl, _mark(csl), online=True),
        stopped(csl.get("container-title", "")),
        _version(csl),
        _edition(csl),
        _editors(csl) if csl.get("author") else "",
        _imprint(csl, _full_date(csl)),
        f"Report No.: {stopped(number)}" if number else "",
        _series(csl),
        _available_online(csl),
    )


def _web_page(csl: Csl) -> Iterable[str]:
    """Chapter 25, web sites and their parts; a page with authors of its own as a contribution to the site."""
    title, site = csl.get("title", ""), csl.get("container-title", "")
    imprint = _imprint(csl, _full_date(csl), cited=True)
    if not site or _is_author(csl, site):
        return _responsible(csl), f"{_unstopped(title)} [Internet].", imprint, _available(csl)
    if csl.get("author"):
        within = f"In: {_unstopped(site)} [Internet]."
        return stopped(_authors(csl)), stopped(title), within, imprint, _available(csl)
    return f"{_unstopped(site)} [Internet].", imprint, stopped(title), _available(csl)


def _registration(csl: Csl) -> Iterable[str]:
    """Chapter 24, parts of databases: the register, the identifier, the title, the day of registration."""
    nct = csl.get("custom", {}).get("nct", "")
    register = csl.get("container-title") or csl.get("publisher", "")
    named = _CLINICAL_TRIALS if nct else f"{_unstopped(register)} [Internet]." if register else ""
    identifier = nct or csl.get("number", "")
    title, dated = csl.get("title", ""), _dated(csl, _full_date(csl), cited=True)
    labelled = f"Identifier {identifier}" if identifier else ""
    if csl.get("author"):
        last = stopped("; ".join(part for part in (labelled, dated) if part))
        return stopped(_authors(csl)), stopped(title), f"In: {named}" if named else "", last, _available(csl)
    last = stopped(f"{', '.join(part for part in (labelled, title) if part)}; {dated}")
    return named, last, _available(csl)


def _kind(csl: Csl) -> str:
    return csl.get("custom", {}).get("kind", "")


def _mark(csl: Csl) -> str:
    """The words in brackets that say what a title is, where its form alone does not."""
    if csl.get("type") == "thesis":
        degree = re.search(r"(?i)\b(master|bachelor)", csl.get("genre", ""))
        return f"{degree[1].lower()}'s thesis" if degree else "dissertation"
    if _kind(csl) == "drug-label":
        said = re.search(
            r"(?i)package insert|prescribing information|product information|\blabel", csl.get("title", "")
        )
        return "" if said else "package insert"
    return csl["type"] if csl.get("type") in {"dataset", "software"} else ""


def _marked(csl: Csl, title: str, mark: str = "", *, online: bool = False) -> str:
    """The title with what stands in brackets behind it: `[letter]`, `[Internet]`, `[dissertation on the Internet]`."""
    if online and _is_online(csl):
        mark = f"{mark} on the Internet" if mark else "Internet"
    return f"{_unstopped(title)} [{mark}]" if mark and title else title


def _title(csl: Csl, mark: str = "", *, online: bool = False) -> str:
    return stopped(_marked(csl, csl.get("title", ""), mark, online=online))


def _authors(csl: Csl) -> str:
    return authors_line(csl, most=MOST_AUTHORS)


def _editors(csl: Csl) -> str:
    """`Vogelstein B, Kinzler KW, editors.`"""
    editors = csl.get("editor", [])
    line = _names_line(editors, MOST_AUTHORS)
    return f"{line}, editor{'s' if len(editors) > 1 else ''}." if line else ""


def _responsible(csl: Csl) -> str:
    """Who stands first: the authors, or the editors of a work that has none."""
    return stopped(_authors(csl)) or _editors(csl)


def _edition(csl: Csl) -> str:
    """`2nd ed.` of 2, 2nd, second, 2nd edition; then `Vol. 3.`"""
    edition, volume = csl.get("edition", "").strip(), csl.get("volume", "")
    edition = re.sub(r"(?i)[\s,]*\b(?:edition|edn|ed)\b\.?$", "", edition)
    if edition.isascii() and edition.isdigit():
        number = int(edition)
        last = number % 10 if number // 10 % 10 != 1 else 0
        edition = f"{number}{('th', 'st', 'nd', 'rd')[last] if last < 4 else 'th'}"
    elif edition.lower() in _ORDINALS:
        at = _ORDINALS.index(edition.lower()) + 1
        edition = f"{at}{('st', 'nd', 'rd')[at - 1] if at < 4 else 'th'}"
    parts = (f"{edition} ed." if edition else "", f"Vol. {stopped(volume)}" if volume else "")
    return " ".join(part for part in parts if part)


def _version(csl: Csl) -> str:
    version = csl.get("version", "")
    return stopped(version if not version or re.match(r"(?i)v", version) else f"Version {version}")


def _series(csl: Csl) -> str:
    """`(Series; 12).`, behind the date."""
    series, number = csl.get("collection-title", ""), csl.get("number", "")
    if csl.get("type") == "report":
        number = ""
    return f"({'; '.join(part for part in (series, number) if part)})." if series else ""


def _imprint(csl: Csl, date: str, *, cited: bool = False) -> str:
    """`Place: Publisher; date.` The publisher is left out where it stands as the author already and has no place."""
    publisher, place = csl.get("publisher", ""), csl.get("publisher-place", "")
    dated = _dated(csl, date, cited=cited or _is_online(csl))
    if not place and _is_author(csl, publisher):
        return stopped(dated)
    named = ": ".join(part for part in (place, publisher) if part)
    return stopped(f"{named}; {dated}" if named else dated)


def _is_author(csl: Csl, name: str) -> bool:
    """Whether an organisation stands as the author, with or without its article."""
    authors = [author for author in csl.get("author", []) if "literal" in author]
    return any(_organisation(author["literal"]).casefold() == _organisation(name).casefold() for author in authors)


def _is_online(csl: Csl) -> bool:
    """Whether the address is what leads to the work: somebody noted when it was read, or it has no DOI."""
    return bool(csl.get("URL")) and bool(csl.get("accessed") or not csl.get("DOI"))


def _available(csl: Csl) -> str:
    """The address. A stop follows only where it ends in a slash: chapter 22, availability."""
    url = csl.get("URL", "")
    return f"Available from: {url}{'.' if url.endswith('/') else ''}" if url else ""


def _available_online(csl: Csl) -> str:
    return _available(csl) if _is_online(csl) else ""


def _identifiers(csl: Csl) -> str:
    """`doi: 10.1136/bmj.a2752. PubMed PMID: 19129307; PubMed Central PMCID: PMC2615549.`, as in ICMJE's samples."""
    numbers = (("PubMed PMID: ", csl.get("PMID")), ("PubMed Central PMCID: ", csl.get("PMCID")))
    pubmed = "; ".join(f"{label}{value}" for label, value in numbers if value)
    doi = f"doi: {csl['DOI']}." if csl.get("DOI") else ""
    return " ".join(part for part in (doi, stopped(pubmed)) if part)


def _names_line(names: list[dict[str, str]], most: int) -> str:
    real = without_others(names)
    line = ""
    for before, name in zip([None, *real], real[:most], strict=False):
        organisation = "literal" in name or (before is not None and "literal" in before)
        line += ("" if before is None else "; " if organisation else ", ") + _name(name)
    cut = len(real) > most or len(real) < len(names)
    return f"{line}, et al." if cut and line else line


def _name(name: dict[str, str]) -> str:
    """An organisation's name whole; a person's as family name, at most two initials, and suffix without stops."""
    if "literal" in name:
        return _organisation(name["literal"])
    suffix = name.get("suffix", "").replace(".", "")
    parts = (family(name), _initials(name.get("given", "")), _SUFFIXES.get(suffix, suffix))
    return " ".join(part for part in parts if part)


def _organisation(name: str) -> str:
    """The name without an article before it: chapter 1, organizations as author."""
    return re.sub(r"^The (?=\S+ \S|[A-Z]{2})", "", name)


def _initials(given: str) -> str:
    """`Jean-Pierre` → JP, `J. A.` → JA, `JA` → JA; names of scripts without capitals stay whole."""
    if given.isupper() and given.isalpha() and len(given) <= 3:
        return given[:2]
    if given and given.upper() == given.lower():
        return given
    words = re.findall(r"[^\W\d_][^\s.\-‐‑]*", given)
    return "".join(word[0].upper() for word in words)[:2]


def _numbered(volume: str, issue: str) -> str:
    """`347(4)`, `42 Suppl 2`, `58(12 Suppl 7)`, `83(Pt 2)`, `(401)`: volume and issue as the guide sets them."""
    volume, issue = (_abbreviated(part) for part in (volume, issue))
    if volume and issue.startswith("Suppl"):
        return f"{volume} {issue}"
    return f"{volume}({issue})" if issue else volume


def _abbreviated(part: str) -> str:
    """Supplements and parts as Suppl and Pt, whatever the source wrote: suppl_1, 6, Supplement 2, Part 1."""
    part = re.sub(r"(?i)[\s,;]*\bsuppl(?:ements?)?(?![a-z])[\s.]*", " Suppl ", part.replace("_", " "))
    part = re.sub(r"(?i)[\s,;]*\b(?:part|pt)\b[\s.]+(?=\w)", " Pt ", part)
    return re.sub(r"\s*[‐‑–—]\s*", "-", part).strip()


def _short_range(pages: str) -> str:
    """`284-287` → `284-7`, `S12–S15` → `S12-5`, `e1-e156` → `e1-156`; 126A-127A and iii-v stay whole."""

    def cut(match: re.Match[str]) -> str:
        letters, first, repeated, last = match.groups()
        if letters != repeated or int(first) >= int(last):
            return f"{letters}{first}-{repeated}{last}"
        same = next((at for at in range(len(first)) if first[at] != last[at]), 0) if len(first) == len(last) else 0
        return f"{letters}{first}-{last[same:]}"

    pages = re.sub(r"(?<=\w)\s*[-‐‑–—]+\s*(?=\w)", "-", pages)
    return re.sub(r"\b([A-Za-z]*)([0-9]+)-([A-Za-z]*)([0-9]+)\b(?![A-Za-z.])", cut, pages)


def _numbers(date: Csl | None) -> list[int]:
    return list((date or {}).get("date-parts", [[]])[0])


def _full_date(csl: Csl) -> str:
    return _date(_numbers(csl.get("issued"))) or _NO_DATE


def _dated(csl: Csl, date: str, *, cited: bool) -> str:
    """The date, and in brackets behind it the day on which the work was read."""
    read = _date(_numbers(csl.get("accessed"))) if cited else ""
    return f"{date} [cited {read}]" if read else date


def _date(numbers: list[int]) -> str:
    """`2021 Mar 4`, as far as it is known."""
    months = (_MONTHS[number - 1] for number in numbers[1:2])
    return " ".join([*map(str, numbers[:1]), *months, *map(str, numbers[2:3])])


def _unstopped(text: str) -> str:
    return text.removesuffix(".") if not text.endswith("..") else text
