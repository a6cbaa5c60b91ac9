"""The queue of reviews: what waits, why somebody may not judge it, and a number of queries that does not grow."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import drafting
from articles.models import Article
from people.models import Role
from reviews import workflow
from reviews.models import OPEN_STATES, Review
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def hand_in(author, works):
    """Submit another article: `hand_in("Why?", taken_up_by=member, saved_by=someone)`."""

    def make(question, *, taken_up_by=None, saved_by=None):
        article = Article(question=question, lead="In short.", body="## Evidence\n\nA trial [@alpha].\n", owner=author)
        article = drafting.save(article, by=author, base_version=0)
        if saved_by:
            drafting.save(article, by=saved_by, base_version=1)
        edition = workflow.submit(article, by=author)
        if taken_up_by:
            workflow.take_up(edition, by=taken_up_by)
        return edition

    return make


@pytest.mark.parametrize("name", ["desk:reviews", "desk:home"])
def test_many_reviews_ask_no_more_questions_than_two(name, browser, member, second_member, hand_in):
    client = browser(member)
    counts = []
    for number in range(2):
        for each in range(1 + 2 * number):
            hand_in(f"Waiting {number} {each}?")
            hand_in(f"Taken up {number} {each}?", taken_up_by=second_member)
            hand_in(f"Own {number} {each}?", taken_up_by=member)
            hand_in(f"Written {number} {each}?", saved_by=member)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(name)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_list_says_what_the_move_would_say(member, second_member, person, editor, hand_in):
    hand_in("Waiting?")
    hand_in("Taken up?", taken_up_by=second_member)
    hand_in("Written?", saved_by=member)
    replaced = hand_in("Replaced?")
    article = Article.objects.get(pk=replaced.article_id)
    article.lead = "In other words."
    drafting.save(article, by=article.owner, base_version=article.version)
    workflow.submit(article, by=article.owner)
    public = hand_in("Public?")
    workflow.release_with_caution(public, by=editor, reason="Tonight.")
    judged = hand_in("Judged?", taken_up_by=second_member)
    workflow.decide(judged, by=second_member, kind="approve", password=PASSWORD)
    reviews = list(Review.objects.select_related("edition__article__owner"))
    cases = workflow.cases_of(reviews)
    for review in reviews:
        case = workflow.case_of(review.edition.article, review.edition)
        assert cases[review.edition_id] == case
        for move in ("take-up", "approve", "pull-back", "publish"):
            for who in (member, second_member, editor, person(f"Nobody {review.pk} {move}")):
                said = workflow.refusal(move, cases[review.edition_id], by=who, roles=who.roles())
                assert said == workflow.refusal(move, case, by=who)
    assert {review.state for review in reviews} > set(OPEN_STATES)


def test_the_queue_says_why_not(browser, member, hand_in):
    hand_in("Written?", saved_by=member)
    page = browser(member).get(reverse("desk:reviews")).content.decode()
    assert "(four eyes)" in page


def test_an_editor_reads_the_queue_without_reasons(browser, editor, hand_in, person):
    hand_in("Written?", saved_by=person("Wanda Writer", Role.AUTHOR))
    assert "desk-note" not in browser(editor).get(reverse("desk:reviews")).content.decode()
