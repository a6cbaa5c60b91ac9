"""Citing by DOI or PMID: the work is looked up, added and cited in one step, and each refusal is a sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from desk.library import lookup
from people.models import User
from references.models import Alias, Reference
from tests.local_apis import LocalApis
from tests.references.conftest import apis  # noqa: F401 - a fixture

Browser = Callable[[User], Client]
Cite = Callable[..., dict[str, Any]]


@pytest.fixture
def cite(browser: Browser, author: User) -> Cite:
    client = browser(author)

    def ask(text: str, *, status: int = 200) -> dict[str, Any]:
        answer = client.post(reverse("desk:library_cite"), {"text": text})
        assert answer.status_code == status
        return answer.json()

    return ask


@pytest.mark.parametrize("text", ["10.5555/one", "https://doi.org/10.5555/ONE", " doi:10.5555/one. "])
def test_a_doi_is_looked_up_and_added(cite: Cite, apis: LocalApis, author: User, text: str):  # noqa: F811
    apis.set("10.5555/one", title=["Delta in gamma"])
    told = cite(text)
    work = Reference.objects.get()
    assert (work.doi, work.title) == ("10.5555/one", "Delta in gamma")
    assert told["citation"] == f"[@{work.key}]"
    assert "Added to the library from Crossref" in told["sentence"]
    assert "Delta in gamma" in told["sentence"]


def test_a_pmid_is_looked_up_and_its_version_says_by_whom(cite: Cite, apis: LocalApis, author: User):  # noqa: F811
    from reversion.models import Version

    apis.set_pubmed("12345", TI="Epsilon in zeta.")
    told = cite("PMID: 12345")
    work = Reference.objects.get()
    assert told["citation"] == f"[@{work.key}]"
    assert work.pmid == "12345"
    revision = Version.objects.get_for_object(work).get().revision
    assert (revision.user, "to be cited" in revision.comment) == (author, True)


def test_a_work_that_is_here_is_cited_without_asking_anybody(
    cite: Cite, apis: LocalApis, works: list[Reference]  # noqa: F811
):  # fmt: skip
    told = cite("10.5555/beta")
    assert told == {"citation": "[@beta]", "sentence": "In the library already: “The beta trial” (2021)."}
    assert apis.asked() == []
    assert Reference.objects.count() == 3


def test_a_work_that_is_here_under_another_identifier_is_not_added_again(
    cite: Cite, apis: LocalApis, works: list[Reference]  # noqa: F811
):  # fmt: skip
    apis.set_pubmed("777", doi="10.5555/gamma")
    told = cite("pmid 777")
    assert told["citation"] == "[@gamma]"
    assert "already" in told["sentence"]
    assert Reference.objects.count() == 3


def test_an_alias_leads_to_the_work_that_stayed(cite: Cite, works: list[Reference]):
    Alias.objects.create(scheme="doi", value="10.5555/old", written="10.5555/old", reference=works[0])
    assert cite("10.5555/old")["citation"] == "[@alpha]"


def test_a_flag_is_said(cite: Cite, works: list[Reference]):
    Reference.objects.filter(key="alpha").update(status="retracted")
    assert "flagged" in cite("10.5555/alpha")["sentence"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Paste a DOI"),
        ("a trial of nothing at all", "Only a DOI, PMID, PMCID or ISBN"),
        ("10.5555/nobody", "Neither Crossref nor DataCite has"),
        ("NCT01234567", "Only a DOI"),
    ],
)
def test_nothing_to_cite_is_a_sentence(cite: Cite, apis: LocalApis, text: str, words: str):  # noqa: F811
    told = cite(text, status=422)
    assert words in told["sentence"]
    assert "citation" not in told
    assert not Reference.objects.exists()


def test_a_service_that_answers_badly(cite: Cite, apis: LocalApis):  # noqa: F811
    apis.behave("broken")
    assert "not JSON" in cite("10.5555/one", status=422)["sentence"]


def test_look_up_switched_off(cite: Cite, settings: Any):
    settings.LOOKUP_ENABLED = False
    assert "switched off" in cite("10.5555/one", status=422)["sentence"]


def test_too_many(cite: Cite, apis: LocalApis, monkeypatch: pytest.MonkeyPatch, works):  # noqa: F811
    monkeypatch.setattr(lookup, "MOST", 1)
    cite("10.5555/one", status=422)
    assert "try again" in cite("10.5555/two", status=429)["sentence"]
    # What is here costs nothing.
    assert cite("10.5555/beta")["citation"] == "[@beta]"
