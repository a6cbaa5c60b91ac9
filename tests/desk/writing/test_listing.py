"""The list of articles and the overview of one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from articles import drafting
from articles.models import AnswerKind, Article, Edition
from desk.writing import listing
from people.models import Role, User
from reviews import workflow

Browser = Callable[[User], Client]


def make(question: str, owner: User, **fields) -> Article:
    return drafting.save(Article(question=question, owner=owner, **fields), by=owner, base_version=0)


def questions(client: Client, **query: object) -> list[str]:
    answer = client.get(reverse("desk:articles"), query)
    assert answer.status_code == 200
    return [article.question for article in answer.context["page_obj"]]


def test_an_author_sees_their_own_and_an_editor_all(browser: Browser, author: User, editor: User, person) -> None:
    other = person("Olli Other", Role.AUTHOR)
    make("Mine?", author)
    make("Theirs?", other)
    shared = make("Shared?", other)
    shared.byline = [drafting.byline_entry(name=author.name, user=author)]
    drafting.save(shared, by=other, base_version=1)
    assert questions(browser(author)) == ["Shared?", "Mine?"]
    assert questions(browser(editor)) == ["Shared?", "Theirs?", "Mine?"]


def test_filters_narrow_by_words_state_standing_topic_and_author(
    browser: Browser, author: User, editor: User, live: Edition, draft: Article
) -> None:
    new = make("Does the NEW thing help?", editor)
    drafting.save(new, by=editor, base_version=1, topics=drafting.topics_named(["Hearts"]))
    topic = new.topics.get()
    client = browser(editor)
    assert questions(client, q="new help") == [new.question]
    assert questions(client, q="old") == []
    assert questions(client, state="draft") == [new.question]
    assert questions(client, state="approved") == [draft.question]
    assert questions(client, state="declined") == []
    assert questions(client, standing="live") == [draft.question]
    assert questions(client, standing="not-public") == [new.question]
    assert questions(client, topic=topic.pk) == [new.question]
    assert questions(client, author=author.pk) == [draft.question]
    assert questions(client, state="nonsense", topic="x", page="77") == [new.question, draft.question]


def test_the_kind_of_answer_narrows_too(browser: Browser, editor: User, draft: Article) -> None:
    kind = AnswerKind.objects.create(slug="a-kind", name="A kind")
    of_kind = make("Of a kind?", editor, kind=kind)
    client = browser(editor)
    assert questions(client, kind="a-kind") == [of_kind.question]
    assert questions(client, kind="nothing") == [of_kind.question, draft.question]
    assert f'href="{reverse("desk:articles")}?kind=a-kind"' in client.get(reverse("desk:kinds")).content.decode()


def test_an_author_cannot_filter_by_author(browser: Browser, author: User, draft: Article) -> None:
    assert 'name="author"' not in browser(author).get(reverse("desk:articles")).content.decode()


def test_the_state_is_that_of_the_newest_edition(browser: Browser, author: User, live: Edition, draft: Article) -> None:
    article = Article.objects.get(pk=draft.pk)
    article.heading = "Changed"
    drafting.save(article, by=author, base_version=1)
    client = browser(author)
    assert "edited since edition 1" in client.get(reverse("desk:articles")).content.decode()
    workflow.submit(article, by=author)
    assert questions(client, state="submitted") == [draft.question]
    assert questions(client, state="approved") == []


def test_the_list_is_paged_and_asks_a_constant_number_of_questions(
    browser: Browser, editor: User, live: Edition, django_assert_num_queries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE", 10)
    client = browser(editor)
    client.get(reverse("desk:articles"))
    for number in range(12):
        make(f"Question {number}?", editor)
    with django_assert_num_queries(11):
        page = client.get(reverse("desk:articles"), {"q": "question"}).content.decode()
    assert "?q=question&amp;page=2" in page


def test_the_overview_shows_editions_versions_and_next_steps(
    browser: Browser, author: User, live: Edition, draft: Article
) -> None:
    page = browser(author).get(reverse("desk:article", args=[draft.pk])).content.decode()
    assert "Edition 1 is approved, so this cannot be done now." in page
    assert reverse("desk:review", args=[live.pk]) in page
    assert reverse("desk:publishing", args=[draft.pk]) in page
    assert "First draft" in page
    assert "Check and submit" not in page


def test_the_overview_offers_submission_and_pulling_back(
    browser: Browser, author: User, draft: Article, editor: User
) -> None:
    client, address = browser(author), reverse("desk:article", args=[draft.pk])
    assert "Check and submit" in client.get(address).content.decode()
    edition = workflow.submit(draft, by=author)
    page = client.get(address).content.decode()
    assert reverse("desk:pull_back", args=[edition.pk]) in page
    assert "Check and submit" not in page


def test_the_overview_asks_a_constant_number_of_questions(
    browser: Browser, author: User, submitted: Edition, draft: Article, django_assert_max_num_queries
) -> None:
    client, address = browser(author), reverse("desk:article", args=[draft.pk])
    for number in range(1, 6):
        article = Article.objects.get(pk=draft.pk)
        article.heading = f"Heading {number}"
        drafting.save(article, by=author, base_version=number)
        workflow.submit(article, by=author)
    client.get(address)
    with django_assert_max_num_queries(29):
        page = client.get(address).content.decode()
    assert "Edition 6" in page


@pytest.mark.parametrize("name", ["article", "article_edit", "history", "compare", "submit"])
def test_an_article_opens_for_its_authors_and_editors_only(
    browser: Browser, author: User, editor: User, member: User, outsider: User, person, draft: Article, name: str
) -> None:
    address = reverse(f"desk:{name}", args=[draft.pk])
    assert browser(author).get(address).status_code == 200
    assert browser(editor).get(address).status_code == 200
    assert browser(person("Olli Other", Role.AUTHOR)).get(address).status_code == 404
    assert browser(member).get(address).status_code == 403
    assert browser(outsider).get(address).status_code == 403
    assert Client().get(address).status_code == 302
    assert browser(editor).get(reverse(f"desk:{name}", args=[draft.pk + 999])).status_code == 404


@pytest.mark.parametrize("name", ["article_edit", "restore", "submit"])
def test_nobody_else_writes_to_an_article(
    browser: Browser, member: User, outsider: User, person, draft: Article, name: str
) -> None:
    address = reverse(f"desk:{name}", args=[draft.pk])
    assert browser(person("Olli Other", Role.AUTHOR)).post(address, {}).status_code == 404
    assert browser(member).post(address, {}).status_code == 403
    assert browser(outsider).post(address, {}).status_code == 403
    assert Article.objects.get(pk=draft.pk).version == 1


def test_a_board_member_has_no_list_of_articles(browser: Browser, member: User) -> None:
    for name in ("articles", "article_new"):
        assert browser(member).get(reverse(f"desk:{name}")).status_code == 403
