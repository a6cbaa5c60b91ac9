import pytest
from hypothesis import given
from hypothesis import strategies as st

from references import identifiers

ALL = [identifiers.doi, identifiers.pmid, identifiers.pmcid, identifiers.isbn, identifiers.orcid]


@pytest.mark.parametrize("read", ALL)
@pytest.mark.parametrize("text", [None, "", "  ", "\u200b"])
def test_nothing_is_none(read, text):
    assert read(text) is None


@pytest.mark.parametrize("read", ALL)
@given(
    text=st.text()
    | st.text("10.doi:/()<>,;%2F ", max_size=30).map("10.1000/{}".format)
    | st.from_regex(r"[0-9X-]{8,20}")
)
def test_a_normal_form_read_again_is_itself(read, text):
    try:
        once = read(text)
    except ValueError:
        return
    assert read(once) == once


@pytest.mark.parametrize(
    "text",
    [
        "10.1056/NEJMoa2107038",
        " 10.1056/nejmoa2107038. ",
        "doi:10.1056/NEJMoa2107038",
        "DOI: 10.1056/NEJMoa2107038;",
        "doi 10.1056/NEJMoa2107038",
        "DOI: https://doi.org/10.1056/NEJMoa2107038",
        "https://doi.org/10.1056/NEJMoa2107038",
        "http://dx.doi.org/10.1056/NEJMoa2107038?utm_source=mail#top",
        "doi.org/10.1056/NEJMoa2107038",
        "https://doi.org/doi:10.1056/NEJMoa2107038",
        "https%3A%2F%2Fdoi.org%2F10.1056%2FNEJMoa2107038",
        "10.1056%2Fnejmoa2107038",
        "10.1056%252Fnejmoa2107038",
        "info:doi/10.1056/NEJMoa2107038",
        "<10.1056/NEJMoa2107038>",
        "(doi:10.1056/NEJMoa2107038).",
        "“10.1056/NEJMoa2107038”,",
        "10.1056/\u200bNEJMoa2107038\ufeff",
    ],
)
def test_one_doi_however_it_is_pasted(text):
    assert identifiers.doi(text) == "10.1056/nejmoa2107038"


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("10.1016/S0140-6736(09)60172-0", "10.1016/s0140-6736(09)60172-0"),
        ("(10.1016/S0140-6736(09)60172)", "10.1016/s0140-6736(09)60172"),
        (
            "https://doi.org/10.1002/(SICI)1097-0258(19980815/30)17:15/16%3C1661::AID-SIM968%3E3.0.CO;2-2",
            "10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2",
        ),
        ("10.1016/S0140-6736(09).", "10.1016/s0140-6736(09)"),
        ("10.1000.10/123", "10.1000.10/123"),
    ],
)
def test_brackets_and_marks_inside_a_doi_stay(text, normal):
    assert identifiers.doi(text) == normal


@pytest.mark.parametrize(
    "text",
    [
        "NEJMoa2107038",
        "10.1056",
        "10.1056/",
        "10.56/abc",
        "10.1056/a b",
        "https://example.org/doi/10.1056/x",
        "11.1056/x",
        "10.1056/%FF",
        "10.1000/" + "x" * 250,
    ],
)
def test_what_is_no_doi(text):
    with pytest.raises(ValueError, match="is not a DOI: one begins with 10"):
        identifiers.doi(text)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("34449189", "34449189"),
        ("0034449189", "34449189"),
        ("PMID: 34449189", "34449189"),
        ("pmid:1", "1"),
        ("https://pubmed.ncbi.nlm.nih.gov/34449189/", "34449189"),
        ("https://pubmed.ncbi.nlm.nih.gov/34449189/?from=x", "34449189"),
        ("http://www.ncbi.nlm.nih.gov/pubmed/34449189", "34449189"),
    ],
)
def test_pmid(text, normal):
    assert identifiers.pmid(text) == normal


@pytest.mark.parametrize("text", ["0", "-5", "PMC123", "123456789", "12.5", "٣٤", "12 34", "https://example.org/123"])
def test_what_is_no_pmid(text):
    with pytest.raises(ValueError, match="is not a PMID"):
        identifiers.pmid(text)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("PMC3531190", "PMC3531190"),
        ("pmc3531190", "PMC3531190"),
        ("PMCID: PMC3531190", "PMC3531190"),
        ("3531190", "PMC3531190"),
        ("PMC3531190.2", "PMC3531190"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC3531190/", "PMC3531190"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC3531190/?x=1", "PMC3531190"),
        ("https://europepmc.org/article/PMC3531190", "PMC3531190"),
    ],
)
def test_pmcid(text, normal):
    assert identifiers.pmcid(text) == normal


@pytest.mark.parametrize("text", ["PMC", "PMC0", "PMX12", "PMID: 12"])
def test_what_is_no_pmcid(text):
    with pytest.raises(ValueError, match="is not a PMCID"):
        identifiers.pmcid(text)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("978-0-306-40615-7", "9780306406157"),
        ("ISBN 978 0 306 40615 7", "9780306406157"),
        ("ISBN-13: 9780306406157", "9780306406157"),
        ("0-306-40615-2", "9780306406157"),
        ("080442957x", "9780804429573"),
        ("urn:isbn:0306406152", "9780306406157"),
        ("979-8-6753-0941-2", "9798675309412"),
    ],
)
def test_isbn(text, normal):
    assert identifiers.isbn(text) == normal


@given(st.text("0123456789", min_size=9, max_size=9).filter(int))
def test_every_sound_isbn_of_10_digits_becomes_a_sound_one_of_13(body):
    last = -sum(int(digit) * (10 - at) for at, digit in enumerate(body)) % 11
    thirteen = identifiers.isbn(body + ("X" if last == 10 else str(last)))
    assert thirteen == identifiers.isbn(thirteen)
    assert thirteen.startswith(f"978{body}")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("9780306406158", "its last digit does not agree"),
        ("0306406153", "its last digit does not agree"),
        ("4006381333931", "one has 13 digits"),
        ("12345", "one has 13 digits"),
    ],
)
def test_what_is_no_isbn(text, reason):
    with pytest.raises(ValueError, match=f"is not an ISBN: {reason}"):
        identifiers.isbn(text)


@pytest.mark.parametrize(
    "text",
    ["0000-0002-1825-0097", "0000000218250097", "https://orcid.org/0000-0002-1825-0097/", "ORCID: 0000-0002-1825-0097"],
)
def test_orcid(text):
    assert identifiers.orcid(text) == "0000-0002-1825-0097"


def test_an_orcid_may_end_in_x():
    assert identifiers.orcid("0000-0002-1694-233x") == "0000-0002-1694-233X"


@pytest.mark.parametrize("text", ["0000-0002-1825-0098", "0000-0002-1825", "someone", "9999-9999-9999-9999"])
def test_what_is_no_orcid(text):
    with pytest.raises(ValueError, match="is not an ORCID iD"):
        identifiers.orcid(text)


def test_a_message_shows_a_long_or_broken_text_short_and_in_one_line():
    with pytest.raises(ValueError) as caught:
        identifiers.doi("x\ny" * 10_000)
    assert len(str(caught.value)) < 200
    assert "\n" not in str(caught.value)


def test_addresses():
    assert identifiers.url_of_doi("10.1016/s0140-6736(09)60172-0") == "https://doi.org/10.1016/s0140-6736(09)60172-0"
    assert identifiers.url_of_doi('10.1000/a<b>"?#%') == "https://doi.org/10.1000/a%3Cb%3E%22%3F%23%25"
    assert identifiers.url_of_pmid("1") == "https://pubmed.ncbi.nlm.nih.gov/1/"
    assert identifiers.url_of_pmcid("PMC1") == "https://pmc.ncbi.nlm.nih.gov/articles/PMC1/"


@given(st.text("abc/()<>?#%&;:é", min_size=1, max_size=20).map("10.1000/{}".format))
def test_the_address_of_a_doi_leads_back_to_it(text):
    try:
        doi = identifiers.doi(text)
    except ValueError:
        return
    assert identifiers.doi(identifiers.url_of_doi(doi)) == doi
