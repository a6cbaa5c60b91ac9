"""How many years of school a text asks for, by three short formulas. A hint, never a verdict: they count, not read.

Each takes the words of sentences and gives a grade of school in the United States; a reader's age is grade + 5.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from statistics import median

from articles.checks.reading import syllables

WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?|\d[\d.,]*")
Sentences = Sequence[Sequence[str]]
"""The words of each sentence; never empty."""


def words_of(text: str) -> list[str]:
    return WORD.findall(text)


def flesch_kincaid(sentences: Sentences) -> float:
    """Kincaid, Fishburne, Rogers, Chissom: Derivation of new readability formulas for Navy enlisted personnel,
    Research Branch Report 8-75, 1975: 0.39 words a sentence + 11.8 syllables a word - 15.59.
    """
    words = sum(map(len, sentences))
    return 0.39 * words / len(sentences) + 11.8 * _syllables(sentences) / words - 15.59


def smog(sentences: Sentences) -> float:
    """McLaughlin: SMOG grading, a new readability formula, Journal of Reading 1969;12:639-46, with its regression:
    1.0430 √(30 polysyllables / sentences) + 3.1291. It was made for thirty sentences; with fewer it is rough.
    """
    long_words = sum(syllables.count(word) >= 3 for words in sentences for word in words)
    return 1.0430 * math.sqrt(30 * long_words / len(sentences)) + 3.1291


def ari(sentences: Sentences) -> float:
    """Smith, Senter: Automated readability index, AMRL-TR-66-220, 1967:
    4.71 characters a word + 0.5 words a sentence - 21.43.
    """
    words = sum(map(len, sentences))
    characters = sum(len(word) for one in sentences for word in one)
    return 4.71 * characters / words + 0.5 * words / len(sentences) - 21.43


def grades(sentences: Sentences) -> tuple[float, float, float]:
    """Flesch-Kincaid, SMOG and ARI of the same text."""
    return flesch_kincaid(sentences), smog(sentences), ari(sentences)


def middle(sentences: Sentences) -> float:
    """The middle one of the three grades: none of them alone decides."""
    return median(grades(sentences))


def _syllables(sentences: Sentences) -> int:
    return sum(syllables.count(word) for words in sentences for word in words)
