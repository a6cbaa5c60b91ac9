"""The tagged plain text of Web of Science in (savedrecs.txt, .ciw), which looks like RIS and is none.

Source: Clarivate's list of field tags of the Web of Science Core Collection and of MEDLINE there. A record is from PT
to ER; a value goes on in lines that begin with spaces, and each line of AU, AF, BE and the like is one name.
"""

from __future__ import annotations

import re
from functools import partial

from references.formats import dates
from references.formats.entries import (
    Collector,
    EntryError,
    Progress,
    Reading,
    check_count,
    checked,
    entities_read,
    first_sound,
    pages_between,
)
from references.formats.nbib import kind_of
from references.models import Kind, Type
from references.names import of_medline
from references.works import Work

Record = dict[str, list[str]]
"""The lines of each tag, in their order."""

_LINE = re.compile(r"([A-Z][A-Z0-9])(?: (?![ ]?-)(.*)|$)")
_BEGINNING = re.compile(r"^PT(?: |$)", re.M)
_ANONYMOUS = "[anonymous]"
_TYPES = {
    "J": Type.ARTICLE_JOURNAL.value,
    "B": Type.BOOK.value,
    "S": Type.CHAPTER.value,
    "P": Type.DOCUMENT.value,
}
"""By publication type: journal, book, series, patent. A chapter is a book whose title is not its source's."""


def read(text: str, progress: Progress | None = None) -> Reading:
    """Return what a Web of Science export holds. Never raises. A record without a title is a problem."""
    try:
        check_count(len(_BEGINNING.findall(text)))
    except EntryError as error:
        return Reading.refused(error, "wos")
    found = _records(text)
    collector = Collector("wos", len(found), progress, loose=True)
    for position, record in enumerate(found, start=1):
        collector.entry(position, _line(record, "UT")[:80], partial(from_wos, record, collector.left_out))
    return collector.reading


def _records(text: str) -> list[Record]:
    """The records, each from its PT to its ER; one whose ER is missing ends where the next one begins."""
    found: list[Record] = []
    record: Record | None = None
    values: list[str] = []
    for line in text.split("\n"):
        match = _LINE.match(line)
        if match is None:
            if line.strip():
                values.append(line.strip())
            continue
        tag, value = match[1], (match[2] or "").strip()
        values = []
        if tag == "PT":
            record = {}
            found.append(record)
        elif tag in {"ER", "EF"}:
            record = None
        if record is not None:
            values = record.setdefault(tag, [])
            values.append(value)
    return found


def from_wos(record: Record, left_out: list[str] | None = None) -> Work:
    """Return the work that a record describes, in normal form; what is left out of it is told in `left_out`.

    Raises EntryError with every reason found.
    """

    def line(*tags: str) -> str:
        return next((value for tag in tags if (value := _line(record, tag))), "")

    work = Work(title=line("TI"), source_id=line("UT"))
    work.type = _TYPES.get(line("PT"), "")
    work.container = line("SO") if line("SO") != work.title else ""
    if work.type in {Type.BOOK.value, Type.CHAPTER.value}:
        work.type = Type.CHAPTER.value if work.container else Type.BOOK.value
    if work.container and "proceedings paper" in line("DT").lower() and line("PT") != "J":
        work.type = Type.PAPER_CONFERENCE.value
    work.kind = _kind(work, line("DT"))
    work.authors = _names(record, "AF", "AU")
    work.authors += [{"literal": name} for name in record.get("CA") or record.get("GP", []) if name]
    work.editors = _names(record, "BE", "ED")
    work.container_short = line("JI") if work.type == Type.ARTICLE_JOURNAL.value else ""
    work.series = line("SE") if line("SE") != work.container else ""
    work.publisher, work.place = line("PU"), line("PI")
    work.year, work.month, work.day = _issued(line("PY"), line("PD"), line("EA"))
    work.volume, work.issue = line("VL"), line("IS")
    work.pages = pages_between(line("BP"), line("EP"))
    work.number = line("AR", "PN")
    work.doi, work.pmid = line("DI") or None, line("PM") or None
    work.issn = first_sound("issn", line("SN") or line("EI")) or None
    work.isbn = first_sound("isbn", line("BN")) or None
    work.abstract = line("AB")
    return checked(work, {"title": "TI", "doi": "DI", "pmid": "PM", "issn": "SN", "isbn": "BN"}, left_out)


def _kind(work: Work, given: str) -> str:
    known = kind_of({"PT": [each.strip() for each in given.split(";")]})
    if known == Kind.OTHER and work.type in {Type.BOOK.value, Type.CHAPTER.value}:
        known = Kind.BOOK
    return known.value


def _names(record: Record, *tags: str) -> list[dict[str, str]]:
    """The names under the first of the tags that is there: in full, or with initials."""
    given = next((values for tag in tags if (values := record.get(tag))), [])
    return [of_medline(name) for name in given if name and name.casefold() != _ANONYMOUS]


def _issued(year: str, day: str, early: str) -> dates.Date:
    """The year with the day of PD (`OCT 14`, `MAR-APR`); where there is no year, the day of early access."""
    if not year:
        return dates.of_text(early)
    first = day.split("-")[0] if day[:1].isalpha() else day
    return dates.of_text(f"{year} {first}")


def _line(record: Record, tag: str) -> str:
    return entities_read(" ".join(record.get(tag, []))).strip()
