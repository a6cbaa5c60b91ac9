"""One door to all formats: what a file or a paste holds, whatever it is, and the works written as a file.

Which formats there are, by what they are known, and who reads and writes them. Nothing here knows the library's rows.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from references.formats import bibtex, csl, lists, nbib, ris, strangers, wos
from references.formats.entries import EntryError, Progress, Reading, check_size, decoded

logger = logging.getLogger(__name__)

BIBTEX, RIS, NBIB, WOS, CSL, LIST = "bibtex", "ris", "nbib", "wos", "csl", "list"


@dataclass(frozen=True)
class Format:
    """A format: its label for people, the endings of its files, and its media type."""

    name: str
    label: str | Promise
    endings: tuple[str, ...]
    media_type: str
    is_written: bool


FORMATS = {
    each.name: each
    for each in (
        Format(BIBTEX, gettext_lazy("BibTeX or BibLaTeX"), (".bib", ".bibtex"), "application/x-bibtex", True),
        Format(RIS, gettext_lazy("RIS"), (".ris",), "application/x-research-info-systems", True),
        Format(NBIB, gettext_lazy("PubMed (NBIB)"), (".nbib", ".medline"), "application/nbib", False),
        Format(WOS, gettext_lazy("Web of Science (plain text)"), (".ciw", ".isi"), "text/plain", False),
        Format(CSL, gettext_lazy("CSL-JSON"), (".json",), "application/vnd.citationstyles.csl+json", True),
        Format(LIST, gettext_lazy("list of DOIs, PMIDs or ISBNs"), (".txt", ".csv"), "text/plain", False),
    )
}
"""The formats by name, in the order in which they are offered."""

_READERS: dict[str, Callable[[str, Progress | None], Reading]] = {
    BIBTEX: bibtex.read,
    RIS: ris.read,
    NBIB: nbib.read,
    WOS: wos.read,
    LIST: lists.read,
}
_WRITERS: dict[str, Callable[[Iterable[dict[str, Any]]], str]] = {BIBTEX: bibtex.to_bibtex, RIS: ris.to_ris}

_SIGNS = {
    BIBTEX: re.compile(r"@[A-Za-z]\w*[ \t]*[{(]"),
    RIS: re.compile(r"^[ \t]*TY[ \t]{0,2}-", re.M),
    NBIB: re.compile(r"^[ \t]*PMID[ \t]{0,2}-", re.M),
    WOS: re.compile(r"^(?:FN (?:Clarivate|Thomson|ISI)\b|PT [A-Z]\n[A-Z][A-Z0-9] )", re.M),
}


def read(content: str | bytes, name: str = "", format: str = "", progress: Progress | None = None) -> Reading:
    """Return what a file or a paste holds. Never raises: what is wrong is in the reading's `problems`.

    `format`, one of FORMATS, says how to read it; else its content shows it, and where that shows nothing, the
    ending of its `name`. `progress` is called every 100 entries and at the end.
    """
    try:
        check_size(content)
    except EntryError as error:
        return Reading.refused(error, format)
    text, notes = decoded(content)
    chosen = format if format in FORMATS else detected(text, name)
    if not text.strip():
        return Reading.refused(EntryError([_("The file is empty.")]), chosen)
    if sentence := strangers.told(content, text):
        return Reading.refused(EntryError([sentence]), chosen)
    if chosen == CSL:
        # JSON is UTF-8, and says so itself where it is not: it gets the bytes.
        return csl.read(content, progress)
    if chosen not in _READERS:
        known = ", ".join(str(each.label) for each in FORMATS.values())
        return Reading.refused(EntryError([_("This is none of the formats read here: %(known)s.") % {"known": known}]))
    try:
        reading = _READERS[chosen](text, progress)
    except Exception:
        # A file comes from anywhere: what nobody thought of is told in a sentence, and logged for us.
        logger.exception("A file could not be read as %s.", chosen)
        message = _("The file could not be read, through an error in this program; the error has been logged.")
        return Reading.refused(EntryError([message]), chosen)
    reading.notes[:0] = notes
    return reading


def detected(text: str, name: str = "") -> str:
    """The format that a text shows by its content, else by the ending of its file's `name`; empty for none."""
    start = text[:200].lstrip("\ufeff \t\n")
    if start.startswith(("[", "{")):
        return CSL
    found = {each: match.start() for each, sign in _SIGNS.items() if (match := sign.search(text))}
    if found:
        return min(found, key=found.__getitem__)
    if lists.looks_like(text):
        return LIST
    return next((each.name for each in FORMATS.values() if name.lower().endswith(each.endings)), "")


def write(format: str, items: Iterable[dict[str, Any]]) -> str:
    """Return CSL-JSON items as a file of one of the formats that are written. Raises ValueError for another."""
    if format == CSL:
        return json.dumps([csl.exported(item) for item in items], ensure_ascii=False, indent=2) + "\n"
    if format not in _WRITERS:
        raise ValueError(f"{format!r} is not written here.")
    return _WRITERS[format](items)
