"""What Crossref says against a work, asked of a local server that answers as Crossref does."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from references.models import Event
from references.watching.answers import kind_of
from references.watching.crossref import ask
from tests.local_apis import LocalApis

BAD = ["broken", "truncated", "limited", "failing", "unavailable", "refusing", "reset", "private"]
ALPHA, NOTICE = "10.5555/alpha", "10.5555/notice"

TYPES = {
    "retraction": "retraction",
    "withdrawal": "retraction",
    "removal": "retraction",
    "partial_retraction": "retraction",
    "Partial retraction": "retraction",
    "retract_and_replace": "retraction",
    "expression_of_concern": "concern",
    "Expression of concern": "concern",
    "temporary_removal": "concern",
    "correction": "correction",
    "corrigendum": "correction",
    "erratum": "correction",
    "addendum": "correction",
    "clarification": "correction",
    "new_version": "new-version",
    "new_edition": "new-version",
    "major_revision": "new-version",
    "something_new": "correction",
    "article_retracted_by_editor": "retraction",
    "publisher_concern": "concern",
    "third_version": "new-version",
    "reinstatement": None,
}


@pytest.mark.parametrize(("word", "kind"), TYPES.items())
def test_every_type_of_update_has_its_kind(word, kind):
    assert kind_of(word) == kind


def test_an_unknown_type_is_logged(caplog):
    kind_of("something_new")
    kind_of("retraction")
    assert [record.getMessage() for record in caplog.records] == [
        "An update of an unknown type, 'something_new', is read as a correction."
    ]


@pytest.fixture
def work(apis: LocalApis) -> str:
    apis.set(ALPHA)
    return ALPHA


def test_a_work_without_updates_is_clear(apis, work):
    told = ask([work])
    assert (told.outcome, told.news, told.others) == ("clear", (), ())
    assert [seen.query.get("filter") for seen in apis.asked("crossref")] == [None, f"updates:{ALPHA}"]


@pytest.mark.parametrize("kind", ["retraction", "expression_of_concern", "erratum", "new_version"])
def test_a_notice_that_names_the_work_flags_it(apis, work, kind):
    apis.retract(ALPHA, NOTICE, kind)
    told = ask([work])
    assert told.outcome == "flagged"
    assert [(news.kind, news.notice, news.dated) for news in told.news] == [
        (kind_of(kind), f"doi:{NOTICE}", datetime.date(2024, 3, 5))
    ]
    assert told.detail == f"{kind_of(kind).label} (doi:{NOTICE})"


@pytest.mark.parametrize("part", ["work", "notices"])
def test_either_of_the_two_answers_is_enough(apis, work, part):
    apis.retract(ALPHA, NOTICE)
    if part == "notices":
        del apis.works[ALPHA]["updated-by"]
    else:
        del apis.works[NOTICE]["update-to"]
    assert [news.kind for news in ask([work]).news] == ["retraction"]


def test_a_notice_is_not_retracted_itself_but_speaks_against_another(apis, work):
    apis.retract(ALPHA, NOTICE)
    told = ask([NOTICE])
    assert (told.outcome, told.news) == ("clear", ())
    about = told.others[0]
    assert (about.scheme, about.value, about.news.kind, about.news.notice) == (
        "doi",
        ALPHA,
        Event.Kind.RETRACTION,
        f"doi:{NOTICE}",
    )


def test_a_work_that_was_retracted_in_its_own_place_is_flagged(apis, work):
    apis.retract(ALPHA, ALPHA)
    told = ask([work])
    assert (told.outcome, told.others) == ("flagged", ())
    assert {news.notice for news in told.news} == {f"doi:{ALPHA}"}


@pytest.mark.parametrize(
    "title", ["RETRACTED: A trial", "RETRACTED ARTICLE: A trial", "Retracted: A trial", "WITHDRAWN: A"]
)
def test_a_title_that_says_so_is_enough(apis, title):
    apis.set(ALPHA, title=[title])
    assert [news.kind for news in ask([ALPHA]).news] == ["retraction"]


@pytest.mark.parametrize(
    "title", ["Retracted papers: a study", "Why trials are retracted: a review", "Retraction of a trial"]
)
def test_a_title_about_retractions_is_not(apis, title):
    apis.set(ALPHA, title=[title])
    assert ask([ALPHA]).outcome == "clear"


def test_every_doi_of_the_work_is_asked_about(apis, work):
    apis.set("10.5555/old")
    apis.retract("10.5555/old", NOTICE)
    told = ask([work, "10.5555/old"])
    assert (told.outcome, [news.notice for news in told.news]) == ("flagged", [f"doi:{NOTICE}"])


def test_a_doi_that_leads_to_another_record_is_asked_by_both(apis):
    apis.works["10.5555/old"] = apis.set("10.5555/new")
    apis.retract("10.5555/new", NOTICE)
    del apis.works["10.5555/new"]["updated-by"]
    assert ask(["10.5555/old"]).outcome == "flagged"


def test_many_notices_are_all_read(apis, work):
    for number in range(250):
        apis.retract(ALPHA, f"10.5555/notice{number}", "correction")
    del apis.works[ALPHA]["updated-by"]
    assert len(ask([work]).news) == 250


def test_a_doi_that_crossref_does_not_know_could_not_be_checked(apis):
    told = ask(["10.5281/zenodo.1"])
    assert (told.outcome, told.detail, told.may_pass) == ("failed", "Crossref does not know this DOI.", False)


def test_an_old_doi_that_crossref_does_not_know_is_no_hindrance(apis, work):
    assert ask([work, "10.5281/zenodo.1"]).outcome == "clear"


@pytest.mark.parametrize(
    "mode", ["broken", "truncated", "limited", "failing", "unavailable", "refusing", "reset", "private"]
)
@pytest.mark.parametrize("good_answers", [0, 1])
def test_a_failed_call_is_never_clear(apis, work, mode, good_answers, monkeypatch):
    monkeypatch.setattr("references.web.client.ATTEMPTS", 1)
    monkeypatch.setattr(apis, "behaviour", _after(good_answers, apis.behaviour))
    apis.behave(mode, "crossref", seconds=60)
    told = ask([work])
    assert told.outcome == "failed"
    assert told.detail.endswith(".")


def test_a_slow_answer_is_never_clear(apis, work, monkeypatch):
    monkeypatch.setattr("references.web.client.TOTAL_SECONDS", 0.2)
    apis.behave("slow", "crossref", seconds=0.5)
    assert ask([work]).outcome == "failed"


@pytest.mark.parametrize(
    "message",
    [
        [],
        {},
        {"DOI": 7},
        {"DOI": "no DOI"},
        {"DOI": ALPHA, "updated-by": "yes"},
        {"DOI": ALPHA, "update-to": ["10.5555/x"]},
    ],
)
def test_an_answer_of_another_form_is_never_clear(apis, message):
    apis.works[ALPHA] = message
    assert ask([ALPHA]).outcome == "failed"


def test_what_was_seen_before_a_failure_is_told(apis, work, monkeypatch):
    apis.retract(ALPHA, NOTICE)
    monkeypatch.setattr("references.web.client.ATTEMPTS", 1)
    monkeypatch.setattr(apis, "behaviour", _after(1, apis.behaviour))
    apis.behave("failing", "crossref")
    told = ask([work])
    assert (told.outcome, [news.kind for news in told.news]) == ("failed", ["retraction"])


def _after(good: int, behaviour: Any) -> Any:
    left = [good]

    def of(service: str) -> Any:
        left[0] -= 1
        return None if left[0] >= 0 else behaviour(service)

    return of
