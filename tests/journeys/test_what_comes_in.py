"""What comes into an answer from elsewhere: an image, a Word document, a term for the glossary, a kind's sections."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from articles.models import AnswerKind, Article, Term
from people.models import User
from references.models import Reference
from reviews import workflow
from tests import pictures, word_files
from tests.conftest import PASSWORD
from tests.journeys.conftest import Open
from tests.word_files import paragraph, run, work, zotero

pytestmark = [pytest.mark.chromium, pytest.mark.looks, pytest.mark.xdist_group(__name__)]

ALTERNATIVE = "Relapses fall from 40% to 20% within a year"


def test_an_image_from_the_file_to_the_reader(
    open_window: Open, draft: Article, author: User, member: User, editor: User
):
    page = open_window(author)
    page.goto(reverse("desk:article_edit", args=[draft.pk]))
    page.get_by_label("Text", exact=True).press("Control+End")
    page.get_by_role("button", name="Image", exact=True).click()
    dialog = page.get_by_role("dialog", name="Insert an image")
    file = {"name": "scan.png", "mimeType": "image/png", "buffer": pictures.as_bytes(pictures.drawing())}
    dialog.get_by_label("Image", exact=True).set_input_files(file)
    dialog.get_by_label("Credit and licence (optional)").fill("Ada Author, CC BY 4.0")
    dialog.get_by_role("button", name="Take it in and insert it").click()
    # Without alternative text it is not taken, and nothing that was chosen is lost.
    expect(dialog.get_by_text("Write what the image says, for those who can't see it.")).to_be_visible()
    dialog.get_by_label("Alternative text").fill(ALTERNATIVE)
    dialog.get_by_role("button", name="Take it in and insert it").click()
    expect(dialog).to_be_hidden()
    shown = page.get_by_role("tabpanel", name="Preview").get_by_role("img", name=ALTERNATIVE)
    expect(shown).to_be_visible()
    assert shown.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 240
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Version 2 is saved.")).to_be_visible()

    page.goto(reverse("desk:submit", args=[draft.pk]))
    page.get_by_role("button", name="Submit edition 1").click()
    expect(page.get_by_text("Edition 1 is submitted: the board is told.")).to_be_visible()
    edition = draft.editions.get()
    workflow.take_up(edition, by=member)
    workflow.decide(edition, by=member, kind="approve", password=PASSWORD)
    workflow.publish(edition, by=editor)
    reader = open_window()
    reader.goto(reverse("readers:answer", args=[draft.slug]))
    figure = reader.get_by_role("figure")
    expect(figure).to_contain_text("Ada Author, CC BY 4.0")
    public = figure.get_by_role("img", name=ALTERNATIVE)
    public.scroll_into_view_if_needed()
    assert public.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 240


def test_a_word_document_becomes_a_draft_with_its_citations(open_window: Open, author: User):
    document = word_files.docx(
        paragraph(run("Does it help with wheezing?"), style="Title"),
        paragraph(run("What the trials say"), style="Heading2"),
        paragraph(run("It helps"), zotero("1,2", work(1, locator="33-35"), work(2)), run(".")),
        paragraph(run("So others say (3, 4).")),
    )
    page = open_window(author)
    page.goto(reverse("desk:word_import"))
    page.get_by_label("Word document").set_input_files(
        {"name": "answer.docx", "mimeType": "application/octet-stream", "buffer": document}
    )
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_text("2 works are new and are added with the draft.")).to_be_visible()
    expect(page.get_by_role("region", name="Citations without a work")).to_contain_text("(3, 4)")
    page.get_by_role("button", name="Make the draft").click()
    expect(page.get_by_label("Question", exact=True)).to_have_value("Does it help with wheezing?")
    first, second = (Reference.objects.get(doi=f"10.5555/word.{number}").key for number in (1, 2))
    expect(page.get_by_label("Text", exact=True)).to_have_value(
        re.compile(rf"^## What the trials say\n\nIt helps \[@{first}, pp\. 33-35; @{second}\]\.")
    )
    page.get_by_role("tab", name=re.compile("^Works")).click()
    panel = page.get_by_role("tabpanel", name=re.compile("^Works"))
    expect(panel).to_contain_text(word_files.title_of(1))
    expect(panel).to_contain_text(word_files.title_of(2))


def test_a_term_is_proposed_where_it_is_met(open_window: Open, draft: Article, author: User):
    draft.body = "Stenosis is common [@alpha]."
    draft.save()
    page = open_window(author)
    page.goto(reverse("desk:article_edit", args=[draft.pk]))
    text = page.get_by_label("Text", exact=True)
    text.evaluate("(area) => { area.focus(); area.setSelectionRange(0, 8); }")
    page.get_by_role("tab", name=re.compile("^Terms")).click()
    page.get_by_role("link", name="Propose for the glossary").click()
    dialog = page.get_by_role("dialog", name="Propose for the glossary")
    expect(dialog.get_by_label("Term", exact=True)).to_have_value("Stenosis")
    dialog.get_by_label("In plain words", exact=True).fill("a narrow place in a vessel")
    dialog.get_by_role("button", name="Propose for the glossary").click()
    expect(dialog.get_by_text("is on the editors’ list")).to_be_visible()
    term = Term.objects.get(term="Stenosis")
    assert (term.plain, term.state) == ("a narrow place in a vessel", "proposed")
    dialog.get_by_role("button", name="Close").click()
    expect(text).to_have_value("Stenosis is common [@alpha].")


def test_guidance_is_written_over_and_never_shown(open_window: Open, author: User, works: list[Reference]):
    guidance = "Each with its dose."
    sections = [{"heading": "The options", "guidance": guidance}]
    kind = AnswerKind.objects.create(slug="a-choice", name="A choice", sections=sections)
    page = open_window(author)
    page.goto(reverse("desk:article_new"))
    page.get_by_role("link", name=kind.name).click()
    text = page.get_by_label("Text", exact=True)
    expect(text).to_have_value(re.compile(re.escape(guidance)))
    preview = page.get_by_role("tabpanel", name="Preview")
    expect(preview).to_contain_text("The options")
    expect(preview).not_to_contain_text(guidance)
    # A click selects all of it; the first key takes its place.
    text.evaluate(
        """(area, words) => {
            const at = area.value.indexOf(words) + 3;
            area.focus();
            area.setSelectionRange(at, at);
        }""",
        guidance,
    )
    page.keyboard.type("Written here [@alpha].")
    expect(text).not_to_have_value(re.compile(re.escape(guidance)))
    expect(text).to_have_value(re.compile(r"\n\nWritten here \[@alpha\]\.$"))
    expect(preview).to_contain_text("Written here")
