"""A plain text that asks for more years of school than it should, and its hardest sentences. A hint only."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from articles.checks.finding import Finding
from articles.checks.reading import readability
from articles.checks.view import HEADING, Block, Sentence, View

AIM = 8
"""The grade of school aimed at, an age of 13 to 14. The National Institutes of Health and the American Medical
Association ask for grades 6 to 8 in material for patients; names of diseases and drugs, which must stay, cost one."""
_FEWEST_WORDS = 80
_WORST = 3
_LEAST_OF_A_HARD_ONE = 12
"""Words: shorter sentences are hard by their names alone."""


def check(view: View) -> Iterator[Finding]:
    read = [
        (block, sentence, words)
        for block in view.meant_plain
        if block.kind != HEADING
        for sentence in block.sentences
        if (words := readability.words_of(sentence.text))
    ]
    if sum(len(words) for _block, _sentence, words in read) < _FEWEST_WORDS:
        return
    grades = readability.grades([words for _block, _sentence, words in read])
    if sorted(grades)[1] <= AIM:
        return
    message = _(
        "The plain text reads like grade %(middle).0f of school (Flesch-Kincaid %(fk).1f, SMOG %(smog).1f, "
        "ARI %(ari).1f); it should be %(aim)d or less."
    )
    fk, smog, ari = grades
    first = read[0][0]
    yield first.warns(
        "hard-text", message % {"middle": sorted(grades)[1], "fk": fk, "smog": smog, "ari": ari, "aim": AIM}
    )
    for block, sentence in _worst(read):
        yield block.warns(
            "hard-sentence", _("One of the hardest sentences of the plain text."), (sentence.start, sentence.end)
        )


def _worst(read: list[tuple[Block, Sentence, list[str]]]) -> list[tuple[Block, Sentence]]:
    long = [one for one in read if len(one[2]) >= _LEAST_OF_A_HARD_ONE]
    ranked = sorted(long, key=lambda one: -readability.flesch_kincaid([one[2]]))
    return [(block, sentence) for block, sentence, _words in ranked[:_WORST]]
