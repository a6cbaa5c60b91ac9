"""The pairs that are likely one work, and the page on which two are merged or told apart."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from articles.models import Article
from people.models import User
from references import library
from references.identity.likeness import find_all
from references.models import Likeness, Merge, Reference

Browser = Callable[[User], Client]

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(works: list[Reference]) -> tuple[Reference, Reference]:
    """@alpha, and a second entry of it: more exact in some fields, less in others."""
    other = Reference.objects.create(
        key="other",
        title="The alpha trial: a randomised trial in adults",
        authors=[{"family": "Alpha", "given": "A"}],
        year=2020,
        month=5,
        volume="3",
        pmid="77",
        doi="10.5555/other",
    )
    return works[0], other


def page_of(client: Client, *pks: int) -> str:
    answer = client.get(reverse("desk:library_merge", args=pks))
    assert answer.status_code == 200
    return answer.content.decode()


def form_of(page: str) -> dict[str, Any]:
    """What the page's form would send as it stands."""
    data = dict(re.findall(r'name="((?:kept|gone)_at)" value="([^"]+)"', page))
    return data | dict(re.findall(r'name="(choice-\w+)" value="(\w+)" checked', page)) | {"do": "merge", "reason": ""}


def send(client: Client, pks: tuple[int, int], data: dict[str, Any]) -> Any:
    return client.post(reverse("desk:library_merge", args=pks), data)


# -- The list -------------------------------------------------------------------------------------------------


def test_the_list_shows_the_most_alike_first_and_none_that_was_judged(
    browser: Browser, author: User, editor: User, works: list[Reference]
) -> None:
    for first, second, score in ((0, 1, 88), (0, 2, 97), (1, 2, 90)):
        Likeness.objects.create(first=works[first], second=works[second], rule="title", score=score)
    send(browser(editor), (works[1].pk, works[2].pk), {"do": "apart"})
    page = browser(author).get(reverse("desk:library_likely")).content.decode()
    assert re.findall(r"(\d+) % alike", page) == ["97", "88"]
    assert "An editor merges them." in page


def test_the_list_asks_a_constant_number_of_questions(
    browser: Browser, editor: User, django_assert_max_num_queries
) -> None:
    rows = [Reference.objects.create(key=f"w{n}", title=f"Work {n}") for n in range(30)]
    for first, second in zip(rows, rows[1:], strict=False):
        Likeness.objects.create(first=first, second=second, rule="title", score=90)
    client = browser(editor)
    with django_assert_max_num_queries(8):
        page = client.get(reverse("desk:library_likely")).content.decode()
    assert page.count(">Compare<") == 20
    assert "Page 1 of 2" in page


def test_an_empty_list_says_so(browser: Browser, editor: User) -> None:
    assert "No likely duplicates" in browser(editor).get(reverse("desk:library_likely")).content.decode()


# -- The comparison -------------------------------------------------------------------------------------------


def test_the_page_proposes_the_filled_the_longer_and_the_more_exact(
    browser: Browser, editor: User, pair: tuple[Reference, Reference], draft: Article
) -> None:
    page = page_of(browser(editor), pair[0].pk, pair[1].pk)
    form = form_of(page)
    assert form["choice-title"] == "gone"
    assert form["choice-authors"] == "kept"
    assert form["choice-date"] == "gone"
    assert form["choice-container"] == "kept"
    assert form["choice-kind"] == "kept"
    assert form["choice-volume"] == "gone"
    assert form["choice-doi"] == "kept"
    assert "choice-pmid" not in form
    assert "Proposed: other, longer." in page
    assert "[@alpha] is cited in 1 draft and 0 editions." in page
    assert "No text cites [@other]." in page
    assert "Merge into alpha" in page
    assert f'href="{reverse("desk:library_merge", args=[pair[1].pk, pair[0].pk])}"' in page
    assert re.search(r"<mark>.*a randomised trial in adults</mark>", page)


def test_merging_keeps_what_was_chosen(browser: Browser, editor: User, pair: tuple[Reference, Reference]) -> None:
    client = browser(editor)
    pks = (pair[0].pk, pair[1].pk)
    form = form_of(page_of(client, *pks)) | {"choice-volume": "kept", "reason": "One paper, imported twice"}
    answer = send(client, pks, form)
    assert answer.status_code == 302
    assert answer.url == reverse("desk:reference", args=[pair[0].pk])
    row = Reference.objects.get(key="alpha")
    assert row.title == "The alpha trial: a randomised trial in adults"
    assert (row.year, row.month, row.volume, row.pmid, row.doi) == (2020, 5, "", "77", "10.5555/alpha")
    assert library.resolve(["other"])["other"] == row
    record = Merge.objects.get()
    assert (record.by, record.reason) == (editor, "One paper, imported twice")


def test_an_author_may_look_and_not_merge(browser: Browser, author: User, pair: tuple[Reference, Reference]) -> None:
    client = browser(author)
    pks = (pair[0].pk, pair[1].pk)
    page = page_of(client, *pks)
    assert "An editor merges works. You may look." in page
    assert "Merge into" not in page
    assert send(client, pks, form_of(page)).status_code == 403
    assert not Merge.objects.exists()


def test_two_works_are_told_apart_and_not_found_again(
    browser: Browser, editor: User, pair: tuple[Reference, Reference]
) -> None:
    Reference.objects.filter(pk=pair[1].pk).update(doi=None, title=pair[0].title, title_block=pair[0].title_block)
    assert find_all() == 1
    assert send(browser(editor), (pair[1].pk, pair[0].pk), {"do": "apart"}).url == reverse("desk:library_likely")
    assert find_all() == 0
    row = Likeness.objects.get()
    assert row.dismissed_by == editor
    assert "said on" in page_of(browser(editor), pair[0].pk, pair[1].pk)


# -- Refusals -------------------------------------------------------------------------------------------------


def test_a_choice_that_is_missing_is_asked_for_and_the_text_comes_back(
    browser: Browser, editor: User, pair: tuple[Reference, Reference]
) -> None:
    client = browser(editor)
    pks = (pair[0].pk, pair[1].pk)
    form = form_of(page_of(client, *pks)) | {"reason": "Twice imported"}
    del form["choice-title"]
    answer = send(client, pks, form)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert page.count("Choose one of the two.") == 2
    assert "Twice imported" in page
    assert not Merge.objects.exists()


def test_a_work_that_changed_meanwhile_is_shown_anew_and_then_merged(
    browser: Browser, editor: User, pair: tuple[Reference, Reference]
) -> None:
    client = browser(editor)
    pks = (pair[0].pk, pair[1].pk)
    form = form_of(page_of(client, *pks))
    pair[1].issue = "9"
    library.save_reference(pair[1], by=editor, comment="Issue")
    answer = send(client, pks, form | {"choice-issue": "gone"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "other was changed since you opened this page" in page
    assert send(client, pks, form_of(page)).status_code == 302
    assert Reference.objects.get(key="alpha").issue == "9"


@pytest.mark.parametrize("at", ["", "nonsense", "2020-13-45T99:00:00"])
def test_without_the_time_at_which_it_was_shown_nothing_is_merged(
    browser: Browser, editor: User, pair: tuple[Reference, Reference], at: str
) -> None:
    client = browser(editor)
    pks = (pair[0].pk, pair[1].pk)
    assert send(client, pks, form_of(page_of(client, *pks)) | {"kept_at": at}).status_code == 422
    assert not Merge.objects.exists()


def test_a_work_that_was_merged_meanwhile_leads_to_where_it_went(
    browser: Browser, editor: User, pair: tuple[Reference, Reference], works: list[Reference]
) -> None:
    client = browser(editor)
    pks = (pair[0].pk, pair[1].pk)
    form = form_of(page_of(client, *pks))
    send(client, pks, form)
    answer = send(client, pks, form)
    assert answer.url == reverse("desk:reference", args=[pair[0].pk])
    assert client.get(reverse("desk:library_merge", args=[works[1].pk, pks[1]])).url == answer.url
    assert Merge.objects.count() == 1


def test_what_cannot_be_merged_has_no_button(browser: Browser, editor: User, pair: tuple[Reference, Reference]) -> None:
    Reference.objects.filter(pk=pair[1].pk).update(kind="own-answer")
    page = page_of(browser(editor), pair[0].pk, pair[1].pk)
    assert "These cannot be merged" in page
    assert "Merge into" not in page


@pytest.mark.parametrize("places", [("same", "same"), ("same", "none")])
def test_what_is_not_there_is_not_found(
    browser: Browser, editor: User, pair: tuple[Reference, Reference], places: tuple[str, str]
) -> None:
    pks = {"same": pair[0].pk, "none": 99_999}
    url = reverse("desk:library_merge", args=[pks[place] for place in places])
    assert browser(editor).get(url).status_code == 404
