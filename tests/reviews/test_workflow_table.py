"""Every move × state × role, against a list written out by hand, and tried for real: button and server agree."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from articles import drafting
from articles.models import Article, Edition, Publication, Standing
from people.models import Declaration, Role, User
from reviews import asking, protection, workflow
from reviews.models import OPEN, OPEN_STATES, Review, ReviewInvitation, State, Step, Transition
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
    ("state-interests", "submitted"): {"board-member"},
    ("state-interests", "under_review"): {"board-member"},
    ("invite", "submitted"): {"editor", "chief-editor", "superuser"},
    ("invite", "under_review"): {"editor", "chief-editor", "superuser"},
    ("recuse", "submitted"): {"board-member"},
    ("recuse", "under_review"): {"board-member"},
    ("set-part", "submitted"): {"editor", "chief-editor", "superuser"},
    ("set-part", "under_review"): {"editor", "chief-editor", "superuser"},
    ("give-up", "under_review"): {"board-member"},
    ("pull-back", "submitted"): {"author", "editor", "chief-editor", "superuser"},
    ("pull-back", "under_review"): {"author", "editor", "chief-editor", "superuser"},
}

# With an open safety objection of the board member's: who may settle it, in which review state of the edition.
OBJECTION_MOVES = {("resolve-objection", state): {"board-member"} for state in REVIEW_STATES if state != "approved"} | {
    ("overrule-objection", state): {"chief-editor"} for state in REVIEW_STATES if state != "approved"
}

# With an invitation of the board member's in this state ("" for none): who may make which of its moves, and who may
# sign or take up all the same. In an open round; in every other state of the review nobody may.
INVITATION_MOVES = {
    "accept-invitation": {"open": {"board-member"}},
    "decline-invitation": {"open": {"board-member"}, "accepted": {"board-member"}},
    "hand-over-invitation": {"accepted": {"board-member"}},
    "withdraw-invitation": dict.fromkeys(["open", "accepted"], {"editor", "chief-editor", "superuser"}),
    "extend-invitation": dict.fromkeys(["open", "accepted"], {"editor", "chief-editor", "superuser"}),
}
INVITATION_STATES = ["", "open", "accepted", "declined", "handed-over", "withdrawn"]
WHILE_INVITED = {
    "take-up": {"", "open", "accepted"},
    "state-interests": set(INVITATION_STATES),
    **dict.fromkeys(["approve", "minor-edits", "request-changes", "decline", "safety-objection"], {"", "accepted"}),
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
    **{("renew", "live", state): {"board-member"} for state in REVIEW_STATES},
}


def test_the_hand_written_lists_name_every_move_state_and_role():
    names = {move for move, _ in REVIEW_MOVES | OBJECTION_MOVES} | {move for move, _, _ in PUBLICATION_MOVES}
    names |= set(INVITATION_MOVES)
    assert set(INVITATION_STATES) == {"", OPEN, *Step.values} - {Step.EXTENDED}
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
    workflow.state_interests(edition, by=cast["board-member"])
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


@pytest.mark.parametrize("invitation", INVITATION_STATES)
@pytest.mark.parametrize("state", REVIEW_STATES)
def test_moves_with_an_invitation(
    invitation: str, state: str, draft: Article, cast: dict[str, User], second_member: User
):
    """Each move, for the state of the round × that of the invitation × role, in lists as for one."""
    member, editor = cast["board-member"], cast["editor"]
    edition = workflow.submit(draft, by=cast["author"])
    workflow.state_interests(edition, by=member)
    if invitation:
        (row,) = workflow.invite(edition, members=[member], by=editor)
        if invitation in {"accepted", "handed-over"}:
            workflow.accept(edition, by=member)
        if invitation == "handed-over":
            workflow.hand_over(edition, by=member, to=second_member)
        if invitation == "declined":
            workflow.decline(edition, by=member)
        if invitation == "withdrawn":
            workflow.withdraw_invitation(row, by=editor)
    _force(edition, state)
    case = workflow.case_of(draft, edition)
    review = Review.objects.select_related("edition__article").get(edition=edition)
    assert workflow.cases_of([review])[edition.pk].invited == case.invited
    for name, role in itertools.product(INVITATION_MOVES, ROLES):
        allowed = INVITATION_MOVES[name].get(invitation, set()) if state in OPEN_STATES else set()
        if invitation == "handed-over" and name in {"withdraw-invitation", "extend-invitation"}:
            # The one to whom it was handed over is invited.
            allowed = INVITATION_MOVES[name]["open"] if state in OPEN_STATES else set()
        sentence = workflow.refusal(name, case, by=cast[role])
        assert (sentence is None) is (role in allowed), (name, state, invitation, role, sentence)
        if sentence:
            with pytest.raises(workflow.Refused) as refused:
                MAKERS[name](edition, cast[role])
            assert str(refused.value) == sentence
    for name, may in WHILE_INVITED.items():
        sentence = workflow.refusal(name, case, by=member)
        allowed = "board-member" in REVIEW_MOVES.get((name, state), set()) and invitation in may
        assert (sentence is None) is allowed, (name, state, invitation, sentence)


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
        drafting.save(draft, by=cast["author"], base_version=draft.version)
        edition = workflow.submit(draft, by=cast["author"])
        _force(edition, state)
    case = workflow.case_of(draft, edition)
    for name, role in itertools.product(
        (n for n, m in workflow.MOVES.items() if m.subject == "publication" and m.roles), ROLES
    ):
        expected = role in PUBLICATION_MOVES.get((name, standing, state), set())
        if name in {"withdraw", "restore", "add-notice", "renew"} and not about_the_public_one:
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


# Who may submit the changed text, for what the board asked of the newest edition and what became of it.
WRITING = {"author", "editor", "chief-editor", "superuser"}
AFTER_COMMENTS = {
    (): WRITING,
    ("done",): WRITING,
    ("not-done",): WRITING,
    ("done", "not-done"): WRITING,
    ("open",): set(),
    ("done", "open"): set(),
    ("open", "open"): set(),
    ("reopened",): set(),
}


@pytest.mark.parametrize("threads", AFTER_COMMENTS)
def test_submitting_again_after_comments_of_the_board(threads: tuple[str, ...], draft: Article, cast: dict[str, User]):
    """Whatever the state of the round, and in lists (`cases_of`) as for one; the sentence says how many are open."""
    edition = workflow.submit(draft, by=cast["author"])
    for number, end in enumerate(threads):
        thread = asking.ask(edition, by=cast["board-member"], text=f"Why? {number}")
        if end != "open":
            how, because = ("not-done", "The trial says so.") if end == "not-done" else ("done", "")
            asking.resolve(thread, by=cast["author"], how=how, because=because)
        if end == "reopened":
            asking.reopen(thread, by=cast["author"])
    left = sum(end in {"open", "reopened"} for end in threads)
    for state in REVIEW_STATES:
        _force(edition, state)
        new = workflow.submission_case(draft, edition, source_digest="of a changed text")
        review = Review.objects.select_related("edition__article").get(edition=edition)
        listed = workflow.cases_of([review])[edition.pk]
        assert (new.unanswered, listed.unanswered) == (left, left)
        for role in ROLES:
            sentence = workflow.refusal("submit", new, by=cast[role])
            assert (sentence is None) is (role in AFTER_COMMENTS[threads]), (threads, state, role, sentence)
            if sentence and role in WRITING:
                assert sentence.startswith(f"{left} comment")
        # The same edition, pulled back, is submitted again under the same condition.
        again = workflow.refusal("submit", workflow.case_of(draft, edition), by=cast["author"])
        assert (again is None) is (state == "pulled_back" and not left)


def test_only_the_newest_round_is_asked_about(draft: Article, cast: dict[str, User]):
    first = workflow.submit(draft, by=cast["author"])
    thread = asking.ask(first, by=cast["board-member"], text="Why?")
    draft.body += "\n\nMore [@gamma]."
    drafting.save(draft, by=cast["author"], base_version=draft.version)
    with pytest.raises(workflow.Refused, match="1 comment of the board waits"):
        workflow.submit(draft, by=cast["author"])
    assert Edition.objects.count() == 1
    asking.resolve(thread, by=cast["author"])
    second = workflow.submit(draft, by=cast["author"])
    # A thread left open on the first, past the rules: it stands in nobody's way.
    type(thread).objects.filter(pk=thread.pk).update(resolution="", resolved_by=None, resolved_at=None)
    assert workflow.case_of(draft, second).unanswered == 0
    reviews = Review.objects.select_related("edition__article")
    assert {case.unanswered for case in workflow.cases_of(list(reviews)).values()} == {0}


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


def _some_invitation(edition: Edition) -> ReviewInvitation:
    """The first of the edition; where there is none, one that was never made, to ask with."""
    found = ReviewInvitation.objects.filter(edition=edition).first()
    return found or ReviewInvitation(edition=edition, member=edition.article.owner)


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
    "invite": lambda edition, by: workflow.invite(edition, members=[User.objects.get(name="Bea Board")], by=by),
    "accept-invitation": lambda edition, by: workflow.accept(edition, by=by),
    "decline-invitation": lambda edition, by: workflow.decline(edition, by=by),
    "hand-over-invitation": lambda edition, by: workflow.hand_over(
        edition, by=by, to=User.objects.get(name="Bea Board")
    ),
    "withdraw-invitation": lambda edition, by: workflow.withdraw_invitation(_some_invitation(edition), by=by),
    "extend-invitation": lambda edition, by: workflow.extend_invitation(
        _some_invitation(edition), by=by, due_on=timezone.localdate() + datetime.timedelta(days=90)
    ),
    "state-interests": lambda edition, by: workflow.state_interests(edition, by=by, what="A fee", with_whom="Alpha"),
    "recuse": lambda edition, by: workflow.recuse(edition, by=by, grade="no-vote", what="A fee", with_whom="Alpha"),
    "set-part": lambda edition, by: workflow.set_part(
        edition, member=User.objects.get(name="Bea Board"), by=by, grade="excluded", reason="A grant."
    ),
    "give-up": lambda edition, by: workflow.give_up(edition, by=by),
    "pull-back": lambda edition, by: workflow.pull_back(edition, by=by),
    "publish": lambda edition, by: workflow.publish(edition, by=by),
    "schedule": lambda edition, by: workflow.schedule(edition, by=by, at=timezone.now() + datetime.timedelta(days=1)),
    "cancel-schedule": lambda edition, by: workflow.cancel(edition, by=by),
    "release-with-caution": lambda edition, by: workflow.release_with_caution(edition, by=by, reason="Urgent."),
    "withdraw": lambda edition, by: workflow.withdraw(edition, by=by, explanation="Out of date."),
    "redact": lambda edition, by: workflow.redact(edition.article, ["two trials"], by=by, reason="A patient."),
    "renew": lambda edition, by: workflow.renew(edition, by=by, password=PASSWORD, last_reviewed=None),
    "restore": lambda edition, by: workflow.restore(edition, by=by, reason="It was right after all."),
    "add-notice": lambda edition, by: workflow.add_notice(edition, by=by, kind="correction", text="A dose was wrong."),
}


@pytest.mark.parametrize("name", sorted(MAKERS))
@pytest.mark.parametrize("state", REVIEW_STATES)
def test_the_server_refuses_what_the_button_does(name: str, state: str, draft: Article, cast: dict[str, User]):
    """Each move tried for real by each role with nothing public: made just where `refusal` says so, else no trace."""
    edition = workflow.submit(draft, by=cast["author"])
    workflow.state_interests(edition, by=cast["board-member"])
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


# What each conflict of interest keeps a board member, who is an editor as well, from doing. By hand; what is not named
# here is not in the way. Each edition is in a state from which the move can be made, and has been stated on.
JUDGING = {"approve", "minor-edits", "request-changes", "decline", "safety-objection"}
# An objection is settled only where there is one, see the test with an open one; to redact is the chief editor's alone.
TRIED_ELSEWHERE = {"submit", "resolve-objection", "overrule-objection", "redact", "cancel-schedule", *INVITATION_MOVES}
PUBLIC_MOVES = {"publish", "schedule", "release-with-caution", "withdraw", "restore", "add-notice", "renew"}
CONFLICTS = {
    "none": set(),
    "nothing stated": {"give-up"} | JUDGING,
    "an interest stated": set(),
    "never declared": {"take-up", "renew"} | JUDGING,
    "declaration overdue": {"take-up", "renew"} | JUDGING,
    "may not vote": {"take-up", "give-up", "renew"} | JUDGING,
    "excluded": {"take-up", "give-up", "state-interests", "recuse", "set-part", "pull-back", "invite"}
    | JUDGING
    | PUBLIC_MOVES,
    "excluded, and given back a full part": set(),
    "wrote on it": {
        "take-up",
        "give-up",
        "state-interests",
        "recuse",
        "set-part",
        "invite",
        "release-with-caution",
        "renew",
    }
    | JUDGING,
}
STATES_OF = {
    "take-up": "submitted",
    "give-up": "under_review",
    "publish": "approved",
    **dict.fromkeys(["schedule", "withdraw", "restore", "add-notice", "renew"], "approved"),
    **dict.fromkeys(JUDGING, "under_review"),
}


@pytest.mark.parametrize("conflict", sorted(CONFLICTS))
def test_each_conflict_stands_in_the_way_of_its_moves(
    conflict: str, draft: Article, author: User, editor: User, person: Callable[..., User]
):
    person("Bea Board", Role.BOARD_MEMBER)
    member = person("Mia Member", Role.BOARD_MEMBER, Role.EDITOR, declares=conflict != "never declared")
    if conflict == "wrote on it":
        from articles import drafting

        drafting.save(draft, by=member, base_version=draft.version)
    edition = workflow.submit(draft, by=author)
    if conflict == "declaration overdue":
        a_year_ago = timezone.now() - datetime.timedelta(days=370)
        protection.remove(connection)
        Declaration.objects.filter(person=member).update(at=a_year_ago, renew_by=a_year_ago.date())
        protection.lay(connection)
    if conflict not in {"nothing stated", "wrote on it"}:
        said = {"what": "A fee", "with_whom": "Alpha"} if conflict == "an interest stated" else {}
        workflow.state_interests(edition, by=member, **said)
    for grade in {
        "may not vote": ["no-vote"],
        "excluded": ["excluded"],
        "excluded, and given back a full part": ["excluded", "full"],
    }.get(conflict, []):
        workflow.set_part(edition, member=member, by=editor, grade=grade, reason="A grant of the maker.")
    for name, move in workflow.MOVES.items():
        if not move.roles or name in TRIED_ELSEWHERE:
            continue
        _force(edition, STATES_OF.get(name, "submitted"))
        Publication.objects.all().delete()
        if name in {"withdraw", "add-notice", "renew", "restore"}:
            _public(edition, "withdrawn" if name == "restore" else "live")
        sentence = workflow.refusal(name, workflow.case_of(draft, edition), by=member)
        assert (sentence is not None) is (name in CONFLICTS[conflict]), (name, conflict, sentence)
        if sentence:
            with pytest.raises(workflow.Refused) as refused:
                MAKERS[name](edition, member)
            assert str(refused.value) == sentence


# What each conflict keeps an invited member, who is an editor as well, from doing with the invitation; by its state.
ACCEPTING = {"accept-invitation"}
CONFLICTS_OF_THE_INVITED = {
    "none": set(),
    "nothing stated": set(),
    "an interest stated": set(),
    "never declared": ACCEPTING,
    "may not vote": ACCEPTING,
    "excluded": {*ACCEPTING, "hand-over-invitation", "withdraw-invitation", "extend-invitation"},
    "excluded, and given back a full part": set(),
    "wrote on it": {*ACCEPTING, "withdraw-invitation", "extend-invitation"},
}
# Whoever accepted judges, and so ends no invitation of another.
NOT_IN_THIS_STATE = {
    "open": {"hand-over-invitation"},
    "accepted": {"accept-invitation", "withdraw-invitation"},
}


@pytest.mark.parametrize("state", sorted(NOT_IN_THIS_STATE))
@pytest.mark.parametrize("conflict", sorted(CONFLICTS_OF_THE_INVITED))
def test_each_conflict_of_an_invited_member(
    conflict: str, state: str, draft: Article, author: User, editor: User, person: Callable[..., User]
):
    """The invitation is laid past the rules, which make none with such a conflict and end one when it arises."""
    person("Bea Board", Role.BOARD_MEMBER)
    member = person("Mia Member", Role.BOARD_MEMBER, Role.EDITOR, declares=conflict != "never declared")
    if conflict == "wrote on it":
        drafting.save(draft, by=member, base_version=draft.version)
    edition = workflow.submit(draft, by=author)
    if conflict not in {"nothing stated", "wrote on it"}:
        said = {"what": "A fee", "with_whom": "Alpha"} if conflict == "an interest stated" else {}
        workflow.state_interests(edition, by=member, **said)
    grades = {"may not vote": ["no-vote"], "excluded": ["excluded"]}
    grades["excluded, and given back a full part"] = ["excluded", "full"]
    for grade in grades.get(conflict, []):
        workflow.set_part(edition, member=member, by=editor, grade=grade, reason="A grant of the maker.")
    row = ReviewInvitation.objects.create(
        edition=edition, member=member, member_name=member.name, due_on=timezone.localdate(), by=editor
    )
    if state == "accepted":
        row.steps.create(kind="accepted", by=member)
    for name in INVITATION_MOVES:
        sentence = workflow.refusal(name, workflow.case_of(draft, edition), by=member)
        refused = name in CONFLICTS_OF_THE_INVITED[conflict] | NOT_IN_THIS_STATE[state]
        assert (sentence is not None) is refused, (name, conflict, sentence)
        if sentence:
            with pytest.raises(workflow.Refused) as raised:
                MAKERS[name](edition, member)
            assert str(raised.value) == sentence


JUDGES_HERE = "^You judge in this round yourself, so another editor has to do this.$"


@pytest.mark.parametrize("how", ["claimed", "accepted", "signed"])
def test_an_editor_who_judges_has_no_say_in_who_else_does(
    how: str, draft: Article, cast: dict[str, User], editor: User, person: Callable[..., User]
):
    """Nor, having signed, who counts; another editor does, and they themselves do once they gave it up."""
    both = person("Mia Member", Role.BOARD_MEMBER, Role.EDITOR)
    edition = workflow.submit(draft, by=cast["author"])
    Review.objects.update(policy={"approvals_needed": 2, "verdicts_needed": 2})
    (row,) = workflow.invite(edition, members=[cast["board-member"]], by=both)
    if how == "claimed":
        workflow.take_up(edition, by=both)
    else:
        workflow.invite(edition, members=[both], by=editor)
        workflow.accept(edition, by=both)
    if how == "signed":
        workflow.decide(edition, by=both, kind="approve", password=PASSWORD)
    tried = {
        "set-part": lambda by: workflow.set_part(
            edition, member=cast["board-member"], by=by, grade="no-vote", reason="A fee."
        ),
        "withdraw-invitation": lambda by: workflow.withdraw_invitation(row, by=by),
    }
    for move in tried.values():
        with pytest.raises(workflow.Refused, match=JUDGES_HERE):
            move(both)
    case = workflow.case_of(draft, edition)
    assert [workflow.refusal(name, case, by=editor) for name in tried] == [None, None]
    if how == "claimed":
        workflow.give_up(edition, by=both)
        tried["withdraw-invitation"](both)


# Releasing, and saying that all still stands, while a safety objection to a newer edition is open; by hand.
STOPPED_BY_AN_OBJECTION = {"publish": "", "schedule": "", "restore": "withdrawn", "renew": "live"}


@pytest.mark.parametrize("name", sorted(STOPPED_BY_AN_OBJECTION))
def test_an_objection_to_a_newer_edition_stops_the_approved_one(name: str, draft: Article, cast: dict[str, User]):
    first = workflow.submit(draft, by=cast["author"])
    _force(first, "approved")
    draft.body += "\n\nMore [@gamma]."
    drafting.save(draft, by=cast["author"], base_version=draft.version)
    second = workflow.submit(draft, by=cast["author"])
    workflow.take_up(second, by=cast["board-member"])
    workflow.decide(second, by=cast["board-member"], kind="safety-objection", password=PASSWORD, comment="Harm.")
    if standing := STOPPED_BY_AN_OBJECTION[name]:
        _public(first, standing)
    by = cast["board-member"] if name == "renew" else cast["editor"]
    with pytest.raises(workflow.Refused, match="^A safety objection to this answer is open. It has to be settled"):
        MAKERS[name](first, by)
    objection = second.verdicts.get()
    workflow.settle_objection(second, objection.pk, by=cast["chief-editor"], reason="It does no harm.")
    assert workflow.refusal(name, workflow.case_of(draft, first), by=by) is None


def test_the_table_of_conflicts_names_every_condition_on_a_person():
    from reviews.workflow import rules

    asked = {condition for move in workflow.MOVES.values() for condition in move.conditions}
    of_interests = {rules.may_vote, rules.not_excluded, rules.declaration_in_date, rules.interests_stated}
    assert of_interests <= asked


def test_nothing_else_sets_a_state():
    """Outside the workflow no code assigns a review state or a standing, or updates one in bulk."""
    import re
    from pathlib import Path

    root = Path(workflow.__file__).parents[2]
    setting = re.compile(
        r"\.(?:state|standing)\s*=[^=]|update\([^)]*\b(?:state|standing)\s*="
        r"|(?<!class )\bReview\(|Review\.objects\.create"
    )
    # Imports of works, readers' questions and reports have states of their own, in apps that cannot reach a review.
    owners = {
        "reviews/workflow/making.py",
        "reviews/workflow/reviewing.py",
        "references/import_jobs.py",
        "readers/hearing.py",
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
