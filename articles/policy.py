"""What a review needs, as plain data: the workflow obeys it and the public policy page states it.

Which policy is in force for a kind of answer is asked in `articles/policies.py`; each review keeps, as JSON, the one
that was in force when it was submitted.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Policy:
    """What a review needs. `kind` (a slug; empty: all kinds without their own) and `version` name it in signatures.

    The values here are those of version 1, by which reviews went before a policy was ever written.
    """

    version: int = 1
    kind: str = ""
    verdicts_needed: int = 1
    """How many members sign before a round can end otherwise than by approval."""
    approvals_needed: int = 1
    specialties: tuple[str, ...] = ()
    """Each is held by one of those who approve."""
    days: int = 14
    """Within how many days an invited member answers with a verdict."""
    review_again_after_months: int = 24
    caution_allowed: bool = True
    independent: bool = False
    """Whether members see what others signed only after they have signed themselves."""
    checklist: tuple[dict[str, str], ...] = ()
    """What each member answers, item by item: {"slug", "label"}."""

    def as_data(self) -> dict[str, Any]:
        """The rules as JSON, to be kept with a review: a later policy never touches it."""
        return asdict(self) | {"specialties": list(self.specialties), "checklist": list(self.checklist)}

    @property
    def seats(self) -> int:
        """How many members a round needs to be able to end in approval."""
        return max(self.verdicts_needed, self.approvals_needed)


def read(kept: Mapping[str, Any]) -> Policy:
    """The policy that a review kept. What it does not say, being older, is as in version 1."""
    known = {field.name for field in fields(Policy)}
    said = {name: value for name, value in kept.items() if name in known}
    for name in ("specialties", "checklist"):
        said[name] = tuple(said.get(name, ()))
    return Policy(**said)


def due_after(day: datetime.date, months: int) -> datetime.date:
    """The same day `months` later, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))
