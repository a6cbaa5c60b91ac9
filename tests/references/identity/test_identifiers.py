import pytest
from hypothesis import given
from hypothesis import strategies as st

from references.identity import identifiers

ALL = [getattr(identifiers, name) for name in ("doi", "pmid", "pmcid", "isbn", "issn", "nct", "orcid")]


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


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("0028-4793", "0028-4793"),
        ("00284793", "0028-4793"),
        ("ISSN 0028-4793", "0028-4793"),
        ("e-ISSN: 1533-4406", "1533-4406"),
        ("ISSN-L 0028-4793", "0028-4793"),
        ("2434-561x", "2434-561X"),
        ("0028–4793", "0028-4793"),
    ],
)
def test_issn(text, normal):
    assert identifiers.issn(text) == normal


@pytest.mark.parametrize("text", ["0028-4794", "0028-479", "12345678", "N Engl J Med", "X028-4793"])
def test_what_is_no_issn(text):
    with pytest.raises(ValueError, match="is not an ISSN: one has eight digits"):
        identifiers.issn(text)


@pytest.mark.parametrize(
    "text",
    [
        "NCT00000620",
        "nct00000620",
        "NCT: 00000620",
        "ClinicalTrials.gov NCT00000620",
        "ClinicalTrials.gov identifier: NCT00000620",
        "https://clinicaltrials.gov/study/NCT00000620",
        "https://clinicaltrials.gov/study/NCT00000620?tab=results#more",
        "https://www.clinicaltrials.gov/ct2/show/NCT00000620",
        "classic.clinicaltrials.gov/ct2/show/results/../NCT00000620".replace("results/../", ""),
        "NCT\u200b00000620",
    ],
)
def test_nct(text):
    assert identifiers.nct(text) == "NCT00000620"


@pytest.mark.parametrize("text", ["NCT0000062", "NCT000006200", "00000620", "ISRCTN00000620", "NCT0000062O"])
def test_what_is_no_nct(text):
    with pytest.raises(ValueError, match="is not a ClinicalTrials.gov number"):
        identifiers.nct(text)


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


# recognise


@pytest.mark.parametrize(
    ("text", "scheme", "value"),
    [
        ("10.1056/NEJMoa2107038", "doi", "10.1056/nejmoa2107038"),
        ("doi:10.1056/NEJMoa2107038.", "doi", "10.1056/nejmoa2107038"),
        ("https://doi.org/10.1056/NEJMoa2107038?x=1", "doi", "10.1056/nejmoa2107038"),
        ("https%3A%2F%2Fdoi.org%2F10.1056%2FNEJMoa2107038", "doi", "10.1056/nejmoa2107038"),
        # addresses of publishers
        ("https://www.nejm.org/doi/full/10.1056/NEJMoa2107038", "doi", "10.1056/nejmoa2107038"),
        ("https://www.nejm.org/doi/pdf/10.1056/NEJMoa2107038?articleTools=true", "doi", "10.1056/nejmoa2107038"),
        (
            "https://onlinelibrary.wiley.com/doi/10.1002/14651858.CD001431.pub5/full",
            "doi",
            "10.1002/14651858.cd001431.pub5",
        ),
        (
            "https://www.cochranelibrary.com/cdsr/doi/10.1002/14651858.CD001431.pub5/full#0",
            "doi",
            "10.1002/14651858.cd001431.pub5",
        ),
        ("https://link.springer.com/article/10.1007/s00125-018-4729-5", "doi", "10.1007/s00125-018-4729-5"),
        ("https://link.springer.com/content/pdf/10.1007/s00125-018-4729-5.pdf", "doi", "10.1007/s00125-018-4729-5"),
        (
            "https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0213910",
            "doi",
            "10.1371/journal.pone.0213910",
        ),
        (
            "https://www.medrxiv.org/content/10.1101/2020.03.22.20040758.full.pdf+html",
            "doi",
            "10.1101/2020.03.22.20040758",
        ),
        ("https://www.tandfonline.com/doi/abs/10.1080/07853890.2021.1924394", "doi", "10.1080/07853890.2021.1924394"),
        ("https://www.nature.com/articles/s41591-021-01234-8", "doi", "10.1038/s41591-021-01234-8"),
        ("https://www.ahajournals.org/doi/epub/10.1161/CIR.0000000000001063", "doi", "10.1161/cir.0000000000001063"),
        # PubMed and what lies around it
        ("https://pubmed.ncbi.nlm.nih.gov/34449189/", "pmid", "34449189"),
        ("https://www.ncbi.nlm.nih.gov/pubmed/34449189?dopt=Abstract", "pmid", "34449189"),
        ("https://europepmc.org/article/MED/34449189", "pmid", "34449189"),
        ("https://europepmc.org/abstract/med/34449189", "pmid", "34449189"),
        ("https://europepmc.org/article/PMC/PMC3531190", "pmcid", "PMC3531190"),
        ("https://europepmc.org/articles/PMC3531190", "pmcid", "PMC3531190"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC3531190/pdf/x.pdf", "pmcid", "PMC3531190"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC3531190/", "pmcid", "PMC3531190"),
        ("PMCID: PMC3531190", "pmcid", "PMC3531190"),
        ("PMC 3531190", "pmcid", "PMC3531190"),
        ("PMID: 34449189;", "pmid", "34449189"),
        ("PMID 7", "pmid", "7"),
        ("34449189", "pmid", "34449189"),
        ("123456", "pmid", "123456"),
        # eight digits are a PMID even where they would do as an ISSN; with a hyphen they are an ISSN
        ("00284793", "pmid", "284793"),
        ("0028-4793", "issn", "0028-4793"),
        ("ISSN: 00284793", "issn", "0028-4793"),
        ("0306406152", "isbn", "9780306406157"),
        ("0-8044-2957-X", "isbn", "9780804429573"),
        ("978-0-306-40615-7", "isbn", "9780306406157"),
        ("ISBN-10: 0306406152", "isbn", "9780306406157"),
        ("0000-0002-1825-0097", "orcid", "0000-0002-1825-0097"),
        ("https://orcid.org/0000-0002-1825-0097", "orcid", "0000-0002-1825-0097"),
        ("nct00000620", "nct", "NCT00000620"),
        ("https://clinicaltrials.gov/study/NCT00000620", "nct", "NCT00000620"),
        ("ClinicalTrials.gov identifier: NCT00000620", "nct", "NCT00000620"),
    ],
)
def test_what_a_paste_is(text, scheme, value):
    assert identifiers.recognise(text) == (scheme, value)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        " . ",
        "12345",
        "123456789",
        "2021",
        "0306406153",
        "9780306406158",
        "0028-4794",
        "NCT123",
        "PMID",
        "doi:",
        "Empagliflozin in heart failure",
        "A trial of 34449189 people",
        "10.1056/a 10.1056/b",
        "34449189 34449190",
        "https://example.org/34449189",
        "https://www.nejm.org/toc/nejm/385/16",
        "https://europepmc.org/article/PPR/PPR123456",
        "https://example.org/?" + "10.1000/x" * 500,
    ],
)
def test_what_is_recognised_as_nothing(text):
    assert identifiers.recognise(text) is None


NORMAL = st.one_of(
    st.sampled_from(["10.1056/nejmoa2107038", "10.1016/s0140-6736(09)60172-0", "10.1002/14651858.cd001431.pub5"]),
    st.integers(100_000, 99_999_999).map(str),
    st.integers(1, 999_999_999).map("PMC{}".format),
    st.integers(0, 99_999_999).map("NCT{:08}".format),
    st.sampled_from(["9780306406157", "9798675309412", "0028-4793", "2434-561X", "0000-0002-1694-233X"]),
)
LABELS = {
    "doi": ["", "doi:", "DOI: ", "https://doi.org/", "https://example.org/doi/full/"],
    "pmid": ["", "PMID: ", "pmid:", "https://pubmed.ncbi.nlm.nih.gov/"],
    "pmcid": ["", "PMCID: ", "https://pmc.ncbi.nlm.nih.gov/articles/"],
    "isbn": ["", "ISBN ", "isbn: "],
    "issn": ["", "ISSN ", "eISSN: "],
    "nct": ["", "ClinicalTrials.gov identifier: ", "https://clinicaltrials.gov/study/"],
    "orcid": ["", "https://orcid.org/", "ORCID: "],
}


@given(data=st.data(), normal=NORMAL)
def test_an_identifier_is_recognised_whatever_stands_around_it(data, normal):
    found = identifiers.recognise(normal)
    assert found is not None
    assert found.value == normal
    text = data.draw(st.sampled_from(LABELS[found.scheme])) + normal
    before, after = data.draw(
        st.sampled_from(
            [("", ""), ("(", ")"), ("[", "]."), ("<", ">"), ("“", "”,"), ("'", "';"), ("• ", ""), ("«", "»")]
        )
    )
    space = data.draw(st.sampled_from(["", " ", "\n\t", "\u00a0", "\u200b", "\ufeff"]))
    at = data.draw(st.integers(0, len(text)))
    text = f"{space}{before}{text[:at]}\u200b{text[at:]}{after}{space}"
    assert identifiers.recognise(text) == found


@given(st.text() | st.text("10./-X978 doiPMCNT:()", max_size=30) | st.from_regex(r"[0-9X-]{6,20}"))
def test_what_is_recognised_is_recognised_again(text):
    found = identifiers.recognise(text)
    if found is not None:
        assert getattr(identifiers, found.scheme)(found.value) == found.value
        labelled = found.value if found.scheme != "pmid" else f"PMID: {found.value}"
        assert identifiers.recognise(labelled) == found
