"""Reading for everyone: what a screen reader gets, a walk by keyboard, paper, and what a browser was asked for."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from articles.models import Edition
from tests.journeys.conftest import Open

pytestmark = [pytest.mark.chromium, pytest.mark.looks, pytest.mark.xdist_group(__name__)]

NAMED = {
    "link",
    "button",
    "textbox",
    "searchbox",
    "combobox",
    "checkbox",
    "radio",
    "navigation",
    "region",
    "img",
}
"""What has to have a name of its own."""
ONCE = ("banner", "main", "contentinfo")
MOST_STEPS = 150


def tree(page: Page) -> list[dict[str, Any]]:
    """The nodes that assistive technology gets: role, name and level, in the order of the page."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    told = []
    for node in nodes:
        if node.get("ignored"):
            continue
        level = next((one["value"]["value"] for one in node.get("properties", []) if one["name"] == "level"), 0)
        told.append({"role": node["role"]["value"], "name": node.get("name", {}).get("value", ""), "level": level})
    return told


def paths(edition: Edition) -> list[str]:
    slug = edition.article.slug
    return [
        "/",
        "/answers/",
        "/topics/",
        "/search/?q=alpha",
        "/search/?q=nothinglikethis",
        "/policy/",
        "/board/",
        "/about/",
        "/ask/",
        f"/answers/{slug}/",
        f"/answers/{slug}/?for=patient",
        f"/answers/{slug}/editions/1/",
        f"/answers/{slug}/texts/?for=patient",
        f"/answers/{slug}/compare/",
        f"/feedback/mistake/?answer={slug}",
    ]


def test_headings_landmarks_and_names(open_window: Open, live: Edition):
    page = open_window()
    wrong = []
    for path in paths(live):
        page.goto(path)
        nodes = tree(page)
        levels = [int(one["level"]) for one in nodes if one["role"] == "heading"]
        if levels.count(1) != 1 or levels[0] != 1:
            wrong.append(f"{path}: its headings begin {levels[:3]}")
        wrong += [
            f"{path}: from h{one} to h{next_}"
            for one, next_ in zip(levels, levels[1:], strict=False)
            if next_ > one + 1
        ]
        roles = [one["role"] for one in nodes]
        wrong += [f"{path}: {roles.count(role)} times {role}" for role in ONCE if roles.count(role) != 1]
        wrong += [
            f"{path}: {one['role']} without a name" for one in nodes if one["role"] in NAMED and not one["name"].strip()
        ]
        marks = [one["name"] for one in nodes if one["role"] in {"navigation", "search", "complementary"}]
        wrong += [f"{path}: two landmarks {name!r}" for name in set(marks) if name and marks.count(name) > 1]
        if not page.title().strip() or not page.locator("html").get_attribute("lang"):
            wrong.append(f"{path}: no title or language")
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("width", [360, 1280])
def test_tab_reaches_everything_in_order_and_is_seen(open_window: Open, live: Edition, width: int):
    page = open_window(viewport={"width": width, "height": 720})
    page.goto(f"/answers/{live.article.slug}/?for=patient")
    reached, wrong = [], []
    for _step in range(MOST_STEPS):
        page.keyboard.press("Tab")
        at = page.evaluate(
            """() => {
                const one = document.activeElement;
                if (!one || one === document.body) return null;
                const box = one.getBoundingClientRect(), style = getComputedStyle(one);
                const middle = [box.left + box.width / 2, box.top + box.height / 2];
                return {
                    name: (one.getAttribute("aria-label") || one.textContent || one.name || one.id).trim().slice(0, 40),
                    place: [...document.querySelectorAll("*")].indexOf(one),
                    inView: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
                    marked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
                    middle,
                };
            }"""
        )
        if at is None:
            break
        reached.append(at["name"])
        if not at["inView"]:
            wrong.append(f"{at['name']}: out of view")
        if not at["marked"]:
            wrong.append(f"{at['name']}: no outline")
    else:
        pytest.fail(f"Tab does not come to an end: {reached[-5:]}")
    assert wrong == []
    assert reached[0] == "Skip to the main content"
    for name in ("Yes", "No", "Report a mistake", "See what our answers say", "Forget who I said I am"):
        assert name in reached


def test_what_adapted_means_and_the_professional_text(open_window: Open, live: Edition):
    page = open_window()
    page.goto(f"/answers/{live.article.slug}/?for=patient")
    page.get_by_text("Adapted for patients and families").click()
    expect(page.get_by_text("before it signs them all together")).to_be_visible()
    page.get_by_role("link", name="Compare with the professional text").click()
    mine = page.get_by_role("region", name="Adapted for patients and families")
    theirs = page.get_by_role("region", name="The professional text")
    expect(mine).to_contain_text("Two studies agree.")
    expect(theirs).not_to_contain_text("Two studies agree.")
    expect(theirs).to_contain_text("Two trials agree")
    theirs.get_by_role("link", name="Reference 2").click()
    expect(page).to_have_url(re.compile(rf"/answers/{live.article.slug}/#ref-2$"))


def test_the_contents_follow_the_reader(open_window: Open, live: Edition):
    page = open_window(viewport={"width": 1280, "height": 500})
    page.goto(f"/answers/{live.article.slug}/")
    contents = page.get_by_role("navigation", name="On this page")
    page.locator("#history").scroll_into_view_if_needed()
    page.locator("#history").evaluate("(one) => one.scrollIntoView()")
    expect(contents.get_by_role("link", name="Public history")).to_have_attribute("aria-current", "location")


def test_on_paper_are_the_words_the_sources_and_the_edition(open_window: Open, live: Edition):
    page = open_window()
    page.goto(f"/answers/{live.article.slug}/")
    page.emulate_media(media="print")
    edition = page.locator(".print-edition")
    expect(edition).to_be_visible()
    expect(edition).to_contain_text(live.digest)
    expect(edition).to_contain_text("Edition 1")
    expect(page.locator("#references")).to_be_visible()
    for hidden in ("#ask", "#feedback", ".site-nav", ".contents", ".audience"):
        expect(page.locator(hidden).first).to_be_hidden()
    shown = page.locator(".reference__links a").first.evaluate("(one) => getComputedStyle(one, '::after').content")
    assert "https://doi.org/" in shown


@pytest.mark.parametrize(
    "wish", [{"forced_colors": "active"}, {"contrast": "more"}, {"reduced_motion": "reduce"}, {"color_scheme": "dark"}]
)
def test_what_the_reader_asked_the_browser_for(open_window: Open, live: Edition, wish: dict[str, str]):
    page = open_window(**wish)
    page.goto(f"/answers/{live.article.slug}/?for=patient")
    # A state is a word beside its shape, so that no colour has to be seen.
    expect(page.locator(".answer__state .state")).to_contain_text("Approved")
    button = page.get_by_role("button", name="See what our answers say")
    edge = button.evaluate("(one) => getComputedStyle(one).borderTopWidth")
    assert wish.get("forced_colors") != "active" or float(edge.removesuffix("px")) >= 1
    moving = page.evaluate(
        """() => [...document.querySelectorAll("*")].filter((one) => {
            const style = getComputedStyle(one);
            return parseFloat(style.transitionDuration) > 0 || style.animationName !== "none";
        }).length + (getComputedStyle(document.documentElement).scrollBehavior === "smooth" ? 1 : 0)"""
    )
    assert wish.get("reduced_motion") != "reduce" or moving == 0
