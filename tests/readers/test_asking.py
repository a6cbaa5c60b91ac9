"""Asking: what is kept, what is refused and in which words, and who may send how much."""

from __future__ import annotations

import datetime

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisAway

from articles.models import Article
from people.models import User
from readers import moments, triage
from readers.models import FollowUpQuestion
from reviews import workflow

OURS = {"Sec-Fetch-Site": "same-origin"}


def ask(client: Client, *, headers: dict[str, str] = OURS, query: str = "", address: str = "192.0.2.1", **fields: str):
    """The second step: the question goes to the editors, a minute after the page of the first one was shown."""
    shown = {"do": "send", "moment": moments.signed(timezone.now() - datetime.timedelta(minutes=1))}
    sent = {"question": "Does it help?"} | shown | fields
    return client.post(f"/ask/{query}", sent, headers=headers, REMOTE_ADDR=address)


def test_a_question_under_an_answer_is_kept_with_its_context(client: Client, draft: Article, publish):
    publish(draft)
    response = ask(
        client,
        query="?for=patient",
        question="  And in children?\r\nMine is four. ",
        email="rita@example.org",
        answer="does-alpha-help-in-beta",
        website="",
    )
    kept = FollowUpQuestion.objects.get()
    theirs = f"/ask/mine/{triage.token_of(kept)}/?for=patient"
    assert (response.status_code, response["Location"]) == (303, theirs)
    assert kept.text == "And in children?\nMine is four."
    assert (kept.email, kept.audience, kept.article, kept.edition_number, kept.state) == (
        "rita@example.org",
        "patient",
        draft,
        1,
        "new",
    )
    thanks = client.get(response["Location"]).content.decode()
    assert "Thank you" in thanks
    assert 'href="/answers/does-alpha-help-in-beta/?for=patient"' in thanks
    assert "Does alpha help?" in thanks
    assert not response.cookies


def test_a_question_from_home_needs_no_answer_and_no_address(client: Client, db: None):
    response = ask(client)
    kept = FollowUpQuestion.objects.get()
    assert response["Location"] == f"/ask/mine/{triage.token_of(kept)}/"
    assert (kept.article, kept.edition_number, kept.email, kept.audience) == (None, None, "", "")


@pytest.mark.parametrize("slug", ["does-alpha-help-in-beta", "nothing", "x" * 5000, "\x00"])
def test_a_draft_or_a_made_up_answer_is_not_linked(client: Client, draft: Article, submit, slug: str):
    submit(draft)
    response = ask(client, answer=slug)
    if response.status_code == 303:
        assert FollowUpQuestion.objects.get().article is None
    else:
        assert response.status_code == 422
    for page in ("/ask/", "/ask/thanks/"):
        shown = client.get(page, {"answer": slug})
        assert shown.status_code == 200
        assert "Does alpha help" not in shown.content.decode()


def test_a_question_under_a_withdrawn_answer_is_still_taken(client: Client, draft: Article, publish, editor: User):
    workflow.withdraw(publish(draft), by=editor, explanation="Wrong.")
    ask(client, answer="does-alpha-help-in-beta")
    assert FollowUpQuestion.objects.get().article == draft


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"question": "   "}, "Write your question."),
        ({"question": "x" * 2001}, "Your question has 2001 characters; at most 2000 fit."),
        ({"email": "rita@"}, "Write the address like name@example.org"),
        ({"question": "null \x00 character"}, "Null characters are not allowed."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_the_text_is_kept(client: Client, db: None, fields, said: str):
    response = ask(
        client, query="?for=nurse", **({"question": "Is <b>it</b> safe?", "email": "a@example.org"} | fields)
    )
    html = response.content.decode()
    assert response.status_code == 422
    assert response["Cache-Control"] == "private, no-cache"
    assert said in html
    assert 'role="alert"' in html
    assert 'aria-invalid="true"' in html
    if "question" not in fields:
        assert "Is &lt;b&gt;it&lt;/b&gt; safe?</textarea>" in html
    if "email" not in fields:
        assert 'value="a@example.org"' in html
    assert "/ask/?for=nurse" in html
    assert not FollowUpQuestion.objects.exists()


def test_line_ends_count_once_as_browsers_count_them(client: Client, db: None):
    assert ask(client, question="a\r\n" * 999 + "aa").status_code == 303
    assert len(FollowUpQuestion.objects.get().text) == 2000


def test_errors_keep_the_answer_that_the_question_follows(client: Client, draft: Article, publish):
    publish(draft)
    html = ask(client, question="", answer="does-alpha-help-in-beta").content.decode()
    assert 'name="answer" value="does-alpha-help-in-beta"' in html
    assert "Does alpha help in beta?" in html


def test_the_trap_takes_robots_in(client: Client, db: None):
    trapped = ask(client, website="https://spam.example")
    assert (trapped.status_code, trapped["Location"]) == (303, "/ask/thanks/")
    assert "Thank you" in client.get(trapped["Location"]).content.decode()
    assert not FollowUpQuestion.objects.exists()


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "https://answers.example.org"}, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, True),
        ({}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "http://testserver.evil.example"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Referer": "http://testserver/"}, False),
    ],
)
def test_only_our_own_pages_may_send(db: None, headers: dict[str, str], taken: bool):
    client = Client(enforce_csrf_checks=True)
    response = ask(client, headers=headers)
    assert response.status_code == (303 if taken else 403)
    assert FollowUpQuestion.objects.exists() is taken
    if not taken:
        assert "Nothing was sent" in response.content.decode()
        assert response["Cache-Control"] == "no-store"


def test_a_sixth_question_in_ten_minutes_is_refused_with_its_text_kept(client: Client, db: None):
    for number in range(5):
        assert ask(client, question=f"Question {number}?").status_code == 303
    refused = ask(client, question="One too many?")
    assert refused.status_code == 429
    assert refused["Retry-After"] == "600"
    assert "One too many?</textarea>" in refused.content.decode()
    assert "Many questions came from your connection" in refused.content.decode()
    assert FollowUpQuestion.objects.count() == 5
    assert ask(client, address="192.0.2.2").status_code == 303


def test_the_same_question_sent_again_is_the_one_that_is_there(client: Client, draft: Article, publish):
    publish(draft)
    first = ask(client, email="rita@example.org")
    for _time in range(6):
        assert ask(client, email="Rita@example.org")["Location"] == first["Location"]
    kept = FollowUpQuestion.objects.get()
    for others in (
        {"email": ""},
        {"question": "Does it hurt?", "email": "rita@example.org"},
        {"email": "rita@example.org", "answer": "does-alpha-help-in-beta"},
        {"email": "rita@example.org", "address": "192.0.2.9"},
    ):
        assert ask(client, **others)["Location"] != first["Location"]
    assert FollowUpQuestion.objects.count() == 5
    triage.erase(kept, why="wish")
    assert ask(client, email="rita@example.org")["Location"] != first["Location"]


def test_after_some_minutes_the_same_words_are_another_question(client: Client, db: None):
    first = ask(client)
    FollowUpQuestion.objects.update(asked_at=timezone.now() - triage.SENT_AGAIN)
    assert ask(client)["Location"] != first["Location"]
    triage.erase_due()
    assert list(FollowUpQuestion.objects.filter(sent_once__isnull=False)) == [FollowUpQuestion.objects.latest("pk")]
    triage.erase_due(at=timezone.now() + triage.SENT_AGAIN * 2)
    assert not FollowUpQuestion.objects.filter(sent_once__isnull=False).exists()


def test_mistakes_do_not_count(client: Client, db: None):
    for _try in range(7):
        ask(client, question="")
    assert ask(client).status_code == 303


def test_a_day_has_a_limit_too(client: Client, db: None):
    for round_ in range(6):
        for number in range(5):
            assert ask(client, question=f"Question {round_}.{number}?").status_code == 303
        short = [key for key in cache._cache if ":600:" in key]  # the ten minutes pass
        cache.delete_many([key.removeprefix(":1:") for key in short])
    assert ask(client).status_code == 429


def test_with_the_cache_away_questions_are_still_taken(client: Client, db: None, monkeypatch: pytest.MonkeyPatch):
    def away(*args: object, **kwargs: object) -> None:
        raise RedisAway("Connection refused")

    monkeypatch.setattr(type(cache._connections["default"]), "add", away)
    assert ask(client).status_code == 303
    assert FollowUpQuestion.objects.count() == 1


def test_the_form_is_wired_for_everyone(client: Client, db: None):
    html = client.get("/ask/").content.decode()
    assert '<label class="field__label" for="ask-question">' in html
    assert 'id="ask-question"' in html
    assert 'maxlength="2000"' in html
    assert "required" in html
    assert html.index("In an emergency") < html.index("<textarea")
    # The address is asked for when the question is sent on, and not before.
    assert 'type="email"' not in html


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_other_methods_are_refused(client: Client, db: None, method: str):
    assert getattr(client, method)("/ask/").status_code == 405
