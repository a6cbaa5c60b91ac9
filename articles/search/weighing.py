"""How much a word says of an answer: BM25F, with the fields weighed before they saturate. Pure.

After S. Robertson, H. Zaragoza and M. Taylor, Simple BM25 extension to multiple weighted fields, CIKM 2004. What
depends on the answer alone (its impact) is made when the answer is indexed, against usual lengths and not against those
of the day, so that one publication changes no other's row. How rare a word is comes in when somebody searches. The
constants were chosen on one half of the questions of benchmarks/search_quality.py.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping

from articles.search.words import SMALL, number_of, stem

TITLE, SUMMARY, TOPICS, TEXT = "title", "summary", "topics", "text"
FIELDS = {TITLE: (8.0, 0.3, 8), SUMMARY: (2.0, 0.4, 35), TOPICS: (2.0, 0.3, 5), TEXT: (1.0, 0.7, 220)}
"""For each field: its weight, how much its length counts (b), and how many words are usual."""
SATURATION = 3.0
"""k1: at so much weighed frequency a word says half of what it can."""
SCALE = 1000


def impacts(fields: Mapping[str, Iterable[str]]) -> dict[int, int]:
    """What each word says of the answer with these folded words in its fields, from 1 to SCALE, by the word's number.

    Small words count in the title alone: elsewhere every answer has them.
    """
    weighed: Counter[str] = Counter()
    for name, words in fields.items():
        weight, slope, usual = FIELDS[name]
        stems = [stem(word) for word in words if name == TITLE or word not in SMALL]
        share = weight / (1 - slope + slope * len(stems) / usual)
        for one, times in Counter(stems).items():
            weighed[one] += times * share  # type: ignore[assignment]
    return {number_of(one): max(1, round(SCALE * much / (SATURATION + much))) for one, much in weighed.items()}


def rarity(answers: int, of: int) -> float:
    """The inverse document frequency of a word that so many answers have; never negative."""
    return math.log(1 + (max(of, answers) - answers + 0.5) / (answers + 0.5))
