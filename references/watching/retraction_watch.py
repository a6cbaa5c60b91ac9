"""The Retraction Watch data, read from the CSV that Crossref publishes: which of our works stand in it.

The file is read once from front to end; what is kept are the rows about works that the library has. Rows are matched
by DOI, then by PMID, aliases included. Source of the columns: “Retraction Watch Database User Guide”, and Crossref's
page on the data.
"""

from __future__ import annotations

import codecs
import csv
import datetime
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from references.folding import quoted
from references.identity import identifiers
from references.models import Check, Event, Reference
from references.watching.answers import CLEAR, FAILED, FLAGGED, News, Told, kind_of, once, sentence
from references.watching.checks import RETRACTION_WATCH, next_due, rows_by, tell, watched

AT_ONCE = 500
LARGEST_FIELD = 1_000_000
MOST_PROBLEMS = 50
WRITTEN_AT_ONCE = 500
NEEDED = ("RetractionNature", "OriginalPaperDOI", "OriginalPaperPubMedID")

_NO_IDENTIFIER = {"", "0", "unavailable", "none", "n/a", "na", "not available"}
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\s|$)|(\d{4})-(\d{1,2})-(\d{1,2})")


class NotTheFile(Exception):
    """The file is not the Retraction Watch CSV, or cannot be read; `str()` is a sentence."""


@dataclass(frozen=True)
class Row:
    """One line of the file: a notice, and the work that it is about. Identifiers are in normal form."""

    record: str
    line: int
    nature: str
    doi: str | None
    pmid: str | None
    notice: str
    reason: str
    dated: datetime.date | None

    @property
    def is_reinstatement(self) -> bool:
        return self.nature.casefold() == "reinstatement"

    @property
    def order(self) -> tuple[datetime.date, bool, int]:
        """Rows of one work by date. On one day a reinstatement comes first: it lifts nothing of that day."""
        number = int(self.record) if self.record.isdecimal() else 0
        return self.dated or datetime.date.min, not self.is_reinstatement, number


@dataclass(frozen=True)
class BadRow:
    """A line that could not be used, and why."""

    line: int
    why: str


@dataclass
class Taken:
    """What a reading of the file brought: counts, the works with a new flag and its kind, and lines not used."""

    rows: int = 0
    counts: dict[str, int] = field(default_factory=lambda: {CLEAR: 0, FLAGGED: 0, FAILED: 0})
    new: list[tuple[Reference, str]] = field(default_factory=list)
    bad: int = 0
    problems: list[BadRow] = field(default_factory=list)

    def note(self, problem: BadRow) -> None:
        self.bad += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)


def read(path: Path) -> Iterator[Row | BadRow]:
    """Yield the file's rows, one at a time. Raises NotTheFile before the first, or where the file ends in mid-row."""
    encoding = _encoding(path)
    csv.field_size_limit(max(csv.field_size_limit(), LARGEST_FIELD))
    try:
        with path.open(encoding=encoding, newline="") as file:
            lines = csv.reader((line.replace("\0", "") for line in file), strict=True)
            try:
                header = [name.strip() for name in next(lines, [])]
                missing = [name for name in NEEDED if name not in header]
                if missing:
                    raise NotTheFile(
                        _("This is not the Retraction Watch CSV: the column %(names)s is missing.")
                        % {"names": ", ".join(missing)}
                    )
                for values in lines:
                    if any(value.strip() for value in values):
                        yield _row(header, values, lines.line_num)
            except csv.Error as error:
                raise NotTheFile(
                    _("The file breaks off, or is no CSV, at line %(line)d: %(error)s.")
                    % {"line": lines.line_num, "error": error}
                ) from None
    except OSError as error:
        raise _unreadable(path, error) from None


def take(
    path: Path,
    *,
    now: datetime.datetime | None = None,
    works: QuerySet[Reference] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Taken:
    """Compare the file with the library: report what it says of our works, and give each its answer.

    `works` are those to be answered about, all that have such identifiers where it is None; `progress` is told how many
    rows were read. A file that breaks off reports what it held and clears nobody: NotTheFile is raised then, after the
    works were marked as not checked.
    """
    now = now or timezone.now()
    taken = Taken()
    works = watched(RETRACTION_WATCH) if works is None else works
    matched: dict[int, list[Row]] = defaultdict(list)
    doubtful: dict[int, str] = {}
    found: dict[int, Reference] = {}
    broken: NotTheFile | None = None
    try:
        for chunk in _chunks(read(path)):
            _match(chunk, taken, matched, found, doubtful)
            taken.rows += len(chunk)
            if progress is not None:
                progress(taken.rows)
        if not taken.rows:
            raise NotTheFile(_("The file holds no rows."))
    except NotTheFile as error:
        broken = error
    wanted = set(works.values_list("pk", flat=True))
    answers = {pk: _judged(rows_of) for pk, rows_of in matched.items() if pk in wanted}
    for pk, why in doubtful.items():
        if pk in wanted and (pk not in answers or answers[pk].outcome == CLEAR):
            answers[pk] = Told(FAILED, why, may_pass=False)
    for pk, told in answers.items():
        taken.new += tell(found[pk], RETRACTION_WATCH, told)
    if broken is not None:
        _mark_failed(works, str(broken), now=now)
        raise broken
    _write(sorted(wanted), answers, taken, _not_in(taken), now=now)
    return taken


def _mark_failed(works: QuerySet[Reference], why: str, *, now: datetime.datetime) -> int:
    """Note at the rows of these works that the file could not be read; what it once said of them stays."""
    return Check.objects.filter(source=RETRACTION_WATCH, reference__in=works.values("pk")).update(
        outcome=FAILED, detail=why[:400], asked_at=now, failures=1, due_at=now + datetime.timedelta(hours=1)
    )


def _row(header: list[str], values: list[str], line: int) -> Row | BadRow:
    if len(values) != len(header):
        return BadRow(
            line, _("It has %(count)d fields, not %(wanted)d.") % {"count": len(values), "wanted": len(header)}
        )
    cells = {name: value.strip() for name, value in zip(header, values, strict=True)}
    nature = cells["RetractionNature"]
    if not nature:
        return BadRow(line, _("It does not say what kind of notice it is about."))
    own = [_identifier(cells, "OriginalPaperDOI", "doi"), _identifier(cells, "OriginalPaperPubMedID", "pmid")]
    if not any(value for value, _bad in own) and any(bad for _value, bad in own):
        return BadRow(line, " ".join(bad for _value, bad in own if bad))
    notice_doi, _bad_doi = _identifier(cells, "RetractionDOI", "doi")
    notice_pmid, _bad_pmid = _identifier(cells, "RetractionPubMedID", "pmid")
    record = cells.get("Record ID", "")
    notice = f"doi:{notice_doi}" if notice_doi else f"pmid:{notice_pmid}" if notice_pmid else ""
    return Row(
        record=record,
        line=line,
        nature=nature,
        doi=own[0][0],
        pmid=own[1][0],
        notice=notice or (f"Retraction Watch {record}" if record else ""),
        reason="; ".join(part.strip(" +") for part in cells.get("Reason", "").split(";") if part.strip(" +")),
        dated=_date(cells.get("RetractionDate", "")),
    )


def _identifier(cells: dict[str, str], column: str, scheme: str) -> tuple[str | None, str]:
    """The identifier in normal form, or why what stands there is none."""
    text = cells.get(column, "")
    if text.casefold() in _NO_IDENTIFIER:
        return None, ""
    try:
        return (identifiers.doi(text) if scheme == "doi" else identifiers.pmid(text)), ""
    except ValueError as error:
        return None, str(error)


def _date(text: str) -> datetime.date | None:
    """The day of `1/31/2020 0:00` (month first) or `2020-01-31`."""
    match = _DATE.match(text)
    if not match:
        return None
    month, day, year = match.group(1, 2, 3) if match[3] else match.group(5, 6, 4)
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None


def _match(
    chunk: list[Row | BadRow],
    taken: Taken,
    matched: dict[int, list[Row]],
    found: dict[int, Reference],
    doubtful: dict[int, str],
) -> None:
    """Put each row to the work that it is about, where the library has it."""
    rows = [row for row in chunk if isinstance(row, Row)]
    by_doi = rows_by("doi", [row.doi for row in rows if row.doi])
    by_pmid = rows_by("pmid", [row.pmid for row in rows if row.pmid])
    for row in chunk:
        if isinstance(row, BadRow):
            taken.note(row)
            continue
        work = by_doi.get(row.doi or "")
        if work is None:
            work = by_pmid.get(row.pmid or "")
            if work is not None and row.doi and work.doi:
                why = _("Line %(line)d of the file gives this work's PMID to another DOI, %(doi)s: look there.") % {
                    "line": row.line,
                    "doi": row.doi,
                }
                doubtful[work.pk] = why
                found[work.pk] = work
                taken.note(BadRow(row.line, why))
                continue
        if work is not None:
            matched[work.pk].append(row)
            found[work.pk] = work


def _judged(rows: list[Row]) -> Told:
    """What the rows about one work say together, the latest last: a reinstatement lifts what came before it."""
    news: list[News] = []
    lifted: Row | None = None
    for row in sorted(rows, key=lambda row: row.order):
        if row.is_reinstatement:
            news = [each for each in news if each.kind not in {Event.Kind.RETRACTION, Event.Kind.CONCERN}]
            lifted = row
            continue
        kind = kind_of(row.nature)
        if kind is not None:
            text = f"{row.nature}: {row.reason}" if row.reason else row.nature
            news.append(News(kind, row.notice, text, row.dated))
    if news:
        return Told(FLAGGED, sentence(once(news)), once(news))
    if lifted is not None and lifted.dated:
        return Told(CLEAR, _("Reinstated on %(date)s.") % {"date": lifted.dated.isoformat()})
    return Told(CLEAR, _("Reinstated.") if lifted else "")


def _write(wanted: list[int], answers: dict[int, Told], taken: Taken, not_in: str, *, now: datetime.datetime) -> None:
    """Give every work its row: what the file says of it, or that it does not stand there."""
    for start in range(0, len(wanted), WRITTEN_AT_ONCE):
        chunk = wanted[start : start + WRITTEN_AT_ONCE]
        answered, failed = [], []
        for pk in chunk:
            told = answers.get(pk) or Told(CLEAR, not_in)
            taken.counts[told.outcome] += 1
            row = Check(
                reference_id=pk,
                source=RETRACTION_WATCH,
                outcome=told.outcome,
                detail=told.detail[:400],
                asked_at=now,
                due_at=next_due(now),
            )
            if told.outcome == FAILED:
                row.failures = 1
                failed.append(row)
            else:
                row.answered_at = now
                answered.append(row)
        said = ["outcome", "detail", "asked_at", "failures", "due_at"]
        Check.objects.bulk_create(
            answered,
            update_conflicts=True,
            unique_fields=["reference", "source"],
            update_fields=[*said, "answered_at"],
        )
        Check.objects.bulk_create(
            failed, update_conflicts=True, unique_fields=["reference", "source"], update_fields=said
        )


def _not_in(taken: Taken) -> str:
    told = {"rows": taken.rows, "bad": taken.bad}
    if taken.bad:
        return _("Not in the file, of whose %(rows)d rows %(bad)d could not be used.") % told
    return _("Not among the file's %(rows)d rows.") % told


def _chunks(rows: Iterator[Row | BadRow]) -> Iterator[list[Row | BadRow]]:
    """The rows, some at a time; those before the place where a file breaks off come before its error."""
    chunk: list[Row | BadRow] = []
    try:
        for row in rows:
            chunk.append(row)
            if len(chunk) == AT_ONCE:
                yield chunk
                chunk = []
    except NotTheFile:
        yield chunk
        raise
    yield chunk


def _encoding(path: Path) -> str:
    """UTF-8 where the whole file is, else Latin-1, in which it went about for years."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while part := file.read(1 << 20):
                decoder.decode(part)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "latin-1"
    except OSError as error:
        raise _unreadable(path, error) from None
    return "utf-8-sig"


def _unreadable(path: Path, error: OSError) -> NotTheFile:
    return NotTheFile(_("%(path)s cannot be read: %(why)s.") % {"path": quoted(str(path)), "why": error.strerror})
