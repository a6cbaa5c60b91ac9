"""Real Chromium before the site: one browser for the folder, a window of its own for each person of a test.

Every window watches its console: an error or a violation of the Content-Security-Policy fails the test that made it.
"""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from articles.models import Article, Edition
from people.models import User
from reviews import workflow
from tests.conftest import PASSWORD, need

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
PATIENCE = 10_000
"""Milliseconds that a step may take: many times what it takes here."""

REPORT_VIOLATIONS = """document.addEventListener("securitypolicyviolation", (event) => {
    console.error(`CSP: ${event.violatedDirective} refused ${event.blockedURI} (${event.sourceFile})`);
});"""
STATUS_OF_A_PAGE = re.compile(
    r"Failed to load resource: the server responded with a status of (403|404|409|410|422|429)"
)
"""Chromium's own line for an answer that is not 200; tests say themselves which status they expect."""

Open = Callable[..., Page]

TURN = threading.RLock()
"""Held by whoever uses the one connection to SQLite in memory: a request, or a query of the test. An open editor calls
the server every few seconds, so a test that writes in several queries beside one holds it for all of them."""


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium. Playwright keeps an event loop in this thread, which Django would take for async code."""
    path = shutil.which("chromium")
    need(path is not None, "Chromium")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


class OneAtATime:
    """Requests wait for each other: the server's threads and the test share one connection to SQLite in memory.

    Between tests, while the tables are emptied, a request that comes late from a window now closed is turned away.
    """

    is_open = False

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with TURN:
            if not self.is_open:
                start_response("503 Service Unavailable", [])
                return []
            return self.application(environ, start_response)


@pytest.fixture
def server(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveServer]:
    """The site, listening."""
    httpd = live_server.thread.httpd
    # Headers and body leave in two packets, and Nagle's algorithm holds the second back for 40 ms.
    monkeypatch.setattr(httpd.RequestHandlerClass, "disable_nagle_algorithm", True)
    if connection.vendor != "sqlite":
        yield live_server
        return
    if not isinstance(httpd.get_app(), OneAtATime):
        httpd.set_app(OneAtATime(httpd.get_app()))
    application = httpd.get_app()
    application.is_open = True
    with connection.execute_wrapper(_in_turn):
        yield live_server
    with TURN:
        application.is_open = False


def _in_turn(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    with TURN:
        return execute(sql, params, many, context)


@pytest.fixture(autouse=True)
def _nothing_counted_yet() -> Iterator[None]:
    """Limits of sign-in and of questions begin anew."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def open_window(chromium: Browser, server: LiveServer) -> Iterator[Open]:
    """Open a window: `open_window(author)` is signed in, `open_window()` a visitor's; options are Playwright's."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def watch(message: ConsoleMessage) -> None:
        if message.type == "error" and not STATUS_OF_A_PAGE.match(message.text):
            complaints.append(f"{message.page.url if message.page else ''}: {message.text}")

    def make(person: User | None = None, **options: Any) -> Page:
        context = chromium.new_context(base_url=server.url, **{"reduced_motion": "reduce"} | options)
        context.set_default_timeout(PATIENCE)
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", watch)
        context.on("weberror", lambda error: complaints.append(f"{error.page.url}: {error.error}"))
        contexts.append(context)
        if person:
            client = Client()
            client.force_login(person)
            morsel = client.cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies([{"name": morsel.key, "value": morsel.value, "url": server.url}])
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    assert not complaints


@pytest.fixture
def submitted(draft: Article, author: User) -> Edition:
    """Edition 1 of the author's draft, submitted."""
    return workflow.submit(draft, by=author)


@pytest.fixture
def live(submitted: Edition, member: User, editor: User) -> Edition:
    """Edition 1, approved and public."""
    workflow.take_up(submitted, by=member)
    workflow.decide(submitted, by=member, kind="approve", password=PASSWORD)
    workflow.publish(submitted, by=editor)
    return submitted
