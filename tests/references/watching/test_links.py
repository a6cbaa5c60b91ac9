"""Links: there, broken, or not to be checked, asked with HEAD first and then GET."""

from __future__ import annotations

import pytest

from references.watching.links import ask
from tests.local_apis import LocalApis


def methods(apis: LocalApis) -> list[str]:
    return [seen.method for seen in apis.asked("page")]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("references.web.services.LINK_INTERVAL", 0.0)
    monkeypatch.setattr("references.web.client.ATTEMPTS", 1)


def test_a_page_that_is_there_is_asked_for_once(apis):
    told = ask(apis.page("/guideline"))
    assert (told.outcome, told.detail, methods(apis)) == ("clear", "It is there (200).", ["HEAD"])


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(404, "flagged"), (410, "flagged"), (401, "failed"), (403, "failed"), (405, "failed"), (429, "failed")]
    + [(500, "failed"), (503, "failed"), (418, "failed")],
)
def test_each_status(apis, status, outcome):
    told = ask(apis.page("/guideline", status))
    assert told.outcome == outcome
    assert str(status) in told.detail or status == 429
    assert methods(apis) == (["HEAD"] if status == 429 else ["HEAD", "GET"])


def test_a_host_that_minds_head_is_asked_with_get(apis):
    told = ask(apis.page("/guideline", only="GET"))
    assert (told.outcome, methods(apis)) == ("clear", ["HEAD", "GET"])


def test_a_redirect_is_followed(apis):
    there = apis.page("/new")
    assert ask(apis.page("/old", 301, Location=there)).outcome == "clear"
    assert ask(apis.page("/older", 301, Location=apis.url + "/nowhere")).outcome == "flagged"


@pytest.mark.parametrize("mode", ["reset", "private", "loop", "slow"])
def test_no_answer_is_neither_there_nor_broken(apis, mode, monkeypatch):
    monkeypatch.setattr("references.web.client.TOTAL_SECONDS", 0.3)
    url = apis.page("/guideline")
    apis.behave(mode, "page", seconds=0.5)
    assert ask(url).outcome == "failed"


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://10.0.0.1/", "http://[::1]/", "ftp://example.org/", "x"])
def test_a_private_address_is_not_asked(apis, url):
    told = ask(url)
    assert (told.outcome, told.may_pass) == ("failed", False)
