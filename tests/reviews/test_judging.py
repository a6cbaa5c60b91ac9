"""Rounds with several members: quorum, minor edits and their confirmation, safety objections, and the record of all."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from articles import drafting, policies
from articles.models import Article, Edition, Publication
from people.models import Notification, Role, User
from reviews import sight, verdicts, verifying, workflow
from reviews.checklists import Answer
from reviews.models import Review, Transition, Verdict
from reviews.workflow import judging, making, releasing, reviewing
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def board(member: User, second_member: User, person: Callable[..., User]) -> list[User]:
    return [member, second_member, person("Dora Delegate", Role.BOARD_MEMBER, specialty="Nursing")]


@pytest.fixture
def chief(person: Callable[..., User]) -> User:
    return person("Carla Chief", Role.CHIEF_EDITOR)


@pytest.fixture
def rules(editor: User) -> Callable[..., None]:
    """Put a policy in force: `rules(verdicts_needed=2)`."""

    def write(**fields: object) -> None:
        needed = {"verdicts_needed": 2, "approvals_needed": 2} | fields
        policies.write(None, by=editor, base_version=policies.version_of(None), note="A test.", **needed)

    return write


def submit(article: Article, by: User, *, taken_up_by: User, more: str = "") -> Edition:
    if more:
        article.refresh_from_db()
        article.body += f"\n\n{more} [@gamma].\n"
        drafting.save(article, by=by, base_version=article.version)
    edition = workflow.submit(article, by=by)
    workflow.take_up(edition, by=taken_up_by)
    return edition


def sign(edition: Edition, by: User, kind: str = "approve", comment: str = "Because.", **fields: object) -> Verdict:
    with contextlib.suppress(workflow.Refused):
        workflow.state_interests(edition, by=by)
    return workflow.decide(edition, by=by, kind=kind, password=PASSWORD, comment=comment, **fields)  # type: ignore[arg-type]


def state(edition: Edition) -> str:
    return Review.objects.get(edition=edition).state


def moves(edition: Edition) -> list[str]:
    rows = Transition.objects.filter(edition=edition).exclude(move="state-interests").order_by("number")
    return list(rows.values_list("move", flat=True))


def test_two_approvals_of_two_each_on_record(draft, author, board, rules):
    rules()
    edition = submit(draft, author, taken_up_by=board[0])
    sign(edition, board[0])
    assert state(edition) == "under_review"
    sign(edition, board[1])
    assert state(edition) == "approved"
    assert moves(edition) == ["submit", "take-up", "give-verdict", "approve"]
    assert all(row.verdict_id for row in Transition.objects.filter(move__in=["give-verdict", "approve"]))
    assert list(verifying.problems()) == []


def test_a_verdict_that_was_taken_away_is_missed(draft, author, board, rules):
    from django.db import connection

    from reviews import protection

    rules()
    edition = submit(draft, author, taken_up_by=board[0])
    first = sign(edition, board[0])
    protection.remove(connection)
    Verdict.objects.filter(pk=first.pk).update(signature="0" * 64)
    assert any("replaced" in problem or "altered" in problem for problem in verifying.problems())


def test_different_verdicts_end_with_the_words_of_those_who_did_not_approve(draft, author, board, rules):
    rules(verdicts_needed=3)
    edition = submit(draft, author, taken_up_by=board[0])
    sign(edition, board[0], "request-changes", "The dose.")
    sign(edition, board[1], "decline", "Too old.")
    sign(edition, board[2], "approve", "Fine by me.")
    assert state(edition) == "changes_requested"
    assert moves(edition)[-2:] == ["give-verdict", "request-changes"]
    last = Transition.objects.get(edition=edition, move="request-changes")
    assert last.reason == "Ben Board: The dose.\n\nCora Council: Too old."
    told = Notification.objects.filter(person=author).order_by("-pk").first()
    assert told is not None
    assert told.sentence == "The board asks for changes in edition 1 of “Does alpha help in beta?”."
    assert list(verifying.problems()) == []


def test_a_specialty_that_is_missing_keeps_the_round_open(draft, author, board, rules):
    rules(verdicts_needed=1, approvals_needed=1, specialties=["Pharmacy"])
    edition = submit(draft, author, taken_up_by=board[0])
    sign(edition, board[0])
    assert state(edition) == "under_review"
    sign(edition, board[1])
    assert state(edition) == "approved"


def test_the_checklist_is_asked_for_and_frozen_with_the_verdict(draft, author, board, rules):
    rules(verdicts_needed=1, approvals_needed=1, checklist=["Harm: none", "Sources: support it"])
    edition = submit(draft, author, taken_up_by=board[0])
    with pytest.raises(workflow.Refused, match="Say whether this is satisfactory: Harm: none."):
        sign(edition, board[0])
    with pytest.raises(workflow.Refused, match="You cannot approve while this is not satisfactory"):
        sign(edition, board[0], checklist={"harm": Answer(False, "Doses."), "sources": Answer(True)})
    assert not Verdict.objects.exists()
    verdict = sign(edition, board[0], checklist={"harm": Answer(True), "sources": Answer(True, "All read.")})
    policies_words = verdicts.read(verdict)["checklist"]
    assert [(one["label"], one["satisfactory"], one["word"]) for one in policies_words] == [
        ("Harm: none", True, ""),
        ("Sources: support it", True, "All read."),
    ]


def test_minor_edits_are_confirmed_in_one_step(draft, author, board, rules):
    rules(checklist=["Harm: none"])
    first = submit(draft, author, taken_up_by=board[0])
    all_well = {"harm": Answer(True)}
    sign(first, board[0], "approve", "", checklist=all_well)
    sign(first, board[1], "minor-edits", "A comma.", checklist=all_well)
    assert state(first) == "changes_requested"
    assert moves(first)[-1] == "minor-edits"
    second = submit(draft, author, taken_up_by=board[0], more="A comma, then")
    review = Review.objects.get(edition=second)
    assert review.confirms == first
    assert workflow.confirmed_by(review, board[0]) == workflow.confirmed_by(review, board[1]) == first
    assert workflow.confirmed_by(review, board[2]) is None
    verdict = sign(second, board[0], "approve", "")
    signed = verdicts.read(verdict)
    assert signed["confirms"] == 1
    assert signed["meaning"] == verdicts.CONFIRMED
    with pytest.raises(workflow.Refused, match="Say whether this is satisfactory"):
        sign(second, board[2], "approve", "")
    sign(second, board[1], "approve", "")
    assert state(second) == "approved"
    assert list(verifying.problems()) == []


def resubmitted(draft, author, board, rules) -> Edition:
    """A second edition of which the first two members have only to confirm what changed, not taken up yet."""
    rules()
    first = submit(draft, author, taken_up_by=board[0])
    sign(first, board[0], "approve", "")
    sign(first, board[1], "minor-edits", "A comma.")
    draft.refresh_from_db()
    draft.body += "\n\nA comma, then [@gamma].\n"
    drafting.save(draft, by=author, base_version=draft.version)
    return workflow.submit(draft, by=author)


def test_whoever_confirms_takes_the_round_up_or_accepts_by_signing(draft, author, board, rules, editor):
    second = resubmitted(draft, author, board, rules)
    workflow.invite(second, members=[board[1]], by=editor)
    for member, word in ((board[2], "Edition 2 is submitted"), (board[0], "You are not invited")):
        case = workflow.case_of(draft, second)
        move = "approve" if member == board[2] else "accept-invitation"
        assert workflow.refusal(move, case, by=member).startswith(word)
    with pytest.raises(workflow.Refused, match="Edition 2 is submitted"):
        workflow.decide(second, by=board[2], kind="approve", password=PASSWORD)
    with pytest.raises(workflow.Refused, match="The password is not right"):
        workflow.decide(second, by=board[0], kind="approve", password="wrong")
    workflow.decide(second, by=board[0], kind="approve", password=PASSWORD)
    assert moves(second)[-2:] == ["take-up", "give-verdict"]
    workflow.decide(second, by=board[1], kind="approve", password=PASSWORD)
    assert moves(second)[-2:] == ["accept-invitation", "approve"]
    assert state(second) == "approved"
    assert list(verifying.problems()) == []


def test_it_is_one_page_and_one_form_in_the_desk(draft, author, board, rules, client: Client):
    second = resubmitted(draft, author, board, rules)
    client.force_login(board[0])
    address = f"/desk/reviews/{second.pk}/decide/"
    page = client.get(address).content.decode()
    assert "What changed since edition 1, which you signed" in page
    assert "You cannot sign a decision now" not in page
    data = {"digest": second.digest, "kind": "approve", "password": PASSWORD}
    assert client.post(address, data).status_code == 302
    assert moves(second)[-2:] == ["take-up", "give-verdict"]
    client.force_login(board[2])
    assert "You cannot sign a decision now" in client.get(address).content.decode()


def test_whoever_did_not_sign_again_cannot_join_by_signing(draft, author, board, rules, editor):
    second = resubmitted(draft, author, board, rules)
    workflow.invite(second, members=[board[0]], by=editor)
    workflow.decline(second, by=board[0])
    with pytest.raises(workflow.Refused, match="You declined the invitation"):
        workflow.decide(second, by=board[0], kind="approve", password=PASSWORD)
    assert state(second) == "submitted"


def test_a_part_that_is_set_may_end_the_round(draft, author, board, rules, editor):
    rules()
    edition = submit(draft, author, taken_up_by=board[0])
    sign(edition, board[0])
    workflow.set_part(edition, member=board[0], by=editor, grade="no-vote", reason="A grant.")
    sign(edition, board[1])
    assert state(edition) == "under_review"
    workflow.set_part(edition, member=board[0], by=editor, grade="full", reason="It ended in 2019.")
    assert state(edition) == "approved"
    assert moves(edition)[-2:] == ["set-part", "approve"]
    assert list(verifying.problems()) == []


def test_whose_objection_is_settled_signs_a_verdict_and_objects_no_more(draft, author, board, rules, chief):
    rules()
    edition = submit(draft, author, taken_up_by=board[0])
    objection = sign(edition, board[0], "safety-objection", "Ten times the dose.")
    with pytest.raises(workflow.Refused, match="You have already signed"):
        sign(edition, board[0])
    sign(edition, board[1])
    workflow.settle_objection(edition, objection.pk, by=chief, reason="The label says so.")
    with pytest.raises(workflow.Refused, match="You objected to this edition before, and that is settled."):
        sign(edition, board[0], "safety-objection", "All the same.")
    sign(edition, board[0])
    assert state(edition) == "approved"
    with pytest.raises(workflow.Refused):
        sign(edition, board[0], "decline")
    assert list(verifying.problems()) == []


@pytest.mark.parametrize("kind", ["approve", "safety-objection"])
def test_the_database_keeps_one_verdict_and_one_objection_of_each(draft, author, board, rules, kind):
    rules()
    edition = submit(draft, author, taken_up_by=board[0])
    sign(edition, board[0], kind)
    row = Verdict.objects.get()
    row.pk, row.signature = None, "0" * 64
    with pytest.raises(DatabaseError), transaction.atomic():
        row.save(force_insert=True)


def test_a_name_in_the_byline_without_an_account_is_taken_for_the_member(draft, author, board, rules, editor):
    rules()
    draft.byline = [*draft.byline, drafting.byline_entry(name="DORA  Délegate", credentials="MD")]
    drafting.save(draft, by=author, base_version=draft.version)
    edition = submit(draft, author, taken_up_by=board[0])
    with pytest.raises(workflow.Refused, match="Your name stands in the byline of this edition"):
        sign(edition, board[2])
    with pytest.raises(workflow.Refused, match="Dora Delegate has the name of somebody in the byline"):
        workflow.invite(edition, members=[board[2]], by=editor)
    sign(edition, board[1])


def test_changes_beside_minor_edits_make_a_whole_round(draft, author, board, rules):
    rules()
    first = submit(draft, author, taken_up_by=board[0])
    sign(first, board[0], "request-changes")
    sign(first, board[1], "minor-edits")
    second = submit(draft, author, taken_up_by=board[0], more="More")
    assert Review.objects.get(edition=second).confirms is None


def test_a_confirmation_that_nobody_signed_is_confirmed_in_the_next_edition(draft, author, board, rules):
    rules(verdicts_needed=1, approvals_needed=1)
    first = submit(draft, author, taken_up_by=board[0])
    sign(first, board[0], "minor-edits")
    second = submit(draft, author, taken_up_by=board[0], more="One")
    third = submit(draft, author, taken_up_by=board[0], more="Two")
    assert (state(second), Review.objects.get(edition=third).confirms) == ("pulled_back", first)


def test_a_safety_objection_stops_every_count_until_its_member_withdraws_it(draft, author, board, rules):
    rules(verdicts_needed=2, approvals_needed=2)
    edition = submit(draft, author, taken_up_by=board[0])
    objection = sign(edition, board[0], "safety-objection", "Ten times the dose.")
    sign(edition, board[1])
    sign(edition, board[2])
    assert state(edition) == "under_review"
    with pytest.raises(workflow.Refused, match="Only the chief editor"):
        workflow.settle_objection(edition, objection.pk, by=board[1], reason="Mine?")
    with pytest.raises(workflow.Refused, match="Say why"):
        workflow.settle_objection(edition, objection.pk, by=board[0], reason=" ")
    workflow.settle_objection(edition, objection.pk, by=board[0], reason="I misread a table.")
    assert state(edition) == "approved"
    assert moves(edition)[-2:] == ["resolve-objection", "approve"]
    with pytest.raises(workflow.Refused):
        workflow.settle_objection(edition, objection.pk, by=board[0], reason="Again.")
    assert list(verifying.problems()) == []


def test_the_chief_editor_decides_with_reasons_and_nobody_else(draft, author, board, rules, chief, editor):
    rules()
    edition = submit(draft, author, taken_up_by=board[0])
    objection = sign(edition, board[0], "safety-objection", "Ten times the dose.")
    sign(edition, board[1])
    for somebody in (editor, author):
        with pytest.raises(workflow.Refused):
            workflow.settle_objection(edition, objection.pk, by=somebody, reason="No.")
    workflow.settle_objection(edition, objection.pk, by=chief, reason="The label says so.")
    assert state(edition) == "under_review", "one approval of two"
    sign(edition, board[2])
    assert state(edition) == "approved"
    row = Transition.objects.get(move="overrule-objection")
    assert (row.by, row.reason, row.verdict) == (chief, "The label says so.", objection)
    assert list(verifying.problems()) == []


def test_an_objection_outlives_a_new_edition_and_ends_when_its_member_approves(draft, author, board, rules):
    rules(verdicts_needed=1, approvals_needed=1)
    first = submit(draft, author, taken_up_by=board[0])
    sign(first, board[0], "safety-objection", "Ten times the dose.")
    second = submit(draft, author, taken_up_by=board[1], more="One tenth")
    sign(second, board[1])
    assert state(second) == "under_review"
    sign(second, board[0], "approve", "")
    assert state(second) == "approved"
    assert Transition.objects.get(move="resolve-objection").reason == "Approved edition 2."
    assert list(verifying.problems()) == []


def test_what_is_objected_to_leaves_the_public_and_is_not_released(draft, author, board, editor, client: Client):
    edition = submit(draft, author, taken_up_by=board[0])
    workflow.release_with_caution(edition, by=editor, reason="Tonight.")
    sign(edition, board[0], "safety-objection", "Ten times the dose.")
    assert Publication.objects.get().standing == "left"
    page = client.get(f"/answers/{draft.slug}/")
    assert page.status_code == 410
    assert "Ten times" not in page.content.decode()
    with pytest.raises(workflow.Refused, match="A safety objection to this answer is open"):
        workflow.release_with_caution(edition, by=editor, reason="Again.")
    assert list(verifying.problems()) == []


def test_independent_members_are_told_nothing_of_each_other(draft, author, board, rules, editor, person):
    rules(independent=True)
    both = person("Bo Both", Role.BOARD_MEMBER, Role.EDITOR)
    edition = submit(draft, author, taken_up_by=board[0])
    Notification.objects.all().delete()
    sign(edition, board[0], "safety-objection", "Ten times the dose.")
    told = set(Notification.objects.values_list("person", flat=True))
    assert told == {editor.pk}
    assert both.pk not in told


def test_who_objected_knows_of_no_other_verdict_before_signing_one(draft, author, board, rules, chief, editor):
    """Else one would object, read, withdraw the objection and sign."""
    rules(independent=True)
    edition = submit(draft, author, taken_up_by=board[0])
    sign(edition, board[1], "request-changes", "The dose.")
    objection = sign(edition, board[0], "safety-objection", "Ten times the dose.")
    review = Review.objects.get()
    assert not sight.sees_verdicts(review, board[0], board[0].roles())
    workflow.settle_objection(edition, objection.pk, by=board[0], reason="I misread a table.")
    assert not sight.sees_verdicts(review, board[0], board[0].roles())
    sign(edition, board[0])
    assert sight.sees_verdicts(review, board[0], board[0].roles())


def test_whose_objection_was_set_aside_is_told(draft, author, board, rules, chief):
    rules(independent=True)
    edition = submit(draft, author, taken_up_by=board[0])
    objection = sign(edition, board[0], "safety-objection", "Ten times the dose.")
    Notification.objects.all().delete()
    workflow.settle_objection(edition, objection.pk, by=chief, reason="The label says so.")
    assert board[0] in [one.person for one in Notification.objects.all()]
    assert board[1] not in [one.person for one in Notification.objects.all()]


def test_an_objection_that_was_settled_is_not_signed_again_nor_said_to_be(draft, author, board, rules, chief, client):
    rules()
    edition = submit(draft, author, taken_up_by=board[0])
    objection = sign(edition, board[0], "safety-objection", "Ten times the dose.")
    workflow.settle_objection(edition, objection.pk, by=chief, reason="The label says so.")
    client.force_login(board[0])
    data = {"digest": edition.digest, "kind": "safety-objection", "comment": "All the same.", "password": PASSWORD}
    answer = client.post(f"/desk/reviews/{edition.pk}/decide/", data)
    assert answer.status_code == 409
    assert "You objected to this edition before" in answer.content.decode()
    with pytest.raises(workflow.Refused, match="You have no open safety objection"):
        workflow.settle_objection(edition, objection.pk, by=board[0], reason="Twice.")


def test_after_an_objection_that_was_settled_minor_edits_are_only_confirmed(draft, author, board, rules, chief):
    """By those who signed a verdict; who did no more than object reviews the whole."""
    rules()
    first = submit(draft, author, taken_up_by=board[0])
    objection = sign(first, board[2], "safety-objection", "Ten times the dose.")
    workflow.settle_objection(first, objection.pk, by=board[2], reason="I misread a table.")
    sign(first, board[0], "approve", "")
    sign(first, board[1], "minor-edits", "A comma.")
    assert moves(first)[-1] == "minor-edits"
    second = submit(draft, author, taken_up_by=board[0], more="A comma, then")
    review = Review.objects.get(edition=second)
    assert review.confirms == first
    assert [workflow.confirmed_by(review, one) for one in board] == [first, first, None]


def test_minor_edits_of_minor_edits_are_confirmed_in_one_step(draft, author, board, rules):
    """What was stated of interests with the whole review, or with an edition between, stands."""
    rules()
    first = submit(draft, author, taken_up_by=board[0])
    sign(first, board[0], "approve", "")
    sign(first, board[1], "minor-edits", "A comma.")
    draft.refresh_from_db()
    for more in ("One", "Two"):
        draft.body += f"\n\n{more} [@gamma].\n"
        drafting.save(draft, by=author, base_version=draft.version)
        edition = workflow.submit(draft, by=author)
        draft.refresh_from_db()
        if more == "One":
            workflow.decide(edition, by=board[0], kind="minor-edits", comment="A point.", password=PASSWORD)
            workflow.decide(edition, by=board[1], kind="approve", password=PASSWORD)
    assert Review.objects.get(edition=edition).confirms.number == 2
    for one in board[:2]:
        workflow.decide(edition, by=one, kind="approve", password=PASSWORD)
    assert state(edition) == "approved"
    assert list(verifying.problems()) == []


def test_an_interest_stated_with_an_edition_that_was_replaced_is_signed(draft, author, board, rules):
    rules()
    first = submit(draft, author, taken_up_by=board[0])
    sign(first, board[0], "approve", "")
    sign(first, board[1], "minor-edits", "A comma.")
    second = submit(draft, author, taken_up_by=board[0], more="One")
    workflow.state_interests(second, by=board[1], what="A fee", with_whom="Alpha")
    third = submit(draft, author, taken_up_by=board[0], more="Two")
    assert Review.objects.get(edition=third).confirms == first
    verdict = workflow.decide(third, by=board[1], kind="approve", password=PASSWORD)
    assert verdicts.read(verdict)["interests"]["what"] == "A fee"


def test_the_chief_editor_who_judges_sets_no_objection_aside(draft, author, board, rules, person):
    """Nor judges after having done so: one person alone would decide."""
    rules(verdicts_needed=1, approvals_needed=1)
    both = person("Bo Both", Role.BOARD_MEMBER, Role.CHIEF_EDITOR)
    edition = submit(draft, author, taken_up_by=board[0])
    objection = sign(edition, board[0], "safety-objection", "Ten times the dose.")
    sign(edition, both)
    with pytest.raises(workflow.Refused, match="You judge in this round yourself"):
        workflow.settle_objection(edition, objection.pk, by=both, reason="It is not.")
    assert state(edition) == "under_review"
    second = submit(draft, author, taken_up_by=board[1], more="One tenth")
    workflow.settle_objection(second, objection.pk, by=both, reason="It is not.")
    with pytest.raises(workflow.Refused, match="You decided in this round who judges or what counts"):
        sign(second, both)
    # Neither in a round of the same words that follows it.
    workflow.pull_back(second, by=author)
    assert workflow.submit(draft, by=author) == second
    with pytest.raises(workflow.Refused, match="You decided in this round"):
        workflow.take_up(second, by=both)


def test_an_editor_who_set_a_part_judges_no_more_in_this_round(draft, author, board, rules, person, editor):
    rules(verdicts_needed=1, approvals_needed=1)
    both = person("Bo Both", Role.BOARD_MEMBER, Role.EDITOR)
    edition = submit(draft, author, taken_up_by=board[0])
    workflow.set_part(edition, member=board[0], by=both, grade="excluded", reason="A fee.")
    with pytest.raises(workflow.Refused, match="You decided in this round who judges or what counts"):
        sign(edition, both)
    with pytest.raises(workflow.Refused, match="Bo Both decided in this round who judges"):
        workflow.invite(edition, members=[both], by=editor)
    # To object stops the round and decides nothing.
    sign(edition, both, "safety-objection", "Ten times the dose.")
    second = submit(draft, author, taken_up_by=both, more="More")
    sign(second, both)
    assert state(second) == "approved"


def test_who_claimed_a_part_is_told_when_the_round_is_pulled_back(draft, author, board, rules):
    """Of whoever took part and did not sign nothing is expected any more, invited or not."""
    rules()
    edition = submit(draft, author, taken_up_by=board[0])
    sign(edition, board[1])
    workflow.state_interests(edition, by=board[2])
    workflow.give_up(edition, by=board[2])
    Notification.objects.all().delete()
    workflow.pull_back(edition, by=author)
    told = Notification.objects.filter(sentence__contains="nothing is expected of you now")
    assert [one.person for one in told] == [board[0]]


WAITING = {"submit": reviewing, "approve": judging, "publish": releasing}


@pytest.mark.parametrize("move", WAITING)
def test_a_move_takes_its_moment_when_it_has_the_lock(move, draft, author, board, rules, editor, monkeypatch):
    """Else what whoever had the lock did before it would belong to the round that begins with it."""
    rules(verdicts_needed=1, approvals_needed=1)
    edition, waiting = submit(draft, author, taken_up_by=board[0]), WAITING[move]
    if waiting is not judging:
        sign(edition, board[0])
    turn: list[datetime.datetime] = []

    def locked(article_id: int) -> Article:
        row = making.locked(article_id)
        turn.append(timezone.now())
        return row

    monkeypatch.setattr(waiting, "locked", locked)
    if waiting is judging:
        workflow.decide(edition, by=board[0], kind="approve", password=PASSWORD)
    elif waiting is releasing:
        workflow.publish(edition, by=editor)
    else:
        submit(draft, author, taken_up_by=board[0], more="More")
    assert len(turn) == (2 if waiting is reviewing else 1)
    assert Transition.objects.order_by("number").last().at >= turn[-1]
    if waiting is reviewing:
        assert Review.objects.get(edition__number=2).submitted_at >= turn[0]
