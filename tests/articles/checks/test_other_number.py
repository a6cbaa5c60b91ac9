"""Numbers of the plain text that the professional text does not say."""

from __future__ import annotations

import pytest

from articles.checks.other_number import check
from tests.articles.checks.reading import excerpts, found

SAME = [
    ("5 mg a day", "5 mg a day"),
    ("1 g a day", "1,000 mg a day"),
    ("for 14 days", "for 2 weeks"),
    ("in 25% of people", "in 1 in 4 people"),
    ("in 12.3% of people", "about 12% of people"),
    ("in 12.3% of people", "about 12 in 100 people"),
    ("in 20% of people", "in 80 of 100 people it is not so"),
    ("in 1,172 people", "about 1,200 people"),
    ("in 12.5% of people", "1 in 8 people"),
    ("in 5,239 adults", "in 5,239 adults"),
    ("with two doses of 5 mg", "with 2 doses of 5 mg"),
    ("daily", "two tablets, or 2 tablets, 3 times a day"),
    ("daily", "call 112 or 999"),
]
OTHER = [
    ("5 mg a day", "50 mg a day", "50 mg"),
    ("for 14 days", "for 4 weeks", "4 weeks"),
    ("in 25% of people", "in 1 in 8 people", "1 in 8"),
    ("in 12% of people", "in 21% of people", "21%"),
    ("in 200 people", "in 500 people", "500"),
    ("over 65", "over 75", "75"),
]


@pytest.mark.parametrize(("professional", "plain"), SAME)
def test_the_same_number(professional: str, plain: str):
    assert excerpts(check, f"::: professional\nIt was {professional}.\n:::\n\n::: plain\nIt was {plain}.\n:::") == []
    assert excerpts(check, "", lead=f"It was {professional}.", plain_lead=f"It was {plain}.") == []


@pytest.mark.parametrize(("professional", "plain", "piece"), OTHER)
def test_another_number(professional: str, plain: str, piece: str):
    body = f"::: professional\nIt was {professional}.\n:::\n\n::: plain\nIt was {plain}.\n:::"
    assert excerpts(check, body) == [piece]


def test_the_sentence_says_what_the_professional_text_has():
    (one,) = found(check, "", lead="Take 5 mg or 10 mg.", plain_lead="Take 50 mg.")
    assert one.message == "“50 mg” stands in the plain text; the professional text says 5 mg, 10 mg."
    assert (one.field, one.line) == ("plain_lead", 1)


def test_a_text_without_a_plain_part_is_let_pass():
    assert excerpts(check, "It was 5 mg.", lead="It was 50 mg.") == []
