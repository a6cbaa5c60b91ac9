"""A patient on a phone who asks in many words; one who can't wait; a mistake reported where it stands."""

from __future__ import annotations

import datetime
import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from articles import site
from articles.models import Article, Edition
from people.models import User
from readers import moments
from readers.models import Feedback, FollowUpQuestion
from tests.journeys.conftest import TURN, Open

pytestmark = [pytest.mark.chromium, pytest.mark.looks, pytest.mark.xdist_group(__name__)]

PHONE = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True}
RAMBLING = (
    "hello, my doctor gave me alpha last week because of my beta and now i am not so sure about it any more, my sister "
    "says she had it too. Does alpha really help with beta or not?"
)
OF_ANOTHER_WORLD = "Which vaccines does my parrot need before we travel to Iceland in the winter?"


def ask(page: Page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="See what our answers say").tap()


@pytest.fixture(autouse=True)
def _a_quick_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """A journey reads quicker than people do."""
    monkeypatch.setattr(moments, "SOONEST", datetime.timedelta(0))


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_a_rambling_question_gets_a_passage_and_is_sent_on(open_window: Open, live: Edition, script: bool):
    page = open_window(**PHONE, java_script_enabled=script)
    page.goto("/?for=patient")
    ask(page, RAMBLING)
    expect(page.get_by_role("heading", level=1)).to_have_text("What our answers say")
    passage = page.locator(".passage").first
    expect(passage).to_contain_text("Does alpha help?")
    expect(passage.locator("blockquote")).to_contain_text(
        re.compile("It helps a little|Two studies agree|Two trials agree")
    )
    expect(passage).to_contain_text("Approved")
    assert not FollowUpQuestion.objects.exists()

    expect(page.get_by_text("An editor reads your question within 7 days.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Your question")).to_have_value(RAMBLING)
    page.get_by_label("Your e-mail address").fill("rita@example.org")
    page.get_by_role("button", name="Send it to the editors").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Thank you"))
    kept = FollowUpQuestion.objects.get()
    assert (kept.text, kept.audience, kept.email) == (RAMBLING, "patient", "rita@example.org")
    # Another time the passage was enough.
    page.goto(f"/answers/{live.article.slug}/?for=patient")
    ask(page, "Does alpha really help in beta?")
    page.get_by_role("link", name=re.compile("^Read on in the answer")).first.tap()
    expect(page).to_have_url(re.compile(rf"/answers/{live.article.slug}/\?for=patient#"))
    page.go_back()
    page.get_by_role("button", name="This helped").first.tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you: it is counted that this helped")
    assert Feedback.objects.get().kind == "helped"


def test_nothing_close_is_said_and_personal_details_are_pointed_out(open_window: Open, live: Edition):
    page = open_window(**PHONE)
    page.goto("/search/?q=parrots")
    expect(page.get_by_label("Your question")).to_have_value("parrots")
    ask(page, f"{OF_ANOTHER_WORLD} He was born 3.4.2019.")
    expect(page.get_by_role("heading", level=1)).to_have_text("No answer of ours comes close")
    expect(page.locator(".passage")).to_have_count(0)
    expect(page.get_by_text("a full date, such as a birth date")).to_be_visible()
    page.get_by_role("link", name="Change the question").tap()
    question = page.get_by_role("textbox", name="Your question")
    expect(question).to_be_in_viewport()
    question.fill(OF_ANOTHER_WORLD)
    page.get_by_role("button", name="Send it all the same").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Thank you"))
    assert FollowUpQuestion.objects.get().text == OF_ANOTHER_WORLD


def test_an_emergency_comes_first(open_window: Open, live: Edition, editor: User):
    with TURN:
        texts = site.current()
        texts.country = "GB"
        site.save(texts, by=editor)
    page = open_window(**PHONE)
    page.goto("/ask/")
    ask(page, "I have chest pain now, does alpha help in beta?")
    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("call 999 now")
    expect(notice).to_be_in_viewport()
    box, heading = notice.bounding_box(), page.get_by_role("heading", level=1).bounding_box()
    assert box
    assert heading
    assert box["y"] < heading["y"]
    expect(page.locator(".passage").first).to_be_visible()


def test_a_mistake_in_a_selected_passage_reaches_the_desk(
    open_window: Open, live: Edition, draft: Article, editor: User, author: User
):
    page = open_window()
    page.goto(f"/answers/{draft.slug}/")
    take = page.get_by_role("button", name="Report a mistake in these words")
    expect(take).to_be_hidden()
    page.locator("#text p").filter(has_text="Two trials agree").select_text()
    take.click()
    expect(page.get_by_label("The passage")).to_have_value("Two trials agree.")
    what = page.get_by_label("What is wrong")
    expect(what).to_be_focused()
    what.fill("There are three by now.")
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("your report is with our editors"))
    mine = page.url

    desk = open_window(editor)
    desk.goto(reverse("desk:questions"))
    desk.get_by_role("link", name="Mistakes and opinions").click()
    desk.get_by_role("link", name="There are three by now.").click()
    desk.get_by_role("button", name="Take it up").click()
    expect(desk.get_by_label("Comment for the author")).to_have_value("There are three by now.")
    desk.get_by_role("button", name="Comment on the passage").click()
    expect(desk.get_by_text("the author finds it as a comment")).to_be_visible()

    writing = open_window(author)
    writing.goto(reverse("desk:comments", args=[draft.pk]))
    expect(writing.get_by_text("There are three by now.")).to_be_visible()
    page.goto(mine)
    expect(page.get_by_text("An editor has passed it on to the author")).to_be_visible()
    page.get_by_role("button", name="Erase my words now").click()
    expect(page.get_by_text("There are three by now.")).to_have_count(0)
