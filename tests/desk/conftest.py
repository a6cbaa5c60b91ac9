"""Fixtures of the desk's tests: a browser that is signed in, and editions in the states that screens show."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from articles.models import Article, Edition
from people.models import User
from reviews import workflow
from tests.conftest import PASSWORD


@pytest.fixture
def browser() -> Callable[[User], Client]:
    """A client that is signed in as somebody."""

    def sign_in(person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return sign_in


@pytest.fixture
def submitted(draft: Article, author: User) -> Edition:
    """Edition 1 of the draft, submitted."""
    return workflow.submit(draft, by=author)


@pytest.fixture
def under_review(submitted: Edition, member: User) -> Edition:
    """Edition 1, taken up by the board member."""
    workflow.take_up(submitted, by=member)
    return submitted


@pytest.fixture
def approved(under_review: Edition, member: User) -> Edition:
    """Edition 1, approved by the board member and not public."""
    workflow.decide(under_review, by=member, kind="approve", password=PASSWORD)
    return under_review


@pytest.fixture
def live(approved: Edition, editor: User) -> Edition:
    """Edition 1, approved and public."""
    workflow.publish(approved, by=editor)
    return approved
