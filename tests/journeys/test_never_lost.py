"""What somebody writes is there again: two people in one article, a server that dies, no network, a sign-out elsewhere.

The site is a process of its own, on a copy of the test's database: one that can be killed.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from articles.models import Article
from people.models import User
from tests.conftest import PASSWORD
from tests.journeys.conftest import PATIENCE, REPORT_VIOLATIONS

pytestmark = [pytest.mark.chromium, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group(__name__)]

EXPECTED = re.compile(
    r"Failed to load resource: (net::ERR_|the server responded with a status of (401|403|409|410|422))"
)
"""Chromium's own lines for calls that fail here on purpose."""
ROOT = Path(__file__).resolve().parents[2]


class Site:
    """The site as a process of its own that can be started, killed and started again at one address."""

    def __init__(self, database: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = os.environ | {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "config.wsgi",
            "--bind",
            f"127.0.0.1:{self.port}",
            "--threads",
            "4",
        ]
        self.process = subprocess.Popen(
            [*command, "--log-level", "error"], cwd=ROOT, env=self.environment, start_new_session=True
        )
        while self.process.poll() is None:
            try:
                urlopen(f"{self.url}/robots.txt", timeout=60).close()  # noqa: S310 - our own process
                return
            except URLError:
                time.sleep(0.05)
        pytest.fail("The site did not start.")

    def kill(self) -> None:
        """As with kill -9: the whole process group, at once."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@pytest.fixture
def people(draft: Article, author: User, editor: User) -> dict[str, Client]:
    """Who is signed in, before the database is copied."""
    clients = {"author": Client(), "editor": Client()}
    clients["author"].force_login(author)
    clients["editor"].force_login(editor)
    return clients


@pytest.fixture
def site(people: dict[str, Client], tmp_path: Path) -> Iterator[Site]:
    if connection.vendor == "sqlite":
        copy = tmp_path / "site.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM INTO '{copy}'")
        database = f"sqlite:///{copy}"
    else:
        parts = connection.settings_dict
        at = f"{parts['USER']}:{parts['PASSWORD']}@{parts['HOST']}:{parts['PORT'] or 5432}"
        database = f"postgres://{at}/{parts['NAME']}"
    site = Site(database)
    site.start()
    yield site
    site.kill()


@pytest.fixture
def browser_of(chromium: Browser, site: Site, people: dict[str, Client]) -> Iterator[Callable[[str], BrowserContext]]:
    """A browser of its own in which somebody is signed in; what its console complains of fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def watch(message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED.match(message.text):
            complaints.append(message.text)

    def make(who: str) -> BrowserContext:
        context = chromium.new_context(base_url=site.url, reduced_motion="reduce")
        context.set_default_timeout(PATIENCE)
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", watch)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        morsel = people[who].cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": morsel.key, "value": morsel.value, "url": site.url}])
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert not complaints


def violations(page: Page) -> list[str]:
    page.evaluate(AXE_SCRIPT)
    return [each["id"] for each in page.evaluate("() => axe.run().then(result => result.violations)")]


def type_at_the_end(page: Page, words: str) -> None:
    page.get_by_label("Text", exact=True).focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def is_kept(page: Page) -> None:
    """Wait until the server has all that was typed: nothing waits in the browser any more."""
    expect(page.locator("[data-kept]")).to_have_text(re.compile("^Kept at "))
    page.wait_for_function("() => !Object.keys(localStorage).some(key => key.startsWith('kept:'))")


def test_what_is_written_is_there_again(
    browser_of: Callable[[str], BrowserContext], site: Site, draft: Article
) -> None:
    editor_page = reverse("desk:article_edit", args=[draft.pk])
    mine, theirs = browser_of("author"), browser_of("editor")
    page = mine.new_page()
    page.goto(editor_page)
    text = page.get_by_label("Text", exact=True)

    # -- Two people in one article, and the merge --------------------------------------------------------------
    other = theirs.new_page()
    other.goto(editor_page)
    expect(page.get_by_text("Edda Editor has this open, too, since")).to_be_visible()
    expect(other.get_by_text("Ada Author has this open, too, since")).to_be_visible()
    type_at_the_end(page, "\n\nA paragraph of mine.")
    other.get_by_label("Bottom line (optional)", exact=True).fill("Alpha helps, says the editor [@alpha].")
    type_at_the_end(other, "\n\nQuite another ending.")
    other.keyboard.press("Control+s")
    expect(other.get_by_text("Version 2 is saved.")).to_be_visible()
    expect(page.get_by_text("Edda Editor saved version 2")).to_be_visible()
    expect(page.get_by_role("link", name="See what changed")).to_be_visible()
    page.keyboard.press("Control+s")
    expect(page.get_by_role("heading", name="Not saved yet: two texts")).to_be_visible()
    assert violations(page) == []
    both = page.get_by_role("group", name="Both changed this: choose")
    expect(both).to_have_count(1)
    expect(page.get_by_role("group", name="Only version 2 changed this").get_by_label("Version 2")).to_be_checked()
    page.get_by_role("button", name="Put it together").press("Enter")
    page.get_by_role("link", name="Text: both changed this").press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowUp")
    expect(both.get_by_label("Both, mine first")).to_be_checked()
    page.set_viewport_size({"width": 360, "height": 740})
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("button", name="Put it together").press("Enter")
    expect(page.get_by_text("Put together, and not saved yet")).to_be_visible()
    expect(text).to_have_value(re.compile("A paragraph of mine.\n\n.*Quite another ending.$", re.DOTALL))
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Version 3 is saved.")).to_be_visible()
    expect(page.get_by_label("Bottom line (optional)", exact=True)).to_have_value(re.compile("says the editor"))
    other.close()

    # -- The server is killed in mid-sentence ------------------------------------------------------------------
    type_at_the_end(page, "\n\nHalf of a sent")
    site.kill()
    page.keyboard.type("ence, and the other")
    expect(page.get_by_text("The server does not answer. Kept in this browser at")).to_be_visible()
    page.keyboard.press("Control+s")
    expect(page.get_by_text("The server does not answer.")).to_be_in_viewport()
    expect(text).to_have_value(re.compile("and the other$"))
    page.close()
    site.start()
    page = mine.new_page()
    page.goto("/desk/")
    page.wait_for_function("() => !Object.keys(localStorage).some(key => key.startsWith('kept:'))")
    page.goto(editor_page)
    text = page.get_by_label("Text", exact=True)
    expect(page.get_by_role("heading", name=re.compile("^Text of yours from .* that was not saved"))).to_be_visible()
    expect(text).to_have_value(re.compile("Quite another ending.$"))
    assert violations(page) == []
    page.get_by_role("link", name="Take it up").click()
    expect(text).to_have_value(re.compile("Half of a sentence, and the other$"))
    is_kept(page)

    # -- No network for a while --------------------------------------------------------------------------------
    mine.set_offline(True)
    type_at_the_end(page, " half")
    expect(page.get_by_text("The server does not answer. Kept in this browser at")).to_be_visible()
    mine.set_offline(False)
    expect(page.get_by_text("The server answers again.")).to_be_visible()
    is_kept(page)

    # -- Signed out in another tab -----------------------------------------------------------------------------
    type_at_the_end(page, " of it,")
    second = mine.new_page()
    second.goto(editor_page)
    expect(page.get_by_text("You have this open in another tab")).to_be_visible()
    second.get_by_role("button", name="Sign out").click()
    expect(second).to_have_url(re.compile("/$"))
    page.bring_to_front()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    type_at_the_end(page, " unsent.")
    expect(page.get_by_text("it stands on this page alone")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('kept:'))") == []
    page.keyboard.press("Control+s")
    expect(page.get_by_text("You are signed out.")).to_be_in_viewport()
    with mine.expect_page() as opened:
        page.get_by_role("link", name="Sign in in a new tab").click()
    opened.value.get_by_label("Email").fill("ada.author@example.org")
    opened.value.get_by_label("Password", exact=True).fill(PASSWORD)
    opened.value.get_by_role("button", name="Sign in").click()
    expect(opened.value).to_have_url(re.compile("/desk/$"))
    page.bring_to_front()
    expect(page.get_by_text("The server answers again.")).to_be_visible()
    is_kept(page)
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Version 4 is saved.")).to_be_visible()
    expect(text).to_have_value(re.compile("Half of a sentence, and the other half of it, unsent.$"))
    expect(page.get_by_role("heading", name=re.compile("^Text of yours"))).to_have_count(0)
