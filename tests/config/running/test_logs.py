"""Log lines: each with its request's id, in one of two forms, and never with what a reader or a colleague typed."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from config.running import logs, requests, slow_queries

SECRET = "my-secret-diagnosis"


class Lines(logging.Handler):
    """Keeps what the site's handler would have written."""

    def __init__(self) -> None:
        super().__init__()
        self.addFilter(logs.Told())
        self.setFormatter(logs.Json())
        self.written: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.written.append(json.loads(self.format(record)))


@pytest.fixture
def lines() -> Iterator[Lines]:
    handler = Lines()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


class TestIds:
    @pytest.mark.parametrize("given", ["0123abcd", "a.b-c_D9" * 8, "7f0c3d2e-8f3b-4a4b-9a35-6d1f6f4a2b11"])
    def test_a_well_formed_one_is_kept(self, client: Client, given: str):
        assert client.get("/favicon.ico", HTTP_X_REQUEST_ID=given)["X-Request-ID"] == given

    @pytest.mark.parametrize(
        "given",
        [
            "",
            "short",
            "x" * 65,
            "a b c d e f g",
            "me@example.org",
            "aaaaaaaa\n",
            "aaaaaaaa\r\nSet-Cookie: a",
            "ééééééééé",
        ],
    )
    def test_any_other_is_made_anew(self, client: Client, given: str):
        first, second = (client.get("/favicon.ico", HTTP_X_REQUEST_ID=given)["X-Request-ID"] for _time in range(2))
        assert re.fullmatch("[0-9a-f]{32}", first)
        assert first != second

    @pytest.mark.django_db
    def test_every_line_of_a_request_has_it_and_none_after(self, client: Client, settings: Any, lines: Lines):
        settings.LOG_REQUESTS = True
        client.get("/answers/none-such/", HTTP_X_REQUEST_ID="the-one-of-the-proxy")
        assert {line["request_id"] for line in lines.written} == {"the-one-of-the-proxy"}
        [told] = [line for line in lines.written if line["logger"] == "config.running.requests"]
        assert (told["method"], told["view"], told["status"]) == ("GET", "readers:answer", 404)
        logging.getLogger("any").warning("Afterwards")
        assert "request_id" not in lines.written[-1]

    def test_an_error_of_the_view_leaves_no_id_behind(self):
        def fails(request: HttpRequest) -> HttpResponse:
            assert requests.current.get()
            raise ValueError

        with pytest.raises(ValueError):
            requests.Requests(fails)(RequestFactory().get("/"))
        assert requests.current.get() == ""

    @pytest.mark.django_db
    def test_without_log_requests_nothing_is_said(self, client: Client, lines: Lines):
        client.get("/about/")
        assert lines.written == []


class TestNothingPersonal:
    @pytest.mark.parametrize(
        "address",
        [
            f"/search/?q={SECRET}",
            f"/answers/{SECRET}/",
            f"/ask/mine/{SECRET}/",
            f"/nowhere/{SECRET}/",
            f"/nowhere/%C3%A9{SECRET}",
            f"/search/suggestions.json?q={SECRET}",
            f"/account/login/?next=/{SECRET}",
        ],
    )
    @pytest.mark.django_db
    def test_no_word_of_an_address(self, client: Client, settings: Any, lines: Lines, address: str):
        settings.LOG_REQUESTS = True
        client.get(address)
        assert lines.written
        assert SECRET not in json.dumps(lines.written)

    @pytest.mark.django_db
    def test_no_question_and_no_address_of_an_asker(
        self, client: Client, settings: Any, lines: Lines, monkeypatch: pytest.MonkeyPatch
    ):
        from readers import limits

        settings.LOG_REQUESTS, client.raise_request_exception = True, False

        def fails(*args: Any, **kwargs: Any) -> None:
            raise RuntimeError("it went wrong for reader@example.org")

        monkeypatch.setattr(limits, "may_send", fails)
        client.post(
            "/ask/",
            {"question": f"What of {SECRET}?", "email": "reader@example.org"},
            HTTP_ORIGIN="https://answers.example.org",
            REMOTE_ADDR="203.0.113.7",
        )
        written = json.dumps(lines.written)
        assert "RuntimeError" in written
        assert SECRET not in written
        assert "reader@" not in written
        assert "203.0.113.7" not in written

    @pytest.mark.parametrize(
        ("text", "left"),
        [
            ("Refused: {'ada.author@example.org': (550, b'no')}", "Refused: {'[address]': (550, b'no')}"),
            ("url: /works/10.1/x?mailto=me%40example.org&q=a b", "url: /works/10.1/x?[left out] b"),
            ("url: /works?mailto=me", "url: /works?[left out]"),
            (
                "null value\nDETAIL:  Failing row contains (1, pain).\nHINT: none",
                "null value\nDETAIL: [left out]\nHINT: none",
            ),
            ("Invalid request from ip=203.0.113.7: bad", "Invalid request from ip=[left out] bad"),
            ("What now? a=b", "What now? a=b"),
            ("Version 3.2.1 of article 7 at 10:30", "Version 3.2.1 of article 7 at 10:30"),
        ],
    )
    def test_what_libraries_write(self, text: str, left: str):
        assert logs.scrubbed(text) == left

    @pytest.mark.parametrize("piece", ["a", "?a", "a@", "@a", "%40a.", "/?", "\nDETAIL:", "ip=", " "])
    def test_no_long_line_holds_a_process_up(self, piece: str):
        """Work that grew with the square of the length would not come to an end here."""
        assert logs.scrubbed(piece * 300_000)

    def test_a_traceback_is_scrubbed(self, lines: Lines):
        try:
            raise ValueError("for ada@example.org")
        except ValueError:
            logging.getLogger("any").exception("It failed")
        assert "[address]" in lines.written[0]["exception"]
        assert "ada@" not in json.dumps(lines.written)

    def test_a_line_is_scrubbed_too(self):
        record = logging.LogRecord("any", logging.WARNING, "", 0, "To %s", ("ada@example.org",), None)
        assert logs.Lines().format(record).endswith("WARNING any [] To [address]")


class TestSlowQueries:
    @pytest.fixture
    def timed(self, settings: Any) -> Iterator[Any]:
        settings.SLOW_QUERY_MS = 0.000001
        before = list(connection.execute_wrappers)
        connection.execute_wrappers[:] = [slow_queries.timed]
        yield settings
        connection.execute_wrappers[:] = before

    @pytest.mark.django_db
    def test_the_statement_without_its_values(self, timed: Any, lines: Lines):
        from people.models import User

        list(User.objects.filter(email=f"{SECRET}@example.org"))
        [told] = lines.written
        assert re.match(r"A query took \d+ ms: SELECT .*people_user", told["message"])
        assert SECRET not in told["message"]
        assert told["ms"] >= 0

    @pytest.mark.django_db
    def test_a_quick_one_is_not_told(self, timed: Any, lines: Lines):
        timed.SLOW_QUERY_MS = 60_000
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        assert lines.written == []

    def test_each_connection_is_looked_at_once(self):
        class Connection:
            execute_wrappers: list[Any] = []

        for _time in range(2):
            slow_queries._look_at(None, Connection)  # type: ignore[arg-type]
        assert Connection.execute_wrappers == [slow_queries.timed]

    def test_zero_looks_at_none(self, settings: Any, monkeypatch: pytest.MonkeyPatch):
        connected: list[Any] = []
        monkeypatch.setattr(slow_queries.connection_created, "connect", lambda *a, **k: connected.append(a))
        settings.SLOW_QUERY_MS = 0
        slow_queries.listen()
        assert connected == []
        settings.SLOW_QUERY_MS = 5
        slow_queries.listen()
        assert len(connected) == 1
