"""Writing in the editor: by keyboard alone, citations in place, a preview that keeps up, and nothing lost."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import reverse
from playwright.sync_api import Page, expect

from articles import glossary
from articles.models import Article
from people.models import User
from references.models import Reference
from tests.journeys.conftest import Open
from tests.local_apis import LocalApis
from tests.references.conftest import apis  # noqa: F401 - a fixture

pytestmark = [pytest.mark.chromium, pytest.mark.looks, pytest.mark.xdist_group(__name__)]

ANSWER = """\
## What the trials say

Alpha lowers the risk a little [@alpha].

- The beta trial agrees [@beta, p. 3].
- The gamma trial does not [@gamma; @alpha].

### How sure that is

**Fairly** sure, as *one* review found [@{new}], and the beta trial too [@beta].

::: plain
It can help a little.
:::
"""


def violations(page: Page) -> list[str]:
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate("() => axe.run().then(result => result.violations)")
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found]


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the field of this label has the focus."""
    field = page.get_by_label(name, exact=True)
    for _step in range(80):
        if field.evaluate("(one) => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not reach {name}")


def cite(page: Page, words: str, key: str) -> None:
    """Type @ and words, and take the work of this key from what they find."""
    with page.expect_response(lambda answer: answer.url.endswith(f"?q={quote(words)}")):
        page.keyboard.type(f"@{words}")
    wanted = page.get_by_role("listbox", name="Works").locator(f"[data-citation='[@{key}]']")
    expect(wanted).to_be_visible()
    for _step in range(12):
        if wanted.get_attribute("aria-selected") == "true":
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(wanted).to_have_count(0)


def paste(page: Page, text: str) -> None:
    """Put a text on the clipboard and paste it, as a person does."""
    page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+v")


def test_a_full_answer_by_keyboard_alone(
    open_window: Open, author: User, works: list[Reference], apis: LocalApis  # noqa: F811
):  # fmt: skip
    apis.set("10.5555/one", title=["A review of tests"])
    page = open_window(author, permissions=["clipboard-read", "clipboard-write"])
    page.goto(reverse("desk:article_new"))
    keys = page.keyboard
    text = page.get_by_label("Text", exact=True)

    tab_to(page, "Question")
    keys.type("Does alpha help?")
    tab_to(page, "Bottom line (optional)")
    keys.type("It helps a little ")
    cite(page, "alpha trial", "alpha")
    keys.type(".")
    expect(page.get_by_label("Bottom line (optional)", exact=True)).to_have_value("It helps a little [@alpha].")

    # Marks by key; a list goes on by Enter and ends on an empty item; an address opens no list.
    tab_to(page, "Text")
    keys.type("What the trials say")
    keys.press("Control+Alt+2")
    keys.type("\n\nAlpha lowers the risk a little ")
    cite(page, "alpha", "alpha")
    keys.type(".\n\nThe beta trial agrees ")
    keys.press("Control+Shift+8")
    cite(page, "beta 2021", "beta")
    keys.press("ArrowLeft")
    keys.type(", p. 3")
    keys.press("ArrowRight")
    keys.type(".\nThe gamma trial does not ")
    cite(page, "gamma", "gamma")
    keys.press("ArrowLeft")
    keys.type("; ")
    cite(page, "alpha", "alpha")
    keys.press("End")
    keys.type(".\n\nHow sure that is")
    keys.press("Control+Alt+3")
    keys.type("\n\n")
    keys.press("Control+b")
    keys.type("Fairly")
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    keys.type(" sure, as ")
    keys.press("Control+i")
    keys.type("one")
    keys.press("ArrowRight")
    keys.type(" review found @")
    # A DOI pasted behind the @ is looked up, added and cited in one step.
    paste(page, "https://doi.org/10.5555/ONE")
    expect(page.get_by_text("Added to the library from Crossref")).to_be_visible()
    new = Reference.objects.get(doi="10.5555/one").key
    expect(text).to_have_value(re.compile(rf"review found \[@{new}\]$"))
    keys.type(", and the beta trial too ")
    cite(page, "beta", "beta")
    keys.type(".")
    keys.press("Control+Alt+p")
    keys.type("It can help a little.")
    expect(text).to_have_value(ANSWER.format(new=new))

    # The browser takes back what a key did, and does it again.
    keys.press("Control+z")
    expect(text).not_to_have_value(ANSWER.format(new=new))
    keys.press("Control+Shift+z")
    expect(text).to_have_value(ANSWER.format(new=new))

    # The work at the cursor; Tab leaves the text.
    keys.press("Control+Home")
    for _line in range(2):
        keys.press("ArrowDown")
    keys.press("End")
    keys.press("ArrowLeft")
    keys.press("Control+.")
    expect(page.locator("[data-work-card]")).to_contain_text("The alpha trial")
    keys.press("Escape")
    expect(page.locator("[data-work-card]")).to_be_hidden()
    keys.press("Tab")
    expect(text).not_to_be_focused()

    # Six citations of four works stand in the panel beside the text, each with its places.
    panel = page.get_by_role("tabpanel", name=re.compile("^Works"))
    page.get_by_role("tab", name="Preview").focus()
    keys.press("ArrowRight")
    expect(panel).to_be_visible()
    expect(panel.get_by_role("listitem")).to_have_count(4)
    expect(panel.get_by_role("listitem").first).to_contain_text("cited 3 times")
    panel.get_by_role("listitem").filter(has_text="A review of tests").get_by_role("link", name="line 10").focus()
    keys.press("Enter")
    expect(text).to_be_focused()
    assert text.evaluate("(one) => one.value.slice(one.selectionStart, one.selectionEnd)") == new

    keys.press("Control+s")
    expect(page.get_by_text("Version 1 is saved.")).to_be_visible()
    article = Article.objects.get()
    assert article.body.strip() == ANSWER.format(new=new).strip()
    assert article.lead == "It helps a little [@alpha]."


def test_an_address_opens_nothing_and_escape_leaves_every_key_to_the_text(
    open_window: Open, author: User, works: list[Reference], apis: LocalApis  # noqa: F811
):  # fmt: skip
    apis.behave("broken")
    page = open_window(author, permissions=["clipboard-read", "clipboard-write"])
    page.goto(reverse("desk:article_new"))
    text = page.get_by_label("Text", exact=True)
    options = page.get_by_role("listbox", name="Works").get_by_role("option")
    text.focus()
    page.keyboard.type("Mail a@alpha.org\n")
    expect(options).to_have_count(0)
    page.keyboard.type("@bet")
    expect(options).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.keyboard.type("@zzz\n@")
    expect(options).not_to_have_count(0)
    page.keyboard.press("Enter")
    expect(text).to_have_value("Mail a@alpha.org\n@bet\n@zzz\n@\n")
    # The second of several, by arrow; inside a cluster it joins.
    page.keyboard.type("See [@alpha; ")
    page.keyboard.type("@trial")
    expect(options).to_have_count(3)
    expect(options.first).to_have_attribute("aria-selected", "true")  # the answer to these words, not to the bare @
    page.keyboard.press("ArrowDown")
    second = options.nth(1)
    expect(second).to_have_attribute("aria-selected", "true")
    expect(text).to_have_attribute("aria-activedescendant", second.get_attribute("id") or "")
    key = second.get_attribute("data-citation")
    page.keyboard.press("Enter")
    expect(text).to_have_value(re.compile(rf"See \[@alpha; {re.escape(str(key)[1:])}$"))
    # A key that no work has is marked in the text, stands first in the panel, and leads there.
    page.keyboard.type("] and [@nobody].")
    expect(page.locator(".mark-unknown")).to_have_text("@nobody")
    expect(page.locator(".cited__work").first).to_contain_text("No work in the library has this key.")
    # In brackets that are closed the cursor stays at the key, which could go on: the list stays away all the same.
    page.keyboard.type(" See [@alpha; ]")
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("@bet")
    expect(options).to_have_count(1)
    page.keyboard.press("Enter")
    expect(text).to_have_value(re.compile(r"See \[@alpha; @beta\]$"))
    page.wait_for_timeout(500)
    expect(options).to_have_count(0)
    page.keyboard.press("End")
    # What cannot be looked up leaves the text as it was pasted, and says why.
    page.keyboard.type("\n@")
    paste(page, "10.5555/two")
    expect(page.get_by_text("not JSON")).to_be_visible()
    expect(text).to_have_value(re.compile(r"\n@10\.5555/two$"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_editor_is_accessible(open_window: Open, author: User, draft: Article, width: int, scheme: str):
    page = open_window(author, viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto(reverse("desk:article_edit", args=[draft.pk]))
    is_narrow = width < 960
    text = page.get_by_label("Text", exact=True)
    expect(page.get_by_role("tab", name="Write")).to_be_visible(visible=is_narrow)
    assert violations(page) == []
    page.get_by_role("tab", name=re.compile("^Works")).click()
    expect(text).to_be_visible(visible=not is_narrow)
    expect(page.get_by_role("tabpanel", name=re.compile("^Works")).get_by_role("listitem")).not_to_have_count(0)
    assert violations(page) == []
    page.get_by_role("tab", name="Preview").click()
    page.get_by_label("Preview as read by").select_option("plain")
    page.get_by_label("Mark what differs from the general text").check()
    expect(page.locator(".marked").first).to_be_visible()
    assert violations(page) == []
    if is_narrow:
        page.get_by_role("tab", name="Write").click()
    page.get_by_role("button", name="More: a block for one kind of reader").click()
    text.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(" @")
    expect(page.get_by_role("listbox", name="Works")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_slow_server_loses_no_key_and_shows_no_stale_answer(open_window: Open, author: User, draft: Article):
    page = open_window(author)
    page.goto(reverse("desk:article_edit", args=[draft.pk]))
    text = page.get_by_label("Text", exact=True)
    preview = page.get_by_role("tabpanel", name="Preview")
    expect(preview.locator(".preview__prose")).to_be_visible()
    # The answers wait until they are let go, and every text that the preview ever shows is noted.
    page.evaluate(
        """() => {
            const asked = window.fetch;
            const held = new Promise((free) => (window.letGo = free));
            window.fetch = async (...args) => {
                const answer = await asked(...args);
                await held;
                return answer;
            };
            window.shown = [];
            const result = document.querySelector("[data-filled='preview']");
            new MutationObserver(() => window.shown.push(result.textContent)).observe(
                result, { childList: true, subtree: true, characterData: true });
        }"""
    )
    with page.expect_response(re.compile("/desk/preview/")):
        text.fill("first words")
    text.press_sequentially(" and then many more words")
    expect(text).to_have_value("first words and then many more words")
    page.evaluate("window.letGo()")
    expect(preview.get_by_text("first words and then many more words")).to_be_visible()
    assert text.input_value() == "first words and then many more words"
    assert [shown for shown in page.evaluate("window.shown") if "many more" not in shown] == []


def test_a_preview_that_could_not_be_made_says_so_keeps_the_last_one_and_is_made(
    open_window: Open, author: User, draft: Article
):
    page = open_window(author)
    page.goto(reverse("desk:article_edit", args=[draft.pk]))
    text = page.get_by_label("Text", exact=True)
    preview = page.get_by_role("tabpanel", name="Preview")
    expect(preview.get_by_text("Two trials agree")).to_be_visible()
    page.evaluate(
        """() => {
            const asked = window.fetch;
            let left = 2;
            window.fetch = async (...args) => {
                if (!String(args[0]).includes("/preview/") || left === 0) return asked(...args);
                left -= 1;
                return new Response("Too slow.", { status: 503 });
            };
        }"""
    )
    text.fill("Other words")
    expect(preview.get_by_text("The preview is behind your text")).to_be_visible()
    expect(preview.get_by_text("Two trials agree")).to_be_visible()
    expect(preview.get_by_text("Other words")).to_be_visible(timeout=15_000)
    expect(preview.get_by_text("The preview is behind your text")).to_have_count(0)
    assert text.input_value() == "Other words"


def test_terms_of_the_glossary_are_marked_in_the_text(open_window: Open, author: User, editor: User, draft: Article):
    glossary.add(by=editor, term="atrial fibrillation (AF)", plain="an irregular heartbeat", variants=["AF"])
    glossary.add(by=editor, term="study", plain="a test with people")
    draft.body = "Two studies of AF, and `AF` in code; SAF [@alpha]."
    draft.save()
    page = open_window(author)
    page.goto(reverse("desk:article_edit", args=[draft.pk]))
    marked = page.locator(".mark-term")
    expect(marked).to_have_text(["studies", "AF"])
    text = page.get_by_label("Text", exact=True)
    text.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Another study")
    expect(marked).to_have_text(["studies", "AF", "study"])


def test_the_preview_keeps_its_place(open_window: Open, author: User, draft: Article):
    """The block at the cursor comes into view, and what stands around a change stays where it is."""
    draft.body = "\n\n".join(f"Paragraph number {number} says something of its own." for number in range(80))
    draft.save()
    page = open_window(author, viewport={"width": 1280, "height": 800})
    page.goto(reverse("desk:article_edit", args=[draft.pk]))
    text = page.get_by_label("Text", exact=True)
    preview = page.get_by_role("tabpanel", name="Preview")
    expect(preview.get_by_text("Paragraph number 79 says")).to_be_attached()
    text.focus()
    page.keyboard.press("Control+End")
    last = preview.get_by_text("Paragraph number 79 says")
    expect(last).to_be_in_viewport()
    # A change at the cursor leaves what stands above it where it is.
    before = preview.get_by_text("Paragraph number 78 says").bounding_box()
    page.keyboard.type(" And more.")
    expect(preview.get_by_text("And more.")).to_be_visible()
    after = preview.get_by_text("Paragraph number 78 says").bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) < 2
    page.keyboard.press("Control+Home")
    expect(preview.get_by_text("Paragraph number 0 says")).to_be_in_viewport()
