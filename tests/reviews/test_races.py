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

from articles import drafting, freezing
from articles.models import Article, Edition, LivePage, Publication
from people import interests, roles
from people.models import Appointment, Declaration, Role, User
from reviews import verifying, workflow
from reviews.models import Review, ReviewInvitation, State, Transition, Verdict
from tests.conftest import PASSWORD
from tests.races import at_once, on_postgresql  # noqa: F401 - a fixture of every test here

SOAK = os.environ.get("SOAK") == "1"
ROUNDS = 200 if SOAK else 8
MANY = 500 if SOAK else 20
"""Rounds of the races that decide what the public reads: two signatures, publish and withdraw."""
MOST = 1000 if SOAK else 20
"""Rounds of the two races that decide what was signed: four members at once, and sign and resubmit."""

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


def another(draft: Article, author: User, number: int) -> Article:
    """The same draft as another article: one whose public editions are many takes long to compose."""
    draft.refresh_from_db()
    article = Article(
        question=f"{draft.question} {number}", heading="Yes", lead="It helps [@alpha].", body=draft.body, owner=author
    )
    article.byline = draft.byline
    return drafting.save(article, by=author, base_version=0)


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


def test_two_signatures_at_once(draft: Article, author: User, board: list[User]):
    """Where one approves, a second one comes too late; where two are needed, both count, and one of them ends it."""
    for number in range(MANY):
        edition = renew(draft, author, number)
        needed = 1 + number % 2
        Review.objects.filter(edition=edition).update(
            policy={"approvals_needed": needed, "verdicts_needed": needed, "independent": bool(number % 3)}
        )
        workflow.take_up(edition, by=board[0])
        workflow.state_interests(edition, by=board[1])
        results = at_once(
            *(
                lambda by=by: workflow.decide(edition, by=by, kind="approve", password=PASSWORD)  # type: ignore[misc]
                for by in board[:2]
            )
        )
        assert refusals(results) == 2 - needed
        assert Verdict.objects.filter(edition=edition).count() == needed
        assert Transition.objects.filter(edition=edition, move="approve").count() == 1
        assert Transition.objects.filter(edition=edition, move="give-verdict").count() == needed - 1
        assert Review.objects.get(edition=edition).state == State.APPROVED
        for sentence in (str(one) for one in results if isinstance(one, workflow.Refused)):
            assert sentence == f"Edition {edition.number} is approved, so this cannot be done now."
    assert list(verifying.problems()) == []


def test_four_members_approve_at_once(draft: Article, author: User, board: list[User]):
    for number in range(MOST):
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
        said = f"Edition {edition.number} is approved, so this cannot be done now."
        assert {str(one) for one in results if isinstance(one, workflow.Refused)} == {said}
        assert Verdict.objects.filter(edition=edition).count() == 1
        assert Transition.objects.filter(edition=edition, move="approve").count() == 1
    assert list(verifying.problems()) == []


def test_approval_races_the_resubmission(draft: Article, author: User, board: list[User]):
    """Either the old edition is approved and the new one submitted, or the old one is replaced: never both."""
    for number in range(MOST):
        old = renew(draft, author, 2 * number)
        workflow.take_up(old, by=board[0])
        draft.refresh_from_db()
        draft.body = f"## Evidence\n\nRound {2 * number + 1} [@alpha].\n"
        drafting.save(draft, by=author, base_version=draft.version)
        prepared = freezing.prepare(draft)
        results = at_once(
            lambda: workflow.decide(old, by=board[0], kind="approve", password=PASSWORD),
            lambda: workflow.submit(draft, by=author, prepared=prepared),
        )
        assert isinstance(results[1], Edition)
        new = Edition.objects.get(article=draft, number=old.number + 1)
        state = Review.objects.get(edition=old).state
        refused = isinstance(results[0], workflow.Refused)
        assert state == (State.PULLED_BACK if refused else State.APPROVED)
        assert Verdict.objects.filter(edition=old).exists() is not refused
        assert Review.objects.get(edition=new).state == State.SUBMITTED
        assert not Verdict.objects.filter(edition=new).exists()
        # What was signed are the old bytes: the new ones have a digest of their own, and no signature.
        assert old.digest != new.digest
        assert {one.edition_digest for one in Verdict.objects.filter(edition=old)} <= {old.digest}
        if refused:
            assert str(results[0]).startswith(f"Edition {old.number} was replaced by edition {new.number}.")
    assert list(verifying.problems()) == []


def test_publish_and_withdraw_at_once(draft: Article, author: User, board: list[User], editor: User):
    """The newer edition is public in the end, whoever was first; the withdrawal stands in the record or was refused."""
    for number in range(MANY):
        if number % 10 == 0:
            article = another(draft, author, number)
            first = renew(article, author, 1000)
            workflow.take_up(first, by=board[0])
            workflow.decide(first, by=board[0], kind="approve", password=PASSWORD)
            workflow.publish(first, by=editor)
        edition = renew(article, author, number)
        workflow.take_up(edition, by=board[0])
        workflow.decide(edition, by=board[0], kind="approve", password=PASSWORD)
        public = Publication.objects.select_related("edition").get(article=article).edition
        results = at_once(
            lambda: workflow.publish(edition, by=editor),
            lambda: workflow.withdraw(public, by=editor, explanation="Out of date."),
        )
        # Published first: the withdrawal speaks of an edition that is not the public one any more.
        refused = isinstance(results[1], workflow.Refused)
        assert refusals(results) == int(refused)
        if refused:
            assert str(results[1]) == "This edition is not the public one."
        publication = Publication.objects.get(article=article)
        assert (publication.edition_id, publication.standing) == (edition.pk, "live")
        assert Transition.objects.filter(edition=public, move="withdraw").exists() is not refused
        published = Transition.objects.get(edition=edition, move="publish")
        assert published.from_state == ("live" if refused else "withdrawn")
        page = LivePage.objects.get(path=publication.slug, audience="")
        assert (page.edition_id, page.http_status) == (edition.pk, 200)
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
