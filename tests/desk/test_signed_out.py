"""A session, or a role, that ends while somebody writes: the words come back, the password does not."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from articles.models import Article, Comment, Edition
from people import roles
from people.models import Appointment, Role, User
from reviews import asking, workflow
from reviews.models import Review, Verdict
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def test_what_was_sent_stands_on_the_page(draft: Article, client: Client):
    sent = {"body": "Words <b>that</b> took an hour.", "password": "secret words", "base_version": "1"}
    response = client.post(f"/desk/articles/{draft.pk}/edit/", sent)
    page = response.content.decode()
    assert response.status_code == 401
    assert "Words &lt;b&gt;that&lt;/b&gt; took an hour." in page
    assert "secret words" not in page
    assert "Alpha helps" not in page
    draft.refresh_from_db()
    assert draft.version == 1


def test_a_form_that_is_older_than_the_sign_in_is_not_lost(draft: Article, author):
    client = Client(enforce_csrf_checks=True)
    client.force_login(author)
    sent = {"body": "Words that took an hour.", "password": "secret words", "csrfmiddlewaretoken": "x" * 64}
    response = client.post(f"/desk/articles/{draft.pk}/edit/", sent)
    page = response.content.decode()
    assert response.status_code == 403
    assert "the page is older than your sign-in" in page
    assert "Words that took an hour.</textarea>" in page
    assert "secret words" not in page
    assert "took an hour" not in client.post("/account/login/", sent).content.decode()
    draft.refresh_from_db()
    assert draft.version == 1


def test_a_form_without_words_leads_to_the_sign_in(draft: Article, client: Client):
    response = client.post(f"/desk/articles/{draft.pk}/submit/", {})
    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/")


@pytest.fixture
def lost(author: User, member: User, draft: Article, administrator: User):
    """An edition under review, and the browser of its member, who has another role and lost that on the board."""
    edition = workflow.submit(draft, by=author)
    workflow.take_up(edition, by=member)
    client = Client()
    client.force_login(member)
    for page in ("review_comments", "decide"):
        assert client.get(reverse(f"desk:{page}", args=[edition.pk])).status_code == 200

    def lose(*others: Role) -> tuple[Client, Edition]:
        for role in others:
            Appointment.objects.create(user=member, role=role)
        roles.end(member, role=Role.BOARD_MEMBER, by=administrator)
        return client, edition

    return lose


@pytest.mark.parametrize("others", [(), (Role.AUTHOR,), (Role.ADMINISTRATOR,)])
@pytest.mark.parametrize("page", ["review_comments", "decide", "review_thread"])
def test_who_lost_the_role_a_moment_ago_gets_their_words_back(lost, member, page, others):
    thread = asking.ask(Edition.objects.get(), by=member, text="Which dose?")
    client, edition = lost(*others)
    sent = {
        "review_comments": {"text": "A comment that took an hour."},
        "decide": {
            "digest": edition.digest,
            "kind": "request-changes",
            "comment": "A comment that took an hour.",
            "password": PASSWORD,
        },
        "review_thread": {"action": "answer", "text": "A comment that took an hour."},
    }[page]
    keys = [edition.pk, thread.pk] if page == "review_thread" else [edition.pk]
    response = client.post(reverse(f"desk:{page}", args=keys), sent)
    shown = response.content.decode()
    assert response.status_code in {403, 404}
    assert "Not saved: you may not do this now" in shown
    said = {(): "Your account holds no role at present.", (Role.AUTHOR,): "for you"}.get(others, "Your role does not")
    assert said in shown or "Your role does not include this page." in shown
    assert "A comment that took an hour.</textarea>" in shown
    assert PASSWORD not in shown
    assert not Verdict.objects.exists()
    assert Comment.objects.count() == 1
    assert Review.objects.get().state == "under_review"


def test_who_was_excluded_a_moment_ago_gets_their_words_back(draft, author, member, editor):
    edition = workflow.submit(draft, by=author)
    workflow.set_part(edition, member=member, by=editor, grade="excluded", reason="A grant.")
    client = Client()
    client.force_login(member)
    response = client.post(reverse("desk:review_comments", args=[edition.pk]), {"text": "Took an hour."})
    assert response.status_code == 403
    assert "You take no part in the review of this answer" in response.content.decode()
    assert "Took an hour.</textarea>" in response.content.decode()
    assert not Comment.objects.exists()


def test_the_panel_of_the_editor_is_told_in_a_sentence(draft, author, administrator):
    client = Client()
    client.force_login(author)
    Appointment.objects.create(user=author, role=Role.BOARD_MEMBER)
    roles.end(author, role=Role.AUTHOR, by=administrator)
    response = client.post(reverse("desk:comments", args=[draft.pk]), {"text": "Took an hour.", "panel": "1"})
    assert response.status_code == 403
    assert response["Content-Type"].startswith("text/plain")
    assert response.content.decode() == "Your role does not include this page."
