"""Editorial fixes: signed like any edition, told in the record, and no review of the answer."""

from __future__ import annotations

import datetime
import re

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import drafting
from articles.models import Article, Publication
from people.models import User
from reviews import protection, verdicts, verifying, workflow
from reviews.models import Review, Transition
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
WORDS = "Editorial fix of edition 1: what was last reviewed, and when the next review is due, stays."


@pytest.fixture
def live(draft: Article, author: User, member: User, editor: User) -> Publication:
    edition = workflow.submit(draft, by=author)
    approve(edition, member)
    return workflow.publish(edition, by=editor)


def approve(edition, member):
    workflow.take_up(edition, by=member)
    return workflow.decide(edition, by=member, kind="approve", password=PASSWORD)


def change(article, author, words="\n\nIt was mended."):
    article = Article.objects.get(pk=article.pk)
    article.body += words
    return drafting.save(article, by=author, base_version=article.version)


def browser(person):
    client = Client()
    client.force_login(person)
    return client


def at(monkeypatch, moment):
    monkeypatch.setattr(timezone, "now", lambda: moment)


def test_an_editorial_fix_moves_last_updated_alone(live, draft, author, member, editor, monkeypatch, client):
    was = live.reviewed_at, live.review_due_on
    at(monkeypatch, timezone.now() + 100 * DAY)
    fix = workflow.submit(change(draft, author), by=author, comment="A comma.", is_editorial=True)
    verdict = approve(fix, member)
    now = workflow.publish(fix, by=editor)
    assert (now.reviewed_at, now.review_due_on) == was
    assert now.statement["last_updated"] == timezone.now().date().isoformat()
    assert now.statement["last_reviewed"] == was[0].date().isoformat()
    assert Transition.objects.get(edition=fix, move="submit").reason == f"{WORDS}\n\nA comma."
    assert verdicts.read(verdict)["policy"]["editorial_fix_of"] == 1
    page = client.get(reverse("readers:answer", args=[now.slug])).content.decode()
    assert "Approved word for word, as an editorial fix of edition 1, by Ben Board, MD, PhD" in page
    assert list(verifying.problems()) == []


def test_a_full_review_moves_both_and_a_fix_of_a_fix_neither(live, draft, author, member, editor, monkeypatch):
    first = timezone.now()
    was = live.reviewed_at, live.review_due_on
    for number in (1, 2):
        at(monkeypatch, first + number * 10 * DAY)
        fix = workflow.submit(change(draft, author), by=author, is_editorial=True)
        approve(fix, member)
        now = workflow.publish(fix, by=editor)
        assert (now.reviewed_at, now.review_due_on) == was
    at(monkeypatch, first + 30 * DAY)
    full = workflow.submit(change(draft, author), by=author)
    approve(full, member)
    now = workflow.publish(full, by=editor)
    assert now.reviewed_at == timezone.now()
    assert now.review_due_on > was[1]


def test_only_what_is_live_and_approved_is_mended(draft, author, member, editor):
    with pytest.raises(workflow.Refused, match="An editorial fix mends an approved edition that is live"):
        workflow.submit(draft, by=author, is_editorial=True)
    edition = workflow.submit(draft, by=author)
    workflow.release_with_caution(edition, by=editor, reason="Urgent.")
    change(draft, author)
    with pytest.raises(workflow.Refused, match="there is none"):
        workflow.submit(Article.objects.get(pk=draft.pk), by=author, is_editorial=True)
    workflow.pull_back(edition, by=author)


def test_the_words_of_the_record_are_not_written_by_hand(live, draft, author):
    with pytest.raises(workflow.Refused, match="Mark this as an editorial fix"):
        workflow.submit(change(draft, author), by=author, comment=WORDS)


def test_a_fix_that_is_submitted_again_may_be_a_full_review(live, draft, author):
    draft = change(draft, author)
    fix = workflow.submit(draft, by=author, is_editorial=True)
    workflow.pull_back(fix, by=author)
    assert workflow.submit(draft, by=author) == fix
    assert "editorial_fix_of" not in Review.objects.get(edition=fix).policy
    assert list(verifying.problems()) == []


def test_what_was_signed_on_other_terms_is_not_submitted_again_as_a_fix(live, draft, author, member, second_member):
    draft = change(draft, author)
    fix = workflow.submit(draft, by=author)
    Review.objects.filter(edition=fix).update(policy=Review.objects.get(edition=fix).policy | {"approvals_needed": 2})
    approve(fix, member)
    workflow.pull_back(fix, by=author)
    with pytest.raises(workflow.Refused, match="on other terms"):
        workflow.submit(draft, by=author, is_editorial=True)


@pytest.mark.parametrize("was_a_fix", [True, False])
def test_a_mark_that_was_altered_is_found(live, draft, author, member, was_a_fix):
    fix = workflow.submit(change(draft, author), by=author, is_editorial=was_a_fix)
    protection.remove(connection)
    review = Review.objects.get(edition=fix)
    policy = {name: value for name, value in review.policy.items() if name != "editorial_fix_of"}
    Review.objects.filter(pk=review.pk).update(policy=policy if was_a_fix else policy | {"editorial_fix_of": 1})
    [problem] = verifying.problems()
    assert problem == f"The review of edition id {fix.pk} is not the editorial fix, or the review, that was submitted."


def test_author_and_board_see_what_an_editorial_fix_is(live, draft, author, member):
    client = browser(author)
    address = reverse("desk:submit", args=[draft.pk])
    change(draft, author)
    page = client.get(address).content.decode()
    assert 'name="is_editorial"' in page
    assert "is due again stays as for edition 1." in page
    assert client.post(address, {"version": 2, "is_editorial": "on"}).status_code == 302
    fix = Review.objects.get(state="submitted").edition
    page = browser(member).get(reverse("desk:review", args=[fix.pk])).content.decode()
    assert "It was submitted as an editorial fix of edition 1" in page
    assert "Editorial fix</span>" in browser(member).get(reverse("desk:reviews")).content.decode()
    workflow.take_up(fix, by=member)
    page = browser(member).get(reverse("desk:decide", args=[fix.pk])).content.decode()
    assert "of edition 1, whose dates of review stay" in page


def test_a_first_submission_does_not_offer_it_and_a_refusal_keeps_the_mark(draft, author, editor, live):
    client = browser(author)
    address = reverse("desk:submit", args=[draft.pk])
    workflow.withdraw(live.edition, by=editor, explanation="Out of date.")
    change(draft, author)
    assert 'name="is_editorial"' not in client.get(address).content.decode()
    answer = client.post(address, {"version": 2, "is_editorial": "on", "comment": "A comma."})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "An editorial fix mends an approved edition that is live" in page
    assert "A comma." in page
    assert re.search(r'<input type="checkbox" name="is_editorial"[^>]* checked', page)


def test_what_was_retracted_is_mended_by_no_editorial_fix(live, draft, author, editor):
    workflow.add_notice(live.edition, by=editor, kind="retraction", text="The trial was made up.")
    draft = change(draft, author)
    with pytest.raises(workflow.Refused, match="^Edition 1 was retracted, so no editorial fix mends it."):
        workflow.submit(draft, by=author, is_editorial=True)
    assert workflow.submit(draft, by=author).number == 2


@pytest.mark.parametrize("gone", ["retracted", "withdrawn"])
@pytest.mark.parametrize("how", ["publish", "schedule"])
def test_a_fix_of_what_went_meanwhile_is_not_published(live, draft, author, member, editor, gone, how):
    fix = workflow.submit(change(draft, author), by=author, is_editorial=True)
    approve(fix, member)
    if gone == "retracted":
        workflow.add_notice(live.edition, by=editor, kind="retraction", text="The trial was made up.")
    else:
        workflow.withdraw(live.edition, by=editor, explanation="Out of date.")
    moves = {
        "publish": lambda: workflow.publish(fix, by=editor),
        "schedule": lambda: workflow.schedule(fix, by=editor, at=timezone.now() + DAY),
    }
    with pytest.raises(workflow.Refused, match=f"Edition 2 is an editorial fix of .* was {gone}"):
        moves[how]()
    if gone == "withdrawn":
        workflow.restore(live.edition, by=editor, reason="It holds.")
        assert workflow.publish(fix, by=editor).edition == fix
