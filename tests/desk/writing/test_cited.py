"""The works that a draft cites, as the editor's panel lists them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from articles import freezing
from articles.models import Article
from desk.writing.cited import Cited, Place, cited_in
from people.models import User
from references.models import Alias, Reference

FIELDS = ("lead", "plain_lead", "body")


def listed(**texts: str) -> list[Cited]:
    article = Article(question="Q", **texts)
    rendered = freezing.render_article(article)
    return cited_in({name: getattr(article, name) for name in FIELDS}, rendered.rendering, rendered.works)


def told(one: Cited) -> tuple[int, str, int]:
    return one.number, one.work["key"] if one.number else one.keys[0], one.count


def test_unknown_keys_come_first_then_the_works_by_number(works: list[Reference]):
    found = listed(lead="It helps [@beta].", body="One [@alpha; @nobody].\n\nTwo [@beta, p. 3].\n\n[@beta] [@nowhere]")
    assert [told(one) for one in found] == [(0, "nobody", 1), (0, "nowhere", 1), (1, "beta", 3), (2, "alpha", 1)]
    assert found[2].places == [Place("lead", 1, "beta"), Place("body", 3, "beta"), Place("body", 5, "beta")]


def test_two_keys_of_one_work_are_one_entry(works: list[Reference]):
    Alias.objects.create(scheme="key", value="old", written="old", reference=works[0])
    (one,) = listed(body="One [@old], two [@alpha].")
    assert (told(one), one.keys) == ((1, "alpha", 2), ["old", "alpha"])


@pytest.mark.parametrize("text", ["Mail a@b.", "A bare @alpha.", "`[@nobody]`", "    [@nobody] in code", "[words](@x)"])
def test_what_is_no_citation_is_not_listed(works: list[Reference], text: str):
    assert listed(body=text) == []


def test_places_know_the_lines_of_clusters_over_two(works: list[Reference]):
    (alpha, beta) = listed(body="One [@alpha;\n@beta].")
    assert (alpha.places[0].line, beta.places[0].line) == (1, 2)


def test_two_queries_and_only_for_keys_that_are_no_works_own(works: list[Reference], django_assert_num_queries):
    for body, queries in (("[@alpha] [@beta] [@gamma]", 0), ("[@alpha] [@beta] [@one] [@two] [@three]", 2)):
        rendered = freezing.render_article(Article(question="Q", body=body))
        with django_assert_num_queries(queries):
            cited_in({"body": body}, rendered.rendering, rendered.works)


def test_the_panel_names_number_count_and_place(browser: Callable[[User], Client], author: User, works):
    page = browser(author).post(
        reverse("desk:preview"), {"question": "Q", "lead": "[@beta]", "body": "x\n\n[@beta] [@nobody]"}
    )
    panel = page.content.decode().partition('data-fill="works"')[2]
    assert panel.index("@nobody") < panel.index("The beta trial")
    assert "No work in the library has this key." in panel
    assert "cited 2 times" in panel
    assert re.search(r'data-field="body" data-line="3" data-words="beta">line 3', panel)
    assert 'data-field="lead"' in panel


def test_nothing_cited_says_how_to_cite(browser: Callable[[User], Client], author: User):
    page = browser(author).post(reverse("desk:preview"), {"question": "Q", "body": "x"})
    assert "Type @ in the text" in page.content.decode()
