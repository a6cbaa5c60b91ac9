"""A work that a public answer cites is retracted: from the registry's word to the reader, the editor and the board."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles import drafting
from articles.composing import READERS
from articles.models import Article, Edition
from people.models import User
from references.models import Check, Reference
from references.watching.rounds import make_due, run_round
from reviews.tasks import sweep
from tests.journeys.conftest import Open
from tests.journeys.steps import read_every_text
from tests.journeys.test_from_draft_to_reader import mail_to, sign_in
from tests.journeys.test_pages import WHOLE, violations
from tests.local_apis import LocalApis

pytestmark = [pytest.mark.chromium, pytest.mark.xdist_group(__name__)]

NOTICE = "10.5555/notice-of-retraction"
DECISION = "The beta trial carries the answer alone; a new edition follows."
JUSTIFICATION = "It is named only to say that it was retracted."
CROSSREF = Check.Source.CROSSREF.value


@pytest.fixture
def crossref(settings: Any, tmp_path: Any, works: list[Reference]) -> Iterator[LocalApis]:
    """A local server that answers as Crossref does and knows the works."""
    with LocalApis() as apis:
        for name, value in apis.settings.items():
            setattr(settings, name, value)
        settings.VAR_DIR = tmp_path
        for work in works:
            apis.set(work.doi or "", title=[work.title])
        cache.clear()
        yield apis


def watch() -> None:
    """What the schedule does, sooner: ask about every work, then act on what came of it."""
    make_due([CROSSREF], now=timezone.now())
    found = run_round(sources=[CROSSREF])
    assert (found.asked, found.failed) == (3, 0)
    sweep()


def address(article: Article, reader: str = "") -> str:
    return f"/answers/{article.slug}/" + (f"?for={reader}" if reader else "")


def clean(page: Page) -> None:
    assert violations(page, WHOLE) == []


def flags_are_seen(page: Page, article: Article) -> None:
    """At each number of the retracted work, and at its reference; the other work has none."""
    for reader in READERS:
        page.goto(address(article, reader))
        reference = page.locator("#ref-1")
        expect(reference.get_by_text("retracted", exact=True)).to_be_visible()
        expect(page.locator("#ref-2").get_by_text("retracted")).to_have_count(0)
        numbers = page.locator('a.cite[href="#ref-1"]').count()
        marks = page.locator('a.cite[href="#ref-1"] + .cite-flag')
        assert numbers >= 1
        expect(marks).to_have_count(numbers)
        expect(page.locator(".cite-flag")).to_have_count(numbers)
        for mark in marks.all():
            expect(mark).to_be_visible()
            expect(mark).to_have_text("retracted")


def test_a_retraction_reaches_the_page_the_editor_and_the_board(
    open_window: Open, live: Edition, crossref: LocalApis, author: User, member: User, editor: User, mailoutbox
):
    article = live.article
    visitor = open_window()
    watch()
    tags = {}
    for reader in READERS:
        response = visitor.request.get(address(article, reader))
        assert "cite-flag" not in response.text()
        tags[reader] = response.headers["etag"]
        again = visitor.request.get(address(article, reader), headers={"If-None-Match": tags[reader]})
        assert again.status == 304

    # Crossref begins to report it. Whoever holds the old page gets the new one.
    crossref.retract("10.5555/alpha", NOTICE)
    watch()
    for reader in READERS:
        response = visitor.request.get(address(article, reader), headers={"If-None-Match": tags[reader]})
        assert response.status == 200
        assert "cite-flag" in response.text()
    flags_are_seen(visitor, article)
    clean(visitor)
    flags_are_seen(open_window(java_script_enabled=False), article)
    visitor.emulate_media(media="print")
    expect(visitor.locator(".cite-flag").first).to_be_visible()
    expect(visitor.locator("#ref-1").get_by_text("retracted", exact=True)).to_be_visible()
    visitor.emulate_media(media="screen")

    # The editor, told by mail, finds it first on the desk, looks, and closes it with a decision.
    desk = open_window()
    sign_in(desk, editor)
    desk.goto("/desk/")
    clean(desk)
    expect(desk.get_by_role("heading", name="Look again")).to_be_visible()
    desk.get_by_role("main").get_by_role("link", name=article.question).click()
    assert desk.url.partition("#")[0].endswith(mail_to(editor, mailoutbox, "Look again"))
    entry = desk.get_by_role("article", name="The alpha trial")
    expect(entry.get_by_text("Retraction", exact=True).first).to_be_visible()
    expect(entry.get_by_role("link", name=f"notice doi:{NOTICE}")).to_be_visible()
    clean(desk)
    entry.get_by_role("button", name="Close with this decision").click()
    expect(entry.get_by_label("What was decided")).to_have_accessible_description(re.compile("Say in a sentence"))
    clean(desk)
    entry.get_by_label("What was decided").fill(DECISION)
    entry.get_by_role("button", name="Close with this decision").click()
    expect(desk.get_by_text("the entry is closed")).to_be_visible()
    expect(desk.get_by_text(DECISION)).to_be_visible()
    expect(desk.get_by_role("heading", name="Look again")).to_have_count(0)
    desk.goto("/desk/")
    expect(desk.get_by_role("heading", name="Look again")).to_have_count(0)

    # The same news again changes nothing.
    sent = len(mailoutbox)
    watch()
    desk.reload()
    expect(desk.get_by_role("heading", name="Look again")).to_have_count(0)
    assert len(mailoutbox) == sent

    # The author's next edition needs a word about it.
    current = Article.objects.get(pk=article.pk)
    current.heading = "Yes, by one trial"
    drafting.save(current, by=author, base_version=current.version)
    writing = open_window(author)
    writing.goto(mail_to(author, mailoutbox, "Look again"))
    expect(writing.get_by_text(DECISION)).to_be_visible()
    writing.goto(reverse("desk:submit", args=[article.pk]))
    why = writing.get_by_label("Why @alpha is cited all the same (retracted)")
    expect(why).to_be_visible()
    clean(writing)
    writing.get_by_label("To the board").fill("A narrower answer.")
    writing.get_by_role("button", name="Submit edition 2").click()
    expect(why).to_have_accessible_description(re.compile("Say why the answer cites this work"))
    expect(writing.get_by_label("To the board")).to_have_value("A narrower answer.")
    clean(writing)
    why.fill(JUSTIFICATION)
    writing.get_by_role("button", name="Submit edition 2").click()
    expect(writing.get_by_text("Edition 2 is submitted: the board is told.")).to_be_visible()

    # The board member reads it before the text, at the work, and where they sign.
    board = open_window(member)
    board.goto(mail_to(member, mailoutbox, "For review"))
    flagged = board.get_by_role("region", name="Flagged works")
    expect(flagged.get_by_text(JUSTIFICATION)).to_be_visible()
    expect(board.locator("#ref-1").get_by_text(JUSTIFICATION)).to_be_visible()
    clean(board)
    board.get_by_role("button", name="Take up this review").click()
    read_every_text(board)
    expect(board.get_by_role("region", name="Flagged works").get_by_text(JUSTIFICATION)).to_be_visible()
    clean(board)
    call_command("verify_record")
