"""Taking passages out of texts of every form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import editions
from articles.redacting import Passages

SALT = "5a" * 16


@pytest.mark.parametrize(
    ("passage", "text", "left"),
    [
        ("Ann Lee", "Ann Lee, 54, fell.", "M, 54, fell."),
        ("Ann Lee", "ann  lee fell; ANN\nLEE rose.", "M fell; M rose."),
        ("Ann", "Ann planned with Joann.", "M planned with Joann."),
        ("O'Neil & Co", "<p>O&#x27;Neil &amp; Co</p>", "<p>M</p>"),
        ("O'Neil & Co", "O'Neil & Co", "M"),
        ("12/03/1961", "born 12/03/1961.", "born M."),
        ("Ann Lee", "Nobody.", "Nobody."),
        ("(MRN 77)", "record (MRN 77)!", "record M!"),
    ],
)
def test_a_passage_is_taken_out(passage: str, text: str, left: str):
    words = Passages((passage,), SALT)
    assert words.out_of(text).replace(words.marker(" ".join(passage.split())), "M") == left
    assert words.found == (0 if text == left else left.count("M"))


def test_what_a_heading_is_linked_by_goes_too():
    words = Passages(("Ann Lee",), SALT)
    html = words.out_of('<h2 id="the-case-of-ann-lee">The case of Ann Lee</h2><a href="#planned">planned</a>')
    assert "ann" not in html.lower().replace("planned", "")
    assert words.out_of_all({"id": "the-case-of-ann-lee"}) == {
        "id": html.split('"')[1],
    }


def test_works_people_and_digests_are_left_alone():
    data = {"references": [{"title": "Ann Lee's sign"}], "byline": [{"name": "Ann Lee"}], "digest": "Ann Lee"}
    assert Passages(("Ann Lee",), SALT).out_of_all(data) == data


def test_the_longer_passage_goes_first():
    words = Passages(("Lee", "Ann Lee"), SALT)
    assert words.out_of("Ann Lee and Lee") == f"{words.marker('Ann Lee')} and {words.marker('Lee')}"


def test_a_marker_tells_nothing_without_the_salt():
    assert Passages(("Ann",), SALT).marker("Ann") != Passages(("Ann",), "00" * 16).marker("Ann")


@pytest.mark.parametrize("text", ["Ann <em>Lee</em>", "Ann **Lee**", "An<b>n</b> Lee", "<p>Ann\nLee</p>"])
def test_what_markup_interrupts_is_seen(text: str):
    assert Passages(("Ann Lee",), SALT).still_in([text]) == "Ann Lee"


@given(st.text(max_size=60), st.text(alphabet="abc &<'é9", min_size=3, max_size=12).filter(lambda one: one.strip()))
def test_canonical_texts_keep_their_format_and_lose_the_passage(around: str, passage: str):
    passage = " ".join(passage.split())
    words = Passages((passage,), SALT)
    data = editions.canonical(editions.SOURCE, 1, {"body": f"{around} {passage} {around}", "number": 3})
    left = words.out_of_canonical(editions.SOURCE, data)
    assert left.startswith(b"imprimatur-source 1\n")
    assert words.out_of_canonical(editions.SOURCE, left) == left
    assert words.found >= 1
