"""Dates as files write them: ISO and EDTF, MEDLINE's `2021 Oct 14`, and words. Pure.

Read with good will and never guessed: what is not sure is left out, from the right.
"""

from __future__ import annotations

import datetime
import re

Date = tuple[int | None, int | None, int | None]

UNKNOWN: Date = (None, None, None)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_LONGEST = 100
_ISO = re.compile(r"\s*([0-9]{4})[-/]([0-9]{1,2})(?:[-/]([0-9]{1,2}))?(?![0-9])")
_COMPACT = re.compile(r"\s*([0-9]{4})([0-9]{2})([0-9]{2})\s*")
_YEAR = re.compile(r"(?<![0-9])(1[0-9]{3}|2[01][0-9]{2}|2200)(?![0-9])")
_MONTH = re.compile(r"(?<![a-z])(" + "|".join(MONTHS) + r")[a-z]*", re.I)
_DAY = re.compile(r"(?<![0-9])([0-3]?[0-9])(?:st|nd|rd|th)?(?![0-9a-z])")


def of_text(text: str) -> Date:
    """Return what a date surely says: a year, with its month and day where they are written in a known way.

    Of a range, its beginning.
    """
    text = text[:_LONGEST]
    written = _ISO.match(text) or _COMPACT.fullmatch(text)
    if written:
        year, month, day = (int(part) if part else None for part in written.groups())
        return sound(year, month, day)
    found = _YEAR.search(text)
    if not found:
        return UNKNOWN
    rest = text[: found.start()] + " " + text[found.end() :]
    word = _MONTH.search(rest)
    number = _DAY.search(rest)
    month = MONTHS.index(word[1].lower()) + 1 if word else None
    return sound(int(found[1]), month, int(number[1]) if word and number else None)


def sound(year: int | None, month: int | None, day: int | None) -> Date:
    """The date as far as the calendar holds it."""
    try:
        datetime.date(year or 1, month or 1, day or 1)
    except ValueError:
        return year, None, None
    return year, month, day if month else None


def whole_day(text: str) -> datetime.date | None:
    """The day that a text names, as when an address was read; None where a part of it is missing."""
    year, month, day = of_text(text)
    return datetime.date(year, month, day) if year and month and day else None
