"""The whole journey: an author, two board members, an editor and a reader, each at their own window."""

from __future__ import annotations

import datetime
import re

import pytest
from django.core.mail import EmailMessage
from playwright.sync_api import Page, expect

from articles.models import Article, Edition
from people.models import User
from readers import moments
from references.models import Reference
from tests.conftest import PASSWORD
from tests.journeys.conftest import Open
from tests.journeys.steps import read_every_text, sign

pytestmark = [pytest.mark.chromium, pytest.mark.xdist_group(__name__)]

QUESTION = "Does alpha lower the risk of beta?"
PLAIN_QUESTION = "Can alpha protect me from beta?"
FOR_PATIENTS = "Your pharmacist can tell you how to take it."
FOR_PROFESSIONALS = "Check the renal function before the first dose."
ASKED_OF_AUTHORS = "Say how long the trials lasted."
NEW_WORK = "Alpha and beta over ten years"


def sign_in(page: Page, person: User) -> None:
    """From the desk's door, with address and password."""
    page.goto("/desk/")
    page.get_by_label("Email").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("navigation", name="Desk")).to_be_visible()


def mail_to(person: User, mails: list[EmailMessage], subject: str) -> str:
    """The path that the latest mail to somebody with such a subject leads to."""
    mail = next(mail for mail in reversed(mails) if mail.to == [person.email] and mail.subject.startswith(subject))
    address = re.search(r"https://answers\.example\.org(/\S+)", mail.body)
    assert address, mail.body
    return address[1]


def cite(page: Page, words: str) -> None:
    """Put a citation at the cursor with the picker."""
    page.get_by_role("button", name="Cite a work").click()
    choose(page, words)


def choose(page: Page, words: str) -> None:
    """Choose the only work that these words find in the open picker."""
    picker = page.get_by_role("dialog")
    picker.get_by_role("searchbox").fill(words)
    expect(picker.get_by_role("status")).to_have_text("1 work")
    picker.get_by_role("listitem").get_by_role("button").click()
    expect(picker).to_be_hidden()


def add_a_work_on_the_way(page: Page) -> None:
    """From the open picker to the library in a new tab and back; the picker finds the new work then."""
    with page.expect_popup() as opened:
        page.get_by_role("dialog").get_by_role("link", name="Add a work to the library").click()
    library = opened.value
    library.get_by_label("Kind").select_option("cohort")
    library.get_by_label("Title", exact=True).fill(NEW_WORK)
    library.get_by_label("Authors").fill("Long, Ada\nWait, Ben")
    library.get_by_label("Journal, book or site").fill("Annals of Tests")
    library.get_by_label("Year").fill("2024")
    library.get_by_label("DOI").fill("https://doi.org/10.5555/ten-years")
    library.get_by_role("button", name="Add to the library").click()
    expect(library.get_by_text("The work is in the library. Cite it as")).to_be_visible()
    library.close()


@pytest.fixture
def written(open_window: Open, author: User, works: list[Reference]) -> Page:
    """The author's window after the draft is written and saved, with three citations and a block for patients."""
    desk = open_window()
    sign_in(desk, author)
    desk.get_by_role("link", name="Articles").click()
    desk.get_by_role("link", name="Write a new answer").first.click()
    desk.get_by_label("Question", exact=True).fill(QUESTION)
    desk.get_by_label("Heading (optional)", exact=True).fill("Yes, a little")
    lead = desk.get_by_label("Bottom line (optional)", exact=True)
    lead.fill("Alpha lowers the risk a little")
    cite(desk, "10.5555/alpha")
    lead.press_sequentially(".")
    desk.get_by_text("In plain words, for patients").click()
    desk.get_by_label("Question in plain words").fill(PLAIN_QUESTION)
    desk.get_by_label("Heading, plain").fill("Yes, a little")
    desk.get_by_label("Bottom line in plain words").fill("It can help a little.")
    body = desk.get_by_label("Text", exact=True)
    body.fill("## Evidence\n\nTwo trials agree")
    cite(desk, "10.5555/beta")
    desk.get_by_role("button", name="Cite a work").click()
    add_a_work_on_the_way(desk)
    choose(desk, NEW_WORK)
    expect(body).to_have_value("## Evidence\n\nTwo trials agree [@beta] [@long-2024-alpha]")
    body.press_sequentially(f".\n\n::: patient\n{FOR_PATIENTS}\n:::\n\n::: professional\n{FOR_PROFESSIONALS}\n:::\n")
    desk.get_by_label("Topics", exact=False).first.fill("Cardiology")
    expect(desk.get_by_text("Not saved yet", exact=True)).to_be_visible()
    return desk


def test_whole_journey(
    open_window: Open, written: Page, author, member, second_member, editor, mailoutbox, monkeypatch: pytest.MonkeyPatch
):
    desk = written
    preview = desk.get_by_role("tabpanel", name="Preview")
    expect(preview.get_by_text(FOR_PROFESSIONALS)).to_be_visible()
    desk.get_by_label("Preview as read by").select_option(label="Patient or family")
    expect(preview.get_by_text(FOR_PATIENTS)).to_be_visible()
    expect(preview.get_by_text(FOR_PROFESSIONALS)).to_have_count(0)
    expect(preview.get_by_text(PLAIN_QUESTION)).to_be_visible()
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_text("Version 1 is saved.")).to_be_visible()

    desk.get_by_role("link", name="Submit", exact=True).click()
    desk.get_by_label("To the board").fill("A first answer.")
    desk.get_by_role("button", name="Submit edition 1").click()
    expect(desk.get_by_text("Edition 1 is submitted: the board is told.")).to_be_visible()
    article = Article.objects.get()
    assert {mail.to[0] for mail in mailoutbox} == {member.email, second_member.email, editor.email}

    # A board member takes it up and asks for changes.
    board = open_window(member)
    board.goto(mail_to(member, mailoutbox, "For review"))
    board.get_by_role("button", name="Take up this review").click()
    expect(board.get_by_text("You have taken up this review")).to_be_visible()
    read_every_text(board)
    sign(board, "Request changes", ASKED_OF_AUTHORS)

    # The author reads why, revises and submits again.
    desk.goto(mail_to(author, mailoutbox, "Decision"))
    expect(desk.get_by_text(ASKED_OF_AUTHORS).first).to_be_visible()
    desk.goto("/desk/")
    desk.get_by_role("main").get_by_role("link", name=QUESTION).click()
    desk.get_by_role("link", name="Go on writing").click()
    text = desk.get_by_label("Text", exact=True)
    text.fill(text.input_value().replace("Two trials agree", "Two trials of ten years agree"))
    desk.get_by_label("What did you change?").fill("How long the trials lasted")
    desk.keyboard.press("Control+s")
    expect(desk.get_by_text("Version 2 is saved.")).to_be_visible()
    desk.get_by_role("link", name="Submit", exact=True).click()
    desk.get_by_role("button", name="Submit edition 2").click()
    expect(desk.get_by_text("Edition 2 is submitted: the board is told.")).to_be_visible()

    # Another reads every text and approves, with the password.
    board = open_window(second_member)
    board.goto(mail_to(second_member, mailoutbox, "For review"))
    board.get_by_role("button", name="Take up this review").click()
    texts = read_every_text(board)
    assert texts == 3  # general and professional, patients, other plain-register readers
    expect(board.get_by_text("You have not opened")).to_have_count(0)
    board.get_by_role("radio", name=re.compile("^Approve:")).check()
    board.get_by_label("Your password").fill("not the password")
    board.get_by_role("button", name="Sign this decision").click()
    expect(board.get_by_text("The password is not right. Nothing was signed.").first).to_be_visible()
    sign(board, "Approve")

    # Until the editor publishes there is nothing at its address.
    visitor = open_window(viewport={"width": 390, "height": 844}, has_touch=True)
    assert visitor.goto(f"/answers/{article.slug}/").status == 404
    publishing = open_window(editor)
    publishing.goto(mail_to(editor, mailoutbox, "Decision"))
    publishing.get_by_role("link", name="Publishing of this answer").click()
    publishing.get_by_role("button", name="Publish edition 2").click()
    expect(publishing.get_by_text("Edition 2 is public now.")).to_be_visible()
    for person in (author, second_member):
        desk.goto(mail_to(person, mailoutbox, "Published"))
        expect(desk.get_by_role("heading", level=1)).to_have_text(f"Publishing: {QUESTION}")

    # A reader finds it, says who they are by one tap, and reads their words.
    visitor.goto("/")
    visitor.get_by_role("combobox").fill("alpha risk")
    visitor.keyboard.press("Enter")
    visitor.wait_for_url(re.compile("search"))
    visitor.get_by_role("link", name=QUESTION, exact=True).tap()
    expect(visitor.get_by_text("Reviewed by")).to_be_visible()
    visitor.get_by_role("link", name="Patient or family").tap()
    expect(visitor).to_have_url(re.compile(r"/\?for=patient$"))
    expect(visitor.get_by_role("heading", level=1)).to_have_text(PLAIN_QUESTION)
    expect(visitor.get_by_text(FOR_PATIENTS)).to_be_visible()
    expect(visitor.get_by_text(FOR_PROFESSIONALS)).to_have_count(0)
    expect(visitor.get_by_text("Adapted for patients and families")).to_be_visible()
    visitor.get_by_text("Change", exact=True).tap()
    visitor.get_by_role("link", name="Physician", exact=True).tap()
    expect(visitor.get_by_role("heading", level=1)).to_have_text(QUESTION)
    expect(visitor.get_by_text(FOR_PROFESSIONALS)).to_be_visible()
    expect(visitor.get_by_text(FOR_PATIENTS)).to_have_count(0)

    # A tap on a number opens its reference in place; a second one leads to the list.
    number = visitor.locator("#text a.cite").first
    number.tap()
    card = visitor.get_by_role("group", name=re.compile("^Reference 2"))
    expect(card).to_contain_text("The beta trial")
    number.tap()
    expect(visitor).to_have_url(re.compile(r"#ref-2$"))

    # From a number to its reference, and back.
    reader = open_window()
    reader.goto(f"/answers/{article.slug}/?for=physician")
    reader.locator("#text a.cite").first.click()
    expect(reader).to_have_url(re.compile(r"#ref-2$"))
    reference = reader.locator("#ref-2")
    expect(reference).to_be_in_viewport()
    expect(reference).to_contain_text("The beta trial")
    reference.get_by_role("link", name=re.compile("Back to citation")).first.click()
    expect(reader.locator("#text a.cite").first).to_be_in_viewport()

    # And a follow-up, which the editor finds at the desk.
    monkeypatch.setattr(moments, "SOONEST", datetime.timedelta(0))
    reader.get_by_label("Your question").fill("Does it help children, too?")
    reader.get_by_role("button", name="See what our answers say").click()
    reader.get_by_label("Your e-mail address").fill("reader@example.net")
    reader.get_by_role("button", name="Send it to the editors").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(re.compile("^Thank you"))
    publishing.goto("/desk/")
    publishing.get_by_role("link", name="Does it help children, too?").click()
    publishing.get_by_role("button", name="Take it up").click()
    about = publishing.get_by_role("complementary", name="About this question")
    expect(about).to_contain_text("reader@example.net")
    expect(about.get_by_role("link", name=QUESTION).first).to_be_visible()


def test_an_edit_of_the_live_answer_stays_inside(open_window: Open, live: Edition, author):
    visitor = open_window()
    visitor.goto(f"/answers/{live.article.slug}/")
    before = visitor.locator("main").inner_text()
    fingerprint = visitor.locator(".digest code").inner_text()
    assert fingerprint == live.digest

    desk = open_window(author)
    desk.goto(f"/desk/articles/{live.article_id}/edit/")
    text = desk.get_by_label("Text", exact=True)
    text.fill(text.input_value().replace("Two trials agree", "Three unread trials agree"))
    desk.get_by_label("Question", exact=True).fill("An unread question?")
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_text("Version 2 is saved.")).to_be_visible()

    def is_untouched() -> None:
        for path in (f"/answers/{live.article.slug}/", f"/answers/{live.article.slug}/editions/1/"):
            visitor.goto(path)
            expect(visitor.get_by_text("Two trials agree")).to_be_visible()
            assert "unread" not in visitor.content()
            assert visitor.locator(".digest code").inner_text() == fingerprint
        visitor.goto("/search/?q=unread")
        expect(visitor.get_by_role("heading", name="Nothing found")).to_be_visible()

    is_untouched()
    # Nor does its submission change what the public reads.
    desk.get_by_role("link", name="Submit", exact=True).click()
    expect(desk.get_by_text("The public goes on reading edition 1")).to_be_visible()
    desk.get_by_role("button", name="Submit edition 2").click()
    expect(desk.get_by_text("Edition 2 is submitted: the board is told.")).to_be_visible()
    is_untouched()
    visitor.goto(f"/answers/{live.article.slug}/")
    assert visitor.locator("main").inner_text() == before
