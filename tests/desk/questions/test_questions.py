"""Readers' questions in the desk."""

from __future__ import annotations

import pytest
from django.urls import reverse

from readers.models import FollowUpQuestion

pytestmark = pytest.mark.django_db


@pytest.fixture
def question(live):
    return FollowUpQuestion.objects.create(
        article=live.article, edition_number=1, audience="patient", text="May I take two?", email="rita@example.org"
    )


def test_lists_new_questions_and_opens_one_with_its_answer(browser, editor, question):
    client = browser(editor)
    page = client.get(reverse("desk:questions")).content.decode()
    assert "May I take two?" in page
    assert "rita@example.org" not in page
    page = client.get(reverse("desk:question", args=[question.pk])).content.decode()
    assert "rita@example.org" in page
    assert f'href="/answers/{question.article.publication.slug}/"' in page
    assert "Patient or family" in page


def test_marks_it_as_seen_and_closed(browser, editor, question):
    client = browser(editor)
    url = reverse("desk:question", args=[question.pk])
    for state in ("seen", "closed", "new"):
        assert client.post(url, {"state": state}).status_code == 302
        question.refresh_from_db()
        assert question.state == state


def test_an_unknown_state_changes_nothing(browser, editor, question):
    response = browser(editor).post(reverse("desk:question", args=[question.pk]), {"state": "deleted"})
    assert response.status_code == 422
    question.refresh_from_db()
    assert question.state == "new"


def test_an_empty_list_says_so(browser, editor):
    assert "No new question" in browser(editor).get(reverse("desk:questions")).content.decode()


def test_nobody_else_sees_them(browser, author, member, administrator, question):
    for person in (author, member, administrator):
        client = browser(person)
        assert client.get(reverse("desk:questions")).status_code == 403
        assert client.get(reverse("desk:question", args=[question.pk])).status_code == 403
