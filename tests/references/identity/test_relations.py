"""Preprints and versions: kept once, joined whichever work comes first, and said in words from both sides."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from people.models import User
from references import library
from references.identity import relations
from references.identity.relations import (
    IDENTICAL_TO,
    NEWER_VERSION_OF,
    OLDER_VERSION_OF,
    PREPRINT_OF,
    PUBLISHED_FROM,
    VERSION_OF,
    Relative,
)
from references.models import Alias, Reference, Relation
from references.works import Work

pytestmark = pytest.mark.django_db
PREPRINT, PUBLISHED = "10.1101/2020.1", "10.5555/published"


@pytest.fixture
def work() -> Callable[[str], Reference]:
    def make(doi: str) -> Reference:
        return Reference.objects.create(key=doi.replace("/", "-"), title=f"Work {doi}", doi=doi)

    return make


def said(reference: Reference) -> list[str]:
    return [each.sentence for each in relations.relations_of(reference)]


def test_the_same_said_twice_is_kept_once(work: Callable[[str], Reference]):
    preprint = work(PREPRINT)
    told = [Relative(PREPRINT_OF, PUBLISHED), Relative(PREPRINT_OF, PUBLISHED), Relative(VERSION_OF, PREPRINT)]
    assert relations.store(preprint, told, "crossref") == 1
    assert relations.store(preprint, told, "datacite") == 0
    [row] = Relation.objects.all()
    assert (row.kind, row.doi, row.other, row.source) == ("preprint-of", PUBLISHED, None, "crossref")


def test_nothing_is_asked_where_nothing_is_new(
    work: Callable[[str], Reference], django_assert_num_queries: DjangoAssertNumQueries
):
    preprint = work(PREPRINT)
    relations.store(preprint, [Relative(PREPRINT_OF, PUBLISHED)], "crossref")
    with django_assert_num_queries(2):
        relations.store(preprint, [Relative(PREPRINT_OF, PUBLISHED)], "crossref")


def test_a_work_that_is_here_is_joined_at_once(work: Callable[[str], Reference]):
    preprint, published = work(PREPRINT), work(PUBLISHED)
    relations.store(preprint, [Relative(PREPRINT_OF, PUBLISHED)], "crossref")
    assert Relation.objects.get().other == published


def test_a_work_is_joined_by_a_former_doi(work: Callable[[str], Reference]):
    preprint, published = work(PREPRINT), work("10.5555/now")
    Alias.objects.create(scheme="doi", value=PUBLISHED, written=PUBLISHED, reference=published)
    relations.store(preprint, [Relative(PREPRINT_OF, PUBLISHED)], "crossref")
    assert Relation.objects.get().other == published
    # What is said of a work under its own former DOI is said of itself.
    assert relations.store(published, [Relative(VERSION_OF, PUBLISHED)], "crossref") == 0


def test_a_work_that_comes_later_is_joined_when_it_comes(
    work: Callable[[str], Reference], django_assert_num_queries: DjangoAssertNumQueries
):
    preprint = work(PREPRINT)
    relations.store(preprint, [Relative(PREPRINT_OF, PUBLISHED)], "crossref")
    published = work(PUBLISHED)
    with django_assert_num_queries(1):
        assert relations.join(published) == 1
    assert relations.join(published) == 0
    assert Relation.objects.get().other == published


def test_many_that_come_later_are_joined_by_one_query(
    work: Callable[[str], Reference], django_assert_num_queries: DjangoAssertNumQueries
):
    for number in range(3):
        preprint = work(f"{PREPRINT}.{number}")
        relations.store(preprint, [Relative(PREPRINT_OF, f"{PUBLISHED}.{number}")], "crossref")
    for number in range(2):
        work(f"{PUBLISHED}.{number}")
    with django_assert_num_queries(1):
        assert relations.join_all() == 2
    assert [row.other and row.other.doi for row in Relation.objects.order_by("doi")] == [
        f"{PUBLISHED}.0",
        f"{PUBLISHED}.1",
        None,
    ]


def test_a_work_without_a_doi_asks_nothing(django_assert_num_queries: DjangoAssertNumQueries):
    bare = Reference.objects.create(key="bare", title="Bare")
    with django_assert_num_queries(0):
        assert relations.join(bare) == 0


def test_both_sides_say_it(work: Callable[[str], Reference]):
    preprint, published = work(PREPRINT), work(PUBLISHED)
    relations.store(preprint, [Relative(PREPRINT_OF, PUBLISHED)], "crossref")
    assert said(preprint) == [f"Published as “Work {PUBLISHED}” (@10.5555-published)."]
    assert said(published) == [f"First posted as the preprint “Work {PREPRINT}” (@10.1101-2020.1)."]
    # The other side's own word for the same is no second relation.
    relations.store(published, [Relative(PUBLISHED_FROM, PREPRINT)], "crossref")
    assert len(said(preprint)) == len(said(published)) == 1


def test_says_the_doi_of_a_work_that_is_not_here(work: Callable[[str], Reference]):
    preprint = work(PREPRINT)
    relations.store(preprint, [Relative(PREPRINT_OF, PUBLISHED)], "crossref")
    [one] = relations.relations_of(preprint)
    assert one.sentence == f"Published as doi:{PUBLISHED}."
    assert one.url == f"https://doi.org/{PUBLISHED}"
    assert one.work is None


def test_versions_in_words_what_replaces_first(
    work: Callable[[str], Reference], django_assert_num_queries: DjangoAssertNumQueries
):
    second = work("10.5555/v2")
    relations.store(
        second,
        [
            Relative(VERSION_OF, "10.5555/any"),
            Relative(NEWER_VERSION_OF, "10.5555/v1"),
            Relative(OLDER_VERSION_OF, "10.5555/v3"),
        ],
        "crossref",
    )
    with django_assert_num_queries(2):
        sentences = said(second)
    assert sentences == [
        "A newer version is doi:10.5555/v3.",
        "An older version is doi:10.5555/v1.",
        "Another version is doi:10.5555/any.",
    ]
    first = work("10.5555/v1")
    relations.join(first)
    assert said(first) == ["A newer version is “Work 10.5555/v2” (@10.5555-v2)."]


def test_published_version(work: Callable[[str], Reference]):
    preprint, published = work(PREPRINT), work(PUBLISHED)
    assert relations.published_version(preprint) is None
    relations.store(published, [Relative(PUBLISHED_FROM, PREPRINT)], "crossref")
    newer = relations.published_version(preprint)
    assert newer is not None
    assert newer.work == published
    assert relations.published_version(published) is None


def test_query_counts_do_not_grow(work: Callable[[str], Reference]):
    preprint = work(PREPRINT)
    for number in range(20):
        work(f"{PUBLISHED}.{number}")
    from django.db import connection

    with CaptureQueriesContext(connection) as captured:
        relations.store(preprint, [Relative(VERSION_OF, f"{PUBLISHED}.{n}") for n in range(20)], "crossref")
    assert len(captured) <= 6


def test_saving_and_importing_join_what_waited(author: User, work: Callable[[str], Reference]):
    """Whichever way a work comes into the library, what named it before leads to it."""
    preprint = work(PREPRINT)
    told = [Relative(PREPRINT_OF, PUBLISHED), Relative(VERSION_OF, "10.5555/second")]
    relations.store(preprint, told, "crossref")
    saved = library.save_reference(Reference(title="Published", doi=PUBLISHED), by=author)
    added = library.add_works([Work(title="Second", doi="10.5555/second")], by=author, comment="").added
    assert {each.work for each in relations.relations_of(preprint)} == {saved, *added}


def test_many_are_stored_as_one_is(work: Callable[[str], Reference], django_assert_num_queries: DjangoAssertNumQueries):
    preprint, published, twin = work(PREPRINT), work(PUBLISHED), work("10.5555/twin")
    Alias.objects.create(scheme="doi", value="10.5555/old", written="10.5555/old", reference=twin)
    relations.store(preprint, [Relative(VERSION_OF, "10.5555/known")], "crossref")
    told = [
        (preprint, [Relative(PREPRINT_OF, PUBLISHED), Relative(VERSION_OF, "10.5555/known")], "datacite"),
        (published, [Relative(VERSION_OF, PUBLISHED), Relative(IDENTICAL_TO, "10.5555/old")], "datacite"),
        (twin, [Relative(VERSION_OF, "10.5555/old"), Relative(VERSION_OF, "10.5555/away")], "crossref"),
    ]
    with django_assert_num_queries(5):
        assert relations.store_many(told) == 3
    rows = Relation.objects.exclude(doi="10.5555/known").order_by("doi").values_list("kind", "doi", "other", "source")
    assert list(rows) == [
        ("version-of", "10.5555/away", None, "crossref"),
        ("identical-to", "10.5555/old", twin.pk, "datacite"),
        ("preprint-of", PUBLISHED, published.pk, "datacite"),
    ]
    assert said(twin) == [
        "Another version is doi:10.5555/away.",
        f"The same work is registered as “Work {PUBLISHED}” (@10.5555-published), too.",
    ]
    assert relations.store_many(told) == 0
