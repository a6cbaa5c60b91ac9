"""Levels of headings that are skipped for some reader."""

from __future__ import annotations

import pytest

from articles.checks.skipped_heading import check
from tests.articles.checks.reading import excerpts, found


@pytest.mark.parametrize(
    ("body", "pieces"),
    [
        ("## One\n\n### Two\n\n## Three", []),
        ("### One\n\n#### Two", []),
        ("## One\n\n#### Two", ["#### Two"]),
        ("## One\n\n#### Two\n\n##### Three", ["#### Two"]),
        ("### One\n\n## Two", ["### One"]),
        ("## One\n\n::: plain\n#### Two\n:::\n\n::: professional\n### Three\n:::", ["#### Two"]),
        ("## One\n\n::: professional\n### Two\n:::\n\n#### Three", ["#### Three"]),
        ("One\n===\n\nTwo\n---\n\n### Three", []),
        ("No heading", []),
        ("```\n#### code\n```\n\n## One", []),
    ],
)
def test_levels(body: str, pieces: list[str]):
    assert excerpts(check, body) == pieces


def test_it_blocks_and_says_what_comes_next():
    (one,) = found(check, "## One\n\n#### Two")
    assert one.blocks
    assert one.message == "The heading “Two” skips a level: it has #### where ### comes next."
