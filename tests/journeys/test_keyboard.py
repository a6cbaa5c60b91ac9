"""Everything by keyboard alone: no step here uses a pointer."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from articles.models import Article, Edition
from reviews import workflow
from reviews.models import Verdict
from tests.conftest import PASSWORD
from tests.journeys.conftest import Open

pytestmark = [pytest.mark.chromium, pytest.mark.looks, pytest.mark.xdist_group(__name__)]

MOST_STEPS = 80


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus, which must then be seen: in the window, and with an outline."""
    for _step in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if target.evaluate("(one) => one === document.activeElement"):
            break
    else:
        pytest.fail(f"Tab does not reach {target}")
    expect(target).to_be_in_viewport()
    assert target.evaluate(
        """(one) => {
            const style = getComputedStyle(one);
            return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
        }"""
    ), f"the focus cannot be seen on {target}"


@pytest.mark.parametrize("place", ["public", "desk", "sign-in"])
def test_the_skip_link_leads_past_the_navigation(open_window: Open, live: Edition, author, place):
    page = open_window(author if place == "desk" else None)
    page.goto({"public": "/topics/", "desk": "/desk/articles/", "sign-in": "/account/login/"}[place])
    tab_to(page, page.get_by_role("link", name="Skip to the main content"))
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('#main').contains(document.activeElement)")


def test_the_audience_is_chosen_changed_and_forgotten(open_window: Open, live: Edition):
    page = open_window()
    page.goto(f"/answers/{live.article.slug}/")
    tab_to(page, page.get_by_role("link", name="Patient or family"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?for=patient$"))
    tab_to(page, page.locator(".audience summary"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name="Physician", exact=True))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?for=physician$"))
    tab_to(page, page.get_by_role("link", name="Forget who I said I am"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/answers/[^?]*\??$"))


def test_a_citation_opens_in_place_and_leads_to_its_reference(open_window: Open, live: Edition):
    page = open_window()
    page.goto(f"/answers/{live.article.slug}/")
    number = page.locator("#text a.cite").first
    tab_to(page, number)
    card = page.get_by_role("group", name=re.compile("beta|reference 2", re.IGNORECASE))
    expect(card).to_be_visible()
    expect(card).to_contain_text("The beta trial")
    page.keyboard.press("Tab")
    expect(card.get_by_role("link", name=re.compile("DOI"))).to_be_focused()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(number).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#ref-2$"))
    tab_to(page, page.locator("#ref-2").get_by_role("link", name=re.compile("Back to citation")).first)
    page.keyboard.press("Enter")
    expect(number).to_be_in_viewport()


def test_the_picker_cites_and_gives_the_focus_back(open_window: Open, draft: Article, author):
    page = open_window(author)
    page.goto(reverse("desk:article_edit", args=[draft.pk]))
    text = page.get_by_label("Text", exact=True)
    # The toolbar is one stop; arrow keys lead through it, and it remembers where one was.
    tab_to(page, page.get_by_role("toolbar").get_by_role("button").first)
    tab_to(page, text)
    page.keyboard.press("Control+Home")
    page.keyboard.type("See ")
    page.keyboard.press("Shift+Tab")
    for _step in range(20):
        if page.get_by_role("button", name="Cite a work").evaluate("(one) => one === document.activeElement"):
            break
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Cite a work")).to_be_focused()
    page.keyboard.press("Enter")
    picker = page.get_by_role("dialog")
    expect(picker.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("gamma")
    expect(picker.get_by_role("status")).to_have_text("1 work")
    page.keyboard.press("ArrowDown")
    expect(picker.get_by_role("listitem").get_by_role("button")).to_be_focused()
    page.keyboard.press("Enter")
    expect(picker).to_be_hidden()
    expect(text).to_be_focused()
    expect(text).to_have_value(re.compile(r"^See \[@gamma\]"))
    # Escape closes it and leaves the text as it was.
    before = text.input_value()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(picker).to_be_visible()
    page.keyboard.press("Escape")
    expect(picker).to_be_hidden()
    expect(text).to_be_focused()
    expect(text).to_have_value(before)


def test_a_decision_is_signed(open_window: Open, submitted: Edition, member):
    page = open_window(member)
    page.goto(reverse("desk:review", args=[submitted.pk]))
    tab_to(page, page.get_by_role("button", name="Take up this review"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("You have taken up this review")).to_be_visible()
    tab_to(page, page.get_by_role("link", name="Decision"))
    page.keyboard.press("Enter")
    approve = page.get_by_role("radio", name=re.compile("^Approve:"))
    tab_to(page, approve)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(approve).to_be_checked()
    tab_to(page, page.get_by_label("Comment"))
    page.keyboard.type("Well said.")
    tab_to(page, page.get_by_label("Your password"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("is signed and on record")).to_be_visible()
    assert Verdict.objects.get().kind == Verdict.Kind.APPROVE
    assert workflow.case_of(submitted.article, submitted).review_state == "approved"
