"""Abbreviations that a text never spells out."""

from __future__ import annotations

import pytest

from articles.checks.bare_abbreviation import check
from tests.articles.checks.reading import excerpts


@pytest.mark.parametrize(
    ("body", "pieces"),
    [
        ("COPD is common.", ["COPD"]),
        ("Chronic obstructive pulmonary disease (COPD) is common. COPD kills.", []),
        ("COPD (chronic obstructive pulmonary disease) is common.", []),
        ("Computed tomography (CT or CAT) is done.", []),
        ("COPD, or chronic obstructive pulmonary disease, is common.", []),
        ("A lumbar puncture, also called an LP, is done. LP is quick.", []),
        ("DNA, MRI, HIV and the FDA; 5 mg IV.", []),
        ("A 95% CI and the RR; HR 0.8.", []),
        ("The RECORD trial and the DAPA-HF trial.", []),
        ("In ROCKET AF and the HUNT 2 survey, ANTLER and STAR-D agree.", []),
        ("BF was defined as a rise. Then BF came.", []),
        ("The NSAID and the CIDP.", ["NSAID", "CIDP"]),
        ("Mutations in the TSHR gene. TSHR is large.", []),
        ("Stage IIIB and type IV.", []),
        ("BRCA1 and SGLT2 inhibitors.", []),
        ("## ALL IN CAPITALS\n\nNothing.", []),
        ("The eGFR fell.", ["eGFR"]),
        ("Take NSAIDs with food.", ["NSAID"]),
        ("Non-steroidal anti-inflammatory drugs (NSAIDs) help. NSAIDs harm.", []),
    ],
)
def test_abbreviations(body: str, pieces: list[str]):
    assert excerpts(check, body) == pieces


def test_each_text_stands_alone():
    body = "::: professional\nChronic obstructive pulmonary disease (COPD).\n:::\n\n::: plain\nCOPD, and a 95% CI.\n:::"
    assert excerpts(check, body) == ["COPD", "CI"]
