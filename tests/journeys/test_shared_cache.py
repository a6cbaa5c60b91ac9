"""Real nginx with docs/nginx.conf before the site: nobody gets another's page, nor a withdrawn one a second later."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pytest_django.live_server_helper import LiveServer

from articles.audiences import AUDIENCES
from articles.models import Edition
from benchmarks import nginx
from benchmarks.readers_at_random import every_audience, fetch, of_the_origin, read, unpacked
from people.models import User
from reviews import workflow
from tests.conftest import need
from tests.journeys.conftest import TURN

pytestmark = pytest.mark.looks
ANSWER = "/answers/does-alpha-help-in-beta/"
PATHS = [ANSWER, f"{ANSWER}editions/1/", "/", "/topics/", "/search/?q=alpha"]
AUDIENCE_SLUGS = [one.slug for one in AUDIENCES]
ADDRESSES = every_audience(PATHS, AUDIENCE_SLUGS)


@pytest.fixture
def origin(live: Edition, server: LiveServer) -> int:
    """The site with one public answer; the port that it listens at."""
    port = urlsplit(server.url).port
    assert port
    return port


@pytest.fixture
def cache_port(origin: int, tmp_path: Path) -> Iterator[int]:
    need(nginx.is_here(), "nginx")
    with nginx.before(tmp_path, origin=origin) as (port, _disk):
        yield port


def get(port: int, address: str, **headers: str) -> http.client.HTTPResponse:
    """One request by a connection of its own; its body stands read in `said`."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    response = fetch(connection, address, {name.replace("_", "-"): value for name, value in headers.items()})
    response.said = unpacked(response)  # type: ignore[attr-defined]
    connection.close()
    return response


def test_readers_of_every_audience_in_random_order_get_their_own_page(origin: int, cache_port: int) -> None:
    pages = of_the_origin(origin, ADDRESSES)
    assert len({page.body for page in pages.values()}) == len(ADDRESSES)
    outcome = read(cache_port, pages, requests=600, at_once=4)
    assert outcome.wrong == []
    assert (outcome.requests, outcome.statuses.total()) == (600, 600)
    assert outcome.statuses["HIT"] > 0
    assert outcome.statuses["REVALIDATED"] + outcome.statuses["MISS"] >= len(ADDRESSES)
    assert outcome.not_modified > 0


def test_a_second_after_a_withdrawal_nobody_gets_the_old_page(
    live: Edition, editor: User, origin: int, cache_port: int
) -> None:
    addresses = every_audience([ANSWER], AUDIENCE_SLUGS)
    before = of_the_origin(origin, addresses)
    assert read(cache_port, before, requests=100, at_once=4).wrong == []
    with TURN:
        workflow.withdraw(live, by=editor, explanation="A dose was wrong.")
    withdrawn_at = time.monotonic()
    after = of_the_origin(origin, addresses)
    time.sleep(max(0, withdrawn_at + 1 - time.monotonic()))
    for address in addresses:
        assert b"A dose was wrong." in get(cache_port, address).said  # type: ignore[attr-defined]
    assert read(cache_port, after, requests=100, at_once=4).wrong == []


def test_the_cache_keeps_one_copy_for_all_packings_and_cookies(origin: int, cache_port: int) -> None:
    while True:
        began = int(time.time())
        first = get(cache_port, ANSWER, Accept_Encoding="gzip", Cookie="sessionid=one")
        second = get(cache_port, ANSWER, Accept_Encoding="identity", Cookie="sessionid=two")
        if int(time.time()) == began:  # what is kept ends with the second
            break
    assert first.headers["X-Cache-Status"] in {"MISS", "REVALIDATED"}
    assert second.headers["X-Cache-Status"] == "HIT"
    assert [one.headers["Content-Encoding"] for one in (first, second)] == ["gzip", None]
    assert first.said == second.said  # type: ignore[attr-defined]
    assert "X-Accel-Expires" not in first.headers
    assert first.headers["Cache-Control"] == "public, max-age=0, s-maxage=1, must-revalidate"


@pytest.mark.parametrize("address", ["/desk/", "/account/login/", "/admin/", "/answers/nothing/", "/ask/thanks/x/"])
def test_what_is_not_for_everyone_is_not_kept(origin: int, cache_port: int, address: str) -> None:
    for _time in range(2):
        response = get(cache_port, address)
        assert response.headers["X-Cache-Status"] in {None, "MISS", "EXPIRED"}
