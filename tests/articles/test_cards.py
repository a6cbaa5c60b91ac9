"""The reference cards of a page: what a reader sees of a work, where it leads, and what is known against it."""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import parse_qs

import pytest

from articles.cards import of_page
from articles.markup.door import CITE_MARK, Rendering, render
from references.formats.csl import to_csl
from references.works import Work


@cache
def text() -> Rendering:
    known = {"alpha": "alpha", "beta": "beta"}
    return render(body="One [@alpha]. Two [@beta; @alpha].", lead="Lead [@alpha].", known=known)


def frozen(number: int, **fields: Any) -> dict[str, Any]:
    work = Work(**{"title": "The trial", "key": "alpha", "kind": "randomised-trial", **fields})
    return {"number": number, "key": work.key, "kind": work.kind, "status": work.status, "csl": to_csl(work)}


def card(status: str = "current", **fields: Any) -> dict[str, Any]:
    (found,) = of_page([frozen(1, **fields)], [text().lead], {"alpha": status})
    return found


def test_the_works_of_the_page_by_number_with_every_place_that_cites_them() -> None:
    works = [frozen(1), frozen(2, key="beta"), frozen(3, key="gamma")]
    body = text().texts[0].html
    found = list(of_page(works, [text().lead, "", body], {}))
    assert [(one["number"], len(one["backlinks"])) for one in found] == [(1, 3), (2, 1)]
    assert {mark["id"] for mark in CITE_MARK.finditer(text().lead + body)} == {
        id for one in found for id in one["backlinks"]
    }


@pytest.mark.parametrize(
    ("fields", "tags"),
    [
        ({"type": "article-journal"}, ["randomised trial"]),
        ({"type": "article"}, ["randomised trial", "preprint"]),
        ({"type": "thesis", "kind": "cohort"}, ["cohort", "thesis"]),
        ({"type": "report", "kind": "other"}, ["report"]),
        ({"type": "article", "kind": "other"}, ["preprint"]),
        ({"type": "document", "kind": "other"}, ["other"]),
    ],
)
def test_kind_and_the_form_where_it_says_more(fields: dict[str, str], tags: list[str]) -> None:
    assert card(**fields)["tags"] == tags


def test_each_identifier_is_a_link_and_no_address_stands_twice() -> None:
    links = card(
        doi="10.1000/a<b>",
        pmid="123",
        pmcid="PMC7",
        nct="NCT01234567",
        url="http://www.pubmed.ncbi.nlm.nih.gov/123",
        isbn="9780306406157",
    )["links"]
    assert [(link["label"], link["url"]) for link in links] == [
        ("DOI", "https://doi.org/10.1000/a%3Cb%3E"),
        ("PubMed", "https://pubmed.ncbi.nlm.nih.gov/123/"),
        ("PubMed Central", "https://pmc.ncbi.nlm.nih.gov/articles/PMC7/"),
        ("ClinicalTrials.gov", "https://clinicaltrials.gov/study/NCT01234567"),
    ]
    assert card(isbn="9780306406157")["isbn"] == "9780306406157"
    assert [link["label"] for link in card(url="https://a.org", type="webpage")["links"]] == ["Web page"]
    assert [link["label"] for link in card(url="https://a.org", type="report")["links"]] == ["Full text"]


@pytest.mark.parametrize("status", ["retracted", "concern", "superseded", "corrected"])
def test_a_flag_stands_on_the_card_and_in_what_machines_take(status: str) -> None:
    found = card(status)
    assert found["status"] == status
    assert found["caution"]
    assert parse_qs(found["coins"])["rft.description"] == [found["caution"]]


def test_the_status_of_today_counts() -> None:
    assert card(status="current")["caution"] == ""
    (dismissed,) = of_page([frozen(1) | {"status": "concern"}], [text().lead], {"alpha": "current"})
    assert dismissed["status"] == "current"
    (unknown,) = of_page([frozen(1) | {"status": "concern"}], [text().lead], {})
    assert unknown["status"] == "concern"


def test_an_item_frozen_with_few_fields() -> None:
    work = {"number": 1, "key": "alpha", "kind": "other", "status": "current", "csl": {"type": "webpage", "title": "T"}}
    (found,) = of_page([work], [text().lead], {})
    assert (found["title"], found["links"], found["year"]) == ("T", [], None)
    assert found["vancouver"] == "T [Internet]. [date unknown]."
