"""What a row of the rule table is, and the refusal of a move."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reviews.workflow.rules as rules
from reviews.models import Transition

REVIEW = Transition.Subject.REVIEW
PUBLICATION = Transition.Subject.PUBLICATION
NONE = ""
"""No state yet: the article was never submitted, or never public."""


class Refused(Exception):
    """A move that may not be made; its text is one plain sentence for the person. Nothing was changed."""


@dataclass(frozen=True)
class Move:
    """One row of the table. A move without roles is never asked for: it follows another one."""

    name: str
    label: Any
    subject: str
    sources: frozenset[str]
    target: str
    """The state that it leads to; the empty text where it changes none."""
    roles: frozenset[str] = frozenset()
    conditions: tuple[rules.Condition, ...] = ()
    needs_reason: bool = False
    is_signed: bool = False
