"""What differs from the general text, marked in one reader's text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.writing.marking import marked

P = "<p>{}</p>"


def kinds(html: str, general: str) -> list[str]:
    return [block.kind for block in marked(html, general)]


@pytest.mark.parametrize(
    ("html", "general", "expected"),
    [
        ("<p>One.</p>", "<p>One.</p>", ["same"]),
        ("<p>One.</p>\n<p>Two.</p>", "<p>One.</p>", ["same", "added"]),
        ("<p>One.</p>", "<p>One.</p>\n<p>Two.</p>", ["same", "removed"]),
        ("<p>Take 5 mg once a day.</p>", "<p>Take 50 mg once a day.</p>", ["changed"]),
        ("<p>Nothing in common.</p>", "<p>Other words here.</p>", ["added", "removed"]),
        # Another sort of block is no counterpart, whatever it says.
        ("<h2>Take 5 mg once a day</h2>", "<p>Take 5 mg once a day</p>", ["added", "removed"]),
        # Ids that number a block within its text are no difference.
        ('<h2 id="a-2">A</h2>', '<h2 id="a">A</h2>', ["same"]),
        ("", "<p>One.</p>", ["removed"]),
        # Several in a row are one.
        ("<p>One.</p>\n<p>Two.</p>", "", ["added"]),
        ("", "", []),
    ],
)
def test_the_kinds_of_blocks(html: str, general: str, expected: list[str]):
    assert kinds(html, general) == expected


def test_a_dose_is_never_split():
    (block,) = marked("<p>Take 5 mg once a day.</p>", "<p>Take 50 mg once a day.</p>")
    assert [(piece.kind, piece.text.strip()) for piece in block.pieces] == [
        ("same", "Take"),
        ("removed", "50 mg"),
        ("added", "5 mg"),
        ("same", "once a day."),
    ]


def test_what_is_not_here_brings_no_ids_along():
    (block,) = marked("", '<p id="x">One <a class="cite" href="#ref-1" id="cite-1-1">1</a>.</p>')
    assert " id=" not in block.html


@given(st.lists(st.sampled_from("abcdef"), max_size=8), st.lists(st.sampled_from("abcdef"), max_size=8))
def test_no_block_is_lost(ours: list[str], theirs: list[str]):
    blocks = marked("\n".join(map(P.format, ours)), "\n".join(map(P.format, theirs)))
    for texts, kinds_of in ((ours, {"same", "added"}), (theirs, {"same", "removed"})):
        told = "\n".join(str(block.html) for block in blocks if block.kind in kinds_of)
        assert told == "\n".join(map(P.format, texts))
