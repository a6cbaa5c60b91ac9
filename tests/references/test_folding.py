import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from references.folding import ascii_words, fold, quoted, tidy_line, tidy_text


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Réyes\n García ", "reyes garcia"),
        ("ØRSTED Łukasz", "orsted lukasz"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("ﬁbrosis Ｆull", "fibrosis full"),
        ("", ""),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


@given(st.text())
def test_folding_and_tidying_again_change_nothing(text):
    assert fold(fold(text)) == fold(text)
    assert tidy_line(tidy_line(text)) == tidy_line(text)
    assert tidy_text(tidy_text(text)) == tidy_text(text)


@given(st.text(st.characters()))
def test_a_tidy_line_can_be_stored(text):
    line = tidy_line(text)
    assert line.encode("utf-8").decode() == line == unicodedata.normalize("NFC", line)
    assert not any(unicodedata.category(character) == "Cc" for character in line)
    assert len(line.splitlines()) <= 1


def test_tidy_text_keeps_paragraphs():
    assert tidy_text("one  two\r\n\r\n\r\n\r\nthree \x00") == "one two\n\nthree"


def test_what_turns_the_direction_is_left_out():
    assert tidy_line("gro.elpmaxe\u202e//:sptth") == "gro.elpmaxe//:sptth"


def test_words_for_keys():
    assert ascii_words("L'Été: O’Brien-Łuc 中文 2021") == ["lete", "obrien", "luc", "2021"]


def test_a_long_quotation_is_cut():
    assert quoted("a" * 100, most=10) == "“aaaaaaaaa…”"
    assert quoted("a\nb") == "“a b”"
