"""Until when nginx may keep a public page: told to a cache that asks, counted from before the page was made."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client

from articles.models import Article
from people.models import User
from readers import caching
from reviews import workflow

ADDRESS = "/answers/does-alpha-help-in-beta/"
ASKS = {"X-Shared-Cache": "second"}


@pytest.fixture
def ticking(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that says the next number of this list each time it is asked."""
    times = [1000.9, 1001.1, 1002.5, 1003.5]
    monkeypatch.setattr(caching, "time", SimpleNamespace(time=lambda: times.pop(0)))
    return times


@pytest.mark.parametrize(
    "address", [ADDRESS, "/", "/topics/", "/search/?q=alpha", "/api/v1/answers", "/feeds/answers.atom"]
)
def test_the_second_in_which_the_making_began(
    client: Client, draft: Article, publish, ticking: list[float], address: str
) -> None:
    publish(draft)
    response = client.get(address, headers=ASKS)
    assert (response.status_code, response["X-Accel-Expires"]) == (200, "@1000")
    again = client.get(address, headers=ASKS | {"If-None-Match": response["ETag"]})
    assert (again.status_code, again["X-Accel-Expires"]) == (304, "@1001")


def test_a_withdrawn_answer_is_kept_no_longer(
    client: Client, draft: Article, publish, editor: User, ticking: list[float]
) -> None:
    workflow.withdraw(publish(draft), by=editor, explanation="A dose was wrong.")
    assert client.get(ADDRESS, headers=ASKS)["X-Accel-Expires"] == "@1000"


def test_nobody_else_is_told(client: Client, draft: Article, publish) -> None:
    publish(draft)
    assert "X-Accel-Expires" not in client.get(ADDRESS)


@pytest.mark.parametrize("address", ["/answers/nothing/", "/desk/", "/account/login/", "/ask/mine/x/", "/?for=dentist"])
def test_what_no_cache_keeps_stays_without(client: Client, db: None, address: str) -> None:
    assert "X-Accel-Expires" not in client.get(address, headers=ASKS)
