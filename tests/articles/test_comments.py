"""Comments: passages kept through saves, who is told, what may be changed, and how threads end."""

from __future__ import annotations

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from articles import anchoring, circle, comments, drafting, history, mentions
from articles.anchoring import Quote
from articles.models import Article, Comment, Resolution, Thread
from people.models import Kind, Message, Notification, Role

pytestmark = pytest.mark.django_db


def on(article, words, *, field="body"):
    text = getattr(article, field)
    start = text.index(words)
    return {"field": field, "quote": anchoring.quote(text, start, start + len(words)), "near": start}


def save(article, by, **fields):
    row = Article.objects.get(pk=article.pk)
    for name, value in fields.items():
        setattr(row, name, value)
    return drafting.save(row, by=by, base_version=row.version)


def passage(thread):
    row = Thread.objects.get(pk=thread.pk)
    text = getattr(Article.objects.get(pk=row.article_id), row.field)
    return None if row.is_orphan else text[row.start : row.end]


def told(person, kind=None):
    rows = Notification.objects.filter(person=person)
    return [row.kind for row in (rows.filter(kind=kind) if kind else rows)]


# -- Passages -------------------------------------------------------------------------------------------------


def test_a_passage_is_followed_orphaned_when_it_goes_and_found_when_restored(draft, author, editor):
    thread = comments.open_thread(draft, by=editor, text="Which two?", **on(draft, "Two trials agree"))
    old = draft.body
    save(draft, author, body="A new first line.\n\n" + old.replace("[@beta; @alpha]", "[@alpha]"))
    assert passage(thread) == "Two trials agree"
    save(draft, author, body=old.replace("Two trials agree", "Two large trials agree"))
    assert passage(thread) == "Two large trials agree"
    row = Thread.objects.get(pk=thread.pk)
    assert (row.quoted, row.exact) == ("Two trials agree", "Two large trials agree")
    save(draft, author, body="## Evidence\n\nNothing is known.\n")
    assert passage(thread) is None
    assert Thread.objects.get(pk=thread.pk).exact == "Two large trials agree"
    save(draft, author, lead="Another lead.")
    assert passage(thread) is None
    versions = list(history.versions_of(draft))
    restored = Article.objects.get(pk=draft.pk)
    history.restore(restored, versions[2], by=author, base_version=restored.version)
    assert passage(thread) == "Two large trials agree"


def test_what_a_double_click_sends_twice_is_said_once(draft, author, editor):
    first = comments.open_thread(draft, by=editor, text="Which ones?", **on(draft, "Two trials"))
    assert comments.open_thread(draft, by=editor, text="Which ones?", **on(draft, "Two trials")) == first
    assert comments.open_thread(draft, by=author, text="Which ones?", **on(draft, "Two trials")) != first
    assert comments.open_thread(draft, by=editor, text="Which ones?", **on(draft, "trials")) != first
    whole = comments.open_thread(draft, by=editor, text="Short.")
    assert comments.open_thread(draft, by=editor, text="Short.") == whole
    said = comments.answer(first, by=author, text="Both.")
    assert comments.answer(first, by=author, text="Both.") == said
    assert comments.answer(first, by=editor, text="Both.") != said
    comments.resolve(whole, by=editor)
    assert comments.open_thread(draft, by=editor, text="Short.") != whole
    assert (Thread.objects.count(), Comment.objects.count()) == (5, 7)


def test_a_save_of_other_fields_touches_no_thread(draft, author, editor, django_assert_num_queries):
    thread = comments.open_thread(draft, by=editor, text="Hm.", **on(draft, "helps", field="lead"))
    save(draft, author, body="Wholly new.")
    assert passage(thread) == "helps"
    with django_assert_num_queries(0):
        comments.reanchor(draft, draft)


def test_a_passage_that_is_not_saved_yet_is_found_by_the_save_that_brings_it(draft, author):
    quote = Quote("A third trial is under way.", "agree [@beta; @alpha].\n\n")
    thread = comments.open_thread(draft, by=author, text="Mine.", field="body", quote=quote)
    assert passage(thread) is None
    save(draft, author, body=draft.body.replace("@alpha].\n", "@alpha].\n\nA third trial is under way.\n"))
    assert passage(thread) == "A third trial is under way."


def test_a_passage_that_was_typed_without_its_surroundings_is_found_if_there_is_but_one(draft, editor):
    once = comments.open_thread(draft, by=editor, text="?", field="body", quote=Quote("Two trials"))
    assert passage(once) == "Two trials"
    with pytest.raises(comments.Refused, match="more than once"):
        comments.open_thread(draft, by=editor, text="?", field="body", quote=Quote("agree"))


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"text": "  \n"}, "Write what you want to say"),
        ({"text": "x" * 5001}, "5001 characters"),
        ({"field": "slug", "quote": Quote("x")}, "in which field"),
        ({"field": "body", "quote": Quote("x" * 2001)}, "Choose a shorter one"),
    ],
)
def test_what_is_refused_says_why_and_changes_nothing(draft, editor, more, sentence):
    with pytest.raises(comments.Refused, match=sentence):
        comments.open_thread(draft, by=editor, **{"text": "Hm."} | more)
    assert not Thread.objects.exists()
    assert not Notification.objects.exists()


def test_threads_come_in_the_order_of_their_passages(draft, editor):
    say = lambda words, **more: comments.open_thread(draft, by=editor, text=words, **more)  # noqa: E731
    second = say("2", **on(draft, "agree"))
    whole = say("0")
    first = say("1", **on(draft, "helps", field="lead"))
    gone = say("3", field="body", quote=Quote("not there"))
    begins = say("1b", **on(draft, "## Evidence"))
    assert comments.in_order(Thread.objects.all()) == [whole, first, begins, second, gone]


# -- Telling and mentions -------------------------------------------------------------------------------------


def test_the_author_is_told_of_a_comment_and_those_of_a_thread_of_an_answer(draft, author, editor, person, member):
    other = person("Erik Second", Role.EDITOR)
    thread = comments.open_thread(draft, by=editor, text="Which two?", **on(draft, "Two trials"))
    assert told(author) == [Kind.COMMENT]
    assert told(other) == told(member) == told(editor) == []
    assert "Which two?" in Message.objects.get(to=author.email).text
    comments.answer(thread, by=author, text="Both of 2021.")
    assert told(editor) == [Kind.COMMENT]
    assert told(author) == [Kind.COMMENT]


def test_a_mention_reaches_who_may_open_the_article_once_and_nobody_else(draft, author, editor, person, member):
    stranger = person("Sam Stranger", Role.AUTHOR)
    text = "@Ada Author and @Sam Stranger, @Ben Board: look. @ada author!"
    thread = comments.open_thread(draft, by=editor, text=text)
    assert told(author) == [Kind.MENTION]
    assert told(stranger) == told(member) == []
    assert set(Comment.objects.get(thread=thread).mentions.all()) == {author}
    assert not Message.objects.exclude(to=author.email).exists()


def test_a_mention_put_in_later_is_told_and_one_that_stays_is_not_told_again(draft, author, editor, person):
    other = person("Erik Second", Role.EDITOR)
    comment = comments.open_thread(draft, by=editor, text="@Ada: look.").comments.get()
    comments.change(comment, by=editor, text="@Ada, @Erik: look.")
    comments.change(comment, by=editor, text="@Ada, @Erik: look again.")
    assert told(author) == told(other) == [Kind.MENTION]
    assert Comment.objects.get(pk=comment.pk).edited_at


def test_who_may_open_an_article_is_asked_of_their_roles_today(draft, author, editor, member, outsider, person):
    second = person("Bea Second", Role.AUTHOR)
    assert set(circle.people_of(draft)) == {author, editor}
    save(draft, second)
    assert set(circle.people_of(draft)) == {author, editor, second}
    second.appointments.update(ends_on=timezone.localdate() - datetime.timedelta(days=1))
    assert set(circle.people_of(draft)) == {author, editor}


class _Person:
    def __init__(self, pk, name):
        self.pk, self.name = pk, name


CAST = [_Person(1, "Ada Author"), _Person(2, "Edda Editor"), _Person(3, "Ada Other"), _Person(4, "Zoë d'Arc")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@Edda", {2}),
        ("@edda editor, please", {2}),
        ("@Ada", set()),
        ("@Ada Author", {1}),
        ("@Ada  other.", {3}),
        ("(@Zoë d'Arc)", {4}),
        ("edda@editor.org", set()),
        ("a@Edda", set()),
        ("[@Edda]", set()),
        ("@Eddaline", set()),
        ("@", set()),
        ("@Edda @Edda @Ada Author", {1, 2}),
    ],
)
def test_who_is_mentioned(text, expected):
    assert mentions.named(text, CAST) == expected
    shown = mentions.pieces(text, CAST)
    assert "".join(piece.text for piece in shown) == text
    assert any(piece.is_mention for piece in shown) == bool(expected)


@given(st.text("@Ada uthorEi[.\n", max_size=60))
def test_pieces_make_up_the_text(text):
    assert "".join(piece.text for piece in mentions.pieces(text, CAST)) == text
    assert mentions.pieces(text, []) == ([(text, False)] if text else [])


# -- Ending, changing, deleting -------------------------------------------------------------------------------


def test_a_thread_is_done_or_not_done_with_a_reason_and_can_be_opened_again(draft, author, editor):
    thread = comments.open_thread(draft, by=editor, text="Which?")
    with pytest.raises(comments.Refused, match="why it is not done"):
        comments.resolve(thread, by=author, how=Resolution.NOT_DONE, because=" ")
    row = comments.resolve(thread, by=author, how=Resolution.NOT_DONE, because="It is outside the question.")
    assert (row.resolved_by, row.because) == (author, "It is outside the question.")
    assert "as not done" in Notification.objects.get(person=editor).sentence
    with pytest.raises(comments.Refused, match="Ada Author has resolved this already"):
        comments.resolve(thread, by=editor)
    with pytest.raises(comments.Refused, match="Reopen it first"):
        comments.answer(thread, by=editor, text="But")
    row = comments.reopen(thread, by=editor)
    assert (row.is_open, row.because, row.reopened_by) == (True, "", editor)
    with pytest.raises(comments.Refused, match="is open"):
        comments.reopen(thread, by=editor)
    assert comments.resolve(thread, by=editor).resolution == Resolution.DONE


def test_only_ones_own_newest_words_and_for_an_hour(draft, author, editor):
    thread = comments.open_thread(draft, by=editor, text="First")
    first = thread.comments.get()
    with pytest.raises(comments.Refused, match="Only who wrote this"):
        comments.change(first, by=author, text="Mine")
    second = comments.answer(thread, by=author, text="Second")
    with pytest.raises(comments.Refused, match="Somebody answered"):
        comments.delete(first, by=editor)
    assert comments.delete(second, by=author) is False
    late = first.at + comments.CHANGEABLE_FOR + datetime.timedelta(seconds=1)
    assert "older than an hour" in comments.change_refusal(first, by=editor, newest=first, at=late)
    comments.resolve(thread, by=author)
    with pytest.raises(comments.Refused, match="resolved"):
        comments.change(first, by=editor, text="Other")
    comments.reopen(thread, by=author)
    assert comments.delete(first, by=editor) is True
    assert not Thread.objects.exists()


def test_the_database_keeps_who_when_and_why_together(draft, editor):
    thread = comments.open_thread(draft, by=editor, text="Hm.")
    for wrong in (
        {"resolution": "done"},
        {"resolved_at": timezone.now()},
        {"resolution": "not-done", "resolved_by": editor, "resolved_at": timezone.now()},
        {"start": 3},
        {"reopened_by": editor},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Thread.objects.filter(pk=thread.pk).update(**wrong)


def test_it_says_nothing_of_comments_in_versions_and_editions(draft, author, editor):
    from reviews import workflow

    comments.open_thread(draft, by=editor, text="Secret words", **on(draft, "Two trials"))
    edition = workflow.submit(Article.objects.get(pk=draft.pk), by=author)
    assert b"Secret words" not in bytes(edition.frozen) + bytes(edition.source)
    assert history.versions_of(draft).count() == 1
