"""Numbers that the plain text gives and the professional text does not: one of the two may be wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from articles.checks.finding import Finding
from articles.checks.reading.numbers import ABOUT, Known, amounts, pairs, value_of
from articles.checks.view import HEADING, View

_CALLS = re.compile(r"\b(?:call|calls|calling|ring|dial|phone|text)\b[^.!?]{0,20}$", re.IGNORECASE)
_SMALL = 12
"""Bare counts up to here are how people speak (two tablets, three meals), and say nothing of evidence."""


def check(view: View) -> Iterator[Finding]:
    if not view.plain_only:
        return
    plain_only = set(map(id, view.plain_only))
    known = Known(block.masked for block in view.blocks if id(block) not in plain_only)
    for block in view.plain_only:
        if block.kind == HEADING:
            continue
        text = block.masked.replace("\x00", " ")
        shares = [(share, start, end) for share, start, end in pairs(text)]
        for share, start, end in shares:
            part = next(amounts(text[start:end]))
            if not known.says_share(share) and not known.says(part, is_about=True):
                yield block.warns("other-number", _says(text[start:end]), (start, end))
        for one in amounts(text):
            if any(start <= one.start < end for _share, start, end in shares):
                continue
            is_count = one.unit in {"", "tablet", "puff"} and not one.decimals
            if (is_count and value_of(str(one.value)) <= _SMALL) or _CALLS.search(text[: one.start]):
                continue
            if one.unit == "%" and known.says_share(one.value):
                continue
            if not known.says(one, is_about=bool(ABOUT.search(text[: one.start]))):
                yield block.warns("other-number", _says(one.written, known.by_unit.get(one.unit)), (one.start, one.end))


def _says(written: str, others: dict[str, None] | None = None) -> str:
    named = " ".join(written.split())
    if others and len(others) <= 4:
        return _("“%(number)s” stands in the plain text; the professional text says %(others)s.") % {
            "number": named,
            "others": ", ".join(others),
        }
    return _("“%(number)s” stands in the plain text, and nowhere in the professional text.") % {"number": named}
