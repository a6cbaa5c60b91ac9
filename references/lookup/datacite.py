"""Works from DataCite's REST API, by DOI: datasets, software, preprints of arXiv, reports.

Source: DataCite, REST API (“Retrieve a single DOI”) and its Metadata Schema 4.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext as _

from references.formats.entries import full_pages
from references.identity import identifiers
from references.identity.relations import (
    IDENTICAL_TO,
    NEWER_VERSION_OF,
    OLDER_VERSION_OF,
    PREPRINT_OF,
    PUBLISHED_FROM,
    VERSION_OF,
    Relative,
)
from references.lookup import plain
from references.lookup.crossref import Ask
from references.models import Kind, Relation, Type
from references.web.client import BadAnswer
from references.works import Work

_TYPES = {
    "Dataset": Type.DATASET,
    "Software": Type.SOFTWARE,
    "ComputationalNotebook": Type.SOFTWARE,
    "Preprint": Type.ARTICLE,
    "JournalArticle": Type.ARTICLE_JOURNAL,
    "DataPaper": Type.ARTICLE_JOURNAL,
    "Book": Type.BOOK,
    "BookChapter": Type.CHAPTER,
    "ConferencePaper": Type.PAPER_CONFERENCE,
    "Report": Type.REPORT,
    "Dissertation": Type.THESIS,
    "Standard": Type.STANDARD,
}
_RELATIONS = {
    "IsVersionOf": VERSION_OF,
    "HasVersion": VERSION_OF,
    "IsNewVersionOf": NEWER_VERSION_OF,
    "IsPreviousVersionOf": OLDER_VERSION_OF,
    "Obsoletes": NEWER_VERSION_OF,
    "IsObsoletedBy": OLDER_VERSION_OF,
    "IsIdenticalTo": IDENTICAL_TO,
    "HasPreprint": PUBLISHED_FROM,
    "IsPreprintOf": PREPRINT_OF,
}
_PUBLISHED = {"JournalArticle", "ConferencePaper", "BookChapter", "Book"}


def fetch(doi: str, ask: Ask) -> dict[str, Any]:
    """The attributes of a DOI. Raises NotFound where DataCite does not have it, and the client's other errors."""
    url = f"{settings.DATACITE_URL}/dois/{quote(doi, safe='/')}"
    data = ask(url, accept="application/vnd.api+json").json()
    found = data.get("data") if isinstance(data, dict) else None
    attributes = found.get("attributes") if isinstance(found, dict) else None
    if not isinstance(attributes, dict):
        raise BadAnswer(_("DataCite answered in a form that is not known here."))
    if str(attributes.get("doi", "")).lower() != doi.lower():
        raise BadAnswer(_("DataCite answered with another work than the one that was asked for."))
    return attributes


def work(attributes: dict[str, Any]) -> Work:
    """The work that the attributes describe, not yet cleaned."""
    types = _object(attributes, "types")
    type = _TYPES.get(_text(types, "resourceTypeGeneral"), Type.DOCUMENT)
    is_book = type in {Type.BOOK, Type.CHAPTER}
    found = Work(title=_title(attributes), type=type.value, kind=(Kind.BOOK if is_book else Kind.OTHER).value)
    found.authors = _names(attributes, "creators")
    found.editors = [
        name
        for entry, name in zip(_objects(attributes, "contributors"), _names(attributes, "contributors"), strict=True)
        if entry.get("contributorType") == "Editor"
    ]
    found.year, found.month, found.day = _date(attributes)
    publisher = attributes.get("publisher")
    named = plain.line(_text(publisher, "name") if isinstance(publisher, dict) else _text(attributes, "publisher"))
    container = _object(attributes, "container")
    found.container = plain.line(_text(container, "title"))
    if type == Type.ARTICLE and not found.container:
        # The server on which a preprint stands is its publisher here.
        found.container = named
    elif type != Type.ARTICLE_JOURNAL:
        found.publisher = named
    found.volume, found.issue = _text(container, "volume"), _text(container, "issue")
    pages = [_text(container, "firstPage"), _text(container, "lastPage")]
    found.pages = full_pages("-".join(filter(None, pages)))
    if type in {Type.DATASET, Type.SOFTWARE, Type.ARTICLE, Type.DOCUMENT}:
        found.version = _text(attributes, "version")
    if type == Type.DOCUMENT:
        found.genre = plain.line(_text(types, "resourceType"))
    if _text(container, "identifierType") in {"ISSN", "ISBN"} and (is_book or type == Type.ARTICLE_JOURNAL):
        setattr(found, _text(container, "identifierType").lower(), _text(container, "identifier"))
    found.doi = _text(attributes, "doi")
    found.abstract = _abstract(attributes)
    return found


def relatives(attributes: dict[str, Any]) -> list[Relative]:
    """What the attributes say of versions, by DOI; each once.

    The schema says “version” of a preprint and of what was published of it, too: which they are is taken from the
    types of both, where the record names them.
    """
    found: dict[Relative, None] = {}
    own, type = _text(attributes, "doi").lower(), _text(_object(attributes, "types"), "resourceTypeGeneral")
    for entry in _objects(attributes, "relatedIdentifiers"):
        kind = _RELATIONS.get(_text(entry, "relationType"))
        if kind is None or _text(entry, "relatedIdentifierType").upper() != "DOI":
            continue
        try:
            doi = identifiers.doi(_text(entry, "relatedIdentifier"))
        except ValueError:
            continue
        if doi and doi != own:
            found[Relative(_by_types(kind, type, _text(entry, "resourceTypeGeneral")), doi)] = None
    return list(found)


def _by_types(kind: Relation.Kind, type: str, other: str) -> Relation.Kind:
    """A plain version, told apart by the types: a preprint, or what was published of one."""
    if kind != VERSION_OF:
        return kind
    if type == "Preprint" and other in _PUBLISHED:
        return PREPRINT_OF
    return PUBLISHED_FROM if type in _PUBLISHED and other == "Preprint" else kind


def _title(attributes: dict[str, Any]) -> str:
    titles = [each for each in _objects(attributes, "titles") if _text(each, "title")]
    main = next((each for each in titles if not each.get("titleType")), titles[0] if titles else {})
    below = next((each for each in titles if each.get("titleType") == "Subtitle"), {})
    return ": ".join(filter(None, (plain.line(_text(main, "title")), plain.line(_text(below, "title")))))


def _names(attributes: dict[str, Any], role: str) -> list[dict[str, str]]:
    names = []
    for entry in _objects(attributes, role):
        family, given, whole = (plain.line(_text(entry, part)) for part in ("familyName", "givenName", "name"))
        if family and entry.get("nameType") != "Organizational":
            names.append({"family": family} | ({"given": given} if given else {}))
        elif entry.get("nameType") == "Personal" and "," in whole:
            family, _comma, given = whole.partition(",")
            names.append({"family": family.strip(), "given": given.strip()})
        else:
            names.append({"literal": whole})
    return names


def _date(attributes: dict[str, Any]) -> tuple[int | None, int | None, int | None]:
    """The day of issue as far as it is told, and agrees with the year of publication; else that year."""
    year = attributes.get("publicationYear")
    known = int(year) if isinstance(year, int) or (isinstance(year, str) and year.isdigit()) else None
    for entry in _objects(attributes, "dates"):
        match = re.match(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?(?:T.*)?$", _text(entry, "date"))
        if match and entry.get("dateType") == "Issued" and (known is None or known == int(match[1])):
            first, second, third = (int(part) if part else None for part in match.groups())
            return first, second, third
    return known, None, None


def _abstract(attributes: dict[str, Any]) -> str:
    for entry in _objects(attributes, "descriptions"):
        if entry.get("descriptionType") == "Abstract":
            return plain.paragraphs(_text(entry, "description"))
    return ""


def _text(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""


def _object(item: dict[str, Any], name: str) -> dict[str, Any]:
    value = item.get(name)
    return value if isinstance(value, dict) else {}


def _objects(item: dict[str, Any], name: str) -> list[dict[str, Any]]:
    value = item.get(name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
