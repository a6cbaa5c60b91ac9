"""Differences between texts and between sources."""

from collections.abc import Callable
from difflib import SequenceMatcher

import pytest

from articles import diffs
from articles.diffs import ADDED, CHANGED, REMOVED, SAME, SKIPPED, Block, Piece


def shown(pieces: tuple[Piece, ...]) -> str:
    """The pieces as one line: `-old-` and `+new+` marked."""
    marks = {SAME: "", REMOVED: "-", ADDED: "+"}
    return "".join(f"{marks[p.kind]}{p.text.strip() if p.kind != SAME else p.text}{marks[p.kind]}" for p in pieces)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Give 2.5 mg daily.", "Give 12.5 mg daily.", "Give -2.5 mg-+12.5 mg+daily."),
        ("Give 25 mg daily.", "Give 2.5 mg daily.", "Give -25 mg-+2.5 mg+daily."),
        ("Give 5 mg daily.", "Give 5 g daily.", "Give -5 mg-+5 g+daily."),
        ("Give 5 µg/kg now.", "Give 5 mg/kg now.", "Give -5 µg/kg-+5 mg/kg+now."),
        ("Over 1,000 mg.", "Over 1,500 mg.", "Over -1,000 mg-+1,500 mg+."),
        ("For 5–10 days.", "For 5–14 days.", "For -5–10 days-+5–14 days+."),
        ("Below 120/80 mmHg.", "Below 130/80 mmHg.", "Below -120/80 mmHg-+130/80 mmHg+."),
        ("A risk <1 %.", "A risk <10 %.", "A risk -<1 %-+<10 %+."),
        ("It helps [@a; @b, p. 3].", "It helps [@a; @b, p. 33].", "It helps -[@a; @b, p. 3]-+[@a; @b, p. 33]+."),
        ("A low-dose course", "A high-dose course", "A -low-dose-+high-dose+course"),
        ("Two trials agree.", "Two large trials agree.", "Two +large+trials agree."),
        ("COVID-19 vaccines", "COVID-19 tests", "COVID-19 -vaccines-+tests+"),
    ],
)
def test_words_and_doses_stay_whole(old: str, new: str, expected: str) -> None:
    assert shown(diffs.of_words(old, new)) == expected


def test_every_word_of_both_sides_is_shown() -> None:
    old = "Give 2.5 mg of alpha [@a] twice a day, and 30 ml/kg per hour of fluid."
    new = "Do not give 2.5 g of alpha [@a] once a day, nor 3.0 ml/kg per hour of fluid."
    pieces = diffs.of_words(old, new)
    assert "".join(p.text for p in pieces if p.kind != ADDED).split() == old.split()
    assert "".join(p.text for p in pieces if p.kind != REMOVED).split() == new.split()


def test_white_space_alone_is_no_change_of_words() -> None:
    assert [piece.kind for piece in diffs.of_words("one two\nthree", "one  two three")] == [SAME]


def test_paragraphs_are_matched_before_words() -> None:
    old = "First stays.\n\nThe second one changes here.\n\nThird goes away entirely."
    new = "First stays.\n\nQuite another matter.\n\nThe second one changes there."
    blocks = diffs.of_text(old, new)
    assert [block.kind for block in blocks] == [SAME, ADDED, CHANGED, REMOVED]
    assert shown(blocks[2].pieces) == "The second one changes -here-+there+."


def test_text_from_nothing_and_to_nothing() -> None:
    assert [block.kind for block in diffs.of_text("", "One.\n\nTwo.")] == [ADDED, ADDED]
    assert [block.kind for block in diffs.of_text("One.", " \n ")] == [REMOVED]
    assert diffs.of_text("", "") == ()


def test_long_runs_of_the_same_are_shortened() -> None:
    old = "\n\n".join(f"Paragraph {n} stays." for n in range(9))
    new = old.replace("Paragraph 4 stays.", "Paragraph 4 goes.")
    blocks = diffs.shortened(diffs.of_text(old, new))
    assert [(block.kind, block.count) for block in blocks] == [
        (SKIPPED, 3),
        (SAME, 1),
        (CHANGED, 1),
        (SAME, 1),
        (SKIPPED, 3),
    ]


def test_lists_show_a_change_of_order() -> None:
    assert [(p.kind, p.text) for p in diffs.of_list(["Ada", "Ben"], ["Ben", "Ada"])] in (
        [(REMOVED, "Ada"), (SAME, "Ben"), (ADDED, "Ada")],
        [(ADDED, "Ben"), (SAME, "Ada"), (REMOVED, "Ben")],
    )


SOURCE = {
    "question": "Does alpha help?",
    "plain_question": "",
    "bottom_line": {"heading": "Yes", "lead": "It helps."},
    "plain_bottom_line": {"heading": "", "lead": ""},
    "body": "One.\n\nTwo.",
    "topics": ["Hearts"],
    "keywords": [],
    "byline": [{"name": "Ada", "credentials": "MD", "orcid": ""}],
    "searched_on": "2026-01-01",
    "language": "en",
}


def test_sources_name_the_fields_that_differ() -> None:
    new = SOURCE | {
        "bottom_line": {"heading": "Yes", "lead": "It helps a little."},
        "topics": ["Hearts", "Lungs"],
        "byline": [{"name": "Ada", "credentials": "MD, PhD", "orcid": "0000-0002-1825-0097"}],
        "searched_on": "",
    }
    changes = {change.field: change for change in diffs.of_sources(SOURCE, new)}
    assert list(changes) == ["lead", "byline", "topics", "searched_on"]
    assert shown(changes["lead"].blocks[0].pieces) == "It helps +a little+."
    assert changes["topics"].items == (Piece(SAME, "Hearts"), Piece(ADDED, "Lungs"))
    assert changes["byline"].items == (
        Piece(REMOVED, "Ada, MD"),
        Piece(ADDED, "Ada, MD, PhD (ORCID 0000-0002-1825-0097)"),
    )
    assert changes["searched_on"].blocks == (Block(REMOVED, (Piece(REMOVED, "2026-01-01"),)),)


def test_the_same_source_has_no_changes() -> None:
    assert diffs.of_sources(SOURCE, dict(SOURCE)) == []


def test_spacing_alone_is_said_to_be_so() -> None:
    changes = diffs.of_sources(SOURCE, SOURCE | {"body": "One.\n\n\n  Two."})
    assert [(change.field, change.only_spacing) for change in changes] == [("body", True)]
    assert not diffs.of_sources(SOURCE, SOURCE | {"body": "One.\n\nThree."})[0].only_spacing


MOST_WORK = 100_000
"""Comparisons for each of the hard texts; without a bound there would be hundreds of millions."""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a b " * 50_000, "b a " * 50_000),
        ("\n\n".join("abcdefghij" * 2_000), "\n\n".join("jihgfedcba" * 2_000)),
        ("[@" * 90_000, "[@ " * 60_000),
        ("1-" * 90_000, "1 - " * 45_000),
        ("\n\n".join(["a b c d e f g h i j " * 60] * 160), "\n\n".join(["j i h g f e d c b a " * 60] * 160)),
    ],
    ids=["one long paragraph", "many small ones", "brackets", "ranges", "many long ones"],
)
def test_no_text_jams_the_comparison(old: str, new: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Long texts of few different words, on which a comparison without bounds grows with the square of the length.

    Counted is what bounds the work: how much difflib is given, and how many pairs of paragraphs are looked at.
    """
    compared: list[int] = []
    pairs: list[float] = []

    class Matcher(SequenceMatcher):
        def __init__(self, _junk: None, one: list[str], other: list[str]) -> None:
            compared.append(len(one) * len(other))
            assert sum(compared) <= MOST_WORK
            super().__init__(None, one, other)

    def looked_at(one: set[str], other: set[str], alike: Callable[..., float] = diffs._alike) -> float:
        pairs.append(alike(one, other))
        assert len(pairs) <= MOST_WORK
        return pairs[-1]

    monkeypatch.setattr(diffs, "SequenceMatcher", Matcher)
    monkeypatch.setattr(diffs, "_alike", looked_at)
    assert diffs.of_text(old, new)
