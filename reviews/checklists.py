"""The checklist of a policy, as a member answers it: each item satisfactory or not, with a word where it is not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from articles.policy import Policy
from reviews.models import Verdict

LONGEST_WORD = 1000
FREE = {Verdict.Kind.SAFETY_OBJECTION.value}
"""Verdicts that wait for no form."""


class Answer(NamedTuple):
    """What a member says of one item."""

    is_satisfactory: bool
    word: str = ""


def problems(policy: Policy, kind: str, answers: Mapping[str, Answer]) -> dict[str, str]:
    """What keeps these answers from being signed under a verdict of this kind, as sentences by the items' slugs."""
    found: dict[str, str] = {}
    for item in policy.checklist:
        answer = answers.get(item["slug"])
        if answer is None:
            if kind not in FREE:
                found[item["slug"]] = _("Say whether this is satisfactory: %(item)s.") % {"item": item["label"]}
        elif not answer.is_satisfactory and not answer.word.strip():
            found[item["slug"]] = _("Say in a word what is not satisfactory: %(item)s.") % {"item": item["label"]}
        elif not answer.is_satisfactory and kind == Verdict.Kind.APPROVE:
            found[item["slug"]] = _("You cannot approve while this is not satisfactory: %(item)s.") % {
                "item": item["label"]
            }
    return found


def as_data(policy: Policy, answers: Mapping[str, Answer]) -> list[dict[str, Any]]:
    """The answers as they are signed: the items in their order, with their words of today."""
    return [
        {"slug": item["slug"], "label": item["label"], "satisfactory": one.is_satisfactory, "word": one.word.strip()}
        for item in policy.checklist
        if (one := answers.get(item["slug"])) is not None
    ]
