"""Near-duplicates by the words of questions: public ones for everybody, drafts for their owner alone."""

from __future__ import annotations

import pytest

from articles import alike, drafting
from articles.models import Article, Edition, Publication, QuestionWord
from people.models import User

pytestmark = pytest.mark.django_db

ASKED = "Does early mobilisation shorten hospital stay after hip fracture surgery?"


@pytest.fixture
def write(author: User):
    def make(question: str, owner: User = author) -> Article:
        return drafting.save(Article(question=question, owner=owner), by=owner, base_version=0)

    return make


def found(question: str, owner: User) -> list[str]:
    return [one.question for one in alike.find(Article(question=question), drafts_of=owner.pk)]


@pytest.mark.parametrize(
    "question",
    [
        ASKED,
        "Does early mobilisation shorten the hospital stay after surgery for hip fractures?",
        "After hip fracture surgery, can early mobilisation shorten hospital stays?",
    ],
)
def test_the_same_words_are_alike(question: str, write, author: User):
    write(ASKED)
    assert found(question, author) == [ASKED]


@pytest.mark.parametrize(
    "question",
    [
        "Does early mobilisation shorten hospital stay after stroke?",
        "Is surgery for hip fracture safe?",
        "What are the symptoms of asthma?",
        "Surgery?",
        "",
        "the of and",
    ],
)
def test_other_questions_are_not(question: str, write, author: User):
    write(ASKED)
    assert found(question, author) == []


def test_one_rare_word_tells_many_questions_apart(write, author: User):
    for name in ("Miller", "Usher", "Turner", "Marfan", "Noonan"):
        write(f"What are the genetic changes related to {name} syndrome?")
    assert found("What are the genetic changes related to Rett syndrome?", author) == []
    assert found("Which genetic changes are related to Usher syndrome?", author) == [
        "What are the genetic changes related to Usher syndrome?"
    ]


def test_an_article_is_not_alike_itself(write, author: User):
    article = write(ASKED)
    assert alike.find(article, drafts_of=author.pk) == ()


def test_a_draft_is_told_of_to_its_owner_alone(write, author: User, editor: User):
    write(ASKED)
    assert found(ASKED, editor) == []
    assert alike.find(Article(question=ASKED)) == ()


def test_a_public_answer_is_told_of_with_its_address(live_edition: Edition):
    publication = Publication.objects.get()
    (one,) = alike.find(Article(question=live_edition.question))
    assert one.url == f"/answers/{publication.slug}/"
    Publication.objects.update(standing="left")
    assert alike.find(Article(question=live_edition.question)) == ()


@pytest.fixture
def live_edition(draft: Article, author: User, member: User, editor: User) -> Edition:
    from reviews import workflow
    from tests.conftest import PASSWORD

    edition = workflow.submit(draft, by=author)
    workflow.take_up(edition, by=member)
    workflow.decide(edition, by=member, kind="approve", password=PASSWORD)
    workflow.publish(edition, by=editor)
    return edition


def test_the_words_follow_the_question(write, author: User):
    article = write(ASKED)
    article.question = "Is aspirin safe in asthma?"
    drafting.save(article, by=author, base_version=1)
    assert set(QuestionWord.objects.values_list("word", flat=True)) == {"aspirin", "safe", "asthma"}
    assert found(ASKED, author) == []


def test_common_words_alone_lead_to_nothing(write, author: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(alike, "COMMON", 3)
    for number in range(4):
        write(f"Is aspirin safe in asthma? {number}")
    assert found("Is aspirin safe in asthma?", author) == []


def test_it_asks_four_times_at_most(write, author: User, django_assert_max_num_queries):
    write(ASKED)
    with django_assert_max_num_queries(5):
        assert found(ASKED, author)
