"""What may not be: tried at the window, and again by sending the form straight to its address."""

from __future__ import annotations

import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from playwright.sync_api import Page, expect

from articles import drafting
from articles.models import Article, Edition
from people.models import Role, User
from references.models import Reference
from reviews import workflow
from reviews.models import Review, State, Verdict
from tests.conftest import PASSWORD
from tests.journeys.conftest import Open
from tests.journeys.steps import post, sign

pytestmark = [pytest.mark.chromium, pytest.mark.looks, pytest.mark.xdist_group(__name__)]

FOUR_EYES = "somebody else has to do this (four eyes)"
CANARY = "zebrafinch"
"""A word that stands in every text of the draft and nowhere else."""
OTHER_WORD = "kestrel"
"""Another one to search by, since pages repeat what was searched for."""


def refuses_a_signature(page: Page, edition: Edition, sentence: str) -> None:
    """The pages offer no signature and say why; a form sent past them is refused with the same sentence."""
    page.goto(reverse("desk:review", args=[edition.pk]))
    expect(page.get_by_text(sentence).first).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Sign a decision|^Read: "))).to_have_count(0)
    page.goto(reverse("desk:decide", args=[edition.pk]))
    expect(page.get_by_text("You cannot sign a decision now")).to_be_visible()
    expect(page.get_by_role("button", name="Sign this decision")).to_have_count(0)
    response = post(
        page,
        reverse("desk:decide", args=[edition.pk]),
        digest=edition.digest,
        kind="approve",
        comment="",
        password=PASSWORD,
    )
    assert response.status == 409
    assert sentence in response.text()
    assert not Verdict.objects.filter(edition=edition).exists()


def test_an_author_does_not_approve_their_own(open_window: Open, submitted: Edition, author, member):
    workflow.take_up(submitted, by=member)
    page = open_window(author)
    assert page.goto(reverse("desk:decide", args=[submitted.pk])).status == 403
    page.goto(reverse("desk:review", args=[submitted.pk]))
    expect(page.get_by_role("link", name="Decision")).to_have_count(0)
    response = post(
        page,
        reverse("desk:decide", args=[submitted.pk]),
        digest=submitted.digest,
        kind="approve",
        password=PASSWORD,
    )
    assert response.status == 403
    assert "Your role does not include this page." in response.text()
    assert Review.objects.get().state == State.UNDER_REVIEW


@pytest.mark.parametrize("also", ["board member", "superuser"])
def test_an_author_with_every_right_does_not_approve_their_own(open_window: Open, draft, author, member, also):
    author.appointments.create(role=Role.BOARD_MEMBER)
    if also == "superuser":
        User.objects.filter(pk=author.pk).update(is_superuser=True, is_staff=True)
    edition = workflow.submit(draft, by=author)
    page = open_window(author)
    page.goto(reverse("desk:review", args=[edition.pk]))
    expect(page.get_by_role("button", name="Take up this review")).to_have_count(0)
    response = post(page, reverse("desk:take_up", args=[edition.pk]))
    assert response.status == 409
    assert FOUR_EYES in response.text()
    workflow.take_up(edition, by=member)
    refuses_a_signature(page, edition, FOUR_EYES)


def test_the_first_editor_of_a_later_authors_edition_does_not_approve_it(
    open_window: Open, person, author, member, works
):
    first = person("Fay First", Role.AUTHOR, Role.BOARD_MEMBER)
    article = Article(
        question="Does alpha help?",
        heading="Yes",
        lead="It helps [@alpha].",
        body="## Evidence\n\nFirst words [@beta].\n",
        owner=first,
        byline=[drafting.byline_entry(name=first.name, user=first)],
    )
    drafting.save(article, by=first, base_version=0)
    article.owner = author
    article.byline = [drafting.byline_entry(name=author.name, user=author)]
    article.lead = "It helps a little [@alpha]."
    article.body = "## Evidence\n\nOther words altogether [@beta].\n"
    drafting.save(article, by=author, base_version=1)
    edition = workflow.submit(article, by=author)
    workflow.take_up(edition, by=member)
    refuses_a_signature(open_window(first), edition, FOUR_EYES)


def test_an_edition_that_was_replaced_meanwhile_is_not_approved(
    open_window: Open, draft: Article, submitted: Edition, author, member
):
    workflow.take_up(submitted, by=member)
    page = open_window(member)
    page.goto(reverse("desk:decide", args=[submitted.pk]))
    page.get_by_role("radio", name=re.compile("^Approve:")).check()
    page.get_by_label("Comment").fill("A comment that took long to write.")
    page.get_by_label("Your password").fill(PASSWORD)

    draft.body += "\nAnd another sentence.\n"
    drafting.save(draft, by=author, base_version=draft.version)
    second = workflow.submit(draft, by=author)

    page.get_by_role("button", name="Sign this decision").click()
    expect(page.get_by_text("Edition 1 was replaced by edition 2. Please read that one.").first).to_be_visible()
    expect(page.get_by_label("Comment")).to_have_value("A comment that took long to write.")
    expect(page.get_by_label("Your password")).to_have_value("")
    assert not Verdict.objects.exists()
    # Nor does the form made for the old edition sign the new one.
    workflow.take_up(second, by=member)
    response = post(
        page,
        reverse("desk:decide", args=[second.pk]),
        digest=submitted.digest,
        kind="approve",
        password=PASSWORD,
    )
    assert response.status == 409
    assert "This form was made for another edition." in response.text()
    assert not Verdict.objects.exists()
    # The same member signs what they now read.
    page.goto(reverse("desk:decide", args=[second.pk]))
    sign(page, "Approve")
    assert Verdict.objects.get().edition == second


# -- Drafts from outside ----------------------------------------------------------------------------------------


UNKNOWN: dict[str, list[object]] = {"digest": ["0" * 64], "extension": ["png"]}
"""What an address takes that is no number, where nothing of ours is meant."""


def addresses(things: dict[str, list[object]]) -> list[str]:
    """Every address of the resolver, each of its places filled with each thing that it could name."""
    found: list[str] = []

    def walk(resolver: URLResolver, spaces: tuple[str, ...]) -> None:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                walk(entry, (*spaces, entry.namespace) if entry.namespace else spaces)
            elif isinstance(entry, URLPattern) and entry.name:
                name = ":".join((*spaces, entry.name))
                for filled in fillings(list(entry.pattern.converters) or list(entry.pattern.regex.groupindex)):
                    found.append(reverse(name, kwargs=filled))

    def fillings(places: list[str]) -> list[dict[str, object]]:
        made: list[dict[str, object]] = [{}]
        for place in places:
            made = [one | {place: value} for one in made for value in things.get(place, UNKNOWN.get(place, [1]))]
        return made

    walk(get_resolver(), ())
    return found


@pytest.fixture
def secret(author: User, works: list[Reference]) -> Edition:
    """A draft of whose every text the canary is a part, with an edition before the board and changes since."""
    article = Article(
        question=f"Does {CANARY} help?",
        plain_question=f"Can {CANARY} help me?",
        heading=f"Yes, {CANARY}",
        lead=f"It helps, {CANARY} [@alpha].",
        plain_heading=f"Yes, {CANARY}",
        plain_lead=f"A little {CANARY}.",
        body=f"## {CANARY}\n\nTwo trials of {CANARY} {OTHER_WORD} [@beta].\n\n::: patient\nFor you: {CANARY}.\n:::\n",
        slug="a-quiet-address",
        slug_is_set=True,
        owner=author,
    )
    drafting.save(article, by=author, base_version=0, comment=CANARY, topics=drafting.topics_named(["A quiet topic"]))
    edition = workflow.submit(article, by=author, comment=CANARY)
    article.body += f"\nMore of {CANARY} {OTHER_WORD}.\n"
    drafting.save(article, by=author, base_version=1, comment=CANARY)
    return edition


@pytest.mark.parametrize("who", ["nobody", "no role", "another author"])
def test_outsiders_find_a_draft_at_no_address(open_window: Open, secret: Edition, live, outsider, person, who):
    article = secret.article
    topic = article.topics.get()
    paths = addresses(
        {
            "pk": [article.pk, secret.pk],
            "slug": [article.slug, topic.slug],
            "object_id": [article.pk, secret.pk],
            "app_label": ["articles", "reviews"],
            "url": [f"articles/article/{article.pk}/change"],
        }
    )
    assert len(paths) > 100
    paths.remove(reverse("account_logout"))
    paths += [
        f"/search/?q={OTHER_WORD}",
        f"/ask/?answer={article.slug}",
        f"/ask/thanks/?answer={article.slug}",
        f"/answers/{article.slug}/?for=patient",
        f"/desk/articles/?q={OTHER_WORD}",
        reverse("desk:compare", args=[article.pk]) + "?from=1&to=2",
    ]
    page = open_window({"nobody": None, "no role": outsider, "another author": person("Olga Other", Role.AUTHOR)}[who])
    for path in paths:
        response = page.request.get(path, max_redirects=0)
        assert CANARY not in response.text(), path
        is_named = article.slug in path and "?answer=" not in path or topic.slug in path
        if is_named and not path.startswith("/desk/dashboard/"):
            assert response.status == 404, path
        elif who == "nobody" and path.startswith("/desk/") and "/invitation/" not in path:
            assert response.headers.get("location", "").startswith("/account/login/"), path
    page.goto("/account/2fa/" if who != "nobody" else "/account/login/")
    for path in (one for one in paths if one.startswith("/desk/")):
        assert CANARY not in post(page, path).text(), path
    article.refresh_from_db()
    assert (article.version, Review.objects.get(edition=secret).state) == (2, State.SUBMITTED)


def test_the_same_addresses_show_the_draft_to_its_author(open_window: Open, secret: Edition, author):
    page = open_window(author)
    for name in ("article", "article_edit", "history", "compare", "submit", "publishing"):
        page.goto(reverse(f"desk:{name}", args=[secret.article_id]))
        expect(page.get_by_role("heading", level=1)).to_contain_text(CANARY)
    page.goto(reverse("desk:review_text", args=[secret.pk, 1]))
    expect(page.locator("#text")).to_contain_text(CANARY)
