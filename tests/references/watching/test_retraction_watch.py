"""The Retraction Watch file: which works stand in it, whatever its encoding, dates and bad rows are like."""

from __future__ import annotations

import csv
import datetime
import io
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from references.models import Alias, Check, Event, Reference
from references.watching import flags
from references.watching.retraction_watch import BadRow, NotTheFile, Row, read, take

pytestmark = pytest.mark.django_db

COLUMNS = [
    *("Record ID", "Title", "Subject", "Institution", "Journal", "Publisher", "Country", "Author", "URLS"),
    *("ArticleType", "RetractionDate", "RetractionDOI", "RetractionPubMedID", "OriginalPaperDate"),
    *("OriginalPaperDOI", "OriginalPaperPubMedID", "RetractionNature", "Reason", "Paywalled", "Notes"),
]


def line(number: int = 1, **cells: str) -> dict[str, str]:
    values = dict.fromkeys(COLUMNS, "") | {
        "Record ID": str(number),
        "Title": 'A title, with "quotes" and a comma',
        "RetractionDate": "1/31/2020 0:00",
        "RetractionDOI": f"10.5555/notice{number}",
        "RetractionPubMedID": "0",
        "OriginalPaperDate": "5/1/2018 0:00",
        "OriginalPaperDOI": "unavailable",
        "OriginalPaperPubMedID": "0",
        "RetractionNature": "Retraction",
        "Reason": "+Concerns/Issues About Data;+Fake Peer Review;",
    }
    return values | cells


@pytest.fixture
def file(tmp_path: Path):
    def write(*lines: dict[str, str], encoding: str = "utf-8", more: str = "") -> Path:
        text = io.StringIO()
        writer = csv.DictWriter(text, COLUMNS)
        writer.writeheader()
        writer.writerows(lines)
        path = tmp_path / "retraction_watch.csv"
        path.write_bytes((text.getvalue() + more).encode(encoding))
        return path

    return write


@pytest.fixture
def work(db: None) -> Reference:
    return Reference.objects.create(key="alpha", title="The alpha trial", doi="10.5555/alpha", pmid="77")


def outcome(work: Reference) -> str:
    return Check.objects.get(reference=work, source="retraction-watch").outcome


def test_a_work_in_the_file_is_flagged_and_another_is_clear(work, file):
    other = Reference.objects.create(key="beta", title="Beta", doi="10.5555/beta")
    nameless = Reference.objects.create(key="gamma", title="Gamma")
    taken = take(file(line(OriginalPaperDOI="10.5555/ALPHA")))
    assert (taken.rows, taken.counts) == (1, {"clear": 1, "flagged": 1, "failed": 0})
    assert [(row.key, kind) for row, kind in taken.new] == [("alpha", "retraction")]
    assert (outcome(work), outcome(other)) == ("flagged", "clear")
    assert not Check.objects.filter(reference=nameless).exists()
    told = Event.objects.get().reports.get()
    assert (told.source, told.notice, told.dated) == (
        "retraction-watch",
        "doi:10.5555/notice1",
        datetime.date(2020, 1, 31),
    )
    assert told.text == "Retraction: Concerns/Issues About Data; Fake Peer Review"
    work.refresh_from_db()
    assert work.status == "retracted"
    assert take(file(line(OriginalPaperDOI="10.5555/alpha"))).new == []


@pytest.mark.parametrize(
    ("nature", "kind"),
    [("Retraction", "retraction"), ("Expression of concern", "concern"), ("Correction", "correction")],
)
def test_each_nature_of_notice(work, file, nature, kind):
    take(file(line(OriginalPaperPubMedID="77", RetractionNature=nature)))
    assert Event.objects.get().kind == kind


@pytest.mark.parametrize("scheme", ["doi", "pmid"])
def test_aliases_are_matched_too(work, file, scheme):
    value = {"doi": "10.5555/preprint", "pmid": "99"}[scheme]
    Alias.objects.create(scheme=scheme, value=value, written=value, reference=work)
    column = {"doi": "OriginalPaperDOI", "pmid": "OriginalPaperPubMedID"}[scheme]
    take(file(line(**{column: value})))
    assert outcome(work) == "flagged"


@pytest.mark.parametrize(
    ("days", "flagged"),
    [
        ([("Retraction", "1/31/2020 0:00"), ("Reinstatement", "3/1/2021 0:00")], False),
        ([("Reinstatement", "3/1/2021 0:00"), ("Retraction", "1/31/2020 0:00")], False),
        ([("Reinstatement", "1/31/2020 0:00"), ("Retraction", "3/1/2021 0:00")], True),
        ([("Retraction", "1/31/2020 0:00"), ("Reinstatement", "1/31/2020 0:00")], True),
        ([("Retraction", "1/31/2020 0:00"), ("Reinstatement", "")], True),
    ],
)
def test_the_latest_of_retraction_and_reinstatement_counts(work, file, days, flagged):
    lines = [
        line(number, OriginalPaperDOI="10.5555/alpha", RetractionNature=nature, RetractionDate=day)
        for number, (nature, day) in enumerate(days, start=1)
    ]
    take(file(*lines))
    assert outcome(work) == ("flagged" if flagged else "clear")
    assert Event.objects.exists() is flagged
    if not flagged:
        assert Check.objects.get().detail == "Reinstated on 2021-03-01."


def test_a_reinstatement_lifts_no_flag_by_itself(work, file):
    take(file(line(OriginalPaperDOI="10.5555/alpha")))
    again = line(2, OriginalPaperDOI="10.5555/alpha", RetractionNature="Reinstatement", RetractionDate="3/1/2021 0:00")
    take(file(line(OriginalPaperDOI="10.5555/alpha"), again))
    work.refresh_from_db()
    assert (outcome(work), work.status) == ("clear", "retracted")


def test_latin_1_and_a_byte_order_mark_are_read(file):
    for encoding in ("latin-1", "utf-8-sig"):
        rows = list(read(file(line(OriginalPaperDOI="10.5555/alpha", Reason="+Löschung"), encoding=encoding)))
        assert isinstance(rows[0], Row)
        assert rows[0].reason == "Löschung"


def test_bad_rows_are_named_and_the_others_count(work, file):
    path = file(
        line(1, OriginalPaperDOI="no DOI at all"),
        line(2, OriginalPaperDOI="10.5555/alpha", RetractionNature=""),
        line(3, OriginalPaperDOI="10.5555/alpha", RetractionDate="13/45/2020"),
        more="too,few,fields\r\n\r\n",
    )
    rows = list(read(path))
    assert [(type(row), row.line) for row in rows] == [(BadRow, 2), (BadRow, 3), (Row, 4), (BadRow, 5)]
    taken = take(path)
    assert (taken.rows, taken.bad, [bad.line for bad in taken.problems]) == (4, 3, [2, 3, 5])
    assert outcome(work) == "flagged"


def test_a_row_that_gives_the_pmid_to_another_doi_clears_nobody(work, file):
    taken = take(file(line(OriginalPaperDOI="10.5555/another", OriginalPaperPubMedID="77")))
    assert outcome(work) == "failed"
    assert not Event.objects.exists()
    assert "10.5555/another" in taken.problems[0].why


def test_what_is_not_the_file_is_refused(tmp_path, file):
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    binary = tmp_path / "binary.csv"
    binary.write_bytes(bytes(range(256)) * 40)
    for path in (other, empty, binary, tmp_path / "absent.csv", tmp_path, file()):
        with pytest.raises(NotTheFile):
            take(path)
    assert not Check.objects.exists()


def test_a_file_that_breaks_off_flags_what_it_held_and_clears_nobody(work, file):
    other = Reference.objects.create(key="beta", title="Beta", doi="10.5555/beta")
    for each in (work, other):
        Check.objects.create(reference=each, source="retraction-watch")
    path = file(line(OriginalPaperDOI="10.5555/alpha"), more='2,"a title that never en')
    with pytest.raises(NotTheFile):
        take(path)
    assert (outcome(work), outcome(other)) == ("failed", "failed")
    assert Check.objects.get(reference=other).answered_at is None
    assert flags.due().get().reference == work


def test_many_rows_cost_few_queries(file):
    Reference.objects.bulk_create(
        Reference(key=f"k{n}", key_normal=f"k{n}", title="T", doi=f"10.5555/w{n}") for n in range(2_000)
    )
    path = file(*[line(n, OriginalPaperDOI=f"10.5555/other{n}") for n in range(2_500)])
    with CaptureQueriesContext(connection) as queries:
        taken = take(path)
    assert taken.counts["clear"] == 2_000
    # Two for each 500 rows of the file, one for the works; SQLite writes 124 rows at a time.
    assert len(queries) <= 10 + 1 + 20
