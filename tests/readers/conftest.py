"""Published answers in every standing, and a client who is nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache

from articles import drafting
from articles.models import Article, Edition
from people.models import User
from references.models import Reference
from reviews import workflow
from reviews.models import Verdict
from tests.conftest import PASSWORD

Write = Callable[..., Article]
Act = Callable[[Article], Edition]


@pytest.fixture(autouse=True)
def _nothing_counted_yet() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def write(author: User, works: list[Reference]) -> Write:
    """Save an article that may be submitted: `write("Does it help?", topics=["Cardiology"], body=…)`."""

    def make(question: str, *, topics: list[str] | None = None, **fields: object) -> Article:
        texts: dict[str, object] = {
            "heading": "Yes, a little",
            "lead": f"In short, {question.lower().rstrip('?')} *a little* [@alpha].",
            "body": "## Evidence\n\nTwo trials agree [@beta; @alpha].\n",
        }
        article = Article(question=question, owner=author, **(texts | fields))
        return drafting.save(article, by=author, base_version=0, topics=drafting.topics_named(topics or []))

    return make


@pytest.fixture
def submit(author: User) -> Act:
    return lambda article: workflow.submit(article, by=author)


@pytest.fixture
def approve(submit: Act, member: User) -> Act:
    def act(article: Article) -> Edition:
        edition = submit(article)
        workflow.take_up(edition, by=member)
        workflow.decide(edition, by=member, kind=Verdict.Kind.APPROVE, password=PASSWORD)
        return edition

    return act


@pytest.fixture
def publish(approve: Act, editor: User) -> Act:
    def act(article: Article) -> Edition:
        edition = approve(article)
        workflow.publish(edition, by=editor, note="First edition")
        return edition

    return act


@pytest.fixture
def release(submit: Act, member: User, editor: User) -> Act:
    """Make public with caution, under review."""

    def act(article: Article) -> Edition:
        edition = submit(article)
        workflow.take_up(edition, by=member)
        workflow.release_with_caution(edition, by=editor, reason="Asked for urgently")
        return edition

    return act


@pytest.fixture
def decline(member: User) -> Callable[[Edition], None]:
    def act(edition: Edition) -> None:
        workflow.decide(
            edition, by=member, kind=Verdict.Kind.DECLINE, password=PASSWORD, comment="The evidence does not hold."
        )

    return act
