"""Fields that are empty, and texts that a reader would not get."""

from __future__ import annotations

import datetime

import pytest

from articles.checks import empty_fields, missing_facts, unseen_text
from tests.articles.checks.reading import found


@pytest.mark.parametrize(
    ("lead", "body", "codes"),
    [
        ("Yes.", "Text.", []),
        ("", "Text.", ["empty-lead"]),
        (" \n", "", ["empty-lead", "empty-body"]),
    ],
)
def test_empty_fields(lead: str, body: str, codes: list[str]):
    findings = found(empty_fields.check, body, lead=lead)
    assert [one.code for one in findings] == codes
    assert all(one.blocks for one in findings)


def test_missing_facts():
    assert [one.code for one in found(missing_facts.check, "Text.")] == ["no-byline", "no-search-date"]
    assert found(missing_facts.check, "Text.", byline=["Ada"], searched_on=datetime.date(2026, 1, 1)) == []


@pytest.mark.parametrize(
    ("body", "readers"),
    [
        ("For all.", 0),
        ("", 0),
        ("::: professional\nText.\n:::", 2),
        ("::: plain\nText.\n:::", 6),
        ("::: nurse\nText.\n:::\n\n::: plain\nText.\n:::", 5),
    ],
)
def test_a_text_that_some_reader_would_see_empty(body: str, readers: int):
    findings = found(unseen_text.check, body)
    assert len(findings) == readers
    assert all(one.blocks for one in findings)
