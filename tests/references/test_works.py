import datetime

import pytest
from hypothesis import given

from references.models import DERIVED, Reference
from references.works import FIELDS, Work, clean, differences, same_work
from tests.references.strategies import works


@given(works())
def test_a_clean_work_stays_as_it_is(work):
    assert clean(work) == (work, {})


def test_every_field_of_a_work_is_a_column():
    columns = {field.name for field in Reference._meta.concrete_fields}
    assert set(FIELDS) <= columns
    assert columns - set(FIELDS) == {"id", *DERIVED, "created_at", "updated_at"}


def test_cleaning_leaves_the_given_work_alone():
    given_work = Work(title=" A  b ", doi="doi:10.1000/X")
    tidy, _ = clean(given_work)
    assert (given_work.title, given_work.doi) == (" A  b ", "doi:10.1000/X")
    assert (tidy.title, tidy.doi) == ("A b", "10.1000/x")


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"title": " \n "}, "title", "needs a title"),
        ({"title": "x" * 2001}, "title", "2001 characters are more than fit here (2000)"),
        ({"key": "a{b"}, "key", "cannot be a key"),
        ({"key": "x" * 121}, "key", "121 characters"),
        ({"kind": "poem"}, "kind", "“poem” is not one of: guideline"),
        ({"status": "lost"}, "status", "“lost” is not one of: current"),
        ({"doi": "nonsense"}, "doi", "is not a DOI"),
        ({"pmid": "x"}, "pmid", "is not a PMID"),
        ({"pmcid": "x"}, "pmcid", "is not a PMCID"),
        ({"isbn": "9780306406158"}, "isbn", "last digit"),
        ({"url": "javascript:alert(1)"}, "url", "is not an address"),
        ({"url": "https://"}, "url", "is not an address"),
        ({"url": "http://[::1"}, "url", "is not an address"),
        ({"url": "https://example.org/" + "x" * 1000}, "url", "1020 characters"),
        ({"year": 999}, "year", "is not between 1000 and 2200"),
        ({"year": 2201}, "year", "is not between 1000 and 2200"),
        ({"month": 5}, "month", "A month needs its year"),
        ({"year": 2020, "month": 13}, "month", "is not between 1 and 12"),
        ({"year": 2020, "day": 3}, "day", "A day needs its month"),
        ({"year": 2021, "month": 2, "day": 29}, "day", "no day “29” in month 2 of 2021"),
        ({"container": "x" * 401}, "container", "401 characters"),
        ({"pages": "x" * 101}, "pages", "101 characters"),
        ({"abstract": "x" * 50_001}, "abstract", "50001 characters"),
        ({"authors": [{"family": "x" * 401}]}, "authors", "401 characters"),
        ({"authors": [{"family": "x"}] * 5001}, "authors", "5001 names are more than"),
    ],
)
def test_what_a_work_may_not_hold(values, field, words):
    _, errors = clean(Work(**{"title": "A title", **values}))
    assert list(errors) == [field]
    assert words in " ".join(errors[field])


def test_names_keep_the_parts_that_csl_knows():
    tidy, errors = clean(
        Work(
            title="T",
            authors=[
                {"given": " Ana  María", "family": "Reyes", "ORCID": "x", "suffix": ""},
                {"literal": " World\nHealth Organization "},
                {"given": "Madonna"},
                {"family": "Gogh", "non-dropping-particle": "van", "literal": "ignored"},
                {"family": "", "literal": " "},
            ],
        )
    )
    assert not errors
    assert tidy.authors == [
        {"family": "Reyes", "given": "Ana María"},
        {"literal": "World Health Organization"},
        {"literal": "Madonna"},
        {"family": "Gogh", "non-dropping-particle": "van"},
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"year": 2020}, {"year": 2020}, True),
        ({"title": "HEART  failúre", "year": 2020}, {"title": "Heart failure", "year": 2020}, True),
        ({"title": "Heart", "year": 2020}, {"title": "Lung", "year": 2020}, False),
        ({"year": 2020}, {"year": 2021}, False),
        ({"year": 2020, "url": "https://a.org"}, {"year": 2021, "url": "https://a.org"}, True),
        ({"url": "https://a.org"}, {"url": "https://a.org"}, True),
        ({"url": "https://a.org"}, {"url": "https://b.org"}, False),
        ({}, {}, True),
        ({"year": 2020}, {}, False),
        ({}, {"year": 2020}, False),
        ({"year": 2020, "doi": "10.1000/a"}, {"year": 2020}, True),
        ({"year": 2020, "doi": "10.1000/a"}, {"year": 2020, "doi": "10.1000/b"}, False),
        ({"year": 2020, "pmid": "1"}, {"year": 2020, "pmid": "2"}, False),
    ],
)
def test_the_same_work_under_one_key(one, other, same):
    one, other = Work(**{"title": "T", **one}), Work(**{"title": "T", **other})
    assert same_work(one, other) is same
    assert same_work(other, one) is same


def test_differences_are_what_the_incoming_work_says_and_the_row_does_not():
    row = Reference(key="a", title="T", volume="3", accessed_on=datetime.date(2020, 1, 1))
    assert differences(Work(title="T", key="b"), row) == ()
    assert differences(Work(title="U", volume="4", pmid="1"), row) == ("title", "volume", "pmid")


def test_a_kind_and_a_status_that_nobody_gave_differ_in_nothing():
    row = Reference(key="a", title="T", kind="cohort", status="retracted")
    assert differences(Work(title="T"), row) == ()
    assert differences(Work(title="T", kind="book", status="corrected"), row) == ("kind", "status")
