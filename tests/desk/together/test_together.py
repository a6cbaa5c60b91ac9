"""The pages of working together: comments, the due date, the hand-over, my work; and who may do what."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import comments, drafting, due, seen
from articles.models import Article, Comment, Seen, Thread
from desk import my_work
from people.models import Role

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"desk:{name}", args=args)


def page_of(client, *args, name="comments", query=""):
    return client.get(url(name, *args) + query).content.decode()


def save(article, by, **fields):
    row = Article.objects.get(pk=article.pk)
    for name, value in fields.items():
        setattr(row, name, value)
    return drafting.save(row, by=by, base_version=row.version)


# -- The page of comments -------------------------------------------------------------------------------------


def test_a_comment_is_written_answered_ended_and_opened_again_without_javascript(browser, draft, author, editor):
    client = browser(editor)
    assert "No open comment" in page_of(client, draft.pk)
    sent = {"text": "Which two, @Ada Author?", "exact": "Two trials agree", "field": "body"}
    done = client.post(url("comments", draft.pk), sent, follow=True)
    page = done.content.decode()
    thread = Thread.objects.get()
    assert done.redirect_chain[0][0].endswith(f"#thread-{thread.pk}")
    assert "Text, line 3" in page
    assert '<span class="mention">@Ada Author</span>' in page
    mine = browser(author)
    mine.post(url("thread", draft.pk, thread.pk), {"action": "answer", "text": "Both of 2021."})
    assert "Both of 2021." in page_of(mine, draft.pk)
    refused = mine.post(url("thread", draft.pk, thread.pk), {"action": "not-done", "text": " "})
    assert refused.status_code == 409
    assert "why it is not done" in refused.content.decode()
    mine.post(url("thread", draft.pk, thread.pk), {"action": "done"})
    assert "No open comment" in page_of(mine, draft.pk)
    assert "Done: Ada Author" in page_of(mine, draft.pk, query="?show=resolved")
    client.post(url("thread", draft.pk, thread.pk), {"action": "reopen"})
    assert "Reopened by Edda Editor" in page_of(client, draft.pk)


def test_a_passage_that_is_gone_is_shown_with_its_old_words(browser, draft, author, editor):
    quote = {"field": "body", "quote": comments.Quote("Two trials agree")}
    comments.open_thread(draft, by=editor, text="Which?", **quote)
    save(draft, author, body="## Evidence\n\nNothing is known [@alpha].\n")
    page = page_of(browser(author), draft.pk)
    assert "the passage is not in the text as saved" in page
    assert "<del>Two trials agree</del>" in page


def test_what_was_typed_comes_back_with_the_sentence(browser, draft, editor, author):
    client = browser(editor)
    answer = client.post(url("comments", draft.pk), {"text": "Keep me", "exact": "agree", "field": "body"})
    assert answer.status_code == 422
    assert "more than once" in answer.content.decode()
    assert "Keep me" in answer.content.decode()
    thread = comments.open_thread(draft, by=author, text="First")
    comments.resolve(thread, by=author)
    answer = client.post(url("thread", draft.pk, thread.pk), {"action": "answer", "text": "Keep this, too"})
    assert answer.status_code == 409
    assert "Reopen it first" in answer.content.decode()


def test_ones_own_words_are_changed_and_deleted_and_others_are_not(browser, draft, author, editor):
    thread = comments.open_thread(draft, by=editor, text="Frist")
    comment = thread.comments.get()
    assert "Change or delete" not in page_of(browser(author), draft.pk)
    sent = {"action": "change", "comment": comment.pk, "text": "Mine"}
    assert browser(author).post(url("thread", draft.pk, thread.pk), sent).status_code == 409
    client = browser(editor)
    client.post(url("thread", draft.pk, thread.pk), sent | {"text": "First"})
    assert Comment.objects.get().text == "First"
    done = client.post(url("thread", draft.pk, thread.pk), {"action": "delete", "comment": comment.pk}, follow=True)
    assert "Your comment was deleted" in done.content.decode()
    assert not Thread.objects.exists()


def test_words_are_shown_as_words(browser, draft, editor):
    comments.open_thread(draft, by=editor, text="<script>alert(1)</script> & @Ada <b>Author</b>")
    page = page_of(browser(editor), draft.pk)
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_the_page_and_the_panel_take_a_constant_number_of_queries(browser, draft, editor):
    client = browser(editor)
    counts = []
    for number in (1, 12):
        for _time in range(number):
            thread = comments.open_thread(draft, by=editor, text="Hm, @Ada.")
            comments.answer(thread, by=editor, text="More.")
        for name in ("comments", "comments_panel"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url(name, draft.pk)).status_code == 200
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


def test_the_panel_takes_a_comment_and_gives_the_threads_or_a_sentence(browser, draft, editor):
    client = browser(editor)
    sent = {"panel": "1", "text": "Which?", "field": "body", "exact": "Two trials", "near": "13", "after": " agree"}
    answer = client.post(url("comments", draft.pk), sent)
    thread = Thread.objects.get()
    assert f'data-made="thread-{thread.pk}"' in answer.content.decode()
    assert 'form="comments-form"' in answer.content.decode()
    assert "<form" not in answer.content.decode()
    refused = client.post(url("comments", draft.pk), {"panel": "1", "text": ""})
    assert (refused.status_code, refused.content.decode()) == (422, "Write what you want to say.")
    done = client.post(url("thread", draft.pk, thread.pk), {"panel": "1", "action": "done"})
    assert "No open comment" in done.content.decode()
    refused = client.post(url("thread", draft.pk, thread.pk), {"panel": "1", "action": "done"})
    assert refused.status_code == 409


def test_the_editor_offers_the_panel_for_an_article_and_not_for_a_new_one(browser, draft, author):
    client = browser(author)
    page = client.get(url("article_edit", draft.pk)).content.decode()
    assert 'data-panel="comments"' in page
    assert page.index("</form>", page.index("data-editor ")) < page.index('<form id="comments-form"')
    assert 'data-panel="comments"' not in client.get(url("article_new")).content.decode()


# -- Who may do what ------------------------------------------------------------------------------------------

ACTIONS = ("read", "comment", "answer", "end", "due", "hand over")
TABLE = {
    # who: what each of ACTIONS answers
    "the owner": (200, 302, 302, 302, 302, 302),
    "an author who saved a version": (200, 302, 302, 302, 403, 403),
    "an author in the byline": (200, 302, 302, 302, 403, 403),
    "another author": (404, 404, 404, 404, 404, 404),
    "an editor": (200, 302, 302, 302, 302, 302),
    "a board member": (403, 403, 403, 403, 403, 403),
    "a board member who saved a version": (403, 403, 403, 403, 403, 403),
    "an author who lost the role": (403, 403, 403, 403, 403, 403),
}


@pytest.mark.parametrize("who", TABLE)
def test_who_may_do_what(who, browser, draft, author, editor, member, person):
    saved, byline = person("Sue Saved", Role.AUTHOR), person("Bo Byline", Role.AUTHOR)
    lost = person("Lea Lost", Role.AUTHOR)
    for one in (saved, member, lost):
        save(draft, one)
    save(draft, author, byline=[*draft.byline, drafting.byline_entry(name="Bo Byline", user=byline)])
    lost.appointments.update(ends_on=timezone.localdate() - datetime.timedelta(days=1))
    to = person("Nora New", Role.AUTHOR)
    people = {
        "the owner": author,
        "an author who saved a version": saved,
        "an author in the byline": byline,
        "another author": person("Olga Other", Role.AUTHOR),
        "an editor": editor,
        "a board member": person("Bert Board", Role.BOARD_MEMBER),
        "a board member who saved a version": member,
        "an author who lost the role": lost,
    }
    thread = comments.open_thread(Article.objects.get(pk=draft.pk), by=editor, text="Hm.")
    client = browser(people[who])
    on_thread = url("thread", draft.pk, thread.pk)
    day = (timezone.localdate() + datetime.timedelta(days=3)).isoformat()
    answers = (
        client.get(url("comments", draft.pk)),
        client.post(url("comments", draft.pk), {"text": "x"}),
        client.post(on_thread, {"action": "answer", "text": "x"}),
        client.post(on_thread, {"action": "done"}),
        client.post(url("article_due", draft.pk), {"due_on": day}),
        client.post(url("hand_over", draft.pk), {"to": to.pk, "why": "x"}),
    )
    assert tuple(answer.status_code for answer in answers) == TABLE[who]


def test_a_thread_and_a_comment_of_another_article_are_not_reached_through_this_one(browser, draft, author, works):
    other = Article(question="Another?", lead="Yes.", body="Text.", owner=author)
    drafting.save(other, by=author, base_version=0)
    theirs = comments.open_thread(other, by=author, text="There")
    mine = comments.open_thread(draft, by=author, text="Here")
    client = browser(author)
    assert client.post(url("thread", draft.pk, theirs.pk), {"action": "done"}).status_code == 404
    for number in (theirs.comments.get().pk, "x", "", "9" * 30):
        sent = {"action": "delete", "comment": number}
        assert client.post(url("thread", draft.pk, mine.pk), sent).status_code == 404
    assert client.post(url("thread", draft.pk, mine.pk), {"action": "burn"}).status_code == 404


# -- Due and hand-over ----------------------------------------------------------------------------------------


def test_the_due_date_is_set_changed_and_taken_away(browser, draft, editor):
    client = browser(editor)
    day = timezone.localdate() + datetime.timedelta(days=3)
    done = client.post(url("article_due", draft.pk), {"due_on": day.isoformat()}, follow=True)
    assert "The article is due on" in done.content.decode()
    assert day.isoformat() in client.get(url("article_due", draft.pk)).content.decode()
    past = client.post(url("article_due", draft.pk), {"due_on": "2001-01-01"})
    assert past.status_code == 422
    assert "This day is past" in past.content.decode()
    client.post(url("article_due", draft.pk), {"due_on": ""})
    assert Article.objects.get(pk=draft.pk).due_on is None


def test_the_hand_over_offers_authors_and_wants_a_reason(browser, draft, author, person, member):
    new = person("Nora New", Role.AUTHOR)
    client = browser(author)
    page = client.get(url("hand_over", draft.pk)).content.decode()
    assert "Nora New" in page
    assert "Ben Board" not in page
    answer = client.post(url("hand_over", draft.pk), {"to": new.pk, "why": ""})
    assert answer.status_code == 422
    done = client.post(url("hand_over", draft.pk), {"to": new.pk, "why": "Leave"}, follow=True)
    assert "Nora New has the article now" in done.content.decode()
    assert "Nora New" in client.get(url("article", draft.pk)).content.decode()


# -- My work --------------------------------------------------------------------------------------------------

TODAY = datetime.date(2026, 3, 4)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-12, "12 days overdue"),
        (-1, "1 day overdue"),
        (0, "due today"),
        (1, "due tomorrow"),
        (2, "due in 2 days"),
    ],
)
def test_how_far_away_a_date_is(days, words):
    assert my_work.due_in_words(TODAY + datetime.timedelta(days=days), TODAY) == words


def test_what_is_due_comes_overdue_first_and_leaves_when_it_is_handed_in(browser, draft, author, works):
    from reviews import workflow

    late = Article(question="Is it late?", lead="Yes.", body="Text.", owner=author)
    drafting.save(late, by=author, base_version=0)
    due.set_due(draft, on=timezone.localdate() + datetime.timedelta(days=2), by=author)
    Article.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - datetime.timedelta(days=3))
    client = browser(author)
    page = page_of(client, name="home")
    assert page.index("3 days overdue") < page.index("due in 2 days")
    workflow.submit(Article.objects.get(pk=draft.pk), by=author)
    assert "due in 2 days" not in page_of(client, name="home")
    save(draft, author, lead="More [@alpha].")
    assert "due in 2 days" in page_of(client, name="home")


def test_a_mention_waits_until_it_is_answered_or_ended(browser, draft, author, editor):
    client = browser(author)
    thread = comments.open_thread(draft, by=editor, text="@Ada Author: which?")
    page = page_of(client, name="home")
    assert "You were mentioned" in page
    assert "1 open comment" in page
    comments.answer(thread, by=author, text="Both.")
    assert "You were mentioned" not in page_of(client, name="home")
    comments.answer(thread, by=editor, text="@Ada: sure?")
    assert "You were mentioned" in page_of(client, name="home")
    comments.resolve(thread, by=editor)
    page = page_of(client, name="home")
    assert "You were mentioned" not in page
    assert "1 open comment" not in page


def test_what_changed_since_one_looked_with_the_way_to_compare(browser, draft, author, editor, person):
    second = person("Bea Second", Role.AUTHOR)
    client = browser(author)
    client.get(url("article", draft.pk))
    assert "Changed since you last looked" not in page_of(client, name="home")
    for number in range(3):
        save(draft, second, lead=f"Alpha helps {number} [@alpha].")
    save(draft, author, heading="Mine")
    comments.open_thread(Article.objects.get(pk=draft.pk), by=editor, text="Hm.")
    comments.open_thread(Article.objects.get(pk=draft.pk), by=author, text="Mine.")
    page = page_of(client, name="home")
    assert "3 versions by Bea Second, 1 new comment" in page
    way = page.split(url("compare", draft.pk) + "?since=")[1].split('"')[0]
    shown = client.get(url("compare", draft.pk) + "?since=" + way).content.decode()
    assert "Version 1 and Version 5" in shown
    assert "Changed since you last looked" not in page_of(client, name="home")
    for wrong in ("", "x", "2026-02-31T10:00:00Z", "2026-01-01", "2026-01-01T10:00:00"):
        assert client.get(url("compare", draft.pk) + f"?since={wrong}").status_code == 200


def test_what_is_news_is_asked_of_those_who_may_still_open_it(browser, draft, author, person):
    second = person("Bea Second", Role.AUTHOR)
    save(draft, second)
    seen.mark(Article.objects.get(pk=draft.pk), by=second)
    comments.open_thread(draft, by=author, text="@Bea Second: look.")
    assert draft.question in page_of(browser(second), name="home")
    second.appointments.update(role=Role.BOARD_MEMBER)
    assert draft.question not in page_of(browser(second), name="home")


def test_my_work_takes_a_constant_number_of_queries(browser, author, editor, works):
    client = browser(author)
    counts = []
    for number in (1, 9):
        for each in range(number):
            article = Article(question=f"Is it {number} or {each}?", lead="Yes.", body="Text.", owner=author)
            drafting.save(article, by=author, base_version=0)
            seen.mark(article, by=author)
            due.set_due(article, on=timezone.localdate(), by=author)
            save(article, editor, lead="No.")
            comments.open_thread(article, by=editor, text="@Ada Author: so?")
        client.get(url("home"))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url("home")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_looking_is_marked_by_reading_and_by_nothing_else(browser, draft, author):
    client = browser(author)
    client.get(url("comments_panel", draft.pk))
    client.get(url("article_due", draft.pk))
    assert not Seen.objects.exists()
    for name in ("article", "article_edit", "history", "comments", "compare"):
        Seen.objects.all().delete()
        client.get(url(name, draft.pk))
        assert Seen.objects.get().version == draft.version, name
