"""Interests in an article, in the desk: one tap for none, stepping back, parts set by editors, and what is closed."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from people import interests as declaring
from people.models import Role
from reviews import workflow
from reviews.models import InterestStatement, Part, Review, State
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def _url(edition, name="state_interests"):
    return reverse(f"desk:{name}", args=[edition.pk])


def test_taking_up_with_nothing_to_declare_is_one_tap(browser, member, submitted):
    client = browser(member)
    page = client.get(_url(submitted, "review")).content.decode()
    assert "Take up this review, with nothing to declare" in page
    assert "I have something to declare" in page
    client.post(_url(submitted, "take_up"), {"interests": "none"})
    assert InterestStatement.objects.get().what == ""
    assert Review.objects.get().state == State.UNDER_REVIEW


def test_taking_up_without_a_word_on_interests_asks_for_it(browser, member, submitted):
    response = browser(member).post(_url(submitted, "take_up"))
    assert (response.status_code, response.url) == (302, _url(submitted))
    assert Review.objects.get().state == State.SUBMITTED
    assert not InterestStatement.objects.exists()


def test_an_interest_is_stated_and_then_the_button_asks_nothing(browser, member, submitted):
    client = browser(member)
    response = client.post(_url(submitted), {"what": "A fee", "with_whom": "Alpha Ltd", "grade": "full"})
    assert (response.status_code, response.url) == (302, _url(submitted, "review"))
    page = client.get(_url(submitted, "review")).content.decode()
    assert "Take up this review</button>" in page
    client.post(_url(submitted, "take_up"))
    assert InterestStatement.objects.get().what == "A fee"
    page = client.get(_url(submitted, "decide")).content.decode()
    assert "A fee (Alpha Ltd)" in page


@pytest.mark.parametrize("said", [{"what": "A fee"}, {"with_whom": "Alpha Ltd"}, {}])
def test_half_a_statement_comes_back_with_its_words(browser, member, submitted, said):
    response = browser(member).post(_url(submitted), {"grade": "full"} | said)
    assert response.status_code == 422
    for word in said.values():
        assert word in response.content.decode()
    assert not InterestStatement.objects.exists()


def test_an_overdue_member_reads_why_and_finds_the_form(browser, person, submitted):
    nora = person("Nora New", Role.BOARD_MEMBER, declares=False)
    declaring.declare(nora, {}, at=timezone.now() - datetime.timedelta(days=400))
    client = browser(nora)
    page = client.get(_url(submitted, "review")).content.decode()
    assert "Your declaration of interests is missing or overdue. Please renew it first." in page
    assert f"{reverse('desk:interests')}?next={_url(submitted, 'review')}" in page
    response = client.post(_url(submitted, "take_up"), {"interests": "none"})
    assert response.status_code == 409
    assert Review.objects.get().state == State.SUBMITTED
    back = client.post(reverse("desk:interests"), {"action": "same", "next": _url(submitted, "review")})
    assert back.url == _url(submitted, "review")
    assert client.post(_url(submitted, "take_up"), {"interests": "none"}).status_code == 302


def test_a_second_member_states_in_one_tap_on_the_way_to_the_decision(browser, second_member, under_review):
    client = browser(second_member)
    page = client.get(_url(under_review, "decide")).content.decode()
    assert "Say first whether you have interests in this article." in page
    response = client.post(_url(under_review), {"action": "none", "next": "decide"})
    assert response.url == _url(under_review, "decide")
    assert "Sign this decision" in client.get(response.url).content.decode()


class TestExcluded:
    @pytest.fixture
    def excluded(self, browser, person, draft, author, submitted):
        """A client of somebody who is editor and board member, and took no part in this review."""
        member = person("Mia Member", Role.BOARD_MEMBER, Role.EDITOR)
        client = browser(member)
        response = client.post(_url(submitted), {"what": "Shares", "with_whom": "Alpha", "grade": "excluded"})
        assert (response.status_code, response.url) == (302, reverse("desk:home"))
        return client

    ADDRESSES = (
        ("review", "edition"),
        ("decide", "edition"),
        ("state_interests", "edition"),
        ("parts", "edition"),
        ("article", "article"),
        ("article_edit", "article"),
        ("history", "article"),
        ("compare", "article"),
        ("comments", "article"),
        ("comments_panel", "article"),
        ("images", "article"),
        ("submit", "article"),
        ("publishing", "article"),
        ("article_due", "article"),
        ("hand_over", "article"),
    )

    @pytest.mark.parametrize(("name", "of"), ADDRESSES)
    def test_no_address_of_the_desk_opens_it(self, excluded, submitted, name, of):
        pk = submitted.pk if of == "edition" else submitted.article_id
        response = excluded.get(reverse(f"desk:{name}", args=[pk]))
        assert response.status_code == 403
        page = response.content.decode()
        assert "You take no part in the review of this answer, so it is closed to you." in page
        assert "Two trials agree" not in page
        assert submitted.question not in page

    def test_nor_texts_exports_lists_searches_and_comparisons(self, excluded, submitted):
        closed = [
            reverse("desk:review_text", args=[submitted.pk, 1]),
            reverse("desk:review", args=[submitted.pk]) + "?against=1",
            reverse("desk:library_export") + f"?article={submitted.article_id}&format=ris",
        ]
        for address in closed:
            assert excluded.get(address).status_code == 403, address
        for name in ("articles", "reviews", "home"):
            response = excluded.get(reverse(f"desk:{name}"), {"q": "alpha", "state": ""})
            assert response.status_code == 200
            assert submitted.question not in response.content.decode(), name

    @pytest.mark.parametrize("name", ["take_up", "pull_back", "publish", "release", "withdraw", "add_notice", "parts"])
    def test_no_move_is_made_past_the_page(self, excluded, submitted, name):
        before = Review.objects.get().state
        assert excluded.post(_url(submitted, name), {"reason": "x", "interests": "none"}).status_code == 403
        assert Review.objects.get().state == before

    def test_others_still_open_it_and_an_editor_lets_them_in_again(self, excluded, browser, editor, submitted):
        mia = Part.objects.get().member
        assert browser(editor).get(_url(submitted, "review")).status_code == 200
        data = {"member": mia.pk, "grade": "full", "reason": "It was another company."}
        assert browser(editor).post(_url(submitted, "parts"), data).status_code == 302
        assert excluded.get(_url(submitted, "review")).status_code == 200

    def test_an_author_keeps_their_own_article(self, browser, person, draft, author, editor):
        """Whoever writes on it is no reviewer: an older exclusion does not close it."""
        member = person("Mo Member", Role.BOARD_MEMBER, Role.AUTHOR)
        edition = workflow.submit(draft, by=author)
        workflow.set_part(edition, member=member, by=editor, grade="excluded", reason="A cousin.")
        Article.objects.filter(pk=draft.pk).update(owner=member)
        assert browser(member).get(reverse("desk:article", args=[draft.pk])).status_code == 200


def test_who_may_not_vote_still_reads_and_is_told_why(browser, member, editor, under_review):
    workflow.set_part(under_review, member=member, by=editor, grade="no-vote", reason="A grant.")
    client = browser(member)
    assert client.get(_url(under_review, "review")).status_code == 200
    page = client.get(_url(under_review, "decide")).content.decode()
    assert "You may discuss this answer but not vote on it." in page
    data = {"digest": under_review.digest, "kind": "approve", "comment": "Fine.", "password": PASSWORD}
    response = client.post(_url(under_review, "decide"), data)
    assert response.status_code == 409
    assert "Fine." in response.content.decode()


class TestParts:
    def test_the_editor_sees_what_bears_on_it(self, browser, editor, author, member, second_member, submitted):
        for one in (author, member):
            one.institution = "Northern Hospital"
            one.save()
        declaring.declare(second_member, {"shares": "Gamma Inc"})
        workflow.state_interests(submitted, by=member, what="A fee", with_whom="Alpha Ltd")
        page = browser(editor).get(_url(submitted, "parts")).content.decode()
        assert "Same institution as Ada Author: Northern Hospital" in page
        assert page.count("Same institution") == 1
        assert "A fee" in page
        assert "Shares and options: Gamma Inc." in page

    def test_a_part_without_a_reason_or_member_comes_back(self, browser, editor, member, submitted):
        client = browser(editor)
        response = client.post(_url(submitted, "parts"), {"member": member.pk, "grade": "excluded", "reason": ""})
        assert response.status_code == 422
        response = client.post(_url(submitted, "parts"), {"grade": "excluded", "reason": "Kept words."})
        assert response.status_code == 422
        assert "Kept words." in response.content.decode()
        assert not Part.objects.exists()

    def test_a_refused_part_keeps_the_reason(self, browser, editor, member, submitted):
        response = browser(editor).post(
            _url(submitted, "parts"), {"member": member.pk, "grade": "full", "reason": "Kept words."}
        )
        assert response.status_code == 409
        assert "has this part already" in response.content.decode()
        assert "Kept words." in response.content.decode()
