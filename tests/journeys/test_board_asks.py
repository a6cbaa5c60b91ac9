"""The board comments on a passage that it reads, the author answers in the editor, and only then submits again."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from articles.models import Article, Thread
from reviews import workflow
from tests.journeys.conftest import Open
from tests.journeys.test_pages import WHOLE, violations

pytestmark = [pytest.mark.chromium, pytest.mark.xdist_group(__name__), pytest.mark.looks]

SELECT = """(words) => {
    const walker = document.createTreeWalker(document.getElementById("text"), NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = node.data.indexOf(words);
        if (at < 0) continue;
        document.getSelection().setBaseAndExtent(node, at, node, at + words.length);
        return true;
    }
    return false;
}"""


def test_a_passage_that_the_board_asks_about(open_window: Open, draft: Article, author, member, editor):
    edition = workflow.submit(draft, by=author)
    workflow.take_up(edition, by=member)
    board, desk = open_window(member), open_window(author)

    # The member selects words of the text; a button takes them into the comment.
    board.goto(reverse("desk:review_text", args=[edition.pk, 1]))
    assert board.evaluate(SELECT, "Two trials agree")
    board.get_by_role("button", name=re.compile("selected words", re.IGNORECASE)).click()
    expect(board.get_by_label("Your comment")).to_be_focused()
    board.keyboard.type("Which two?")
    board.get_by_role("button", name="Comment", exact=True).click()
    board.get_by_role("link", name="Comments (1)").click()
    expect(board.locator(".thread__quote")).to_have_text("Two trials agree")
    assert not violations(board, WHOLE)
    thread = Thread.objects.get()
    assert (thread.edition_id, thread.field, thread.exact) == (edition.pk, "body", "Two trials agree")

    # The author is told that it waits, finds it beside the text, and says why it was not done.
    workflow.pull_back(edition, by=author)
    desk.goto(reverse("desk:submit", args=[draft.pk]))
    expect(desk.get_by_role("main")).to_contain_text("1 comment of the board waits for an answer")
    desk.goto(reverse("desk:article_edit", args=[draft.pk]))
    desk.get_by_role("tab", name=re.compile("^Comments")).click()
    panel = desk.get_by_role("tabpanel", name=re.compile("^Comments"))
    expect(panel).to_contain_text("Which two?")
    panel.get_by_label("Your answer").fill("They are cited behind it.")
    panel.get_by_role("button", name=re.compile("^Not done")).click()
    expect(panel).to_contain_text("No open comment")
    thread.refresh_from_db()
    assert (thread.resolution, thread.because) == ("not-done", "They are cited behind it.")

    # Now it can be submitted, and the next round sees what became of it.
    desk.goto(reverse("desk:submit", args=[draft.pk]))
    expect(desk.get_by_role("main")).not_to_contain_text("waits for an answer")
    draft.refresh_from_db()
    workflow.submit(draft, by=author)
    board.goto(reverse("desk:review_comments", args=[edition.pk]))
    expect(board.get_by_role("main")).to_contain_text("They are cited behind it.")
    assert not violations(board, WHOLE)
