"""The history of an article, its comparisons and restoring."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from articles import drafting, glossary, history
from articles.models import Article
from desk.writing import sides
from people.models import User
from references.models import Reference
from reviews import workflow
from tests.conftest import PASSWORD

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
    assert page.index("<strong>Version 2<") < page.index("<strong>Version 1<")
    assert "Newer trial" in page
    assert "First draft" in page
    assert "Edda Editor" in page
    assert ">edition 1</a>" in page


def test_the_history_is_read_in_a_constant_number_of_queries(
    browser: Browser, author: User, revised: Article, django_assert_max_num_queries
) -> None:
    client = browser(author)
    for number in range(2, 20):
        revised.heading = f"Heading {number}"
        drafting.save(revised, by=author, base_version=number)
    address = reverse("desk:history", args=[revised.pk])
    client.get(address)
    with django_assert_max_num_queries(19):
        assert "<strong>Version 20<" in client.get(address).content.decode()


def test_a_comparison_shows_words_fields_and_works(browser: Browser, author: User, revised: Article) -> None:
    new, old = history.versions_of(revised)
    page = (
        browser(author).get(reverse("desk:compare", args=[revised.pk]), {"from": old.pk, "to": new.pk}).content.decode()
    )
    assert "Version 1 and Version 2" in page
    assert "<ins>25 mg " in page
    assert "<ins>Hearts</ins>" in page
    assert "<ins>The gamma trial</ins>" in page
    assert "<del>The beta trial</del>" in page
    assert "The alpha trial" not in page, "cited before and after"


def test_a_comparison_without_choice_shows_the_last_change(browser: Browser, author: User, revised: Article) -> None:
    page = browser(author).get(reverse("desk:compare", args=[revised.pk])).content.decode()
    assert "Version 1 and Version 2" in page


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


def test_moves_stand_in_the_timeline_with_who_and_why(
    browser: Browser, author: User, member: User, revised: Article
) -> None:
    edition = workflow.submit(revised, by=author, comment="Please read table 2")
    workflow.take_up(edition, by=member)
    workflow.decide(edition, by=member, kind="request-changes", password=PASSWORD, comment="The dose is wrong.")
    page = browser(author).get(reverse("desk:history", args=[revised.pk])).content.decode()
    order = ["The dose is wrong.", "Please read table 2", "<strong>Version 2<", "<strong>Version 1<"]
    assert [page.index(words) for words in order] == sorted(page.index(words) for words in order)
    assert "Ben Board" in page
    assert f'value="e{edition.pk}"' in page


def test_an_edition_is_compared_with_a_version_and_its_works_with_the_library(
    browser: Browser, author: User, revised: Article
) -> None:
    edition = workflow.submit(revised, by=author)
    Reference.objects.filter(key="gamma").update(title="The gamma trial, corrected", status="corrected")
    client = browser(author)
    newest = history.versions_of(revised)[0]
    address = reverse("desk:compare", args=[revised.pk])
    page = client.get(address, {"from": f"e{edition.pk}", "to": newest.pk}).content.decode()
    assert "Version 2 and Edition 1" in page
    assert "The gamma trial" in page
    assert "Changed" in page
    assert "<del>" not in page.split("diff-key")[1].split("</p>", 1)[1].split("beside")[0]
    second = drafting.save(revised, by=author, base_version=2, comment="x") and workflow.submit
    revised.lead = "Alpha helps 50 mg a little [@alpha]."
    drafting.save(revised, by=author, base_version=3)
    later = second(revised, by=author)
    page = client.get(address, {"from": f"e{later.pk}", "to": f"e{edition.pk}"}).content.decode()
    assert "Edition 1 and Edition 2" in page
    assert "<ins>50 mg </ins>" in page
    assert "Restore:" not in page


def test_readers_side_by_side(browser: Browser, author: User, editor: User, revised: Article) -> None:
    glossary.add(by=editor, term="study", plain="a test with many people")
    edition = workflow.submit(revised, by=author)
    old = history.versions_of(revised)[1]
    address = reverse("desk:compare", args=[revised.pk])
    chosen = {"from": old.pk, "to": f"e{edition.pk}", "left": "nurse", "right": "patient"}
    page = browser(author).get(address, chosen).content.decode()
    beside = re.sub("<[^>]*>", "", page.split('<div class="beside">')[1])
    assert "Two trials agree." in beside
    assert "Two studies (a test with many people) agree." in beside
    assert '<option value="patient" selected>' in page
    same = browser(author).get(address, chosen | {"left": "x"}).content.decode()
    assert "a test with many people" not in same


def test_each_side_keeps_its_own_white_space() -> None:
    left, right = "It helps in beta. Two trials agree.", "It helps in beta (a disease). Two trials agree."
    (row,) = sides.side_by_side(left, right)
    assert "".join(piece.text for piece in row.left) == left
    assert "".join(piece.text for piece in row.right) == right


def test_an_edition_of_another_article_is_not_found(
    browser: Browser, author: User, editor: User, revised: Article, foreign: Article
) -> None:
    edition = workflow.submit(revised, by=author)
    address = reverse("desk:compare", args=[foreign.pk])
    for token in (f"e{edition.pk}", "e", "ex", "e-1"):
        assert browser(editor).get(address, {"to": token}).status_code == 404
    restore = reverse("desk:restore", args=[revised.pk])
    sent = {"version": f"e{edition.pk}", "base_version": 2}
    assert browser(editor).post(restore, sent).status_code == 404
