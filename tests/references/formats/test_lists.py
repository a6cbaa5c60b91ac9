"""Lists of identifiers as people paste them: what a line names, what it does not, and what is said of the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from references.formats import lists, reading

DOI = ("doi", "10.1000/182")
PMID = ("pmid", "31643176")
PMCID = ("pmcid", "PMC3531190")
ISBN = ("isbn", "9780306406157")


def named(text):
    return list(lists.identifiers_in(text))


def wanted(text, **options):
    return [(each.scheme, each.value) for each in reading.read(text, **options).wanted]


ONE = [
    ("10.1000/182", DOI),
    ("doi:10.1000/182", DOI),
    ("DOI 10.1000/182.", DOI),
    ("doi: https://doi.org/10.1000/182", DOI),
    ("http://dx.doi.org/10.1000/182", DOI),
    ("doi.org/10.1000/182", DOI),
    ("https://doi.org/10.1000%2F182", DOI),
    ("info:doi/10.1000/182", DOI),
    ("<https://doi.org/10.1000/182>", DOI),
    ("(doi:10.1000/182).", DOI),
    ('"10.1000/182",', DOI),
    ("10.1000/182;", DOI),
    ("10.1000/182[doi]", DOI),
    ("[A title](https://doi.org/10.1000/182)", DOI),
    ('<a href="https://doi.org/10.1000/182">10.1000/182</a>', DOI),
    ("\u200b10.1000/182\u200b", DOI),
    ("10.1000/182 (retracted)", DOI),
    ("Smith 2020: 10.1000/182", DOI),
    ("https://www.nejm.org/doi/full/10.1056/NEJMoa2107038?query=home", ("doi", "10.1056/nejmoa2107038")),
    ("https://onlinelibrary.wiley.com/doi/epdf/10.1002/ejhf.2345", ("doi", "10.1002/ejhf.2345")),
    ("https://www.nature.com/articles/s41586-020-2649-2", ("doi", "10.1038/s41586-020-2649-2")),
    ("10.1016/S0140-6736(99)12345-6", ("doi", "10.1016/s0140-6736(99)12345-6")),
    (
        "10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2",
        ("doi", "10.1002/(sici)1097-0258(19980815)17:15<1661::aid-sim968>3.0.co;2-2"),
    ),
    ("31643176", PMID),
    ("031643176.", PMID),
    ("PMID31643176", PMID),
    ("PMID 31643176", PMID),
    ("pmid: 31643176.", PMID),
    ("31643176[uid]", PMID),
    ("https://pubmed.ncbi.nlm.nih.gov/31643176/", PMID),
    ("https://www.ncbi.nlm.nih.gov/pubmed/31643176", PMID),
    ("https://europepmc.org/article/MED/31643176", PMID),
    ("PMC3531190", PMCID),
    ("PMC 3531190", PMCID),
    ("PMCID: PMC3531190.1", PMCID),
    ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC3531190/", PMCID),
    ("https://europepmc.org/articles/PMC3531190", PMCID),
    ("9780306406157", ISBN),
    ("978-0-306-40615-7", ISBN),
    ("978 0 306 40615 7", ISBN),
    ("978–0–306–40615–7.", ISBN),
    ("ISBN 978-0-306-40615-7", ISBN),
    ("ISBN-10: 0-306-40615-2", ISBN),
    ("ISBN 0 306 40615 2", ISBN),
    ("0306406152", ISBN),
    ("080442957X", ("isbn", "9780804429573")),
]


@pytest.mark.parametrize(("text", "identifier"), ONE)
def test_one_in_a_line(text, identifier):
    assert named(text) == [identifier]


@pytest.mark.parametrize(
    "mark", ["1. ", "12) ", "(3) ", "[4] ", "[4]", "5: ", "- ", "* ", "• ", "– ", "  1.\t", "- 1. "]
)
@pytest.mark.parametrize("identifier", [DOI, PMID, PMCID, ISBN])
def test_numbers_and_bullets_name_nothing(mark, identifier):
    assert named(mark + identifier[1]) == [identifier]


def test_a_column_of_numbers_names_nothing():
    text = "1\t10.1000/182\n2\t31643176\n\n3\tPMC3531190\n"
    assert wanted(text) == [DOI, PMID, PMCID]
    # Where they do not count the lines, they are PMIDs.
    assert wanted("1\t10.1000/182\n7\t10.1000/183\n", format="list") == [
        ("pmid", "1"),
        DOI,
        ("pmid", "7"),
        ("doi", "10.1000/183"),
    ]


@pytest.mark.parametrize(
    ("text", "identifiers"),
    [
        ("31643176, 31643177; 31643178", [PMID, ("pmid", "31643177"), ("pmid", "31643178")]),
        ("31643176[uid] OR 31643177[uid]", [PMID, ("pmid", "31643177")]),
        ("10.1000/182;10.1000/183", [DOI, ("doi", "10.1000/183")]),
        ("10.1000/182, 31643176; PMC3531190 | 978-0-306-40615-7", [DOI, PMID, PMCID, ISBN]),
        (
            "1. Smith J, Doe A. A title. BMJ 2020;1:2-3. doi:10.1000/182. PMID: 31643176; PMCID: PMC3531190.",
            [DOI, PMID, PMCID],
        ),
        ("Smith J. A book. 2nd ed. London: Press; 2020. ISBN 978-0-306-40615-7.", [ISBN]),
    ],
)
def test_several_in_a_line(text, identifiers):
    assert named(text) == identifiers


@pytest.mark.parametrize(
    "text",
    [
        "In 2020 we saw 3 patients",
        "123456789",
        "NCT01234567",
        "10.1000/",
        "doi:",
        "0028-4793",
        "0000-0002-1825-0097",
        "https://example.org/31643176",
        "978-0-306-40615-8",
    ],
)
def test_what_names_no_work(text):
    assert named(text) == []


@pytest.mark.parametrize(
    "heading", ["DOI", '"PMID"', "dois", "PMID,Title,DOI", "Identifiers of our review:", "# from our review 2020"]
)
def test_a_heading_is_no_line_of_the_list(heading):
    found = reading.read(f"{heading}\n10.1000/182\n", name="a.txt")
    assert (found.format, found.count, found.problems, len(found.wanted)) == ("list", 1, [], 1)


def test_a_repeated_one_is_told_whatever_its_shape():
    found = reading.read("10.1000/ABC\nPMID: 7\nhttps://doi.org/10.1000/abc\n7\n0306406152\n978-0-306-40615-7\n")
    assert [(each.position, each.scheme) for each in found.wanted] == [(1, "doi"), (2, "pmid"), (5, "isbn")]
    assert [(each.position, each.earlier) for each in found.repeats] == [(3, 1), (4, 2), (6, 5)]


def test_a_broken_line_among_good_ones():
    found = reading.read("10.1000/182\n\nnothing to see\n31643176\n978-0-306-40615-8\n")
    assert [each.position for each in found.wanted] == [1, 3]
    assert [str(problem) for problem in found.problems] == [
        "Entry 2: Line 3, “nothing to see”, holds no DOI, PMID, PMCID or ISBN.",
        "Entry 4: Line 5: “978-0-306-40615-8” is not an ISBN: its last digit does not agree with the others, "
        "so one is mistyped.",
    ]
    assert found.count == 4


def test_the_limit_is_told_with_both_figures():
    most = "\n".join(f"10.1000/{number}" for number in range(20_000))
    assert len(reading.read(most).wanted) == 20_000
    found = reading.read(most + "\n10.1000/last")
    assert not found.wanted
    assert str(found.problems[0]) == (
        "The file has 20001 entries; at most 20000 are read at once. Nothing was taken from it."
    )


@pytest.mark.parametrize(
    "text",
    [
        "Dear all,\nplease find the minutes of our meeting on 3 May below.\nKind regards",
        "A title\n\nThe dose was 10 mg, in 2020 it was 20 mg, and the phone rings at 030 1234567.",
    ],
)
def test_prose_is_no_list(text):
    assert reading.detected(text) == ""
    assert "none of the formats read here" in str(reading.read(text).problems[0])


@given(st.lists(st.sampled_from([each for _text, each in ONE]), min_size=1, max_size=9), st.sampled_from("\n,; \t|"))
def test_normal_forms_are_read_whatever_parts_them(identifiers, between):
    # A separator without space can stand inside a DOI, and is no end of it.
    text = f"{between}{'' if between.isspace() else ' '}".join(value for _scheme, value in identifiers)
    assert wanted(text) == list(dict.fromkeys(identifiers))
