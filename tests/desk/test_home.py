"""The desk's first page: what waits for each role."""

from __future__ import annotations

import pytest
from django.urls import reverse

from articles import drafting
from articles.models import Article, Publication
from desk.home import for_board
from people import inviting
from people.models import Role
from readers.models import FollowUpQuestion
from reviews import workflow
from reviews.models import Review
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def _home(client):
    return client.get(reverse("desk:home")).content.decode()


def test_an_author_sees_drafts_and_what_was_sent_back_with_the_reason(browser, author, member, draft):
    client = browser(author)
    assert "Drafts, not submitted yet" in _home(client)
    edition = workflow.submit(draft, by=author)
    assert "With the board" in _home(client)
    workflow.take_up(edition, by=member)
    workflow.decide(edition, by=member, kind="request-changes", password=PASSWORD, comment="Name the dose.")
    page = _home(client)
    assert "Sent back by the board" in page
    assert "Name the dose." in page


def test_an_author_who_wrote_nothing_is_shown_where_to_begin(browser, author):
    assert "You have not written anything here yet" in _home(browser(author))


def test_other_peoples_drafts_are_not_shown(browser, person, draft):
    assert draft.question not in _home(browser(person("Olga Other", Role.AUTHOR)))


def test_a_board_member_sees_what_they_may_judge_and_why_not_the_rest(browser, author, member, draft):
    client = browser(member)
    assert "No edition waits for the board" in _home(client)
    edition = workflow.submit(draft, by=author)
    assert "Waiting for a review that you may give" in _home(client)
    workflow.take_up(edition, by=member)
    page = _home(client)
    assert "Taken up by you" in page
    assert "Waiting for a review that you may give" not in page


def test_what_a_member_signed_stands_below_what_waits_for_them(browser, author, member, draft):
    first = workflow.submit(draft, by=author)
    Review.objects.update(policy={"approvals_needed": 2, "verdicts_needed": 2})
    workflow.take_up(first, by=member)
    workflow.decide(first, by=member, kind="approve", password=PASSWORD)
    other = Article(question="Is it new?", lead="Yes.", body="## Evidence\n\nSo [@alpha].\n", owner=author)
    drafting.save(other, by=author, base_version=0)
    workflow.take_up(workflow.submit(other, by=author), by=member)
    page = _home(browser(member)).split("Taken up by you")[1]
    assert page.index("Is it new?") < page.index(draft.question)


def test_a_review_that_was_given_up_is_not_in_hand(browser, author, member, draft):
    edition = workflow.submit(draft, by=author)
    workflow.take_up(edition, by=member)
    workflow.give_up(edition, by=member)
    found = for_board(member, frozenset())
    assert found["mine"] == []
    assert [one["why_not"] for one in found["may_not"]] == ["You gave this review up. An editor can invite you to it."]


def test_a_board_member_who_wrote_on_it_reads_why_not(browser, author, member, draft):
    drafting.save(draft, by=member, base_version=draft.version)
    workflow.submit(draft, by=author)
    page = _home(browser(member))
    assert "Waiting for somebody else" in page
    assert "(four eyes)" in page


def test_an_editor_sees_what_to_publish_cautions_overdue_reviews_and_questions(browser, editor, approved):
    client = browser(editor)
    assert "Approved and not yet public" in _home(client)
    workflow.publish(approved, by=editor)
    assert "Nothing waits for an editor" in _home(client)
    Publication.objects.update(review_due_on="2020-01-01")
    assert "Review overdue" in _home(client)
    FollowUpQuestion.objects.create(text="Is two too many?")
    assert "Is two too many?" in _home(client)


def test_an_editor_sees_what_is_live_with_caution(browser, editor, submitted):
    workflow.release_with_caution(submitted, by=editor, reason="Tonight.")
    assert "Live with caution" in _home(browser(editor))


def test_an_older_approved_edition_is_not_offered_once_a_newer_is_public(browser, editor, author, member, live):
    from articles.models import Article

    article = Article.objects.get(pk=live.article_id)
    article.lead = "Alpha helps a lot [@alpha]."
    drafting.save(article, by=author, base_version=article.version)
    second = workflow.submit(article, by=author)
    workflow.take_up(second, by=member)
    workflow.decide(second, by=member, kind="approve", password=PASSWORD)
    page = _home(browser(editor))
    assert page.count("edition 2, approved") == 1
    assert "edition 1, approved" not in page
    workflow.publish(second, by=editor)
    assert "Approved and not yet public" not in _home(browser(editor))


def test_an_administrator_sees_open_invitations(browser, administrator):
    inviting.invite(by=administrator, email="nora@example.org", role=Role.AUTHOR, name="Nora New")
    page = _home(browser(administrator))
    assert "Nora New" in page
    assert "1 person with an account" in page


def test_the_navigation_shows_only_what_may_be_opened(browser, author, administrator):
    author_nav = _home(browser(author)).split("</nav>")[0]
    assert "/desk/people/" not in author_nav
    assert "/desk/questions/" not in author_nav
    administrator_nav = _home(browser(administrator)).split("</nav>")[0]
    assert "/desk/people/" in administrator_nav
    assert "/desk/articles/" not in administrator_nav
