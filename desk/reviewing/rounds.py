"""What was signed: in this round, as far as the person may see it; in the rounds before it; and what is objected to."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from articles.models import Edition
from desk.reviewing import comparing
from people.models import User
from reviews import interests, verdicts, workflow
from reviews.models import Transition, Verdict
from reviews.sight import hidden_moves, is_told_by
from reviews.workflow.rules import Case


def signed_on(edition: Edition, *, only: User | None = None) -> list[dict[str, Any]]:
    """The verdicts on an edition as they were signed, in order; with `only`, those of one person."""
    rows = Verdict.objects.filter(edition=edition)
    return [_line(row) for row in (rows.filter(member=only) if only else rows)]


def earlier(edition: Edition) -> list[dict[str, Any]]:
    """The rounds of the editions before this one, the newest first: the review, and what was signed in it."""
    rows = comparing.others(edition).filter(number__lt=edition.number).select_related("review")
    before = [one for one in rows.defer("frozen", "source") if hasattr(one, "review")]
    signed: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in Verdict.objects.filter(edition__in=before).order_by("at", "pk"):
        signed[row.edition_id].append(_line(row))
    return [{"edition": one, "review": one.review, "signed": signed[one.pk]} for one in before]


def last_signed(edition: Edition, person: User) -> Edition | None:
    """The newest earlier edition of the answer that this person signed a verdict on."""
    mine = Verdict.objects.filter(member=person).values("edition")
    return comparing.others(edition).filter(number__lt=edition.number, pk__in=mine).first()


def objections(case: Case, person: User, *, sees: bool) -> list[dict[str, Any]]:
    """The open safety objections to the answer that this person may see: what was signed, and whether it is theirs."""
    rows = Verdict.objects.filter(pk__in=[pk for pk, _member in case.objections]).select_related("edition")
    shown = [row for row in rows if sees or row.member_id == person.pk or row.edition_id != _id(case)]
    return [_line(row) | {"pk": row.pk, "is_own": row.member_id == person.pk} for row in shown]


def trail(edition: Edition, roles: frozenset[str], *, sees: bool) -> list[dict[str, Any]]:
    """Every move of the edition in order, with the label of the rule table.

    Who may not see yet what others judge learns that something was signed, not what. Invitations are for editors.
    """
    lines = []
    rows = Transition.objects.filter(edition=edition).exclude(move__in=hidden_moves(roles))
    for row in rows.order_by("number"):
        is_hidden = not sees and is_told_by(row)
        name = "give-verdict" if is_hidden else row.move
        lines.append({"row": row, "label": workflow.MOVES[name].label, "is_hidden": is_hidden})
    return lines


def _id(case: Case) -> int | None:
    return case.edition.pk if case.edition else None


def _line(row: Verdict) -> dict[str, Any]:
    signed = verdicts.read(row)
    shown = {"label": row.get_kind_display(), "edition_id": row.edition_id, "in_public": interests.in_public(signed)}
    return signed | shown
