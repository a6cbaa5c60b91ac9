"""Independent judgement: who sees the others' verdicts and comments while a round is open, by one rule."""

from __future__ import annotations

import itertools

import pytest

from articles import drafting
from articles.models import Article
from people.models import Appointment, Role, User
from reviews import asking, sight, workflow
from reviews.models import Review
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

BOARD, EDITOR, AUTHOR = Role.BOARD_MEMBER.value, Role.EDITOR.value, Role.AUTHOR.value
# By roles and whether they signed: whether they see verdicts, and whether comments are kept from them. By hand.
APART = {
    (frozenset({AUTHOR}), False): (False, False),
    (frozenset({EDITOR}), False): (True, False),
    (frozenset({BOARD}), False): (False, True),
    (frozenset({BOARD, EDITOR}), False): (False, True),
    (frozenset({BOARD}), True): (True, False),
    (frozenset({BOARD, EDITOR}), True): (True, False),
}


@pytest.fixture
def review(draft: Article, author: User, member: User) -> Review:
    edition = workflow.submit(draft, by=author)
    Review.objects.update(policy={"approvals_needed": 2, "verdicts_needed": 3, "independent": True})
    workflow.take_up(edition, by=member)
    workflow.decide(edition, by=member, kind="approve", password=PASSWORD)
    return Review.objects.get()


@pytest.mark.parametrize(("roles", "has_signed"), list(APART))
def test_who_knows_what_others_judge_and_ask(review, member, second_member, roles, has_signed):
    person = member if has_signed else second_member
    sees, apart = APART[roles, has_signed]
    assert sight.sees_verdicts(review, person, roles) is sees
    assert sight.judges_apart(review, person, roles) is apart
    assert asking.judges_apart(review.edition, person, roles) is apart


def test_nobody_judges_apart_and_sees_verdicts(review, member, second_member, author, editor):
    for state, independent in itertools.product(["submitted", "under_review", "approved"], [True, False, None]):
        review.state = state
        review.policy = {"approvals_needed": 1} | ({} if independent is None else {"independent": independent})
        for person in (member, second_member, author, editor):
            for roles in ({AUTHOR}, {EDITOR}, {BOARD}, {BOARD, EDITOR}, {BOARD, AUTHOR}):
                held = frozenset(roles)
                apart, sees = (rule(review, person, held) for rule in (sight.judges_apart, sight.sees_verdicts))
                assert not (apart and sees)
                assert sees or sight.is_apart(review)


def test_whoever_wrote_on_it_sees_no_verdict_as_editor(review, draft, author, editor, second_member):
    Appointment.objects.create(user=author, role=Role.EDITOR)
    assert sight.sees_verdicts(review, editor, editor.roles())
    assert not sight.sees_verdicts(review, author, author.roles())
    # Nor does an editor who mended a word since.
    draft.body += "\nA word.\n"
    drafting.save(draft, by=editor, base_version=draft.version)
    assert not sight.sees_verdicts(review, editor, editor.roles())


def test_pulled_back_it_stays_apart_until_there_is_a_newer_edition(review, draft, author, member, second_member):
    workflow.pull_back(review.edition, by=author)
    review.refresh_from_db()
    for person in (author, second_member):
        assert not sight.sees_verdicts(review, person, person.roles())
    assert sight.sees_verdicts(review, member, member.roles())
    draft.body += "\nMore [@gamma].\n"
    drafting.save(draft, by=author, base_version=draft.version)
    workflow.submit(draft, by=author)
    for person in (author, second_member):
        assert sight.sees_verdicts(review, person, person.roles())


def test_a_member_who_wrote_on_it_reads_what_they_answer(review, author):
    Appointment.objects.create(user=author, role=Role.BOARD_MEMBER)
    assert sight.judges_apart(review, author, author.roles())
    assert not asking.judges_apart(review.edition, author, author.roles())
