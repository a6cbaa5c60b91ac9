import pytest
from hypothesis import given
from hypothesis import strategies as st

from references.identity import keys

REYES = [{"family": "Reyes", "given": "Ana"}, {"family": "Smith"}]


@pytest.mark.parametrize(
    "key", ["reyes2021", "_x", "9lives", "a:b", "a.b-c", "DOI/10", "señor", "a?b", "pmid25070942", "x" * 120]
)
def test_plain_keys(key):
    assert keys.is_plain(key)
    assert keys.is_key(key)


@pytest.mark.parametrize("key", ["odd key", "a--b", ".a", "a.", "https://example.org/a", "a;b", "a@b", "*"])
def test_keys_that_need_braces(key):
    assert not keys.is_plain(key)
    assert keys.is_key(key)


@pytest.mark.parametrize(
    "key",
    [
        "",
        " a",
        "a ",
        "a\nb",
        "a\tb",
        "a{b",
        "a}b",
        "a]b",
        "a[b",
        "x" * 121,
        "ß" * 100,
        "a\x00b",
        "http://zotero.org/users/1/items/AB",
    ],
)
def test_what_no_key_may_be(key):
    assert not keys.is_key(key)


@pytest.mark.parametrize(
    ("authors", "year", "title", "key"),
    [
        (REYES, 2021, "The effects of anticoagulation in the old", "reyes-2021-anticoagulation"),
        ([{"family": "Müller-Łuc", "non-dropping-particle": "von"}], 1999, "Über Herz", "muller-luc-1999-uber"),
        ([{"literal": "World Health Organization"}], 2020, "Ferritin", "who-2020-ferritin"),
        ([{"literal": "Cochrane"}], 2020, "Iron", "cochrane-2020-iron"),
        ([{"literal": "National Institute for Health and Care Excellence"}], None, "Back pain", "nihce-nd-back"),
        ([], 2011, "Parasites: Ascariasis", "parasites-2011-ascariasis"),
        ([], None, "Parasites", "parasites-nd-work"),
        ([{"family": "王"}], 2020, "中文", "work-2020-work"),
        (REYES, 2021, "What is it", "reyes-2021-what"),
    ],
)
def test_a_made_key_is_author_year_word(authors, year, title, key):
    assert keys.make_key(authors, year, title) == key


def test_a_taken_key_gets_a_letter_then_a_number():
    taken = {"reyes-2021-iron"}
    made = []
    for _ in range(40):
        key = keys.make_key(REYES, 2021, "Iron", taken)
        assert key not in taken
        made.append(key)
        taken.add(key)
    assert made[:2] == ["reyes-2021-iron-b", "reyes-2021-iron-c"]
    assert made[24:27] == ["reyes-2021-iron-z", "reyes-2021-iron-27", "reyes-2021-iron-28"]


@given(
    st.lists(st.fixed_dictionaries({}, optional={"family": st.text(), "given": st.text(), "literal": st.text()})),
    st.none() | st.integers(1000, 2200),
    st.text(),
)
def test_every_made_key_is_plain(authors, year, title):
    assert keys.is_plain(keys.make_key(authors, year, title))
    assert keys.normal(keys.make_key(authors, year, title)) == keys.make_key(authors, year, title)
