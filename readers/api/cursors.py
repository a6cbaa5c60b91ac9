"""Cursors: where a page of a list ended, as an opaque word. Later changes neither repeat nor skip what comes after."""

from __future__ import annotations

import base64
import binascii
import datetime
import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.errors import ValidationError

MOST = 100
USUAL = 25
LARGEST_KEY = 2**63 - 1


def cursor(*place: object) -> str:
    """The word for a place: the values by which the list is ordered, of the last item shown."""
    text = json.dumps([one.isoformat() if isinstance(one, datetime.datetime) else one for one in place])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place(word: str, *kinds: type) -> list[Any] | None:
    """The values that a cursor holds, of these kinds; None for an empty word. ValidationError where it is none."""
    if not word:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)))
        if not isinstance(values, list) or len(values) != len(kinds):
            raise ValueError
        return [_read(value, kind) for value, kind in zip(values, kinds, strict=True)]
    except (ValueError, binascii.Error, RecursionError):
        raise ValidationError([{"loc": ("query", "cursor"), "msg": "This cursor was not made by this list."}]) from None


def _read(value: object, kind: type) -> Any:
    if kind is datetime.datetime and isinstance(value, str):
        read = datetime.datetime.fromisoformat(value)
        if read.tzinfo is None or not usable(read):
            raise ValueError
        return read
    if kind is int and isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST_KEY:
        return value
    if kind is str and isinstance(value, str) and "\x00" not in value:
        return value
    raise ValueError


def usable(at: datetime.datetime) -> bool:
    """Whether a database can be asked about this time, whatever its zone."""
    return 1900 <= at.year < 9000


def cut(asked: Iterable[Any], limit: int) -> tuple[list[Any], bool]:
    """One more row than is shown was asked for: the rows to show, and whether there are more."""
    rows = list(asked)
    return rows[:limit], len(rows) > limit


def next_address(request: HttpRequest, word: str) -> str:
    """The address of this list from a cursor on, with the other parameters as they were."""
    parameters = request.GET.copy()
    parameters["cursor"] = word
    return f"{settings.SITE_URL}{request.path}?{parameters.urlencode()}"
