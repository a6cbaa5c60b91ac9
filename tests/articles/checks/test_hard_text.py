"""The reading age of a plain text."""

from __future__ import annotations

from articles.checks.hard_text import check
from tests.articles.checks.reading import excerpts, found

EASY = "This pill can help you sleep. Take it at night with some water. " * 12
HARD = (
    "Pharmacological management of persistent insomnia necessitates consideration of comorbidities, polypharmacy and "
    "individual susceptibility to residual sedation, particularly in institutionalised elderly populations. "
)


def test_an_easy_text_is_let_pass():
    assert found(check, f"::: plain\n{EASY}\n:::") == []


def test_a_hard_text_is_named_with_its_hardest_sentences():
    body = f"::: plain\n{EASY[:200]}{HARD * 4}\n:::"
    first, *worst = found(check, body)
    assert first.code == "hard-text"
    assert "Flesch-Kincaid" in first.message
    assert "SMOG" in first.message
    assert len(worst) == 3
    assert {one.code for one in worst} == {"hard-sentence"}
    assert all(one.excerpt == HARD.strip() for one in worst)
    assert {one.severity for one in (first, *worst)} == {"warns"}


def test_professional_and_short_texts_are_not_judged():
    assert excerpts(check, HARD * 4) == []
    assert excerpts(check, f"::: plain\n{HARD}\n:::") == []


def test_what_everybody_reads_counts_where_a_part_is_written_for_plain_readers():
    assert found(check, f"{HARD * 4}\n\n::: plain\nTake it.\n:::")
    assert not found(check, HARD * 4, plain_lead="Take it.")
