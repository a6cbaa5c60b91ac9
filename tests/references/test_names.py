import pytest
from hypothesis import given
from hypothesis import strategies as st

from references.names import clean_authors, family, from_lines, inverted, is_others, to_lines
from tests.references.strategies import ORGANISATIONS, PERSONS

VAN_DEN_BERG = {"family": "Berg", "given": "Jan", "non-dropping-particle": "van den", "suffix": "Jr."}


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Reyes, Ana María", {"family": "Reyes", "given": "Ana María"}),
        ("King, Martin, Jr.", {"family": "King", "given": "Martin", "suffix": "Jr."}),
        ("King ,Martin,Jr., PhD", {"family": "King", "given": "Martin", "suffix": "Jr., PhD"}),
        ("Plato,", {"family": "Plato"}),
        ("World Health Organization", {"literal": "World Health Organization"}),
        ("{Pfizer, Inc.}", {"literal": "Pfizer, Inc."}),
        (", Ana", {"literal": "Ana"}),
    ],
)
def test_a_line_is_a_name(line, name):
    assert from_lines(f"\n {line} \r\n\n") == [name]


def test_a_name_left_as_it_was_keeps_its_particles():
    lines = to_lines([VAN_DEN_BERG])
    assert lines == "van den Berg, Jan, Jr."
    assert from_lines(lines, before=[VAN_DEN_BERG]) == [VAN_DEN_BERG]
    assert from_lines(lines) == [{"family": "van den Berg", "given": "Jan", "suffix": "Jr."}]


@given(st.lists(PERSONS | ORGANISATIONS, max_size=5))
def test_lines_lead_back_to_the_names(names):
    authors = clean_authors(names)
    back = from_lines(to_lines(authors), before=authors)
    # Two names that are written alike are one and the same in a form; all others come back as they were.
    assert to_lines(back) == to_lines(authors)
    if len(set(to_lines(authors).split("\n"))) == len(authors):
        assert back == authors


def test_parts_of_a_name():
    assert family(VAN_DEN_BERG) == "van den Berg"
    assert family({"family": "Sayed", "non-dropping-particle": "al-"}) == "al-Sayed"
    assert family({"family": "Aubignac", "dropping-particle": "de", "non-dropping-particle": "l'"}) == "de l'Aubignac"
    assert inverted(VAN_DEN_BERG) == "van den Berg, Jan, Jr."
    assert inverted({"family": "Reyes,Jr", "suffix": "III"}) == "Reyes Jr, , III"
    assert inverted({"literal": "Pfizer, Inc."}) == "Pfizer, Inc."


MORE = [
    {"literal": "Et al."},
    {"literal": "others"},
    {"literal": "& others."},
    {"family": "et al"},
    {"family": "al.", "given": "et"},
    {"family": "others", "given": "and"},
]


@pytest.mark.parametrize("name", MORE)
def test_more_authors_are_no_author(name):
    assert is_others(name)
    reyes, who = {"family": "Reyes"}, {"literal": "WHO"}
    assert clean_authors([reyes, name, who, name]) == [reyes, who, {"literal": "others"}]
    assert clean_authors([name]) == []


@pytest.mark.parametrize(
    "name", [{"family": "Others"}, {"family": "Al", "given": "Étienne"}, {"literal": "Et Alia Ltd"}]
)
def test_authors_whose_names_are_like_it_are_authors(name):
    assert not is_others(name)
    assert clean_authors([name]) == [name]
