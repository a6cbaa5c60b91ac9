"""What the board asks of an edition: who asks, who sees it, who answers, until when, and on which words it hangs."""

from __future__ import annotations

import pytest

from articles import anchoring, drafting, editions
from articles.anchoring import Quote
from articles.models import Article, Comment, Thread
from people.models import Appointment, Notification, Role
from reviews import asking, workflow
from reviews.models import Review
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(draft, author, member):
    made = workflow.submit(draft, by=author)
    workflow.take_up(made, by=member)
    return made


@pytest.fixture
def next_edition(edition, author):
    """Make the next edition: the article with one more sentence, submitted."""

    def make():
        article = Article.objects.get(pk=edition.article_id)
        article.body += "\n\nMore [@gamma]."
        drafting.save(article, by=author, base_version=article.version)
        return workflow.submit(article, by=author)

    return make


def apart(edition):
    """The policy of this round wants independent verdicts."""
    review = Review.objects.get(edition=edition)
    review.policy = review.policy | {"independent": True}
    review.save()


def passage(thread):
    return asking.texts_of(editions.read(thread.edition).source)[thread.field][thread.start : thread.end]


def seen(edition, person):
    row = type(edition).objects.select_related("article__owner", "review").get(pk=edition.pk)
    return set(asking.seen_by(row, person, person.roles()))


# -- Passages -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "quote", "expected"),
    [
        ("body", Quote("Two trials agree", "", ""), ("body", "Two trials agree")),
        ("body", Quote("Alpha helps a little", "", "."), ("lead", "Alpha helps a little")),
        ("", Quote("Does alpha help in beta?", "", ""), ("question", "Does alpha help in beta?")),
        ("heading", Quote("Two studies agree.", "Two trials agree.\n", ""), ("body", "Two studies agree.")),
        # Over the end of a paragraph, as a text shows it: without the citation, the fence and the blank line.
        (
            "lead",
            Quote("trials agree. Two studies", "Evidence Two ", " agree."),
            ("body", "trials agree [@beta; @alpha].\n\n::: plain\nTwo studies"),
        ),
    ],
)
def test_a_passage_is_found_in_the_field_that_was_named_or_in_another(edition, member, field, quote, expected):
    thread = asking.ask(edition, by=member, text="Why?", field=field, quote=quote)
    assert (thread.field, passage(thread)) == expected


def test_words_that_stand_nowhere_or_more_than_once_are_refused_in_a_sentence(edition, member):
    for words, sentence in (("Elephants never forget", "stand nowhere in this edition"), ("agree", "more than once")):
        with pytest.raises(asking.Refused, match=sentence):
            asking.ask(edition, by=member, text="Why?", field="body", quote=Quote(words, "", ""))
    with pytest.raises(asking.Refused, match="at most 2000"):
        asking.ask(edition, by=member, text="Why?", quote=Quote("x" * (anchoring.LONGEST + 1), "", ""))
    assert not Thread.objects.exists()


def test_a_save_of_the_article_leaves_the_passage_of_the_edition_where_it_is(edition, member, author):
    thread = asking.ask(edition, by=member, text="Which?", field="body", quote=Quote("Two trials agree", "", ""))
    article = Article.objects.get(pk=edition.article_id)
    article.body = "Nothing of it is left.\n"
    drafting.save(article, by=author, base_version=article.version)
    thread.refresh_from_db()
    assert passage(thread) == "Two trials agree"
    assert editions.first_difference(type(edition).objects.get(pk=edition.pk)) is None


# -- Who asks, and until when -----------------------------------------------------------------------------------


def test_the_board_and_editors_ask_and_authors_do_not(edition, member, second_member, editor, author, outsider):
    for person in (member, second_member, editor):
        asking.ask(edition, by=person, text="Why?")
    for person in (author, outsider):
        with pytest.raises(asking.Refused, match="its authors answer"):
            asking.ask(edition, by=person, text="Why?")
    Appointment.objects.create(user=author, role=Role.BOARD_MEMBER)
    with pytest.raises(asking.Refused, match="four eyes"):
        asking.ask(edition, by=author, text="Why?")
    assert Thread.objects.count() == 3


def test_a_round_that_is_over_takes_no_new_comment_but_answers(edition, member, author):
    thread = asking.ask(edition, by=member, text="Why?")
    workflow.decide(edition, by=member, kind="request-changes", password=PASSWORD, comment="See my comment.")
    with pytest.raises(asking.Refused, match="round is over: edition 1 is changes requested"):
        asking.ask(edition, by=member, text="And why that?")
    asking.answer(thread, by=author, text="Because of the trial.")
    asking.resolve(thread, by=author)


def test_once_replaced_everything_stays_as_it_was_answered(edition, next_edition, member, author, editor):
    thread = asking.ask(edition, by=member, text="Why?")
    comment = thread.comments.get()
    asking.resolve(thread, by=author, how="not-done", because="The trial says so.")
    next_edition()
    thread.refresh_from_db()
    for act in (
        lambda: asking.ask(edition, by=editor, text="Late."),
        lambda: asking.answer(thread, by=author, text="Late."),
        lambda: asking.reopen(thread, by=author),
        lambda: asking.resolve(thread, by=editor),
        lambda: asking.change(comment, by=member, text="Late."),
        lambda: asking.delete(comment, by=member),
    ):
        with pytest.raises(asking.Refused, match="replaced by edition 2"):
            act()
    assert Comment.objects.get().text == "Why?"
    thread.refresh_from_db()
    assert (thread.resolution, thread.because) == ("not-done", "The trial says so.")


def test_authors_and_editors_end_a_thread_and_the_board_does_not(edition, member, second_member, author, editor):
    for person in (author, editor):
        thread = asking.ask(edition, by=member, text=f"Why, {person}?")
        for other in (member, second_member):
            with pytest.raises(asking.Refused, match="author of this article, or an editor"):
                asking.resolve(thread, by=other)
        asking.resolve(thread, by=person)
        with pytest.raises(asking.Refused, match="author of this article, or an editor"):
            asking.reopen(thread, by=member)
    thread = asking.ask(edition, by=member, text="And this?")
    with pytest.raises(asking.Refused, match="why it is not done"):
        asking.resolve(thread, by=author, how="not-done", because=" ")
    assert asking.unanswered(edition.article) == 1


# -- Who sees what ----------------------------------------------------------------------------------------------


def test_in_an_independent_round_a_member_sees_their_own_and_what_is_answered(
    edition, member, second_member, author, editor
):
    mine = asking.ask(edition, by=member, text="Why?")
    theirs = asking.ask(edition, by=second_member, text="How?")
    for person in (member, second_member, author, editor):
        assert seen(edition, person) == {mine, theirs}
    apart(edition)
    assert seen(edition, member) == {mine}
    assert seen(edition, second_member) == {theirs}
    for person in (author, editor):
        assert seen(edition, person) == {mine, theirs}
    asking.resolve(theirs, by=author)
    assert seen(edition, member) == {mine, theirs}
    assert seen(edition, second_member) == {theirs}
    asking.reopen(theirs, by=author)
    assert seen(edition, member) == {mine}


def test_who_has_signed_and_whoever_looks_after_the_round_sees_all(edition, member, second_member, author):
    apart(edition)
    Review.objects.filter(edition=edition).update(
        policy=Review.objects.get(edition=edition).policy | {"approvals_needed": 2, "verdicts_needed": 2}
    )
    mine = asking.ask(edition, by=member, text="Why?")
    theirs = asking.ask(edition, by=second_member, text="How?")
    workflow.decide(edition, by=member, kind="approve", password=PASSWORD)
    assert seen(edition, member) == {mine, theirs}
    assert seen(edition, second_member) == {theirs}
    workflow.pull_back(edition, by=author)
    # The same words may be submitted again, so they go on judging apart.
    assert seen(edition, second_member) == {theirs}


def test_the_authors_are_told_and_in_an_independent_round_no_other_member(
    edition, member, second_member, author, editor
):
    apart(edition)
    Notification.objects.all().delete()
    thread = asking.ask(edition, by=member, text="Why, @Cora Council? And @Edda Editor, you?")
    address = f"/desk/reviews/{edition.pk}/comments/#thread-{thread.pk}"
    assert set(Notification.objects.values_list("person", "kind", "address")) == {
        (author.pk, "comment", address),
        (editor.pk, "mention", address),
    }
    asking.answer(thread, by=author, text="Because.")
    assert Notification.objects.filter(person=member, kind="comment").count() == 1
    asking.resolve(thread, by=author)
    assert Notification.objects.filter(person=member, sentence__contains="as done").count() == 1
    assert not Notification.objects.filter(person=second_member).exists()


def test_where_verdicts_are_not_apart_a_member_may_be_mentioned(edition, member, second_member):
    asking.ask(edition, by=member, text="What says @Cora?")
    assert Notification.objects.filter(person=second_member, kind="mention").count() == 1


# -- From round to round ----------------------------------------------------------------------------------------


def test_the_next_edition_knows_what_was_asked_and_what_became_of_it(edition, next_edition, member, author):
    body = asking.ask(edition, by=member, text="Which?", field="body", quote=Quote("Two trials agree", "", ""))
    whole = asking.ask(edition, by=member, text="Shorter, please.")
    asking.resolve(body, by=author)
    asking.resolve(whole, by=author, how="not-done", because="It is short.")
    second = next_edition()
    assert asking.earlier(edition) == []
    assert [(one.number, threads) for one, threads in asking.earlier(second)] == [(1, [whole, body])]
