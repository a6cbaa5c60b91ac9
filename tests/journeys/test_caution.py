"""Live with caution: declined it leaves the public at once; approved it loses caution and `noindex` at once."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Response, expect

from articles import drafting
from articles.models import Article, Edition
from people.models import User
from reviews import workflow
from tests.journeys.conftest import Open
from tests.journeys.steps import sign

pytestmark = [pytest.mark.chromium, pytest.mark.xdist_group(__name__)]

OF_THE_TEXT = "agree"
"""A word of the answer's text that stands nowhere else on the site."""
WARNING = "Caution: not yet approved"


def release(page: Page, edition: Edition) -> None:
    """The editor makes an edition public before its approval."""
    page.goto(reverse("desk:publishing", args=[edition.article_id]))
    page.get_by_label("Why it cannot wait for the board").fill("Clinics ask for it.")
    page.get_by_role("button", name=f"Release edition {edition.number} with caution").click()
    expect(page.get_by_text("is public now, with the caution first on its page")).to_be_visible()


def decide(page: Page, edition: Edition, decision: str, comment: str = "") -> None:
    page.goto(reverse("desk:decide", args=[edition.pk]))
    page.get_by_role("button", name="Take up this review").click()
    page.goto(reverse("desk:decide", args=[edition.pk]))
    sign(page, decision, comment)


def visit(page: Page, edition: Edition, reader: str = "") -> Response:
    response = page.goto(f"/answers/{edition.article.slug}/{reader and f'?for={reader}'}")
    assert response
    return response


def warns_first(page: Page, edition: Edition) -> None:
    """The caution stands before every text for every reader, and search engines are told to stay away."""
    for reader in ("", "physician", "patient"):
        response = visit(page, edition, reader)
        assert response.status == 200
        assert response.headers["x-robots-tag"] == "noindex"
        expect(page.locator("meta[name=robots]")).to_have_attribute("content", "noindex")
        caution = page.get_by_role("heading", name=WARNING).bounding_box()
        text = page.get_by_role("heading", name=re.compile("^Bottom line")).bounding_box()
        assert caution
        assert text
        assert caution["y"] < text["y"]
        expect(page.get_by_text("Reviewed by")).to_have_count(0)
    assert edition.article.slug not in page.request.get("/sitemap-1.xml").text()
    assert edition.article.slug not in page.request.get("/feeds/answers.atom").text()


def test_caution_then_declined_then_caution_then_approved(
    open_window: Open, draft: Article, submitted: Edition, author: User, member, second_member, editor
):
    visitor, publishing, board = open_window(), open_window(editor), open_window(member)
    release(publishing, submitted)
    warns_first(visitor, submitted)

    decide(board, submitted, "Decline", "The evidence does not carry this.")
    for path in ("", "?for=physician", "?for=patient", "editions/1/"):
        response = visitor.goto(f"/answers/{draft.slug}/{path}")
        assert response.status == 410
        assert response.headers["x-robots-tag"] == "noindex"
        expect(visitor.get_by_role("heading", name="This answer is not public at present")).to_be_visible()
        assert OF_THE_TEXT not in visitor.content()
        assert "carry this" not in visitor.content()
        expect(visitor.get_by_role("heading", name=re.compile("Bottom line"))).to_have_count(0)
    visitor.goto("/search/?q=alpha")
    expect(visitor.get_by_role("heading", name="Nothing found")).to_be_visible()

    # The next edition is released again: the caution is back.
    draft.body += "\nA third trial will tell more.\n"
    drafting.save(draft, by=author, base_version=draft.version)
    second = workflow.submit(draft, by=author)
    assert visitor.reload().headers["x-robots-tag"] == "noindex"
    release(publishing, second)
    warns_first(visitor, second)
    expect(visitor.get_by_text(OF_THE_TEXT).first).to_be_visible()

    decide(open_window(second_member), second, "Approve")
    for reader in ("", "physician", "patient"):
        response = visit(visitor, second, reader)
        assert response.status == 200
        assert "x-robots-tag" not in response.headers
        expect(visitor.locator("meta[name=robots]")).to_have_count(0)
        expect(visitor.get_by_text(WARNING)).to_have_count(0)
        expect(visitor.get_by_text("Reviewed by")).to_be_visible()
        expect(visitor.get_by_text(second_member.name).first).to_be_visible()
    assert draft.slug in visitor.request.get("/sitemap-1.xml").text()
    assert draft.slug in visitor.request.get("/feeds/answers.atom").text()
