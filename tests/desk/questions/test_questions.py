"""Readers' questions in the desk: the inbox, what is masked for whom, and each thing that may become of one."""

from __future__ import annotations

import pytest
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import Article
from people.models import Role
from readers import triage
from readers.models import FollowUpQuestion

pytestmark = pytest.mark.django_db


@pytest.fixture
def question(live):
    return triage.take_in(
        text="My name is Rita Reader. May I take two?",
        email="rita@example.org",
        audience="patient",
        article_id=live.article_id,
        edition_number=1,
    )


@pytest.fixture
def in_hand(question, editor):
    triage.take_up(question, by=editor)
    return question


def place(question: FollowUpQuestion) -> str:
    return reverse("desk:question", args=[question.pk])


def test_the_inbox_masks_everything_and_counts(browser, editor, question):
    page = browser(editor).get(reverse("desk:questions")).content.decode()
    assert "▇▇▇. May I take two?" in page
    assert "Rita" not in page
    assert "rita@example.org" not in page
    assert "New (1)" in page
    assert (
        "No question is in this state"
        in browser(editor).get(reverse("desk:questions"), {"state": "answered"}).content.decode()
    )
    mine = browser(editor).get(reverse("desk:questions"), {"whose": "mine"}).content.decode()
    assert "No new question" in mine


def test_the_inbox_asks_the_same_few_queries_for_one_and_for_many(browser, editor, question, connection_queries):
    client = browser(editor)
    client.get(reverse("desk:questions"))
    one = connection_queries(lambda: client.get(reverse("desk:questions")))
    for number in range(20):
        triage.take_in(text=f"Question {number}?", email="", audience="", article_id=None, edition_number=None)
    assert connection_queries(lambda: client.get(reverse("desk:questions"))) == one


@pytest.fixture
def connection_queries():
    from django.db import connection

    def count(act) -> int:
        with CaptureQueriesContext(connection) as seen:
            act()
        return len(seen)

    return count


def test_only_the_editor_who_has_it_in_hand_reads_it_in_full(browser, editor, question, person):
    other = person("Erik Editor", Role.EDITOR)
    page = browser(editor).get(place(question)).content.decode()
    assert "Rita" not in page
    assert "rita@example.org" not in page
    assert "Take it up" in page
    assert browser(editor).post(place(question), {"do": "take-up"}).status_code == 302
    page = browser(editor).get(place(question)).content.decode()
    assert "My name is Rita Reader." in page
    assert 'value="May I take two?"' in page
    assert "rita@example.org" in page
    theirs = browser(other).get(place(question)).content.decode()
    assert "Rita" not in theirs
    assert "Edda Editor has it in hand" in theirs
    assert browser(other).post(place(question), {"do": "closed", "closed-note": "x"}).status_code == 409


def test_what_editors_write_of_a_reader_is_masked_for_others(browser, editor, in_hand, person):
    triage.ask_back(in_hand, by=editor, text="Which dose did Dr Miller name?")
    triage.set_aside(in_hand, by=editor, state="closed", note="Dr Miller will answer.")
    assert browser(editor).get(place(in_hand)).content.decode().count("Dr Miller") == 2
    theirs = browser(person("Erik Editor", Role.EDITOR)).get(place(in_hand)).content.decode()
    assert "Miller" not in theirs
    assert "will answer." in theirs


def test_a_draft_for_an_author_who_then_reads_it_masked(browser, editor, in_hand, person, author):
    writer = person("Wanda Writer", Role.AUTHOR)
    assert browser(writer).get(place(in_hand)).status_code == 404
    sent = {"do": "draft", "draft-title": "May one take two?", "draft-author": writer.pk, "draft-due_on": "2999-01-31"}
    assert browser(editor).post(place(in_hand), sent).status_code == 302
    article = Article.objects.get(question="May one take two?")
    assert (article.owner, str(article.due_on)) == (writer, "2999-01-31")
    page = browser(writer).get(place(in_hand)).content.decode()
    assert "▇▇▇. May I take two?" in page
    assert "rita@example.org" not in page
    assert "Make a draft" not in page
    assert browser(writer).post(place(in_hand), {"do": "take-up"}).status_code == 403
    assert browser(author).get(place(in_hand)).status_code == 404
    overview = browser(writer).get(reverse("desk:article", args=[article.pk])).content.decode()
    assert f'href="{place(in_hand)}"' in overview
    assert "Rita" not in overview


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        ({"do": "draft", "draft-title": "", "draft-author": "0"}, 422, "Write the question that the answer"),
        ({"do": "draft", "draft-title": "Typed?", "draft-author": "0"}, 422, "Select a valid choice"),
        ({"do": "answered", "answered-article": "nothing-here"}, 422, "There is no answer at this address"),
        ({"do": "answered", "answered-article": ""}, 422, "Name the answer"),
        ({"do": "join", "join-article": "does-alpha-help-in-beta"}, 409, "This answer is public"),
        ({"do": "duplicate", "duplicate-number": "x"}, 422, "Write the number alone"),
        ({"do": "duplicate", "duplicate-number": "999999"}, 422, "There is no question of this number"),
        ({"do": "back", "back-back": " "}, 422, "Write what you want to ask"),
        ({"do": "out-of-scope", "out-of-scope-note": ""}, 422, "Say why in a few words"),
        ({"do": "reopen"}, 409, "This question is open"),
        ({"do": "dance"}, 422, "Choose what becomes of the question"),
    ],
)
def test_what_is_refused_says_why_and_keeps_what_was_typed(browser, editor, in_hand, sent, status, sentence):
    response = browser(editor).post(place(in_hand), sent)
    assert response.status_code == status
    page = response.content.decode()
    assert sentence in page
    assert "Typed?" in page or "Typed?" not in sent.values()
    in_hand.refresh_from_db()
    assert in_hand.state == "new"


def test_each_way_out_of_the_inbox(browser, editor, in_hand, live):
    client = browser(editor)
    first = triage.take_in(text="Was it?", email="", audience="", article_id=None, edition_number=None)
    ways = [
        ({"do": "back", "back-back": "Which dose?"}, "asked-back"),
        ({"do": "out-of-scope", "out-of-scope-note": "Vets"}, "out-of-scope"),
        ({"do": "closed", "closed-note": "Spam"}, "closed"),
        ({"do": "duplicate", "duplicate-number": str(first.pk)}, "duplicate"),
        ({"do": "reopen"}, "new"),
        (
            {
                "do": "answered",
                "answered-article": f"https://answers.example.org/answers/{live.article.slug}/?for=nurse",
            },
            "answered",
        ),
    ]
    for sent, state in ways:
        assert client.post(place(in_hand), sent).status_code == 302
        in_hand.refresh_from_db()
        assert in_hand.state == state
        page = client.get(place(in_hand)).content.decode()
        assert in_hand.get_state_display().capitalize() in page


def test_like_questions_and_closest_answers_are_offered(browser, editor, in_hand, live):
    triage.take_in(text="Nothing alike", email="", audience="", article_id=None, edition_number=None)
    later = triage.take_in(
        text="Does alpha help? May somebody take two?", email="", audience="", article_id=None, edition_number=None
    )
    again = triage.take_in(
        text="Does alpha help? May somebody take three?", email="", audience="", article_id=None, edition_number=None
    )
    triage.take_up(again, by=editor)
    page = browser(editor).get(place(again)).content.decode()
    assert f'href="{place(later)}"' in page
    assert f"<code>{live.article.slug}</code>" in page


def test_an_erased_question_says_so(browser, editor, in_hand):
    triage.erase(in_hand, why="wish")
    page = browser(editor).get(place(in_hand)).content.decode()
    assert "were erased" in page
    assert "the reader wished so" in page


def test_nobody_else_sees_them(browser, author, member, administrator, question):
    for person in (author, member, administrator):
        client = browser(person)
        assert client.get(reverse("desk:questions")).status_code == 403
        assert client.get(place(question)).status_code in {403, 404}
