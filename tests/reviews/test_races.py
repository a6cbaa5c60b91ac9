"""Two people at once, on PostgreSQL with real threads: one outcome each, plain refusals, a whole chain.

SQLite serialises writers from the start of the transaction, so races show nothing there.
"""

from __future__ import annotations

import datetime
import os
import time
from collections.abc import Callable

import pytest
from django.utils import timezone

from articles import drafting
from articles.models import Article, Edition, Publication
from people import interests, roles
from people.models import Appointment, Declaration, Role, User
from reviews import verifying, workflow
from reviews.models import Review, ReviewInvitation, State, Transition, Verdict
from tests.conftest import PASSWORD
from tests.races import at_once, on_postgresql  # noqa: F401 - a fixture of every test here

ROUNDS = 200 if os.environ.get("SOAK") == "1" else 8

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


def refusals(results: list[object]) -> int:
    assert all(
        result is None or isinstance(result, workflow.Refused | Verdict | Edition | Publication) for result in results
    ), results
    return sum(isinstance(result, workflow.Refused) for result in results)


def renew(article: Article, author: User, number: int) -> Edition:
    article.refresh_from_db()
    article.body = f"## Evidence\n\nRound {number} [@alpha].\n"
    drafting.save(article, by=author, base_version=article.version)
    return workflow.submit(article, by=author)


@pytest.fixture
def board(person: Callable[..., User]) -> list[User]:
    return [person(f"Member {number}", Role.BOARD_MEMBER) for number in range(4)]


def test_an_invitation_made_twice_and_answered_in_two_ways_at_once(
    draft: Article, author: User, board: list[User], editor: User
):
    """Two editors' taps invite once; of accepting, declining and withdrawing at once each order leaves one state."""
    member = board[0]
    for number in range(ROUNDS):
        edition = renew(draft, author, number)
        made = at_once(*[lambda e=edition: workflow.invite(e, members=[member], by=editor)] * 2)  # type: ignore[misc]
        assert sum(isinstance(one, workflow.Refused) for one in made) == 1, made
        row = ReviewInvitation.objects.get(edition=edition)
        results = at_once(
            lambda e=edition: workflow.accept(e, by=member),  # type: ignore[misc]
            lambda e=edition: workflow.accept(e, by=member),  # type: ignore[misc]
            lambda e=edition: workflow.decline(e, by=member),  # type: ignore[misc]
            lambda one=row: workflow.withdraw_invitation(one, by=editor),  # type: ignore[misc]
        )
        assert refusals(results) >= 2
        kinds = list(row.steps.values_list("kind", flat=True))
        assert kinds in [["declined"], ["withdrawn"], ["accepted", "declined"], ["accepted", "withdrawn"]]
        workflow.pull_back(edition, by=author)
    assert list(verifying.problems()) == []


def test_four_members_approve_at_once(draft: Article, author: User, board: list[User]):
    for number in range(ROUNDS):
        edition = renew(draft, author, number)
        workflow.take_up(edition, by=board[0])
        for other in board[1:]:
            workflow.state_interests(edition, by=other)
        results = at_once(
            *(
                lambda by=by: workflow.decide(edition, by=by, kind="approve", password=PASSWORD)  # type: ignore[misc]
                for by in board
            )
        )
        assert refusals(results) == 3
        assert Verdict.objects.filter(edition=edition).count() == 1
        assert Transition.objects.filter(edition=edition, move="approve").count() == 1
    assert list(verifying.problems()) == []


def test_approval_races_the_resubmission(draft: Article, author: User, board: list[User]):
    """Either the old edition is approved and the new one submitted, or the old one is replaced: never both."""
    for number in range(ROUNDS):
        old = renew(draft, author, 2 * number)
        workflow.take_up(old, by=board[0])
        draft.refresh_from_db()
        draft.body = f"## Evidence\n\nRound {2 * number + 1} [@alpha].\n"
        drafting.save(draft, by=author, base_version=draft.version)
        results = at_once(
            lambda: workflow.decide(old, by=board[0], kind="approve", password=PASSWORD),
            lambda: workflow.submit(draft, by=author),
        )
        new = Edition.objects.get(article=draft, number=old.number + 1)
        state = Review.objects.get(edition=old).state
        assert state == (State.PULLED_BACK if isinstance(results[0], workflow.Refused) else State.APPROVED)
        assert Review.objects.get(edition=new).state == State.SUBMITTED
        assert not Verdict.objects.filter(edition=new).exists()
    assert list(verifying.problems()) == []


def test_publish_and_withdraw_at_once(draft: Article, author: User, board: list[User], editor: User):
    first = renew(draft, author, 0)
    workflow.take_up(first, by=board[0])
    workflow.decide(first, by=board[0], kind="approve", password=PASSWORD)
    workflow.publish(first, by=editor)
    for number in range(1, ROUNDS):
        edition = renew(draft, author, number)
        workflow.take_up(edition, by=board[0])
        workflow.decide(edition, by=board[0], kind="approve", password=PASSWORD)
        public = Publication.objects.select_related("edition").get().edition
        results = at_once(
            lambda: workflow.publish(edition, by=editor),
            lambda: workflow.withdraw(public, by=editor, explanation="Out of date."),
        )
        # Published first: the withdrawal speaks of an edition that is not the public one any more.
        assert refusals(results) == int(isinstance(results[1], workflow.Refused))
        publication = Publication.objects.get()
        assert (publication.edition_id, publication.standing) == (edition.pk, "live")
    assert list(verifying.problems()) == []


def test_saves_at_once_are_kept_or_refused(draft: Article, author: User):
    for _round in range(ROUNDS):
        draft.refresh_from_db()
        base = draft.version

        def save(text: str) -> object:
            mine = Article.objects.get(pk=draft.pk)
            mine.body = text
            return drafting.save(mine, by=author, base_version=base).version

        results = at_once(*(lambda text=text: save(text) for text in ("one", "two", "three")))  # type: ignore[misc]
        assert sum(isinstance(result, drafting.Conflict) for result in results) == 2
        assert [result for result in results if isinstance(result, int)] == [base + 1]


def test_two_sweeps_at_once_publish_once(draft: Article, author: User, board: list[User], editor: User):
    for number in range(ROUNDS):
        edition = renew(draft, author, number)
        workflow.take_up(edition, by=board[0])
        workflow.decide(edition, by=board[0], kind="approve", password=PASSWORD)
        workflow.schedule(edition, by=editor, at=timezone.now() + datetime.timedelta(milliseconds=50))
        time.sleep(0.06)
        results = at_once(workflow.publish_due, workflow.publish_due)
        assert sorted(results) == [0, 1], results  # type: ignore[type-var]
        assert Transition.objects.filter(edition=edition, move="publish").count() == 1
    assert list(verifying.problems()) == []


def test_a_sweep_and_a_cancellation_at_once(draft: Article, author: User, board: list[User], editor: User):
    for number in range(ROUNDS):
        edition = renew(draft, author, number)
        workflow.take_up(edition, by=board[0])
        workflow.decide(edition, by=board[0], kind="approve", password=PASSWORD)
        workflow.schedule(edition, by=editor, at=timezone.now() + datetime.timedelta(milliseconds=50))
        time.sleep(0.06)
        published, cancelled = at_once(
            workflow.publish_due, lambda edition=edition: workflow.cancel(edition, by=editor)
        )
        assert (published == 1) is isinstance(cancelled, workflow.Refused), (published, cancelled)
        assert Transition.objects.filter(edition=edition, move="publish").count() == published
    assert list(verifying.problems()) == []


def test_one_member_signs_twice_at_once(draft: Article, author: User, board: list[User]):
    """A double click: one verdict, and a plain refusal."""
    for number in range(ROUNDS):
        edition = renew(draft, author, number)
        workflow.take_up(edition, by=board[0])
        results = at_once(
            *(lambda: workflow.decide(edition, by=board[0], kind="approve", password=PASSWORD) for _click in range(2))
        )
        assert refusals(results) == 1
        assert Verdict.objects.filter(edition=edition).count() == 1
    assert list(verifying.problems()) == []


def test_a_signature_races_the_end_of_the_role(draft: Article, author: User, board: list[User], administrator: User):
    """Signed before, or refused after: a verdict stands exactly where the signature was taken."""
    for number in range(ROUNDS):
        edition = renew(draft, author, number)
        Appointment.objects.get_or_create(user=board[0], role=Role.BOARD_MEMBER, ends_on=None)
        workflow.take_up(edition, by=board[0])
        results = at_once(
            lambda: workflow.decide(edition, by=board[0], kind="approve", password=PASSWORD),
            lambda: roles.end(board[0], role=Role.BOARD_MEMBER, by=administrator),
        )
        signed = refusals(results) == 0
        assert Verdict.objects.filter(edition=edition).exists() is signed
        assert Review.objects.get(edition=edition).state == (State.APPROVED if signed else State.UNDER_REVIEW)
        if not signed:
            assert str(results[0]) == "Only a board member can do this."
    assert list(verifying.problems()) == []


def test_a_signature_races_the_exclusion_of_its_member(draft: Article, author: User, board: list[User], editor: User):
    """Either it is signed and the part comes too late, or the member is excluded and signs nothing: never both."""
    for number in range(ROUNDS):
        edition = renew(draft, author, number)
        workflow.take_up(edition, by=board[0])
        results = at_once(
            lambda: workflow.decide(edition, by=board[0], kind="approve", password=PASSWORD),
            lambda: workflow.set_part(edition, member=board[0], by=editor, grade="excluded", reason="A grant."),
        )
        assert sum(isinstance(result, workflow.Refused) for result in results) == 1
        excluded = isinstance(results[0], workflow.Refused)
        assert Verdict.objects.filter(edition=edition).exists() is not excluded
        if excluded:
            workflow.set_part(edition, member=board[0], by=editor, grade="full", reason="It was another.")
    assert list(verifying.problems()) == []


def test_a_declaration_sent_twice_at_once_is_one(board: list[User]):
    for number in range(ROUNDS):
        before = Declaration.objects.count()
        at_once(*(lambda: interests.declare(board[0], {"other": f"Round {number}"}) for _tap in range(3)))
        assert Declaration.objects.count() == before + 1
