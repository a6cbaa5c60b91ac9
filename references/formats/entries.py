"""What the readers of all formats share: limits, decoding, what an entry is refused with, and the result of reading.

Pure: bytes or text in, works and sentences out. What is known of one format only stands in its own module.
"""

from __future__ import annotations

import html
import logging
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from references.folding import quoted, tidy_line
from references.identity import identifiers
from references.works import LINES, Errors, Work, clean

logger = logging.getLogger(__name__)

LARGEST_FILE = 20_000_000
MOST_ENTRIES = 20_000
"""The limits of one file, in bytes and in entries. Beyond either, nothing is read: no half bibliography."""

Progress = Callable[[int, int], None]
"""Told how many entries of how many are read."""

_PROGRESS_EVERY = 100
_MOST_NOTES = 50
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#[0-9]{1,6}|#x[0-9a-fA-F]{1,5});")
_BESIDE_THE_POINT = {"issn", "isbn", "nct", "url", "abstract", *LINES}
_IDENTIFIERS = {"issn", "isbn", "nct"}


class EntryError(ValueError):
    """An entry that cannot become a work; `messages` says why, one sentence for each reason."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__(" ".join(messages))
        self.messages = messages


@dataclass(frozen=True)
class Problem:
    """What was left out of a file: the entry's place from 1 (0 for the whole file), its id, and why."""

    position: int
    source_id: str
    messages: tuple[str, ...]

    def __str__(self) -> str:
        if not self.position:
            return " ".join(self.messages)
        name = f" ({self.source_id})" if self.source_id else ""
        return _("Entry %(position)d%(name)s: %(reasons)s") % {
            "position": self.position,
            "name": name,
            "reasons": " ".join(self.messages),
        }


@dataclass(frozen=True)
class Wanted:
    """An entry that only names a work: `scheme` is doi, pmid, pmcid or isbn, `value` the identifier's normal form."""

    position: int
    scheme: str
    value: str


@dataclass(frozen=True)
class Repeat:
    """An entry that says the same as an `earlier` one of its file, and gives no second work."""

    position: int
    source_id: str
    earlier: int


@dataclass
class Reading:
    """What a file holds. Every entry is in one of `works`, `wanted`, `repeats` and `problems`, each in its order.

    `positions` has the place in the file, from 1, of each of `works`; `count` is the number of entries that the file
    has. `notes` are sentences that stopped nothing: a guess at the file's encoding, an ISSN left out of an entry.
    """

    format: str = ""
    works: list[Work] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    wanted: list[Wanted] = field(default_factory=list)
    repeats: list[Repeat] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    count: int = 0

    @classmethod
    def refused(cls, error: EntryError, format: str = "") -> Reading:
        """The reading of a file from which nothing was taken."""
        return cls(format=format, problems=[Problem(0, "", tuple(error.messages))])


class Collector:
    """Gathers the entries of one file into a `Reading`, and sees to what comes twice.

    The same entry twice is one work. Another entry under an id that came before is a problem that names both places;
    where ids are only numbers in a list (`loose`), it is a work without a key. What an entry's reader puts into
    `left_out` becomes a note of that entry.
    """

    def __init__(self, format: str, count: int, progress: Progress | None = None, *, loose: bool = False) -> None:
        self.reading = Reading(format=format, count=count)
        self._first: dict[str, tuple[int, Work]] = {}
        self._loose = loose
        self._progress = progress
        self.left_out: list[str] = []
        self._notes = 0

    def entry(self, position: int, source_id: str, read: Callable[[], Work]) -> None:
        """Take what `read` returns, or the reasons of the EntryError that it raises."""
        self.left_out.clear()
        try:
            self._add(position, read())
        except EntryError as error:
            self.reading.problems.append(Problem(position, source_id, tuple(error.messages)))
        except Exception:
            # No entry, whatever it holds, may keep the others from being read.
            logger.exception("Entry %d could not be read.", position)
            message = _("It could not be read, through an error in this program; the error has been logged.")
            self.reading.problems.append(Problem(position, source_id, (message,)))
        else:
            if self.left_out:
                self._note(str(Problem(position, source_id, tuple(self.left_out))))
        if self._progress and (position % _PROGRESS_EVERY == 0 or position == self.reading.count):
            self._progress(position, self.reading.count)

    def _note(self, sentence: str) -> None:
        """Add a note, up to a number that a person can read; of the others, how many they are."""
        self._notes += 1
        if self._notes > _MOST_NOTES + 1:
            self.reading.notes.pop()
        if self._notes > _MOST_NOTES:
            sentence = _("Of %(count)d more entries, something was left out.") % {"count": self._notes - _MOST_NOTES}
        self.reading.notes.append(sentence)

    def _add(self, position: int, work: Work) -> None:
        earlier = self._first.get(work.source_id) if work.source_id else None
        if earlier is None:
            self._first[work.source_id] = (position, work)
        elif earlier[1] == work or (self._loose and _keyless(earlier[1]) == _keyless(work)):
            self.reading.repeats.append(Repeat(position, work.source_id, earlier[0]))
            return
        elif self._loose:
            work.key = ""
        else:
            raise EntryError(
                [
                    _("Entry %(earlier)d has the same id, for %(title)s.")
                    % {"earlier": earlier[0], "title": quoted(earlier[1].title)}
                ]
            )
        self.reading.works.append(work)
        self.reading.positions.append(position)


def check_size(content: str | bytes) -> None:
    """Raise EntryError for a file over the limit, with both figures."""
    size = len(content) if isinstance(content, bytes) else len(content.encode("utf-8", "surrogatepass"))
    if size > LARGEST_FILE:
        raise EntryError(
            [
                _("The file has %(size).1f MB; at most %(most)d MB are read at once. Nothing was taken from it.")
                % {"size": math.ceil(size / 100_000) / 10, "most": LARGEST_FILE // 1_000_000}
            ]
        )


def check_count(count: int) -> None:
    """Raise EntryError for more entries than the limit, with both figures."""
    if count > MOST_ENTRIES:
        raise EntryError(
            [
                _("The file has %(count)d entries; at most %(most)d are read at once. Nothing was taken from it.")
                % {"count": count, "most": MOST_ENTRIES}
            ]
        )


def decoded(content: str | bytes) -> tuple[str, list[str]]:
    """The text of a file with line ends as `\\n`, and a note where its encoding had to be guessed. Never raises.

    UTF-16 and UTF-8 are known by their byte order mark or by their bytes. Where a line is not UTF-8 it is read as
    Windows-1252, which holds Latin-1: old exports are, and files put together of two kinds have both.
    """
    notes: list[str] = []
    if isinstance(content, bytes):
        if encoding := utf_16(content):
            text = content.decode(encoding, "replace")
        else:
            try:
                text = content.decode("utf-8")
            except UnicodeDecodeError as error:
                line = content.count(b"\n", 0, error.start) + 1
                notes.append(
                    _(
                        "The file is not UTF-8 throughout: line %(line)d was read as Windows-1252. "
                        "Look whether its accents are right."
                    )
                    % {"line": line}
                )
                text = "".join(_decoded_lines(content))
    else:
        text = content
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"), notes


def checked(work: Work, names: Mapping[str, str], left_out: list[str] | None = None) -> Work:
    """Return the work in normal form, with its type. Raises EntryError with every reason, each under its field's name.

    `names` says how the format calls a field of ours. What a work can do without is left out where it is not sound:
    an ISSN, an ISBN, a trial's number, its address, an abstract or a volume that is too long. It is still that work.
    `left_out` is given a sentence for each.
    """
    tidy, errors = cleaned(work, names, left_out)
    if errors:
        raise EntryError(
            [f"{names.get(name, name)}: {message}" for name, messages in errors.items() for message in messages]
        )
    return tidy


def cleaned(work: Work, names: Mapping[str, str], left_out: list[str] | None) -> tuple[Work, Errors]:
    """As `works.clean`, without those fields that are not sound and that the work can do without; see `checked`."""
    tidy, errors = clean(work)
    unsound = sorted(errors.keys() & _BESIDE_THE_POINT)
    if not unsound:
        return tidy, errors
    if left_out is not None:
        left_out += [
            _("%(field)s was left out: %(reason)s") % {"field": names.get(name, name), "reason": message}
            for name in unsound
            for message in errors[name]
        ]
    emptied: dict[str, Any] = {name: None if name in _IDENTIFIERS else "" for name in unsound}
    return clean(replace(work, **emptied))


def first_sound(scheme: str, text: str) -> str:
    """The first sound identifier where a field names several, as library records do; else the text, for its message.

    `scheme` is the name of a reader in references/identity/identifiers.py, such as `isbn`.
    """
    reader: Callable[[str], str | None] = getattr(identifiers, scheme)
    for part in dict.fromkeys([text, *re.split(r"[,;|]\s*|\n", text), *text.split(), *_without_remarks(text)]):
        try:
            if part and (found := reader(part)):
                return found
        except ValueError:
            continue
    return text


def entities_read(text: str) -> str:
    """`text` with the signs that publishers' pages leave behind: `Health &amp; Care`."""
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text) if "&" in text else text


def full_pages(text: str) -> str:
    """Pages in the one form in which files give them: `284-287`, from `284--7`, `284–287` or `pp. 284-287`.

    Dashes of every length become a hyphen. A last page of digits that is cut short, as in MEDLINE, is written in
    full, and a range of one page (5-5) is that page; one with letters (S12-5, 126A-127A, e1-e156) stays as it is. A
    text in this form stays.
    """
    text = re.sub(r"^(?:pages?|pp?)(?:[.:]\s*|\s+)(?=[0-9])", "", tidy_line(text), flags=re.I)
    text = re.sub(r"(?<=\w)\s*[-‐‑‒–—―−]+\s*(?=\w)", "-", text)
    return re.sub(r"(?<![\w-])([0-9]+)-([0-9]+)(?![\w-])", _full_range, text)


def pages_between(first: str, last: str) -> str:
    """Pages from a first and a last one, each of which may be missing, or the first hold both."""
    if not last or last == first or re.search(r"\w\s*[-–]\s*\w", first):
        return full_pages(first or last)
    return full_pages(f"{first}-{last}") if first else full_pages(last)


def _full_range(match: re.Match[str]) -> str:
    first, last = match.groups()
    if len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    return f"{first}-{last}" if last != first else first


def _keyless(work: Work) -> dict[str, object]:
    return {**work.values(), "key": ""}


def _without_remarks(text: str) -> Sequence[str]:
    """`text` without what stands in brackets: `0028-4793 (Print) 1533-4406 (Linking)`."""
    bare = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", text)
    return [bare.strip(), *bare.split()] if bare != text else []


def utf_16(content: bytes) -> str:
    """The name of the UTF-16 that the bytes are, by their mark or their zeros, or nothing."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    start = content[:200]
    if len(start) > 3 and start.count(0) * 3 >= len(start):
        return "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"
    return ""


def _decoded_lines(content: bytes) -> Iterator[str]:
    for line in content.splitlines(keepends=True):
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError:
            try:
                yield line.decode("cp1252")
            except UnicodeDecodeError:
                yield line.decode("latin-1")
