"""Claims and their citations: which paragraphs are named, and how many claims are cited."""

from __future__ import annotations

import pytest

from articles.checks.reading.claims import is_claim
from articles.checks.uncited_claim import check, count
from tests.articles.checks.reading import excerpts, found, view

CASES = {
    "Alpha reduces mortality by 20%.": ["Alpha reduces mortality by 20%."],
    "Alpha reduces mortality by 20% [@a].": [],
    "Alpha reduces mortality. It is safe in pregnancy. [@a]": [],
    "See the table below.": [],
    "Does alpha reduce mortality?": [],
    "This answer looks at adults.": [],
    "Signs of shock [@a]:\n\n- Low blood pressure is common.\n- Treatment should begin at once.": [],
    "Signs of shock:\n\n- A drop in blood pressure is common.": ["A drop in blood pressure is common."],
    "It helps with:\n\n- treatment of thrush, and better survival\n- deaths below 5%": ["deaths below 5%"],
    "- Alpha reduces mortality [@a]\n  - Above all it reduces deaths of women.": [],
    "::: plain\nAlpha reduces mortality by 20%.\n:::\n\nWell.": [],
    "::: professional\nAlpha reduces mortality by 20%.\n:::": ["Alpha reduces mortality by 20%."],
    "| Dose | Deaths |\n|---|---|\n| 5 mg | 12% |": ["5 mg"],
    "| Dose | Deaths |\n|---|---|\n| 5 mg | 12% [@a] |": [],
    "## Alpha reduces mortality\n\nYes.": [],
}


@pytest.mark.parametrize(("body", "pieces"), CASES.items())
def test_names_paragraphs_without_a_citation(body: str, pieces: list[str]):
    assert excerpts(check, body) == pieces


def test_the_sentence_names_up_to_three_claims():
    body = "Alpha reduces mortality. Beta causes harm in adults. Gamma should be stopped early. Delta is safe in women."
    (one,) = found(check, body)
    assert "makes 4 claims" in one.message
    assert "“Gamma should be stopped early.”" in one.message
    assert "Delta" not in one.message


@pytest.mark.parametrize(
    ("body", "counted"),
    [
        ("", (0, 0)),
        ("Alpha reduces mortality.", (1, 0)),
        ("Alpha reduces mortality [@a].", (1, 1)),
        ("Alpha reduces mortality. Beta reduces mortality [@a]. Gamma reduces mortality.", (3, 2)),
        ("Signs [@a]:\n\n- Low blood pressure is common.\n- Stroke is common here too.", (2, 2)),
        ("Alpha reduces mortality [@a].\n\n::: plain\nAlpha reduces deaths a lot.\n:::", (1, 1)),
    ],
)
def test_counts_claims_and_those_that_are_cited(body: str, counted: tuple[int, int]):
    assert count(view(body)) == counted


@pytest.mark.parametrize(
    ("sentence", "claims"),
    [
        ("In 5,239 adults early imaging changed nothing.", True),
        ("Mortality fell (RR 0.8, 95% CI 0.7 to 0.9).", True),
        ("Aspirin should not be stopped before surgery.", True),
        ("The condition is inherited in an autosomal recessive pattern.", True),
        ("Symptoms of adrenal crisis include", False),
        ("Ask your doctor about the risk of bleeding.", False),
        ("For information about side effects of treatment, see our page.", False),
        ("To determine whether alpha reduces mortality.", False),
        ("The reasons:", False),
        ("Choose with the patient.", False),
    ],
)
def test_what_a_claim_is(sentence: str, claims: bool):
    assert is_claim(sentence) is claims
