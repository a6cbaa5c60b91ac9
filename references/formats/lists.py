"""A plain list of identifiers in: DOIs, PMIDs and PMCIDs, one in a line or several, bare, labelled or as addresses.

It names works and describes none: what is read here is looked up elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _

from references.folding import quoted
from references.formats.entries import EntryError, Problem, Progress, Reading, Repeat, Wanted, check_count
from references.identity import identifiers

Identifier = tuple[str, str]
"""A scheme (doi, pmid or pmcid) and the normal form."""

_HEADINGS = {"doi", "dois", "pmid", "pmids", "pmcid", "pmcids", "id", "ids", "identifier", "identifiers"}
_LABEL = re.compile(r"\b(PMID|PMCID|DOI)\s*[:#=]?\s+(?=\w)", re.I)
# A comma or semicolon can stand inside a DOI: it parts only what can begin, or be, the next identifier.
_BETWEEN = re.compile(
    r"\s+|[,;|]+(?=\s|$|\"?(?:10\.[0-9]{4,9}/|doi\b|https?:|PMC?ID\b|PMC[0-9]|[0-9]{1,8}(?:[\s,;|\"]|$)))", re.I
)
_SIGNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("doi", re.compile(r"10\.[0-9]{4,9}[./%]", re.I)),
    ("pmcid", re.compile(r"^\W*(?:PMCID\W*)?PMC[0-9]|/pmc/|pmc\.ncbi|^PMCID", re.I)),
    ("pmid", re.compile(r"^\W*PMID|pubmed", re.I)),
)
_READERS: dict[str, Callable[[str | None], str | None]] = {
    "doi": identifiers.doi,
    "pmid": identifiers.pmid,
    "pmcid": identifiers.pmcid,
}
_LOOKED_AT = 50


def read(text: str, progress: Progress | None = None) -> Reading:
    """Return the identifiers of a list, and the lines that hold none. Never raises."""
    lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if _says_something(line)]
    if lines and lines[0][1].strip(" \t\"'").casefold() in _HEADINGS:
        del lines[0]
    found = [(number, line, list(identifiers_in(line))) for number, line in lines]
    count = sum(max(1, len(named)) for _number, _line, named in found)
    try:
        check_count(count)
    except EntryError as error:
        return Reading.refused(error, "list")
    reading = Reading(format="list", count=count)
    first: dict[Identifier, int] = {}
    position = 0
    for number, line, named in found:
        if not named:
            position += 1
            message = _("Line %(line)d, %(text)s, holds no DOI, PMID or PMCID.") % {
                "line": number,
                "text": quoted(line.strip()),
            }
            reading.problems.append(Problem(position, "", (message,)))
        for identifier in named:
            position += 1
            if identifier in first:
                reading.repeats.append(Repeat(position, identifier[1], first[identifier]))
            else:
                first[identifier] = position
                reading.wanted.append(Wanted(position, *identifier))
    if progress:
        progress(count, count)
    return reading


def looks_like(text: str) -> bool:
    """Whether one of the first lines holds an identifier and no sentence about it."""
    return any(
        list(identifiers_in(line)) and len(line.split()) <= 20
        for line in [line for line in text[:20_000].split("\n") if _says_something(line)][:_LOOKED_AT]
    )


def identifiers_in(line: str) -> Iterator[Identifier]:
    """The identifiers that a line names. Bare numbers are PMIDs where the line holds nothing but identifiers."""
    parts = [part for part in _BETWEEN.split(_LABEL.sub(r"\1:", line)) if part.strip(" \t\"',;|")]
    named = [_labelled(part) for part in parts]
    if not all(named):
        bare = [_read("pmid", part) if not known else None for part, known in zip(parts, named, strict=True)]
        if all(known or number for known, number in zip(named, bare, strict=True)):
            named = [known or number for known, number in zip(named, bare, strict=True)]
    yield from (identifier for identifier in named if identifier)


def _labelled(part: str) -> Identifier | None:
    """The identifier in a part that shows what it is."""
    for scheme, sign in _SIGNS:
        if (at := sign.search(part)) and (
            found := _read(scheme, part) or (scheme == "doi" and _read(scheme, part[at.start() :]))
        ):
            return found
    return None


def _read(scheme: str, part: str) -> Identifier | None:
    try:
        value = _READERS[scheme](part.strip(" \t\"'`()[]<>,;|.") if scheme != "doi" else part.strip(" \t\"'`,;|"))
    except ValueError:
        return None
    return (scheme, value) if value else None


def _says_something(line: str) -> bool:
    return bool(line.strip(" \t,;\"'")) and not line.lstrip().startswith("#")
