"""Doses and figures without a unit."""

from __future__ import annotations

import pytest

from articles.checks.no_unit import check
from tests.articles.checks.reading import excerpts

FOUND = {
    "Give aspirin 75 daily.": "aspirin 75 daily",
    "Give **aspirin** 75-150 daily.": "aspirin** 75-150 daily",
    "Prednisolone 40 once daily for 5 days.": "Prednisolone 40 once",
    "Start at a dose of 40.": "dose of 40",
    "A dose of 40 twice a day is usual.": "dose of 40",
    "Stop at a potassium above 5.5.": "potassium above 5.5",
    "When haemoglobin is 85, transfuse.": "haemoglobin is 85",
    "A blood pressure of 140/90 or more": "blood pressure of 140/90",
}
FINE = [
    "Give aspirin 75 mg daily.",
    "Give aspirin 75-150 mg daily.",
    "Give prednisolone 40 mg once daily.",
    "A dose of 40 mg is usual.",
    "A dose of two tablets.",
    "Stop at a potassium above 5.5 mmol/L.",
    "When haemoglobin is 85 g/L, transfuse.",
    "A blood pressure of 140/90 mmHg or more",
    "Aspirin 3 times daily was no better.",
    "Of aspirin 12 trials report.",
    "Vitamin B12 daily. Omega-3 daily.",
    "Ferritin was measured in 30 women.",
    "An INR above 3 and a pH of 7.2.",
]


@pytest.mark.parametrize(("text", "piece"), FOUND.items())
def test_finds(text: str, piece: str):
    assert excerpts(check, text) == [piece]


@pytest.mark.parametrize("text", FINE)
def test_lets_pass(text: str):
    assert excerpts(check, text) == []
