"""The history of an article, its comparisons and restoring."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from articles import drafting, history
from articles.models import Article
from people.models import User
from reviews import workflow

Browser = Callable[[User], Client]


@pytest.fixture
def revised(draft: Article, editor: User) -> Article:
    draft.lead = "Alpha helps 25 mg a little [@alpha]."
    draft.body = draft.body.replace("[@beta; @alpha]", "[@gamma]")
    return drafting.save(
        draft, by=editor, base_version=1, comment="Newer trial", topics=drafting.topics_named(["Hearts"])
    )


@pytest.fixture
def foreign(editor: User) -> Article:
    return drafting.save(Article(question="A secret draft?", owner=editor), by=editor, base_version=0)


def test_the_history_says_when_who_and_why(browser: Browser, author: User, revised: Article) -> None:
    workflow.submit(revised, by=author)
    page = browser(author).get(reverse("desk:history", args=[revised.pk])).content.decode()
    assert page.index("Version 2</a>") < page.index("Version 1</a>")
    assert "Newer trial" in page
    assert "First draft" in page
    assert "Edda Editor" in page
    assert "edition 1</a>" in page


def test_the_history_is_read_in_a_constant_number_of_queries(
    browser: Browser, author: User, revised: Article, django_assert_max_num_queries
) -> None:
    client = browser(author)
    for number in range(2, 20):
        revised.heading = f"Heading {number}"
        drafting.save(revised, by=author, base_version=number)
    address = reverse("desk:history", args=[revised.pk])
    client.get(address)
    with django_assert_max_num_queries(14):
        assert "Version 20</a>" in client.get(address).content.decode()


def test_a_comparison_shows_words_fields_and_works(browser: Browser, author: User, revised: Article) -> None:
    new, old = history.versions_of(revised)
    page = (
        browser(author).get(reverse("desk:compare", args=[revised.pk]), {"from": old.pk, "to": new.pk}).content.decode()
    )
    assert "From version 1 to version 2" in page
    assert "<ins>25 mg " in page
    assert "<ins>Hearts</ins>" in page
    assert "<ins>The gamma trial</ins>" in page
    assert "<del>The beta trial</del>" in page
    assert "The alpha trial" not in page, "cited before and after"


def test_a_comparison_without_choice_shows_the_last_change(browser: Browser, author: User, revised: Article) -> None:
    page = browser(author).get(reverse("desk:compare", args=[revised.pk])).content.decode()
    assert "From version 1 to version 2" in page


def test_the_first_version_has_nothing_before_it(browser: Browser, author: User, draft: Article) -> None:
    page = browser(author).get(reverse("desk:compare", args=[draft.pk])).content.decode()
    assert "nothing before it" in page


@pytest.mark.parametrize("side", ["from", "to"])
def test_both_sides_of_a_comparison_must_be_of_that_article(
    browser: Browser, author: User, editor: User, revised: Article, foreign: Article, side: str
) -> None:
    theirs = history.versions_of(foreign).get()
    address = reverse("desk:compare", args=[revised.pk])
    for person in (author, editor):
        for value in (theirs.pk, "x", "9" * 30, "-1"):
            assert browser(person).get(address, {side: value}).status_code == 404


def test_restoring_makes_a_new_version(browser: Browser, author: User, revised: Article) -> None:
    old = history.versions_of(revised)[1]
    answer = browser(author).post(
        reverse("desk:restore", args=[revised.pk]), {"version": old.pk, "base_version": 2}, follow=True
    )
    assert "What version 1 held is now version 3" in answer.content.decode()
    restored = Article.objects.get(pk=revised.pk)
    assert (restored.version, restored.lead) == (3, "Alpha helps a little [@alpha].")


def test_restoring_on_an_older_base_changes_nothing(browser: Browser, author: User, revised: Article) -> None:
    old = history.versions_of(revised)[1]
    for base in ("1", "", "x", "9" * 40):
        answer = browser(author).post(
            reverse("desk:restore", args=[revised.pk]), {"version": old.pk, "base_version": base}, follow=True
        )
        assert "nothing was restored" in answer.content.decode()
    assert Article.objects.get(pk=revised.pk).version == 2


def test_another_articles_version_is_never_restored(
    browser: Browser, editor: User, revised: Article, foreign: Article
) -> None:
    theirs = history.versions_of(foreign).get()
    for value in (theirs.pk, "", "x"):
        answer = browser(editor).post(reverse("desk:restore", args=[revised.pk]), {"version": value, "base_version": 2})
        assert answer.status_code == 404
    assert Article.objects.get(pk=revised.pk).question == "Does alpha help in beta?"


def test_restoring_is_never_done_by_get(browser: Browser, editor: User, revised: Article) -> None:
    assert browser(editor).get(reverse("desk:restore", args=[revised.pk])).status_code == 403
