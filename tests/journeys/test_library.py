"""Somebody keeps the library: finds as they type, opens a work by keys, changes several; and without JavaScript."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from people.models import User
from references.models import Event, Reference
from references.watching import flags
from tests.journeys.conftest import Open

pytestmark = [pytest.mark.chromium, pytest.mark.looks, pytest.mark.xdist_group(__name__)]
LIST = "/desk/library/"


def violations(page: Page) -> list[str]:
    page.evaluate(AXE_SCRIPT)
    return [each["id"] for each in page.evaluate("() => axe.run().then(result => result.violations)")]


def test_works_are_found_as_one_types_and_opened_by_keys(
    open_window: Open, author: User, works: list[Reference]
) -> None:
    page = open_window(author)
    page.goto(LIST)
    rows, search = page.locator("[data-row]"), page.get_by_role("searchbox")
    expect(rows).to_have_count(3)
    page.keyboard.press("/")
    expect(search).to_be_focused()
    page.keyboard.type("alpha gam")
    expect(rows).to_have_count(1)
    expect(search).to_be_focused()
    expect(search).to_have_value("alpha gam")
    expect(page.locator("#works-count")).to_have_text("1 work fits.")
    expect(page.get_by_role("link", name="Clear the filters")).to_be_visible()
    assert "q=alpha+gam" in page.url, "the address leads to what is shown"
    page.keyboard.type("zz")
    expect(page.get_by_text("No work fits")).to_be_visible()
    search.fill("alpha")
    expect(rows).to_have_count(3)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="The alpha trial")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="The gamma trial")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("The beta trial")
    page.go_back()
    expect(search).to_have_value("alpha")
    expect(rows).to_have_count(3)


def test_the_keys_can_be_switched_off(open_window: Open, author: User, works: list[Reference]) -> None:
    page = open_window(author)
    page.goto(LIST)
    page.get_by_text("Keyboard", exact=True).click()
    page.get_by_label("Use the keys / j k x").uncheck()
    page.reload()
    page.keyboard.press("/")
    page.keyboard.press("j")
    expect(page.get_by_role("searchbox")).not_to_be_focused()
    expect(page.get_by_role("link", name="The alpha trial")).not_to_be_focused()
    page.get_by_role("searchbox").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="The beta trial")).to_be_focused()


@pytest.mark.parametrize("java_script", [True, False])
def test_two_works_get_another_kind(open_window: Open, author: User, works: list[Reference], java_script: bool) -> None:
    page = open_window(author, java_script_enabled=java_script)
    page.goto(LIST)
    if java_script:
        page.keyboard.press("j")
        page.keyboard.press("x")
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("Space")
        expect(page.locator("[data-selected]")).to_have_text("(2)")
    else:
        page.get_by_label("Select alpha").check()
        page.get_by_label("Select gamma").check()
    page.get_by_label("New kind").select_option("cohort")
    page.get_by_role("button", name="Change the kind").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Make 2 works each a cohort?")
    if java_script:
        assert violations(page) == []
    page.get_by_role("button", name="Change the kind").click()
    expect(page.get_by_text("2 works have the kind cohort now.")).to_be_visible()
    assert set(Reference.objects.filter(kind="cohort")) == {works[0], works[2]}


def test_all_works_of_the_page_are_selected_at_once(open_window: Open, author: User, works: list[Reference]) -> None:
    page = open_window(author)
    page.goto(LIST)
    page.get_by_label("All on this page").check()
    expect(page.locator("[data-row] input:checked")).to_have_count(3)
    page.get_by_label("Select beta").uncheck()
    expect(page.locator("[data-selected]")).to_have_text("(2)")
    expect(page.locator("[data-all]")).not_to_be_checked()


def test_a_list_that_does_not_answer_says_so(open_window: Open, author: User, works: list[Reference]) -> None:
    page = open_window(author)
    page.goto(LIST)
    page.route(re.compile(r"q="), lambda route: route.fulfill(status=409, body="no"))
    page.get_by_role("searchbox").fill("gamma")
    expect(page.locator("#works-count")).to_contain_text("could not be brought up to date")
    expect(page.locator("[data-row]")).to_have_count(3)
    page.unroute_all()
    page.keyboard.press("Enter")
    expect(page.locator("#works-count")).to_have_text("1 work fits.")


def test_a_flag_is_reported_and_dismissed(open_window: Open, editor: User, works: list[Reference]) -> None:
    page = open_window(editor)
    page.goto(f"{LIST}{works[0].pk}/")
    page.get_by_role("link", name="Report a flag").click()
    page.get_by_label("retraction").check()
    page.get_by_label("The notice").fill("10.5555/notice")
    page.get_by_role("button", name="Flag the work").click()
    expect(page.get_by_role("heading", name="Retraction", exact=True)).to_be_visible()
    page.get_by_text("It does not hold?").click()
    page.get_by_role("button", name="Dismiss the flag").click()
    expect(page.get_by_text("Say why the flag does not hold")).to_be_visible()
    page.get_by_label("Why the flag does not hold").fill("Another paper")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Retraction – dismissed")).to_be_visible()
    assert Event.objects.get().dismissed_why == "Another paper"


@pytest.mark.looks
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_bars_the_way_at_any_width(
    open_window: Open, editor: User, works: list[Reference], width: int, scheme: str
) -> None:
    flags.report(works[0], kind="retraction", source="crossref", notice="doi:10.5555/notice", text="Made up")
    gone, _is_news = flags.report(works[0], kind="concern", source="crossref")
    flags.dismiss(gone, by=editor, why="Another paper")
    Reference.objects.filter(pk=works[1].pk).update(title="Averylongword" * 12)
    page = open_window(editor, color_scheme=scheme, viewport={"width": width, "height": 800})
    one = f"{LIST}{works[0].pk}/"
    for address in (LIST, f"{LIST}?q=zeta", one, f"{one}edit/", f"{one}flag/", f"{LIST}{works[1].pk}/"):
        page.goto(address)
        assert violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, address
    page.goto(LIST)
    row = page.locator("[data-row]").first
    expect(row.get_by_text("Journal of Tests")).to_be_visible()
    inside = "node => node.scrollWidth <= node.clientWidth"
    assert page.locator(".library-works").evaluate(inside), "no table is scrolled sideways"
    if width == 360:
        box, title = row.get_by_role("checkbox").bounding_box(), row.locator("[data-open]").bounding_box()
        assert box, title
        assert title["y"] < box["y"] + box["height"], "the box stands beside the title, not above it"
