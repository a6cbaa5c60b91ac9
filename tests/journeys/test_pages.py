"""Every main page, opened by somebody who may: axe finds nothing, nothing scrolls sideways, the console stays silent.

Each page is looked at on a wide and on a narrow screen, and its colours in the dark as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import LazySettings
from django.core import mail
from django.urls import reverse
from playwright.sync_api import Page, expect

from articles import drafting
from articles.models import AnswerKind, Article, Edition, Publication, Standing, Term, Topic
from config.sample_site import SampleSite
from config.samples import ADMINISTRATOR, AUTHOR, EDITOR, FIRST_MEMBER, SECOND_MEMBER
from people import inviting
from people.models import Role, User
from readers.models import Feedback, FollowUpQuestion
from references.models import Reference
from reviews import workflow
from reviews.models import State
from tests import word_files
from tests.journeys.conftest import TURN, Open

pytestmark = [pytest.mark.chromium, pytest.mark.looks, pytest.mark.xdist_group(__name__)]

WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 360, "height": 640}
WHOLE = {"resultTypes": ["violations"]}
COLOURS = WHOLE | {"runOnly": ["color-contrast"]}
ALL_BUT_COLOURS = WHOLE | {"rules": {"color-contrast": {"enabled": False}}}
"""Contrast takes axe four fifths of its time: it is asked in the light when wide and in the dark when narrow, and not
again of a page that looks like one before it."""

Look = Callable[..., None]


def violations(page: Page, options: dict[str, object]) -> list[str]:
    """What axe finds, a line for each place."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("options => axe.run(options).then(result => result.violations)", options)
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


@pytest.fixture
def findings() -> Iterator[list[str]]:
    """What was found on all pages of a test: said together at its end."""
    found: list[str] = []
    yield found
    assert not found, "\n".join(found)


@pytest.fixture
def look(findings: list[str]) -> Look:
    """Look at a page: `look(page, "/desk/")`, or without an address at what the window shows now."""

    def at(page: Page, path: str = "", *, status: int = 200, colours: bool = True) -> None:
        page.set_viewport_size(WIDE)
        if path:
            response = page.goto(path)
            assert response
            if response.status != status:
                findings.append(f"{path}: status {response.status}")
        # A click leads on before the page that it leads to is all there.
        page.wait_for_load_state()
        where = page.url.partition("localhost")[2]
        if page.locator("main h1").count() != 1:
            findings.append(f"{where}: one h1 is expected in main")
        findings.extend(f"{where} wide: {one}" for one in violations(page, WHOLE if colours else ALL_BUT_COLOURS))
        page.set_viewport_size(NARROW)
        findings.extend(f"{where} narrow: {one}" for one in violations(page, ALL_BUT_COLOURS))
        if colours:
            page.emulate_media(color_scheme="dark")
            findings.extend(f"{where} dark: {one}" for one in violations(page, COLOURS))
            page.emulate_media(color_scheme="light")
        overhang = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if overhang > 0:
            findings.append(f"{where} narrow: scrolls {overhang} px sideways")

    return at


@pytest.fixture
def samples(transactional_db: None, settings: LazySettings) -> dict[str, User]:
    """The sample site with its long, real texts; its people by e-mail address."""
    settings.SAMPLE_ACCOUNTS_MAY_SIGN_IN = True
    site = SampleSite()
    site.load()
    return site.people


def in_state(state: str) -> Edition:
    return Edition.objects.filter(review__state=state).latest("pk")


def address(standing: str) -> str:
    return reverse("readers:answer", args=[Publication.objects.filter(standing=standing).earliest("pk").slug])


def test_public_pages(open_window: Open, look: Look, samples):
    page = open_window()
    topic = Publication.objects.listed().earliest("pk").topics.earliest("pk")
    for path in (
        "/",
        "/?for=patient",
        "/answers/",
        "/topics/",
        reverse("readers:topic", args=[topic.slug]),
        "/search/",
        "/search/?q=iron+antibiotic+heart",
        "/search/?q=nothinglikethis",
        "/policy/",
        "/board/",
        "/about/",
        "/ask/",
        "/ask/thanks/",
    ):
        look(page, path)
    page.goto("/ask/?for=patient")
    page.get_by_label("Your question").fill("I have pneumonia now, born 3.4.1960: how long do I need antibiotics?")
    page.get_by_role("button", name="See what our answers say").click()
    expect(page.locator(".passage").first).to_be_visible()
    look(page)
    look(page, "/nothing/here/", status=404)


def test_answers(open_window: Open, look: Look, samples):
    page = open_window()
    live, caution = address(Standing.LIVE), address(Standing.CAUTION)
    for path in (live, f"{live}editions/1/", caution):
        look(page, path)
    for path in (f"{live}?for=patient", f"{live}?for=physician", f"{caution}?for=patient"):
        look(page, path, colours=False)
    corrected = Publication.objects.get(article__notices__isnull=False)
    look(page, reverse("readers:answer", args=[corrected.slug]), colours=False)
    look(page, f"/ask/?answer={corrected.slug}")
    look(page, f"/answers/{corrected.slug}/texts/?for=patient", colours=False)
    look(page, f"/feedback/mistake/?answer={corrected.slug}")
    page.goto(f"/answers/{corrected.slug}/")
    page.get_by_role("button", name="No", exact=True).click()
    look(page)
    editor = samples[EDITOR.email]
    workflow.withdraw(corrected.edition, by=editor, explanation="New trials contradict it.")
    look(page, reverse("readers:answer", args=[corrected.slug]))
    released = Publication.objects.get(standing=Standing.CAUTION).edition
    workflow.pull_back(released, by=samples[AUTHOR.email])
    look(page, caution, status=410)


def test_the_bottom_line_begins_within_one_and_a_half_screens(open_window: Open, findings: list[str], samples):
    page = open_window(viewport=NARROW)
    for publication in Publication.objects.listed():
        for reader in ("", "?for=patient", "?for=physician"):
            path = reverse("readers:answer", args=[publication.slug]) + reader
            page.goto(path)
            box = page.locator("#bottom-line").bounding_box()
            if box is None or box["y"] > 1.5 * NARROW["height"]:
                findings.append(f"{path} ({publication.standing}): the bottom line begins at {box}")


def test_the_door_of_the_desk(open_window: Open, look: Look, samples):
    page = open_window()
    look(page, "/account/login/")
    page.get_by_label("Email").fill("nobody@example.org")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    look(page)
    look(page, "/account/password/reset/")
    page.get_by_label("Email").fill(AUTHOR.email)
    page.get_by_role("button").last.click()
    look(page)
    path = mail.outbox[-1].body.partition("https://answers.example.org")[2].split()[0]
    look(page, path)
    look(page, "/account/signup/")
    invitation, token = inviting.invite(
        by=samples[ADMINISTRATOR.email], email="nora@example.org", role=Role.BOARD_MEMBER
    )
    look(page, reverse("desk:invitation", args=[token]))
    look(page, reverse("desk:invitation", args=["no-such-token"]), status=410)


def test_the_authors_desk(open_window: Open, look: Look, samples):
    author = samples[AUTHOR.email]
    page = open_window(author)
    draft = Article.objects.get(editions=None)
    sent_back = in_state(State.CHANGES_REQUESTED)
    look(page, "/desk/")
    look(page, "/desk/articles/")
    look(page, "/desk/articles/?q=nothinglikethis", colours=False)
    look(page, "/desk/articles/new/")
    for name in ("article", "article_edit", "history", "submit", "publishing"):
        look(page, reverse(f"desk:{name}", args=[draft.pk]))
    look(page, reverse("desk:article", args=[sent_back.article_id]))
    look(page, reverse("desk:review", args=[sent_back.pk]), colours=False)

    # A refused save, then a conflict with both texts, then what differs between the two versions.
    page.goto(reverse("desk:article_edit", args=[draft.pk]))
    page.get_by_label("Question", exact=True).fill("")
    page.get_by_role("button", name="Save", exact=True).click()
    look(page)
    page.goto(reverse("desk:article_edit", args=[draft.pk]))
    text = page.get_by_label("Text", exact=True)
    text.fill(text.input_value() + "\nMine.\n")
    draft.body += "\nTheirs.\n"
    with TURN:
        drafting.save(draft, by=author, base_version=draft.version)
    page.get_by_role("button", name="Save", exact=True).click()
    look(page)
    look(page, reverse("desk:compare", args=[draft.pk]))

    # What stands beside an article: its comments, its images; and a draft from Word.
    look(page, reverse("desk:comments", args=[draft.pk]))
    look(page, reverse("desk:images", args=[draft.pk]))
    page.goto("/desk/articles/word/")
    body = word_files.paragraph(
        word_files.run("It helps"), word_files.zotero("1", word_files.work(1)), word_files.run(" (2, 3).")
    )
    page.get_by_label("Word document").set_input_files(
        {"name": "a.docx", "mimeType": "application/octet-stream", "buffer": word_files.docx(body)}
    )
    page.get_by_role("button", name="Read it").click()
    look(page)
    look(page, "/desk/articles/word/", colours=False)
    look(page, "/desk/news/")
    look(page, "/desk/profile/news/")


def test_the_library(open_window: Open, look: Look, samples):
    page = open_window(samples[AUTHOR.email])
    work = Reference.objects.filter(authors__isnull=False).earliest("pk")
    for path in (
        "/desk/library/",
        "/desk/library/?q=nothinglikethis",
        "/desk/library/new/",
        "/desk/library/import/",
        reverse("desk:reference", args=[work.pk]),
        reverse("desk:reference_edit", args=[work.pk]),
    ):
        look(page, path)
    page.goto("/desk/library/new/")
    page.get_by_role("button", name="Add to the library").click()
    look(page)
    page.goto("/desk/articles/new/")
    page.get_by_role("button", name="Cite a work").click()
    page.get_by_role("dialog").get_by_role("listitem").first.wait_for()
    look(page)


def test_the_boards_desk(open_window: Open, look: Look, samples):
    page = open_window(samples[SECOND_MEMBER.email])
    under_review = Publication.objects.get(standing=Standing.CAUTION).edition
    look(page, "/desk/")
    look(page, "/desk/reviews/")
    look(page, "/desk/reviews/?state=approved")
    look(page, reverse("desk:review", args=[under_review.pk]))
    for edition in (in_state(State.SUBMITTED), in_state(State.APPROVED)):
        look(page, reverse("desk:review", args=[edition.pk]), colours=False)
    look(page, reverse("desk:decide", args=[under_review.pk]))
    look(page, reverse("desk:review_text", args=[under_review.pk, 1]))
    look(page, reverse("desk:review_text", args=[under_review.pk, 2]), colours=False)
    page.goto(reverse("desk:decide", args=[under_review.pk]))
    page.get_by_role("button", name="Sign this decision").click()
    look(page)
    # An update, which differs from what is live.
    update = Edition.objects.filter(number=2, review__state=State.UNDER_REVIEW).get()
    look(page, reverse("desk:review", args=[update.pk]))
    look(open_window(samples[FIRST_MEMBER.email]), "/desk/people/", status=403)


def test_the_editors_desk(open_window: Open, look: Look, samples):
    page = open_window(samples[EDITOR.email])
    article = Article.objects.filter(publication__standing=Standing.LIVE).earliest("pk")
    question = FollowUpQuestion.objects.create(article=article, text="And for children?\nOf any age?", email="r@x.org")
    look(page, "/desk/")
    look(page, "/desk/questions/")
    look(page, "/desk/questions/?state=closed", colours=False)
    said = Feedback.objects.create(
        article=Publication.objects.earliest("pk").article, edition_number=1, kind="mistake", text="No.", state="new"
    )
    look(page, "/desk/questions/feedback/")
    look(page, "/desk/questions/helpful/")
    page.goto(reverse("desk:report", args=[said.pk]))
    page.get_by_role("button", name="Take it up").click()
    look(page)
    look(page, reverse("desk:question", args=[question.pk]), colours=False)
    page.get_by_role("button", name="Take it up").click()
    look(page)
    look(page, "/desk/glossary/")
    look(page, "/desk/glossary/new/", colours=False)
    look(page, reverse("desk:term", args=[Term.objects.earliest("pk").pk]))
    look(page, "/desk/kinds/", colours=False)
    look(page, "/desk/topics/", colours=False)
    look(page, reverse("desk:topic", args=[Topic.objects.earliest("pk").pk]), colours=False)
    look(page, reverse("desk:kind", args=[AnswerKind.objects.create(slug="trial", name="Trial").pk]))
    look(page, "/desk/settings/")
    look(page, reverse("desk:publishing", args=[article.pk]))
    look(page, reverse("desk:publishing", args=[in_state(State.APPROVED).article_id]))
    look(page, reverse("desk:publishing", args=[in_state(State.SUBMITTED).article_id]))
    page.get_by_role("button", name="Release edition 1 with caution").click()
    look(page)


def test_the_administrators_desk(open_window: Open, look: Look, samples):
    page = open_window(samples[ADMINISTRATOR.email])
    look(page, "/desk/")
    look(page, "/desk/people/invite/")
    page.get_by_label("E-mail").fill("nora@example.org")
    page.get_by_role("button", name="Send the invitation").click()
    look(page)
    look(page, "/desk/people/")
    look(page, reverse("desk:person", args=[samples[AUTHOR.email].pk]))
    look(page, reverse("desk:person", args=[samples[ADMINISTRATOR.email].pk]))
    look(page, "/desk/profile/")
    look(page, "/account/2fa/")
    look(page, "/account/password/change/")
    look(page, "/account/logout/")
    look(page, "/account/2fa/totp/activate/")
