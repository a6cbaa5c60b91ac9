"""What a balancer, a monitor and the public are told: enough for each, and the rest to whoever holds the token."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from config.running import gauges, probes, reach
from reviews import protection

TOKEN = {"HTTP_AUTHORIZATION": "Bearer a-token-of-the-operator"}
QUIET = {"X-Request-ID", "Set-Cookie"}


@pytest.fixture(autouse=True)
def _fresh(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.METRICS_TOKEN = "a-token-of-the-operator"
    monkeypatch.setattr(probes, "_readiness", probes._Readiness())
    gauges.forget()
    yield
    gauges.forget()


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The questions are asked in this thread, which sees the test's own transaction."""

    def ask() -> list[reach.Reached]:
        found: dict[str, str] = {}
        for name, question in (reach.NEEDED | reach.HURRYING).items():
            try:
                question()
            except Exception as error:
                found[name] = str(error)
        return [
            reach.Reached(name, name not in found, name in reach.NEEDED, found.get(name, ""))
            for name in reach.NEEDED | reach.HURRYING
        ]

    monkeypatch.setattr(reach, "ask", ask)


def away() -> None:
    raise OSError("Connection to 10.1.2.3:5432 refused for user imprimatur")


class TestLive:
    def test_asks_no_database_and_sets_no_cookie(self, client: Client):
        response = client.get("/health/live")
        assert (response.status_code, response.json()) == (200, {"status": "live"})
        assert response["Cache-Control"] == "no-store"
        assert not response.cookies

    @pytest.mark.parametrize("path", ["/health/live", "/version"])
    def test_a_balancer_asks_by_an_address_and_without_tls(self, client: Client, settings: Any, path: str):
        settings.SECURE_SSL_REDIRECT = True
        assert client.get(path, HTTP_HOST="10.0.0.7:8000").status_code == 200

    @pytest.mark.django_db
    def test_nothing_else_is_let_out_of_it(self, client: Client, settings: Any):
        settings.SECURE_SSL_REDIRECT = True
        assert client.get("/about/", HTTP_HOST="10.0.0.7:8000").status_code == 400
        assert client.get("/about/").status_code == 301

    def test_only_reading(self, client: Client):
        assert client.post("/health/live").status_code == 405
        assert client.head("/health/live").status_code == 200


class TestReady:
    @pytest.mark.django_db
    def test_all_is_well(self, client: Client, here: None):
        response = client.get("/health/ready")
        assert (response.status_code, response.json()) == (200, {"status": "ready"})
        assert client.get("/health/ready", **TOKEN).json()["parts"] == dict.fromkeys(
            ["database", "record", "broker", "cache"], "well"
        )

    @pytest.mark.parametrize("part", ["database", "record"])
    @pytest.mark.django_db
    def test_what_is_needed_makes_it_unready(
        self, client: Client, here: None, monkeypatch: pytest.MonkeyPatch, part: str
    ):
        monkeypatch.setitem(reach.NEEDED, part, away)
        response = client.get("/health/ready")
        assert (response.status_code, response.json()) == (503, {"status": "not ready"})
        assert "10.1.2.3" in client.get("/health/ready", **TOKEN).json()["parts"][part]

    @pytest.mark.parametrize("part", ["broker", "cache"])
    @pytest.mark.django_db
    def test_without_what_only_hurries_the_site_is_ready(
        self, client: Client, here: None, monkeypatch: pytest.MonkeyPatch, part: str
    ):
        monkeypatch.setitem(reach.HURRYING, part, away)
        response = client.get("/health/ready")
        assert (response.status_code, response.json()) == (200, {"status": "ready"})
        assert "refused" in client.get("/health/ready", **TOKEN).json()["parts"][part]

    @pytest.mark.django_db
    def test_a_missing_trigger_makes_it_unready(self, client: Client, here: None):
        with connection.cursor() as cursor:
            where = "" if connection.vendor == "sqlite" else " ON reviews_transition"
            cursor.execute(f"DROP TRIGGER reviews_transition_no_delete{where}")
        assert client.get("/health/ready").status_code == 503
        assert "manage.py migrate" in client.get("/health/ready", **TOKEN).json()["parts"]["record"]
        protection.lay(connection)

    def test_one_that_hangs_is_given_up(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(reach, "SECONDS", 0.2)
        monkeypatch.setattr(reach, "NEEDED", {"database": lambda: time.sleep(20)})
        monkeypatch.setattr(reach, "HURRYING", {"cache": lambda: None})
        assert [(one.name, one.is_well) for one in reach.ask()] == [("database", False), ("cache", True)]

    def test_it_is_asked_once_a_moment(self, client: Client, monkeypatch: pytest.MonkeyPatch):
        asked: list[int] = []
        monkeypatch.setattr(reach, "ask", lambda: asked.append(1) or [reach.Reached("database", True, True)])
        monkeypatch.setattr(probes, "KEPT_SECONDS", 60.0)
        for _time in range(5):
            client.get("/health/ready")
        assert len(asked) == 1

    @pytest.mark.parametrize("token", ["", "Bearer", "Bearer wrong", "Basic a-token-of-the-operator"])
    def test_details_are_for_the_token(self, client: Client, monkeypatch: pytest.MonkeyPatch, token: str):
        monkeypatch.setattr(reach, "ask", lambda: [reach.Reached("database", False, True, "secret")])
        assert client.get("/health/ready", HTTP_AUTHORIZATION=token).json() == {"status": "not ready"}


class TestMetrics:
    @pytest.mark.parametrize("method", ["get", "post", "head", "put"])
    @pytest.mark.django_db
    def test_without_the_token_a_page_that_is_missing(self, client: Client, method: str):
        def told(path: str) -> tuple[int, dict[str, str], bytes]:
            response = getattr(client, method)(path)
            headers = {name: value for name, value in response.headers.items() if name not in QUIET}
            return response.status_code, headers, response.content.replace(path.encode(), b"")

        assert told("/metrics") == told("/metricz")

    @pytest.mark.django_db
    def test_without_a_token_in_the_settings_nobody_gets_it(self, client: Client, settings: Any):
        settings.METRICS_TOKEN = ""
        assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer ").status_code == 404
        assert client.get("/metrics", **TOKEN).status_code == 404

    @pytest.mark.django_db
    def test_tells_of_requests_by_view_and_never_by_address(self, client: Client):
        client.get("/answers/a-secret-slug/")
        client.generic("SPY", "/search/")
        text = client.get("/metrics", **TOKEN).content.decode()
        assert 'imprimatur_request_seconds_count{method="GET",status="404",view="readers:answer"} ' in text
        assert 'method="other"' in text
        assert "a-secret-slug" not in text
        assert "SPY" not in text

    @pytest.mark.django_db
    def test_the_database_is_asked_little_and_not_again_at_once(
        self, client: Client, django_assert_num_queries: Any, settings: Any
    ):
        settings.LOOKUP_ENABLED = True
        with django_assert_num_queries(16):
            text = client.get("/metrics", **TOKEN).content.decode()
        with django_assert_num_queries(0):
            assert "imprimatur_database_up 1.0" in client.get("/metrics", **TOKEN).content.decode()
        assert "imprimatur_overdue_reviews 0.0" in text

    @pytest.mark.django_db
    def test_states_and_what_waits(self, client: Client, draft: Any, author: Any):
        from people import outbox
        from people.models import Message
        from reviews import workflow

        workflow.submit(draft, by=author)
        Message.objects.all().delete()
        outbox.post_all([outbox.Mail("a", "reader@example.org", "A subject", "Words")])
        text = client.get("/metrics", **TOKEN).content.decode()
        assert 'imprimatur_editions{state="submitted"} 1.0' in text
        assert 'imprimatur_editions{state="approved"} 0.0' in text
        assert 'imprimatur_waiting{kind="mail"} 1.0' in text
        assert "imprimatur_record_head 1.0" in text
        assert "example.org" not in text

    @pytest.mark.django_db
    def test_a_database_that_is_away_is_told_too(self, client: Client, monkeypatch: pytest.MonkeyPatch):
        from django.db import OperationalError

        def gone() -> None:
            raise OperationalError("gone")

        monkeypatch.setattr(gauges, "_told", gone)
        monkeypatch.setattr(connection, "close", lambda: None)
        response = client.get("/metrics", **TOKEN)
        assert response.status_code == 200
        assert b"imprimatur_database_up 0.0" in response.content

    @pytest.mark.django_db
    def test_memo_and_cache_looks(self, client: Client, settings: Any):
        from config.running.counted_cache import CountedMemory

        def count(name: str, found: str) -> float:
            lines = client.get("/metrics", **TOKEN).content.decode().splitlines()
            wanted = f'{name}_total{{found="{found}"}} '
            return sum(float(line.removeprefix(wanted)) for line in lines if line.startswith(wanted))

        before = {found: count("imprimatur_cache_looks", found) for found in ("yes", "no")}
        cache = CountedMemory("counted", {})
        cache.set("here", None)
        assert cache.get("here", "nothing") is None
        assert cache.get("gone", "nothing") == "nothing"
        assert cache.get("gone") is None
        assert count("imprimatur_cache_looks", "yes") == before["yes"] + 1
        assert count("imprimatur_cache_looks", "no") == before["no"] + 2
        looks = count("imprimatur_page_memo_looks", "no")
        client.get("/answers/nothing/")
        assert count("imprimatur_page_memo_looks", "no") == looks + 1
