"""Whatever a person pastes becomes a work, candidates, or one sentence that says why not."""

from __future__ import annotations

from typing import Any

import pytest

from references.identity.relations import (
    IDENTICAL_TO,
    NEWER_VERSION_OF,
    OLDER_VERSION_OF,
    PREPRINT_OF,
    PUBLISHED_FROM,
    VERSION_OF,
    Relative,
)
from references.lookup import service
from references.lookup.service import Asked, Candidates, Found, Unreadable, look_up, recognised
from references.models import Relation
from references.web.client import BadAnswer, NotFound, RateLimited, Unavailable
from tests.local_apis import LocalApis

DOI = "10.5555/alpha"


def found(text: str) -> Found:
    answer = look_up(text)
    assert isinstance(answer, Found)
    return answer


# -- What was pasted ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "scheme", "value"),
    [
        ("10.1056/NEJMoa2107038", "doi", "10.1056/nejmoa2107038"),
        (" doi: 10.1056/NEJMoa2107038. ", "doi", "10.1056/nejmoa2107038"),
        ("https://doi.org/10.1056%2FNEJMoa2107038", "doi", "10.1056/nejmoa2107038"),
        ("https://www.nejm.org/doi/full/10.1056/NEJMoa2107038?query=x", "doi", "10.1056/nejmoa2107038"),
        ("Anker SD. Empagliflozin. N Engl J Med. 2021;385:1451. doi:10.1056/NEJMoa2107038.", "doi",
         "10.1056/nejmoa2107038"),
        ("34449189", "pmid", "34449189"),
        ("PMID: 34449189", "pmid", "34449189"),
        ("https://pubmed.ncbi.nlm.nih.gov/34449189/", "pmid", "34449189"),
        ("PMC3531190", "pmcid", "PMC3531190"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC3531190/", "pmcid", "PMC3531190"),
        ("978-0-306-40615-7", "isbn", "9780306406157"),
        ("ISBN 0-306-40615-2", "isbn", "9780306406157"),
        ("NCT00000620", "nct", "NCT00000620"),
        ("https://clinicaltrials.gov/study/NCT00000620", "nct", "NCT00000620"),
        ("Empagliflozin in Heart Failure with a Preserved Ejection Fraction", "title",
         "Empagliflozin in Heart Failure with a Preserved Ejection Fraction"),
        ("2021 guideline on heart failure", "title", "2021 guideline on heart failure"),
        ("10 years of statins", "title", "10 years of statins"),
    ],
)  # fmt: skip
def test_recognises(text: str, scheme: str, value: str):
    assert recognised(text) == Asked(scheme, value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Paste a DOI, PMID, PMCID, ISBN or title."),
        (" \u200b \n", "Paste a DOI"),
        ("978-0-306-40615-8", "last digit does not agree"),
        ("PMID 1234567890", "is not a PMID"),
        ("NCT123", "is not a ClinicalTrials.gov number"),
        ("doi:10.1/x", "is not a DOI"),
        ("ab", "too short"),
        ("https://www.example.org/article/7", "No DOI, PMID or PMCID stands in this address"),
        ("x" * 5000, "too long to look up"),
    ],
)
def test_says_why_not(text: str, sentence: str):
    with pytest.raises(Unreadable, match=sentence):
        recognised(text)


# -- By DOI -------------------------------------------------------------------------------------------------------


def test_a_doi_at_crossref(apis: LocalApis):
    apis.set(
        DOI,
        title=["Effect of <i>alpha</i> on CO<sub>2</sub>"],
        subtitle=["The ALPHA trial"],
        author=[
            {"given": "Ann B.", "family": "Alpha", "suffix": "Jr", "sequence": "first", "affiliation": []},
            {"name": "ALPHA Investigators", "sequence": "additional", "affiliation": []},
        ],
        abstract="<jats:p>It <jats:italic>works</jats:italic>.</jats:p>",
        clinical_trial_number=[{"clinical-trial-number": "nct00000620", "registry": "10.18810/clinical-trials-gov"}],
    )
    answer = found("https://doi.org/10.5555/ALPHA")
    work = answer.work
    assert answer.source == "Crossref"
    assert answer.notes == ()
    assert (work.type, work.kind, work.status) == ("article-journal", "other", "current")
    assert work.title == "Effect of alpha on CO2: The ALPHA trial"
    assert work.authors == [
        {"family": "Alpha", "given": "Ann B.", "suffix": "Jr"},
        {"literal": "ALPHA Investigators"},
    ]
    assert (work.container, work.container_short) == ("Journal of Tests", "J Tests")
    assert (work.year, work.month, work.day) == (2021, 5, 31)
    assert (work.volume, work.issue, work.pages, work.number) == ("12", "3", "101-110", "")
    assert (work.doi, work.issn, work.nct) == (DOI, "2049-3630", "NCT00000620")
    assert work.abstract == "It works."
    assert (work.key, work.url, work.publisher) == ("", "", "")


def test_a_doi_gets_its_pmid_and_kind_from_pubmed(apis: LocalApis):
    apis.set(DOI, volume="", issue="", page="")
    apis.set_pubmed("123", doi=DOI, pmcid="PMC77", VI="9", IP="8", PG="7-11", TI="Another title.")
    answer = found(DOI)
    assert answer.source == "Crossref and PubMed"
    assert (answer.work.pmid, answer.work.pmcid) == ("123", "PMC77")
    assert answer.work.kind == "randomised-trial"
    # What Crossref says stands, PubMed fills what it leaves empty.
    assert answer.work.title == "A trial of tests"
    assert (answer.work.volume, answer.work.issue, answer.work.pages) == ("9", "8", "7-11")


def test_a_doi_gets_no_pmid_of_another_doi(apis: LocalApis):
    apis.set(DOI)
    apis.set_pubmed("123", LID="10.5555/other [doi]", AID=["10.5555/other [doi]", f"{DOI} [pii]"])
    assert found(DOI).work.pmid is None


def test_a_doi_without_pubmed_says_so(apis: LocalApis):
    apis.set(DOI)
    apis.behave("refusing", service="pubmed")
    answer = found(DOI)
    assert answer.work.title == "A trial of tests"
    assert answer.notes == ("PubMed could not be asked for the PMID: PubMed does not take this question (400).",)


def test_pubmed_steps_in_for_crossref(apis: LocalApis):
    apis.set_pubmed("123", doi=DOI)
    apis.behave("failing", service="crossref")
    answer = found(DOI)
    assert answer.source == "PubMed"
    assert answer.work.pmid == "123"
    assert answer.notes == ("Crossref is in trouble just now (500).",)


@pytest.mark.parametrize(
    ("mode", "error", "sentence"),
    [
        ("failing", Unavailable, "Crossref is in trouble just now"),
        ("broken", BadAnswer, "not JSON"),
        ("truncated", Unavailable, "broke off"),
        ("reset", Unavailable, "broke off"),
        ("limited", RateLimited, "asked too often"),
        ("huge", BadAnswer, "larger than 5 MB"),
    ],
)
def test_what_went_wrong_is_said(apis: LocalApis, mode: str, error: type[Exception], sentence: str):
    apis.set(DOI)
    apis.behave(mode, seconds=60)
    with pytest.raises(error, match=sentence):
        look_up(DOI)


def test_switched_off(apis: LocalApis, settings: Any):
    settings.LOOKUP_ENABLED = False
    with pytest.raises(Unavailable, match="switched off"):
        look_up(DOI)


def test_another_work_than_asked_is_no_answer(apis: LocalApis):
    apis.set(DOI)
    apis.works[DOI]["DOI"] = "10.5555/other"
    with pytest.raises(BadAnswer, match="another work"):
        look_up(DOI)


def test_a_doi_of_datacite(apis: LocalApis):
    apis.set_datacite("10.5555/data", version="1.2")
    answer = found("10.5555/data")
    work = answer.work
    assert answer.source == "DataCite"
    assert (work.type, work.title, work.publisher, work.version) == (
        "dataset", "Data of a trial of tests", "Test Archive", "1.2",
    )  # fmt: skip
    assert work.authors == [{"family": "Gamma", "given": "Gesine"}, {"literal": "Tests Collaboration"}]
    assert (work.year, work.month, work.day) == (2022, 2, 3)
    assert work.abstract == "All measurements."


def test_a_preprint_of_datacite_stands_on_its_server(apis: LocalApis):
    apis.set_datacite(
        "10.48550/arxiv.2401.12345",
        types={"resourceTypeGeneral": "Preprint", "resourceType": "Article"},
        publisher={"name": "arXiv"},
        publicationYear="2024",
        dates=[{"date": "2023-01-22T20:20:48Z", "dateType": "Issued"}, {"date": "2024", "dateType": "Issued"}],
        relatedIdentifiers=[
            {"relationType": "IsVersionOf", "relatedIdentifier": "10.5555/Journal", "relatedIdentifierType": "DOI"},
            {"relationType": "IsNewVersionOf", "relatedIdentifier": "10.5555/old", "relatedIdentifierType": "DOI"},
            {"relationType": "IsPreviousVersionOf", "relatedIdentifier": "10.5555/new", "relatedIdentifierType": "DOI"},
            {"relationType": "Cites", "relatedIdentifier": "10.5555/cited", "relatedIdentifierType": "DOI"},
            {"relationType": "IsVersionOf", "relatedIdentifier": "https://x.example", "relatedIdentifierType": "URL"},
            {"relationType": "IsVersionOf", "relatedIdentifier": "nonsense", "relatedIdentifierType": "DOI"},
        ],
    )
    answer = found("arXiv preprint 10.48550/arXiv.2401.12345")
    assert (answer.work.type, answer.work.container, answer.work.publisher) == ("article", "arXiv", "")
    # A day that does not agree with the year of publication is left out.
    assert (answer.work.year, answer.work.month) == (2024, None)
    assert answer.relatives == (
        Relative(VERSION_OF, "10.5555/journal"),
        Relative(NEWER_VERSION_OF, "10.5555/old"),
        Relative(OLDER_VERSION_OF, "10.5555/new"),
    )


def test_a_doi_that_nobody_has(apis: LocalApis):
    with pytest.raises(NotFound, match="Neither Crossref nor DataCite has “10.5555/none”"):
        look_up("10.5555/none")


def test_a_retracted_work_is_said_to_be(apis: LocalApis):
    apis.set(DOI)
    apis.retract(DOI, "10.5555/notice")
    assert found(DOI).notes == ("Crossref knows of a notice against this work (retraction): 10.5555/notice.",)
    assert found(DOI).work.status == "current"


def test_a_preprint_names_what_was_published(apis: LocalApis):
    apis.set(
        "10.1101/2020.01.01.20000001",
        type="posted-content",
        subtype="preprint",
        container_title=[],
        short_container_title=[],
        institution=[{"name": "medRxiv"}],
        publisher="Cold Spring Harbor Laboratory",
        group_title="Cardiology",
        published_print=None,
        published=None,
        issued={"date-parts": [[2020, 1, 3]]},
        posted={"date-parts": [[2020, 1, 2]]},
        relation={"is-preprint-of": [{"id-type": "doi", "id": DOI.upper(), "asserted-by": "subject"},
                                     {"id-type": "doi", "id": DOI, "asserted-by": "object"}],
                  "has-review": [{"id-type": "doi", "id": "10.5555/review"}],
                  "is-version-of": [{"id-type": "uri", "id": "https://example.org"}]},
    )  # fmt: skip
    answer = found("10.1101/2020.01.01.20000001")
    assert (answer.work.type, answer.work.container) == ("article", "medRxiv")
    assert answer.relatives == (Relative(PREPRINT_OF, DOI),)
    assert answer.relatives[0].sentence == f"Published as {DOI}."


@pytest.mark.parametrize(
    ("own", "relation", "other", "kind"),
    [
        ("Preprint", "IsVersionOf", "JournalArticle", PREPRINT_OF),
        ("Preprint", "IsVersionOf", "Preprint", VERSION_OF),
        ("Preprint", "IsVersionOf", "", VERSION_OF),
        ("JournalArticle", "HasVersion", "Preprint", PUBLISHED_FROM),
        ("Dataset", "IsVersionOf", "Dataset", VERSION_OF),
        ("Preprint", "IsPreviousVersionOf", "JournalArticle", OLDER_VERSION_OF),
        ("Software", "IsNewVersionOf", "", NEWER_VERSION_OF),
        ("Dataset", "IsIdenticalTo", "Dataset", IDENTICAL_TO),
        ("JournalArticle", "HasPreprint", "", PUBLISHED_FROM),
    ],
)  # fmt: skip
def test_datacites_relations_by_the_types_of_both(
    apis: LocalApis, own: str, relation: str, other: str, kind: Relation.Kind
):
    told = {"relationType": relation, "relatedIdentifier": "https://doi.org/10.5555/OTHER"}
    told |= {"relatedIdentifierType": "DOI", "resourceTypeGeneral": other}
    apis.set_datacite("10.5555/data", types={"resourceTypeGeneral": own}, relatedIdentifiers=[told, told])
    answer = found("10.5555/data")
    assert (answer.relatives, answer.register) == ((Relative(kind, "10.5555/other"),), "datacite")


# -- By PMID and PMCID --------------------------------------------------------------------------------------------


def test_a_pmid_at_pubmed(apis: LocalApis):
    apis.set_pubmed("123", doi=DOI, pmcid="PMC77")
    apis.set(DOI)
    answer = found("PMID: 0123")
    assert answer.source == "PubMed and Crossref"
    assert (answer.work.pmid, answer.work.pmcid, answer.work.doi) == ("123", "PMC77", DOI)
    assert answer.work.title == "A trial of tests"
    assert answer.work.kind == "randomised-trial"
    assert answer.relatives == ()


def test_a_pmid_names_the_preprint(apis: LocalApis):
    apis.set_pubmed("123", doi=DOI)
    apis.set(DOI, relation={"has-preprint": [{"id-type": "doi", "id": "10.1101/2020.1", "asserted-by": "object"}]})
    assert [each.sentence for each in found("123").relatives] == ["First posted as the preprint 10.1101/2020.1."]


def test_a_pmid_without_crossref_says_so(apis: LocalApis):
    apis.set_pubmed("123", doi=DOI)
    apis.behave("refusing", service="crossref")
    answer = found("123")
    assert answer.source == "PubMed"
    assert "Crossref could not be asked for other versions" in answer.notes[0]


def test_a_pmid_that_pubmed_does_not_have(apis: LocalApis):
    with pytest.raises(NotFound, match="PubMed has no work with the PMID 999"):
        look_up("999")


def test_a_pmcid_by_its_pmid(apis: LocalApis):
    apis.set_pubmed("123", pmcid="PMC77")
    assert (found("PMC77").work.pmid, found("PMC77").work.pmcid) == ("123", "PMC77")


def test_a_pmcid_by_its_doi_where_pubmed_has_none(apis: LocalApis):
    apis.set_pmc("PMC78", doi=DOI)
    apis.set(DOI)
    answer = found("https://pmc.ncbi.nlm.nih.gov/articles/PMC78/")
    assert (answer.work.doi, answer.work.pmcid, answer.work.pmid) == (DOI, "PMC78", None)


def test_a_pmcid_that_is_not_there_or_leads_nowhere(apis: LocalApis):
    with pytest.raises(NotFound, match="PubMed Central has no article with the number PMC79"):
        look_up("PMC79")
    apis.set_pmc("PMC80")
    with pytest.raises(NotFound, match="names neither a PMID nor a DOI for PMC80"):
        look_up("PMC80")


# -- By ISBN, trial number and title ------------------------------------------------------------------------------


def test_an_isbn_at_crossref(apis: LocalApis):
    apis.set(
        "10.5555/book", type="monograph", title=["Tests"], container_title=["Test Series"], volume="", issue="",
        page="", edition_number="2", publisher_location="London", ISSN=[],
        editor=[{"family": "Beta", "given": "B", "sequence": "first"}], author=[],
        ISBN=["http://id.crossref.org/isbn/9781234567897", "9780306406157"],
        isbn_type=[{"type": "electronic", "value": "9781234567897"}, {"type": "print", "value": "9780306406157"}],
    )  # fmt: skip
    apis.set("10.5555/book.1", type="book-chapter", ISBN=["9780306406157"])
    work = found("0-306-40615-2").work
    assert (work.type, work.kind, work.isbn, work.issn) == ("book", "book", "9780306406157", None)
    assert (work.series, work.edition, work.publisher, work.place) == ("Test Series", "2", "House of Tests", "London")
    assert work.editors == [{"family": "Beta", "given": "B"}]
    assert work.container == ""
    # The binding that was asked for, not the first that the record names.
    assert found("978-1-234-56789-7").work.isbn == "9781234567897"


def test_a_chapter_of_a_book_in_a_series(apis: LocalApis):
    apis.set(
        "10.5555/book.1", type="book-chapter", title=["A chapter"], container_title=["The Series", "The Book"],
        ISBN=["9780306406157"], volume="", issue="",
    )  # fmt: skip
    work = found("10.5555/book.1").work
    assert (work.type, work.series, work.container, work.isbn) == ("chapter", "The Series", "The Book", "9780306406157")


def test_an_isbn_that_crossref_does_not_have(apis: LocalApis):
    with pytest.raises(NotFound, match="Crossref has no book with the ISBN 9780306406157"):
        look_up("0306406152")


def test_a_trial_number_fills_only_what_it_says(apis: LocalApis):
    answer = found("NCT00000620")
    assert apis.seen == []
    assert answer.source == ""
    assert answer.work.kind == "trial-registration"
    assert answer.work.nct == "NCT00000620"
    assert answer.work.url == "https://clinicaltrials.gov/study/NCT00000620"
    assert (answer.work.title, answer.work.authors, answer.work.year) == ("", [], None)
    assert answer.notes[0].startswith("Neither Crossref, PubMed nor DataCite keeps trial registrations")


def test_a_title_gives_candidates(apis: LocalApis):
    apis.set("10.5555/1", title=["Empagliflozin in heart failure"])
    apis.set("10.5555/2", title=["Empagliflozin in kidney disease"])
    apis.set("10.5555/3", title=["Something else"])
    answer = look_up("empagliflozin in heart failure")
    assert isinstance(answer, Candidates)
    assert [work.doi for work in answer.works] == ["10.5555/1", "10.5555/2"]
    assert apis.asked("crossref")[0].query["rows"] == "5"
    with pytest.raises(NotFound, match="Crossref has no work with a title like this"):
        look_up("quite different words")


# -- What a register sends is not to be trusted -------------------------------------------------------------------


def test_what_is_not_sound_is_left_out_and_named(apis: LocalApis):
    apis.set(DOI, ISSN=["1234-0000"], issued={"date-parts": [[2021, 13, 1]]}, published_print=None, published=None)
    answer = found(DOI)
    assert answer.work.issn is None
    assert answer.work.month is None
    assert any("is not an ISSN" in note for note in answer.notes)
    assert any("The month" in note for note in answer.notes)


@pytest.mark.parametrize(
    "message",
    [
        {"title": "not a list", "author": "nobody", "issued": "2021", "ISSN": 5, "relation": [], "abstract": ["x"]},
        {"title": [None, 7, ""], "author": [None, "x", {"family": 5}, {}], "issued": {"date-parts": [[None]]}},
        {"author": [{"name": "A", "family": None}], "issued": {"date-parts": []}, "update-to": {}, "updated-by": "x"},
        {"type": None, "container-title": {}, "ISBN": [["x"]], "isbn-type": 3, "institution": [None]},
        {"page": {"a": 1}, "volume": 7, "clinical-trial-number": [5, {"clinical-trial-number": 7}]},
        {"issued": {"date-parts": [["2021", 5]]}, "published-print": {"date-parts": [[True]]}, "published": None},
    ],
)  # fmt: skip
def test_odd_messages_break_nothing(apis: LocalApis, message: dict[str, Any]):
    apis.set(DOI)
    apis.works[DOI] |= message
    assert found(DOI).work.doi == DOI


@pytest.mark.parametrize("body", [[], {}, {"message": None}, {"message": []}, {"message": {}}, "x", 5, None])
def test_answers_of_another_form_are_no_answers(apis: LocalApis, body: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(service.client.Answer, "json", lambda self: body)
    for text in (DOI, "PMC77", "a title of a work", "0306406152"):
        with pytest.raises((BadAnswer, NotFound)):
            look_up(text)


def test_dates_are_cited_by_the_printed_issue_first(apis: LocalApis):
    apis.set(
        DOI,
        published_online={"date-parts": [[2020, 12, 1]]},
        published_print={"date-parts": [[2021, 2]]},
        issued={"date-parts": [[2020, 12, 1]]},
    )
    assert (found(DOI).work.year, found(DOI).work.month, found(DOI).work.day) == (2021, 2, None)


def test_an_article_number_stands_where_there_are_no_pages(apis: LocalApis):
    apis.set(DOI, page=None, article_number="e0123")
    assert (found(DOI).work.pages, found(DOI).work.number) == ("", "e0123")
