"""A contested answer: a member steps back, changes are asked for, an objection for safety stops a quorum and is
withdrawn, an editor publishes, readers see who judged it; and a month later they are told first of a correction."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles import drafting, policies
from articles.models import Article, Edition, Thread
from people.models import Role, User
from reviews import workflow
from reviews.models import Review, Verdict
from tests.conftest import PASSWORD
from tests.journeys.conftest import TURN, Open
from tests.journeys.steps import sign
from tests.journeys.test_pages import WHOLE, violations

pytestmark = [pytest.mark.chromium, pytest.mark.xdist_group("chromium")]

CORRECTION = re.compile("^Major correction")
HARM = "The dose is ten times too high for children."
WITHDRAWN = "The text now names the dose for children."
CHANGED = "The dose for children is named, and the largest dose of a day."
WRONG = "Edition 2 said 20 mg a day; the largest dose is 10 mg a day."


@pytest.fixture
def board(member: User, second_member: User, person: Callable[..., User]) -> dict[str, User]:
    """Ben, Cora and Erik vote, where two verdicts and two approvals are asked for; Dora has a grant of the maker."""
    return {
        "ben": member,
        "cora": second_member,
        "erik": person("Erik Elder", Role.BOARD_MEMBER, credentials="MD", specialty="Paediatrics"),
        "dora": person("Dora Distant", Role.BOARD_MEMBER, credentials="MD"),
    }


def save(article: Article, author: User, line: str) -> None:
    """The author writes another line and saves."""
    with TURN:
        article.refresh_from_db()
        article.body += f"\n\n{line}\n"
        drafting.save(article, by=author, base_version=article.version)


def submit(page: Page, article: Article, number: int) -> Edition:
    """The author submits from the desk."""
    page.goto(reverse("desk:submit", args=[article.pk]))
    clean(page)
    page.get_by_role("button", name=f"Submit edition {number}").click()
    expect(page.get_by_text(f"Edition {number} is submitted: the board is told.")).to_be_visible()
    with TURN:
        return Edition.objects.get(article=article, number=number)


def clean(page: Page) -> None:
    assert violations(page, WHOLE) == []


def review_page(page: Page, edition: Edition) -> Page:
    page.goto(reverse("desk:review", args=[edition.pk]))
    return page


def decide(page: Page, edition: Edition, decision: str, comment: str = "") -> None:
    """State that there are no interests, where that is asked, and sign."""
    address = reverse("desk:decide", args=[edition.pk])
    page.goto(address)
    if page.get_by_role("button", name="Sign this decision").count() == 0:
        page.goto(reverse("desk:state_interests", args=[edition.pk]))
        page.get_by_role("button", name="Nothing to declare in this article").click()
        page.goto(address)
    clean(page)
    sign(page, decision, comment)


def test_a_contested_answer(
    open_window: Open,
    draft: Article,
    author: User,
    editor: User,
    board: dict[str, User],
    monkeypatch: pytest.MonkeyPatch,
):
    policies.write(
        None,
        by=editor,
        base_version=policies.version_of(None),
        note="Two see more than one.",
        verdicts_needed=2,
        approvals_needed=2,
        days=14,
        review_again_after_months=24,
    )
    desk = open_window(author)
    windows = {name: open_window(one) for name, one in board.items()}
    first = submit(desk, draft, 1)

    # Dora has a grant of the maker: she steps back, and nothing of the answer opens for her any more.
    dora = windows["dora"]
    dora.goto(reverse("desk:state_interests", args=[first.pk]))
    dora.get_by_label("What it is").fill("A research grant")
    dora.get_by_label("With whom").fill("Alpha Ltd")
    dora.get_by_role("radio", name=re.compile("excluded|no part", re.IGNORECASE)).check()
    clean(dora)
    dora.get_by_role("button", name="State this").click()
    response = dora.goto(reverse("desk:review", args=[first.pk]))
    assert response
    assert response.status == 403
    expect(dora.get_by_text("You take no part in the review of this answer")).to_be_visible()
    dora.goto("/desk/reviews/")
    expect(dora.get_by_text(draft.question)).to_have_count(0)

    # Round one: Ben has had a fee and says so, asks a question, and with Erik asks for changes.
    ben, cora, erik = windows["ben"], windows["cora"], windows["erik"]
    ben.goto(reverse("desk:state_interests", args=[first.pk]))
    ben.get_by_label("What it is").fill("A speaker's fee")
    ben.get_by_label("With whom").fill("Alpha Ltd")
    ben.get_by_role("radio", name=re.compile("full", re.IGNORECASE)).check()
    ben.get_by_role("button", name="State this").click()
    review_page(ben, first).get_by_role("button", name="Take up this review").click()
    ben.goto(reverse("desk:review_comments", args=[first.pk]))
    ben.get_by_label("Your comment").fill("Which dose for children?")
    ben.get_by_role("button", name="Comment", exact=True).click()
    expect(ben.locator(".thread__text")).to_have_text("Which dose for children?")
    clean(ben)
    decide(ben, first, "Request changes", "Name the dose for children.")
    decide(erik, first, "Request changes", "Name it, please.")
    expect(review_page(erik, first).get_by_text("changes requested", exact=False).first).to_be_visible()
    clean(erik)
    with TURN:
        assert Review.objects.get(edition=first).state == "changes_requested"

    # The author cannot submit again before the comment is answered; then a second edition goes to round two.
    save(draft, author, "Children get 2 mg [@gamma].")
    desk.goto(reverse("desk:submit", args=[draft.pk]))
    expect(desk.get_by_role("main")).to_contain_text("1 comment of the board waits for an answer")
    desk.goto(reverse("desk:comments", args=[draft.pk]))
    clean(desk)
    desk.get_by_label("Your answer").fill("It is named now.")
    desk.get_by_role("button", name="Done", exact=True).click()
    with TURN:
        assert Thread.objects.get().resolution == "done"
    second = submit(desk, draft, 2)

    # Round two: Cora objects for safety. Ben and Erik approve, a quorum; the objection stops it all the same.
    review_page(ben, second)
    expect(ben.get_by_role("main")).to_contain_text("Name the dose for children.")
    ben.goto(reverse("desk:state_interests", args=[second.pk]))
    ben.get_by_label("What it is").fill("A speaker's fee")
    ben.get_by_label("With whom").fill("Alpha Ltd")
    ben.get_by_role("radio", name=re.compile("full", re.IGNORECASE)).check()
    ben.get_by_role("button", name="State this").click()
    review_page(ben, second).get_by_role("button", name="Take up this review").click()
    decide(cora, second, "Object for safety", HARM)
    decide(ben, second, "Approve")
    decide(erik, second, "Approve")
    chief = open_window(editor)
    chief.goto(reverse("desk:publishing", args=[draft.pk]))
    expect(chief.get_by_role("main")).to_contain_text("Edition 2 is not approved, so it cannot be published.")
    with TURN:
        assert Review.objects.get(edition=second).state == "under_review"
        assert Verdict.objects.filter(edition=second).count() == 3
    objections = review_page(cora, second).get_by_role("region", name=re.compile("objection", re.IGNORECASE))
    expect(objections).to_contain_text(HARM)
    clean(cora)
    objections.get_by_text("Withdraw my objection").click()
    clean(cora)
    objections.get_by_role("textbox").fill(WITHDRAWN)
    objections.get_by_role("button", name="Withdraw the objection").click()
    with TURN:
        assert Review.objects.get(edition=second).state == "approved"

    # An editor publishes; readers see who judged it, when, and what they declared.
    chief.goto(reverse("desk:publishing", args=[draft.pk]))
    clean(chief)
    chief.get_by_role("button", name="Publish edition 2").click()
    expect(chief.get_by_text("Edition 2 is public now.")).to_be_visible()
    visitor = open_window()
    answer = f"/answers/{draft.slug}/"
    visitor.goto(answer)
    review = visitor.get_by_role("region", name="Review status")
    for words in ("Ben Board, MD, PhD", "A speaker's fee (Alpha Ltd)", "Erik Elder, MD", "nothing to declare"):
        expect(review).to_contain_text(words)
    today = timezone.now()
    expect(review).to_contain_text(f"Signed {today.day} {today:%B %Y}")
    for name in ("Cora", "Dora"):
        expect(review).not_to_contain_text(name)
    clean(visitor)

    # A month later the largest dose proves wrong: a third edition, and a correction that comes first.
    later = today + datetime.timedelta(days=31)
    monkeypatch.setattr(timezone, "now", lambda: later)
    save(draft, author, "No more than 10 mg in a day [@alpha].")
    with TURN:
        draft.refresh_from_db()
        third = workflow.submit(draft, by=author)
        workflow.take_up(third, by=board["cora"])
        workflow.state_interests(third, by=board["erik"])
        for name in ("cora", "erik"):
            workflow.decide(third, by=board[name], kind="approve", password=PASSWORD)
    chief = open_window(editor)
    chief.goto(reverse("desk:publishing", args=[draft.pk]))
    chief.get_by_role("radio", name="Something that readers should know").first.check()
    chief.get_by_label("In a sentence, for readers").first.fill(CHANGED)
    chief.get_by_role("button", name="Publish edition 3").click()
    expect(chief.get_by_text("Edition 3 is public now.")).to_be_visible()
    chief.get_by_text("Add a notice").click()
    form = chief.locator("form", has=chief.get_by_role("button", name="Put this notice on the public page"))
    form.get_by_role("radio", name="Major correction").check()
    form.get_by_label("Text of the notice").fill(WRONG)
    form.get_by_label("Reason").fill("A table was misread.")
    form.get_by_label("Who asked for it").fill("A reader")
    form.get_by_label("Edition with the mistake").select_option(label="Edition 2")
    clean(chief)
    form.get_by_role("button", name="Put this notice on the public page").click()
    expect(chief.get_by_text("Corrects edition 2")).to_be_visible()

    # Every reader meets it before the text, with the way to the edition before and the one after.
    for reader in ("", "?for=patient", "?for=physician"):
        visitor.goto(answer + reader)
        notice = visitor.get_by_role("region", name=CORRECTION)
        expect(notice).to_contain_text(WRONG)
        expect(notice).to_contain_text("A table was misread.")
        assert visitor.locator("main h2").first.inner_text().startswith("Major correction")
    visitor.goto(answer)
    clean(visitor)
    visitor.get_by_role("region", name=CORRECTION).get_by_role("link", name="edition 2").click()
    expect(visitor.get_by_text("Children get 2 mg")).to_be_visible()
    expect(visitor.get_by_text("No more than 10 mg in a day")).to_have_count(0)
    clean(visitor)
    visitor.goto(answer)
    visitor.get_by_role("region", name=CORRECTION).get_by_role("link", name="edition 3").click()
    expect(visitor.get_by_text("No more than 10 mg in a day")).to_be_visible()
    with TURN:
        call_command("verify_record")
