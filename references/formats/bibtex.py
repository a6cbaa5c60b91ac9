"""BibTeX and BibLaTeX in and out.

Sources: "BibTeXing" (O. Patashnik, 1988), the BibLaTeX manual (2.1 entry types, 2.2 fields, 2.4.1.1 cross-references),
and what JabRef, Zotero, Mendeley and publishers write. Blocks are split by bibtexparser; abbreviations are put in here,
with a limit on what they may grow to. Names and LaTeX have modules of their own.

Fields of our own: `imprimatur-kind`, `imprimatur-type`, `imprimatur-status` and `nct`, written where BibTeX cannot say
what the library knows. Others pass over them.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bibtexparser.model import Block, DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry, ParsingFailedBlock, String
from bibtexparser.splitter import Splitter
from django.utils.translation import gettext as _

from references.folding import quoted, tidy_line
from references.formats import bibtex_names, dates
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
from references.formats.latex import Latex, escaped, verbatim
from references.identity import keys
from references.models import Kind, Status, Type
from references.works import Work

# It warns of every broken block, with its text: the reading says so already.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)

MOST_EXPANDED = 20_000
MOST_EXPANDED_TOGETHER = 5_000_000
"""How long an abbreviation may become, in characters, and how much of them a file may put in."""

LONGEST_CHAIN = 8

_TYPES = {
    **dict.fromkeys(("article", "suppperiodical", "review"), Type.ARTICLE_JOURNAL),
    **dict.fromkeys(
        (
            "book", "mvbook", "bookinbook", "booklet", "collection", "mvcollection", "reference", "mvreference",
            "proceedings", "mvproceedings", "ebook",
        ),
        Type.BOOK,
    ),
    **dict.fromkeys(("inbook", "incollection", "suppbook", "suppcollection"), Type.CHAPTER),
    "inreference": Type.ENTRY,
    **dict.fromkeys(("inproceedings", "conference"), Type.PAPER_CONFERENCE),
    **dict.fromkeys(("techreport", "report", "manual"), Type.REPORT),
    **dict.fromkeys(("thesis", "phdthesis", "mastersthesis"), Type.THESIS),
    **dict.fromkeys(("online", "electronic", "www", "webpage"), Type.WEBPAGE),
    "dataset": Type.DATASET,
    "software": Type.SOFTWARE,
    "standard": Type.STANDARD,
    **dict.fromkeys(("legislation", "legal", "jurisdiction", "law"), Type.LEGISLATION),
    **dict.fromkeys(("unpublished", "patent", "periodical"), Type.DOCUMENT),
    "preprint": Type.ARTICLE,
}  # fmt: skip
_SUBTYPES = {"magazine": Type.ARTICLE_MAGAZINE, "newspaper": Type.ARTICLE_NEWSPAPER}
_GENRES = {"phdthesis": "PhD thesis", "mastersthesis": "Master's thesis"}
_GENRES_BY_KEY = {"phdthesis": "PhD thesis", "mathesis": "Master's thesis", "techreport": "", "resreport": ""}
_ENTRY_TYPES = {
    Type.ARTICLE_JOURNAL: "article",
    Type.ARTICLE_MAGAZINE: "article",
    Type.ARTICLE_NEWSPAPER: "article",
    Type.BOOK: "book",
    Type.CHAPTER: "incollection",
    Type.ENTRY: "inreference",
    Type.PAPER_CONFERENCE: "inproceedings",
    Type.REPORT: "techreport",
    Type.THESIS: "thesis",
    Type.WEBPAGE: "online",
    Type.POST: "online",
    Type.DATASET: "dataset",
    Type.SOFTWARE: "software",
    Type.STANDARD: "standard",
    Type.LEGISLATION: "legislation",
}
_IN_BOOKS = {"incollection", "inreference", "inproceedings"}
_KINDS = {
    Type.BOOK.value: Kind.BOOK,
    Type.CHAPTER.value: Kind.BOOK,
    Type.WEBPAGE.value: Kind.WEB_PAGE,
    Type.POST.value: Kind.WEB_PAGE,
}
_MONTHS = dict(
    zip(
        dates.MONTHS,
        ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
         "December"),
        strict=True,
    )
)  # fmt: skip
# What a chapter does not take from the book that its crossref names.
_OWN = {
    "title", "subtitle", "titleaddon", "author", "crossref", "xdata", "doi", "url", "urldate", "abstract", "pages",
    "note", "pmid", "pmcid", "eprint", "shorttitle", "keywords", "ids", "label", "type", "chapter",
}  # fmt: skip
_BEGINNING = re.compile(r"^[ \t]*@(?!comment|string|preamble|xdata)\w+[ \t]*[{(][ \t]*[^\s,={}\"]+,", re.M | re.I)
_ADDRESS = re.compile(r"https?://[^\s{}<>\"]+", re.I)
_NOTED = re.compile(r"\b(PMID|PMCID)\s*:?\s*((?:PMC)?[0-9]{1,9})\b", re.I)

Fields = dict[str, str]


@dataclass
class _File:
    """One file: its entries by key, for cross-references, and its abbreviations so far."""

    latex: Latex = field(default_factory=Latex)
    strings: dict[str, str] = field(default_factory=lambda: dict(_MONTHS))
    too_long: set[str] = field(default_factory=set)
    expanded: int = 0
    parents: dict[str, _Entry] = field(default_factory=dict)


@dataclass
class _Entry:
    entry_type: str
    key: str
    fields: Fields = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)


def read(text: str, progress: Progress | None = None) -> Reading:
    """Return what a BibTeX text holds. Never raises.

    Comments, preambles and `@xdata` are no entries. An entry whose braces or commas are wrong is a problem, and the
    next line that begins with @ is read again as an entry. A crossref that leads nowhere is passed over.
    """
    try:
        # Before the blocks are split, which takes its time.
        check_count(len(_BEGINNING.findall(text)))
    except EntryError as error:
        return Reading.refused(error, "bibtex")
    file = _File()
    entries: list[_Entry] = []
    for block in Splitter(text).split().blocks:
        if (entry := _entry(block, file)) is not None:
            file.parents.setdefault(entry.key.casefold(), entry)
            if entry.entry_type != "xdata":
                entries.append(entry)
    try:
        check_count(len(entries))
        if not entries:
            raise EntryError([_("The file has no entry: one begins with @article{ or the like.")])
    except EntryError as error:
        return Reading.refused(error, "bibtex")
    collector = Collector("bibtex", len(entries), progress)
    for position, entry in enumerate(entries, start=1):
        collector.entry(position, entry.key[:80], partial(_work, entry, file, collector.left_out))
    return collector.reading


def _entry(block: Block, file: _File) -> _Entry | None:
    """The entry in a block of the file, with its values put together; None for a comment and the like."""
    if isinstance(block, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock) and block.ignore_error_block is not None:
        block = block.ignore_error_block
    if isinstance(block, DuplicateFieldKeyBlock) and block.ignore_error_block is not None:
        block = block.ignore_error_block
    if isinstance(block, String):
        _define(block, file)
        return None
    if isinstance(block, Entry):
        entry = _Entry(block.entry_type.lower(), block.key.strip())
        for each in block.fields:
            try:
                for name, value in _values(each.key, str(each.value), file):
                    entry.fields.setdefault(name, value)
            except EntryError as error:
                entry.reasons += error.messages
        return entry
    if isinstance(block, ParsingFailedBlock):
        raw = block.raw or ""
        head = re.match(r"\s*@(\w+)\s*[{(]?\s*([^\s,={}\"]{0,80})", raw)
        if head and head[1].lower() in {"comment", "string", "preamble"}:
            return None
        line = (block.start_line or 0) + 1
        reason = _("A brace, quotation mark or comma is missing in the entry that begins in line %(line)d: %(text)s.")
        return _Entry(
            head[1].lower() if head else "",
            head[2] if head else "",
            reasons=[reason % {"line": line, "text": quoted(raw.split("\n")[0])}],
        )
    return None


def _define(block: String, file: _File) -> None:
    name = block.key.strip().lower()
    try:
        value = next((value for _name, value in _values(name, str(block.value), file)), "")
    except EntryError:
        value = " " * (MOST_EXPANDED + 1)
    file.too_long.discard(name)
    if len(value) > MOST_EXPANDED:
        file.too_long.add(name)
        value = ""
    file.strings[name] = value


def _values(name: str, raw: str, file: _File) -> Iterator[tuple[str, str]]:
    """The field and its value; and the next ones, where only a comma is missing between them."""
    name = name.strip().lower()
    if raw[:1] == "{" and raw[-1:] == "}" and "{" not in raw[1:-1] and "}" not in raw[1:-1]:
        yield name, raw[1:-1]
        return
    parts: list[str] = []
    at, length = 0, 0
    while at < len(raw):
        part, at = _part(raw, at, file)
        parts.append(part)
        length += len(part)
        if length > MOST_EXPANDED and len(parts) > 1:
            raise EntryError([_too_long(name)])
        rest = raw[at:].lstrip() if at < len(raw) else ""
        if not rest:
            break
        at = len(raw) - len(rest)
        if rest[0] == "#":
            at += 1
            while at < len(raw) and raw[at].isspace():
                at += 1
            continue
        following = re.match(r"([A-Za-z][\w:-]*)\s*=\s*", rest)
        if not following:
            parts.append(" " + rest)
            break
        yield name, "".join(parts)
        name, parts, length = following[1].lower(), [], 0
        at += following.end()
    yield name, "".join(parts)


def _part(raw: str, at: int, file: _File) -> tuple[str, int]:
    """A text in braces or quotation marks, a number or an abbreviation, and where it ends."""
    if raw[at] in '{"':
        closing = '"' if raw[at] == '"' else "}"
        depth = 0
        for mark in re.finditer(r"(?<!\\)[{}\"]", raw[at + 1 :]):
            if depth == 0 and mark[0] == closing:
                return raw[at + 1 : at + 1 + mark.start()], at + 1 + mark.end()
            depth += {"{": 1, "}": -1, '"': 0}[mark[0]]
        return raw[at + 1 :], len(raw)
    match = re.compile(r"[^\s#]+").match(raw, at)
    if match is None:
        return "", at + 1
    name = match[0].lower()
    if name in file.too_long:
        raise EntryError([_too_long(name)])
    value = file.strings.get(name)
    if value is None:
        return match[0], match.end()
    file.expanded += len(value)
    if file.expanded > MOST_EXPANDED_TOGETHER:
        raise EntryError([_("The abbreviations of this file grow too large together; this one is not put in.")])
    return value, match.end()


def _too_long(name: str) -> str:
    return _("The abbreviation %(name)s grows beyond %(most)d characters.") % {
        "name": quoted(name),
        "most": MOST_EXPANDED,
    }


def _inherited(entry: _Entry, file: _File) -> Fields:
    """The fields with those of the entries that `xdata` and `crossref` name. Raises EntryError for a loop."""
    fields = dict(entry.fields)
    seen = [entry.key.casefold()]
    waiting = _parents(entry)
    while waiting:
        relation, key = waiting.pop(0)
        parent = file.parents.get(key.casefold())
        if parent is None:
            continue
        if key.casefold() in seen:
            if relation == "xdata" and key.casefold() != seen[0]:
                continue
            raise EntryError(
                [
                    _("Its cross-references lead in a circle: %(chain)s.")
                    % {"chain": " → ".join([*seen, key.casefold()])}
                ]
            )
        seen.append(key.casefold())
        if len(seen) > LONGEST_CHAIN:
            raise EntryError(
                [_("Its cross-references lead through more than %(most)d entries.") % {"most": LONGEST_CHAIN - 1}]
            )
        for name, value in parent.fields.items():
            if relation == "xdata" or name not in _OWN:
                fields.setdefault(name, value)
        if relation == "crossref" and entry.entry_type not in {"book", "collection", "proceedings"}:
            title = ": ".join(parent.fields[name] for name in ("title", "subtitle") if parent.fields.get(name))
            if title:
                fields.setdefault("journal" if entry.entry_type == "article" else "booktitle", title)
        waiting += _parents(parent)
    return fields


def _parents(entry: _Entry) -> list[tuple[str, str]]:
    named = [("xdata", key) for key in entry.fields.get("xdata", "").split(",")]
    named.append(("crossref", entry.fields.get("crossref", "")))
    return [(relation, key.strip(" {}")) for relation, key in named if key.strip(" {}")]


def _work(entry: _Entry, file: _File, left_out: list[str]) -> Work:
    """The work that an entry describes; what is left out of it is told in `left_out`.

    Raises EntryError with every reason found.
    """
    if entry.reasons:
        raise EntryError(entry.reasons)
    fields = _inherited(entry, file) if entry.fields.keys() & {"crossref", "xdata"} else entry.fields

    def text(*names: str) -> str:
        for name in names:
            if (raw := fields.get(name)) and (value := file.latex.decode(raw)):
                return value
        return ""

    def code(*names: str) -> str:
        return next((value for name in names if (raw := fields.get(name)) and (value := verbatim(raw))), "")

    work = Work(title=_titled(text("title"), text("subtitle")) or text("booktitle"), source_id=entry.key)
    work.key = entry.key if keys.is_key(entry.key) else ""
    work.authors = bibtex_names.read(fields.get("author", ""), file.latex)
    if group := text("collaboration"):
        work.authors.append({"literal": group})
    work.editors = bibtex_names.read(fields.get("editor", ""), file.latex)
    _set_type(work, entry.entry_type, text("entrysubtype").lower(), code("imprimatur-type"))
    book = _titled(text("booktitle"), text("booksubtitle")) or text("maintitle")
    work.container = text("journaltitle", "journal", "fjournal") or (book if book != work.title else "")
    work.container_short = text("shortjournal", "journal-iso", "journalabbr")
    work.series = text("series")
    work.genre = text("type")
    work.genre = _GENRES_BY_KEY.get(work.genre.lower(), work.genre) or _GENRES.get(entry.entry_type, "")
    work.edition, work.version = text("edition"), text("version")
    work.publisher = text("publisher", "institution", "school", "organization")
    work.place = text("location", "address")
    work.year, work.month, work.day = _date(text)
    work.volume = text("volume")
    if entry.entry_type in {"article", "suppperiodical", "review"}:
        work.issue, work.number = text("number", "issue"), text("eid", "articleno", "article-number")
    else:
        work.issue, work.number = text("issue"), text("number", "eid")
    work.pages = full_pages(text("pages"))
    _set_identifiers(work, code, text)
    work.abstract = text("abstract")
    work.accessed_on = dates.whole_day(code("urldate", "accessed", "lastchecked", "lastaccessed"))
    work.kind = code("imprimatur-kind") or _KINDS.get(work.type, Kind.OTHER).value
    work.status = code("imprimatur-status") or Status.CURRENT.value
    return checked(work, _NAME_OF_FIELD, left_out)


_NAME_OF_FIELD = {"authors": "author", "editors": "editor", "container": "journal", "issue": "number"}


def _titled(title: str, subtitle: str) -> str:
    return f"{title}: {subtitle}" if title and subtitle else title


def _set_type(work: Work, entry_type: str, subtype: str, own: str) -> None:
    known = _TYPES.get(entry_type)
    if known == Type.ARTICLE_JOURNAL:
        known = _SUBTYPES.get(subtype, known)
    if own in Type:
        work.type = own
    elif known is not None:
        work.type = known.value
    elif entry_type != "misc":
        work.type = Type.DOCUMENT.value


def _date(text: Any) -> dates.Date:
    if written := text("date"):
        return dates.of_text(written)
    year, month, day = text("year"), text("month"), text("day")
    found = dates.of_text(year)
    if found[0] is None or found[1] is not None or not month:
        return found
    if month.isdigit():
        number = int(month)
        return dates.sound(found[0], number if 1 <= number <= 12 else None, int(day) if day.isdigit() else None)
    return dates.of_text(f"{found[0]} {month}" if re.search(r"[0-9]", month) else f"{found[0]} {month} {day}")


def _set_identifiers(work: Work, code: Any, text: Any) -> None:
    system = text("eprinttype", "archiveprefix").lower()
    eprint = code("eprint", "arxivid")
    noted = {name.lower(): value for name, value in _NOTED.findall(text("note", "annote", "annotation", "extra"))}
    work.doi = _given("doi", code("doi"))
    work.pmid = _given(
        "pmid", code("pmid") or (eprint if system in {"pubmed", "pmid"} else "") or noted.get("pmid", "")
    )
    work.pmcid = _given("pmcid", code("pmcid", "pmc") or (eprint if system == "pmc" else "") or noted.get("pmcid", ""))
    work.isbn = _given("isbn", code("isbn"))
    work.issn = _given("issn", code("issn"))
    work.nct = _given("nct", code("nct"))
    for name in ("url", "bdsk-url-1", "howpublished", "note"):
        if address := _ADDRESS.search(code(name)):
            work.url = address[0].rstrip(".,;)") if name != "url" else address[0]
            break
    if not work.doi and (resolved := re.match(r"https?://(?:dx\.|www\.)?doi\.org/(10\..+)", work.url, re.I)):
        work.doi = resolved[1]
    if eprint and (system == "arxiv" or code("arxivid")):
        work.url = work.url or f"https://arxiv.org/abs/{eprint}"
        work.container = work.container or "arXiv"
        work.number = work.number or eprint
        if not work.type:
            work.type = Type.ARTICLE.value


def _given(scheme: str, value: str) -> str | None:
    """The identifier that a field names; nothing for `N/A` and the like."""
    return first_sound(scheme, value) if re.search(r"[0-9]", value) else None


def to_bibtex(items: Iterable[dict[str, Any]]) -> str:
    """Return CSL-JSON items as BibTeX with the fields of BibLaTeX where BibTeX has none, in their order.

    `read` makes the same works of it again, but for what BibTeX cannot hold: paragraphs of an abstract, particles that
    begin with a capital or are dropped, and keys with spaces or signs of BibTeX's own.
    """
    used: set[str] = set()
    return "\n".join(_written(item, used) for item in items)


def _written(item: dict[str, Any], used: set[str]) -> str:
    given_type = str(item.get("type", ""))
    entry_type = _ENTRY_TYPES.get(given_type, "misc")  # type: ignore[call-overload]
    lines = [f"  {name} = {value},\n" for name, value in _fields(item, entry_type, given_type)]
    return f"@{entry_type}{{{_key(str(item.get('id', '')), used)},\n{''.join(lines)}}}\n"


def _key(key: str, used: set[str]) -> str:
    base = re.sub(r"[\s,{}()\"=\\@]+", "-", key) or "work"
    key, number = base, 1
    while key.casefold() in used:
        number += 1
        key = f"{base}-{number}"
    used.add(key.casefold())
    return key


_PLAIN_FIELDS = {
    "container-title-short": "shortjournal",
    "collection-title": "series",
    "genre": "type",
    "edition": "edition",
    "version": "version",
    "publisher-place": "address",
    "volume": "volume",
    "DOI": "doi",
    "PMID": "pmid",
    "PMCID": "pmcid",
    "ISBN": "isbn",
    "ISSN": "issn",
    "URL": "url",
    "abstract": "abstract",
    "note": "note",
}


def _fields(item: dict[str, Any], entry_type: str, given_type: str) -> Iterator[tuple[str, str]]:
    yield "title", f"{{{{{escaped(tidy_line(item.get('title', '')))}}}}}"
    for role in ("author", "editor"):
        if item.get(role):
            yield role, f"{{{bibtex_names.write(item[role])}}}"
    if container := item.get("container-title"):
        yield "booktitle" if entry_type in _IN_BOOKS else "journal", _braced(container)
    if publisher := item.get("publisher"):
        yield {"techreport": "institution", "thesis": "school"}.get(entry_type, "publisher"), _braced(publisher)
    parts = list((item.get("issued") or {}).get("date-parts", [[]])[0])
    if parts:
        yield "year", f"{{{parts[0]}}}"
    if len(parts) > 1:
        yield "month", dates.MONTHS[parts[1] - 1]
    if len(parts) > 2:
        yield "day", f"{{{parts[2]}}}"
    issue, number = ("number", "eid") if entry_type == "article" else ("issue", "number")
    if item.get("issue"):
        yield issue, _braced(item["issue"])
    if item.get("number"):
        yield number, _braced(item["number"])
    if pages := item.get("page"):
        yield (
            "pages",
            f"{{{re.sub('-', '--', pages) if re.fullmatch(r'[A-Za-z0-9]+-[A-Za-z0-9]+', pages) else escaped(pages)}}}",
        )
    for name, written in _PLAIN_FIELDS.items():
        if value := item.get(name):
            yield written, _braced(value)
    accessed = list((item.get("accessed") or {}).get("date-parts", [[]])[0])
    if len(accessed) == 3:
        yield "urldate", "{{{:04}-{:02}-{:02}}}".format(*accessed)
    if given_type in {"article-magazine", "article-newspaper"}:
        yield "entrysubtype", f"{{{given_type.removeprefix('article-')}}}"
    elif given_type in Type and given_type != _TYPES.get(entry_type):
        yield "imprimatur-type", f"{{{given_type}}}"
    custom = item.get("custom") or {}
    if custom.get("nct"):
        yield "nct", _braced(custom["nct"])
    if custom.get("kind") and custom["kind"] != _KINDS.get(given_type, Kind.OTHER):
        yield "imprimatur-kind", _braced(custom["kind"])
    if custom.get("status", Status.CURRENT) != Status.CURRENT:
        yield "imprimatur-status", _braced(custom["status"])


def _braced(value: object) -> str:
    return f"{{{escaped(tidy_line(str(value)))}}}"
