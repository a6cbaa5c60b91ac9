"""Two people on one text: a passage commented on, the news of it, edits around it, the passage gone, a hand-over."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from articles.models import Article
from people.models import Role
from tests.journeys.conftest import Open
from tests.journeys.test_pages import WHOLE, violations

pytestmark = [pytest.mark.chromium, pytest.mark.xdist_group(__name__), pytest.mark.looks]

SELECT = """([name, words]) => {
    const area = document.getElementById(`id_${name}`);
    const at = area.value.indexOf(words);
    area.focus();
    area.setSelectionRange(at, at + words.length);
}"""
SELECTED = "() => { const a = document.activeElement; return a.value.slice(a.selectionStart, a.selectionEnd); }"


def save(page: Page) -> None:
    page.keyboard.press("Control+s")
    expect(page.get_by_text(re.compile(r"^Version \d+ is saved\.$"))).to_be_visible()


def panel(page: Page):
    tab = page.get_by_role("tab", name=re.compile("^Comments"))
    tab.click()
    return page.get_by_role("tabpanel", name=re.compile("^Comments"))


def test_a_passage_commented_on_edited_lost_and_handed_over(
    open_window: Open, draft: Article, author, editor, member, person
):
    new_owner = person("Nora New", Role.AUTHOR)
    edit = reverse("desk:article_edit", args=[draft.pk])
    desk, editing = open_window(author), open_window(editor)

    # The editor selects words, comments on them by keyboard and mentions the author.
    editing.goto(edit)
    editing.evaluate(SELECT, ["body", "Two trials agree"])
    editing.keyboard.press("Control+Alt+m")
    expect(editing.get_by_label("Your comment", exact=True)).to_be_focused()
    editing.keyboard.type("@Ada Author, which two?")
    editing.keyboard.press("Control+Enter")
    thread = editing.get_by_role("article", name="Text, line 3")
    expect(thread).to_contain_text("Two trials agree")
    expect(thread.locator(".mention")).to_have_text("@Ada Author")
    assert not violations(editing, WHOLE)
    # What was typed there is no change of the text.
    expect(editing.locator("[data-unsaved]")).to_be_empty()

    # The author gets the news, and is led to the passage.
    desk.goto(reverse("desk:home"))
    expect(desk.get_by_role("link", name=re.compile("^News 1"))).to_be_visible()
    expect(desk.get_by_role("heading", name="You were mentioned")).to_be_visible()
    desk.get_by_role("link", name=re.compile("^News 1")).click()
    assert not violations(desk, WHOLE)
    desk.get_by_role("link", name=re.compile("^Edda Editor mentioned you")).click()
    expect(desk.get_by_role("article", name="Text, line 3")).to_contain_text("which two?")
    assert not violations(desk, WHOLE)
    desk.goto(edit)
    panel(desk).get_by_role("link", name="Text, line 3").click()
    assert desk.evaluate(SELECTED) == "Two trials agree"

    desk.goto(reverse("desk:news_choices"))
    assert not violations(desk, WHOLE)

    # Edits around it: the comment stays with its passage; the answer is news to the editor.
    desk.goto(edit)
    desk.locator("#id_body").press("Control+Home")
    desk.keyboard.type("A new first line.\n\n")
    save(desk)
    threads = panel(desk)
    threads.get_by_role("link", name="Text, line 5").click()
    assert desk.evaluate(SELECTED) == "Two trials agree"
    panel(desk).get_by_label("Your answer").fill("Both of 2021.")
    desk.get_by_role("button", name="Answer", exact=True).click()
    expect(threads).to_contain_text("Both of 2021.")

    # On a phone the panel is a tab, and leads back to the text.
    phone = open_window(editor, viewport={"width": 360, "height": 740}, has_touch=True)
    phone.goto(reverse("desk:home"))
    expect(phone.get_by_text(re.compile("1 version by Ada Author, 1 new comment"))).to_be_visible()
    phone.goto(edit)
    panel(phone).get_by_role("link", name="Text, line 5").click()
    expect(phone.locator("#id_body")).to_be_focused()
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    # The passage is deleted: the comment says so, with the old words. Then it is ended, without JavaScript.
    desk.evaluate(SELECT, ["body", "Two trials agree [@beta; @alpha]."])
    desk.keyboard.press("Delete")
    save(desk)
    plain = open_window(editor, java_script_enabled=False)
    plain.goto(reverse("desk:comments", args=[draft.pk]))
    expect(plain.get_by_text("the passage is not in the text as saved")).to_be_visible()
    expect(plain.locator("del")).to_have_text("Two trials agree")
    plain.get_by_role("button", name="Done", exact=True).click()
    expect(plain.get_by_text("No open comment")).to_be_visible()
    plain.get_by_role("link", name=re.compile("^Resolved")).click()
    expect(plain.get_by_text("Done: Edda Editor")).to_be_visible()

    # The article goes to another author, who is told; a board member sees nothing of all this.
    desk.goto(reverse("desk:article", args=[draft.pk]))
    desk.get_by_role("link", name="hand over").click()
    assert not violations(desk, WHOLE)
    desk.get_by_label("To", exact=True).select_option(label="Nora New")
    desk.get_by_label("Why").fill("I am on leave.")
    desk.get_by_role("button", name="Hand it over").click()
    expect(desk.get_by_text("Nora New has the article now, and is told.")).to_be_visible()
    taking = open_window(new_owner)
    taking.goto(reverse("desk:news"))
    taking.get_by_role("link", name=re.compile("^Ada Author handed")).click()
    expect(taking.get_by_text("Handed over from Ada Author to Nora New: I am on leave.")).to_be_visible()
    board = open_window(member)
    response = board.goto(reverse("desk:comments", args=[draft.pk]))
    assert response
    assert response.status == 403
