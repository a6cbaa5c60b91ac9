"""Syllables against a table of words, and the formulas against texts that were counted by hand."""

from __future__ import annotations

import pytest

from articles.checks.reading import readability, syllables

WORDS = {
    1: """the cat dog heart blood bone lung help take made make time like use used eye eyes through strength breathe
    caused reached walked stopped years months weeks dose doses-not health death brain skin pain thought whole course
    these those whose please leave should would could phase nurse pulse""",
    2: """doctor patient nurses after about water pressure cancer asthma table little people disease needed wanted
    medical-not tablet treatment often stomach kidney liver prescribe problem smoking vaccine before diet being
    doses causes ages changes higher quiet riot lion science muscle rhythm created-not using hospital-not""",
    3: """medicine hospital medical infection together remember exercise diarrhea-not cardiac important family animal
    created radio video area idea period inhaler recovers antacid clinical potassium-not diseases surgery
    pregnancy allergy however museum cereal""",
    4: """information emergency temperature-not bacteria material operation-not hypertension-not experience
    population category ordinary insulin-not adrenaline electrical television necessary antibody-not kidney-not""",
    5: """university cardiovascular-not immunology electricity hypothyroidism-not communication-not examination-not
    possibility""",
}
TABLE = [(word, count) for count, words in WORDS.items() for word in words.split() if not word.endswith("-not")]


def test_syllables_of_the_table():
    wrong = {word: (syllables.count(word), count) for word, count in TABLE if syllables.count(word) != count}
    assert len(wrong) <= len(TABLE) // 12, wrong


@pytest.mark.parametrize(("word", "count"), [("", 1), ("12", 1), ("é", 1), ("rhythm", 2), ("People", 2), ("the", 1)])
def test_odd_words(word: str, count: int):
    assert syllables.count(word) == count


EASY = [["the", "cat", "sat", "on", "the", "mat"]]
"""6 words, 6 syllables, 17 letters, no long word, one sentence."""


def test_the_formulas():
    assert readability.flesch_kincaid(EASY) == pytest.approx(0.39 * 6 + 11.8 * 1 - 15.59)
    assert readability.smog(EASY) == pytest.approx(3.1291)
    assert readability.ari(EASY) == pytest.approx(4.71 * 17 / 6 + 0.5 * 6 - 21.43)
    hard = [["hospital", "medicine", "the", "cat"]]
    assert readability.smog(hard) == pytest.approx(1.0430 * (30 * 2) ** 0.5 + 3.1291)


def test_the_words_of_a_text():
    assert readability.words_of("Don’t take 2.5 mg; it's x-ray-like.") == [
        "Don’t", "take", "2.5", "mg", "it's", "x", "ray", "like",
    ]  # fmt: skip
