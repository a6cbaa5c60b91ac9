"""Looking a work up again: what differs field by field, what is taken, and that a failure changes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from reversion.models import Version

from desk.library import lookup
from people.models import User
from references import library
from references.models import Reference, Relation
from references.web import client, pace
from tests.local_apis import LocalApis
from tests.references.conftest import apis  # noqa: F401 - a fixture

Browser = Callable[[User], Client]
DOI, PMID = "10.5555/again", "4711"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "turn", lambda *args: 0.0)
    monkeypatch.setattr(client.random, "uniform", lambda low, high: 0.0)
    monkeypatch.setattr(client.time, "sleep", lambda seconds: None)


@pytest.fixture
def work(author: User) -> Reference:
    """A work that says less than the services know, and one thing otherwise."""
    row = Reference(
        key="again",
        title="A trial of test",
        authors=[{"family": "Alpha", "given": "Ann B."}, {"family": "Beta", "given": "Berta"}],
        container="Journal of Tests",
        year=2021,
        month=4,
        kind="cohort",
        doi=DOI,
    )
    return library.save_reference(row, by=author, comment="By hand")


@pytest.fixture
def at_desk(browser: Browser, author: User, apis: LocalApis, work: Reference) -> Client:  # noqa: F811
    """The author's browser, with the services knowing the work."""
    apis.set(DOI)
    return browser(author)


def url(work: Reference) -> str:
    return reverse("desk:reference_look_up", args=[work.pk])


def form_of(answer: Any) -> dict[str, Any]:
    """The form of the page as a browser would send it: what is hidden, and the fields that are ticked."""
    page = answer.content.decode()
    hidden = {name: unescape(re.search(rf'name="{name}" value="([^"]*)"', page)[1]) for name in ("offer", "base")}  # type: ignore[index]
    return hidden | {"do": "take", "take": re.findall(r'name="take" value="(\w+)" checked', page)}


def differing(answer: Any) -> dict[str, tuple[str, str, bool]]:
    return {line.name: (line.ours, line.theirs, line.is_chosen) for line in answer.context["lines"]}


def test_the_works_page_offers_it_to_who_may_write(
    browser: Browser, author: User, member: User, work: Reference
) -> None:
    there = reverse("desk:reference", args=[work.pk])
    assert url(work) in browser(author).get(there).content.decode()
    assert url(work) not in browser(member).get(there).content.decode()


def test_before_asking_it_says_what_is_asked(at_desk: Client, work: Reference, apis: LocalApis) -> None:  # noqa: F811
    page = at_desk.get(url(work)).content.decode()
    assert DOI in page
    assert apis.seen == []


def test_shows_what_differs_and_ticks_what_is_empty_here(
    at_desk: Client, work: Reference, apis: LocalApis  # noqa: F811
) -> None:  # fmt: skip
    apis.set_pubmed(PMID, doi=DOI)
    answer = at_desk.post(url(work), {"do": "ask"})
    assert answer.status_code == 200
    assert answer.context["offer"].source == "Crossref and PubMed"
    shown = differing(answer)
    assert shown["title"] == ("A trial of test", "A trial of tests", False)
    assert shown["date"] == ("2021-04", "2021-05-31", False)
    assert shown["kind"] == ("cohort", "randomised trial", False)
    assert shown["volume"] == ("", "12", True)
    assert shown["pmid"] == ("", PMID, True)
    assert "authors" not in shown
    assert "container" not in shown
    assert "<mark>" in answer.content.decode()
    work.refresh_from_db()
    assert (work.title, work.volume) == ("A trial of test", "")


def test_takes_single_fields_as_a_version(at_desk: Client, work: Reference, author: User) -> None:
    form = form_of(at_desk.post(url(work), {"do": "ask"}))
    answer = at_desk.post(url(work), form | {"take": ["title", "date"]})
    assert answer.status_code == 302
    work.refresh_from_db()
    assert (work.title, work.year, work.month, work.day) == ("A trial of tests", 2021, 5, 31)
    assert (work.volume, work.kind) == ("", "cohort")
    version = Version.objects.get_for_object(work).first()
    assert version is not None
    assert (version.revision.user, version.revision.comment) == (author, "Looked up again, from Crossref: title, date")


def test_it_asks_anew_whatever_was_kept(at_desk: Client, work: Reference, apis: LocalApis) -> None:  # noqa: F811
    at_desk.post(url(work), {"do": "ask"})
    apis.set(DOI, volume="13")
    assert differing(at_desk.post(url(work), {"do": "ask"}))["volume"] == ("", "13", True)


def test_both_identifiers_are_asked_for(
    at_desk: Client, work: Reference, author: User, apis: LocalApis  # noqa: F811
) -> None:  # fmt: skip
    work.pmid = PMID
    library.save_reference(work, by=author)
    apis.set_pubmed(PMID, doi=DOI, pmcid="PMC5")
    shown = differing(at_desk.post(url(work), {"do": "ask"}))
    assert shown["pmcid"] == ("", "PMC5", True)
    assert [each.path.rpartition("/")[2] for each in apis.asked("pubmed")] == ["efetch.fcgi"]
    # One of them away: the other is told, with a note.
    apis.behave("failing", "crossref")
    answer = at_desk.post(url(work), {"do": "ask"})
    assert answer.context["offer"].source == "PubMed"
    assert "Crossref is in trouble just now" in answer.content.decode()


def test_a_pmid_of_another_work_is_named_and_not_mixed_in(
    at_desk: Client, work: Reference, author: User, apis: LocalApis  # noqa: F811
) -> None:  # fmt: skip
    work.pmid = PMID
    library.save_reference(work, by=author)
    apis.set_pubmed(PMID, doi="10.5555/other", pmcid="PMC5")
    answer = at_desk.post(url(work), {"do": "ask"})
    assert "is of another DOI, 10.5555/other" in answer.content.decode()
    assert "pmcid" not in differing(answer)


def test_nothing_that_differs(at_desk: Client, work: Reference, author: User) -> None:
    form = form_of(at_desk.post(url(work), {"do": "ask"}))
    everything = ["title", "date", "kind", "container_short", "volume", "issue", "pages", "issn", "type"]
    at_desk.post(url(work), form | {"take": everything})
    page = at_desk.post(url(work), {"do": "ask"}).content.decode()
    assert "Crossref says nothing that the work does not say here." in page


@pytest.mark.parametrize("mode", ["failing", "reset", "broken", "limited", "unavailable"])
def test_a_failure_changes_nothing_and_says_so(
    at_desk: Client, work: Reference, apis: LocalApis, mode: str  # noqa: F811
) -> None:  # fmt: skip
    apis.behave(mode, seconds=60)
    answer = at_desk.post(url(work), {"do": "ask"})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Not looked up" in page
    assert "The work stays as it is." in page
    assert "Try again" in page
    assert Version.objects.get_for_object(work).count() == 1


def test_with_looking_up_switched_off(browser: Browser, author: User, work: Reference) -> None:
    page = browser(author).post(url(work), {"do": "ask"}).content.decode()
    assert "Asking other services is switched off on this site." in page


def test_a_work_without_an_identifier(browser: Browser, author: User, works: list[Reference]) -> None:
    Reference.objects.filter(pk=works[1].pk).update(doi=None, pmid=None, pmcid=None, isbn=None)
    signed_in = browser(author)
    assert "Give it one first." in signed_in.get(url(works[1])).content.decode()
    assert "no DOI, PMID, PMCID or ISBN" in signed_in.post(url(works[1]), {"do": "ask"}).content.decode()


def test_a_register_that_does_not_have_it(browser: Browser, author: User, work: Reference, apis: LocalApis) -> None:  # noqa: F811
    answer = browser(author).post(url(work), {"do": "ask"})
    assert "Neither Crossref nor DataCite has" in answer.content.decode()


def test_what_was_saved_meanwhile_is_not_overwritten(at_desk: Client, work: Reference, editor: User) -> None:
    form = form_of(at_desk.post(url(work), {"do": "ask"}))
    work.title = "The title that an editor gave"
    library.save_reference(work, by=editor)
    answer = at_desk.post(url(work), form | {"take": ["title"]})
    assert answer.status_code == 409
    assert differing(answer)["title"] == ("The title that an editor gave", "A trial of tests", True)
    work.refresh_from_db()
    assert work.title == "The title that an editor gave"
    assert at_desk.post(url(work), form_of(answer)).status_code == 302
    work.refresh_from_db()
    assert work.title == "A trial of tests"


def test_nothing_chosen_is_said(at_desk: Client, work: Reference) -> None:
    form = form_of(at_desk.post(url(work), {"do": "ask"}))
    answer = at_desk.post(url(work), form | {"take": []})
    assert answer.status_code == 422
    assert "Choose at least one field" in answer.content.decode()


def test_an_identifier_of_another_work_is_refused_at_its_line(
    at_desk: Client, work: Reference, works: list[Reference], apis: LocalApis  # noqa: F811
) -> None:  # fmt: skip
    Reference.objects.filter(pk=works[0].pk).update(pmid=PMID)
    apis.set_pubmed(PMID, doi=DOI)
    form = form_of(at_desk.post(url(work), {"do": "ask"}))
    answer = at_desk.post(url(work), form | {"take": ["pmid", "volume"]})
    assert answer.status_code == 422
    [line] = [line for line in answer.context["lines"] if line.name == "pmid"]
    assert "is in the library already" in line.errors[0]
    assert line.is_chosen
    work.refresh_from_db()
    assert (work.pmid, work.volume) == (None, "")


@pytest.mark.parametrize("offer", ["", "x", "eyJ:abc:def"])
def test_an_answer_that_nobody_gave_is_not_taken(at_desk: Client, work: Reference, offer: str) -> None:
    answer = at_desk.post(url(work), {"do": "take", "offer": offer, "base": "", "take": ["title"]})
    assert answer.status_code == 422
    assert "look it up again" in answer.content.decode()


def test_an_answer_about_another_work_is_not_taken(at_desk: Client, work: Reference, works: list[Reference]) -> None:
    form = form_of(at_desk.post(url(work), {"do": "ask"}))
    assert at_desk.post(url(works[0]), form).status_code == 422


def test_versions_are_kept_and_shown_on_both_works(
    at_desk: Client, work: Reference, works: list[Reference], apis: LocalApis  # noqa: F811
) -> None:  # fmt: skip
    del apis.works[DOI]
    told = {"relationType": "IsPreviousVersionOf", "relatedIdentifier": works[0].doi, "relatedIdentifierType": "DOI"}
    apis.set_datacite(DOI, relatedIdentifiers=[told])
    page = at_desk.post(url(work), {"do": "ask"}).content.decode()
    assert "A newer version is" in page
    [row] = Relation.objects.all()
    assert (row.reference, row.kind, row.other, row.source) == (work, "older-version-of", works[0], "datacite")
    assert "A newer version is" in at_desk.get(reverse("desk:reference", args=[work.pk])).content.decode()
    assert "An older version is" in at_desk.get(reverse("desk:reference", args=[works[0].pk])).content.decode()


def test_markup_from_a_record_stays_text(at_desk: Client, work: Reference, apis: LocalApis) -> None:  # noqa: F811
    apis.set(DOI, title=["<script>alert(1)</script> of tests"])
    assert "<script>alert(1)" not in at_desk.post(url(work), {"do": "ask"}).content.decode()


def test_a_person_may_not_ask_for_ever(at_desk: Client, work: Reference, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "MOST", 1)
    assert [at_desk.post(url(work), {"do": "ask"}).status_code for _ in range(2)] == [200, 429]


def test_who_may_not_write_may_not_ask(
    browser: Browser, member: User, work: Reference, apis: LocalApis  # noqa: F811
) -> None:  # fmt: skip
    assert browser(member).post(url(work), {"do": "ask"}).status_code == 403
    assert apis.seen == []
