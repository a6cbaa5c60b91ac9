"""A reader's own page: what it shows in each state, answering, erasing, and that it is nobody else's."""

from __future__ import annotations

import pytest
from django.test import Client

from readers import triage
from readers.models import FollowUpQuestion

OURS = {"Sec-Fetch-Site": "same-origin"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def question(draft, publish):
    publish(draft)
    return triage.take_in(
        text="Is <b>it</b> safe?", email="rita@example.org", audience="", article_id=draft.pk, edition_number=1
    )


def address(question: FollowUpQuestion) -> str:
    return f"/ask/mine/{triage.token_of(question)}/"


def test_it_shows_the_question_and_what_is_kept_and_is_nobody_elses(client: Client, question):
    response = client.get(address(question))
    html = response.content.decode()
    assert "Thank you: your question is with our editors" in html
    assert "Is &lt;b&gt;it&lt;/b&gt; safe?" in html
    assert f"{question.expires_on:%Y}" in html
    assert "Does alpha help in beta?" in html
    assert "rita@example.org" not in html
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex"
    assert not response.cookies
    assert client.get(address(question).replace(":", ":x")).status_code == 404
    assert client.put(address(question)).status_code == 405


def test_asked_back_it_takes_an_answer_and_keeps_what_was_typed(client: Client, question, editor):
    triage.take_up(question, by=editor)
    triage.ask_back(question, by=editor, text="Which <dose>?")
    page = client.get(address(question)).content.decode()
    assert "Which &lt;dose&gt;?" in page
    assert client.post(address(question), {"do": "reply", "reply": "Five"}).status_code == 403
    long = client.post(address(question), {"do": "reply", "reply": "x" * 2001}, headers=OURS)
    assert long.status_code == 422
    assert "2001 characters" in long.content.decode()
    assert "x" * 2001 in long.content.decode()
    assert client.post(address(question), {"do": "reply", "reply": "Five"}, headers=OURS).status_code == 303
    assert "your answer is with our editors" in client.get(address(question)).content.decode()
    late = client.post(address(question), {"do": "reply", "reply": "Ten"}, headers=OURS)
    assert late.status_code == 409
    assert "Nothing is asked of you" in late.content.decode()


def test_it_leads_to_the_answer_and_never_to_a_draft(client: Client, question, editor, draft, author, person):
    triage.take_up(question, by=editor)
    writer = person("Wanda Writer", "author")
    triage.make_draft(question, by=editor, author=writer, title="A secret draft?", due_on=None)
    page = client.get(address(question)).content.decode()
    assert "An author is writing an answer" in page
    assert "secret" not in page
    triage.answered(question, by=editor, article=draft)
    page = client.get(address(question)).content.decode()
    assert "It is answered here:" in page
    assert 'href="/answers/does-alpha-help-in-beta/"' in page


def test_the_reader_erases_it(client: Client, question):
    assert client.post(address(question), {"do": "erase"}).status_code == 403
    assert client.post(address(question), {"do": "erase"}, headers=OURS).status_code == 303
    page = client.get(address(question)).content.decode()
    assert "as you wished" in page
    assert "safe?" not in page
    assert "Erase all of it now" not in page
    assert FollowUpQuestion.objects.get().email == ""
