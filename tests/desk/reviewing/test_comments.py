"""The pages of what the board asks: on the edition, on the article, beside the text, and on the next edition."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import drafting
from articles.anchoring import Quote
from articles.models import Article, Thread
from people.models import Role
from reviews import asking, workflow
from reviews.models import Review

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"desk:{name}", args=args)


def page_of(client, name, *args, query=""):
    return client.get(url(name, *args) + query).content.decode()


def changed(edition, author):
    article = Article.objects.get(pk=edition.article_id)
    article.body += "\n\nMore [@gamma]."
    return drafting.save(article, by=author, base_version=article.version)


def test_a_member_asks_the_author_answers_on_the_article_and_the_next_edition_shows_it(
    browser, under_review, member, author
):
    board, writer = browser(member), browser(author)
    sent = {"text": "Which <b>two</b>?", "exact": "Two trials agree", "field": "body"}
    done = board.post(url("review_comments", under_review.pk), sent, follow=True)
    thread = Thread.objects.get()
    assert done.redirect_chain[0][0].endswith(f"/comments/#thread-{thread.pk}")
    page = done.content.decode()
    assert "Text, line 3" in page
    assert "Which &lt;b&gt;two&lt;/b&gt;?" in page
    assert 'value="done"' not in page
    article = changed(under_review, author)
    for name in ("submit", "article"):
        page = page_of(writer, name, article.pk)
        assert "1 comment of the board waits for an answer" in page
        assert f'href="{url("comments", article.pk)}#board"' in page
    page = page_of(writer, "comments", article.pk)
    assert "The board on edition 1" in page
    assert f'action="{url("review_thread", under_review.pk, thread.pk)}"' in page
    answer = {"action": "not-done", "text": "The guideline names them.", "from": "article"}
    done = writer.post(url("review_thread", under_review.pk, thread.pk), answer)
    assert done.url == url("comments", article.pk) + "?show=all#board"
    assert "The guideline names them." in page_of(writer, "comments", article.pk, query="?show=all")
    assert "comment of the board" not in page_of(writer, "submit", article.pk)
    second = workflow.submit(article, by=author)
    page = page_of(board, "review", second.pk)
    assert "What the board asked, and what became of it" in page
    assert "Which &lt;b&gt;two&lt;/b&gt;?" in page
    assert "Not done: Ada Author" in page
    assert "The guideline names them." in page
    assert "What the board asked, and what became of it" not in page_of(board, "review", under_review.pk)


def test_the_editors_panel_shows_and_takes_the_answers(browser, under_review, member, author, editor):
    thread = asking.ask(under_review, by=member, text="Which?", field="body", quote=Quote("Two trials agree", "", ""))
    writer = browser(author)
    panel = page_of(writer, "comments_panel", under_review.article_id)
    address = url("review_thread", under_review.pk, thread.pk)
    assert "From the board" in panel
    assert f'data-thread-form="{address}"' in panel
    assert 'data-act="not-done"' in panel
    refused = writer.post(address, {"panel": "1", "action": "not-done", "text": ""})
    assert (refused.status_code, refused.content.decode()) == (409, "Say in a sentence why it is not done.")
    done = writer.post(address, {"panel": "1", "action": "done"})
    assert "From the board" not in done.content.decode()
    assert 'data-count="0"' in done.content.decode()
    # A member has no panel: it belongs to the article.
    other = asking.ask(under_review, by=member, text="And?")
    sent = {"panel": "1", "action": "answer", "text": "More."}
    assert browser(member).post(url("review_thread", under_review.pk, other.pk), sent).status_code == 404


def test_what_a_member_may_not_see_is_not_there_by_any_address(browser, under_review, member, second_member):
    review = Review.objects.get(edition=under_review)
    review.policy = review.policy | {"independent": True}
    review.save()
    thread = asking.ask(under_review, by=member, text="A secret word")
    other = browser(second_member)
    for name in ("review_comments", "review"):
        assert "A secret word" not in page_of(other, name, under_review.pk)
    assert "independent verdicts" in page_of(other, "review_comments", under_review.pk)
    assert "Comments <span" not in page_of(other, "review", under_review.pk)
    for action in ("answer", "done", "reopen"):
        sent = {"action": action, "text": "Hm"}
        assert other.post(url("review_thread", under_review.pk, thread.pk), sent).status_code == 404
    assert "A secret word" in page_of(browser(member), "review_comments", under_review.pk)


def test_a_thread_of_another_edition_or_of_the_article_is_not_found(browser, under_review, member, author, editor):
    thread = asking.ask(under_review, by=member, text="Which?")
    asking.resolve(thread, by=author)
    second = workflow.submit(changed(under_review, author), by=author)
    client = browser(editor)
    assert client.post(url("review_thread", second.pk, thread.pk), {"action": "reopen"}).status_code == 404
    assert client.post(url("thread", second.article_id, thread.pk), {"action": "reopen"}).status_code == 404


def test_what_was_typed_comes_back_with_the_sentence(browser, under_review, member, author):
    client = browser(member)
    sent = {"text": "Keep me", "exact": "Elephants never forget", "field": "body"}
    answer = client.post(url("review_comments", under_review.pk), sent)
    assert answer.status_code == 409
    assert "stand nowhere in this edition" in answer.content.decode()
    assert "Keep me" in answer.content.decode()
    assert "Elephants never forget" in answer.content.decode()
    answer = client.post(url("review_comments", under_review.pk), {"text": " ", "exact": "Two trials agree"})
    assert answer.status_code == 422
    thread = asking.ask(under_review, by=member, text="Which?")
    answer = client.post(
        url("review_thread", under_review.pk, thread.pk), {"action": "not-done", "text": "Keep this, too"}
    )
    assert answer.status_code == 409
    assert "author of this article, or an editor" in answer.content.decode()
    assert "Keep this, too" in answer.content.decode()
    workflow.pull_back(under_review, by=author)
    answer = client.post(url("review_comments", under_review.pk), {"text": "Typed too late"})
    assert answer.status_code == 409
    assert "round is over" in answer.content.decode()
    assert "Typed too late" in answer.content.decode()


def test_a_comment_sent_from_a_text_leads_back_to_it(browser, under_review, member):
    client = browser(member)
    page = page_of(client, "review_text", under_review.pk, 2)
    assert 'name="text_number" value="2"' in page
    sent = {"text": "Why?", "exact": "Two studies agree.", "field": "body", "text_number": "2"}
    assert client.post(url("review_comments", under_review.pk), sent).url == url("review_text", under_review.pk, 2)


def test_an_author_gets_no_form_and_ends_what_others_asked(browser, under_review, member, author, person):
    asking.ask(under_review, by=member, text="Which?")
    page = page_of(browser(author), "review_comments", under_review.pk)
    assert "its authors answer" in page
    assert 'name="exact"' not in page
    assert 'value="done"' in page
    other = browser(person("Olga Other", Role.AUTHOR))
    assert other.get(url("review_comments", under_review.pk)).status_code == 404


def test_the_pages_take_a_constant_number_of_queries(browser, under_review, member, author, editor):
    client, counts = browser(editor), []
    for number in (1, 9):
        for _time in range(number):
            thread = asking.ask(under_review, by=member, text=f"Hm, @Ada. {_time} of {number}")
            asking.answer(thread, by=author, text="More.")
        for name, of in (("review_comments", under_review.pk), ("comments", under_review.article_id)):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url(name, of)).status_code == 200
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
