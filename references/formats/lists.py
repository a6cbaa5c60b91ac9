"""A plain list of identifiers in: DOIs, PMIDs, PMCIDs and ISBNs, one in a line or several, bare, labelled, numbered or
as addresses.

It names works and describes none: what is read here is looked up elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from references.folding import quoted
from references.formats.entries import EntryError, Problem, Progress, Reading, Repeat, Wanted, check_count
from references.identity import identifiers

Identifier = tuple[str, str]
"""A scheme (doi, pmid, pmcid or isbn) and the normal form."""

_SCHEMES = {"doi", "pmid", "pmcid", "isbn"}
_HEADINGS = {name + ending for name in (*_SCHEMES, "id", "identifier") for ending in ("", "s")}
_DASH = "[-‐‑‒–—−]"
# Bullets and numbers before the entries of a list, as a word processor or a list of references has them.
_MARKS = re.compile(r"\s*(?:(?:[*•·‣▪●○◦+]|[-–—]+)\s+|\(?[0-9]{1,5}[.):]+\s+(?=\S)|\[[0-9]{1,5}\][.:]?\s*(?=\S))+")
_LABEL = re.compile(r"\b(PMID|PMCID|DOI)\s*[:#=]?\s*(?=[0-9]|PMC|https?:|doi\.|dx\.)", re.I)
_FIELD_OF_PUBMED = re.compile(r"\[(?:pmid|uid|aid|doi)\](?:\s+OR\b)?", re.I)
# Its groups are parted by hyphens or spaces, and spaces part identifiers, too.
_ISBN = re.compile(
    r"(?<![\w./-])(ISBN(?:-?1[03])?\s*[:#=]?\s*)?"
    rf"((?:97[89](?: |{_DASH})?)?(?:[0-9](?: |{_DASH})?){{9}}[0-9X])(?![\w/-])",
    re.I,
)
_SPACED_ISBN = re.compile(r"(?:97[89] )?[0-9]{1,5} [0-9]{1,7} [0-9]{1,7} [0-9X]", re.I)
# A comma or semicolon can stand inside a DOI: it parts only what can begin, or be, the next identifier.
_BETWEEN = re.compile(
    r"\s+|[,;|]+(?=\s|$|\"?(?:10\.[0-9]{4,9}/|doi\b|https?:|PMC?ID\b|PMC[0-9]|ISBN\b|[0-9]{1,8}(?:[\s,;|\"]|$)))", re.I
)
_DOI = re.compile(r"10\.[0-9]{4,9}[./%]")
_AROUND = " \t\"'`,;|\\"
_LOOKED_AT = 50


def read(text: str, progress: Progress | None = None) -> Reading:
    """Return the identifiers of a list, and the lines that hold none. Never raises."""
    lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if _says_something(line)]
    if lines and _is_heading(lines[0][1]):
        del lines[0]
    lines = _unnumbered(lines)
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
            reading.problems.append(Problem(position, "", (_none_in(number, line),)))
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
    if marks := _MARKS.match(line):
        line = line[marks.end() :]
    line = re.sub(r"\b(PMC)\s+(?=[0-9])", r"\1", _ISBN.sub(_joined, _FIELD_OF_PUBMED.sub(" ", line)), flags=re.I)
    parts = [part for part in _BETWEEN.split(_LABEL.sub(r"\1:", line)) if part.strip(_AROUND)]
    named = [_labelled(part) for part in parts]
    if not all(named):
        bare = [_pmid(part) if not known else None for part, known in zip(parts, named, strict=True)]
        if all(known or number for known, number in zip(named, bare, strict=True)):
            named = [known or number for known, number in zip(named, bare, strict=True)]
    yield from (identifier for identifier in named if identifier)


def _labelled(part: str) -> Identifier | None:
    """The identifier in a part that shows what it is."""
    text = part.strip(_AROUND)
    if (found := identifiers.recognise(text)) and found.scheme in _SCHEMES and not _pmid(text):
        return found.scheme, found.value
    if at := _DOI.search(text):
        try:
            # What stands before it is a word, or the address of a page; a quotation mark ends an attribute of HTML.
            return "doi", identifiers.doi(re.split(r"[\"\\]", text[at.start() :])[0]) or ""
        except ValueError:
            pass
    return None


def _pmid(part: str) -> Identifier | None:
    """The PMID that a bare number is."""
    number = part.strip(f"{_AROUND}()[]<>.")
    return ("pmid", identifiers.pmid(number) or "") if re.fullmatch(r"0*[1-9][0-9]{0,7}", number) else None


def _joined(match: re.Match[str]) -> str:
    """An ISBN in one piece and with its label; anything else as it is."""
    label, digits = match.groups()
    if " " in digits and not label and not _SPACED_ISBN.fullmatch(digits):
        return match[0]
    try:
        return f"ISBN:{identifiers.isbn(digits)}"
    except ValueError:
        return match[0]


def _unnumbered(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """The lines without their numbers, where each begins with its own and says more: a column of a table."""
    numbered = [re.match(rf"\s*{place}[\s,;|]+(?=\S)", line) for place, (_number, line) in enumerate(lines, start=1)]
    if len(lines) < 2 or not all(numbered):
        return lines
    return [
        (number, line[match.end() :])
        for (number, line), match in zip(lines, numbered, strict=True)
        if match is not None
    ]


def _is_heading(line: str) -> bool:
    words = re.split(r"[\s,;|\"':]+", line.casefold())
    return not re.search("[0-9]", line) and not _HEADINGS.isdisjoint(words)


def _none_in(number: int, line: str) -> str:
    """Why a line was left out."""
    isbn = _ISBN.fullmatch(line.strip(f"{_AROUND}."))
    if isbn and not (" " in isbn[2] and not isbn[1] and not _SPACED_ISBN.fullmatch(isbn[2])):
        try:
            identifiers.isbn(isbn[2])
        except ValueError as error:
            return _("Line %(line)d: %(reason)s") % {"line": number, "reason": error}
    return _("Line %(line)d, %(text)s, holds no DOI, PMID, PMCID or ISBN.") % {
        "line": number,
        "text": quoted(line.strip()),
    }


def _says_something(line: str) -> bool:
    return bool(line.strip(" \t,;\"'")) and not line.lstrip().startswith("#")
