"""Characters that nobody sees, and those that turn the writing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.words import is_seen, typed

NOTHING = [
    *("", " ", "\u200b", "\u200b\u200d\ufeff", "\u2800", "\u3164\u115f", "\u202e\u2066", "\u00ad", "\u0301", "\x00"),
    *("\u200e\u200f", "\U000e0041\U000e0042", "\ufe0f", "\n\t ", "\u00a0\u3000"),
]


@pytest.mark.parametrize("text", NOTHING, ids=ascii)
def test_what_shows_nothing_is_nothing(text: str) -> None:
    assert typed(text).strip() == ""
    assert not is_seen(text)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("5 mg\u202e gm 05", "5 mg gm 05"),
        ("A\u200bda", "Ada"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d⚕️", "👩\u200d⚕️"),
        ("שלום\u200f!", "שלום\u200f!"),
        ("x\x00y\x1bz", "xyz"),
        ("hidden\U000e0068\U000e0069", "hidden"),
        ("…", "…"),
        ("☃", "☃"),
    ],
)
def test_what_is_seen_stays(text: str, plain: str) -> None:
    assert typed(text) == plain


@given(st.text())
def test_plain_is_plain_and_can_be_stored(text: str) -> None:
    plain = typed(text)
    assert typed(plain) == plain
    assert plain == "" or is_seen(plain)
    assert "\x00" not in plain
    plain.encode()
