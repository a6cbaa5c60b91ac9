"""Finding a passage again: it keeps its place while the text is edited elsewhere, and is an orphan when it is gone."""

from __future__ import annotations

import random

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from articles import anchoring
from articles.anchoring import Edit, Place, Quote, Text, find, quote

TEXT = """## What works

Alpha helps a little in beta, by two points on a scale of ten [@alpha].

- Start with 10 mg daily in adults.
- Start with 5 mg daily in children.

Two trials agree that gamma does not help; a third one is under way [@beta; @gamma, p. 3].

::: plain
Two studies say that gamma does not help.
:::
"""


def at(words: str, text: str = TEXT, nth: int = 0) -> Place:
    start = -1
    for _time in range(nth + 1):
        start = text.index(words, start + 1)
    return Place(start, start + len(words), True)


def quoted(place: Place, text: str = TEXT) -> Quote:
    return quote(text, place.start, place.end)


def words_at(place: Place | None, text: str) -> str | None:
    return text[place.start : place.end] if place else None


@pytest.mark.parametrize(
    ("words", "old", "new", "expected"),
    [
        # edited elsewhere: before, after, at both edges
        ("Two trials agree", "Alpha helps", "In short, alpha helps", "Two trials agree"),
        ("10 mg daily", "5 mg daily", "2.5 mg daily", "10 mg daily"),
        ("10 mg", "with 10 mg daily", "at 10 mg a day", "10 mg"),
        ("gamma does not help", "that gamma does not help;", "that: gamma does not help;", "gamma does not help"),
        # edited in place
        ("Alpha helps a little in beta", "a little", "very much", "Alpha helps very much in beta"),
        ("10 mg daily", "10 mg daily", "20 mg daily", "20 mg daily"),
        ("Alpha helps a little", "Alpha helps", "**Alpha** helps", "Alpha** helps a little"),
        ("Two trials agree", "Two trials agree", "Three trials agree", "Three trials agree"),
        # gone, or nothing of it is left
        ("10 mg daily", "- Start with 10 mg daily in adults.\n", "", None),
        ("10 mg daily", "10 mg daily", "a tablet", None),
        ("gamma does not help", "gamma does not help; a third one is under way ", "nothing more is known ", None),
        ("Two studies say that gamma does not help.", "Two studies say that gamma does not help.\n", "", None),
    ],
)  # fmt: skip
def test_one_edit(words, old, new, expected):
    place = at(words)
    text = TEXT.replace(old, new, 1)
    assert text != TEXT
    assert words_at(Edit(TEXT, text).follow(quoted(place), place), text) == expected


def test_a_paragraph_that_moved_takes_its_passage_along():
    place = at("Alpha helps a little in beta, by two points")
    first, *rest = TEXT.split("\n\n")
    text = "\n\n".join([first, *rest[1:], rest[0]])
    found = Edit(TEXT, text).follow(quoted(place), place)
    assert words_at(found, text) == "Alpha helps a little in beta, by two points"
    assert found.is_exact


def test_among_equals_the_surroundings_decide_and_then_the_nearest():
    text = "Take one dose of 10 mg at noon with water.\n\n" + "Take one dose of 10 mg at night with some milk.\n\n" * 3
    place = at("10 mg", text, nth=1)
    assert find(Text(text), quoted(place, text), near=place.start) == place
    assert find(Text(text), Quote("10 mg", "one dose of ", " at noon with water")) == at("10 mg", text)
    sought = Quote("10 mg", "Take one dose of ", " at night with some milk")
    assert [find(Text(text), sought, near=near) for near in (0, 10_000)] == [at("10 mg", text, nth=n) for n in (1, 3)]


def test_a_short_passage_is_not_taken_for_its_twin_elsewhere():
    place = at("gamma does not help")
    text = TEXT.replace("Two trials agree that gamma does not help; a third one is under way", "Nothing is known")
    assert "gamma does not help" in text
    assert Edit(TEXT, text).follow(quoted(place), place) is None
    assert find(Text(text), quoted(place)) is None


def test_what_was_lost_is_found_where_it_is_put_back_and_nowhere_else():
    place = at("Two trials agree that gamma does not help")
    without = TEXT.replace("Two trials agree that gamma does not help; ", "")
    assert Edit(TEXT, without).follow(quoted(place), place) is None
    elsewhere = without.replace("## What works", "## What helps")
    assert Edit(without, elsewhere).follow(quoted(place), None) is None
    assert Edit(without, TEXT).follow(quoted(place), None) == place


def test_line_breaks_and_capitals_do_not_matter_to_words_that_are_alike():
    text = TEXT.replace("Alpha helps a little in beta, by two points", "alpha helps  a little\nin beta,\nby two points")
    found = find(Text(text), quoted(at("Alpha helps a little in beta, by two points")))
    assert words_at(found, text) == "alpha helps  a little\nin beta,\nby two points"
    assert not found.is_exact


@pytest.mark.parametrize("exact", ["", "  \n", "not there at all", "…", "?!"])
def test_nothing_is_found_for_nothing(exact):
    assert find(Text(TEXT), Quote(exact)) is None
    assert find(Text(""), Quote(exact)) is None


def test_a_passage_of_signs_alone_is_found_by_its_surroundings():
    place = at(":::", nth=1)
    assert find(Text(TEXT), quoted(place), near=place.start) == place


# -- Properties -----------------------------------------------------------------------------------------------

PROSE = st.text("ab c\n.[@]9é", max_size=120)


@given(PROSE, PROSE, PROSE, PROSE, st.integers(0, 119), st.integers(0, 119))
@example("", "a", "", "", 0, 0)
@example("b", "a", "b", "a", 0, 1)
def test_an_edit_elsewhere_keeps_the_very_place(before, exact, after, new, cut, cut_to):
    """One stretch outside the passage replaced by anything: where no twin stands beside it, it keeps its very place."""
    text, place = before + exact + after, Place(len(before), len(before) + len(exact), True)
    # A twin may overlap the passage: 99 stands twice in 999.
    assume(exact.strip() and text.find(exact) == len(before) == text.rfind(exact) and exact not in after)
    low, high = sorted([cut % (len(before) + 1), cut_to % (len(before) + 1)])
    edited = before[:low] + new + before[high:] + exact + after
    found = Edit(text, edited).follow(quote(text, place.start, place.end), place)
    assert words_at(found, edited) == exact
    low, high = sorted([cut % (len(after) + 1), cut_to % (len(after) + 1)])
    edited = before + exact + after[:low] + new + after[high:]
    found = Edit(text, edited).follow(quote(text, place.start, place.end), place)
    assert words_at(found, edited) == exact


LINES = st.lists(st.sampled_from(["alpha beta", "gamma", "delta alpha", "", "10 mg", "5 mg daily"]), max_size=6)
PASSAGE = "Only zeta, eta and theta were tried in iota."


@given(LINES, LINES, LINES, LINES)
def test_many_edits_in_other_lines_keep_the_place(before, after, new_before, new_after):
    text, edited = ("\n".join([*one, PASSAGE, *two]) for one, two in ((before, after), (new_before, new_after)))
    place = at(PASSAGE, text)
    assert words_at(Edit(text, edited).follow(quoted(place, text), place), edited) == PASSAGE


@given(PROSE, PROSE, PROSE)
def test_a_passage_that_is_taken_out_is_an_orphan(before, exact, after):
    """Where nothing that looks the same stands beside it: then no one can say which of the two was taken out."""
    assume(exact.strip())
    text, place = before + exact + after, Place(len(before), len(before) + len(exact), True)
    edited = before + after
    (gone, _come), *more = anchoring.changes(text, edited)
    assume(not more and gone == (place.start, place.end))
    assert Edit(text, edited).follow(quote(text, place.start, place.end), place) is None


@given(LINES, LINES, LINES, LINES)
def test_a_passage_that_is_taken_out_among_other_edits_is_an_orphan(before, after, new_before, new_after):
    text = "\n".join([*before, PASSAGE, *after])
    edited = "\n".join([*new_before, *new_after])
    place = at(PASSAGE, text)
    assert Edit(text, edited).follow(quoted(place, text), place) is None


@given(PROSE, PROSE)
def test_changes_lead_from_one_text_to_the_other(old, new):
    hunks, built, done = anchoring.changes(old, new), "", 0
    for (start, end), (new_start, new_end) in hunks:
        built += old[done:start] + new[new_start:new_end]
        done = end
    assert built + old[done:] == new
    assert bool(hunks) == (old != new)


@given(PROSE, PROSE, st.integers(0, 200))
def test_what_is_found_is_a_place_of_the_text(text, exact, near):
    place = find(Text(text), Quote(exact), near=near)
    if place:
        assert 0 <= place.start < place.end <= len(text)


def test_the_work_is_bounded_on_texts_that_repeat_themselves():
    """Not a time, but the operations that cost one: comparisons of words on texts made to be slow."""
    compared = 0

    class Counting(anchoring.SequenceMatcher):
        def find_longest_match(self, alo=0, ahi=None, blo=0, bhi=None):
            nonlocal compared
            compared += (ahi - alo) * (bhi - blo)
            return super().find_longest_match(alo, ahi, blo, bhi)

    rnd = random.Random(7)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(anchoring, "SequenceMatcher", Counting)
        for words in ("ab", "abcdefgh", [f"w{n}" for n in range(400)]):
            text = " ".join(rnd.choice(words) for _ in range(20_000))
            sought = " ".join(rnd.choice(words) for _ in range(450))[: anchoring.LONGEST]
            find(Text(text), Quote(sought, "before it", "after it"))
    assert compared < 50_000_000


def test_real_articles_keep_their_passages(shared_data):
    """Passages of real texts, each followed through edits of other lines; then taken out."""
    rnd = random.Random(11)
    files = sorted(shared_data.rglob("*.md"))
    for path in rnd.sample(files, 25):
        text = path.read_text()
        lines = text.split("\n")
        number = rnd.choice([n for n, line in enumerate(lines) if len(line) > 30])
        start = sum(len(line) + 1 for line in lines[:number]) + rnd.randrange(5)
        place = Place(start, start + 24, True)
        others = [n for n in range(len(lines)) if n != number]
        for n in rnd.sample(others, min(4, len(others))):
            lines[n] = rnd.choice(["", lines[n] + " More words.", lines[n].replace(" the ", " a ")])
        edited = "\n".join(lines)
        found = Edit(text, edited).follow(quote(text, place.start, place.end), place)
        assert words_at(found, edited) == words_at(place, text), path
        lines[number] = "A wholly new line."
        assert Edit(text, "\n".join(lines)).follow(quote(text, place.start, place.end), place) is None, path
