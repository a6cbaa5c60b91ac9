"""PubMed's NBIB and MEDLINE: what each tag becomes. The records are made up, in the form of PubMed's own."""

import pytest

from references.formats import nbib, reading
from references.models import Kind, Status, Type

ARTICLE = """
PMID- 34449189
OWN - NLM
STAT- MEDLINE
DCOM- 20211020
IS  - 1533-4406 (Electronic)
IS  - 0028-4793 (Linking)
VI  - 385
IP  - 16
DP  - 2021 Oct 14
TI  - A trial of something with a title so long that it goes on in a second
      line.
PG  - 1451-61
LID - 10.1056/NEJMoa2107038 [doi]
AB  - BACKGROUND: We asked. METHODS: We looked
      again. RESULTS: PMID - 123 was not a tag.
CI  - Copyright (c) 2021 Somebody.
FAU - Anker, Stefan D
AU  - Anker SD
AUID- ORCID: 0000-0002-1825-0097
AD  - From the Department of Things
      - and others (S.D.A.).
FAU - van der Berg, Jan A Jr
AU  - van der Berg JA Jr
FAU - O'Brien, Mary-Ann
AU  - O'Brien MA
CN  - EMPEROR-Preserved Trial Investigators
LA  - eng
SI  - ClinicalTrials.gov/NCT03057951
PT  - Journal Article
PT  - Randomized Controlled Trial
PT  - Research Support, Non-U.S. Gov't
TA  - N Engl J Med
JT  - The New England journal of medicine
JID - 0255562
PMC - PMC8000000
AID - NEJMoa2107038 [pii]
SO  - N Engl J Med. 2021 Oct 14;385(16):1451-1461.
"""


def one(text):
    found = reading.read(text, format="nbib")
    assert not found.problems
    (work,) = found.works
    return work


def record(*lines):
    return "\n".join(["PMID- 1", "TI  - A title.", *lines, ""])


def test_an_article_in_full():
    found = reading.read(ARTICLE, name="pubmed-34449189.nbib")
    assert (found.format, found.count, found.problems, found.notes) == ("nbib", 1, [], [])
    (work,) = found.works
    assert work.title == "A trial of something with a title so long that it goes on in a second line"
    assert work.authors == [
        {"family": "Anker", "given": "Stefan D"},
        {"family": "Berg", "given": "Jan A", "non-dropping-particle": "van der", "suffix": "Jr"},
        {"family": "O'Brien", "given": "Mary-Ann"},
        {"literal": "EMPEROR-Preserved Trial Investigators"},
    ]
    assert (work.container, work.container_short) == ("The New England journal of medicine", "N Engl J Med")
    assert (work.year, work.month, work.day, work.volume, work.issue) == (2021, 10, 14, "385", "16")
    assert (work.pages, work.number) == ("1451-1461", "")
    assert (work.doi, work.pmid, work.pmcid) == ("10.1056/nejmoa2107038", "34449189", "PMC8000000")
    assert (work.issn, work.nct) == ("1533-4406", "NCT03057951")
    assert (work.kind, work.status, work.type) == (Kind.RANDOMISED_TRIAL, Status.CURRENT, Type.ARTICLE_JOURNAL)
    assert work.abstract.endswith("METHODS: We looked again. RESULTS: PMID - 123 was not a tag.")
    assert (work.key, work.source_id) == ("", "34449189")


def test_several_records_with_and_without_a_line_between_them():
    text = ARTICLE + "PMID- 2\nTI  - Two.\nPMID- 3\nTI  - Three?\n\n\n\nPMID- 4\nTI  - To be continued...\n"
    assert [work.title for work in reading.read(text).works][1:] == ["Two", "Three?", "To be continued..."]


def test_what_stands_before_the_first_record_is_passed_over():
    assert one(f"Search results\nTI  - Not this.\n\n{record()}").title == "A title"


@pytest.mark.parametrize(
    ("types", "kind"),
    [
        (["Journal Article"], Kind.OTHER),
        (["Practice Guideline", "Review"], Kind.GUIDELINE),
        (["Meta-Analysis", "Systematic Review"], Kind.SYSTEMATIC_REVIEW),
        (["META-ANALYSIS"], Kind.SYSTEMATIC_REVIEW),
        (["Randomized Controlled Trial", "Multicenter Study"], Kind.RANDOMISED_TRIAL),
        (["Clinical Trial Protocol", "Randomized Controlled Trial"], Kind.OTHER),
        (["Case Reports"], Kind.CASE_REPORT),
        (["Review"], Kind.NARRATIVE_REVIEW),
        (["Comment", "Letter"], Kind.OTHER),
    ],
)
def test_the_kind_is_what_the_publication_types_make_certain(types, kind):
    assert one(record(*(f"PT  - {each}" for each in types))).kind == kind


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        (["*Cohort Studies"], Kind.COHORT),
        (["Prospective Studies/methods"], Kind.COHORT),
        (["Case-Control Studies", "Cohort Studies"], Kind.CASE_CONTROL),
        (["Humans"], Kind.OTHER),
    ],
)
def test_the_kind_of_an_observational_study_is_in_its_headings(headings, kind):
    assert one(record("PT  - Observational Study", *(f"MH  - {each}" for each in headings))).kind == kind


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (["PT  - Retracted Publication"], Status.RETRACTED),
        (["RIN - N Engl J Med. 2022 Jan 1;1(1):1. PMID: 35000000"], Status.RETRACTED),
        (["ECI - BMJ. 2022;1:1. doi: 10.1136/bmj.1."], Status.CONCERN),
        (["EIN - BMJ. 2022;1:1", "RIN - BMJ. 2023;2:2"], Status.RETRACTED),
        (["UIN - Cochrane Database Syst Rev. 2023;1:CD1"], Status.SUPERSEDED),
        (["EIN - BMJ. 2022;1:1"], Status.CORRECTED),
        (["CIN - BMJ. 2022;1:1"], Status.CURRENT),
        (["ROF - BMJ. 2022;1:1", "PT  - Retraction Notice"], Status.CURRENT),
    ],
)
def test_the_status_is_the_gravest_that_is_known(lines, status):
    assert one(record(*lines)).status == status


def test_a_notice_has_its_identifiers():
    (found,) = nbib.notices({"RIN": ["BMJ. 2022;1:1. doi: 10.1136/bmj.1. PMID: 35000000"]})
    assert (found.pmid, found.doi, found.status) == ("35000000", "10.1136/bmj.1", Status.RETRACTED)


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2021 Oct 14", (2021, 10, 14)),
        ("2021 Oct", (2021, 10, None)),
        ("2021", (2021, None, None)),
        ("2021 Oct-Dec", (2021, 10, None)),
        ("2021 Oct 30-Nov 5", (2021, 10, 30)),
        ("2021 Dec-2022 Jan", (2021, 12, None)),
        ("2020 Winter", (2020, None, None)),
        ("1998-1999", (1998, None, None)),
        ("20211014", (2021, 10, 14)),
        ("2021 Feb 31", (2021, None, None)),
    ],
)
def test_dates(written, date):
    work = one(record(f"DP  - {written}"))
    assert (work.year, work.month, work.day) == date


def test_ahead_of_print_the_day_of_the_electronic_one_counts():
    work = one(record("DEP - 20130511"))
    assert (work.year, work.month, work.day) == (2013, 5, 11)


@pytest.mark.parametrize(
    ("lines", "pages", "number"),
    [
        (["PG  - 284-7"], "284-287", ""),
        (["PG  - e1013-e1020"], "e1013-e1020", ""),
        (["PG  - S12-5"], "S12-5", ""),
        (["PG  - 1-9; quiz 10"], "1-9; quiz 10", ""),
        (["LID - e0123456 [pii]", "LID - 10.1371/journal.pone.0123456 [doi]"], "", "e0123456"),
        (["AID - S0140-6736(21)00001-1 [pii]"], "", ""),
    ],
)
def test_pages_and_article_numbers(lines, pages, number):
    work = one(record(*lines))
    assert (work.pages, work.number) == (pages, number)


def test_the_doi_is_found_among_the_article_identifiers():
    assert one(record("AID - 123 [pii]", "AID - 10.1000/ABC(1) [doi]")).doi == "10.1000/abc(1)"


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("IS  - 1234-5678 (Print)", "Entry 1 (1): IS was left out: “1234-5678 (Print)” is not an ISSN"),
        ("ISBN- 9780306406158", "Entry 1 (1): ISBN was left out: “9780306406158” is not an ISBN"),
        (f"IP  - {'Suppl 3 of the Congress ' * 20}", "Entry 1 (1): IP was left out: 479 characters are more than fit"),
    ],
)
def test_what_is_left_out_is_told(line, note):
    found = reading.read(record(line))
    assert len(found.works) == 1
    (told,) = found.notes
    assert told.startswith(note)


BOOK = """
PMID- 31643176
BTI - StatPearls
PB  - StatPearls Publishing
PL  - Treasure Island (FL)
DP  - 2024 Jan
TI  - Heart Failure.
ISBN- 978-0-306-40615-7
FED - Roe, Ann
FAU - Doe, Jane
PT  - Review
PT  - Book Chapter
"""


def test_a_chapter_and_a_book():
    chapter = one(BOOK)
    assert (chapter.title, chapter.container, chapter.type) == ("Heart Failure", "StatPearls", Type.CHAPTER)
    assert (chapter.publisher, chapter.place) == ("StatPearls Publishing", "Treasure Island (FL)")
    assert (chapter.isbn, chapter.editors) == ("9780306406157", [{"family": "Roe", "given": "Ann"}])
    book = one(BOOK.replace("TI  - Heart Failure.\n", "").replace("PT  - Review\n", ""))
    assert (book.title, book.container, book.type, book.kind) == ("StatPearls", "", Type.BOOK, Kind.BOOK)


def test_a_preprint():
    work = one(
        record("PT  - Preprint", "PT  - Journal Article", "JT  - medRxiv : the preprint server", "TA  - medRxiv")
    )
    assert (work.type, work.container) == (Type.ARTICLE, "medRxiv : the preprint server")


@pytest.mark.parametrize(
    ("lines", "authors"),
    [
        (["AU  - Smith JA Jr", "AU  - Doe J"], [("Smith", "JA"), ("Doe", "J")]),
        (["FAU - Smith, John A 3rd"], [("Smith", "John A")]),
        (["FAU - Plato"], [(None, None)]),
        (["FAU - Hans-Peter, Müller-Lüdenscheidt"], [("Hans-Peter", "Müller-Lüdenscheidt")]),
        (["FAU - de la Cruz, Maria"], [("Cruz", "Maria")]),
        (["FAU - De La Cruz, Maria"], [("De La Cruz", "Maria")]),
        (["FAU - d'Arcy, Eve"], [("d'Arcy", "Eve")]),
        (["FAU - al-Khatib, Sana"], [("al-Khatib", "Sana")]),
        (["FAU - ten Berg, Jurrien M"], [("Berg", "Jurrien M")]),
        (["FAU - van, Long"], [("van", "Long")]),
    ],
)
def test_names(lines, authors):
    assert [(name.get("family"), name.get("given")) for name in one(record(*lines)).authors] == authors


def test_a_title_in_another_language_stands_in_for_none():
    assert one("PMID- 1\nTI  - \nTT  - Herzschwäche heute.\n").title == "Herzschwäche heute"
    assert one("PMID- 1\nTI  - [Heart failure today].\nTT  - Herzschwäche heute.\n").title == "[Heart failure today]"
