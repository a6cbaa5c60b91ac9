"""Terms of the glossary that the plain text leaves bare."""

from __future__ import annotations

import pytest

from articles.checks.bare_term import check
from articles.markup.glossary import Term
from tests.articles.checks.reading import excerpts

TERMS = (Term(1, 1, "anticoagulant", "blood thinner", ()), Term(2, 1, "COPD", "a lung disease", ("lung COPD",)))


@pytest.mark.parametrize(
    ("body", "pieces"),
    [
        ("::: plain\nAn anticoagulant helps.\n:::", []),
        ("::: plain\n## Which anticoagulant\n\nIt helps.\n:::", ["anticoagulant"]),
        ("::: plain\n## COPD\n\n## Anticoagulants\n:::", ["COPD", "Anticoagulants"]),
        ("::: plain\n## Which anticoagulant\n\nAn anticoagulant helps.\n:::", []),
        ("## Which anticoagulant\n\nIt helps.", []),
    ],
)
def test_bare_terms(body: str, pieces: list[str]):
    assert excerpts(check, body, terms=TERMS) == pieces
