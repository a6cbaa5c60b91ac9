"""An author looks a work up and adds it, by keyboard and without JavaScript too; and by hand when nobody answers."""

from __future__ import annotations

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from people.models import User
from references.models import Reference
from tests.journeys.conftest import Open
from tests.local_apis import LocalApis
from tests.references.conftest import apis  # noqa: F401 - a fixture

pytestmark = [pytest.mark.chromium, pytest.mark.looks, pytest.mark.xdist_group(__name__)]


def violations(page: Page) -> list[str]:
    page.evaluate(AXE_SCRIPT)
    return [each["id"] for each in page.evaluate("() => axe.run().then(result => result.violations)")]


@pytest.mark.parametrize("java_script", [True, False])
def test_a_work_is_looked_up_and_added(
    open_window: Open, author: User, apis: LocalApis, java_script: bool  # noqa: F811
):  # fmt: skip
    apis.set("10.5555/one", title=["Delta in gamma"])
    apis.set("10.5555/two", title=["Delta in beta"])
    page = open_window(author, java_script_enabled=java_script)
    page.goto("/desk/library/new/")
    page.get_by_label("Key (optional)").fill("mine")
    page.get_by_label("Look it up").fill("delta in beta")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Delta in beta").click()
    expect(page.get_by_label("Title")).to_have_value("Delta in beta")
    expect(page.get_by_label("Key (optional)")).to_have_value("mine")
    expect(page.get_by_text("Nothing is saved yet")).to_be_visible()
    if java_script:
        assert violations(page) == []
    page.get_by_role("button", name="Add to the library").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Delta in beta")
    saved = Reference.objects.get()
    assert (saved.key, saved.doi) == ("mine", "10.5555/two")


def test_the_enter_key_in_another_field_adds_the_work(open_window: Open, author: User):
    page = open_window(author)
    page.goto("/desk/library/new/")
    page.get_by_label("Title").fill("By hand")
    page.get_by_label("Year").first.fill("2020")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("By hand")


def test_nobody_answers(
    open_window: Open, author: User, apis: LocalApis  # noqa: F811
):  # fmt: skip
    apis.behave("broken")
    page = open_window(author)
    page.goto("/desk/library/new/")
    page.get_by_label("Title").fill("By hand")
    page.get_by_label("Look it up").fill("10.5555/one")
    page.get_by_role("button", name="Look up", exact=True).click()
    expect(page.get_by_text("Crossref answered with something that is not JSON")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Add to the library").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("By hand")
