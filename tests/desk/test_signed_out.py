"""A session that ends while somebody writes: the words come back, the password does not."""

from __future__ import annotations

import pytest
from django.test import Client

from articles.models import Article

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
