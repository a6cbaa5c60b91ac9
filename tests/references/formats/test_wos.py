"""The tagged plain text of Web of Science: what each tag becomes."""

import pytest

from references.formats import reading
from references.models import Kind, Type

SAVED = """\ufeffFN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Anker, SD
   van der Berg, JA
AF Anker, Stefan D.
   van der Berg, Jan A., Jr.
CA EMPEROR Trial Investigators
TI A trial of something with a title so long that it
   goes on in a second line &amp; ends
SO NEW ENGLAND JOURNAL OF MEDICINE
LA English
DT Article
DE heart failure; TI is not a tag here
ID RANDOMIZED TRIAL
AB BACKGROUND We asked.
   METHODS We looked, TY  - and found.
C1 [Anker, Stefan D.] Univ Somewhere, Dept Things, Bern, Switzerland.
CR Doe J, 2010, HEART NOTES, V1, P1, DOI 10.1000/not.this
   Roe A, 2012, HEART NOTES, V2, P5
NR 2
TC 25
PU MASSACHUSETTS MEDICAL SOC
PI WALTHAM
SN 0028-4793
EI 1533-4406
J9 NEW ENGL J MED
JI N. Engl. J. Med.
PD OCT 14
PY 2021
VL 385
IS 16
BP 1451
EP 1461
DI 10.1056/NEJMoa2107038
PM 34449189
UT WOS:000708000000001
ER

PT B
AU [Anonymous]
BE Roe, A
TI Heart failure
SO Textbook of medicine
SE Blue Series
DT Review; Book Chapter
PU Press
BN 978-0-306-40615-7; 978-3-16-148410-0
EA MAR 2020
BP 12
UT WOS:000708000000002
ER

PT P
AU DOE J
TI A stent
PY 2019

PT J
TI Only online
SO PLOS ONE
SN 1234-5678
AR e0123456
PD MAR-APR
PY 2015
ER

EF
"""


def test_a_saved_list_is_known_and_read():
    found = reading.read(SAVED.encode(), name="savedrecs.txt")
    assert (found.format, found.count, found.problems, found.wanted) == ("wos", 4, [], [])
    work = found.works[0]
    assert work.title == "A trial of something with a title so long that it goes on in a second line & ends"
    assert work.authors == [
        {"family": "Anker", "given": "Stefan D."},
        {"family": "Berg", "given": "Jan A.", "non-dropping-particle": "van der", "suffix": "Jr."},
        {"literal": "EMPEROR Trial Investigators"},
    ]
    assert (work.container, work.container_short) == ("NEW ENGLAND JOURNAL OF MEDICINE", "N. Engl. J. Med.")
    assert (work.year, work.month, work.day, work.volume, work.issue) == (2021, 10, 14, "385", "16")
    assert (work.pages, work.doi, work.pmid) == ("1451-1461", "10.1056/nejmoa2107038", "34449189")
    assert (work.issn, work.type, work.kind) == ("0028-4793", Type.ARTICLE_JOURNAL, Kind.OTHER)
    assert work.abstract == "BACKGROUND We asked. METHODS We looked, TY - and found."
    assert (work.source_id, work.key) == ("WOS:000708000000001", "")


def test_a_chapter_a_patent_and_an_article_with_a_number():
    chapter, patent, online = reading.read(SAVED).works[1:]
    assert (chapter.authors, chapter.editors) == ([], [{"family": "Roe", "given": "A"}])
    assert (chapter.container, chapter.series, chapter.type) == ("Textbook of medicine", "Blue Series", Type.CHAPTER)
    assert (chapter.kind, chapter.isbn, chapter.pages) == (Kind.NARRATIVE_REVIEW, "9780306406157", "12")
    assert (chapter.year, chapter.month) == (2020, 3)
    assert (patent.title, patent.type, patent.year) == ("A stent", Type.DOCUMENT, 2019)
    assert (online.number, online.year, online.month, online.day) == ("e0123456", 2015, 3, None)


def test_what_is_left_out_is_told():
    (note,) = reading.read(SAVED).notes
    assert note.startswith("Entry 4: SN was left out: “1234-5678” is not an ISSN")


@pytest.mark.parametrize("start", ["FN Thomson Reuters Web of Science\n", "FN ISI Export Format\nVR 1.0\n", ""])
def test_older_names_of_the_program(start):
    text = f"{start}PT J\nAU Doe, J\nTI A title\nDI 10.5555/x\nER\n\nEF"
    found = reading.read(text)
    assert (found.format, [work.title for work in found.works]) == ("wos", ["A title"])


def test_a_paper_of_a_conference():
    (work,) = reading.read("PT B\nAU Doe, J\nTI A paper\nSO Proceedings of it\nDT Proceedings Paper\nER\n").works
    assert (work.type, work.kind) == (Type.PAPER_CONFERENCE, Kind.OTHER)
