"""What PubMed says against works, asked of a local server that answers as the E-utilities do."""

from __future__ import annotations

import datetime

import pytest

from references.watching.answers import Told
from references.watching.pubmed import ask, together
from references.web import client
from tests.local_apis import LocalApis

LINE = "N Engl J Med. 2020 Jun 25;382(26):2582. doi: 10.1056/NEJMc2021225. PMID: 32501664"

AT_THE_WORK = {
    "RIN": "retraction",
    "PRIN": "retraction",
    "RRI": "retraction",
    "ECI": "concern",
    "EIN": "correction",
    "CRI": "correction",
    "UIN": "new-version",
}
AT_THE_NOTICE = {
    "ROF": "retraction",
    "PROF": "retraction",
    "RRF": "retraction",
    "ECF": "concern",
    "EFR": "correction",
    "CRF": "correction",
    "UOF": "new-version",
}


def told_of(apis: LocalApis, **fields: str | list[str]) -> Told:
    apis.set_pubmed("11", **fields)
    return ask(["11"])["11"]


def test_a_plain_record_is_clear(apis):
    assert told_of(apis, CIN=[LINE], PT=["Journal Article", "Comment"]) == Told("clear")


@pytest.mark.parametrize(("tag", "kind"), AT_THE_WORK.items())
def test_a_line_at_the_work_flags_it(apis, tag, kind):
    told = told_of(apis, **{tag: [LINE]})
    assert (told.outcome, told.others) == ("flagged", ())
    news = told.news[0]
    assert (news.kind, news.notice, news.dated) == (kind, "pmid:32501664", datetime.date(2020, 6, 25))
    assert news.text.endswith(LINE)


@pytest.mark.parametrize(("tag", "kind"), AT_THE_NOTICE.items())
def test_a_line_at_a_notice_speaks_against_another(apis, tag, kind):
    types = ["Retraction of Publication", "Expression of Concern", "Published Erratum"]
    told = told_of(apis, PT=types, ECF=[], **{tag: [LINE]}) if tag != "ECF" else told_of(apis, PT=types, ECF=[LINE])
    about = told.others[0]
    assert (about.scheme, about.value, about.news.kind, about.news.notice) == ("pmid", "32501664", kind, "pmid:11")
    if tag == "ECF":
        assert (told.outcome, told.news) == ("clear", ())


@pytest.mark.parametrize(
    ("types", "kinds"),
    [
        (["Journal Article", "Retracted Publication"], ["retraction"]),
        (["Journal Article", "Expression of Concern"], ["concern"]),
        (["Retraction of Publication"], []),
        (["Published Erratum"], []),
        (["Corrected and Republished Article"], []),
        (["Journal Article", "Research Support, Non-U.S. Gov't"], []),
    ],
)
def test_publication_types_of_themselves(apis, types, kinds):
    assert [news.kind for news in told_of(apis, PT=types).news] == kinds


def test_type_and_line_are_one_piece_of_news(apis):
    told = told_of(apis, PT=["Journal Article", "Retracted Publication"], RIN=[LINE])
    assert [(news.kind, news.notice) for news in told.news] == [("retraction", "pmid:32501664")]


@pytest.mark.parametrize(
    ("line", "notice"),
    [
        ("Lancet. 2020 Jun;395. doi: 10.1016/S0140-6736(20)31324-6.", "doi:10.1016/s0140-6736(20)31324-6"),
        ("Some journal. 1999", "Some journal. 1999"),
        ("Lancet. doi: 10.", "Lancet. doi: 10."),
    ],
)
def test_a_notice_without_a_pmid(apis, line, notice):
    assert told_of(apis, RIN=[line]).news[0].notice == notice


def test_a_pmid_that_is_missing_could_not_be_checked(apis):
    apis.set_pubmed("11")
    apis.set_pubmed("13", PT=["Retracted Publication"])
    told = ask(["11", "12", "13"])
    assert {pmid: each.outcome for pmid, each in told.items()} == {"11": "clear", "12": "failed", "13": "flagged"}
    assert len(apis.asked("pubmed")) == 1


def test_a_record_that_breaks_off_could_not_be_checked(apis):
    assert told_of(apis, SO=[]).outcome == "failed"


@pytest.mark.parametrize("mode", ["truncated", "limited", "failing", "unavailable", "refusing", "reset"])
def test_a_failed_call_is_an_error(apis, mode, monkeypatch):
    monkeypatch.setattr("references.web.client.ATTEMPTS", 1)
    apis.set_pubmed("11")
    apis.behave(mode, "pubmed", seconds=60)
    with pytest.raises(client.WebError):
        ask(["11"])


def test_text_of_another_kind_could_not_be_checked(apis):
    apis.set_pubmed("11")
    apis.behave("broken", "pubmed")
    assert ask(["11"])["11"].outcome == "failed"


@pytest.mark.parametrize(
    ("own", "other", "whole"),
    [
        ("clear", "clear", "clear"),
        ("clear", "failed", "clear"),
        ("failed", "clear", "failed"),
        ("failed", "flagged", "failed"),
        ("clear", "flagged", "flagged"),
    ],
)
def test_a_work_with_two_numbers(apis, own, other, whole):
    for pmid, outcome in (("11", own), ("12", other)):
        if outcome != "failed":
            apis.set_pubmed(pmid, PT=["Retracted Publication"] if outcome == "flagged" else ["Journal Article"])
    told = ask(["11", "12"])
    found = together([told["11"], told["12"]])
    assert found.outcome == whole
    assert bool(found.news) == (other == "flagged")
