"""Steps that several journeys take at their windows, as a person would take them."""

from __future__ import annotations

import re

from playwright.sync_api import APIResponse, Page, expect

from tests.conftest import PASSWORD


def read_every_text(page: Page) -> int:
    """From the review page through each text to the decision; how many there were."""
    count = 0
    page.get_by_role("link", name=re.compile("^Read: ")).click()
    while True:
        count += 1
        expect(page.get_by_role("heading", name=re.compile("Bottom line"))).to_be_visible()
        following = page.get_by_role("link", name=re.compile("^Next: "))
        if not following.count():
            page.get_by_role("link", name="Sign a decision").click()
            return count
        following.click()


def sign(page: Page, decision: str, comment: str = "") -> None:
    """Fill and send the form of a decision."""
    page.get_by_role("radio", name=re.compile(f"^{decision}:")).check()
    page.get_by_label("Comment").fill(comment)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign this decision").click()
    expect(page.get_by_text("is signed and on record")).to_be_visible()


def post(page: Page, path: str, **data: str) -> APIResponse:
    """Send a form with this window's session and token straight to an address, past every button."""
    token = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    return page.request.post(path, form=data | {"csrfmiddlewaretoken": token}, max_redirects=0)
