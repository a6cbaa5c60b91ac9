"""A work before it is in the library: its fields, and the one rule for what they may hold.

Everything that enters the library passes `clean`: forms by `references.library`, files by their formats.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from typing import cast
from urllib.parse import urlsplit

from django.db.models import CharField
from django.utils.translation import gettext as _

from references.folding import fold, quoted, tidy_line, tidy_text
from references.identity import identifiers, keys
from references.models import Kind, Reference, Status, Type
from references.names import clean_authors

EARLIEST_YEAR, LATEST_YEAR = 1000, 2200
LONGEST_TITLE = 2_000
LONGEST_ABSTRACT = 50_000
MOST_AUTHORS = 5_000
LONGEST_NAME = 400

_IDENTIFIERS: dict[str, Callable[[str | None], str | None]] = {
    "doi": identifiers.doi,
    "pmid": identifiers.pmid,
    "pmcid": identifiers.pmcid,
    "isbn": identifiers.isbn,
    "issn": identifiers.issn,
    "nct": identifiers.nct,
}
LINES = (
    "genre",
    "container",
    "container_short",
    "series",
    "edition",
    "version",
    "publisher",
    "place",
    "volume",
    "issue",
    "pages",
    "number",
)
"""The fields of one line that a work can do without, each no longer than its column."""

# Django puts the values of its choices together anew each time that they are asked for.
_CHOICES = {"kind": tuple(Kind.values), "type": tuple(Type.values), "status": tuple(Status.values)}
_KINDS_IN_JOURNALS = {
    Kind.SYSTEMATIC_REVIEW,
    Kind.RANDOMISED_TRIAL,
    Kind.COHORT,
    Kind.CASE_CONTROL,
    Kind.CASE_REPORT,
    Kind.NARRATIVE_REVIEW,
}

Errors = dict[str, list[str]]


@dataclass
class Work:
    """The fields of a `Reference`, with no row behind them. An empty `key` asks for one to be made.

    `source_id` is what the entry was called where it came from; two works are equal whatever they were called.
    """

    title: str
    key: str = ""
    kind: str = Kind.OTHER.value
    type: str = ""
    genre: str = ""
    authors: list[dict[str, str]] = field(default_factory=list)
    editors: list[dict[str, str]] = field(default_factory=list)
    container: str = ""
    container_short: str = ""
    series: str = ""
    edition: str = ""
    version: str = ""
    publisher: str = ""
    place: str = ""
    year: int | None = None
    month: int | None = None
    day: int | None = None
    volume: str = ""
    issue: str = ""
    pages: str = ""
    number: str = ""
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    isbn: str | None = None
    issn: str | None = None
    nct: str | None = None
    url: str = ""
    accessed_on: datetime.date | None = None
    abstract: str = ""
    status: str = Status.CURRENT.value
    source_id: str = field(default="", compare=False)

    @classmethod
    def of(cls, reference: Reference) -> Work:
        """The work that a row holds."""
        return cls(**{name: getattr(reference, name) for name in FIELDS}, source_id=reference.key)

    def values(self) -> dict[str, object]:
        """The fields by name, as `Reference(**values)` takes them."""
        values: dict[str, object] = {name: getattr(self, name) for name in FIELDS}
        return values | {
            "authors": [dict(name) for name in self.authors],
            "editors": [dict(name) for name in self.editors],
        }


FIELDS = tuple(each.name for each in fields(Work) if each.name != "source_id")


def clean(work: Work) -> tuple[Work, Errors]:
    """Return the work in normal form, and what is wrong with it: sentences by field, none where it is sound.

    Texts become tidy lines in NFC, identifiers their normal form, names the parts that CSL knows; a work without a
    type gets the one that its fields show. A field with an error keeps what was given. The work itself is left as it
    is.
    """
    errors: Errors = {}
    tidy = replace(
        work,
        key=tidy_line(work.key),
        title=tidy_line(work.title),
        abstract=tidy_text(work.abstract),
        url=tidy_line(work.url),
        authors=clean_authors(work.authors),
        editors=clean_authors(work.editors),
    )
    for name in LINES:
        setattr(tidy, name, tidy_line(getattr(work, name)))
    for name, normal_form in _IDENTIFIERS.items():
        try:
            setattr(tidy, name, normal_form(getattr(work, name)))
        except ValueError as error:
            errors[name] = [str(error)]
    found = {
        "key": _key_errors(tidy.key),
        "title": _title_errors(tidy.title),
        "authors": _author_errors(tidy.authors),
        "editors": _author_errors(tidy.editors),
        "url": _url_errors(tidy.url),
        **_date_errors(tidy.year, tidy.month, tidy.day),
        **{name: _length_errors(name, getattr(tidy, name)) for name in LINES},
    }
    if len(tidy.abstract) > LONGEST_ABSTRACT:
        found["abstract"] = [_too_long(len(tidy.abstract), LONGEST_ABSTRACT)]
    for name, values in _CHOICES.items():
        if getattr(tidy, name) not in values and (name != "type" or tidy.type):
            found[name] = [
                _("%(text)s is not one of: %(known)s.")
                % {"text": quoted(getattr(tidy, name)), "known": ", ".join(values)}
            ]
    errors.update({name: messages for name, messages in found.items() if messages})
    tidy.type = tidy.type or type_of(tidy)
    return tidy, errors


def type_of(work: Reference | Work) -> str:
    """The type of CSL that a work's kind and fields show, for one that names none."""
    if work.kind == Kind.BOOK:
        return "chapter" if work.container else "book"
    if work.kind in {Kind.WEB_PAGE, Kind.OWN_ANSWER}:
        return "webpage"
    in_journal = bool(work.pmid or (work.container and (work.volume or work.issue or work.pages or work.doi)))
    if in_journal or (work.kind in _KINDS_IN_JOURNALS and (work.container or work.doi)):
        return "article-journal"
    if work.publisher or work.isbn:
        return "report"
    return "webpage" if work.url else "document"


def same_work(one: Work | Reference, other: Work | Reference) -> bool:
    """Whether two entries under one key, with no identifier in common, are the same work.

    Their titles are the same but for case, accents and space; neither DOI nor PMID contradicts; and their
    addresses are the same, or their years (an absent year agrees with nothing where the addresses differ).
    """
    if fold(one.title) != fold(other.title):
        return False
    if any(a and b and a != b for a, b in ((one.doi, other.doi), (one.pmid, other.pmid))):
        return False
    if one.year is not None and one.year == other.year:
        return True
    return one.url == other.url and (bool(one.url) or one.year == other.year)


_UNSAID: tuple[object, ...] = (None, "", [], Kind.OTHER, Status.CURRENT)
"""What a field holds of which nobody said anything."""


def differences(work: Work, reference: Reference | Work) -> tuple[str, ...]:
    """The fields in which `work` says something that the row does not; what it leaves empty differs in nothing.

    The kind `other` and the status `current` are what a work has of which nobody said either; where the row leaves its
    type to be derived, no type differs.
    """
    return tuple(
        name
        for name in FIELDS
        if name != "key"
        and (name != "type" or reference.type)
        and getattr(work, name) not in _UNSAID
        and getattr(work, name) != getattr(reference, name)
    )


def lacks(reference: Reference | Work, name: str) -> bool:
    """Whether nobody said anything of this field."""
    return getattr(reference, name) in _UNSAID


def _key_errors(key: str) -> list[str]:
    if not key or keys.is_key(key):
        return []
    if len(key) > keys.LONGEST:
        return [_too_long(len(key), keys.LONGEST)]
    return [_("%(text)s cannot be a key: leave out brackets and braces.") % {"text": quoted(key)}]


def _title_errors(title: str) -> list[str]:
    if not title:
        return [_("A work needs a title.")]
    return [_too_long(len(title), LONGEST_TITLE)] if len(title) > LONGEST_TITLE else []


def _author_errors(authors: list[dict[str, str]]) -> list[str]:
    if len(authors) > MOST_AUTHORS:
        return [
            _("%(count)d names are more than the library takes for one work (%(most)d).")
            % {"count": len(authors), "most": MOST_AUTHORS}
        ]
    longest = max((len(part) for name in authors for part in name.values()), default=0)
    return [_too_long(longest, LONGEST_NAME)] if longest > LONGEST_NAME else []


def _url_errors(url: str) -> list[str]:
    longest = _longest("url")
    if len(url) > longest:
        return [_too_long(len(url), longest)]
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in url
    except ValueError:
        sound = False
    if url and not sound:
        return [_("%(text)s is not an address: one begins with https:// or http://.") % {"text": quoted(url)}]
    return []


def _date_errors(year: int | None, month: int | None, day: int | None) -> Errors:
    if year is not None and not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return {
            "year": [
                _("The year %(year)s is not between %(first)d and %(last)d.")
                % {"year": quoted(year), "first": EARLIEST_YEAR, "last": LATEST_YEAR}
            ]
        }
    if month is not None and year is None:
        return {"month": [_("A month needs its year.")]}
    if month is not None and not 1 <= month <= 12:
        return {"month": [_("The month %(month)s is not between 1 and 12.") % {"month": quoted(month)}]}
    if day is None:
        return {}
    if year is None or month is None:
        return {"day": [_("A day needs its month and year.")]}
    try:
        datetime.date(year, month, day)
    except (ValueError, OverflowError):
        return {
            "day": [
                _("There is no day %(day)s in month %(month)d of %(year)d.")
                % {"day": quoted(day), "month": month, "year": year}
            ]
        }
    return {}


def _length_errors(name: str, text: str) -> list[str]:
    longest = _longest(name)
    return [_too_long(len(text), longest)] if len(text) > longest else []


def _longest(name: str) -> int:
    """How many characters the column takes."""
    return cast(CharField, Reference._meta.get_field(name)).max_length or 0


def _too_long(length: int, most: int) -> str:
    return _("%(length)d characters are more than fit here (%(most)d).") % {"length": length, "most": most}
