"""RIS in and out: what reference managers and publishers of every age write, and what they read.

Sources: the RIS specification of Research Information Systems (2001 and its revision of 2011), and the files of
EndNote, Zotero, Mendeley, Ovid, Embase, the Cochrane Library and publishers, who disagree with it and with each other.
Lines are split by rispy, once they stand as it wants them. RIS has no place for our status: a note says it
(`Status: retracted`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import rispy
from django.utils.translation import gettext as _

from references.folding import quoted, tidy_line, tidy_text
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
from references.identity import identifiers, keys
from references.models import Kind, Status, Type
from references.names import OTHERS, inverted, is_others, of_medline, parted_particle, parted_suffix, without_others
from references.works import Work

Record = dict[str, list[str]]

_TYPES = {
    Type.ARTICLE_JOURNAL.value: "JOUR",
    Type.ARTICLE.value: "UNPB",
    Type.ARTICLE_MAGAZINE.value: "MGZN",
    Type.ARTICLE_NEWSPAPER.value: "NEWS",
    Type.BOOK.value: "BOOK",
    Type.CHAPTER.value: "CHAP",
    Type.PAPER_CONFERENCE.value: "CPAPER",
    Type.REPORT.value: "RPRT",
    Type.THESIS.value: "THES",
    Type.WEBPAGE.value: "ELEC",
    Type.POST.value: "BLOG",
    Type.DATASET.value: "DATA",
    Type.SOFTWARE.value: "COMP",
    Type.ENTRY.value: "ENCYC",
    Type.LEGISLATION.value: "STAT",
    Type.STANDARD.value: "STAND",
}
_READ_TYPES = {written: name for name, written in _TYPES.items()} | {
    "EJOUR": Type.ARTICLE_JOURNAL.value,
    "EJOU": Type.ARTICLE_JOURNAL.value,
    "ABST": Type.ARTICLE_JOURNAL.value,
    "JFULL": Type.ARTICLE_JOURNAL.value,
    "INPR": Type.ARTICLE_JOURNAL.value,
    "EBOOK": Type.BOOK.value,
    "EDBOOK": Type.BOOK.value,
    "PAMP": Type.BOOK.value,
    "ECHAP": Type.CHAPTER.value,
    "CONF": Type.PAPER_CONFERENCE.value,
    "GOVDOC": Type.REPORT.value,
    "WEB": Type.WEBPAGE.value,
    "ICOMM": Type.WEBPAGE.value,
    "DBASE": Type.DATASET.value,
    "DICT": Type.ENTRY.value,
    "BILL": Type.LEGISLATION.value,
    "CASE": Type.LEGISLATION.value,
    "LEGAL": Type.LEGISLATION.value,
}
_KINDS = {
    Type.BOOK.value: Kind.BOOK,
    Type.CHAPTER.value: Kind.BOOK,
    Type.WEBPAGE.value: Kind.WEB_PAGE,
    Type.POST.value: Kind.WEB_PAGE,
}
_PUBMED = re.compile(r"pubmed|medline|nlm|\b(?:cmedm|mnh|mdc|mdl)\b", re.I)
_REPRINTS = {"IN FILE", "NOT IN FILE", "ON REQUEST"}
"""What RP says in files of Reference Manager: no version."""

_STATUS = re.compile(r"Status: ([a-z-]+)")
_GENERIC = "GEN"
_TAGS_AFTER_DATE = {
    "volume": "VL",
    "issue": "IS",
    "number": "M1",
    "collection-title": "T3",
    "edition": "ET",
    "version": "RP",
    "publisher-place": "CY",
    "DOI": "DO",
    "ISSN": "SN",
    "ISBN": "SN",
    "PMID": "AN",
    "PMCID": "C2",
    "URL": "UR",
    "abstract": "AB",
    "note": "N1",
}
"""AN (accession number) and C2 hold PMID and PMCID, as PubMed's own exports to EndNote do."""

_CONTAINERS_IN_BT = {"CHAP", "ECHAP", "CONF", "CPAPER", "ENCYC", "DICT"}
_KNOWN = """
A1 A2 A3 A4 AB AD AN AU AV BT C1 C2 C3 C4 C5 C6 C7 C8 CA CN CP CT
CY DA DB DO DP ED EP ER ET H1 H2 ID IS J1 J2 JA JF JO JP KW L1 L2
L3 L4 LA LB LK M1 M2 M3 N1 N2 NO NV OP PB PP PY RI RN RP SE SN SP
ST T1 T2 T3 TA TI TT TY U1 U2 U3 U4 U5 UR VL VO WP Y1 Y2
"""
_TAGS = _KNOWN.split()
_LINE = re.compile(r"[ \t]*([A-Z][A-Z0-9])[ \t]{1,2}[-–][ \t]?(.*)|([A-Z][A-Z0-9])-[ \t](.*)")
_BEGINNING = re.compile(r"^[ \t]*TY(?:[ \t]{1,2}[-–]|-[ \t])", re.M)
_TAG_LIKE = re.compile(r"\s*[A-Z][A-Z0-9]\s*[-–]")
# Between the lines of one value; rispy sees a single line. The texts hold none, their line ends being \n.
_BREAK = "\r"


def read(text: str, progress: Progress | None = None) -> Reading:
    """Return what a RIS text holds. Never raises.

    The space around tags, a missing end of a record and values of several lines are read with good will. An ID is a
    key where it could be one and is no mere number; the same ID for another work leaves that one without a key.
    """
    try:
        check_count(len(_BEGINNING.findall(text)))
    except EntryError as error:
        return Reading.refused(error, "ris")
    lines = list(_lines(text))
    names = {tag: tag for tag in _TAGS} | {"UK": "UK"}
    found = rispy.loads(
        "\n".join(lines),
        mapping=names,
        list_tags=_TAGS,
        delimiter_tags_mapping={},
        skip_unknown_tags=True,
        newline="\n",
    )
    collector = Collector("ris", len(found), progress, loose=True)
    for position, record in enumerate(found, start=1):
        # The type alone comes as a text.
        record = {tag: [values] if isinstance(values, str) else values for tag, values in record.items()}
        collector.entry(position, _first(record, "ID")[:80], partial(from_ris, record, collector.left_out))
    return collector.reading


def _lines(text: str) -> Iterator[str]:
    """The lines as rispy wants them: one for each value, and each record with its end."""
    tag, parts = "", [""]
    open_record = False
    for line in text.split("\n"):
        match = _LINE.match(line)
        found = (match[1] or match[3]) if match else ""
        if match is None or found not in _TAGS:
            # An unknown tag ends the value before it; anything else goes on with it.
            if match is None and tag:
                parts.append(line.strip())
            elif match is not None and len(line) - len(line.lstrip()) == 0:
                yield from _line(tag, parts)
                tag = ""
            continue
        yield from _line(tag, parts)
        tag = ""
        if found in {"TY", "ER"} and open_record:
            yield "ER  - "
            open_record = False
        if found == "ER":
            continue
        open_record = open_record or found == "TY"
        tag, parts = found, [(match[2] or match[4] or "").strip()]
    yield from _line(tag, parts)
    if open_record:
        yield "ER  - "


def _line(tag: str, parts: list[str]) -> Iterator[str]:
    if tag:
        yield f"{tag}  - {_BREAK.join(parts).strip()}"


def from_ris(record: Record, left_out: list[str] | None = None) -> Work:
    """Return the work that a record describes, in normal form; what is left out of it is told in `left_out`.

    Raises EntryError with every reason found.
    """

    def text(*tags: str) -> str:
        return next((value for tag in tags if (value := entities_read(_first(record, tag)))), "")

    given_type = text("TY").upper()
    source_id = text("ID")
    work = Work(title=text("TI", "T1", "CT") or text("BT", "T2"), source_id=source_id)
    work.key = source_id if keys.is_key(source_id) and not source_id.isdigit() else ""
    work.type = _READ_TYPES.get(given_type, "")
    work.authors = _names(record, "AU", "A1")
    editors = ("ED", "A2") if work.type != Type.BOOK.value or record.get("ED") else ("A2",)
    work.editors = _names(record, *editors)
    _set_container(work, text)
    work.publisher, work.place = text("PB"), text("CY", "PP")
    if work.type == Type.ARTICLE_JOURNAL.value:
        # EndNote's exports from PubMed name the journal's publisher and country nowhere else in use.
        work.series = text("T3")
    else:
        work.series = text("T3") if text("T3") != work.container else ""
    work.edition = text("ET")
    work.version = text("RP") if not text("RP").upper().startswith(tuple(_REPRINTS)) else ""
    work.year, work.month, work.day = _issued(record)
    work.volume, work.issue = text("VL", "VO"), text("IS", "CP")
    work.pages = pages_between(text("SP"), text("EP"))
    if work.pages.casefold() == "no pagination specified":
        work.pages = ""
    number = text("M1")
    work.number = number if number != work.issue else ""
    _set_identifiers(work, record, left_out if left_out is not None else [])
    work.abstract = entities_read("\n".join(record.get("AB") or record.get("N2") or []).replace(_BREAK, "\n"))
    work.accessed_on = dates.whole_day(text("Y2"))
    _set_kind(work, record)
    noted = (_STATUS.fullmatch(tidy_line(value)) for value in record.get("N1", []))
    work.status = next((match[1] for match in noted if match and match[1] in Status), Status.CURRENT.value)
    return checked(work, _NAME_OF_FIELD, left_out)


_NAME_OF_FIELD = {
    "title": "TI", "authors": "AU", "editors": "ED", "container": "T2", "container_short": "JA", "series": "T3",
    "publisher": "PB", "place": "CY", "edition": "ET", "version": "RP", "year": "PY", "volume": "VL", "issue": "IS",
    "pages": "SP", "number": "M1", "doi": "DO", "pmid": "AN", "pmcid": "C2", "nct": "C3", "url": "UR",
    "abstract": "AB", "genre": "M3",
}  # fmt: skip


def _set_container(work: Work, text: Any) -> None:
    names = [name for tag in ("T2", "JF", "JO", "BT") if (name := text(tag)) and name != work.title]
    short = text("JA", "J2", "J1")
    work.container = next(iter(names), "") or short
    if not short:
        # Some write the full name in JF and the abbreviation in JO, some the other way round, most the same in both.
        short = next((name for name in names if len(name) < len(work.container) and "." in name), "")
    work.container_short = short if short != work.container else ""


def _set_identifiers(work: Work, record: Record, left_out: list[str]) -> None:
    def every(*tags: str) -> list[str]:
        return [tidy_line(value) for tag in tags for value in record.get(tag, []) if value]

    dois = [value for value in every("DO", "M3", "L3", "N1") if re.search(r"\b10\.[0-9]{4,9}/", value)]
    work.doi = next((found for value in dois if (found := _sound("doi", value))), None)
    if not work.doi and (given := every("DO")):
        work.doi = given[0] if re.search("[0-9]", given[0]) else None
    addresses = [
        part for value in every("UR", "L2", "LK") for part in re.split(r"\s+|;(?=https?:)", value) if "://" in part
    ]
    work.url = next(iter(addresses), "")
    if not work.doi:
        work.doi = next(
            (found for address in addresses if "doi.org/10." in address and (found := _sound("doi", address))), None
        )
    pubmed = [address for address in addresses if "pubmed" in address]
    noted = [value[5:] for value in every("N1", "U1", "C1", "M1") if re.match(r"PMID\s?[:-]", value)]
    accession = [value for value in every("AN") if re.fullmatch(r"(?:PMID:?\s*|MEDLINE:)?[0-9]{1,8}", value)]
    if (database := every("DB")) and not _PUBMED.search(database[0]):
        # Other databases number their records, too.
        accession = []
    candidates = [re.sub(r"^MEDLINE:|^[\s:-]+", "", value) for value in (*accession, *noted, *pubmed)]
    work.pmid = next((found for value in candidates if (found := _sound("pmid", value))), None)
    custom = every("C2", "C1", "C3", "C4", "C5", "C6", "C7", "C8")
    work.pmcid = next(
        (found for value in custom if value.upper().startswith("PMC") and (found := _sound("pmcid", value))), None
    )
    work.nct = next((found for value in custom if (found := _sound("nct", value))), None)
    numbers = every("SN")
    work.issn = next((found for value in numbers if (found := _one_of("issn", value))), None)
    work.isbn = next((found for value in numbers if (found := _one_of("isbn", value))), None)
    left_out += [
        _("SN was left out: %(text)s is neither an ISSN nor an ISBN whose last digit agrees with the others.")
        % {"text": quoted(value)}
        for value in dict.fromkeys(numbers)
        if re.search("[0-9]", value) and not (_one_of("issn", value) or _one_of("isbn", value))
    ]


def _sound(scheme: str, value: str) -> str | None:
    try:
        found: str | None = getattr(identifiers, scheme)(value)
    except ValueError:
        return None
    return found


def _one_of(scheme: str, value: str) -> str | None:
    return _sound(scheme, first_sound(scheme, value))


def _set_kind(work: Work, record: Record) -> None:
    given = [tidy_line(value) for value in record.get("M3", [])]
    if given and given[0] in Kind:
        # Written here: the kind, and after it the genre.
        work.kind, work.genre = given[0], (*given[1:], "")[0]
        return
    known = kind_of({"PT": given})
    work.kind = (_KINDS.get(work.type, Kind.OTHER) if known == Kind.OTHER else known).value
    if work.type in {Type.THESIS.value, Type.REPORT.value} and given and known == Kind.OTHER:
        work.genre = given[0] if not re.search(r"10\.[0-9]{4}", given[0]) else ""


def _names(record: Record, *tags: str) -> list[dict[str, str]]:
    """The names under the tags, in braces or not: `Family, Given, Suffix`, or an organisation."""
    names = []
    for tag in tags:
        for value in record.get(tag, []):
            is_list = "," in value.split(_BREAK)[0] and not value.startswith("{")
            parts = value.split(_BREAK) if is_list else [value]
            names += [name for part in parts if (name := _name(entities_read(tidy_line(part))))]
    return names


def _name(text: str) -> dict[str, str] | None:
    text = text.strip(" ;")
    if not text:
        return None
    if is_others({"literal": text.rstrip(",")}):
        return dict(OTHERS)
    if text.startswith("{") and text.endswith("}") and text[1:-1].strip():
        return {"literal": text[1:-1].strip()}
    if pointed := re.fullmatch(r"([^,]*[^\W\d_A-Z][\w'’-]*) ((?:[^\W\d_a-z]\.[- ]?)+)", text):
        # Embase's `van den Berg J.-P.`: no organisation ends with pointed initials.
        family, particle = parted_particle(pointed[1])
        name = {"family": family, "given": pointed[2].strip(), "non-dropping-particle": particle}
        return {part: value for part, value in name.items() if value}
    if "," not in text:
        # `Smith JA`, as MEDLINE writes it, is a person; whatever else stands without a comma is an organisation.
        return (
            of_medline(text)
            if re.fullmatch(r"[^\W\d_a-z][\w'’-]+ [A-Z]{1,3}", text) and not text.isupper()
            else {"literal": text}
        )
    family, given, suffix = (part.strip() for part in (text.split(",", 2) + ["", ""])[:3])
    if not given and not suffix:
        return {"family": family} if family else None
    if not suffix:
        given, suffix = parted_suffix(given)
    family, particle = parted_particle(family)
    name = {"family": family, "given": given, "non-dropping-particle": particle, "suffix": suffix}
    return {part: value for part, value in name.items() if value}


def _issued(record: Record) -> dates.Date:
    """The fullest of the dates that agree with the first year: PY and Y1 often hold the year alone, DA the rest."""
    found = [
        date
        for tag in ("PY", "Y1", "DA")
        for value in record.get(tag, [])
        if (date := _date_of(value.strip()))[0] is not None
    ]
    if not found:
        return dates.UNKNOWN
    return max(
        (date for date in found if date[0] == found[0][0]), key=lambda date: sum(part is not None for part in date)
    )


def _date_of(text: str) -> dates.Date:
    """`YYYY/MM/DD/words`, of which each part may be empty, or a date in words."""
    slashed = re.match(r"([0-9]{4})/([0-9]{0,2})/([0-9]{0,2})(?:/(.*))?$", text)
    if not slashed:
        return dates.of_text(text)
    year, month, day = (int(part) if part else None for part in slashed.groups()[:3])
    if month is None and slashed[4]:
        return dates.of_text(f"{year} {slashed[4]}")
    return dates.sound(year, month, day if month else None)


def _first(record: Record, tag: str) -> str:
    return next((tidy_line(value) for value in record.get(tag, []) if value.strip()), "")


def to_ris(works: Iterable[dict[str, Any]]) -> str:
    """Return the RIS records of CSL-JSON items, in their order, with CRLF line ends."""
    return "".join(f"{tag}  - {value}\r\n" for work in works for tag, value in _lines_of(work))


def _lines_of(work: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for tag, value in _written(work):
        yield tag, _paragraphs(value) if tag == "AB" else tidy_line(value)


def _paragraphs(text: str) -> str:
    """A text whose lines go on without a tag. One that would be read as a tag goes on in the line before."""
    written = ""
    for line in tidy_text(text).split("\n"):
        line = tidy_line(line)
        written += f" {line}" if _TAG_LIKE.match(line) else f"\r\n{line}"
    return written.removeprefix("\r\n").lstrip(" ")


def _written(work: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "TY", _TYPES.get(work.get("type", ""), _GENERIC)
    yield "ID", work.get("id", "")
    yield "TI", work.get("title", "")
    for role, tag in (("author", "AU"), ("editor", "ED")):
        yield from ((tag, _name_line(name)) for name in without_others(work.get(role, [])))
    if container := work.get("container-title"):
        yield "T2", container
    if short := work.get("container-title-short"):
        yield "JA", short
    if publisher := work.get("publisher"):
        yield "PB", publisher
    yield from _dates(work)
    yield from _pages(work.get("page", ""))
    for name, tag in _TAGS_AFTER_DATE.items():
        if value := work.get(name):
            yield tag, str(value)
    custom = work.get("custom") or {}
    if nct := custom.get("nct"):
        yield "C3", nct
    if kind := custom.get("kind"):
        yield "M3", kind
    if genre := work.get("genre"):
        yield "M3", genre
    if (status := custom.get("status", Status.CURRENT.value)) != Status.CURRENT.value:
        yield "N1", f"Status: {status}"
    yield "ER", ""


def _name_line(name: dict[str, str]) -> str:
    """A name as RIS has it: a person's with a comma, an organisation's without one.

    An organisation's that would be read as a person's, through its comma or initials, stands in braces.
    """
    line = inverted(name)
    if "literal" in name:
        return line if _name(line) == {"literal": line} else f"{{{line}}}"
    return line if "," in line else f"{line},"


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
