"""Looking a work up at the desk: the form is filled, nothing typed is lost, and what went wrong is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from desk.library import lookup
from people.models import User
from references.models import Alias, Reference, Relation
from references.web import client, pace
from tests.local_apis import LocalApis
from tests.references.conftest import apis  # noqa: F401 - a fixture

Browser = Callable[[User], Client]
DOI = "10.5555/delta"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "turn", lambda *args: 0.0)
    monkeypatch.setattr(client.random, "uniform", lambda low, high: 0.0)


@pytest.fixture
def ask(browser: Browser, author: User, apis: LocalApis) -> Callable[..., Any]:  # noqa: F811
    """Post the new work's form as the author, with the look-up's button."""
    signed_in = browser(author)

    def post(text: str = "", **fields: str) -> Any:
        given = {"lookup": text, "look_up": "1", "kind": "other", "status": "current"} | fields
        return signed_in.post(reverse("desk:reference_new"), given)

    return post


def values(answer: Any) -> dict[str, Any]:
    """What the fields of the page's form hold."""
    form = answer.context["form"]
    return {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}


def test_the_new_form_offers_it_and_an_old_one_does_not(browser: Browser, author: User, works: list[Reference]):
    assert b'name="lookup"' in browser(author).get(reverse("desk:reference_new")).content
    assert b'name="lookup"' not in browser(author).get(reverse("desk:reference_edit", args=[works[0].pk])).content


def test_fills_the_form_and_saves_nothing(ask: Callable[..., Any], apis: LocalApis):  # noqa: F811
    apis.set(DOI)
    answer = ask(f"https://doi.org/{DOI}")
    assert answer.status_code == 200
    filled = values(answer)
    assert filled["title"] == "A trial of tests"
    assert filled["authors"] == "Alpha, Ann B.\nBeta, Berta"
    assert filled["container"] == "Journal of Tests"
    assert (filled["year"], filled["month"], filled["day"]) == (2021, 5, 31)
    assert (filled["volume"], filled["issue"], filled["pages"], filled["doi"]) == ("12", "3", "101-110", DOI)
    page = answer.content.decode()
    assert "From Crossref" in page
    assert "Nothing is saved yet" in page
    assert not Reference.objects.exists()
    # The box is empty again, so that the next Enter adds the work.
    assert 'id="id_lookup" maxlength="1000" value=""' in page


def test_what_was_typed_stays(ask: Callable[..., Any], apis: LocalApis):  # noqa: F811
    apis.set(DOI)
    answer = ask(DOI, title="My own title", year="1999", kind="cohort", volume=" 12 ", key="mine")
    filled = values(answer)
    assert (filled["title"], filled["year"], filled["kind"], filled["key"]) == (
        "My own title",
        "1999",
        "cohort",
        "mine",
    )
    assert filled["container"] == "Journal of Tests"
    assert answer.context["lookup"].kept == ["Title", "Year"]
    assert "Kept as you wrote it" in answer.content.decode()


def test_the_filled_form_can_be_saved(
    ask: Callable[..., Any], apis: LocalApis, browser: Browser, author: User  # noqa: F811
):  # fmt: skip
    apis.set(DOI)
    filled = {name: str(value) for name, value in values(ask(DOI)).items()}
    answer = browser(author).post(reverse("desk:reference_new"), filled | {"lookup": "", "save": "1"})
    saved = Reference.objects.get()
    assert answer.url == reverse("desk:reference", args=[saved.pk])
    assert (saved.doi, saved.authors[0]) == (DOI, {"family": "Alpha", "given": "Ann B."})


def test_enter_in_the_box_looks_up_and_the_save_button_saves(
    browser: Browser, author: User, apis: LocalApis  # noqa: F811
):  # fmt: skip
    apis.set(DOI)
    signed_in, given = browser(author), {"lookup": DOI, "kind": "other", "status": "current", "title": "By hand"}
    assert signed_in.post(reverse("desk:reference_new"), given).status_code == 200
    assert not Reference.objects.exists()
    assert signed_in.post(reverse("desk:reference_new"), given | {"save": "1"}).status_code == 302
    assert Reference.objects.get().title == "By hand"


def test_the_button_alone_takes_what_the_form_says(ask: Callable[..., Any], apis: LocalApis):  # noqa: F811
    apis.set(DOI)
    assert values(ask(title="My own title", doi=DOI))["container"] == "Journal of Tests"


def test_a_work_that_is_here_is_named_without_asking(
    ask: Callable[..., Any], apis: LocalApis, works: list[Reference]  # noqa: F811
):  # fmt: skip
    Alias.objects.create(scheme="pmid", value="77", written="77", reference=works[1])
    for text, work in (("10.5555/ALPHA", works[0]), ("PMID 77", works[1])):
        answer = ask(text, title="Typed")
        assert answer.status_code == 200
        assert reverse("desk:reference", args=[work.pk]) in answer.content.decode()
        assert "The library has this work" in answer.content.decode()
        assert values(answer)["title"] == "Typed"
    assert apis.seen == []


def test_a_work_that_is_here_under_another_number_is_named(
    ask: Callable[..., Any], apis: LocalApis, works: list[Reference]  # noqa: F811
):  # fmt: skip
    apis.set_pmc("PMC9", doi=works[0].doi or "")
    apis.set(works[0].doi or "")
    answer = ask("PMC9")
    assert answer.context["lookup"].held == works[0]


def test_candidates_are_buttons(ask: Callable[..., Any], apis: LocalApis):  # noqa: F811
    apis.set("10.5555/1", title=["Delta in beta"])
    apis.set("10.5555/2", title=["Delta in gamma"])
    answer = ask("delta in beta", comment="", volume="7")
    page = answer.content.decode()
    assert 'name="candidate" value="10.5555/1"' in page
    assert 'name="candidate" value="10.5555/2"' in page
    assert values(answer)["volume"] == "7"
    chosen = ask("delta in beta", candidate="10.5555/2")
    assert values(chosen)["title"] == "Delta in gamma"


def test_says_what_is_known_against_it_and_its_relatives(ask: Callable[..., Any], apis: LocalApis):  # noqa: F811
    apis.set(DOI, relation={"is-preprint-of": [{"id-type": "doi", "id": "10.5555/final", "asserted-by": "subject"}]})
    apis.retract(DOI, "10.5555/notice")
    page = ask(DOI).content.decode()
    assert "Crossref knows of a notice against this work (retraction): 10.5555/notice." in page
    assert "Published as 10.5555/final." in page


def test_the_versions_that_a_register_names_are_kept_with_the_work(
    ask: Callable[..., Any], apis: LocalApis, browser: Browser, author: User, works: list[Reference]  # noqa: F811
) -> None:  # fmt: skip
    told = [
        {"relationType": kind, "relatedIdentifier": doi, "relatedIdentifierType": "DOI", "resourceTypeGeneral": type}
        for kind, doi, type in (
            ("IsVersionOf", works[0].doi, "JournalArticle"),
            ("IsIdenticalTo", "10.5555/twin", ""),
            ("Cites", "10.5555/cited", "JournalArticle"),
        )
    ]
    types = {"resourceTypeGeneral": "Preprint"}
    apis.set_datacite(DOI, relatedIdentifiers=told, types=types)
    page = ask(DOI)
    form = values(page) | {"lookup": "", "save": "1", "relatives": page.context["relatives"]}
    # A form that is refused first still knows them.
    refused = browser(author).post(reverse("desk:reference_new"), form | {"title": ""})
    assert refused.context["relatives"] == form["relatives"]
    assert browser(author).post(reverse("desk:reference_new"), form).status_code == 302
    saved = Reference.objects.get(doi=DOI)
    rows = Relation.objects.order_by("doi").values_list("reference", "kind", "doi", "other", "source")
    assert list(rows) == [
        (saved.pk, "preprint-of", works[0].doi, works[0].pk, "datacite"),
        (saved.pk, "identical-to", "10.5555/twin", None, "datacite"),
    ]
    shown = browser(author).get(reverse("desk:reference", args=[works[0].pk])).content.decode()
    assert "First posted as the preprint" in shown


@pytest.mark.parametrize("relatives", ["", "x", "a:b:c"])
def test_versions_that_nobody_said_are_not_kept(browser: Browser, author: User, relatives: str):
    given = {"title": "By hand", "kind": "other", "doi": DOI, "save": "1", "relatives": relatives}
    assert browser(author).post(reverse("desk:reference_new"), given).status_code == 302
    assert not Relation.objects.exists()


def test_versions_of_another_work_are_not_kept(
    ask: Callable[..., Any], apis: LocalApis, browser: Browser, author: User  # noqa: F811
):  # fmt: skip
    apis.set(DOI, relation={"has-preprint": [{"id-type": "doi", "id": "10.5555/pre"}]})
    given = {"title": "Another", "kind": "other", "doi": "10.5555/another", "save": "1"}
    browser(author).post(reverse("desk:reference_new"), given | {"relatives": ask(DOI).context["relatives"]})
    assert Reference.objects.get().doi == "10.5555/another"
    assert not Relation.objects.exists()


def test_a_trial_number(ask: Callable[..., Any], apis: LocalApis):  # noqa: F811
    answer = ask("NCT00000620")
    assert values(answer)["kind"] == "trial-registration"
    assert values(answer)["url"] == "https://clinicaltrials.gov/study/NCT00000620"
    assert "keeps trial registrations" in answer.content.decode()


@pytest.mark.parametrize("mode", ["failing", "reset", "broken", "limited", "huge"])
def test_without_an_answer_the_form_stays_usable(ask: Callable[..., Any], apis: LocalApis, mode: str):  # noqa: F811
    apis.behave(mode, seconds=60)
    answer = ask(DOI, title="Typed", authors="A, B")
    assert answer.status_code == 200
    assert "Not looked up" in answer.content.decode()
    assert (values(answer)["title"], values(answer)["authors"]) == ("Typed", "A, B")
    assert f'value="{DOI}"' in answer.content.decode()


def test_without_a_network_at_all(browser: Browser, author: User):
    """The suite's own settings: looking up is switched off."""
    answer = browser(author).post(
        reverse("desk:reference_new"), {"lookup": DOI, "look_up": "1", "title": "Typed", "kind": "other"}
    )
    assert answer.status_code == 200
    assert "Asking other services is switched off on this site." in answer.content.decode()
    assert values(answer)["title"] == "Typed"


@pytest.mark.parametrize("text", ["", "978-0-306-40615-8", "x" * 3000])
def test_what_cannot_be_looked_up_is_said_at_the_box(ask: Callable[..., Any], apis: LocalApis, text: str):  # noqa: F811
    answer = ask(text)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'id="id_lookup_error"' in page
    assert 'aria-invalid="true"' in page
    assert apis.seen == []


def test_markup_from_a_record_stays_text(ask: Callable[..., Any], apis: LocalApis):  # noqa: F811
    apis.set(DOI, title=["<script>alert(1)</script> & so on"])
    apis.set("10.5555/2", title=["<img src=x onerror=alert(1)> delta"])
    assert "<script>alert(1)" not in ask(DOI).content.decode()
    assert "<img src=x" not in ask("delta onerror").content.decode()


def test_a_person_may_not_ask_for_ever(
    ask: Callable[..., Any], apis: LocalApis, monkeypatch: pytest.MonkeyPatch  # noqa: F811
):  # fmt: skip
    monkeypatch.setattr(lookup, "MOST", 2)
    assert [ask("NCT00000620").status_code for _ in range(3)] == [200, 200, 429]
    assert "try again in a few minutes" in ask("NCT00000620").content.decode()


def test_who_may_not_write_may_not_ask(browser: Browser, member: User, apis: LocalApis):  # noqa: F811
    answer = browser(member).post(reverse("desk:reference_new"), {"lookup": DOI, "look_up": "1"})
    assert answer.status_code == 403
    assert apis.seen == []
