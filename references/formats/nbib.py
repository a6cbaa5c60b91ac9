"""PubMed's own format in (NBIB, which is MEDLINE): as PubMed saves it and as E-utilities answer with rettype=medline.

Source: "MEDLINE/PubMed Data Element (Field) Descriptions" of the US National Library of Medicine. `records`,
`publication_types` and `notices` serve what asks PubMed, too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial

from references.formats import dates
from references.formats.entries import (
    Collector,
    EntryError,
    Progress,
    Reading,
    check_count,
    checked,
    first_sound,
    full_pages,
)
from references.identity import identifiers
from references.models import Kind, Status, Type
from references.names import of_medline
from references.works import Work

Record = dict[str, list[str]]
"""The values of each tag, in their order."""

_LINE = re.compile(r"([A-Z][A-Z0-9]{1,3})[ \t]{0,2}-(?:[ \t](.*)|$)")
_BEGINNING = re.compile(r"^PMID[ \t]{0,2}-(?=[ \t]|$)", re.M)

_KINDS = (
    (Kind.GUIDELINE, {"practice guideline", "guideline"}),
    (Kind.SYSTEMATIC_REVIEW, {"systematic review", "meta-analysis", "network meta-analysis"}),
    (Kind.RANDOMISED_TRIAL, {"randomized controlled trial"}),
    (Kind.CASE_REPORT, {"case reports"}),
    (Kind.NARRATIVE_REVIEW, {"review"}),
)
"""What a publication type makes certain, the surest first: a meta-analysis is often a review as well."""

_COHORTS = {"cohort studies", "prospective studies", "retrospective studies", "longitudinal studies"}
_CASE_CONTROLS = {"case-control studies"}

NOTICES = {
    "RIN": Status.RETRACTED,
    "PRIN": Status.RETRACTED,
    "RRI": Status.RETRACTED,
    "ECI": Status.CONCERN,
    "UIN": Status.SUPERSEDED,
    "EIN": Status.CORRECTED,
    "CRI": Status.CORRECTED,
}
"""Where a notice about the work stands: (partial) retraction, retracted and republished, expression of concern, update,
erratum, corrected and republished. The gravest first."""


_NAME_OF_FIELD = {
    "title": "TI", "authors": "FAU", "pmid": "PMID", "doi": "LID", "pmcid": "PMC", "issn": "IS", "isbn": "ISBN",
    "container": "JT", "container_short": "TA", "volume": "VI", "issue": "IP", "pages": "PG", "abstract": "AB",
    "year": "DP", "publisher": "PB", "place": "PL",
}  # fmt: skip


@dataclass(frozen=True)
class Notice:
    """A notice about a work, elsewhere: its tag, what it does to the work, its citation and its identifiers."""

    tag: str
    status: Status
    text: str
    pmid: str | None
    doi: str | None


def read(text: str, progress: Progress | None = None) -> Reading:
    """Return what an NBIB text holds. Never raises. A record without a title is a problem."""
    try:
        check_count(len(_BEGINNING.findall(text)))
    except EntryError as error:
        return Reading.refused(error, "nbib")
    found = records(text)
    collector = Collector("nbib", len(found), progress, loose=True)
    for position, record in enumerate(found, start=1):
        collector.entry(position, _first(record, "PMID"), partial(from_nbib, record, collector.left_out))
    return collector.reading


def records(text: str) -> list[Record]:
    """Return the records of a MEDLINE text; each begins with its PMID. What stands before the first is left out."""
    found: list[Record] = []
    values: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        match = _LINE.match(line)
        if match is None:
            if values and line.strip():
                values[-1] = f"{values[-1]} {line.strip()}".strip()
            continue
        tag, value = match.groups()
        if tag == "PMID":
            found.append({})
        if found:
            values = found[-1].setdefault(tag, [])
            values.append((value or "").strip())
    return found


def publication_types(record: Record) -> list[str]:
    """What PubMed calls the work: `Randomized Controlled Trial`, `Retracted Publication` and so on.

    *Retracted Publication* is said of the work itself; *Retraction Notice*, *Expression of Concern* and *Published
    Erratum* are said of notices. What is known against a work by such a notice is in `notices`.
    """
    return list(record.get("PT", []))


def notices(record: Record) -> list[Notice]:
    """The notices about the work that PubMed links, the gravest first."""
    return [
        Notice(tag, status, text, _in_text(r"PMID:\s*([0-9]+)", text), _doi_in(text))
        for tag, status in NOTICES.items()
        for text in record.get(tag, [])
    ]


def kind_of(record: Record) -> Kind:
    """The kind of work that the publication types (for observational studies, the headings too) make certain."""
    types = {each.casefold() for each in publication_types(record)}
    if "clinical trial protocol" in types:
        return Kind.OTHER
    for kind, names in _KINDS[:-1]:
        if types & names:
            return kind
    if "observational study" in types:
        headings = {each.split("/")[0].lstrip("*").casefold() for each in record.get("MH", [])}
        if headings & _CASE_CONTROLS:
            return Kind.CASE_CONTROL
        if headings & _COHORTS:
            return Kind.COHORT
    if "BTI" in record:
        return Kind.BOOK
    return Kind.NARRATIVE_REVIEW if "review" in types else Kind.OTHER


def status_of(record: Record) -> Status:
    """What PubMed knows against the work, the gravest."""
    if any(each.casefold() == "retracted publication" for each in publication_types(record)):
        return Status.RETRACTED
    return next((notice.status for notice in notices(record)), Status.CURRENT)


def from_nbib(record: Record, left_out: list[str] | None = None) -> Work:
    """Return the work that a record describes, in normal form; what is left out of it is told in `left_out`.

    Raises EntryError with every reason found.
    """
    pmid = _first(record, "PMID")
    work = Work(title=_title(record), source_id=pmid, pmid=pmid)
    work.kind, work.status = kind_of(record).value, status_of(record).value
    work.type = _type(record)
    work.authors = [of_medline(name) for name in record.get("FAU") or record.get("AU", [])]
    work.authors += [{"literal": name} for name in record.get("CN", [])]
    work.editors = [of_medline(name) for name in record.get("FED") or record.get("ED", [])]
    work.container = _first(record, "JT")
    work.container_short = _first(record, "TA")
    if "BTI" in record:
        work.container = _without_period(_first(record, "BTI")) if "TI" in record else ""
        work.container_short = ""
        work.publisher, work.place, work.edition = (_first(record, tag) for tag in ("PB", "PL", "EN"))
        work.series = _first(record, "CTI")
    work.year, work.month, work.day = dates.of_text(_first(record, "DP") or _first(record, "DEP"))
    work.volume, work.issue = _first(record, "VI"), _first(record, "IP")
    work.pages = full_pages(_first(record, "PG"))
    work.doi = _marked(record, "doi")
    if not work.pages:
        work.number = _marked(record, "pii", tags=("LID",)) or ""
    work.pmcid = _first(record, "PMC") or None
    work.issn = first_sound("issn", " ".join(record.get("IS", []))) or None
    work.isbn = first_sound("isbn", " ".join(record.get("ISBN", []))) or None
    work.nct = _in_text(r"\b(NCT[0-9]{8})\b", " ".join(record.get("SI", [])))
    work.abstract = _first(record, "AB")
    return checked(work, _NAME_OF_FIELD, left_out)


def _title(record: Record) -> str:
    return _without_period(_first(record, "TI") or _first(record, "BTI") or _first(record, "TT"))


def _without_period(title: str) -> str:
    """A title without the full stop that NLM puts after each."""
    return title[:-1] if title.endswith(".") and not title.endswith("..") else title


def _type(record: Record) -> str:
    types = {each.casefold() for each in publication_types(record)}
    if "preprint" in types:
        return Type.ARTICLE.value
    if "dataset" in types:
        return Type.DATASET.value
    if "BTI" in record:
        return Type.CHAPTER.value if "TI" in record else Type.BOOK.value
    return Type.ARTICLE_JOURNAL.value if "JT" in record or "TA" in record else ""


def _first(record: Record, tag: str) -> str:
    return next((value for value in record.get(tag, []) if value), "")


def _marked(record: Record, mark: str, tags: tuple[str, ...] = ("LID", "AID")) -> str | None:
    """The first identifier with its mark after it: `10.1056/NEJMoa2107038 [doi]`."""
    values = [value for tag in tags for value in record.get(tag, [])]
    return next((value[: -len(mark) - 2].strip() for value in values if value.endswith(f"[{mark}]")), None)


def _doi_in(text: str) -> str | None:
    try:
        return identifiers.doi(_in_text(r"\bdoi:\s*(10\.\S+)", text))
    except ValueError:
        return None


def _in_text(pattern: str, text: str) -> str | None:
    match = re.search(pattern, text)
    return match[1] if match else None
