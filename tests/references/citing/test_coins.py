"""COinS: what is written can be read back, whatever the work holds."""

from html import escape, unescape
from urllib.parse import parse_qs, parse_qsl

import pytest
from hypothesis import given

from references.citing.coins import MOST_NAMES, context_object
from references.formats.csl import to_csl
from tests.references.strategies import works

ARTICLE = {
    "type": "article-journal",
    "title": "Empagliflozin & “heart” failure: <5% = 100%?",
    "author": [
        {"family": "Anker", "given": "Stefan D.", "suffix": "Jr"},
        {"family": "Berg", "given": "Jan", "non-dropping-particle": "van den"},
        {"literal": "EMPEROR, the Group"},
        {"literal": "et al."},
    ],
    "container-title": "New England Journal of Medicine",
    "container-title-short": "N Engl J Med",
    "issued": {"date-parts": [[2021, 10, 4]]},
    "volume": "385",
    "issue": "16",
    "page": "1451-61",
    "DOI": "10.1056/nejm(21)<1>;a#b&c",
    "PMID": "34449189",
    "ISSN": "0028-4793",
}


def read(csl, **changes):
    return parse_qs(context_object({**csl, **changes}), strict_parsing=True)


def test_a_journal_article():
    assert read(ARTICLE) == {
        "ctx_ver": ["Z39.88-2004"],
        "rft_val_fmt": ["info:ofi/fmt:kev:mtx:journal"],
        "rft_id": ["info:doi/10.1056/nejm(21)<1>;a#b&c", "info:pmid/34449189"],
        "rft.genre": ["article"],
        "rft.atitle": ["Empagliflozin & “heart” failure: <5% = 100%?"],
        "rft.jtitle": ["New England Journal of Medicine"],
        "rft.stitle": ["N Engl J Med"],
        "rft.issn": ["0028-4793"],
        "rft.date": ["2021-10-04"],
        "rft.volume": ["385"],
        "rft.issue": ["16"],
        "rft.spage": ["1451"],
        "rft.epage": ["1461"],
        "rft.aulast": ["Anker"],
        "rft.aufirst": ["Stefan D."],
        "rft.ausuffix": ["Jr"],
        "rft.au": ["Anker, Stefan D., Jr", "van den Berg, Jan"],
        "rft.aucorp": ["EMPEROR, the Group"],
    }


@pytest.mark.parametrize(
    ("csl", "held"),
    [
        (
            {
                "type": "chapter",
                "title": "Iron",
                "container-title": "Blood",
                "publisher": "Wiley",
                "publisher-place": "Oxford",
                "edition": "2",
                "ISBN": "9780781745246",
                "page": "93-113",
            },
            {
                "rft_val_fmt": "info:ofi/fmt:kev:mtx:book",
                "rft.genre": "bookitem",
                "rft.atitle": "Iron",
                "rft.btitle": "Blood",
                "rft.pub": "Wiley",
                "rft.place": "Oxford",
                "rft.edition": "2",
                "rft.isbn": "9780781745246",
                "rft.spage": "93",
                "rft.epage": "113",
            },
        ),
        ({"type": "book", "title": "Blood"}, {"rft.genre": "book", "rft.btitle": "Blood"}),
        (
            {"type": "report", "title": "NG59", "author": [{"literal": "NICE"}]},
            {"rft.genre": "report", "rft.btitle": "NG59", "rft.aucorp": "NICE"},
        ),
        (
            {"type": "thesis", "title": "T", "publisher": "U", "genre": "PhD"},
            {
                "rft_val_fmt": "info:ofi/fmt:kev:mtx:dissertation",
                "rft.title": "T",
                "rft.inst": "U",
                "rft.degree": "PhD",
            },
        ),
        (
            {"type": "webpage", "title": "T", "container-title": "CDC", "URL": "https://a.org/b?c=d&e=f"},
            {
                "rft_val_fmt": "info:ofi/fmt:kev:mtx:dc",
                "rft.type": "webpage",
                "rft.title": "T",
                "rft.source": "CDC",
                "rft_id": "https://a.org/b?c=d&e=f",
                "rft.identifier": "https://a.org/b?c=d&e=f",
            },
        ),
        ({"type": "article", "title": "T", "container-title": "medRxiv"}, {"rft.genre": "preprint"}),
        ({"type": "article-journal", "title": "T", "page": "e12"}, {"rft.spage": "e12"}),
        ({"type": "article-journal", "title": "T", "page": "1-2, 7"}, {"rft.pages": "1-2, 7"}),
        ({"type": "article-journal", "title": "T", "number": "a27"}, {"rft.artnum": "a27"}),
    ],
)
def test_other_forms(csl, held):
    found = {key: value for key, (value,) in read(csl).items()}
    assert found | held == found


def test_the_caution_reaches_who_takes_the_reference():
    assert parse_qs(context_object(ARTICLE, "Retracted"))["rft.description"] == ["Retracted"]


def test_a_trial_of_thousands_does_not_fill_the_page():
    many = [{"family": f"Name{number}"} for number in range(3000)]
    assert len(read(ARTICLE, author=many)["rft.au"]) == MOST_NAMES


@given(works())
def test_every_work_survives_the_way_through_a_page(work):
    csl = to_csl(work)
    written = context_object(csl)
    assert written.isascii()
    assert not set(written) & set("\"'<> \n")
    pairs = parse_qsl(unescape(escape(written)), strict_parsing=True)
    assert all(key.startswith(("ctx_ver", "rft_val_fmt", "rft_id", "rft.")) for key, value in pairs)
    found = dict(pairs)
    assert work.title in {found.get(f"rft.{key}") for key in ("atitle", "btitle", "title")}
    if work.doi:
        assert ("rft_id", f"info:doi/{work.doi}") in pairs
