"""The library's search: what it finds, that no text breaks it, and that its index follows every write."""

from __future__ import annotations

import pytest
import reversion
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from people.models import User
from references import library
from references.models import Alias, Reference
from references.searching import finding, search_index
from references.searching.finding import FEW, Listing, search
from references.searching.words import indexed, words_of
from references.works import Work

pytestmark = pytest.mark.django_db
SLOW = settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
# What `works.clean` lets through: no control characters, no lone surrogates.
TITLES = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=80).filter(str.strip)


def keys_found(query: str) -> set[str]:
    return set(search(query).values_list("key", flat=True))


def listed(rows=None, **options) -> list[str]:
    works, _more = Listing(Reference.objects.all() if rows is None else rows, **options).page(0, 50)
    return [work.key for work in works]


@pytest.fixture
def librarian() -> User:
    return User.objects.create_user("librarian@example.org", name="Lib")


@pytest.fixture
def many(monkeypatch):
    """Every search takes the way of frequent words."""
    monkeypatch.setattr(finding, "FEW", 0)


@pytest.fixture(params=["few", "many"])
def either_way(request):
    if request.param == "many":
        request.getfixturevalue("many")


# -- What is found --------------------------------------------------------------------------------------------


@SLOW
@given(title=TITLES, family=TITLES, data=st.data())
def test_every_beginning_of_every_word_finds_its_work_and_no_other_does(title, family, data):
    Reference.objects.all().delete()
    Reference.objects.create(key="other", title="Zebra crossing")
    work = Reference.objects.create(key="this", title=title, authors=[{"family": family}], doi="10.1000/abc.def")
    for word in {*words_of(title), *words_of(family), "this", "10", "def"}:
        start = word[: data.draw(st.integers(1, len(word)))]
        expected = {work.key} | (
            {"other"} if any(w.startswith(start) for w in ("other", "zebra", "crossing")) else set()
        )
        assert keys_found(start) == expected, start
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(finding, "FEW", 0)
            assert keys_found(start) == expected, start
    assert "this" in keys_found(title) or not words_of(title)


@SLOW
@given(query=st.text(max_size=60) | st.from_regex(r"[\"'*()&|!:<>\\ \x00-]{1,20}[a-z]*", fullmatch=True))
def test_no_text_breaks_the_search(query):
    Reference.objects.get_or_create(key="one", defaults={"title": "AND OR NOT NEAR title:x"})
    list(search(query))
    listing = Listing(Reference.objects.all(), query=query)
    listing.count()
    listing.page(0, 10)


@pytest.mark.parametrize(
    "query", ['"', "*", "NEAR(a b)", "AND", "' OR 1=1 --", "a:*", "\\", "search_text:x", "\x00", "%"]
)
def test_signs_are_only_text(query, either_way):
    Reference.objects.create(key="one", title="Zebra")
    assert keys_found(query) == set()


def test_all_words_count_in_any_order_without_case_and_accents(either_way):
    Reference.objects.create(key="reyes-2021", title="Crohn’s disease", authors=[{"family": "Núñez", "given": "Ana"}])
    Reference.objects.create(key="smith-2020", title="Anaemia")
    for query in ("nunez crohns", "CROHN'S reyes", "dis ana núñ 2021"):
        assert keys_found(query) == {"reyes-2021"}, query
    assert keys_found("ana") == {"reyes-2021", "smith-2020"}
    assert keys_found("crohn zebra") == set()
    assert keys_found("rohn") == set(), "the middle of a word is no beginning"
    assert len(keys_found("")) == len(keys_found("  ")) == 2


@pytest.mark.parametrize(
    "query",
    [
        "10.1056/NEJMoa2107038",
        "https://doi.org/10.1056/nejmoa2107038",
        "doi: 10.1056/NEJMOA2107038.",
        "PMID: 34449189",
        "https://pubmed.ncbi.nlm.nih.gov/34449189/",
        "pmc8765432",
        "0-306-40615-2",
        "978-0-306-40615-7",
        "NCT01234567",
        "https://clinicaltrials.gov/study/NCT01234567",
        "[@anker-2021]",
        "@Anker-2021",
    ],
)
def test_an_identifier_in_any_form_finds_its_work(query, either_way):
    Reference.objects.create(
        key="anker-2021",
        title="Empagliflozin",
        doi="10.1056/nejmoa2107038",
        pmid="34449189",
        pmcid="PMC8765432",
        isbn="9780306406157",
        nct="NCT01234567",
    )
    Reference.objects.create(key="other", title="Another work", doi="10.1056/other")
    assert keys_found(query) == {"anker-2021"}
    assert listed(query=query) == ["anker-2021"]


def test_an_old_key_or_doi_finds_the_kept_work(either_way):
    work = Reference.objects.create(key="kept", title="Kept work")
    Alias.objects.create(scheme="key", value="old-key", written="Old-Key", reference=work)
    Alias.objects.create(scheme="doi", value="10.1000/old", written="10.1000/old", reference=work)
    for query in ("old-key", "[@Old-Key]", "10.1000/OLD", "https://doi.org/10.1000/old"):
        assert keys_found(query) == {"kept"}, query
        assert listed(query=query) == ["kept"]


def test_exact_hits_come_first_and_once(either_way):
    for key in ("a-work", "m-work", "work", "work-2"):
        Reference.objects.create(key=key, title="A work on work")
    assert listed(query="work") == ["work", "a-work", "m-work", "work-2"]
    narrowed = Reference.objects.exclude(key="work")
    assert listed(narrowed, query="work") == ["a-work", "m-work", "work-2"], "a filter holds for exact hits, too"


def test_pages_of_a_search_hold_each_work_once():
    for number in range(10):
        Reference.objects.create(key=f"work-{number}", title="On work", year=2000 + number % 3)
    Reference.objects.create(key="work", title="On work")
    for order in finding.ORDERS:
        listing = Listing(Reference.objects.all(), query="work", order=order)
        pages = [listing.page(start, 4) for start in (0, 4, 8)]
        assert [more for _works, more in pages] == [True, True, False]
        keys = [work.key for works, _more in pages for work in works]
        assert keys[0] == "work"
        assert len(keys) == len(set(keys)) == 11
        assert listing.count() == finding.Count(11)


@pytest.mark.parametrize("order", finding.ORDERS)
def test_a_late_page_of_a_counted_list_is_the_same_from_the_end(order):
    for number in range(11):
        Reference.objects.create(key=f"work-{number}", title="On work", year=2000 + number % 3 if number % 4 else None)
    counted, other = (Listing(Reference.objects.all(), order=order) for _listing in range(2))
    assert counted.count() == finding.Count(11)
    for length in (1, 3, 4, 20):
        for start in range(13):
            assert counted.page(start, length) == other.page(start, length)
    with CaptureQueriesContext(connection) as captured:
        counted.page(9, 4)
    assert "OFFSET" not in captured[0]["sql"]


def test_the_orders_put_works_without_a_year_last():
    for key, year in (("a", None), ("b", 1999), ("c", 2020)):
        Reference.objects.create(key=key, title="T", year=year)
    assert listed(order="year") == ["c", "b", "a"]
    assert listed(order="newest") == ["c", "b", "a"]
    assert listed(order="key") == ["a", "b", "c"]


# -- Broad words ----------------------------------------------------------------------------------------------


def test_a_count_is_exact_or_says_that_there_are_more(monkeypatch):
    for number in range(6):
        Reference.objects.create(key=f"k-{number}", title="Common word")
    assert Listing(Reference.objects.all()).count() == finding.Count(6)
    assert Listing(Reference.objects.all(), query="common").count() == finding.Count(6)
    monkeypatch.setattr(finding, "FEW", 4)
    assert Listing(Reference.objects.all(), query="common").count() == finding.Count(4, is_exact=False)
    narrowed = Reference.objects.exclude(key="k-0")
    assert Listing(narrowed, is_narrowed=True).count() == finding.Count(4, is_exact=False)
    # Frequent words in a narrowed list: each row is looked at, so not so far.
    monkeypatch.setattr(finding, "SOME", 3)
    assert Listing(narrowed, query="c", is_narrowed=True).count() == finding.Count(3, is_exact=False)
    assert Listing(narrowed.exclude(key__in=["k-1", "k-2"]), query="c", is_narrowed=True).count() == finding.Count(3)


@pytest.mark.parametrize("query", ["", "c", "common word", "k-3", "10.1000/1"])
def test_a_page_of_a_search_takes_few_queries(query, django_assert_max_num_queries):
    Reference.objects.bulk_create(_derived(Reference(key=f"k-{n}", title="Common word") for n in range(FEW + 50)))
    with django_assert_max_num_queries(7):
        listing = Listing(Reference.objects.all(), query=query)
        listing.count()
        listing.page(0, 30)


def _derived(references):
    rows = list(references)
    for row in rows:
        row.derive()
    return rows


# -- The index is in step ----------------------------------------------------------------------------------------


def in_step() -> bool:
    return search_index.out_of_step(connection) == ""


def test_the_index_follows_every_way_of_writing(librarian):
    library.save_reference(Reference(key="saved", title="Aardvark"), by=librarian)
    library.add_works([Work(title="Badger", key="imported")], by=librarian, comment="")
    Reference.objects.bulk_create(_derived([Reference(key="bulk", title="Capybara")]))
    assert (keys_found("aardv"), keys_found("badg"), keys_found("capy")) == ({"saved"}, {"imported"}, {"bulk"})
    assert in_step()

    saved = Reference.objects.get(key="saved")
    saved.title = "Dormouse"
    library.save_reference(saved, by=librarian)
    Reference.objects.filter(key="bulk").update(search_text=indexed(["Echidna"]))
    imported = Reference.objects.get(key="imported")
    imported.title = "Ferret"
    imported.derive()
    Reference.objects.bulk_update([imported], ["title", "search_text"])
    assert (keys_found("dorm"), keys_found("echi"), keys_found("ferr")) == ({"saved"}, {"bulk"}, {"imported"})
    assert keys_found("aardv") == keys_found("badg") == keys_found("capy") == set()
    assert in_step()

    Reference.objects.filter(key="bulk").delete()
    assert keys_found("echi") == set()
    assert in_step()


def test_a_restored_version_is_found_again(librarian):
    work = library.save_reference(Reference(key="w", title="Aardvark"), by=librarian)
    work.title = "Badger"
    library.save_reference(work, by=librarian)
    with reversion.create_revision():
        work.title = "Aardvark"
        work.save()
    assert keys_found("aardv") == {"w"}


def test_migrate_lays_again_what_a_remade_table_lost(librarian):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite's tables are remade")
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER references_search_added")
        cursor.execute("DROP TRIGGER references_search_changed")
    Reference.objects.create(key="unseen", title="Aardvark")
    assert keys_found("aardv") == set()
    assert not in_step()
    assert [error.id for error in search_index.check_index(None, ["default"])] == ["references.E003"]
    search_index.lay_after_migrate(None, "default")
    assert keys_found("aardv") == {"unseen"}
    assert search_index.check_index(None, ["default"]) == []
    assert in_step()


def test_the_index_is_checked_by_the_system_check():
    call_command("check", databases=["default"])
    assert search_index.missing(connection) == set()
