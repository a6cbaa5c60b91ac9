"""The client against a real local server: answers, and every way in which a service can fail to give one."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from redis.exceptions import ConnectionError as CacheIsAway

from references.web import client, pace
from references.web.client import BadAnswer, Busy, NotFound, RateLimited, Refused, Unavailable
from tests.local_apis import LocalApis

DOI = "10.5555/alpha"


class Clock:
    """A clock that only moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    time = monotonic

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """No test waits: sleeping moves the client's and the pace's clock on."""
    it = Clock()
    monkeypatch.setattr(client, "time", it)
    monkeypatch.setattr(pace, "time", it)
    monkeypatch.setattr(client.random, "uniform", lambda low, high: high)
    return it


@pytest.fixture
def ask(apis: LocalApis) -> Callable[..., client.Answer]:
    """Ask the local Crossref for the work, anew."""
    apis.set(DOI)

    def question(**more: Any) -> client.Answer:
        return client.get(f"{apis.url}/crossref/works/{DOI}", **{"fresh": True, **more})

    return question


def test_answers_and_says_who_we_are(apis: LocalApis, ask: Callable[..., client.Answer], settings: Any):
    answer = ask()
    assert answer.status == 200
    assert answer.json()["message"]["DOI"] == DOI
    [seen] = apis.seen
    assert seen.query == {"mailto": "library@example.org"}
    agent = seen.headers["user-agent"]
    assert agent.startswith("Imprimatur/")
    assert settings.SITE_URL in agent
    assert "mailto:library@example.org" in agent
    assert seen.headers["host"] == apis.host
    assert answer.headers["x-api-pool"] == "polite"
    # What we say of ourselves stays out of what we keep and show.
    assert "mailto" not in answer.url


def test_names_no_address_where_none_is_set(apis: LocalApis, ask: Callable[..., client.Answer], settings: Any):
    settings.LOOKUP_EMAIL = ""
    ask()
    assert apis.seen[0].query == {}
    assert "mailto" not in apis.seen[0].headers["user-agent"]


def test_gives_the_key_to_ncbi_alone(apis: LocalApis, ask: Callable[..., client.Answer], settings: Any):
    settings.NCBI_API_KEY = "secret"
    ask()
    answer = client.get(f"{apis.url}/eutils/esearch.fcgi", {"db": "pubmed", "term": "x", "retmode": "json"})
    crossref, pubmed = apis.seen
    assert "secret" not in str(crossref)
    assert pubmed.query["api_key"] == "secret"
    assert pubmed.query["email"] == "library@example.org"
    assert pubmed.query["tool"] == "imprimatur"
    assert "secret" not in answer.url


def test_switched_off_asks_nothing(apis: LocalApis, ask: Callable[..., client.Answer], settings: Any):
    settings.LOOKUP_ENABLED = False
    with pytest.raises(Unavailable, match="switched off"):
        ask()
    assert apis.seen == []


def test_keeps_answers_and_asks_anew_where_told(apis: LocalApis, ask: Callable[..., client.Answer]):
    assert ask(fresh=False) == ask(fresh=False)
    assert len(apis.seen) == 1
    ask(fresh=True)
    assert len(apis.seen) == 2


def test_a_fresh_answer_replaces_the_kept_one(apis: LocalApis, ask: Callable[..., client.Answer]):
    ask(fresh=False)
    apis.set(DOI, volume="99")
    ask(fresh=True)
    assert ask(fresh=False).json()["message"]["volume"] == "99"


def test_keeps_no_failure(apis: LocalApis):
    url = f"{apis.url}/crossref/works/10.5555/late"
    with pytest.raises(NotFound, match=r"Crossref has nothing at this address \(404\)"):
        client.get(url)
    apis.set("10.5555/late")
    assert client.get(url).status == 200


def test_works_where_the_cache_is_away(
    apis: LocalApis, ask: Callable[..., client.Answer], monkeypatch: pytest.MonkeyPatch
):
    def away(*args: object, **more: object) -> None:
        raise CacheIsAway("away")

    monkeypatch.setattr(client.cache, "get", away, raising=False)
    monkeypatch.setattr(client.cache, "set", away, raising=False)
    assert ask(fresh=False).status == 200


@pytest.mark.parametrize(
    ("mode", "error", "sentence", "asked"),
    [
        ("failing", Unavailable, r"Crossref is in trouble just now \(500\)\.", client.ATTEMPTS),
        ("reset", Unavailable, r"Crossref broke off its answer\.", client.ATTEMPTS),
        ("truncated", Unavailable, r"Crossref broke off its answer\.", client.ATTEMPTS),
        ("refusing", BadAnswer, r"Crossref does not take this question \(400\)\.", 1),
        ("huge", BadAnswer, r"The answer of Crossref is larger than 5 MB\.", 1),
        ("bomb", BadAnswer, r"The answer of Crossref is larger than 5 MB\.", 1),
        ("loop", BadAnswer, r"Crossref leads from one address to the next without end\.", client.MOST_REDIRECTS + 1),
        ("private", Refused, r"This site does not ask 169\.254\.169\.254\.", 1),
        ("elsewhere", Refused, r"This site does not ask www\.example\.org\.", 1),
    ],
)
def test_failures_are_one_sentence_and_only_passing_ones_are_asked_again(
    apis: LocalApis,
    ask: Callable[..., client.Answer],
    clock: Clock,
    mode: str,
    error: type[Exception],
    sentence: str,
    asked: int,
):
    apis.behave(mode)
    with pytest.raises(error, match=f"^{sentence}$"):
        ask()
    assert len(apis.seen) == asked


def test_broken_json_is_no_answer(apis: LocalApis, ask: Callable[..., client.Answer]):
    apis.behave("broken")
    with pytest.raises(BadAnswer, match="Crossref answered with something that is not JSON"):
        ask().json()


def test_backs_off_with_jitter_and_then_succeeds(apis: LocalApis, ask: Callable[..., client.Answer], clock: Clock):
    apis.behave("failing", times=3)
    assert ask().status == 200
    assert len(apis.seen) == 4
    assert clock.slept == [1.0, 2.0, 4.0]


def test_jitter_is_full(
    monkeypatch: pytest.MonkeyPatch, apis: LocalApis, ask: Callable[..., client.Answer], clock: Clock
):
    bounds: list[tuple[float, float]] = []
    monkeypatch.setattr(client.random, "uniform", lambda low, high: bounds.append((low, high)) or 0.0)
    apis.behave("failing")
    with pytest.raises(Unavailable):
        ask()
    assert bounds == [(0, 1.0), (0, 2.0), (0, 4.0), (0, 8.0)]


def test_waits_as_long_as_the_service_wants(apis: LocalApis, ask: Callable[..., client.Answer], clock: Clock):
    apis.behave("limited", times=1, seconds=7)
    assert ask().status == 200
    assert sum(clock.slept) == pytest.approx(7)
    assert len(apis.seen) == 2


def test_does_not_wait_longer_than_the_caller(apis: LocalApis, ask: Callable[..., client.Answer], clock: Clock):
    apis.behave("limited", seconds=7)
    with pytest.raises(RateLimited, match="Crossref was asked too often just now"):
        ask(patience=client.IMPATIENT)
    assert clock.slept == []
    assert len(apis.seen) == 1
    # And nobody else asks either before that time has come.
    apis.well()
    with pytest.raises(Busy, match=r"Many questions wait for Crossref just now: try again in 7 s\."):
        ask(patience=client.IMPATIENT)
    assert len(apis.seen) == 1


def test_a_wish_beyond_the_bound_is_not_waited_for(apis: LocalApis, ask: Callable[..., client.Answer], clock: Clock):
    apis.behave("unavailable", seconds=100_000)
    with pytest.raises(Unavailable):
        ask()
    assert clock.slept == []
    clock.now += pace.LONGEST_HOLD
    apis.well()
    assert ask(patience=client.IMPATIENT).status == 200


def test_retry_after_may_be_a_date():
    assert client._retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert client._retry_after("12") == 12
    assert client._retry_after("soon") is None
    assert client._retry_after("") is None


def test_gives_up_on_a_slow_drip(apis: LocalApis, ask: Callable[..., client.Answer], monkeypatch: pytest.MonkeyPatch):
    """Each byte would begin a read's time limit anew: the whole is bounded all the same."""
    monkeypatch.setattr(client, "TOTAL_SECONDS", 0.3)
    apis.behave("drip")
    begun = time.monotonic()
    with pytest.raises(Unavailable, match="Crossref did not answer in time"):
        ask()
    assert time.monotonic() - begun < 3


def test_gives_up_at_the_callers_limit(apis: LocalApis, ask: Callable[..., client.Answer]):
    apis.behave("slow", seconds=1)
    with pytest.raises(Unavailable, match="Crossref did not answer in time"):
        ask(until=time.monotonic() + 0.2)


def test_gives_up_on_silence(apis: LocalApis, ask: Callable[..., client.Answer], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(client, "READ_SECONDS", 0.1)
    monkeypatch.setattr(client, "ATTEMPTS", 1)
    apis.behave("slow", seconds=1)
    with pytest.raises(Unavailable, match="Crossref did not answer in time"):
        ask()


def test_says_so_where_nobody_listens(apis: LocalApis, settings: Any, clock: Clock):
    settings.CROSSREF_URL = "http://127.0.0.1:1/crossref"
    settings.LOOKUP_PRIVATE_HOSTS = ["127.0.0.1:1"]
    with pytest.raises(Unavailable, match=r"^Crossref cannot be reached\.$"):
        client.get("http://127.0.0.1:1/crossref/works/x")
    assert len(clock.slept) == client.ATTEMPTS - 1


def test_follows_a_redirect_within_the_service(apis: LocalApis, ask: Callable[..., client.Answer]):
    apis.behave("moved")
    assert ask().json()["message"]["DOI"] == DOI
    assert len(apis.seen) == 2


def test_keeps_the_pace_of_a_service(apis: LocalApis, ask: Callable[..., client.Answer], clock: Clock):
    for _ in range(3):
        ask()
    assert clock.slept == pytest.approx([0.11, 0.11])


def test_lists_of_crossref_have_a_slower_pace_of_their_own(apis: LocalApis, clock: Clock, settings: Any):
    for _ in range(2):
        client.get(f"{apis.url}/crossref/works", {"filter": "updates:10.5555/x"}, fresh=True)
    assert clock.slept == pytest.approx([0.35])
    apis.set(DOI)
    client.get(f"{apis.url}/crossref/works/{DOI}")
    assert clock.slept == pytest.approx([0.35])


@pytest.mark.parametrize(("key", "interval"), [("", 0.35), ("secret", 0.11)])
def test_ncbi_is_asked_three_times_a_second_and_ten_with_a_key(
    apis: LocalApis, clock: Clock, settings: Any, key: str, interval: float
):
    settings.NCBI_API_KEY = key
    for _ in range(3):
        client.get(f"{apis.url}/eutils/esearch.fcgi", {"db": "pubmed", "term": "x"}, fresh=True)
    assert clock.slept == pytest.approx([interval, interval])


# -- Links --------------------------------------------------------------------------------------------------------


def test_a_link_is_there_or_not(apis: LocalApis, clock: Clock):
    there, gone, closed = apis.page("/there"), apis.page("/gone", 410), apis.page("/closed", 403)
    assert client.get(there, kind="link", method="HEAD").status == 200
    assert client.get(closed, kind="link").status == 403
    with pytest.raises(NotFound) as caught:
        client.get(gone, kind="link")
    assert caught.value.status == 410
    assert [each.method for each in apis.seen] == ["HEAD", "GET", "GET"]


def test_a_moved_link_says_where_to(apis: LocalApis, clock: Clock):
    there = apis.page("/there")
    here = apis.page("/here", 301, Location="/there")
    assert client.get(here, kind="link", method="HEAD").url == there


def test_a_link_that_leads_inside_is_refused(apis: LocalApis, clock: Clock):
    here = apis.page("/here", 302, Location="http://10.0.0.7/admin")
    with pytest.raises(Refused, match="10.0.0.7 is not on the public network"):
        client.get(here, kind="link")


def test_links_wait_two_seconds_at_each_host(apis: LocalApis, clock: Clock):
    there = apis.page("/there")
    for _ in range(3):
        client.get(there, kind="link", method="HEAD")
    assert clock.slept == pytest.approx([2.0, 2.0])


def test_a_checked_link_is_told_nothing_of_ours_and_kept_nowhere(apis: LocalApis, clock: Clock, settings: Any):
    settings.NCBI_API_KEY = "secret"
    there = apis.page("/there")
    client.get(there, kind="link")
    client.get(there, kind="link")
    assert len(apis.seen) == 2
    assert apis.seen[0].query == {}
    assert cache.get("web:x") is None


def test_a_link_may_be_large(apis: LocalApis):
    """Only the status counts: the body is not read."""
    apis.behave("huge")
    assert client.get(apis.page("/there"), kind="link").body == b""
