"""Joining two texts that grew from one: nothing is lost, whichever way somebody chooses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import joins
from articles.joins import BOTH, MINE, SAME, THEIRS

PARAGRAPHS = st.sampled_from(
    [
        "Alpha helps a little in adults with beta [@alpha].",
        "Alpha helps a lot in adults with beta [@alpha; @gamma].",
        "Give 2.5 mg once a day for 10 days.",
        "Give 5 mg once a day for 10 days.",
        "::: plain\nIt helps.\n:::",
        "## Evidence",
        "- one\n- two",
        " indented",
        "\nafter a break",
        "",
    ]
)
GAPS = st.sampled_from(["\n\n", "\n\n", "\n\n", "\n\n\n", "\n \t\n", "\n"])
ANY_TEXT = st.one_of(
    st.lists(st.tuples(PARAGRAPHS, GAPS), max_size=9).map(lambda pairs: "".join(one + gap for one, gap in pairs)),
    st.text(alphabet="ab \n\t", max_size=30),
)
TEXTS = st.tuples(st.one_of(st.none(), ANY_TEXT), ANY_TEXT, ANY_TEXT)


@given(ANY_TEXT)
def test_blocks_give_their_text_back(text: str) -> None:
    assert joins.text_of(joins.blocks(text)) == text


@given(TEXTS)
def test_all_of_one_side_is_that_sides_text(texts: tuple[str | None, str, str]) -> None:
    base, mine, theirs = texts
    found = joins.parts(base, mine, theirs)
    differing = sum(part.kind != SAME for part in found)
    assert joins.joined(found, [MINE] * differing) == mine
    assert joins.joined(found, [THEIRS] * differing) == theirs


@given(TEXTS)
def test_no_block_is_lost_where_both_are_taken(texts: tuple[str | None, str, str]) -> None:
    base, mine, theirs = texts
    found = joins.parts(base, mine, theirs)
    kept = [block for part in found for block in part.taken(BOTH if part.kind != SAME else SAME)]
    for block in (*joins.blocks(mine), *joins.blocks(theirs)):
        assert block in kept
    text = joins.joined(found, [BOTH] * sum(part.kind != SAME for part in found))
    assert all(block in text for block in kept)


@given(TEXTS)
def test_what_one_side_left_alone_is_preset_to_the_other(texts: tuple[str | None, str, str]) -> None:
    base, mine, theirs = texts
    for part in joins.parts(base, mine, theirs):
        if base is None:
            assert part.kind in {SAME, BOTH}
        elif part.kind == MINE:
            assert part.theirs == part.base != part.mine
        elif part.kind == THEIRS:
            assert part.mine == part.base != part.theirs
        elif part.kind == BOTH:
            assert len({part.base, part.mine, part.theirs}) == 3


@given(ANY_TEXT, ANY_TEXT)
def test_where_only_one_side_changed_nothing_is_left_to_decide(base: str, changed: str) -> None:
    for found, whole in (
        (joins.parts(base, changed, base), changed),
        (joins.parts(base, base, changed), changed),
        (joins.parts(base, changed, changed), changed),
    ):
        presets = [part.preset for part in found if part.kind != SAME]
        assert "" not in presets
        assert joins.joined(found, presets) == whole


ONE, TWO, THREE, FOUR = (f"Paragraph {word} of the answer says something." for word in ("one", "two", "three", "four"))


def text(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


@pytest.mark.parametrize(
    ("mine", "theirs", "kinds"),
    [
        (text(ONE + " Mine.", TWO, THREE), text(ONE, TWO, THREE + " Theirs."), [MINE, SAME, THEIRS]),
        (text(ONE + " Mine.", TWO, THREE), text(ONE, TWO + " Theirs.", THREE), [MINE, THEIRS, SAME]),
        (text(ONE, TWO + " Mine.", THREE), text(ONE, TWO + " Theirs.", THREE), [SAME, BOTH, SAME]),
        (text(ONE, TWO + " Same.", THREE), text(ONE, TWO + " Same.", THREE), [SAME]),
        (text(ONE, THREE), text(ONE, TWO + " Theirs.", THREE), [SAME, BOTH, SAME]),
        (text(ONE, TWO, THREE, FOUR), text(ONE + " Theirs.", TWO, THREE), [THEIRS, SAME, MINE]),
        (text(ONE, FOUR, TWO, THREE), text(ONE, "Quite other words here.", TWO, THREE), [SAME, BOTH, SAME]),
        (text(ONE, FOUR, TWO, THREE), text(ONE, TWO + " Theirs.", THREE), [SAME, MINE, THEIRS, SAME]),
        (text(THREE), text(ONE, TWO, THREE, FOUR), [MINE, SAME, THEIRS]),
        (text(ONE + " A.", TWO + " B.", THREE + " C."), text(ONE, TWO + " D.", THREE), [MINE, BOTH, MINE]),
    ],
)
def test_who_changed_what(mine: str, theirs: str, kinds: list[str]) -> None:
    assert [part.kind for part in joins.parts(text(ONE, TWO, THREE), mine, theirs)] == kinds


def test_a_word_changed_in_very_many_paragraphs_is_joined_paragraph_by_paragraph() -> None:
    base = text(*(f"Paragraph {number} says that fewer had pain." for number in range(80)))
    mine = base.replace("fewer", "many fewer")
    theirs = base.replace("Paragraph 7 says", "Paragraph 7 shows")
    assert [part.kind for part in joins.parts(base, mine, theirs)] == [MINE] * 7 + [BOTH] + [MINE] * 72


def test_presets_join_what_each_side_changed() -> None:
    found = joins.parts(text(ONE, TWO, THREE), text(ONE + " Mine.", TWO, THREE, FOUR), text(ONE, THREE))
    assert joins.joined(found, [part.preset for part in found if part.kind != SAME]) == text(
        ONE + " Mine.", THREE, FOUR
    )


def test_without_the_text_that_both_began_from_every_difference_is_to_be_decided() -> None:
    found = joins.parts(None, text(ONE, TWO), text(ONE, THREE + " Quite another."))
    assert [(part.kind, part.preset) for part in found] == [(SAME, SAME), (BOTH, "")]


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "kind"),
    [
        ("a", "a", "a", SAME),
        ("a", "b", "a", MINE),
        ("a", "a", "b", THEIRS),
        ("a", "b", "b", SAME),
        ("a", "b", "c", BOTH),
    ],
)
def test_values_that_are_taken_whole(base: str, mine: str, theirs: str, kind: str) -> None:
    assert joins.who_changed(base, mine, theirs) == kind


def test_a_value_whose_beginning_is_unknown_is_to_be_decided() -> None:
    assert joins.who_changed("", "", "b", base_is_known=False) == BOTH
