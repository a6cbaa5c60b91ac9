"""What holds whatever a file holds: no reader raises, every entry is accounted for, and what RIS can hold survives."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from references.formats import reading
from references.formats.csl import to_csl
from references.names import inverted
from references.works import Work, clean
from tests.references.formats.samples import BROKEN, FORMATS, entry, file_of
from tests.references.strategies import works

SIGNS = {
    "bibtex": [
        "@article{",
        "@string{a = b # ",
        "@comment{",
        "crossref = {w1},",
        "xdata = {w2},",
        "{",
        "}",
        '"',
        "\\",
        ",",
    ],
    "ris": [
        "TY  - ",
        "ER  - ",
        "AU  - ",
        "AB  - ",
        "SN  - 1",
        "PY  - ",
        "DO  - 10.",
        "M3  - ",
        "TY-",
        "  XX  - ",
        "{",
        ",",
    ],
    "nbib": [
        "PMID- ",
        "TI  - ",
        "FAU - ",
        "DP  - ",
        "LID - 10. [doi]",
        "PT  - Retracted Publication",
        "      ",
        "PG  - ",
    ],
    "wos": ["PT J", "ER", "EF", "AU ", "PY ", "BP ", "DI 10.", "   ", "PT", "FN Clarivate\n"],
    "csl": ["{", "}", "[", "]", '"id": ', '"author": ', '"issued": {"date-parts": ', "null", "1e999", '"', ","],
    "list": ["10.5555/", "PMID: ", "PMC", "https://doi.org/", ",", ";", '"', "#", "1" * 30],
}
HOSTILE = [
    "\x00",
    "\r",
    "\u2028",
    "\ufeff",
    "\ud800",
    "\u202e",
    "é",
    "𝔸",
    "%",
    "$",
    "&amp;",
    " and ",
    "0",
    "9" * 400,
    "-",
]


@st.composite
def broken(draw, format):
    """A file of sound entries and one broken, from which pieces were cut, doubled, moved and put in."""
    numbers = draw(st.lists(st.integers(1, 3), max_size=3))
    text = file_of(format, [*(entry(format, number) for number in numbers), BROKEN[format]])
    for _time in range(draw(st.integers(0, 5))):
        start = draw(st.integers(0, len(text)))
        end = start + draw(st.integers(0, 40))
        piece = draw(st.sampled_from(["", text[start:end] * 2, *SIGNS[format], *HOSTILE]) | st.text(max_size=5))
        text = text[:start] + piece + text[draw(st.sampled_from([start, end])) :]
    return text


def soup(format):
    """Nothing but signs of the format and hostile texts, in any order."""
    return st.lists(st.sampled_from([*SIGNS[format], *HOSTILE, "\n", " ", "x"]), max_size=30).map("".join)


def check(found):
    """Every entry is in one of the lists, every work sound, every refusal a sentence, and none of them our fault."""
    for work in found.works:
        assert clean(work) == (work, {})
    for problem in found.problems:
        assert all(message.endswith(".") and "error in this program" not in message for message in problem.messages)
    places = [each.position for each in (*found.problems, *found.wanted, *found.repeats)] + found.positions
    assert sorted(places) in ([0], list(range(1, found.count + 1)))


@pytest.mark.parametrize("format", FORMATS)
def test_no_reader_raises(format):
    @settings(max_examples=60)
    @given(broken(format) | soup(format))
    def holds(text):
        check(reading.read(text, format=format))

    holds()


@settings(max_examples=60)
@given(
    st.binary(max_size=60) | st.sampled_from(FORMATS).flatmap(broken).map(lambda text: text.encode("utf-16", "replace"))
)
def test_no_bytes_make_the_door_raise(content):
    check(reading.read(content))


def ris_form(work):
    """The work as far as RIS holds it: names as they are inverted, a type that it has, and a full title for a short."""
    names = {role: [inverted(name) for name in getattr(work, role)] for role in ("authors", "editors")}
    return work.values() | names


@settings(max_examples=60)
@given(works())
def test_what_ris_can_hold_survives(work):
    """Excluded: keys (tested apart), the generic type, and an abbreviated title without its full one or as long."""
    if not work.container or work.container_short == work.container:
        work.container_short = ""
    work = Work(**{**work.values(), "key": "k", "type": "report" if work.type == "document" else work.type})
    for name in ("container", "container_short", "series", "number"):
        # One field of RIS that says what another says is read once.
        if getattr(work, name) in {work.title, work.issue, work.container} and name != "container":
            setattr(work, name, "")
    if work.container == work.title:
        work.container = work.container_short = ""
    (found,) = reading.read(reading.write("ris", [to_csl(work)]), format="ris").works
    assert ris_form(found) == ris_form(work)
