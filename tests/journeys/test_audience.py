"""Which kind of reader somebody is: kept as one word on their device, and nowhere else."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, expect

from articles.models import Edition
from tests.journeys.conftest import Open

pytestmark = [pytest.mark.chromium, pytest.mark.looks, pytest.mark.xdist_group(__name__)]

AS_PATIENT = re.compile(r"\?for=patient$")


def kept(context: BrowserContext) -> dict[str, str]:
    return {cookie["name"]: cookie["value"] for cookie in context.cookies()}


def test_a_choice_is_kept_leads_on_from_outside_and_is_forgotten(open_window: Open, live: Edition):
    page = open_window()
    bare = f"/answers/{live.article.slug}/"
    page.goto("/")
    page.goto(bare)
    assert kept(page.context) == {}
    page.get_by_role("link", name="Patient or family").click()
    expect(page).to_have_url(AS_PATIENT)
    assert kept(page.context) == {"audience": "patient"}

    # A link from outside names no reader; the way back leads out again, not here.
    outside = page.context.new_page()
    outside.goto("/robots.txt")
    outside.goto(bare)
    expect(outside).to_have_url(AS_PATIENT)
    expect(outside.get_by_role("heading", level=1)).to_have_text("Does alpha help?")
    outside.go_back()
    expect(outside).to_have_url(re.compile("/robots.txt$"))
    for path in ("/", "/answers/", "/search/?q=alpha"):
        outside.goto(path)
        expect(outside).to_have_url(re.compile(r"[?&]for=patient"))
    # Another reader's address, opened on purpose, is shown as it says and changes no choice.
    outside.goto(f"{bare}?for=nurse")
    expect(outside.get_by_text("Adapted for nurses")).to_be_visible()
    assert kept(page.context) == {"audience": "patient"}
    # A page on which nothing differs stays where it is.
    outside.goto("/policy/")
    expect(outside).to_have_url(re.compile("/policy/$"))

    outside.goto(bare)
    outside.get_by_role("link", name="Forget who I said I am").click()
    expect(outside).to_have_url(re.compile(rf"{bare}\??$"))
    expect(outside.get_by_text("Which of these describes you?")).to_be_visible()
    assert kept(page.context) == {}
    outside.goto(bare)
    expect(outside.get_by_role("heading", level=1)).to_have_text("Does alpha help in beta?")


def test_an_unknown_word_on_the_device_does_nothing(open_window: Open, live: Edition, server):
    page = open_window()
    page.context.add_cookies([{"name": "audience", "value": "emperor", "url": server.url}])
    page.goto(f"/answers/{live.article.slug}/")
    expect(page.get_by_text("Which of these describes you?")).to_be_visible()
    expect(page).to_have_url(re.compile("/$"))
    page.goto(f"/answers/{live.article.slug}/?for=emperor")
    expect(page).to_have_url(re.compile(r"/answers/[^?]*$"))


def test_the_choice_goes_along_to_the_next_answer(open_window: Open, live: Edition):
    page = open_window()
    page.goto("/?for=patient")
    page.get_by_role("main").get_by_role("link", name="Does alpha help?").first.click()
    expect(page).to_have_url(AS_PATIENT)
    page.get_by_role("banner").get_by_role("combobox").fill("alpha")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=alpha&for=patient$"))
    page.get_by_role("link", name="Does alpha help?").click()
    expect(page).to_have_url(AS_PATIENT)
    expect(page.get_by_text("Two studies agree.")).to_be_visible()
