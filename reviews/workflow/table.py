"""The rule table: every move of a review and of a publication.

`MOVES` says from where, to where, who and under which conditions; the rows of invitations stand in
`table_of_invitations`. `refusal` answers, in one sentence or None, whether
somebody may make a move now: buttons and server both ask it.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

import reviews.workflow.rules as rules
from articles.models import Standing
from people.models import Role, User
from reviews.models import State, Verdict
from reviews.workflow.move import NONE, PUBLICATION, REVIEW, Move, Refused
from reviews.workflow.rules import Case
from reviews.workflow.table_of_invitations import INVITATIONS

_BOARD = frozenset({Role.BOARD_MEMBER.value})
_EDITOR = frozenset({Role.EDITOR.value})
_CHIEF = frozenset({Role.CHIEF_EDITOR.value})
_NOT_APPROVED = frozenset({*State.values} - {State.APPROVED.value})
_SIGNING = (
    rules.newest_edition,
    rules.four_eyes,
    rules.may_vote,
    rules.not_judged_yet,
    rules.declaration_in_date,
    rules.takes_part,
    rules.interests_stated,
)
"""What is asked of every verdict."""
_JUDGING = (*_SIGNING, rules.had_no_say)
"""What is asked of those that count: an objection stops, and is nobody's say."""
_WRITERS = frozenset({Role.AUTHOR.value, Role.EDITOR.value})

MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        Move(
            "submit",
            gettext_lazy("Submit"),
            REVIEW,
            frozenset({NONE, State.PULLED_BACK}),
            State.SUBMITTED,
            _WRITERS,
            (rules.writes_here, rules.mends_what_is_live, rules.answered, rules.justified),
        ),
        Move(
            "take-up",
            gettext_lazy("Take up"),
            REVIEW,
            frozenset({State.SUBMITTED}),
            State.UNDER_REVIEW,
            _BOARD,
            (
                rules.newest_edition,
                rules.four_eyes,
                rules.may_vote,
                rules.had_no_say,
                rules.not_given_up,
                rules.declaration_in_date,
            ),
        ),
        *INVITATIONS,
        Move(
            "state-interests",
            gettext_lazy("State interests"),
            REVIEW,
            frozenset({State.SUBMITTED, State.UNDER_REVIEW}),
            "",
            _BOARD,
            (rules.newest_edition, rules.four_eyes, rules.not_excluded, rules.not_judged_yet),
        ),
        Move(
            "recuse",
            gettext_lazy("Step back"),
            REVIEW,
            frozenset({State.SUBMITTED, State.UNDER_REVIEW}),
            "",
            _BOARD,
            (rules.newest_edition, rules.four_eyes, rules.not_excluded, rules.not_judged_yet),
            needs_reason=True,
        ),
        Move(
            "set-part",
            gettext_lazy("Set a member's part"),
            REVIEW,
            frozenset({State.SUBMITTED, State.UNDER_REVIEW}),
            "",
            _EDITOR,
            (rules.newest_edition, rules.four_eyes, rules.not_excluded, rules.judges_nothing_here),
            needs_reason=True,
        ),
        Move(
            "give-up",
            gettext_lazy("Give up a review"),
            REVIEW,
            frozenset({State.UNDER_REVIEW}),
            "",
            _BOARD,
            (rules.newest_edition, rules.not_judged_yet, rules.claimed),
        ),
        Move(
            "approve",
            gettext_lazy("Approve"),
            REVIEW,
            frozenset({State.UNDER_REVIEW}),
            State.APPROVED,
            _BOARD,
            _JUDGING,
            is_signed=True,
        ),
        Move(
            "minor-edits",
            gettext_lazy("Approve with minor edits"),
            REVIEW,
            frozenset({State.UNDER_REVIEW}),
            State.CHANGES_REQUESTED,
            _BOARD,
            _JUDGING,
            needs_reason=True,
            is_signed=True,
        ),
        Move(
            "request-changes",
            gettext_lazy("Request changes"),
            REVIEW,
            frozenset({State.UNDER_REVIEW}),
            State.CHANGES_REQUESTED,
            _BOARD,
            _JUDGING,
            needs_reason=True,
            is_signed=True,
        ),
        Move(
            "decline",
            gettext_lazy("Decline"),
            REVIEW,
            frozenset({State.UNDER_REVIEW}),
            State.DECLINED,
            _BOARD,
            _JUDGING,
            needs_reason=True,
            is_signed=True,
        ),
        Move(
            "safety-objection",
            gettext_lazy("Object for safety"),
            REVIEW,
            frozenset({State.UNDER_REVIEW}),
            State.UNDER_REVIEW,
            _BOARD,
            (*_SIGNING, rules.not_objected_yet),
            needs_reason=True,
            is_signed=True,
        ),
        Move(
            "give-verdict",
            gettext_lazy("Verdict signed"),
            REVIEW,
            frozenset({State.UNDER_REVIEW}),
            State.UNDER_REVIEW,
        ),
        Move(
            "resolve-objection",
            gettext_lazy("Withdraw a safety objection"),
            REVIEW,
            _NOT_APPROVED,
            "",
            _BOARD,
            (rules.newest_edition, rules.not_excluded, rules.own_objection),
            needs_reason=True,
        ),
        Move(
            "overrule-objection",
            gettext_lazy("Decide on a safety objection"),
            REVIEW,
            _NOT_APPROVED,
            "",
            _CHIEF,
            (
                rules.newest_edition,
                rules.four_eyes,
                rules.not_excluded,
                rules.objection_of_another,
                rules.decides_on_no_peer,
            ),
            needs_reason=True,
        ),
        Move(
            "pull-back",
            gettext_lazy("Pull back"),
            REVIEW,
            frozenset({State.SUBMITTED, State.UNDER_REVIEW}),
            State.PULLED_BACK,
            _WRITERS,
            (rules.writes_here, rules.not_excluded),
        ),
        Move(
            "publish",
            gettext_lazy("Publish"),
            PUBLICATION,
            frozenset({NONE, Standing.LIVE, Standing.CAUTION, Standing.LEFT, Standing.WITHDRAWN}),
            Standing.LIVE,
            _EDITOR,
            (
                rules.approved,
                rules.newer_than_public,
                rules.mends_what_stands,
                rules.no_objection,
                rules.not_excluded,
            ),
        ),
        Move(
            "schedule",
            gettext_lazy("Publish at a time"),
            PUBLICATION,
            frozenset({NONE, Standing.LIVE, Standing.CAUTION, Standing.LEFT, Standing.WITHDRAWN}),
            "",
            _EDITOR,
            (
                rules.approved,
                rules.newer_than_public,
                rules.mends_what_stands,
                rules.no_objection,
                rules.nothing_scheduled,
                rules.not_excluded,
            ),
        ),
        Move(
            "cancel-schedule",
            gettext_lazy("Cancel the publication at a time"),
            PUBLICATION,
            frozenset({NONE, Standing.LIVE, Standing.CAUTION, Standing.LEFT, Standing.WITHDRAWN}),
            "",
            _EDITOR,
            (rules.is_scheduled, rules.not_excluded),
        ),
        Move(
            "release-with-caution",
            gettext_lazy("Release with caution"),
            PUBLICATION,
            frozenset({NONE, Standing.LEFT}),
            Standing.CAUTION,
            _EDITOR,
            (
                rules.in_review,
                rules.newest_edition,
                rules.no_objection,
                rules.policy_allows_caution,
                rules.no_approved_edition_public,
                rules.four_eyes,
                rules.not_excluded,
            ),
            needs_reason=True,
        ),
        Move(
            "withdraw",
            gettext_lazy("Withdraw"),
            PUBLICATION,
            frozenset({Standing.LIVE, Standing.CAUTION}),
            Standing.WITHDRAWN,
            _EDITOR,
            (rules.is_public_edition, rules.not_excluded),
            needs_reason=True,
        ),
        Move(
            "restore",
            gettext_lazy("Restore"),
            PUBLICATION,
            frozenset({Standing.WITHDRAWN}),
            Standing.LIVE,
            _EDITOR,
            (rules.is_public_edition, rules.approved, rules.not_retracted, rules.no_objection, rules.not_excluded),
            needs_reason=True,
        ),
        Move(
            "add-notice",
            gettext_lazy("Add a notice"),
            PUBLICATION,
            frozenset({Standing.LIVE, Standing.CAUTION, Standing.WITHDRAWN}),
            "",
            _EDITOR,
            (rules.is_public_edition, rules.not_excluded),
            needs_reason=True,
        ),
        Move(
            "redact",
            gettext_lazy("Redact"),
            REVIEW,
            frozenset({NONE, *State.values}),
            "",
            _CHIEF,
            needs_reason=True,
        ),
        Move(
            "renew",
            gettext_lazy("Reviewed, no change needed"),
            PUBLICATION,
            frozenset({Standing.LIVE}),
            "",
            _BOARD,
            (
                rules.is_public_edition,
                rules.not_retracted,
                rules.no_objection,
                rules.never_wrote_here,
                rules.may_vote,
                rules.declaration_in_date,
            ),
            is_signed=True,
        ),
        Move(
            "lift-caution",
            gettext_lazy("Lift the caution"),
            PUBLICATION,
            frozenset({Standing.CAUTION}),
            Standing.LIVE,
        ),
        Move(
            "leave",
            gettext_lazy("Leave the public"),
            PUBLICATION,
            frozenset({Standing.CAUTION, Standing.WITHDRAWN}),
            Standing.LEFT,
        ),
    )
}

FOLLOWED_BY = {
    "approve": "lift-caution",
    "minor-edits": "leave",
    "request-changes": "leave",
    "safety-objection": "leave",
    "decline": "leave",
    "pull-back": "leave",
}
"""What a move of the review does, in the same transaction, to a public edition that is not yet approved."""

DECISIONS = {
    Verdict.Kind.APPROVE: "approve",
    Verdict.Kind.MINOR_EDITS: "minor-edits",
    Verdict.Kind.REQUEST_CHANGES: "request-changes",
    Verdict.Kind.DECLINE: "decline",
    Verdict.Kind.SAFETY_OBJECTION: "safety-objection",
}

__all__ = [
    "DECISIONS",
    "FOLLOWED_BY",
    "MOVES",
    "NONE",
    "PUBLICATION",
    "REVIEW",
    "Move",
    "Refused",
    "available",
    "refusal",
]

WHO = {
    Role.AUTHOR.value: gettext_noop("an author"),
    Role.BOARD_MEMBER.value: gettext_noop("a board member"),
    Role.EDITOR.value: gettext_noop("an editor"),
    Role.CHIEF_EDITOR.value: gettext_noop("the chief editor"),
}


def refusal(name: str, case: Case, *, by: User, roles: frozenset[str] | None = None) -> str | None:
    """Why this person may not make this move now, as one plain sentence; None where they may.

    `roles` are the person's, where a list has asked for them already. A move never hands them in.
    """
    move = MOVES[name]
    roles = by.roles() if roles is None else roles
    if not roles & move.roles:
        who = _(" or ").join(_(WHO[role]) for role in sorted(move.roles)) or _("the system itself")
        return _("Only %(who)s can do this.") % {"who": who}
    state = case.review_state if move.subject == REVIEW else case.standing
    if state not in move.sources:
        return _refused_state(move, case, state)
    for condition in move.conditions:
        sentence = condition(case, by, roles)
        if sentence:
            return sentence
    return None


def _refused_state(move: Move, case: Case, state: str) -> str:
    replaced = rules.newest_edition(case, case.article.owner, frozenset())
    if replaced and move.subject == REVIEW:
        return replaced
    if move.subject == REVIEW:
        if not state:
            return _("This edition was never submitted.")
        return _("Edition %(number)d is %(state)s, so this cannot be done now.") % {
            "number": case.edition.number if case.edition else 0,
            "state": State(state).label,
        }
    if not state:
        return _("This answer has never been public.")
    if move.name == "release-with-caution":
        return rules.no_approved_edition_public(case, case.article.owner, frozenset()) or _(
            "This answer is public with caution already."
        )
    return _("This answer is %(standing)s, so this cannot be done now.") % {"standing": Standing(state).label}


def available(case: Case, *, by: User) -> dict[str, str | None]:
    """For each move that a person can ask for: None where they may, or the sentence of its refusal."""
    return {name: refusal(name, case, by=by) for name, move in MOVES.items() if move.roles}
