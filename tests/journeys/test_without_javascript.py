"""Without JavaScript: reading, saying who one is, searching and asking; and an author's way to a submission."""

from __future__ import annotations

import datetime
import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from articles.models import Article, Edition
from readers import moments
from readers.models import FollowUpQuestion
from reviews.models import Review
from tests.journeys.conftest import Open

pytestmark = [pytest.mark.chromium, pytest.mark.looks, pytest.mark.xdist_group(__name__)]


def test_a_reader(open_window: Open, live: Edition, monkeypatch: pytest.MonkeyPatch):
    page = open_window(java_script_enabled=False)
    page.goto("/")
    page.get_by_role("searchbox").fill("alpha beta")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Does alpha help in beta?", exact=True).click()
    expect(page.get_by_text("Two trials agree")).to_be_visible()
    page.get_by_role("link", name="Patient or family").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Does alpha help?")
    expect(page.get_by_text("Two studies agree.")).to_be_visible()
    # The choice goes along, and can be changed and left.
    page.get_by_role("link", name="Topics", exact=True).click()
    expect(page).to_have_url(re.compile(r"/topics/\?for=patient$"))
    page.goto(f"/answers/{live.article.slug}/?for=patient")
    page.locator(".audience summary").click()
    page.get_by_role("link", name="None of these").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Does alpha help in beta?")

    page.locator("#text a.cite").first.click()
    expect(page.locator("#ref-2")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Print")).to_have_count(0)
    page.get_by_label("Your question").fill("And for how long?")
    page.get_by_role("button", name="See what our answers say").click()
    # Sent on sooner than anybody reads, it waits with its text.
    page.get_by_role("button", name="Send it to the editors").click()
    expect(page.get_by_text("quicker than anybody reads")).to_be_visible()
    monkeypatch.setattr(moments, "SOONEST", datetime.timedelta(0))
    page.get_by_role("button", name="Send it to the editors").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Thank you"))
    assert FollowUpQuestion.objects.get().article == live.article


def test_an_author(open_window: Open, author, works):
    page = open_window(author, java_script_enabled=False)
    page.goto("/desk/articles/new/")
    page.get_by_label("Question", exact=True).fill("Does alpha help?")
    page.get_by_label("Heading (optional)", exact=True).fill("Yes")
    page.get_by_label("Bottom line (optional)", exact=True).fill("It helps [@alpha].")
    page.get_by_label("Text", exact=True).fill("## Evidence\n\nTwo trials [@beta].\n\n::: patient\nAsk.\n:::\n")
    expect(page.get_by_role("button", name="Cite a work")).to_be_hidden()

    page.get_by_label("Preview as read by").select_option("patient")
    page.get_by_role("button", name="Preview").click()
    preview = page.get_by_role("region", name="Preview")
    expect(preview.get_by_text("Ask.")).to_be_visible()
    expect(preview.get_by_text("The beta trial")).to_be_visible()
    expect(page.get_by_label("Preview as read by")).to_have_value("patient")
    expect(page.get_by_label("Text", exact=True)).to_have_value(re.compile("Two trials"))
    assert not Article.objects.exists()

    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Version 1 is saved.")).to_be_visible()
    article = Article.objects.get()
    assert [entry["name"] for entry in article.byline] == [author.name]
    page.get_by_role("link", name="Submit", exact=True).click()
    page.get_by_role("button", name="Submit edition 1").click()
    expect(page.get_by_text("Edition 1 is submitted: the board is told.")).to_be_visible()
    assert Review.objects.get().article == article
    page.goto(reverse("desk:article", args=[article.pk]))
    page.get_by_role("button", name="Pull back edition 1").click()
    expect(page.get_by_text("Edition 1 was pulled back.")).to_be_visible()
