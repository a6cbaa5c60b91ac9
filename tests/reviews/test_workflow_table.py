"""Every move × state × role, against a list written out by hand, and tried for real: button and server agree."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from articles.models import Article, Edition, Publication, Standing
from people.models import Role, User
from reviews import workflow
from reviews.models import OPEN_STATES, Review, State, Transition
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

REVIEW_STATES = ["submitted", "under_review", "approved", "changes_requested", "declined", "pulled_back"]
STANDINGS = ["", "live", "caution", "left", "withdrawn"]
ROLES = ["author", "board-member", "editor", "chief-editor", "administrator", "superuser", "none"]

# Who may make the move from which review state of the newest edition, with nothing public. Everything else is refused.
# "author" is the article's own author; the others wrote nothing on it.
REVIEW_MOVES = {
    ("submit", "pulled_back"): {"author", "editor", "chief-editor", "superuser"},
    ("take-up", "submitted"): {"board-member"},
    ("approve", "under_review"): {"board-member"},
    ("minor-edits", "under_review"): {"board-member"},
    ("request-changes", "under_review"): {"board-member"},
    ("decline", "under_review"): {"board-member"},
    **{("redact", state): {"chief-editor"} for state in REVIEW_STATES},
    ("safety-objection", "under_review"): {"board-member"},
    ("pull-back", "submitted"): {"author", "editor", "chief-editor", "superuser"},
    ("pull-back", "under_review"): {"author", "editor", "chief-editor", "superuser"},
}

# With an open safety objection of the board member's: who may settle it, in which review state of the edition.
OBJECTION_MOVES = {("resolve-objection", state): {"board-member"} for state in REVIEW_STATES if state != "approved"} | {
    ("overrule-objection", state): {"chief-editor"} for state in REVIEW_STATES if state != "approved"
}

# Who may make the move from which standing, for the review state of the edition asked about. The edition is the public
# one where the move is about the public one (withdraw, add-notice), else a newer one.
PUBLICATION_MOVES = {
    **{("publish", standing, "approved"): {"editor", "chief-editor", "superuser"} for standing in STANDINGS},
    **{("schedule", standing, "approved"): {"editor", "chief-editor", "superuser"} for standing in STANDINGS},
    # Only what is scheduled is cancelled: see test_what_is_scheduled.
    **{("cancel-schedule", standing, state): set() for standing in STANDINGS for state in REVIEW_STATES},
    **{
        ("release-with-caution", standing, state): {"editor", "chief-editor", "superuser"}
        for standing in ("", "left")
        for state in ("submitted", "under_review")
    },
    **{
        ("withdraw", standing, state): {"editor", "chief-editor", "superuser"}
        for standing, states in {"live": ["approved"], "caution": ["submitted", "under_review"]}.items()
        for state in states
    },
    ("restore", "withdrawn", "approved"): {"editor", "chief-editor", "superuser"},
    **{
        ("add-notice", standing, state): {"editor", "chief-editor", "superuser"}
        for standing, states in {
            "live": ["approved"],
            "caution": ["submitted", "under_review"],
            "withdrawn": ["approved", "submitted", "under_review"],
        }.items()
        for state in states
    },
}


def test_the_hand_written_lists_name_every_move_state_and_role():
    names = {move for move, _ in REVIEW_MOVES | OBJECTION_MOVES} | {move for move, _, _ in PUBLICATION_MOVES}
    assert names == {name for name, move in workflow.MOVES.items() if move.roles}
    assert set(REVIEW_STATES) == set(State.values)
    assert set(STANDINGS) == {"", *Standing.values}
    assert set(ROLES) - {"superuser", "none"} == set(Role.values)


@pytest.fixture
def cast(author: User, person: Callable[..., User]) -> dict[str, User]:
    return {
        "author": author,
        "board-member": person("Bea Board", Role.BOARD_MEMBER),
        "editor": person("Eve Editor", Role.EDITOR),
        "chief-editor": person("Cleo Chief", Role.CHIEF_EDITOR),
        "administrator": person("Art Admin", Role.ADMINISTRATOR),
        "superuser": person("Sue Super", is_superuser=True),
        "none": person("Nia Nobody"),
    }


def _force(edition: Edition, state: str) -> None:
    """Put the review into a state past the workflow, for the table only."""
    review = Review.objects.get(edition=edition)
    review.state = state
    review.decided_at = None if state in OPEN_STATES else timezone.now()
    review.save()


def _public(edition: Edition, standing: str) -> None:
    now = timezone.now()
    Publication.objects.create(
        article=edition.article,
        edition=edition,
        standing=standing,
        slug=edition.article.slug,
        statement={},
        question=edition.question,
        first_published_at=now,
        published_at=now,
        reviewed_at=now if standing == "live" else None,
        withdrawn_at=now if standing == "withdrawn" else None,
        explanation="Out of date." if standing == "withdrawn" else "",
    )


@pytest.mark.parametrize("state", REVIEW_STATES)
def test_moves_of_the_review(state: str, draft: Article, cast: dict[str, User]):
    edition = workflow.submit(draft, by=cast["author"])
    _force(edition, state)
    case = workflow.case_of(draft, edition)
    for name, role in itertools.product(
        (n for n, m in workflow.MOVES.items() if m.subject == "review" and m.roles), ROLES
    ):
        expected = role in REVIEW_MOVES.get((name, state), set())
        sentence = workflow.refusal(name, case, by=cast[role])
        assert (sentence is None) is expected, (name, state, role, sentence)
        if sentence:
            assert sentence.endswith("."), sentence


@pytest.mark.parametrize("state", REVIEW_STATES)
def test_moves_with_an_open_safety_objection(state: str, draft: Article, cast: dict[str, User]):
    edition = workflow.submit(draft, by=cast["author"])
    workflow.take_up(edition, by=cast["board-member"])
    workflow.decide(edition, by=cast["board-member"], kind="safety-objection", password=PASSWORD, comment="Harm.")
    _force(edition, state)
    case = workflow.case_of(draft, edition)
    for name, role in itertools.product(("resolve-objection", "overrule-objection", "release-with-caution"), ROLES):
        expected = role in OBJECTION_MOVES.get((name, state), set())
        sentence = workflow.refusal(name, case, by=cast[role])
        assert (sentence is None) is expected, (name, state, role, sentence)


@pytest.mark.parametrize("role", ROLES)
def test_the_first_submission(role: str, draft: Article, cast: dict[str, User]):
    allowed = role in {"author", "editor", "chief-editor", "superuser"}
    if allowed:
        assert workflow.submit(draft, by=cast[role]).number == 1
    else:
        with pytest.raises(workflow.Refused):
            workflow.submit(draft, by=cast[role])
        assert not Edition.objects.exists()


@pytest.mark.parametrize("standing", STANDINGS)
@pytest.mark.parametrize("state", REVIEW_STATES)
@pytest.mark.parametrize("about_the_public_one", [True, False])
def test_moves_of_the_publication(
    state: str, standing: str, about_the_public_one: bool, draft: Article, cast: dict[str, User]
):
    """About the public edition where `about_the_public_one`, else about a newer one beside it."""
    first = workflow.submit(draft, by=cast["author"])
    if about_the_public_one:
        edition = first
        _force(edition, state)
        if standing:
            _public(edition, standing)
    else:
        _force(first, "approved" if standing in {"live", "withdrawn"} else "declined")
        if standing:
            _public(first, standing)
        draft.body += "\n\nMore [@gamma]."
        from articles import drafting

        drafting.save(draft, by=cast["author"], base_version=draft.version)
        edition = workflow.submit(draft, by=cast["author"])
        _force(edition, state)
    case = workflow.case_of(draft, edition)
    for name, role in itertools.product(
        (n for n, m in workflow.MOVES.items() if m.subject == "publication" and m.roles), ROLES
    ):
        expected = role in PUBLICATION_MOVES.get((name, standing, state), set())
        if name in {"withdraw", "restore", "add-notice"} and not about_the_public_one:
            expected = False
        if name in {"publish", "schedule"} and about_the_public_one and standing and state == "approved":
            expected = False  # it is or was public already
        if name == "release-with-caution" and about_the_public_one and standing == "left":
            expected = expected and state in {"submitted", "under_review"}
        sentence = workflow.refusal(name, case, by=cast[role])
        if name in {"withdraw", "add-notice"} and about_the_public_one:
            # The review state of what is public never stands in the way of taking it away.
            expected = role in {"editor", "chief-editor", "superuser"} and standing in workflow.MOVES[name].sources
        assert (sentence is None) is expected, (name, standing, state, role, sentence)


@pytest.mark.parametrize("standing", STANDINGS)
@pytest.mark.parametrize("about_the_scheduled_one", [True, False])
def test_what_is_scheduled(
    standing: str, about_the_scheduled_one: bool, draft: Article, cast: dict[str, User], editor: User
):
    """While one publication waits none is added, and only that one is cancelled, whatever is public meanwhile."""
    first = workflow.submit(draft, by=cast["author"])
    _force(first, "approved")
    if standing:
        _public(first, standing)
    from articles import drafting

    draft.body += "\n\nMore [@gamma]."
    drafting.save(draft, by=cast["author"], base_version=draft.version)
    second = workflow.submit(draft, by=cast["author"])
    _force(second, "approved")
    workflow.schedule(second, by=editor, at=timezone.now() + datetime.timedelta(days=1))
    case = workflow.case_of(draft, second if about_the_scheduled_one else first)
    for role in ROLES:
        may = role in {"editor", "chief-editor", "superuser"}
        assert workflow.refusal("schedule", case, by=cast[role]) is not None
        sentence = workflow.refusal("cancel-schedule", case, by=cast[role])
        assert (sentence is None) is (may and about_the_scheduled_one), (role, sentence)


MAKERS: dict[str, Callable[[Edition, User], Any]] = {
    "submit": lambda edition, by: workflow.submit(edition.article, by=by),
    "take-up": lambda edition, by: workflow.take_up(edition, by=by),
    "approve": lambda edition, by: workflow.decide(edition, by=by, kind="approve", password=PASSWORD),
    "request-changes": lambda edition, by: workflow.decide(
        edition, by=by, kind="request-changes", password=PASSWORD, comment="Please name the dose."
    ),
    "decline": lambda edition, by: workflow.decide(edition, by=by, kind="decline", password=PASSWORD, comment="No."),
    "minor-edits": lambda edition, by: workflow.decide(
        edition, by=by, kind="minor-edits", password=PASSWORD, comment="A comma."
    ),
    "safety-objection": lambda edition, by: workflow.decide(
        edition, by=by, kind="safety-objection", password=PASSWORD, comment="Harm."
    ),
    "overrule-objection": lambda edition, by: workflow.settle_objection(edition, 0, by=by, reason="No harm."),
    "pull-back": lambda edition, by: workflow.pull_back(edition, by=by),
    "publish": lambda edition, by: workflow.publish(edition, by=by),
    "schedule": lambda edition, by: workflow.schedule(edition, by=by, at=timezone.now() + datetime.timedelta(days=1)),
    "cancel-schedule": lambda edition, by: workflow.cancel(edition, by=by),
    "release-with-caution": lambda edition, by: workflow.release_with_caution(edition, by=by, reason="Urgent."),
    "withdraw": lambda edition, by: workflow.withdraw(edition, by=by, explanation="Out of date."),
    "redact": lambda edition, by: workflow.redact(edition.article, ["two trials"], by=by, reason="A patient."),
    "restore": lambda edition, by: workflow.restore(edition, by=by, reason="It was right after all."),
    "add-notice": lambda edition, by: workflow.add_notice(edition, by=by, kind="correction", text="A dose was wrong."),
}


@pytest.mark.parametrize("name", sorted(MAKERS))
@pytest.mark.parametrize("state", REVIEW_STATES)
def test_the_server_refuses_what_the_button_does(name: str, state: str, draft: Article, cast: dict[str, User]):
    """Each move tried for real by each role with nothing public: made just where `refusal` says so, else no trace."""
    edition = workflow.submit(draft, by=cast["author"])
    for role in ROLES:
        _force(edition, state)
        Publication.objects.all().delete()
        before = Transition.objects.count()
        sentence = workflow.refusal(name, workflow.case_of(draft, edition), by=cast[role])
        if sentence is None:
            continue
        with pytest.raises(workflow.Refused) as refused:
            MAKERS[name](edition, cast[role])
        assert str(refused.value) == sentence
        assert Transition.objects.count() == before
        assert Review.objects.get(edition=edition).state == state
        assert not Publication.objects.exists()


def test_nothing_else_sets_a_state():
    """Outside the workflow no code assigns a review state or a standing, or updates one in bulk."""
    import re
    from pathlib import Path

    root = Path(workflow.__file__).parents[2]
    setting = re.compile(
        r"\.(?:state|standing)\s*=[^=]|update\([^)]*\b(?:state|standing)\s*="
        r"|(?<!class )\bReview\(|Review\.objects\.create"
    )
    # Imports of works and readers' questions have states of their own, in apps that cannot reach a review.
    owners = {
        "reviews/workflow/making.py",
        "reviews/workflow/reviewing.py",
        "references/import_jobs.py",
        "readers/triage.py",
    }
    found = [
        f"{path.relative_to(root)}: {match[0]}"
        for folder in ("articles", "reviews", "desk", "readers", "references", "people", "config")
        for path in (root / folder).rglob("*.py")
        if "migrations" not in path.parts and str(path.relative_to(root)) not in owners
        for match in [setting.search(path.read_text())]
        if match
    ]
    assert [line for line in found if "question" not in line] == []
