"""Policies of review in the database: which is in force for a kind of answer, its history, and the editors' door.

A new version is a new row; reviews that are open keep the policy under which they were submitted.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from articles.models import AnswerKind, ReviewPolicy
from articles.policy import Policy
from articles.policy_in_words import Sentence, changes
from people.models import Role, User
from references.folding import tidy_line, tidy_text

MOST_MEMBERS = 9
MOST_ITEMS = 20
LONGEST_ITEM = 200
LIMITS = {"verdicts_needed": (1, MOST_MEMBERS), "approvals_needed": (1, MOST_MEMBERS), "days": (1, 365)}
LIMITS |= {"review_again_after_months": (1, 120)}

ITEMS = (
    "Accuracy: what it says is right",
    "Completeness: nothing that matters is missing",
    "Harm: nobody who follows it comes to harm",
    "Currency: it is up to date",
    "Plain language: the plain text says the same",
    "Sources: they support the claims",
)
"""The checklist that the form offers where there is none yet."""

_SEALED = ("kind_id", "version", "is_ended", *LIMITS, "specialties", "caution_allowed", "independent", "checklist")
_SEALED += ("note", "by_id")


class Refused(Exception):
    """What may not be done with a policy; its text is one plain sentence. Nothing was changed."""


class Conflict(Exception):
    """Somebody wrote another version since this edit began. Nothing was saved."""


def rows_of(kind: AnswerKind | None) -> QuerySet[ReviewPolicy]:
    """Every version of a kind's own policy (None: of the general one), the newest first."""
    return ReviewPolicy.objects.filter(kind=kind)


def version_of(kind: AnswerKind | None) -> int:
    """The number of the newest version. The general policy was version 1 before any was written."""
    newest = rows_of(kind).values_list("version", flat=True).first()
    return newest or (0 if kind else Policy().version)


def in_force(kind: AnswerKind | None) -> Policy:
    """What a submission of this kind needs today: its kind's own policy, or else the general one."""
    own = rows_of(kind).select_related("kind").first() if kind else None
    if own and not own.is_ended:
        return as_policy(own)
    general = rows_of(None).first()
    return as_policy(general) if general else Policy()


def all_in_force() -> tuple[Policy, list[tuple[AnswerKind, Policy]]]:
    """The general policy, and each kind that has its own, in the order of the kinds. One query."""
    newest: dict[int | None, ReviewPolicy] = {}
    for row in ReviewPolicy.objects.select_related("kind").order_by("version", "pk"):
        newest[row.kind_id] = row
    general = newest.pop(None, None)
    own = [(row.kind, as_policy(row)) for row in newest.values() if row.kind and not row.is_ended]
    own.sort(key=lambda pair: (pair[0].position, pair[0].name))
    return (as_policy(general) if general else Policy()), own


@dataclass(frozen=True)
class Change:
    """One version of a policy as its history tells it. `differences` are the rules before and after, in words."""

    row: ReviewPolicy
    differences: list[tuple[Sentence, Sentence]]


def history() -> list[Change]:
    """Every version that was ever written of any policy, the newest first, each with what it changed. One query.

    A kind's first version, and one that follows the general policy again, is compared with the general one of its day.
    """
    general, own = Policy(), dict[int, Policy]()
    told = []
    for row in ReviewPolicy.objects.select_related("kind").order_by("at", "pk"):
        before = general if row.kind_id is None else own.get(row.kind_id, general)
        after = general if row.is_ended else as_policy(row)
        told.append(Change(row, changes(before, after)))
        if row.kind_id is None:
            general = after
        elif row.is_ended:
            own.pop(row.kind_id, None)
        else:
            own[row.kind_id] = after
    return told[::-1]


def as_policy(row: ReviewPolicy) -> Policy:
    """A row as plain data."""
    return Policy(
        version=row.version,
        kind=row.kind.slug if row.kind else "",
        verdicts_needed=row.verdicts_needed,
        approvals_needed=row.approvals_needed,
        specialties=tuple(row.specialties),
        days=row.days,
        review_again_after_months=row.review_again_after_months,
        caution_allowed=row.caution_allowed,
        independent=row.independent,
        checklist=tuple(row.checklist),
    )


def write(kind: AnswerKind | None, *, by: User, base_version: int, note: str, **fields: Any) -> ReviewPolicy:
    """Write the next version of a kind's policy (None: the general one). Only for editors.

    `fields` are those of Policy; specialties and checklist as lists of lines; `is_ended` ends a kind's own policy.
    Raises Refused, Conflict, and ValidationError with sentences by field.
    """
    if Role.EDITOR.value not in by.roles():
        raise Refused(_("Only an editor writes the policies of review."))
    if version_of(kind) != base_version:
        raise Conflict
    row = ReviewPolicy(kind=kind, version=base_version + 1, by=by, note=tidy_text(note).strip())
    row.is_ended = bool(fields.pop("is_ended", False)) and kind is not None
    specialties, checklist = fields.pop("specialties", ()), fields.pop("checklist", ())
    for name, value in fields.items():
        setattr(row, name, value)
    row.specialties = list(dict.fromkeys(filter(None, map(tidy_line, specialties))))
    row.checklist = items_from(checklist)
    _validate(row)
    row.digest = digest_of(row)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Conflict from None
    return row


def digest_of(row: Any) -> str:
    """SHA-256 of everything that a version of a policy says."""
    said = {name: getattr(row, name) for name in _SEALED} | {"at": row.at.astimezone(datetime.UTC).isoformat()}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def items_from(lines: Any) -> list[dict[str, str]]:
    """The items of a checklist, one a line, each with a short name by which its answers are kept."""
    items: dict[str, dict[str, str]] = {}
    for label in dict.fromkeys(filter(None, map(tidy_line, lines))):
        words = slugify(label.partition(":")[0])[:40] or "item"
        slug, number = words, 1
        while slug in items:
            number += 1
            slug = f"{words}-{number}"
        items[slug] = {"slug": slug, "label": label}
    return list(items.values())


def _validate(row: ReviewPolicy) -> None:
    errors: dict[str, list[str]] = {}
    for name, (least, most) in LIMITS.items():
        if not least <= getattr(row, name) <= most:
            errors[name] = [_("Between %(least)d and %(most)d.") % {"least": least, "most": most}]
    if row.approvals_needed > row.verdicts_needed:
        errors["approvals_needed"] = [_("There cannot be more approvals than verdicts.")]
    if len(row.specialties) > row.approvals_needed:
        errors["specialties"] = [
            _("Each specialty needs somebody who approves: there are %(count)d, and %(needed)d approvals are asked.")
            % {"count": len(row.specialties), "needed": row.approvals_needed}
        ]
    elif any(len(one) > 120 for one in row.specialties):
        errors["specialties"] = [_("At most %(limit)d characters fit in a line.") % {"limit": 120}]
    if len(row.checklist) > MOST_ITEMS:
        errors["checklist"] = [_("At most %(limit)d lines fit.") % {"limit": MOST_ITEMS}]
    elif any(len(item["label"]) > LONGEST_ITEM for item in row.checklist):
        errors["checklist"] = [_("At most %(limit)d characters fit in a line.") % {"limit": LONGEST_ITEM}]
    if not row.note:
        errors["note"] = [_("Say what you changed, and why: it stands in the public history.")]
    if errors:
        raise ValidationError(errors)


def with_items(policy: Policy) -> Policy:
    """The policy with the usual checklist where it has none: what the form of a first version begins with."""
    return policy if policy.checklist else replace(policy, checklist=tuple(items_from(ITEMS)))
