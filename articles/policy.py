"""The editorial policy in force, as plain data: the workflow obeys it and the public policy page states it."""

from __future__ import annotations

import calendar
import datetime
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Policy:
    """What a review needs. `version` names these rules in every signature given under them."""

    version: int
    approvals_needed: int
    caution_allowed: bool
    review_again_after_months: int

    def as_data(self) -> dict[str, Any]:
        """The rules as JSON, to be kept with a review: a later policy never touches it."""
        return asdict(self)


IN_FORCE = Policy(version=1, approvals_needed=1, caution_allowed=True, review_again_after_months=24)


def due_after(day: datetime.date, months: int) -> datetime.date:
    """The same day `months` later, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))
