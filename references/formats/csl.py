"""CSL-JSON in and out, as Zotero exports it: the library's exchange format.

Source: the CSL-JSON schema 1.0.2 (citation-style-language/schema, csl-data.json), and what Zotero makes of it: years
as text, identifiers in lines of `note`, organisations as `literal` names. Our kind and status travel in `custom`.
"""

from __future__ import annotations

import datetime
import json
import re
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from references.folding import tidy_line
from references.formats import dates
from references.formats.dates import Date
from references.formats.entries import (
    Collector,
    EntryError,
    Problem,
    Progress,
    Reading,
    check_count,
    check_size,
    cleaned,
    first_sound,
    full_pages,
    utf_16,
)
from references.identity import identifiers, keys
from references.models import Kind, Reference, Type
from references.names import NAME_PARTS, OTHERS, is_others, without_others
from references.works import Errors, Work, clean, type_of

_KIND_OF_TYPE = {
    "book": Kind.BOOK,
    "chapter": Kind.BOOK,
    "webpage": Kind.WEB_PAGE,
    "post": Kind.WEB_PAGE,
    "post-weblog": Kind.WEB_PAGE,
}
"""Where nobody says the kind, only what the type makes certain: an article may be a trial, a review or a letter."""

_NEAR_TYPES = {
    "post-weblog": Type.POST.value,
    "entry-dictionary": Type.ENTRY.value,
    "entry-encyclopedia": Type.ENTRY.value,
    "review": Type.ARTICLE_JOURNAL.value,
    "review-book": Type.ARTICLE_JOURNAL.value,
    "bill": Type.LEGISLATION.value,
    "regulation": Type.LEGISLATION.value,
    "legal_case": Type.LEGISLATION.value,
}
_TEXTS = {
    "title": "title",
    "container-title": "container",
    "container-title-short": "container_short",
    "collection-title": "series",
    "genre": "genre",
    "edition": "edition",
    "version": "version",
    "publisher": "publisher",
    "publisher-place": "place",
    "volume": "volume",
    "issue": "issue",
    "page": "pages",
    "number": "number",
    "URL": "url",
    "abstract": "abstract",
}
_IDENTIFIERS = {"DOI": "doi", "PMID": "pmid", "PMCID": "pmcid", "ISBN": "isbn", "ISSN": "issn"}
_ROLES = ("author", "editor")
# Under this name in `custom` stand the roles that have more names than are given.
_OTHERS = "others"
_NAME_OF_FIELD = {field: name for name, field in (_TEXTS | _IDENTIFIERS).items()} | {
    "key": "id",
    "authors": "author",
    "editors": "editor",
    "type": "type",
    "nct": "custom.nct",
    "year": "issued",
    "month": "issued",
    "day": "issued",
    "kind": "custom.kind",
    "status": "custom.status",
}
_NOTE_LINE = re.compile(r"^\s*\{?:?\s*(PMID|PMCID|DOI|ISBN|Citation Key)\s*:\s*([^}\n]{1,300}?)\s*\}?\s*$", re.I | re.M)
# Months above 12 in CSL dates stand for seasons: 13 to 16 in CSL 1.0, 21 to 24 in EDTF. We keep the year alone.
_SEASONS = {13, 14, 15, 16, 21, 22, 23, 24}


def from_csl(item: object, left_out: list[str] | None = None) -> Work:
    """Return the work that a CSL-JSON item describes, in normal form.

    An id that cannot be a key, such as the addresses that Zotero gives, leaves `key` empty, unless the item names
    a citation key; `source_id` always holds the id. HTML in a title stays as it is written, as plain text.
    With a list in `left_out`, what the work can do without is left out where it is not sound, and told there; without
    one, it is an error as any other. Raises EntryError with every reason found, each naming the CSL field.
    """
    if not isinstance(item, dict):
        raise EntryError([_("An entry must be an object with a title, not %(what)s.") % {"what": _what(item)}])
    errors: Errors = {}
    noted = {name.upper(): value for name, value in _NOTE_LINE.findall(_note(item))}
    work = Work(title="", source_id=_read_text(item, "id", errors))
    for name, field in (_TEXTS | _IDENTIFIERS).items():
        setattr(work, field, _read_text(item, name, errors))
    for name, field in _IDENTIFIERS.items():
        if not getattr(work, field):
            setattr(work, field, _noted(field, noted.get(name, "")))
    for field in _IDENTIFIERS.values():
        if given := getattr(work, field):
            setattr(work, field, first_sound(field, given))
    work.pages = full_pages(work.pages)
    work.key = _key(item, work.source_id, noted.get("CITATION KEY", ""))
    work.authors, work.editors = (_read_names(item, role, errors) + _read_others(item, role) for role in _ROLES)
    work.year, work.month, work.day = _read_date(item, "issued", errors)
    accessed = _read_date(item, "accessed", errors)
    _read_custom(item, work, errors)
    work, wrong = clean(work) if left_out is None else cleaned(work, _NAME_OF_FIELD, left_out)
    if all(accessed):
        work.accessed_on = _day(accessed, errors)
    for field, messages in wrong.items():
        name = _NAME_OF_FIELD[field]
        if name not in errors:
            errors[name] = [f"{name}: {message}" for message in messages]
    if errors:
        raise EntryError([message for messages in errors.values() for message in messages])
    return work


def to_csl(work: Reference | Work) -> dict[str, Any]:
    """Return the CSL-JSON item of a row or a work; `from_csl` makes the same work of it again."""
    item: dict[str, Any] = {"id": work.key, "type": str(work.type or type_of(work))}
    item["title"] = work.title
    if work.authors:
        item["author"] = [dict(name) for name in work.authors]
    if work.editors:
        item["editor"] = [dict(name) for name in work.editors]
    for name, field in (_TEXTS | _IDENTIFIERS).items():
        if name != "title" and getattr(work, field):
            item[name] = getattr(work, field)
    if work.year is not None:
        parts = [part for part in (work.year, work.month, work.day) if part is not None]
        item["issued"] = {"date-parts": [parts]}
    if work.accessed_on:
        day = work.accessed_on
        item["accessed"] = {"date-parts": [[day.year, day.month, day.day]]}
    item["custom"] = {"kind": str(work.kind), "status": str(work.status)}
    if work.nct:
        item["custom"]["nct"] = work.nct
    return item


def exported(item: dict[str, Any]) -> dict[str, Any]:
    """The item as other programs are to have it: that there are more names than it gives is said in `custom`.

    CSL has no place for it among the names, where it would be cited as an author.
    """
    cut = [role for role in _ROLES if any(map(is_others, item.get(role, [])))]
    if not cut:
        return item
    names = {role: without_others(item[role]) for role in cut}
    return item | names | {"custom": item.get("custom", {}) | {_OTHERS: cut}}


def parse_csl(content: str | bytes) -> tuple[list[Work], list[Problem]]:
    """The works and the problems of `read`, for callers that need no more."""
    reading = read(content)
    return reading.works, reading.problems


def read(content: str | bytes, progress: Progress | None = None) -> Reading:
    """Return what a CSL-JSON file or paste holds. Never raises.

    Takes a list of items, one item, or an object whose `items` or `references` is the list. The same item twice is
    one work; another item under an id that came before is a problem that names both places.
    """
    try:
        items = _items(content)
    except EntryError as error:
        return Reading.refused(error, "csl")
    collector = Collector("csl", len(items), progress)
    for position, item in enumerate(items, start=1):
        collector.entry(position, _shown_id(item), partial(from_csl, item, collector.left_out))
    return collector.reading


def _items(content: str | bytes) -> list[object]:
    """The list of entries in a file. Raises EntryError for what is no such file, or too large."""
    check_size(content)
    text = _decoded(content) if isinstance(content, bytes) else content.removeprefix("\ufeff")
    if not text.strip():
        raise EntryError([_("The file is empty.")])
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise EntryError(
            [
                _("The file is not JSON: line %(line)d, column %(column)d cannot be read.")
                % {"line": error.lineno, "column": error.colno}
            ]
        ) from None
    except (RecursionError, ValueError):
        raise EntryError(
            [_("The file is not a list of works: it is nested too deeply or holds a number of thousands of digits.")]
        ) from None
    if isinstance(data, dict):
        data = next(
            (data[name] for name in ("items", "references") if name in data), [data] if "title" in data else data
        )
    if not isinstance(data, list):
        raise EntryError([_("The file must hold a list of CSL-JSON entries, not %(what)s.") % {"what": _what(data)}])
    check_count(len(data))
    return data


def _decoded(content: bytes) -> str:
    encoding = utf_16(content) or "utf-8-sig"
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise EntryError(
            [_("The file is not UTF-8 text: line %(line)d has other bytes. Save it as UTF-8.") % {"line": line}]
        ) from None


def _what(value: object) -> str:
    """What kind of JSON value this is, in words."""
    if value is None:
        return _("nothing (null)")
    if isinstance(value, bool):
        return _("true or false")
    if isinstance(value, int | float):
        return _("a number")
    if isinstance(value, str):
        return _("a text")
    return _("a list") if isinstance(value, list) else _("an object")


def _shown_id(item: object) -> str:
    value = item.get("id") if isinstance(item, dict) else None
    return tidy_line(value[:80]) if isinstance(value, str) else str(value)[:80] if isinstance(value, int) else ""


def _note(item: dict[str, Any]) -> str:
    note = item.get("note")
    return note[:20_000] if isinstance(note, str) else ""


def _noted(field: str, value: str) -> str:
    """An identifier from a line of the note, or nothing: a note is free text, and a wrong line in it no error."""
    try:
        return getattr(identifiers, field)(value) or ""
    except ValueError:
        return ""


def _read_text(item: dict[str, Any], name: str, errors: Errors) -> str:
    """The text of a field; whole numbers count as texts in all but titles and abstracts, as CSL allows."""
    value = item.get(name)
    if value is None:
        return ""
    if isinstance(value, str):
        return value if name == "abstract" else tidy_line(value)
    if isinstance(value, int) and not isinstance(value, bool) and name not in {"title", "abstract", "URL"}:
        if abs(value) < 10**15:
            return str(value)
        errors[name] = [_("%(name)s: the number is too long.") % {"name": name}]
        return ""
    errors[name] = [_("%(name)s must be a text, not %(what)s.") % {"name": name, "what": _what(value)}]
    return ""


def _key(item: dict[str, Any], source_id: str, noted: str) -> str:
    given = item.get("citation-key")
    for candidate in (source_id, given if isinstance(given, str) else "", noted):
        if keys.is_key(candidate):
            return candidate
    return ""


def _read_names(item: dict[str, Any], field: str, errors: Errors) -> list[dict[str, str]]:
    value = item.get(field)
    if value is None:
        return []
    if not isinstance(value, list):
        errors[field] = [_("%(field)s must be a list of names, not %(what)s.") % {"field": field, "what": _what(value)}]
        return []
    names = []
    for position, name in enumerate(value, start=1):
        parts = {part: name.get(part) for part in (*NAME_PARTS, "literal")} if isinstance(name, dict) else {}
        if not isinstance(name, dict) or any(not isinstance(text, str | None) for text in parts.values()):
            errors[field] = [
                _("%(field)s: name %(position)d must be an object with texts, such as family and given, or literal.")
                % {"field": field, "position": position}
            ]
            return []
        names.append({part: text for part, text in parts.items() if text})
    return names


def _read_others(item: dict[str, Any], role: str) -> list[dict[str, str]]:
    """What says that there are more names of a role, where `exported` has put it."""
    custom = item.get("custom")
    cut = custom.get(_OTHERS) if isinstance(custom, dict) else None
    return [dict(OTHERS)] if isinstance(cut, list) and role in cut else []


def _read_type(given: object) -> str:
    """The type as the library keeps it: a near one for those of CSL that it does not know apart, else none."""
    if not isinstance(given, str):
        return ""
    near = _NEAR_TYPES.get(given, given)
    return near if near in Type else ""


def _read_custom(item: dict[str, Any], work: Work, errors: Errors) -> None:
    """Set type, kind, status and trial: from `custom` where it names them, else what the type makes certain."""
    kind = item.get("type")
    work.kind = _KIND_OF_TYPE.get(kind, Kind.OTHER).value if isinstance(kind, str) else Kind.OTHER.value
    work.type = _read_type(kind)
    custom = item.get("custom")
    if custom is None:
        return
    if not isinstance(custom, dict):
        errors["custom"] = [_("custom must be an object, not %(what)s.") % {"what": _what(custom)}]
        return
    for name in ("kind", "status", "nct"):
        value = custom.get(name)
        if isinstance(value, str) and value:
            setattr(work, name, tidy_line(value))
        elif value:
            errors[f"custom.{name}"] = [
                _("%(name)s must be a text, not %(what)s.") % {"name": f"custom.{name}", "what": _what(value)}
            ]


def _read_date(item: dict[str, Any], name: str, errors: Errors) -> Date:
    """Year, month and day of a CSL date, from the left as far as given; of a range, its beginning."""
    value = item.get(name)
    if isinstance(value, str | int) and not isinstance(value, bool):
        return dates.of_text(str(value))
    if value is None:
        return None, None, None
    try:
        if not isinstance(value, dict):
            raise TypeError
        ranges = value.get("date-parts")
        if ranges in (None, [], [[]]):
            words = next((value[form] for form in ("raw", "literal") if isinstance(value.get(form), str)), "")
            return dates.of_text(words)
        parts = [_date_part(part) for part in ranges[0][:3]]
    except (TypeError, ValueError, KeyError, IndexError):
        errors[name] = [_('%(name)s is not a date: write {"date-parts": [[2021, 5, 31]]}.') % {"name": name}]
        return None, None, None
    year, month, day = (*parts, None, None, None)[:3]
    if year is None or month is None or month in _SEASONS:
        return year, None, None
    return year, month, day


def _date_part(part: object) -> int | None:
    """A number from a number or its digits; None for what stands for nothing (null, an empty text, 0)."""
    if part is None or part == "" or (part == 0 and not isinstance(part, bool)):
        return None
    if isinstance(part, str) and re.fullmatch(r"\s*-?[0-9]{1,6}\s*", part):
        return int(part) or None
    if isinstance(part, int) and not isinstance(part, bool) and abs(part) < 10**6:
        return part
    raise ValueError(part)


def _day(date: Date, errors: Errors) -> datetime.date | None:
    try:
        return datetime.date(*(part or 0 for part in date))
    except ValueError:
        errors["accessed"] = [_("accessed is not a day of the calendar.")]
        return None
