"""One thing that was looked at, and what was found."""

from __future__ import annotations

import enum
from typing import NamedTuple


class Level(enum.IntEnum):
    """How bad it is; the worst of all is the exit code of `manage.py doctor`."""

    WELL = 0
    DOUBTFUL = 1
    WRONG = 2


class Finding(NamedTuple):
    """`says` is one sentence; `todo` another, of what to do, where it is not well."""

    level: Level
    says: str
    todo: str = ""


def well(says: str) -> Finding:
    return Finding(Level.WELL, says)


def doubtful(says: str, todo: str) -> Finding:
    return Finding(Level.DOUBTFUL, says, todo)


def wrong(says: str, todo: str) -> Finding:
    return Finding(Level.WRONG, says, todo)


def in_words(seconds: float) -> str:
    """A length of time, roughly: "40 seconds", "3 minutes", "2 days"."""
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if round(seconds) >= size:
            number = round(seconds / size)
            return f"{number} {name}{'' if number == 1 else 's'}"
    return f"{seconds:.0f} seconds"
