"""Signing a decision in the desk: what it asks for, what it refuses, and what comes back."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.urls import reverse

from articles import drafting
from articles.models import Article
from people.models import Appointment, Role, User
from reviews import workflow
from reviews.models import Review, State, Verdict
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_attempts_yet():
    cache.clear()


def _url(edition):
    return reverse("desk:decide", args=[edition.pk])


def _post(client, edition, **fields):
    data = {"digest": edition.digest, "kind": "approve", "comment": "", "password": PASSWORD} | fields
    return client.post(_url(edition), data)


def _state(edition):
    return Review.objects.get(edition=edition).state


def test_the_form_says_what_is_signed_and_in_whose_name(browser, member, under_review):
    page = browser(member).get(_url(under_review)).content.decode()
    assert "I have read this edition and approve its exact words for publication." in page
    assert "Ben Board, MD, PhD" in page
    assert under_review.digest in page


def test_a_text_that_was_not_opened_is_named_before_signing(browser, member, under_review):
    client = browser(member)
    client.get(reverse("desk:review_text", args=[under_review.pk, 1]))
    page = client.get(_url(under_review)).content.decode()
    assert "You have not opened the text for patients and families and other readers." in page
    assert "You have not opened the text for physicians" not in page
    client.get(reverse("desk:review_text", args=[under_review.pk, 2]))
    assert "You have not opened" not in client.get(_url(under_review)).content.decode()


def test_approves_with_the_password(browser, member, under_review):
    response = _post(browser(member), under_review, comment="Well done.")
    assert response.status_code == 302
    assert _state(under_review) == State.APPROVED
    verdict = Verdict.objects.get()
    assert verdict.member == member
    assert verdict.edition_digest == under_review.digest


def test_a_wrong_password_signs_nothing_and_keeps_the_comment(browser, member, under_review):
    response = _post(browser(member), under_review, comment="Nearly there.", password="not it at all")
    assert response.status_code == 409
    page = response.content.decode()
    assert "The password is not right." in page
    assert "Nearly there." in page
    assert "not it at all" not in page
    assert PASSWORD not in page
    assert not Verdict.objects.exists()


def test_too_many_wrong_passwords_are_refused_even_when_the_next_is_right(browser, member, under_review):
    client = browser(member)
    for _attempt in range(10):
        _post(client, under_review, password="not it at all")
    response = _post(client, under_review, comment="Kept?")
    assert response.status_code == 429
    assert "Kept?" in response.content.decode()
    assert not Verdict.objects.exists()


@pytest.mark.parametrize("kind", ["request-changes", "decline"])
def test_asking_for_changes_or_declining_needs_a_reason(browser, member, under_review, kind):
    response = _post(browser(member), under_review, kind=kind)
    assert response.status_code == 422
    assert "Say why" in response.content.decode()
    assert _state(under_review) == State.UNDER_REVIEW


def test_no_decision_chosen_is_an_error_beside_the_field(browser, member, under_review):
    response = _post(browser(member), under_review, kind="", comment="Thoughts.")
    assert response.status_code == 422
    page = response.content.decode()
    assert "Choose what you decide." in page
    assert "Thoughts." in page


def test_a_form_made_for_another_edition_signs_nothing(browser, member, under_review):
    response = _post(browser(member), under_review, digest="0" * 64, comment="On what?")
    assert response.status_code == 409
    page = response.content.decode()
    assert "made for another edition" in page
    assert "On what?" in page
    assert under_review.digest in page
    assert not Verdict.objects.exists()


def test_an_author_who_is_also_on_the_board_may_not_approve(browser, author, member, draft):
    Appointment.objects.create(user=author, role=Role.BOARD_MEMBER)
    edition = workflow.submit(draft, by=author)
    workflow.take_up(edition, by=member)
    response = _post(browser(author), edition)
    assert response.status_code == 409
    assert "(four eyes)" in response.content.decode()
    assert _state(edition) == State.UNDER_REVIEW


def test_the_first_editor_of_a_later_authors_edition_may_not_approve(browser, person, author, member):
    first = person("Fay First", Role.AUTHOR, Role.BOARD_MEMBER)
    article = Article(
        question="Who wrote this first?",
        heading="Fay",
        lead="Fay did [@alpha].",
        body="Text [@alpha].",
        owner=first,
        byline=[drafting.byline_entry(name=first.name, user=first)],
    )
    from references.models import Reference

    Reference.objects.create(key="alpha", kind="book", title="Alpha")
    drafting.save(article, by=first, base_version=0)
    article.owner = author
    article.byline = [drafting.byline_entry(name=author.name, user=author)]
    drafting.save(article, by=author, base_version=1)
    edition = workflow.submit(article, by=author)
    workflow.take_up(edition, by=member)
    response = _post(browser(first), edition)
    assert response.status_code == 409
    assert "(four eyes)" in response.content.decode()
    assert not Verdict.objects.exists()


def test_a_superuser_who_contributed_may_not_approve(browser, author, member, draft):
    chief = User.objects.create_superuser("chief@example.org", PASSWORD, name="Chief")
    Appointment.objects.create(user=chief, role=Role.BOARD_MEMBER)
    drafting.save(draft, by=chief, base_version=draft.version)
    edition = workflow.submit(draft, by=author)
    workflow.take_up(edition, by=member)
    response = _post(browser(chief), edition)
    assert response.status_code == 409
    assert "(four eyes)" in response.content.decode()


def test_a_superuser_without_a_seat_on_the_board_cannot_decide(browser, under_review):
    chief = User.objects.create_superuser("chief@example.org", PASSWORD, name="Chief")
    assert _post(browser(chief), under_review).status_code == 403
    assert _state(under_review) == State.UNDER_REVIEW


def test_a_replaced_edition_cannot_be_approved(browser, author, member, under_review):
    article = Article.objects.get(pk=under_review.article_id)
    article.lead = "Alpha helps a lot [@alpha]."
    drafting.save(article, by=author, base_version=article.version)
    workflow.submit(article, by=author)
    response = _post(browser(member), under_review, comment="I liked this one.")
    assert response.status_code == 409
    page = response.content.decode()
    assert "was replaced by edition 2" in page
    assert "I liked this one." in page


def test_another_decision_after_the_first_is_refused(browser, member, under_review):
    client = browser(member)
    assert _post(client, under_review).status_code == 302
    response = _post(client, under_review, kind="decline", comment="Or not?")
    assert response.status_code == 409
    assert "Edition 1 is approved, so this cannot be done now." in response.content.decode()
    assert Verdict.objects.count() == 1


def test_before_it_is_taken_up_the_page_offers_that_first(browser, member, submitted):
    page = browser(member).get(_url(submitted)).content.decode()
    assert "Take up the review first." in page
    assert "Sign this decision" not in page
    assert _post(browser(member), submitted).status_code == 409


def test_a_member_whose_term_ended_is_refused(browser, member, under_review):
    import datetime

    yesterday = datetime.date.today() - datetime.timedelta(days=1)
    Appointment.objects.filter(user=member).update(starts_on=yesterday, ends_on=yesterday)
    assert _post(browser(member), under_review).status_code == 403
    assert not Verdict.objects.exists()
