"""Words, stems, misspellings, blocks and excerpts: the pure parts of search."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import quoting, sentences
from articles.markup.plain import plain_text
from articles.quoting import holding
from articles.search import blocks, excerpts, spelling, weighing, words
from articles.search.words import number_of, stem
from references.searching.words import words_of as folded_words


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        # From the paper's own examples, one for each step.
        ("caresses", "caress"),
        ("ponies", "poni"),
        ("agreed", "agre"),
        ("plastered", "plaster"),
        ("motoring", "motor"),
        ("conflated", "conflat"),
        ("hopping", "hop"),
        ("falling", "fall"),
        ("filing", "file"),
        ("happy", "happi"),
        ("relational", "relat"),
        ("triplicate", "triplic"),
        ("electrical", "electr"),
        ("revival", "reviv"),
        ("adjustment", "adjust"),
        ("rate", "rate"),
        ("controlling", "control"),
        # Ours: these are no plurals.
        ("lupus", "lupus"),
        ("sepsis", "sepsis"),
        ("hba1c", "hba1c"),
        ("ödem", "ödem"),
        ("is", "is"),
    ],
)
def test_stems(word: str, expected: str):
    assert stem(word) == expected


@given(st.text(max_size=80))
def test_the_quick_way_to_words_is_the_librarys(text: str):
    assert words.words_of(text) == folded_words(text)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("metfromin", "metformin"),
        ("ibuprofin", "ibuprofen"),
        ("hydroclorothiazyde", "hydrochlorothiazide"),
        ("acetominophen", "acetaminophen"),
        ("amoxacillin", "amoxicillin"),
        ("neumonia", "pneumonia"),
        ("diarea", "diarrhea"),
        ("alzhiemers", "alzheimers"),
        ("soriasis", "psoriasis"),
        ("schitzofrenia", "schizophrenia"),
        ("astma", "asthma"),
        ("gstoparesis", "gastroparesis"),
        ("gniscelli", "griscelli"),
    ],
)
def test_misspelt_words_meet_the_right_ones(wrong: str, right: str):
    assert (spelling.keys(wrong) | spelling.ends(wrong)) & (spelling.keys(right) | spelling.ends(right))
    assert spelling.distance(wrong, right, 3) <= spelling.allowed(wrong)


def test_short_words_mean_themselves_alone():
    assert spelling.allowed("mri") == 0
    assert spelling.distance("gout", "goat", 1) == 1
    assert spelling.distance("gout", "acne", 1) == 2


def test_a_word_of_the_question_says_more_than_one_of_the_text():
    found = weighing.impacts({"title": ["gout", "is"], "text": ["is", "pain", *["toe"] * 3, *["other"] * 200]})
    assert found[number_of("gout")] > found[number_of("toe")] > found[number_of("pain")]
    # Small words count in the title alone.
    assert set(found) == {number_of(word) for word in ("gout", "is", "toe", "pain", "other")}
    assert weighing.rarity(1, 1000) > weighing.rarity(500, 1000) > 0


HTML = (
    '<p>First <em>words</em>.<sup class="cites"><a class="cite" href="#ref-2" id="cite-2-1" role="doc-noteref" '
    'aria-label="Reference 2">2</a></sup></p>\n<h2 id="dose">The dose</h2>\n<p>Take:</p>\n<ul>\n<li>one &amp; two</li>'
    "\n<li>three</li>\n</ul>\n<p>Then stop.</p>\n<table>\n<tr><th>mg</th></tr>\n<tr><td>5</td></tr>\n</table>"
)


def test_passages_are_blocks_word_for_word_with_their_place():
    found = blocks.blocks(HTML)
    assert [one["text"] for one in found] == ["First words.", "Take:\none & two\nthree", "Then stop.", "mg\n5"]
    assert [one["anchor"] for one in found] == ["text", "dose", "dose", "dose"]
    assert found[0]["sources"] == [2]
    assert found[1]["heading"] == "The dose"


def test_marks_are_pieces_that_join_to_the_text():
    text = "Crohn's <b>disease</b> & treatments; <script>treat</script>"
    pieces = excerpts.marked(text, frozenset(map(number_of, ("crohn", "crohns", "treatment"))))
    assert "".join(piece.text for piece in pieces) == text
    assert [piece.text for piece in pieces if piece.is_marked] == ["Crohn's", "treatments"]


@given(st.text(max_size=300))
def test_an_excerpt_is_whole_sentences_of_the_text(text: str):
    values = dict.fromkeys(excerpts.numbers_in(text), 1.0)
    found = excerpts.excerpt(text, values)
    # What keeps lines apart is no word of the text.
    whole = "".join("".join(sentences.sentences_of(text)).split()).replace(";", "")
    assert "".join(found.split()).replace(";", "") in whole


def test_rows_and_items_are_kept_apart():
    table = (
        "<p>Doses:</p>\n<table><thead>\n<tr>\n<th>Drug</th>\n<th>Dose</th>\n</tr>\n</thead><tbody>\n"
        "<tr>\n<td>alpha</td>\n<td>5 mg</td>\n</tr>\n<tr>\n<td>beta</td>\n<td></td>\n</tr>\n</tbody></table>"
    )
    (passage,) = blocks.blocks(table)
    assert passage["text"] == "Doses:\nDrug · Dose\nalpha · 5 mg\nbeta"
    assert excerpts.excerpt(passage["text"], {number_of("alpha"): 1.0}) == "alpha · 5 mg; beta"
    assert plain_text(table) == "Doses:\nDrug Dose\nalpha 5 mg\nbeta"
    assert holding(passage["text"], quoting.blocks(table), anchor="text") == quoting.blocks(table)


def test_half_a_sentence_is_never_shown():
    text = "Give 5 mg. " + "Never give more than that to a child " + "x " * 300 + "at once."
    assert excerpts.excerpt(text, {number_of("child"): 1.0}) == ""
    assert excerpts.excerpt(text, {number_of("5"): 1.0}) == "Give 5 mg."
