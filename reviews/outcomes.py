"""How a round ends: what the verdicts given so far make of it under its policy. A pure function, and its parts.

An open safety objection stops everything. Else enough approvals, with the specialties that the policy asks for among
them, approve; else, once as many have signed as the policy asks and somebody did not approve, the authors are asked
for changes, or the edition is declined where more than half decline. Until then the round goes on. Only verdicts that
count are handed in: none of members without a vote, and no objection that was settled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from articles.policy import Policy
from reviews.models import State, Verdict

APPROVE = Verdict.Kind.APPROVE.value
MINOR_EDITS = Verdict.Kind.MINOR_EDITS.value
DECLINE = Verdict.Kind.DECLINE.value


@dataclass(frozen=True)
class Given:
    """One verdict, as far as it bears on the outcome."""

    kind: str
    specialty: str = ""


def outcome(policy: Policy, given: Sequence[Given], *, is_objected: bool = False) -> str | None:
    """The state in which the round ends, or None while it goes on."""
    if is_objected:
        return None
    approvals = [one for one in given if one.kind == APPROVE]
    enough = len(given) >= policy.verdicts_needed
    if enough and len(approvals) >= policy.approvals_needed and not missing_specialties(policy, given):
        return State.APPROVED.value
    if not enough or len(approvals) == len(given):
        return None
    declined = sum(one.kind == DECLINE for one in given)
    return State.DECLINED.value if 2 * declined > len(given) else State.CHANGES_REQUESTED.value


def missing_specialties(policy: Policy, given: Sequence[Given]) -> list[str]:
    """The specialties that the policy asks for and nobody who approved holds."""
    held = {one.specialty.strip().casefold() for one in given if one.kind == APPROVE}
    return [name for name in policy.specialties if name.casefold() not in held]


def move_of(state: str, given: Sequence[Given]) -> str:
    """The move of the rule table by which the round comes to its end."""
    if state == State.CHANGES_REQUESTED and {one.kind for one in given} <= {APPROVE, MINOR_EDITS}:
        return "minor-edits"
    return {
        State.APPROVED.value: "approve",
        State.DECLINED.value: "decline",
        State.CHANGES_REQUESTED.value: "request-changes",
    }[state]
