"""On a phone, from the mail to a signed, clean approval: six taps and the signature, and the seventh fails."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from articles import drafting, policies, policy
from articles.models import Article
from people.models import User
from reviews import workflow
from reviews.checklists import Answer
from reviews.models import Verdict
from tests.conftest import PASSWORD
from tests.journeys.conftest import Open
from tests.journeys.test_pages import WHOLE, violations

pytestmark = [pytest.mark.chromium, pytest.mark.xdist_group(__name__), pytest.mark.looks]

MOST = 6
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
CHECKLIST = ["Accuracy", "Harm"]


class Thumb:
    """Taps, and counts them. What is typed as the signature, and the button that signs, are not counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def tap(self, what: Locator) -> None:
        self.taps += 1
        assert self.taps <= MOST, f"tap {self.taps} of at most {MOST}"
        what.tap()

    def follow_the_mail(self, member: User) -> None:
        """The link of the invitation, as it stands in the mail: a tap."""
        sent = [one for one in mail.outbox if one.to == [member.email] and one.subject.startswith("Invitation:")]
        found = re.search(r"https?://[^/\s]+(/\S+)", str(sent[-1].body))
        assert found
        self.taps += 1
        self.page.goto(found[1])

    def sign(self) -> None:
        self.page.get_by_label("Your password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign this decision").tap()
        expect(self.page.get_by_text("is signed and on record")).to_be_visible()


@pytest.fixture
def invited(draft: Article, author: User, member: User, editor: User):
    policies.write(None, by=editor, base_version=1, note="A checklist.", checklist=CHECKLIST)
    edition = workflow.submit(draft, by=author)
    workflow.invite(edition, members=[member], by=editor, note="Please look at the dose.")
    return edition


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert not violations(page, WHOLE)


def approve(thumb: Thumb) -> None:
    """On the page of the decision: approve, with the whole checklist satisfactory."""
    thumb.tap(thumb.page.get_by_role("radio", name=re.compile("^Approve:")))
    thumb.tap(thumb.page.get_by_role("checkbox", name="All satisfactory"))


def test_the_seventh_tap_fails(open_window: Open, invited, member: User):
    page = open_window(member, **PHONE)
    thumb = Thumb(page)
    thumb.follow_the_mail(member)
    for _tap in range(MOST - 1):
        thumb.tap(page.get_by_role("heading", level=1))
    with pytest.raises(AssertionError, match="tap 7 of at most 6"):
        thumb.tap(page.get_by_role("heading", level=1))


def test_every_text_read_and_approved(open_window: Open, invited, member: User):
    """A first round: the link in the mail, both texts, the decision."""
    page = open_window(member, **PHONE)
    thumb = Thumb(page)
    thumb.follow_the_mail(member)
    expect(page.get_by_text("Please look at the dose.")).to_be_visible()
    fits(page)
    thumb.tap(page.get_by_role("button", name="Accept, nothing to declare"))
    thumb.tap(page.get_by_role("link", name=re.compile("^Next: ")))
    thumb.tap(page.get_by_role("link", name="Sign a decision"))
    approve(thumb)
    thumb.sign()
    assert thumb.taps <= MOST
    verdict = Verdict.objects.get()
    assert (verdict.kind, verdict.member) == ("approve", member)


def test_from_the_mail_to_the_signature_in_a_second_round(
    open_window: Open, invited, draft: Article, author: User, member: User, editor: User
):
    """The tap on the mail's link is counted. What changed since they signed stands first; then the decision."""
    workflow.accept(invited, by=member)
    answers = {one["slug"]: Answer(True) for one in policy.read(invited.review.policy).checklist}
    said = {"kind": "request-changes", "comment": "The dose.", "checklist": answers}
    workflow.decide(invited, by=member, password=PASSWORD, **said)
    draft.refresh_from_db()
    draft.body = draft.body.replace("Two trials agree", "Three trials agree")
    drafting.save(draft, by=author, base_version=draft.version)
    second = workflow.submit(draft, by=author)
    workflow.invite_again(second, by=editor)
    page = open_window(member, **PHONE)
    thumb = Thumb(page)
    thumb.follow_the_mail(member)
    thumb.tap(page.get_by_role("button", name="Accept, nothing to declare"))
    first = page.get_by_role("main").get_by_role("heading", level=2).first
    expect(first).to_have_text("What changed")
    expect(page.get_by_role("main")).to_contain_text("Since edition 1, which you signed last.")
    fits(page)
    thumb.tap(page.get_by_role("link", name="Decision"))
    approve(thumb)
    thumb.sign()
    assert thumb.taps <= MOST
    assert Verdict.objects.filter(edition=second, kind="approve", member=member).exists()


def test_from_the_desks_first_page(open_window: Open, invited, member: User):
    """The same from the desk: the invitation stands first, and is accepted there."""
    page = open_window(member, **PHONE)
    thumb = Thumb(page)
    page.goto(reverse("desk:home"))
    expect(page.get_by_role("main").get_by_role("heading", level=2).first).to_have_text("You are asked to review")
    fits(page)
    thumb.tap(page.get_by_role("button", name=re.compile("^Accept, nothing to declare")))
    thumb.tap(page.get_by_role("link", name="Decision"))
    approve(thumb)
    thumb.sign()
    assert Verdict.objects.filter(kind="approve", member=member).exists()
