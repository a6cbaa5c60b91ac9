"""What becomes of questions: who may, what follows, who is told, and what is erased when."""

from __future__ import annotations

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles.models import Article
from people.models import Message, Notification
from readers import triage
from readers.models import FollowUpQuestion
from readers.tasks import sweep_questions
from reviews import workflow

State = FollowUpQuestion.State
pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(draft: Article):
    """`asked("Why?", email="…")`: a question under the draft's answer."""

    def make(text: str = "My name is Rita. Does it help?", email: str = "rita@example.org") -> FollowUpQuestion:
        return triage.take_in(text=text, email=email, audience="patient", article_id=draft.pk, edition_number=1)

    return make


@pytest.fixture
def question(asked, editor):
    row = asked()
    triage.take_up(row, by=editor)
    return again(row)


def again(row: FollowUpQuestion) -> FollowUpQuestion:
    return FollowUpQuestion.objects.get(pk=row.pk)


def mails() -> list[Message]:
    return list(Message.objects.filter(key__startswith="asker:").order_by("pk"))


MOVES = {
    "ask_back": lambda row, by, article, other: triage.ask_back(row, by=by, text="Which dose?"),
    "make_draft": lambda row, by, article, other: triage.make_draft(
        row, by=by, author=article.owner, title="Does it?", due_on=None
    ),
    "join_draft": lambda row, by, article, other: triage.join_draft(row, by=by, article=article),
    "duplicate": lambda row, by, article, other: triage.duplicate(row, by=by, of=other),
    "out_of_scope": lambda row, by, article, other: triage.set_aside(row, by=by, state=State.OUT_OF_SCOPE, note="No."),
    "close": lambda row, by, article, other: triage.set_aside(row, by=by, state=State.CLOSED, note="Spam."),
}
STATES = {"ask_back": "asked-back", "make_draft": "draft", "join_draft": "draft", "close": "closed"}


@pytest.mark.parametrize("move", MOVES)
def test_each_move_is_the_editors_who_has_it_in_hand(move, asked, draft, editor, author, member, administrator, person):
    row, other = asked(), asked("Was it asked?")
    second = person("Erik Editor", "editor")
    for by, words in ((author, "Only an editor"), (member, "Only an editor"), (administrator, "Only an editor")):
        with pytest.raises(triage.Refused, match=words):
            MOVES[move](row, by, draft, other)
    with pytest.raises(triage.Refused, match="Take the question up first"):
        MOVES[move](row, editor, draft, other)
    triage.take_up(row, by=second)
    with pytest.raises(triage.Refused, match="Erik Editor has this question in hand"):
        MOVES[move](row, editor, draft, other)
    assert again(row).state == State.NEW
    triage.take_up(row, by=editor)
    MOVES[move](row, editor, draft, other)
    assert again(row).state == STATES.get(move, move.replace("_", "-"))


def test_only_who_has_it_in_hand_reads_it_in_full(question, editor, author, administrator, person):
    other = person("Erik Editor", "editor")
    assert triage.reads_in_full(question, editor)
    assert not any(triage.reads_in_full(question, one) for one in (other, author, administrator))
    triage.take_up(question, by=other)
    assert not triage.reads_in_full(again(question), editor)


def test_a_draft_is_made_for_an_author_who_is_told_and_the_reader_when_it_is_approved(
    question, editor, author, member, draft, publish, person
):
    writer = person("Wanda Writer", "author", credentials="MD")
    due = timezone.localdate() + datetime.timedelta(days=14)
    article = triage.make_draft(question, by=editor, author=writer, title="Does it help?", due_on=due)
    article.refresh_from_db()
    assert (article.owner, article.due_on, article.follow_up_of, article.version) == (writer, due, draft, 1)
    assert [entry["user"] for entry in article.byline] == [writer.pk]
    assert again(question).draft == article
    news = Notification.objects.get(person=writer, kind="question")
    assert "Does it help?" in news.sentence
    assert "Rita" not in news.sentence
    with pytest.raises(triage.Refused, match="A draft is there already"):
        triage.make_draft(question, by=editor, author=writer, title="Again?", due_on=None)
    sweep_questions()
    assert again(question).state == State.DRAFT
    assert mails() == []


def test_the_reader_is_told_once_and_the_address_goes(question, editor, draft, publish, asked):
    copy = asked("Does it really help?", "cora@example.org")
    triage.take_up(copy, by=editor)
    triage.duplicate(copy, by=editor, of=question)
    triage.join_draft(question, by=editor, article=draft)
    sweep_questions()
    assert mails() == []
    publish(draft)
    for _time in range(2):
        sweep_questions()
    row = again(question)
    assert (row.state, row.answered_by, row.email) == (State.ANSWERED, draft, "")
    assert row.told_at
    told = mails()
    assert [one.to for one in told] == ["rita@example.org", "cora@example.org"]
    assert "/answers/does-alpha-help-in-beta/" in told[0].text
    assert triage.address_of(row) in told[0].text
    Message.objects.update(sent_at=timezone.now())
    sweep_questions()
    assert mails() == []


def test_a_pending_answer_waits_and_an_editor_who_names_it_says_so_to_the_reader(
    question, editor, draft, submit, asked
):
    edition = submit(draft)
    triage.join_draft(question, by=editor, article=draft)
    workflow.release_with_caution(edition, by=editor, reason="Needed now.")
    sweep_questions()
    assert again(question).state == State.DRAFT
    triage.answered(question, by=editor, article=draft)
    assert "has not finished its review" in mails()[0].text


def test_what_is_not_public_answers_nothing(question, editor, draft):
    with pytest.raises(triage.Refused, match="Only an answer that the public can find"):
        triage.answered(question, by=editor, article=draft)


def test_no_chain_of_questions(question, editor, asked):
    second, third = asked("Again?"), asked("And again?")
    for row in (second, third):
        triage.take_up(row, by=editor)
    triage.duplicate(second, by=editor, of=question)
    triage.duplicate(third, by=editor, of=again(second))
    assert again(third).duplicate_of == question
    with pytest.raises(triage.Refused, match="before itself"):
        triage.duplicate(question, by=editor, of=again(second))
    with pytest.raises(triage.Refused, match="stays the first"):
        triage.duplicate(question, by=editor, of=asked("Other?"))


def test_asked_back_the_reader_answers_by_the_link(question, editor):
    triage.ask_back(question, by=editor, text="Which dose?")
    (mail,) = mails()
    assert mail.to == "rita@example.org"
    assert "Which dose?" in mail.text
    triage.reply(question, text="Five.")
    row = again(question)
    assert (row.state, row.reply) == (State.NEW, "Five.")
    with pytest.raises(triage.Refused, match="Nothing is asked of you"):
        triage.reply(question, text="Ten.")


def test_asked_and_answered_twice_by_a_double_click_is_once(question, editor):
    for _time in range(2):
        triage.ask_back(question, by=editor, text="Which dose?")
    assert len(mails()) == 1
    for _time in range(2):
        triage.reply(question, text="Five.")
    assert again(question).reply == "Five."


def test_nobody_is_asked_without_an_address(asked, editor):
    row = asked(email="")
    triage.take_up(row, by=editor)
    with pytest.raises(triage.Refused, match="left no e-mail address"):
        triage.ask_back(row, by=editor, text="Which dose?")


def test_a_copy_is_told_also_where_its_first_was_answered_while_the_page_was_open(
    question, editor, draft, publish, asked
):
    publish(draft)
    copy, stale = asked("Again?", "cora@example.org"), again(question)
    triage.answered(question, by=editor, article=draft)
    triage.take_up(copy, by=editor)
    triage.duplicate(copy, by=editor, of=stale)
    assert [one.to for one in mails()] == ["rita@example.org", "cora@example.org"]


def test_setting_aside_wants_a_reason_and_can_be_undone(question, editor):
    with pytest.raises(triage.Refused, match="Say why"):
        triage.set_aside(question, by=editor, state=State.CLOSED, note=" ")
    triage.set_aside(question, by=editor, state=State.CLOSED, note="Spam")
    triage.reopen(question, by=editor)
    assert again(question).state == State.NEW
    with pytest.raises(triage.Refused, match="open"):
        triage.reopen(question, by=editor)


def test_at_the_readers_wish_all_words_go(question, editor):
    triage.ask_back(question, by=editor, text="Which dose did Dr Miller name?")
    triage.reply(question, text="Five, says Dr Miller.")
    assert triage.erase(question, why="wish")
    row = again(question)
    assert (row.text, row.reply, row.asked_back, row.email, row.erased_why) == ("", "", "", "", "wish")
    assert mails() == []
    assert not triage.erase(question, why="wish")


def test_when_the_date_is_past_details_go_and_the_question_stays(asked, editor):
    late, fresh = asked("My name is Rita. Does it help?"), asked("My name is Cora. Does it?")
    day = timezone.now() + datetime.timedelta(days=1)
    FollowUpQuestion.objects.filter(pk=late.pk).update(expires_on=timezone.localdate())
    assert triage.erase_due() == 0
    assert triage.erase_due(at=day) == 1
    assert triage.erase_due(at=day) == 0
    row = again(late)
    assert (row.text, row.email, row.erased_why) == ("▇▇▇. Does it help?", "", "expired")
    assert "Cora" in again(fresh).text
    assert triage.erase(late, why="wish")
    assert again(late).text == ""


@pytest.mark.parametrize("state", ["draft", "answered", "duplicate"])
def test_the_database_holds_a_state_to_its_row(asked, state):
    row = asked()
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUpQuestion.objects.filter(pk=row.pk).update(state=state)


def test_a_made_up_token_opens_nothing(asked):
    row = asked()
    token = triage.token_of(row)
    assert triage.opened_with(token) == row
    for other in (token[:-1], f"{row.pk}:x", f"{row.pk + 1}{token[len(str(row.pk)) :]}", "", "x", ":"):
        assert triage.opened_with(other) is None
