import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from references.formats.csl import to_csl
from references.formats.reading import read
from references.formats.ris import to_ris
from references.works import Work
from tests.references.strategies import works

LINE = re.compile(r"([A-Z][A-Z0-9])  - (.*)")


def records(text):
    """What a reader of RIS sees: a list of (tag, value) for each record. A line without a tag goes on with a value."""
    found, current = [], []
    for line in text.removesuffix("\r\n").split("\r\n"):
        match = LINE.fullmatch(line)
        if match is None:
            current[-1] = (current[-1][0], f"{current[-1][1]}\n{line}")
            continue
        tag, value = match.groups()
        current.append((tag, value))
        if tag == "ER":
            found.append(current)
            current = []
    assert not current
    return found


def test_an_article():
    text = to_ris(
        [
            {
                "id": "anker-2021",
                "type": "article-journal",
                "title": "Empagliflozin",
                "author": [
                    {"family": "Berg", "given": "Jan", "non-dropping-particle": "van den", "suffix": "Jr."},
                    {"family": "Plato"},
                    {"literal": "Group, The"},
                    {"literal": "et al."},
                ],
                "container-title": "N Engl J Med",
                "publisher": "MMS",
                "issued": {"date-parts": [[2021, 3]]},
                "volume": "385",
                "issue": "16",
                "page": "1451-61",
                "DOI": "10.1056/x",
                "PMID": "34449189",
                "PMCID": "PMC1",
                "ISBN": "9780306406157",
                "URL": "https://a.org",
                "accessed": {"date-parts": [[2022, 11, 4]]},
                "abstract": "One.\n\nTwo.",
                "custom": {"kind": "randomised-trial", "status": "current"},
            }
        ]
    )
    assert text == "\r\n".join(
        [
            "TY  - JOUR",
            "ID  - anker-2021",
            "TI  - Empagliflozin",
            "AU  - van den Berg, Jan, Jr.",
            "AU  - Plato,",
            "AU  - {Group, The}",
            "T2  - N Engl J Med",
            "PB  - MMS",
            "PY  - 2021",
            "DA  - 2021/03//",
            "Y2  - 2022/11/04/",
            "SP  - 1451",
            "EP  - 1461",
            "VL  - 385",
            "IS  - 16",
            "DO  - 10.1056/x",
            "SN  - 9780306406157",
            "AN  - 34449189",
            "C2  - PMC1",
            "UR  - https://a.org",
            "AB  - One.",
            "",
            "Two.",
            "M3  - randomised-trial",
            "ER  - ",
            "",
        ]
    )


@pytest.mark.parametrize(
    ("form", "tag"),
    [("book", "BOOK"), ("chapter", "CHAP"), ("webpage", "ELEC"), ("report", "RPRT"), ("document", "GEN"), ("x", "GEN")],
)
def test_types(form, tag):
    assert to_ris([{"type": form, "title": "T"}]).startswith(f"TY  - {tag}\r\n")


@pytest.mark.parametrize(
    ("pages", "lines"),
    [
        ("284-287", ["284", "287"]),
        ("284–7", ["284", "287"]),
        ("S12-S15", ["S12", "S15"]),
        ("e1013", ["e1013"]),
        ("12-15, 20-29", ["12-15, 20-29"]),
    ],
)
def test_pages(pages, lines):
    found = records(to_ris([{"title": "T", "page": pages}]))[0]
    assert [value for tag, value in found if tag in {"SP", "EP"}] == lines


@pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_no_text_begins_a_tag_or_ends_a_record(line_end):
    evil = f"x{line_end}ER  - {line_end}TY  - BOOK"
    text = to_ris(
        [{"id": evil, "title": evil, "author": [{"family": evil}], "publisher": evil, "page": evil, "abstract": evil}]
    )
    assert len(text.splitlines()) == text.count("\r\n") == 8
    assert text.count("\nTY  - ") + text.startswith("TY  - ") == 1


def test_a_comma_in_a_family_name_does_not_shift_the_parts():
    text = to_ris([{"title": "T", "author": [{"family": "Reyes,Jr", "given": "Ana"}]}])
    assert "AU  - Reyes Jr, Ana\r\n" in text


@given(st.lists(works(), max_size=3))
def test_every_work_is_a_record(found):
    text = to_ris(to_csl(work) for work in found)
    read = records(text) if found else []
    assert len(read) == len(found)
    for work, lines in zip(found, read, strict=True):
        tags = dict(lines)
        assert tags["TI"] == work.title
        assert tags.get("DO") == work.doi
        assert tags.get("AN") == work.pmid


def test_an_organisation_with_a_comma_stays_one():
    names = [{"literal": "Pfizer, Inc."}, {"family": "Reyes", "given": "Ana"}, {"literal": "WHO"}]
    item = to_csl(Work(title="A trial", key="a", authors=names, editors=names[:1]))
    (work,) = read(to_ris([item]), format="ris").works
    assert (work.authors, work.editors) == (names, names[:1])


def one(*lines):
    found = read("\n".join(["TY  - JOUR", "TI  - A title", *lines, "ER  - "]), format="ris")
    assert not found.problems
    (work,) = found.works
    return work


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Doe, Jane", {"family": "Doe", "given": "Jane"}),
        ("Doe J.", {"family": "Doe", "given": "J."}),
        ("Roe A.B.", {"family": "Roe", "given": "A.B."}),
        ("van den Berg J.-P.", {"family": "Berg", "given": "J.-P.", "non-dropping-particle": "van den"}),
        ("Smith JA", {"family": "Smith", "given": "JA"}),
        ("van der Meer, Peter", {"family": "Meer", "given": "Peter", "non-dropping-particle": "van der"}),
        ("King, Martin L., Jr.", {"family": "King", "given": "Martin L.", "suffix": "Jr."}),
        ("King, Martin L. Jr", {"family": "King", "given": "Martin L.", "suffix": "Jr"}),
        ("Plato,", {"family": "Plato"}),
        ("World Health Organization", {"literal": "World Health Organization"}),
        ("{Pfizer, Inc.}", {"literal": "Pfizer, Inc."}),
    ],
)
def test_names_are_read(line, name):
    assert one(f"AU  - {line}").authors == [name]


def test_more_authors_than_are_named_are_no_author():
    assert one("AU  - Doe, Jane\nAU  - et al.,").authors == [{"family": "Doe", "given": "Jane"}, {"literal": "others"}]


def test_an_abstract_keeps_its_paragraphs():
    abstract = "We asked.\n\nWe looked:\nat all."
    (work,) = read(to_ris([to_csl(Work(title="T", key="a", abstract=abstract))]), format="ris").works
    assert work.abstract == abstract


@pytest.mark.parametrize("status", ["retracted", "concern", "current"])
def test_the_status_is_said_and_read(status):
    text = to_ris([to_csl(Work(title="T", key="a", status=status))])
    assert ("N1  - Status: retracted" in text) == (status == "retracted")
    assert read(text, format="ris").works[0].status == status


@pytest.mark.parametrize(
    ("lines", "field", "value"),
    [
        (["RP  - NOT IN FILE"], "version", ""),
        (["SP  - No Pagination Specified"], "pages", ""),
        (["AN  - 34449189"], "pmid", "34449189"),
        (["AN  - 34449189", "DB  - PubMed"], "pmid", "34449189"),
        (["AN  - 34449189", "DB  - Embase"], "pmid", None),
        (["AN  - 2020-12345-001", "DB  - psyh"], "pmid", None),
        (["M3  - http://dx.doi.org/10.1000/ABC"], "doi", "10.1000/abc"),
        (["SN  - 1533-4406 (Electronic) 0028-4793 (Print)"], "issn", "1533-4406"),
        (["PY  - 2020/03/15/Spring"], "day", 15),
        (["SP  - 284", "EP  - 7"], "pages", "284-287"),
        (["SP  - 390-390"], "pages", "390"),
    ],
)
def test_quirks_of_databases(lines, field, value):
    assert getattr(one(*lines), field) == value


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("SN  - 1234-5678", "SN was left out: “1234-5678” is neither an ISSN nor an ISBN"),
        (f"IS  - {'34th Congress ' * 9}", "IS was left out: 125 characters are more than fit here (60)."),
    ],
)
def test_what_is_left_out_is_told(line, note):
    found = read("\n".join(["TY  - JOUR", "TI  - A title", line, "ER  - "]))
    assert len(found.works) == 1
    assert found.notes[0].startswith(f"Entry 1: {note}")


def test_a_missing_end_and_indented_tags():
    text = "TY  - JOUR\nTI  - One\nTY  - JOUR\nTI  - Two\n  TY  -  BOOK\n  T1  - Three\n"
    assert [work.title for work in read(text).works] == ["One", "Two", "Three"]
