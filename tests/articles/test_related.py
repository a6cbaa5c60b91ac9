"""Related answers: which are near, which are never named, and how pages follow when one of them changes."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from articles import related
from articles.models import Edition, Notice, NoticeKind, Publication, Related
from articles.publishing import change_slug, compose_due
from people.models import User
from reviews import workflow
from tests.readers.conftest import approve, decline, publish, release, submit, write

__all__ = ["approve", "decline", "publish", "release", "submit", "write"]

STONES = "What are the treatments of kidney stones?"
CAUSES = "What causes kidney stones?"
GOUT = "What are the treatments of gout?"


def settle() -> None:
    """What the sweep does."""
    while related.relate_due():
        pass
    while compose_due():
        pass


def named(client: Client, slug: str, query: str = "") -> list[str]:
    """The questions that a page names as related."""
    html = client.get(f"/answers/{slug}/{query}").content.decode()
    section = html.partition('id="related"')[2].partition("</section>")[0]
    return re.findall(r'<li><a href="[^"]*">([^<]*)</a>', section)


@pytest.fixture
def stones(write, publish) -> dict[str, Edition]:
    editions = {question: publish(write(question)) for question in (STONES, CAUSES, GOUT)}
    settle()
    return editions


def slug_of(question: str) -> str:
    return Publication.objects.get(question=question).slug


def test_what_it_is_about_relates_and_what_is_asked_does_not(client: Client, stones):
    assert named(client, slug_of(STONES)) == [CAUSES]
    assert named(client, slug_of(CAUSES)) == [STONES]
    assert named(client, slug_of(GOUT)) == []


def test_a_shared_topic_relates_and_goes_before_words_alone(client: Client, write, publish):
    publish(write("Is alpha safe?", topics=["Pain", "Sleep"]))
    publish(write("Does beta cure migraine?", topics=["Pain", "Sleep"]))
    publish(write("Is alpha safe in pregnancy?"))
    publish(write("Is alpha safe with wine?", topics=["Sleep", "Pain"]))
    publish(write("Is zeta new?", topics=["Hearts"]))
    settle()
    found = named(client, slug_of("Is alpha safe?"))
    assert found[0] == "Is alpha safe with wine?"
    assert set(found) == {"Is alpha safe with wine?", "Does beta cure migraine?", "Is alpha safe in pregnancy?"}


def test_no_more_than_a_few_are_named(client: Client, write, publish):
    for name in ("ash", "birch", "cedar", "elm", "fir", "larch", "oak"):
        publish(write(f"Does {name} pollen cause hay fever?", topics=["Allergy"]))
    settle()
    assert len(named(client, slug_of("Does oak pollen cause hay fever?"))) == related.SHOWN


def test_one_that_comes_later_is_named_by_those_before(client: Client, stones, write, release):
    late = "How are kidney stones prevented?"
    release(write(late))
    assert late not in named(client, slug_of(CAUSES))
    settle()
    assert set(named(client, slug_of(CAUSES))) == {STONES, late}
    html = client.get(f"/answers/{slug_of(CAUSES)}/").content.decode()
    assert "Under review" in html.partition('id="related"')[2].partition("</section>")[0]


@pytest.mark.parametrize("leave", ["withdraw", "retract"])
def test_one_that_leaves_is_named_no_more(
    client: Client, stones, editor: User, leave: str, django_capture_on_commit_callbacks
):
    # The sweep is not waited for: the work is hurried when the move is committed.
    with django_capture_on_commit_callbacks(execute=True):
        if leave == "withdraw":
            workflow.withdraw(stones[CAUSES], by=editor, explanation="New trials contradict it.")
        else:
            workflow.add_notice(stones[CAUSES], by=editor, kind=NoticeKind.RETRACTION, text="Its trial was invented.")
    assert named(client, slug_of(STONES)) == []
    assert not Related.objects.filter(other__question=CAUSES).exists()
    assert named(client, slug_of(CAUSES)) == []


def test_rows_that_are_late_name_nothing_that_left(client: Client, stones, editor: User):
    workflow.withdraw(stones[CAUSES], by=editor, explanation="New trials contradict it.")
    assert Related.objects.filter(other__question=CAUSES).exists()
    Publication.objects.filter(question=STONES).update(pages_due=True)
    compose_due()
    assert named(client, slug_of(STONES)) == []


def test_a_page_follows_the_address_of_the_one_it_names(client: Client, stones):
    change_slug(Publication.objects.get(question=CAUSES).article, "stones-why")
    settle()
    html = client.get(f"/answers/{slug_of(STONES)}/").content.decode()
    assert '<a href="/answers/stones-why/">' in html


def test_links_carry_the_choice_and_plain_readers_get_plain_words(client: Client, write, publish):
    publish(write("Is colchicine safe in gout?"))
    publish(write("Does colchicine relieve gout?", plain_question="Does the gout tablet help?"))
    settle()
    slug = slug_of("Is colchicine safe in gout?")
    assert named(client, slug, "?for=patient") == ["Does the gout tablet help?"]
    assert named(client, slug, "?for=physician") == ["Does colchicine relieve gout?"]
    assert '/?for=patient">Does the gout tablet' in client.get(f"/answers/{slug}/?for=patient").content.decode()
    assert named(client, f"{slug}/editions/1") == []


def test_the_page_is_still_one_query(client: Client, stones, django_assert_num_queries):
    slug = slug_of(STONES)
    with django_assert_num_queries(1):
        assert named(client, slug) == [CAUSES]


def test_nothing_is_due_where_nothing_changed(stones, django_assert_num_queries):
    assert Notice.objects.count() == 0
    with django_assert_num_queries(1):
        assert related.relate_due() == 0
    assert not Publication.objects.filter(pages_due=True).exists()
    Publication.objects.filter(question=STONES).update(related_due=True)
    assert related.relate_due() == 1
    # The rows are the same: only who names it is composed again.
    assert list(Publication.objects.filter(pages_due=True).values_list("question", flat=True)) == [CAUSES]
