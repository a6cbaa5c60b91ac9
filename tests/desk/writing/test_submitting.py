"""Submission from the desk: findings, consequences, and the move."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from articles import drafting
from articles.models import Article, Edition
from people.models import User
from reviews import workflow
from reviews.models import State, Transition

Browser = Callable[[User], Client]


@pytest.fixture
def address(draft: Article) -> str:
    return reverse("desk:submit", args=[draft.pk])


def change(article: Article, by: User, **fields: str) -> Article:
    article = Article.objects.get(pk=article.pk)
    for name, value in fields.items():
        setattr(article, name, value)
    return drafting.save(article, by=by, base_version=article.version)


def test_a_sound_draft_is_submitted_with_its_comment(
    browser: Browser, author: User, draft: Article, address: str
) -> None:
    client = browser(author)
    page = client.get(address).content.decode()
    assert "Version 1 is frozen as edition 1" in page
    assert "It cites 2 works." in page
    answer = client.post(address, {"version": 1, "comment": "Please look at the dose."})
    assert answer.url == reverse("desk:article", args=[draft.pk])
    edition = Edition.objects.get()
    assert edition.review.state == State.SUBMITTED
    assert Transition.objects.get(edition=edition).reason == "Please look at the dose."


def test_findings_are_grouped_and_lead_to_their_place(
    browser: Browser, author: User, draft: Article, address: str
) -> None:
    change(draft, author, lead="", body="One [@alpha].\n\nTwo [@nobody].")
    page = browser(author).get(address).content.decode()
    edit = reverse("desk:article_edit", args=[draft.pk])
    assert f'href="{edit}?field=body&amp;line=3#id_body"' in page
    assert f'href="{edit}#id_lead"' in page
    assert f'href="{edit}#id_searched_on"' in page
    assert page.index("To be put right first") < page.index("nothing that stands in the way")
    assert "Submit edition" not in page


def test_a_blocked_draft_is_refused_by_direct_post_and_the_comment_comes_back(
    browser: Browser, author: User, draft: Article, address: str
) -> None:
    change(draft, author, lead="")
    answer = browser(author).post(address, {"version": 2, "comment": "Mine"})
    assert answer.status_code == 409
    assert "This cannot be submitted yet" in answer.content.decode()
    assert not Edition.objects.exists()


def test_a_version_that_nobody_looked_at_is_not_submitted(
    browser: Browser, author: User, editor: User, draft: Article, address: str
) -> None:
    client = browser(author)
    client.get(address)
    change(draft, editor, heading="Another heading")
    answer = client.post(address, {"version": 1, "comment": "Mine"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "saved meanwhile as version 2" in page
    assert "Mine</textarea>" in page
    assert 'name="version" value="2"' in page
    assert not Edition.objects.exists()


def test_the_same_text_is_not_submitted_twice(browser: Browser, author: User, submitted: Edition, address: str) -> None:
    client = browser(author)
    page = client.get(address).content.decode()
    assert "Edition 1 is submitted" in page
    assert "Submit edition" not in page
    assert client.post(address, {"version": 1}).status_code == 409
    assert Edition.objects.count() == 1


def test_the_page_says_that_an_open_edition_is_replaced(
    browser: Browser, author: User, under_review: Edition, draft: Article, address: str
) -> None:
    change(draft, author, heading="Another heading")
    client = browser(author)
    page = client.get(address).content.decode()
    assert "Edition 1, under review, is pulled back" in page
    assert "frozen as edition 2" in page
    client.post(address, {"version": 2})
    under_review.review.refresh_from_db()
    assert under_review.review.state == State.PULLED_BACK


def test_the_page_says_that_an_edition_with_caution_leaves_the_public(
    browser: Browser, author: User, editor: User, submitted: Edition, draft: Article, address: str
) -> None:
    workflow.release_with_caution(submitted, by=editor, reason="Asked for urgently")
    change(draft, author, heading="Another heading")
    assert "leaves the public at once" in browser(author).get(address).content.decode()


def test_the_page_says_what_the_public_goes_on_reading(
    browser: Browser, author: User, live: Edition, draft: Article, address: str
) -> None:
    change(draft, author, heading="Another heading")
    page = browser(author).get(address).content.decode()
    assert "goes on reading edition 1" in page
    assert "pulled back" not in page


def test_a_text_that_cannot_be_laid_out_blocks_in_a_sentence(
    browser: Browser, author: User, draft: Article, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from articles import freezing
    from articles.markup.door import TextRefused

    def refuse(article: Article) -> None:
        raise TextRefused("This text nests too deeply.")

    monkeypatch.setattr(freezing, "render_article", refuse)
    for answer in (browser(author).get(address), browser(author).post(address, {"version": 1})):
        assert "This text nests too deeply." in answer.content.decode()
    assert not Edition.objects.exists()
