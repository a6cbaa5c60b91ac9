"""Which texts of an edition this person has opened, remembered in the session, so that signing can warn."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest

from articles.models import Edition
from desk.reviewing.texts import ReaderText

KEY = "texts_opened"
MOST_EDITIONS = 40
"""A session remembers the editions read last, so that it stays small."""


def remember(request: HttpRequest, edition: Edition, number: int) -> None:
    """Note that text `number` of this very edition was opened."""
    seen: dict[str, list[int]] = request.session.get(KEY, {})
    numbers = sorted({*seen.pop(edition.digest, []), number})
    seen[edition.digest] = numbers
    request.session[KEY] = dict(list(seen.items())[-MOST_EDITIONS:])


def opened(request: HttpRequest, edition: Edition) -> frozenset[int]:
    """The numbers of the texts of this edition that were opened."""
    return frozenset(request.session.get(KEY, {}).get(edition.digest, ()))


def not_opened(request: HttpRequest, edition: Edition, texts: Sequence[ReaderText]) -> list[ReaderText]:
    """The texts of this edition that were not opened yet."""
    seen = opened(request, edition)
    return [text for text in texts if text.number not in seen]
