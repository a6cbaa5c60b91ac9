"""How a round ends, and what a checklist asks: by tables, and by what must hold for any verdicts in any order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.policy import Policy
from reviews.checklists import Answer, as_data, problems
from reviews.outcomes import Given, missing_specialties, move_of, outcome

KINDS = {"a": "approve", "m": "minor-edits", "c": "request-changes", "d": "decline"}


def said(letters: str) -> list[Given]:
    return [Given(KINDS[letter]) for letter in letters]


@pytest.mark.parametrize(
    ("verdicts", "approvals", "given_so_far", "ends"),
    [
        (1, 1, "", None),
        (1, 1, "a", "approved"),
        (1, 1, "m", "changes_requested"),
        (1, 1, "c", "changes_requested"),
        (1, 1, "d", "declined"),
        (1, 2, "a", None),
        (1, 2, "aa", "approved"),
        (1, 2, "ac", "changes_requested"),
        (2, 1, "a", None),
        (2, 1, "ac", "approved"),
        (2, 1, "cc", "changes_requested"),
        (2, 2, "am", "changes_requested"),
        (2, 2, "ad", "changes_requested"),
        (2, 2, "dd", "declined"),
        (3, 2, "aa", None),
        (3, 2, "aad", "approved"),
        (3, 2, "add", "declined"),
        (3, 2, "adc", "changes_requested"),
        (3, 3, "aac", "changes_requested"),
        (4, 3, "addc", "changes_requested"),
    ],
)
def test_the_outcome_by_hand(verdicts: int, approvals: int, given_so_far: str, ends: str | None):
    policy = Policy(verdicts_needed=verdicts, approvals_needed=approvals)
    assert outcome(policy, said(given_so_far)) == ends
    assert outcome(policy, said(given_so_far), is_objected=True) is None


def test_a_missing_specialty_keeps_the_round_open_while_all_approve():
    policy = Policy(verdicts_needed=2, approvals_needed=2, specialties=("Cardiology", "Pharmacy"))
    both = [Given("approve", "cardiology "), Given("approve", "Nursing")]
    assert missing_specialties(policy, both) == ["Pharmacy"]
    assert outcome(policy, both) is None
    assert outcome(policy, [*both, Given("minor-edits", "Pharmacy")]) == "changes_requested"
    assert outcome(policy, [*both, Given("approve", "PHARMACY")]) == "approved"


@pytest.mark.parametrize(
    ("state", "letters", "move"),
    [
        ("approved", "a", "approve"),
        ("changes_requested", "m", "minor-edits"),
        ("changes_requested", "am", "minor-edits"),
        ("changes_requested", "mc", "request-changes"),
        ("changes_requested", "ad", "request-changes"),
        ("declined", "dd", "decline"),
    ],
)
def test_the_move_that_ends_a_round(state: str, letters: str, move: str):
    assert move_of(state, said(letters)) == move


policies = st.integers(1, 5).flatmap(
    lambda needed: st.builds(Policy, verdicts_needed=st.just(needed), approvals_needed=st.integers(1, needed))
)


@given(policies, st.text("amcd", max_size=7))
def test_what_holds_for_every_round(policy: Policy, letters: str):
    ends = outcome(policy, said(letters))
    assert ends == outcome(policy, said("".join(sorted(letters)))), "the order of signing decides nothing"
    if len(letters) < policy.verdicts_needed:
        assert ends is None
    if ends == "approved":
        assert letters.count("a") >= policy.approvals_needed
    if set(letters) <= {"a"}:
        assert ends in {None, "approved"}
    if letters.count("a") < policy.approvals_needed:
        assert ends != "approved"
    if len(letters) >= policy.verdicts_needed and set(letters) - {"a"}:
        assert ends is not None


CHECKED = Policy(checklist=({"slug": "harm", "label": "Harm"}, {"slug": "sources", "label": "Sources"}))


@pytest.mark.parametrize(
    ("kind", "answers", "asked"),
    [
        ("approve", {"harm": Answer(True), "sources": Answer(True)}, set()),
        ("approve", {"harm": Answer(True)}, {"sources"}),
        ("approve", {}, {"harm", "sources"}),
        ("approve", {"harm": Answer(False, "Doses."), "sources": Answer(True)}, {"harm"}),
        ("request-changes", {"harm": Answer(False, "Doses."), "sources": Answer(True)}, set()),
        ("request-changes", {"harm": Answer(False, " "), "sources": Answer(True)}, {"harm"}),
        ("safety-objection", {}, set()),
    ],
)
def test_what_a_checklist_asks(kind: str, answers: dict[str, Answer], asked: set[str]):
    assert set(problems(CHECKED, kind, answers)) == asked
    assert all(sentence.endswith(".") for sentence in problems(CHECKED, kind, answers).values())


def test_answers_are_signed_with_the_words_of_their_items():
    assert as_data(CHECKED, {"harm": Answer(False, " Doses. "), "gone": Answer(True)}) == [
        {"slug": "harm", "label": "Harm", "satisfactory": False, "word": "Doses."}
    ]
