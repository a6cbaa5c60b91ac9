import pytest
from hypothesis import given

from references.formats.csl import to_csl
from references.style import authors_line, source_line, vancouver, year
from tests.references.strategies import works

SEVEN = [{"family": f"Name{letter}", "given": letter} for letter in "ABCDEFG"]
ARTICLE = {
    "type": "article-journal",
    "title": "Empagliflozin in heart failure",
    "author": [{"family": "Anker", "given": "Stefan D."}, {"family": "Butler", "given": "Javed"}],
    "container-title": "N Engl J Med",
    "issued": {"date-parts": [[2021, 10, 14]]},
    "volume": "385",
    "issue": "16",
    "page": "1451-1461",
    "DOI": "10.1056/nejmoa2107038",
    "PMID": "34449189",
    "URL": "https://www.nejm.org/x",
}


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {},
            "Anker SD, Butler J. Empagliflozin in heart failure. N Engl J Med. 2021;385(16):1451-61. "
            "doi:10.1056/nejmoa2107038 PMID 34449189",
        ),
        (
            {"author": SEVEN, "DOI": "", "PMID": ""},
            "NameA A, NameB B, NameC C, NameD D, NameE E, NameF F, et al. Empagliflozin in heart failure. "
            "N Engl J Med. 2021;385(16):1451-61. Available from: https://www.nejm.org/x",
        ),
        (
            {"author": SEVEN[:6], "issue": "", "PMID": ""},
            "NameA A, NameB B, NameC C, NameD D, NameE E, NameF F. Empagliflozin in heart failure. N Engl J Med. "
            "2021;385:1451-61. doi:10.1056/nejmoa2107038",
        ),
        (
            {
                "author": [{"literal": "EMPEROR Group"}],
                "title": "Does it work?",
                "issued": None,
                "page": "",
                "PMID": "",
            },
            "EMPEROR Group. Does it work? N Engl J Med. [date unknown];385(16). doi:10.1056/nejmoa2107038",
        ),
        (
            {"author": [], "container-title": "", "volume": "", "issue": "", "page": "", "DOI": ""},
            "Empagliflozin in heart failure. 2021. PMID 34449189",
        ),
        (
            {"volume": "", "page": "CD007612", "DOI": "", "PMID": "", "URL": ""},
            "Anker SD, Butler J. Empagliflozin in heart failure. N Engl J Med. 2021;(16):CD007612.",
        ),
    ],
)
def test_journal_articles(changes, line):
    assert vancouver({**ARTICLE, **changes}) == line


@pytest.mark.parametrize(
    ("csl", "line"),
    [
        (
            {
                "type": "book",
                "title": "Clinical Epidemiology",
                "author": [{"family": "Haynes", "given": "R. Brian", "suffix": "Jr."}],
                "publisher": "Lippincott",
                "issued": {"date-parts": [[2006]]},
                "ISBN": "9780781745246",
            },
            "Haynes RB Jr. Clinical Epidemiology. Lippincott; 2006. ISBN 9780781745246.",
        ),
        (
            {
                "type": "chapter",
                "title": "Iron",
                "author": [{"family": "Reyes", "given": "Ana"}],
                "container-title": "Haematology",
                "publisher": "Wiley",
                "issued": {"date-parts": [[2010]]},
                "page": "93–113",
            },
            "Reyes A. Iron. In: Haematology. Wiley; 2010. p. 93-113.",
        ),
        (
            {
                "type": "webpage",
                "title": "Ascariasis",
                "container-title": "CDC",
                "publisher": "National Institutes of Health",
                "URL": "https://www.cdc.gov/parasites/",
                "issued": {"date-parts": [[2020, 3]]},
                "accessed": {"date-parts": [[2022, 11, 4]]},
            },
            "Ascariasis. CDC [Internet]. National Institutes of Health; 2020 Mar [cited 2022 Nov 4]. "
            "Available from: https://www.cdc.gov/parasites/",
        ),
        (
            {"type": "webpage", "title": "Ascariasis", "URL": "https://a.org/"},
            "Ascariasis [Internet]. [date unknown]. Available from: https://a.org/",
        ),
        (
            {
                "type": "report",
                "title": "Low back pain",
                "author": [{"literal": "NICE"}],
                "publisher": "nice",
                "issued": {"date-parts": [[2016]]},
                "URL": "https://www.nice.org.uk/guidance/ng59",
            },
            "NICE. Low back pain. 2016. Available from: https://www.nice.org.uk/guidance/ng59",
        ),
        (
            {"type": "document", "title": "A label", "publisher": "Pfizer", "DOI": "10.1000/x", "URL": "https://a.org"},
            "A label. Pfizer; [date unknown]. doi:10.1000/x",
        ),
    ],
)
def test_books_pages_and_reports(csl, line):
    assert vancouver(csl) == line


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ({"family": "Reyes", "given": "Ana María Luisa"}, "Reyes AM"),
        ({"family": "Sartre", "given": "Jean-Paul"}, "Sartre JP"),
        ({"family": "Sartre", "given": "J.-P."}, "Sartre JP"),
        ({"family": "Lee", "given": "JA"}, "Lee JA"),
        ({"family": "Lee", "given": "J A"}, "Lee JA"),
        ({"family": "Berg", "given": "Jan", "non-dropping-particle": "van den"}, "van den Berg J"),
        ({"family": "Humboldt", "given": "Alexander", "dropping-particle": "von"}, "von Humboldt A"),
        ({"family": "King", "given": "Martin", "suffix": "III"}, "King M III"),
        ({"family": "Ørsted", "given": "øystein"}, "Ørsted Ø"),
        ({"family": "王", "given": "小明"}, "王 小明"),
        ({"family": "Plato"}, "Plato"),
        ({"literal": "World Health Organization"}, "World Health Organization"),
    ],
)
def test_names(name, shown):
    assert authors_line({"author": [name]}) == shown


@pytest.mark.parametrize(
    ("authors", "shown"),
    [
        ([], ""),
        (SEVEN[:3], "NameA A, NameB B, NameC C"),
        (SEVEN[:4], "NameA A, NameB B, NameC C, et al."),
        ([SEVEN[0], {"literal": "et al."}], "NameA A, et al."),
        ([SEVEN[0], {"literal": "Group, The"}, SEVEN[1]], "NameA A; Group, The; NameB B"),
    ],
)
def test_the_first_three_authors(authors, shown):
    assert authors_line({"author": authors}) == shown


@pytest.mark.parametrize(
    ("pages", "shown"),
    [
        ("284-287", "284-7"),
        ("284–297", "284-97"),
        ("998-1003", "998-1003"),
        ("S12-S15", "S12-5"),
        ("e1-e156", "e1-156"),
        ("126A-127A", "126A-127A"),
        ("121-128.e2", "121-128.e2"),
        ("991.e1-991.e8", "991.e1-991.e8"),
        ("iii1-iii55", "iii1-55"),
        ("284-7", "284-7"),
        ("284-284", "284-284"),
        ("12-15, 20-29", "12-5, 20-9"),
        ("CD007612", "CD007612"),
    ],
)
def test_page_ranges(pages, shown):
    assert vancouver({"type": "article-journal", "title": "T", "volume": "1", "page": pages}) == (
        f"T. [date unknown];1:{shown}."
    )


@pytest.mark.parametrize(
    ("csl", "shown"),
    [
        ({"container-title": "Brain", "publisher": "OUP"}, "Brain"),
        ({"publisher": "NICE"}, "NICE"),
        ({"type": "webpage", "URL": "https://www.cdc.gov/x"}, "cdc.gov"),
        ({"type": "article-journal", "URL": "https://pubmed.ncbi.nlm.nih.gov/1/"}, ""),
        ({}, ""),
    ],
)
def test_the_source(csl, shown):
    assert source_line(csl) == shown


def test_the_year():
    assert year({"issued": {"date-parts": [[2021, 3]]}}) == 2021
    assert year({}) is None


@given(works())
def test_every_work_can_be_cited_in_one_line(work):
    csl = to_csl(work)
    line = vancouver(csl)
    assert line == line.strip()
    assert work.title in line
    assert "\n" not in line + authors_line(csl) + source_line(csl)
    assert year(csl) == work.year
