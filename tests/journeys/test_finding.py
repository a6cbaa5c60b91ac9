"""A pharmacist who misspells a drug; suggestions by keyboard and by touch; a librarian who takes all references."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from articles.models import Edition, NoticeKind, Publication
from people.models import User
from references.formats import reading
from references.models import Reference
from reviews import workflow
from tests.journeys.conftest import TURN, Open
from tests.readers.conftest import approve, publish, submit, write

__all__ = ["approve", "publish", "submit", "write"]

pytestmark = [pytest.mark.chromium, pytest.mark.looks, pytest.mark.xdist_group(__name__)]

PHONE = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True}
METFORMIN = "Does metformin lower the risk of myocardial infarction?"
KIDNEYS = "Which dose of metformin is safe in kidney disease?"
PNEUMONIA = "How is pneumonia treated at home?"
DOSES = """## Evidence

Two trials agree [@beta; @alpha].

## Dosing

Below an eGFR of 45 the daily dose of metformin is halved, and below 30 it is stopped [@gamma].
"""


@pytest.fixture
def answers(write, publish) -> dict[str, Edition]:
    texts = {METFORMIN: {}, KIDNEYS: {"body": DOSES}, PNEUMONIA: {}}
    return {question: publish(write(question, **fields)) for question, fields in texts.items()}


def address(edition: Edition) -> str:
    return reverse("readers:answer", args=[Publication.objects.get(edition=edition).slug])


def search_field(page: Page) -> Locator:
    return page.get_by_role("main").locator("input[name=q]")


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_a_pharmacist_misspells_a_drug(open_window: Open, answers, script: bool):
    page = open_window(**PHONE, java_script_enabled=script)
    page.goto("/?for=pharmacist")
    search_field(page).fill("daily dose of metphormin when egfr is 40")
    page.get_by_role("main").get_by_role("button", name="Search").tap()
    expect(page.locator("#mended")).to_contain_text("Did you mean daily dose of metformin when egfr is 40?")
    first = page.locator(".answer-list .line").first
    expect(first.locator("mark").filter(has_text="metformin").first).to_be_visible()
    expect(first).to_contain_text("the daily dose of metformin is halved")
    expect(first).to_contain_text("Approved")
    first.get_by_role("link", name=f"Read this passage of “{KIDNEYS}”").tap()
    expect(page).to_have_url(re.compile(r"/\?for=pharmacist#s-dosing$"))
    expect(page.get_by_text("below 30 it is stopped")).to_be_in_viewport()


def test_narrowing_and_what_nothing_is_found_for(open_window: Open, answers, editor: User):
    with TURN:
        workflow.add_notice(answers[METFORMIN], by=editor, kind=NoticeKind.RETRACTION, text="Its trial was invented.")
    page = open_window()
    page.goto("/search/?q=metformin")
    expect(page.locator(".answer-list__question")).to_have_text([KIDNEYS, METFORMIN])
    retracted = page.locator(".line").filter(has_text=METFORMIN)
    expect(retracted).to_contain_text("Retracted")
    expect(retracted).to_contain_text("Do not rely on it")
    page.locator("summary").filter(has_text="Narrow the results").click()
    page.get_by_label("Review").select_option("Approved")
    page.get_by_role("button", name="Narrow").click()
    expect(page.locator(".answer-list__question")).to_have_text([KIDNEYS])
    page.get_by_label("Published to").fill("2001-01-01")
    page.get_by_role("button", name="Narrow").click()
    expect(page.get_by_role("heading", name="Nothing found for “metformin”")).to_be_visible()
    page.get_by_role("link", name="Search all answers, without narrowing").click()
    expect(page.locator(".answer-list__question")).to_have_count(2)


def test_suggestions_by_keyboard_alone(open_window: Open, answers):
    page = open_window()
    page.goto("/search/?for=pharmacist")
    field = search_field(page)
    for _step in range(30):
        if field.evaluate("field => field === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(field).to_be_focused()
    page.keyboard.type("metfo")
    options = page.get_by_role("option")
    expect(options).to_have_count(2)
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_text("2 questions suggested")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", str(options.nth(1).get_attribute("id")))
    # Escape closes the list and leaves what was typed.
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(field).to_have_value("metfo")
    expect(field).not_to_have_attribute("aria-activedescendant", re.compile("."))
    page.keyboard.press("ArrowDown")
    expect(options).to_have_count(2)
    page.keyboard.press("ArrowUp")
    chosen = options.nth(1).inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(chosen)
    expect(page).to_have_url(re.compile(r"\?for=pharmacist$"))
    # The header of an answer suggests as well; Enter without a choice searches.
    header = page.get_by_role("banner").get_by_role("combobox")
    header.focus()
    page.keyboard.type("pneum")
    expect(page.get_by_role("option")).to_have_text([PNEUMONIA])
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=pneum&for=pharmacist$"))
    expect(page.locator(".answer-list__question").first).to_have_text(PNEUMONIA)


def test_suggestions_by_touch(open_window: Open, answers):
    page = open_window(**PHONE)
    page.goto("/")
    field = search_field(page)
    field.tap()
    field.press_sequentially("kidn")
    option = page.get_by_role("option", name=KIDNEYS)
    expect(option).to_be_in_viewport()
    box, form = option.bounding_box(), page.get_by_role("main").get_by_role("search").bounding_box()
    assert box
    assert form
    assert box["height"] >= 44
    assert abs(box["width"] - form["width"]) < 4
    option.tap()
    expect(page.get_by_role("heading", level=1)).to_have_text(KIDNEYS)


def test_a_librarian_takes_all_references_away(open_window: Open, answers, works: list[Reference], tmp_path: Path):
    page = open_window()
    page.goto(address(answers[KIDNEYS]))
    expect(page.locator(".references > li")).to_have_count(len(works))
    for name in ("RIS", "BibTeX", "CSL-JSON"):
        with page.expect_download() as expected:
            page.get_by_role("link", name=f"References as {name}").click()
        path = tmp_path / expected.value.suggested_filename
        expected.value.save_as(path)
        taken = reading.read(path.read_bytes(), path.name)
        assert not taken.problems, name
        for field in ("title", "doi", "year", "container", "authors"):
            expected_values = sorted(str(getattr(work, field)) for work in works)
            assert sorted(str(getattr(work, field)) for work in taken.works) == expected_values, (name, field)
