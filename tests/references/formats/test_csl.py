import codecs
import datetime
import json
from pathlib import Path

import pytest
from hypothesis import given, settings

from references.formats.csl import from_csl, parse_csl, to_csl
from references.formats.entries import LARGEST_FILE, EntryError, Problem
from references.models import Kind, Status
from references.works import Work, clean
from tests.references.strategies import HOSTILE_ITEMS, JSON, works

SAMPLES = Path(__file__).parents[3] / "articles" / "sample" / "references.json"

ZOTERO = {
    "id": "http://zotero.org/users/1/items/ABCD1234",
    "type": "article-journal",
    "abstract": "Background.\n\nMethods.",
    "container-title": "New England Journal of Medicine",
    "DOI": "https://doi.org/10.1056/NEJMoa2107038",
    "ISSN": "0028-4793",
    "issue": 16,
    "language": "en",
    "note": "PMID: 34449189\nPMCID: PMC8000000\nA thought of my own: PMID 1",
    "page": "1451-1461",
    "source": "Taylor",
    "title": "Empagliflozin in <i>Heart</i> Failure\nwith a Preserved Ejection Fraction",
    "URL": "https://www.nejm.org/doi/10.1056/NEJMoa2107038",
    "volume": "385",
    "author": [
        {"family": "Anker", "given": "Stefan D."},
        {"family": "Berg", "given": "Jan", "non-dropping-particle": "van den", "parse-names": True},
        {"literal": "EMPEROR-Preserved Trial Investigators"},
    ],
    "accessed": {"date-parts": [["2022", 3, 4]]},
    "issued": {"date-parts": [["2021", 10, 14]]},
}


def test_an_entry_as_zotero_exports_it():
    work = from_csl(ZOTERO)
    assert work == Work(
        title="Empagliflozin in <i>Heart</i> Failure with a Preserved Ejection Fraction",
        authors=[
            {"family": "Anker", "given": "Stefan D."},
            {"family": "Berg", "given": "Jan", "non-dropping-particle": "van den"},
            {"literal": "EMPEROR-Preserved Trial Investigators"},
        ],
        container="New England Journal of Medicine",
        year=2021,
        month=10,
        day=14,
        volume="385",
        issue="16",
        pages="1451-1461",
        doi="10.1056/nejmoa2107038",
        pmid="34449189",
        pmcid="PMC8000000",
        issn="0028-4793",
        type="article-journal",
        url="https://www.nejm.org/doi/10.1056/NEJMoa2107038",
        accessed_on=datetime.date(2022, 3, 4),
        abstract="Background.\n\nMethods.",
    )
    assert work.source_id == ZOTERO["id"]


@pytest.mark.parametrize(
    ("item", "key"),
    [
        ({"id": "reyes2021"}, "reyes2021"),
        ({"id": "odd key"}, "odd key"),
        ({"id": 4217}, "4217"),
        ({"id": "http://zotero.org/users/1/items/A", "citation-key": "reyes2021"}, "reyes2021"),
        ({"id": "http://zotero.org/users/1/items/A", "note": "x\nCitation Key: reyes2021"}, "reyes2021"),
        ({"id": "reyes2021", "citation-key": "other"}, "reyes2021"),
        ({"id": "a{b"}, ""),
        ({}, ""),
    ],
)
def test_the_key_of_an_entry(item, key):
    assert from_csl({"title": "T", **item}).key == key


@pytest.mark.parametrize(
    ("item", "kind", "status"),
    [
        ({"type": "article-journal"}, Kind.OTHER, Status.CURRENT),
        ({"type": "book"}, Kind.BOOK, Status.CURRENT),
        ({"type": "chapter"}, Kind.BOOK, Status.CURRENT),
        ({"type": "webpage"}, Kind.WEB_PAGE, Status.CURRENT),
        ({"type": "unheard-of"}, Kind.OTHER, Status.CURRENT),
        ({"type": ["book"]}, Kind.OTHER, Status.CURRENT),
        ({"type": "book", "custom": {"kind": "guideline"}}, Kind.GUIDELINE, Status.CURRENT),
        ({"type": "book", "custom": {"status": "retracted", "colour": 3}}, Kind.BOOK, Status.RETRACTED),
        ({"custom": {"kind": None, "status": ""}}, Kind.OTHER, Status.CURRENT),
    ],
)
def test_kind_and_status(item, kind, status):
    work = from_csl({"title": "T", **item})
    assert (work.kind, work.status) == (kind, status)


@pytest.mark.parametrize(
    ("issued", "date"),
    [
        ({"date-parts": [[2021, 10, 14]]}, (2021, 10, 14)),
        ({"date-parts": [["2021", "10"]]}, (2021, 10, None)),
        ({"date-parts": [[2021, 0, 0]]}, (2021, None, None)),
        ({"date-parts": [[2021, 13]]}, (2021, None, None)),
        ({"date-parts": [[2021, 22]], "season": 2}, (2021, None, None)),
        ({"date-parts": [[2019], [2021]]}, (2019, None, None)),
        ({"date-parts": [[None]]}, (None, None, None)),
        ({"date-parts": []}, (None, None, None)),
        ({"date-parts": [[2021, 2]], "literal": "2020"}, (2021, 2, None)),
        ({"raw": "2021-10-14"}, (2021, 10, 14)),
        ({"raw": "2021-10"}, (2021, 10, None)),
        ({"raw": "2021/10/14T00:00"}, (2021, 10, 14)),
        ({"raw": "2021-99"}, (2021, None, None)),
        ({"literal": "14 October 2021"}, (2021, 10, 14)),
        ({"literal": "Oct 14th, 2021"}, (2021, 10, 14)),
        ({"literal": "Spring 2021"}, (2021, None, None)),
        ({"literal": "c. 1998"}, (1998, None, None)),
        ({"literal": "31 February 2021"}, (2021, None, None)),
        ({"literal": "in press"}, (None, None, None)),
        ({}, (None, None, None)),
        ("2021-10", (2021, 10, None)),
        (2021, (2021, None, None)),
        (None, (None, None, None)),
    ],
)
def test_dates(issued, date):
    work = from_csl({"title": "T", "issued": issued})
    assert (work.year, work.month, work.day) == date


def test_a_day_of_reading_needs_all_its_parts():
    assert from_csl({"title": "T", "accessed": {"date-parts": [[2021, 5]]}}).accessed_on is None


def test_a_wrong_identifier_in_a_note_is_no_error():
    work = from_csl({"title": "T", "note": "PMID: soon\nDOI: 10.1000/X\n{:ISBN: 0306406152}"})
    assert (work.pmid, work.doi, work.isbn) == (None, "10.1000/x", "9780306406157")


def test_of_several_isbns_the_first_sound_one_counts():
    assert from_csl({"title": "T", "ISBN": "9780306406158, 978-0-8044-2957-3"}).isbn == "9780804429573"


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ({}, "title: A work needs a title."),
        ({"title": 5}, "title must be a text, not a number."),
        ({"title": ["T"]}, "title must be a text, not a list."),
        ({"title": "T", "volume": True}, "volume must be a text, not true or false."),
        ({"title": "T", "volume": 1.5}, "volume must be a text, not a number."),
        ({"title": "T", "page": 10**20}, "page: the number is too long."),
        ({"title": "T", "URL": {"a": 1}}, "URL must be a text, not an object."),
        ({"title": "T", "URL": "javascript:alert(1)"}, "URL: “javascript:alert(1)” is not an address"),
        ({"title": "T", "DOI": "x"}, "DOI: “x” is not a DOI"),
        ({"title": "T", "ISBN": "9780306406158"}, "ISBN: “9780306406158” is not an ISBN"),
        ({"title": "T", "author": "Reyes"}, "author must be a list of names, not a text."),
        ({"title": "T", "author": [{"family": "A"}, "B"]}, "author: name 2 must be an object"),
        ({"title": "T", "author": [{"family": 3}]}, "author: name 1 must be an object"),
        ({"title": "T", "issued": {"date-parts": [[2021, 14.5]]}}, "issued is not a date"),
        ({"title": "T", "issued": {"date-parts": 2021}}, "issued is not a date"),
        ({"title": "T", "issued": [2021]}, "issued is not a date"),
        ({"title": "T", "issued": {"date-parts": [[2021, 17]]}}, "issued: The month “17” is not between"),
        ({"title": "T", "issued": {"date-parts": [[2021, 2, 30]]}}, "issued: There is no day “30”"),
        ({"title": "T", "issued": {"date-parts": [[-44]]}}, "issued: The year “-44” is not between"),
        ({"title": "T", "accessed": {"date-parts": [[2021, 2, 30]]}}, "accessed is not a day of the calendar."),
        ({"title": "T", "custom": "guideline"}, "custom must be an object, not a text."),
        ({"title": "T", "custom": {"kind": 3}}, "custom.kind must be a text, not a number."),
        ({"title": "T", "custom": {"kind": "poem"}}, "custom.kind: “poem” is not one of"),
        ([], "An entry must be an object with a title, not a list."),
        (None, "not nothing (null)."),
    ],
)
def test_what_is_wrong_is_said(item, message):
    with pytest.raises(EntryError) as caught:
        from_csl(item)
    assert len(caught.value.messages) == 1
    assert message in caught.value.messages[0]


def test_every_reason_is_said_at_once():
    with pytest.raises(EntryError) as caught:
        from_csl({"DOI": "x", "author": 3})
    assert len(caught.value.messages) == 3


@given(works())
def test_out_and_in_again_is_the_same_work(work):
    item = json.loads(json.dumps(to_csl(work)))
    assert from_csl(item) == work


@settings(max_examples=300)
@given(HOSTILE_ITEMS | JSON)
def test_a_hostile_entry_becomes_a_sound_work_or_sentences(item):
    try:
        work = from_csl(item)
    except EntryError as error:
        assert error.messages  # noqa: PT017
        assert all(message.endswith(".") and len(message) < 500 for message in error.messages)  # noqa: PT017
        return
    assert clean(work) == (work, {})
    json.dumps(to_csl(work)).encode()


@pytest.mark.parametrize(
    ("work", "form"),
    [
        (Work(title="T", kind="book"), "book"),
        (Work(title="T", kind="book", container="B"), "chapter"),
        (Work(title="T", kind="web-page", container="S", pages="3"), "webpage"),
        (Work(title="T", kind="own-answer"), "webpage"),
        (Work(title="T", kind="randomised-trial", container="J"), "article-journal"),
        (Work(title="T", kind="randomised-trial"), "document"),
        (Work(title="T", kind="guideline", container="J", volume="3"), "article-journal"),
        (Work(title="T", kind="guideline", container="NICE", url="https://a.org"), "webpage"),
        (Work(title="T", kind="guideline", publisher="NICE", url="https://a.org"), "report"),
        (Work(title="T", pmid="1"), "article-journal"),
        (Work(title="T"), "document"),
    ],
)
def test_the_type_follows_from_kind_and_fields(work, form):
    assert to_csl(work)["type"] == form


def test_what_is_empty_is_left_out():
    assert to_csl(Work(title="T", key="k")) == {
        "id": "k",
        "type": "document",
        "title": "T",
        "custom": {"kind": "other", "status": "current"},
    }


def test_a_file_with_one_broken_entry_among_good_ones():
    good, other = {"id": "a", "title": "A"}, {"id": "c", "title": "C"}
    parsed, problems = parse_csl(json.dumps([good, {"id": "b"}, 7, other]))
    assert [work.key for work in parsed] == ["a", "c"]
    assert problems == [
        Problem(2, "b", ("title: A work needs a title.",)),
        Problem(3, "", ("An entry must be an object with a title, not a number.",)),
    ]
    assert str(problems[0]) == "Entry 2 (b): title: A work needs a title."


def test_the_same_id_twice():
    one, other = {"id": "a", "title": "A"}, {"id": "a", "title": "B"}
    parsed, problems = parse_csl(json.dumps([one, one, other]))
    assert [work.title for work in parsed] == ["A"]
    assert [str(problem) for problem in problems] == ["Entry 3 (a): Entry 1 has the same id, for “A”."]


def test_entries_without_an_id_do_not_clash():
    parsed, problems = parse_csl('[{"title": "A"}, {"title": "B"}]')
    assert [work.title for work in parsed] == ["A", "B"]
    assert not problems


@pytest.mark.parametrize(
    "content",
    ['{"title": "A"}', '{"items": [{"title": "A"}]}', '{"references": [{"title": "A"}]}', '\ufeff[{"title": "A"}]'],
)
def test_other_wrappings_of_a_list(content):
    assert [work.title for work in parse_csl(content)[0]] == ["A"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_that_say_what_they_are(encoding):
    assert parse_csl('[{"title": "Größe"}]'.encode(encoding))[0][0].title == "Größe"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "The file is empty."),
        (b" \n", "The file is empty."),
        ("[\n{]", "The file is not JSON: line 2, column 2 cannot be read."),
        ('"title"', "must hold a list of CSL-JSON entries, not a text."),
        ('{"a": 1}', "must hold a list of CSL-JSON entries, not an object."),
        ('{"items": 3}', "must hold a list of CSL-JSON entries, not a number."),
        ("[" * 100_000, "nested too deeply"),
        ("[" + "1" * 5000 + "]", "thousands of digits"),
        ("\n[{'title': 'Grö'}]".encode("latin-1"), "not UTF-8 text: line 2 has other bytes. Save it as UTF-8."),
        (codecs.BOM_UTF16_LE + b"a", "The file is not UTF-8 text"),
        (b"\x00\xff\x00", "The file is not UTF-8 text"),
        (b" " * (LARGEST_FILE + 1), "The file has 20.1 MB; at most 20 MB are read at once. Nothing was taken from it."),
        ("[" + "{}," * 20_000 + "{}]", "The file has 20001 entries; at most 20000"),
    ],
)
def test_files_that_are_none(content, message):
    parsed, problems = parse_csl(content)
    assert parsed == []
    assert [problem.position for problem in problems] == [0]
    assert message in str(problems[0])


def test_a_lone_surrogate_does_no_harm():
    parsed, problems = parse_csl('[{"title": "A\\ud800B"}]')
    assert (parsed[0].title, problems) == ("AB", [])
    assert parse_csl('[{"title": "A\ud800B"}]')[0][0].title == "AB"


@pytest.mark.parametrize(("name", "count"), [("medquad", 872), ("pubmedqa", 300)])
def test_the_real_collections(shared_data, name, count):
    parsed, problems = parse_csl((shared_data / name / "references.json").read_bytes())
    assert problems == []
    assert len(parsed) == count
    assert all(work.key == work.source_id for work in parsed)
    assert [from_csl(to_csl(work)) for work in parsed] == parsed


def test_the_samples_own_references():
    parsed, problems = parse_csl(SAMPLES.read_bytes())
    assert parsed
    assert problems == []
