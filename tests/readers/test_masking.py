"""What could name a reader is masked; what helps to answer stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readers.masking import MASK, details, masked

STAYS = [
    "I am 63 and my HbA1c was 7.9% in March 2024. Is 1000 mg twice a day too much?",
    "My blood pressure is 150/95 and my eGFR 45. May I take 5 mg for 12 weeks?",
    "Does Graves' disease run in families? My mother had it in 1998.",
    "INR 2-3, platelets 150-400, TSH 0.4-4.0, LDL 3.2 mmol/l, weight 92.5 kg",
    "COVID-19, vitamin B12, omega-3, CYP2D6, HLA-B27, SARS-CoV-2",
    "Was the 2019 guideline wrong? I read about 10,747 patients and 250000 people.",
    "I am Type 2 diabetic. I'm HIV positive, and I am pregnant. My dr said no; is vitamin B12 5 MG too much?",
    "My mother has MS. My son had COVID-19. My doctor told me that this is Graves' disease.",
    "Is it safe?\nAnd for how long do I take it?",
    "Which is better for asthma?\nThanks, and have a good day",
]
GOES = [
    ("Write to rita.reader@example.org please", ["rita.reader@example.org"]),
    ("I was born on 12/03/1961", ["12/03/1961"]),
    ("born 4 May 1961, or May 4, 1961, or 1961-05-04", ["4 May 1961", "May 4, 1961", "1961-05-04"]),
    ("My NHS number is 943 476 5919", ["943 476 5919"]),
    ("MRN: A12345, record no. 88-1234", ["MRN: A12345", "record no. 88-1234"]),
    ("Call me on +44 20 7946 0018", ["+44 20 7946 0018"]),
    ("My name is Rita Reader and I cough", ["My name is Rita Reader"]),
    ("Dr. Müller-Lang and Mrs Smith said so", ["Dr. Müller-Lang", "Mrs Smith"]),
    ("Best wishes,\nRita Reader", ["wishes,\nRita Reader"]),
    ("Name: Rita Reader, my name’s Rita", ["Name: Rita Reader", "my name’s Rita"]),
    ("I am Rita Reader, and I'm Rita.", ["I am Rita Reader", "I'm Rita"]),
    ("my name is rita reader and i cough", ["my name is rita reader"]),
    ("the name is rita, i am called rita o'hara", ["the name is rita", "i am called rita o'hara"]),
    ("My son Tom has asthma, my daughter is called Anna Lee", ["son Tom", "daughter is called Anna Lee"]),
    ("ask dr. miller or mrs smith", ["dr. miller", "mrs smith"]),
    ("May I take it?\nthanks\nrita reader", ["thanks\nrita reader"]),
    ("May I take it?\n— Rita\n", ["— Rita\n"]),
    ("Hello, this is Rita Reader from Ghent", ["this is Rita Reader"]),
    ("I live at 12 Long Acre Road, SW1A 1AA", ["12 Long Acre Road", "SW1A 1AA"]),
    ("See https://me.example.org/rita", ["https://me.example.org/rita"]),
]


@pytest.mark.parametrize("text", STAYS)
def test_ages_values_and_doses_stay(text: str):
    assert masked(text) == text


@pytest.mark.parametrize(("text", "gone"), GOES)
def test_details_go(text: str, gone: list[str]):
    assert [text[one.start : one.end] for one in details(text)] == gone
    result = masked(text)
    assert result.count(MASK) == len(gone)
    assert not any(one in result for one in gone)


def test_details_that_overlap_are_masked_as_one():
    assert masked("I am Dr Rita rita@example.org, really") == f"{MASK} {MASK}, really"
    assert masked("My name is Rita Mr Smith and I cough") == f"{MASK} and I cough"


@given(st.lists(st.sampled_from([*STAYS, *(text for text, _gone in GOES)]) | st.text(max_size=40), max_size=6))
def test_masking_twice_changes_nothing_more(pieces: list[str]):
    once = masked("\n".join(pieces))
    assert masked(once) == once


@pytest.mark.parametrize(
    "text",
    [
        "1 " * 1000,
        "@" * 2000,
        "a@" * 1000,
        "Dr " * 600,
        "1-" * 1000,
        "my name is " * 180,
        "Rita " * 400,
        "\nRita" * 400,
        "thanks\n" * 280,
    ],
)
def test_hostile_text_is_masked_quickly_enough(text: str):
    assert len(masked(text)) <= 2200
