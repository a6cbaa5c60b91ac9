"""Works from Crossref's REST API: one by its DOI, books by ISBN, candidates by title.

Source: Crossref, REST API documentation, and its Swagger description at api.crossref.org: `Work` with `relation`,
`update-to` and `updated-by`. A message is what the API calls a work; here it becomes a `Work` and its relatives.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext as _

from references.formats.entries import first_sound, full_pages
from references.identity import identifiers
from references.identity.relations import (
    NEWER_VERSION_OF,
    OLDER_VERSION_OF,
    PREPRINT_OF,
    PUBLISHED_FROM,
    VERSION_OF,
    Relative,
)
from references.lookup import plain
from references.models import Kind, Type
from references.web.client import Answer, BadAnswer
from references.works import Work

Ask = Callable[..., Answer]
"""`references.web.client.get`, or it with the caller's patience."""

CANDIDATES = 5

_TYPES = {
    "journal-article": Type.ARTICLE_JOURNAL,
    "posted-content": Type.ARTICLE,
    "book": Type.BOOK,
    "monograph": Type.BOOK,
    "edited-book": Type.BOOK,
    "reference-book": Type.BOOK,
    "book-set": Type.BOOK,
    "book-chapter": Type.CHAPTER,
    "book-section": Type.CHAPTER,
    "book-part": Type.CHAPTER,
    "book-track": Type.CHAPTER,
    "reference-entry": Type.ENTRY,
    "proceedings": Type.BOOK,
    "proceedings-article": Type.PAPER_CONFERENCE,
    "report": Type.REPORT,
    "report-component": Type.REPORT,
    "report-series": Type.REPORT,
    "dissertation": Type.THESIS,
    "dataset": Type.DATASET,
    "database": Type.DATASET,
    "standard": Type.STANDARD,
}
_BOOKS = {Type.BOOK, Type.CHAPTER}
_BOOK_TYPES = {name for name, type in _TYPES.items() if type == Type.BOOK}
_DATES = ("published-print", "published-online", "published", "issued", "posted", "approved")
"""The dates of a message, the one that is cited first. `created` and `deposited` are days of the record, not of it."""

_RELATIONS = {
    "is-preprint-of": PREPRINT_OF,
    "has-preprint": PUBLISHED_FROM,
    "is-version-of": VERSION_OF,
    "has-version": VERSION_OF,
    "is-replaced-by": OLDER_VERSION_OF,
    "replaces": NEWER_VERSION_OF,
}
_NEW_VERSIONS = {"new_version", "new_edition", "new-version", "new-edition"}


def fetch(doi: str, ask: Ask) -> dict[str, Any]:
    """The message of a DOI. Raises NotFound where Crossref does not have it, and the client's other errors."""
    message = _message(ask(f"{settings.CROSSREF_URL}/works/{quote(doi, safe='')}"))
    if str(message.get("DOI", "")).lower() != doi.lower():
        raise BadAnswer(_("Crossref answered with another work than the one that was asked for."))
    return message


def fetch_many(dois: Sequence[str], ask: Ask) -> dict[str, dict[str, Any]]:
    """The messages of some DOIs, in normal form and without commas, by DOI; what Crossref does not have is left out.

    Of a filter that is named several times, each value counts (REST API documentation, “Multiple filters”).
    """
    query = {"filter": ",".join(f"doi:{doi}" for doi in dois), "rows": str(len(dois))}
    items = _items(ask(f"{settings.CROSSREF_URL}/works", query))
    found = {_text(item, "DOI").lower(): item for item in items}
    return {doi: found[doi] for doi in dois if doi in found}


def books(isbn: str, ask: Ask) -> list[dict[str, Any]]:
    """The messages of the books with this ISBN, as whole books; their chapters, which carry it too, are left out."""
    query = {"filter": f"isbn:{isbn}", "rows": "20"}
    items = _items(ask(f"{settings.CROSSREF_URL}/works", query))
    return [item for item in items if item.get("type") in _BOOK_TYPES]


def candidates(title: str, ask: Ask) -> list[dict[str, Any]]:
    """The messages of the works that a title, or a whole citation, most likely means; the likeliest first."""
    query = {"query.bibliographic": title, "rows": str(CANDIDATES)}
    return [item for item in _items(ask(f"{settings.CROSSREF_URL}/works", query)) if _first(item, "title")]


def work(message: dict[str, Any]) -> Work:
    """The work that a message describes, not yet cleaned. Its kind is named only where the type makes it certain."""
    type = _type(message)
    found = Work(title=_title(message), type=type, kind=(Kind.BOOK if type in _BOOKS else Kind.OTHER).value)
    found.authors, found.editors = _names(message, "author"), _names(message, "editor")
    found.year, found.month, found.day = _date(message)
    _place_in_containers(found, message)
    if type != Type.ARTICLE_JOURNAL:
        found.publisher = plain.line(_text(message, "publisher"))
        found.place = plain.line(_text(message, "publisher-location"))
    found.volume, found.issue = _text(message, "volume"), _text(message, "issue")
    found.pages = full_pages(_text(message, "page"))
    if not found.pages:
        found.number = _text(message, "article-number")
    found.edition = _text(message, "edition-number")
    found.genre = plain.line(_text(message, "degree") or _first(message, "degree"))
    found.doi = _text(message, "DOI") or None
    found.isbn = _isbn(message) if type in _BOOKS | {Type.ENTRY, Type.REPORT} else None
    found.issn = next(iter(_texts(message, "ISSN")), None)
    found.nct = _trial(message)
    found.abstract = plain.paragraphs(_text(message, "abstract"))
    return found


def relatives(message: dict[str, Any]) -> list[Relative]:
    """What the message says of preprints and versions, by DOI; each once."""
    found: dict[Relative, None] = {}
    related = message.get("relation")
    for name, kind in _RELATIONS.items():
        for entry in _objects(related.get(name) if isinstance(related, dict) else None):
            if entry.get("id-type", "doi") == "doi" and (doi := _doi(entry.get("id"))):
                found[Relative(kind, doi)] = None
    for name, kind in (("update-to", NEWER_VERSION_OF), ("updated-by", OLDER_VERSION_OF)):
        for entry in _objects(message.get(name)):
            if entry.get("type") in _NEW_VERSIONS and (doi := _doi(entry.get("DOI"))):
                found[Relative(kind, doi)] = None
    own = _doi(message.get("DOI"))
    return [each for each in found if each.doi != own]


def updates(message: dict[str, Any]) -> list[tuple[str, str]]:
    """What happened to the work since, as (type, DOI of the notice), in the words of Crossref: `retraction` …"""
    return [
        (str(entry["type"]), _doi(entry.get("DOI")) or "")
        for entry in _objects(message.get("updated-by"))
        if isinstance(entry.get("type"), str)
    ]


def _message(answer: Answer) -> dict[str, Any]:
    data = answer.json()
    message = data.get("message") if isinstance(data, dict) else None
    if not isinstance(message, dict):
        raise BadAnswer(_("Crossref answered in a form that is not known here."))
    return message


def _items(answer: Answer) -> list[dict[str, Any]]:
    items = _message(answer).get("items")
    if not isinstance(items, list):
        raise BadAnswer(_("Crossref answered in a form that is not known here."))
    return _objects(items)


def _type(message: dict[str, Any]) -> str:
    type = _TYPES.get(_text(message, "type"), Type.DOCUMENT)
    if type == Type.ARTICLE and _text(message, "subtype") not in {"", "preprint"}:
        # Posted content is also what is a report, a letter or a working paper.
        return Type.DOCUMENT.value
    return type.value


def _title(message: dict[str, Any]) -> str:
    title, subtitle = plain.line(_first(message, "title")), plain.line(_first(message, "subtitle"))
    if subtitle and subtitle.casefold() not in title.casefold():
        return f"{title.rstrip(':')}: {subtitle}" if title else subtitle
    return title


def _place_in_containers(work: Work, message: dict[str, Any]) -> None:
    """Set journal, book, series or server: of two containers the first is the series in which the book appeared."""
    containers = [plain.line(each) for each in _texts(message, "container-title")]
    if work.type == Type.BOOK:
        work.series = next(iter(containers), "")
        return
    if len(containers) > 1 and work.type in {Type.CHAPTER, Type.PAPER_CONFERENCE, Type.ENTRY}:
        work.series, work.container = containers[0], containers[-1]
    else:
        work.container = next(iter(containers), "")
    if work.type == Type.ARTICLE_JOURNAL:
        short = plain.line(_first(message, "short-container-title"))
        work.container_short = short if short != work.container else ""
    if work.type == Type.ARTICLE and not work.container:
        servers = _objects(message.get("institution"))
        work.container = plain.line(_text(servers[0], "name")) if servers else ""


def _names(message: dict[str, Any], role: str) -> list[dict[str, str]]:
    names = []
    for entry in _objects(message.get(role)):
        parts = {part: plain.line(_text(entry, part)) for part in ("family", "given", "suffix")}
        if parts["family"]:
            names.append({part: text for part, text in parts.items() if text})
        elif literal := plain.line(_text(entry, "name")) or parts["given"]:
            names.append({"literal": literal})
    return names


def _date(message: dict[str, Any]) -> tuple[int | None, int | None, int | None]:
    for name in _DATES:
        when = message.get(name)
        parts = when.get("date-parts") if isinstance(when, dict) else None
        first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
        numbers = [part for part in first[:3] if isinstance(part, int) and not isinstance(part, bool)]
        if numbers and len(numbers) == len(first[:3]):
            year, month, day = (*numbers, None, None)[:3]
            return year, month, day
    return None, None, None


def _isbn(message: dict[str, Any]) -> str | None:
    """The first sound ISBN, of a printed book before others; older records write it as an address."""
    typed = _objects(message.get("isbn-type"))
    printed = [str(each.get("value")) for each in typed if each.get("type") == "print"]
    for given in [*printed, *_texts(message, "ISBN")]:
        bare = given.rstrip("/").rpartition("/")[2]
        try:
            if found := identifiers.isbn(first_sound("isbn", bare)):
                return found
        except ValueError:
            continue
    return None


def _trial(message: dict[str, Any]) -> str | None:
    """The number at ClinicalTrials.gov, where the message names just one."""
    found = set()
    for entry in _objects(message.get("clinical-trial-number")):
        if match := re.fullmatch(r"(?i)nct[0-9]{8}", _text(entry, "clinical-trial-number").strip()):
            found.add(match[0].upper())
    return found.pop() if len(found) == 1 else None


def _doi(value: object) -> str | None:
    try:
        return identifiers.doi(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _text(item: dict[str, Any], name: str) -> str:
    """A field's text; a number counts, anything else is nothing: what a register sends is not to be trusted."""
    value = item.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""


def _texts(item: dict[str, Any], name: str) -> list[str]:
    value = item.get(name)
    listed = value if isinstance(value, list) else [value]
    return [each for each in listed if isinstance(each, str) and each.strip()]


def _first(item: dict[str, Any], name: str) -> str:
    return next(iter(_texts(item, name)), "")


def _objects(value: object) -> list[dict[str, Any]]:
    return list(_each_object(value))


def _each_object(value: object) -> Iterator[dict[str, Any]]:
    for each in value if isinstance(value, list) else []:
        if isinstance(each, dict):
            yield each
