"""Drugs, doses and durations of which only one register reads."""

from __future__ import annotations

import pytest

from articles.checks.one_register import check
from articles.checks.reading.drugs import is_drug
from tests.articles.checks.reading import excerpts


def both(professional: str, plain: str) -> list[str]:
    return excerpts(check, f"::: professional\n{professional}\n:::\n\n::: plain\n{plain}\n:::")


@pytest.mark.parametrize(
    ("professional", "plain", "pieces"),
    [
        ("Give ibuprofen 400 mg.", "Take ibuprofen 400 mg.", []),
        ("Give ibuprofen.", "Take naproxen.", ["naproxen", "ibuprofen"]),
        ("Give ibuprofen 400 mg for 5 days.", "Take ibuprofen.", ["400 mg"]),
        ("Give ibuprofen for 14 days.", "Take ibuprofen for 2 weeks.", []),
        ("Statins are better; atorvastatin first.", "Statins are better.", ["atorvastatin"]),
        ("Give ibuprofen or naproxen.", "Rest.", ["ibuprofen"]),
        ("Give acetaminophen.", "Take paracetamol.", []),
        ("The trial ran for 5 years. Give ibuprofen.", "Take ibuprofen.", []),
    ],
)
def test_what_one_register_alone_reads(professional: str, plain: str, pieces: list[str]):
    assert both(professional, plain) == pieces


def test_what_everybody_reads_stands_in_both():
    assert excerpts(check, "Ibuprofen helps.\n\n::: plain\nTake ibuprofen.\n:::") == []


def test_a_text_without_a_plain_part_is_let_pass():
    assert excerpts(check, "Give ibuprofen 400 mg.") == []


DRUGS = "aspirin ibuprofen amoxicillin atorvastatin ramipril bisoprolol empagliflozin apixaban dabigatran omeprazole"
DRUGS += " sertraline semaglutide infliximab metronidazole doxycycline alendronate ondansetron sumatriptan imatinib"
NO_DRUGS = "person reason hormone ketone peptide bone cortisol testosterone gallstone machine baseline concept"
NO_DRUGS += " medicine vaccine routine kidney stone cyclone phone patient question evidence guideline"


@pytest.mark.parametrize("word", DRUGS.split())
def test_names_of_drugs(word: str):
    assert is_drug(word)
    assert is_drug(word.capitalize())


@pytest.mark.parametrize("word", NO_DRUGS.split())
def test_other_words(word: str):
    assert not is_drug(word)
