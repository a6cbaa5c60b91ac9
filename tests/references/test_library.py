import datetime
from pathlib import Path

import pytest
import reversion
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from reversion.models import Revision, Version

from references import library
from references.formats.csl import parse_csl
from references.identity.shelf import Shelf
from references.library import add_works, match, save_reference
from references.models import Alias, Merge, Reference
from references.searching.finding import search
from references.works import Work, clean
from references.writing import reserve

DATA = Path(__file__).parents[3] / "shared" / "data"

pytestmark = pytest.mark.django_db


@pytest.fixture
def librarian(django_user_model):
    return django_user_model.objects.create_user("librarian@example.org")


@pytest.fixture
def add(librarian):
    def _add(*works, **options):
        return add_works(works, by=librarian, comment="From a file", **options)

    return _add


@pytest.fixture
def anker(librarian):
    return save_reference(
        Reference(key="anker-2021", title="Empagliflozin", year=2021, doi="10.1056/NEJMoa2107038", pmid="34449189"),
        by=librarian,
        comment="By hand",
    )


# save_reference


def test_saving_stores_the_normal_form_and_one_version(anker, librarian):
    anker.refresh_from_db()
    assert anker.doi == "10.1056/nejmoa2107038"
    version = Version.objects.get_for_object(anker).get()
    assert (version.revision.user, version.revision.comment) == (librarian, "By hand")
    assert version.field_dict["doi"] == "10.1056/nejmoa2107038"


def test_each_change_is_a_version_and_no_change_is_none(anker, librarian):
    first_saved = anker.updated_at
    anker.title = " Empagliflozin\n"
    save_reference(anker, by=librarian)
    assert Version.objects.get_for_object(anker).count() == 1
    anker.title = "Empagliflozin in heart failure"
    save_reference(anker, by=librarian, comment="Whole title")
    versions = Version.objects.get_for_object(anker)
    assert [version.field_dict["title"] for version in versions] == ["Empagliflozin in heart failure", "Empagliflozin"]
    anker.refresh_from_db()
    assert anker.updated_at > first_saved
    assert "in heart failure" in anker.search_text


def test_a_work_without_a_key_gets_one_that_is_free(librarian):
    made = [save_reference(Reference(key="", title="Iron", year=2020), by=librarian).key for _ in range(3)]
    assert made == ["iron-2020-work", "iron-2020-work-b", "iron-2020-work-c"]


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"doi": "https://doi.org/10.1056/NEJMOA2107038"}, "doi", "This DOI is in the library already: anker-2021, "),
        ({"pmid": "PMID: 34449189"}, "pmid", "This PMID is in the library already: anker-2021, "),
        ({"key": "ANKER-2021"}, "key", "This key is in the library already: anker-2021, “Empagliflozin” (2021)."),
        ({"doi": "nonsense"}, "doi", "is not a DOI"),
        ({"title": ""}, "title", "A work needs a title."),
        ({"year": None, "month": 3}, "month", "A month needs its year."),
        ({"kind": "poem"}, "kind", "is not one of"),
    ],
)
def test_what_cannot_be_saved_is_said_by_field(anker, librarian, values, field, sentence):
    row = Reference(**{"key": "new", "title": "New", "year": 2022, **values})
    with pytest.raises(ValidationError) as caught:
        save_reference(row, by=librarian)
    assert list(caught.value.message_dict) == [field]
    assert sentence in caught.value.message_dict[field][0]
    assert Reference.objects.get() == anker
    assert Revision.objects.count() == 1


def test_a_changed_key_leaves_the_old_one_behind(anker, librarian):
    anker.key = "Anker-2022"
    save_reference(anker, by=librarian, comment="The year was wrong")
    assert Version.objects.get_for_object(anker).count() == 2
    assert library.resolve(["anker-2021", "Anker-2022", "ANKER-2021"]) == dict.fromkeys(
        ["anker-2021", "Anker-2022", "ANKER-2021"], anker
    )


def test_a_key_can_be_changed_back_and_in_case_alone(anker, librarian):
    for key in ("Anker-2021", "b", "ANKER-2021", "c", "anker-2021"):
        anker.key = key
        save_reference(anker, by=librarian)
    assert set(library.resolve(["anker-2021", "Anker-2021", "b", "ANKER-2021", "c"]).values()) == {anker}
    assert len(library.resolve(["anker-2021", "Anker-2021", "b", "ANKER-2021", "c"])) == 5


def test_a_saved_work_keeps_a_key(anker, librarian):
    anker.key = ""
    with pytest.raises(ValidationError) as caught:
        save_reference(anker, by=librarian)
    assert caught.value.message_dict == {"key": ["A work in the library needs a key: texts cite it by that."]}


@pytest.mark.parametrize(("name", "value"), [("key", "OLD-key"), ("doi", "10.1000/old"), ("pmid", "77")])
def test_what_leads_to_a_work_is_never_given_to_another(anker, librarian, name, value):
    stored = value.casefold()
    Alias.objects.create(scheme=name, value=stored, written=value, reference=anker)
    with pytest.raises(ValidationError) as caught:
        save_reference(Reference(**{"key": "new", "title": "New", name: value}), by=librarian)
    assert list(caught.value.message_dict) == [name]
    assert "is in the library already: anker-2021" in caught.value.message_dict[name][0]
    # It is the work's own to take back.
    setattr(anker, name, value)
    assert getattr(save_reference(anker, by=librarian), name) == value


def test_a_made_key_is_no_alias(anker, librarian):
    Alias.objects.create(scheme="key", value="iron-2020-work", written="iron-2020-work", reference=anker)
    assert save_reference(Reference(title="Iron", year=2020), by=librarian).key == "iron-2020-work-b"
    outcome = add_works([Work(title="Iron", year=2020)], by=librarian, comment="")
    assert outcome.keys == {"": "iron-2020-work-b"}


def test_an_alias_made_while_a_work_was_written_is_seen(anker, librarian, monkeypatch):
    """Another session makes the key an alias between our check and our write."""
    Alias.objects.create(scheme="key", value="old", written="old", reference=anker)
    monkeypatch.setattr(library, "_taken_errors", lambda work, pk: {})
    with pytest.raises(ValidationError) as caught:
        save_reference(Reference(key="old", title="New"), by=librarian)
    assert "key" in caught.value.message_dict
    assert Reference.objects.get() == anker


def test_a_work_added_meanwhile_is_said_too(anker, librarian, monkeypatch):
    """Between check and write another session may add the same DOI: the table refuses, and the answer is the same."""
    real, calls = library._taken_errors, []

    def late(work, pk):
        calls.append(pk)
        return {} if len(calls) == 1 else real(work, pk)

    monkeypatch.setattr(library, "_taken_errors", late)
    with pytest.raises(ValidationError) as caught:
        save_reference(Reference(key="new", title="New", doi=anker.doi), by=librarian)
    assert "This DOI is in the library already" in caught.value.message_dict["doi"][0]
    assert Reference.objects.count() == 1


# match


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"doi": "10.1056/nejmoa2107038"}, "doi"),
        ({"pmid": "34449189"}, "pmid"),
        ({"doi": "10.1000/other", "pmid": "34449189"}, "pmid"),
        ({"doi": "10.1056/nejmoa2107038", "pmid": "1"}, "doi"),
    ],
)
def test_a_work_is_found_by_doi_then_pmid(anker, values, rule):
    found = match(Work(title="Another title", **values))
    assert (found.reference, found.rule) == (anker, rule)
    assert found.rule_label == f"the same {rule.upper()}"


def test_a_work_is_not_found_by_its_title(anker):
    assert match(Work(title="Empagliflozin", key="anker-2021", year=2021)) is None


# add_works


def test_new_works_are_added_in_one_revision_with_a_version_each(add, librarian):
    outcome = add(
        Work(title="A", key="a", source_id="a"), Work(title="B", key="b", source_id="b", authors=[{"family": "X"}])
    )
    assert [row.key for row in outcome.added] == ["a", "b"]
    assert outcome.keys == {"a": "a", "b": "b"}
    assert not outcome.renamed
    revision = Revision.objects.get()
    assert (revision.user, revision.comment) == (librarian, "From a file")
    assert revision.version_set.count() == 2
    assert set(search("x")) == {Reference.objects.get(key="b")}


def test_a_work_that_is_here_leaves_the_row_as_it_is(add, anker):
    outcome = add(Work(title="Other words", key="smith", pmid="34449189", volume="3", source_id="smith"))
    assert not outcome.added
    assert not outcome.refused
    found = outcome.found[0]
    assert (found.match.reference, found.match.rule) == (anker, "pmid")
    assert found.differs == ("title", "volume")
    assert outcome.keys == {"smith": "anker-2021"}
    anker.refresh_from_db()
    assert (anker.title, anker.volume) == ("Empagliflozin", "")
    assert Revision.objects.count() == 1


def test_a_doi_counts_before_a_pmid(add, anker):
    add(Work(title="B", key="b", pmid="5"))
    outcome = add(Work(title="C", key="c", doi=anker.doi, pmid="5", source_id="c"))
    assert outcome.keys == {"c": "anker-2021"}
    assert outcome.found[0].match.rule == "doi"


def test_the_same_key_and_content_is_the_same_work(add):
    work = Work(title="Ascariasis", key="CDC1", url="https://www.cdc.gov/a", source_id="CDC1")
    add(work)
    outcome = add(work)
    assert [(found.match.rule, found.differs) for found in outcome.found] == [("key", ())]
    assert outcome.found[0].match.rule_label == "the same key and title"
    assert Reference.objects.count() == 1


def test_a_key_of_another_work_is_refused_with_both_named(add, anker):
    outcome = add(
        Work(title="Dapagliflozin", year=2019, key="ANKER-2021", source_id="ANKER-2021"), Work(title="C", key="c")
    )
    assert [row.key for row in outcome.added] == ["c"]
    refused = outcome.refused[0]
    assert refused.reference == anker
    assert refused.message == (
        "The key ANKER-2021 stands for another work here: “Empagliflozin” (2021). "
        "The new work is “Dapagliflozin” (2019)."
    )
    assert "ANKER-2021" not in outcome.keys


def test_a_key_of_another_work_is_renamed_when_asked_and_found_again(add, anker):
    work = Work(title="Dapagliflozin", year=2019, key="anker-2021", source_id="anker-2021")
    outcome = add(work, rename_keys=True)
    assert outcome.renamed == outcome.keys == {"anker-2021": "dapagliflozin-2019-work"}
    for rename_keys in (True, False):
        again = add(work, rename_keys=rename_keys)
        assert (again.added, again.refused) == ([], [])
        assert again.keys == {"anker-2021": "dapagliflozin-2019-work"}
        assert again.found[0].match.rule_label == "the same title, author and year"


def test_a_work_without_a_key_gets_author_year_word_and_is_found_again(add):
    works = [
        Work(title="Iron", year=2020, authors=[{"family": "Reyes"}], source_id="http://zotero.org/users/1/items/A"),
        Work(title="Iron", year=2020, authors=[{"family": "Reyes"}], url="https://a.org", source_id="B{"),
    ]
    outcome = add(*works)
    assert outcome.keys == {works[0].source_id: "reyes-2020-iron", "B{": "reyes-2020-iron-b"}
    assert outcome.renamed == outcome.keys
    again = add(*works)
    assert again.added == []
    assert again.keys == outcome.keys


def test_a_work_without_a_key_is_found_by_title_author_and_year_only_together(add):
    reyes, smith = [{"family": "Reyes"}], [{"family": "Smith"}]
    add(Work(title="Editorial", year=2020, authors=reyes, key="hand-made"))
    outcome = add(
        Work(title="EDITORIAL", year=2020, authors=reyes, source_id="{1"),
        Work(title="Editorial", year=2020, authors=smith, source_id="{2"),
        Work(title="Editorial", year=2021, authors=reyes, source_id="{3"),
        Work(title="Editorial", year=2020, authors=reyes, url="https://a.org", source_id="{4"),
    )
    assert outcome.keys == {
        "{1": "hand-made",
        "{2": "smith-2020-editorial",
        "{3": "reyes-2021-editorial",
        "{4": "reyes-2020-editorial",
    }


def test_a_made_key_is_none_that_a_later_entry_asks_for(add):
    outcome = add(
        Work(title="Iron", year=2020, source_id="x{"),
        Work(title="Quite another", key="iron-2020-work", source_id="iron-2020-work"),
    )
    assert outcome.keys == {"x{": "iron-2020-work-b", "iron-2020-work": "iron-2020-work"}


def test_two_entries_of_one_file_with_one_identifier_are_one_work(add):
    outcome = add(
        Work(title="A", key="a", doi="10.1000/x", source_id="a"),
        Work(title="A.", key="b", doi="10.1000/X", source_id="b"),
    )
    assert len(outcome.added) == 1
    assert outcome.keys == {"a": "a", "b": "a"}


def test_two_works_of_one_file_with_one_key_and_a_taken_made_key(add):
    add(Work(title="Dust in mines", key="dust-2020-mines", year=2019, source_id="m"))
    outcome = add(
        Work(title="A", key="same", year=2020, source_id="same"),
        Work(title="Dust and mines", key="SAME", year=2020, source_id="SAME"),
        rename_keys=True,
    )
    assert outcome.keys == {"same": "same", "SAME": "dust-2020-mines-b"}


def test_a_work_that_is_not_sound_is_refused_and_the_rest_goes_on(add):
    outcome = add(Work(title="A", key="a", doi="nonsense"), Work(title="B", key="b"))
    assert [row.key for row in outcome.added] == ["b"]
    assert outcome.refused[0].reference is None
    assert outcome.refused[0].message.startswith("doi: “nonsense” is not a DOI")


def test_all_or_nothing(add, monkeypatch):
    def stop(done, total):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        add(Work(title="A", key="a"), Work(title="B", key="b"), progress=stop)
    assert not Reference.objects.exists()
    assert not Revision.objects.exists()


def test_a_work_that_another_session_added_meanwhile_is_found(add, anker, monkeypatch):
    """The first look-up misses the row, as it does when it is written a moment later: the second one sees it."""
    real, reads = Shelf._read, []

    def blind_at_first(shelf, column, values):
        reads.append(column)
        if len(reads) > 4:
            real(shelf, column, values)

    monkeypatch.setattr(Shelf, "_read", blind_at_first)
    outcome = add(Work(title="E", key="e", doi=anker.doi, source_id="e"))
    assert outcome.keys == {"e": "anker-2021"}


def test_what_the_table_refuses_twice_is_an_error(add, anker, monkeypatch):
    monkeypatch.setattr(Shelf, "_read", lambda shelf, column, values: None)
    with pytest.raises(IntegrityError):
        add(Work(title="E", key="e", doi=anker.doi))


def test_the_queries_grow_with_the_chunks_and_not_with_the_works(add, django_assert_max_num_queries):
    works = [Work(title=f"Work {n}", key=f"w{n}", doi=f"10.1000/{n}", pmid=str(n + 1)) for n in range(1000)]
    with django_assert_max_num_queries(80):
        assert len(add(*works).added) == 1000
    with django_assert_max_num_queries(24):
        assert len(add(*works).found) == 1000


@pytest.fixture
def many(monkeypatch):
    """However few works: they are made ready before the transaction."""
    monkeypatch.setattr(library, "FEW", 0)


def test_what_comes_between_comparing_and_writing_is_found(librarian, many):
    told = []

    def before(outcome):
        told.append([type(one).__name__ for one in outcome.placed])
        if len(told) == 1:
            # Nothing of its own refuses a second row of the same PMCID.
            library.save_reference(Reference(key="theirs", title="Theirs", pmcid="PMC5"), by=librarian)

    ours = [Work(title="Ours", key="ours", pmcid="PMC5"), Work(title="Another", key="another")]
    outcome = library.add_works(ours, by=librarian, comment="", before=before)
    assert told == [["Fresh", "Fresh"], ["Found", "Fresh"]]
    assert [row.key for row in outcome.added] == ["another"]
    assert set(Reference.objects.values_list("key", flat=True)) == {"theirs", "another"}


def test_who_comes_too_late_each_time_is_let_in_at_last(librarian, many):
    changes = []

    def before(outcome):
        changes.append(len(changes))
        library.save_reference(Reference(title=f"Change {len(changes)}"), by=librarian)

    outcome = library.add_works([Work(title="Ours", key="ours")], by=librarian, comment="", before=before)
    assert len(outcome.added) == 1
    assert len(changes) == 4


def test_what_fails_at_the_end_leaves_nothing(librarian, many):
    def within(outcome):
        assert Reference.objects.count() == 2
        raise RuntimeError

    works = [Work(title="One", key="one"), Work(title="Two", key="two")]
    with pytest.raises(RuntimeError):
        library.add_works(works, by=librarian, comment="", within=within)
    assert not Reference.objects.exists()
    assert not Version.objects.exists()


def test_no_row_gets_the_key_of_a_row_that_was_made_ready(add, librarian, many):
    first = library.save_reference(Reference(title="First"), by=librarian)
    added = add(*(Work(title=f"Work {n}", key=f"w{n}") for n in range(3))).added
    last = library.save_reference(Reference(title="Last"), by=librarian)
    pks = [first.pk, *(row.pk for row in added), last.pk]
    assert pks == sorted(set(pks))
    assert [row.pk for row in Reference.objects.filter(key__startswith="w").order_by("key")] == pks[1:4]
    assert reserve(Reference, 2)[0] > last.pk


def test_rows_made_ready_are_as_saved_ones(add, many):
    work = Work(title="Ä", key="ä", authors=[{"family": "Müller"}], year=2020, accessed_on=datetime.date(2021, 2, 3))
    row = Reference.objects.get(pk=add(work).added[0].pk)
    before = {field.attname: getattr(row, field.attname) for field in Reference._meta.concrete_fields}
    row.save()
    row.refresh_from_db()
    assert {field.attname: getattr(row, field.attname) for field in Reference._meta.concrete_fields} == before
    assert search("muller").get() == row


def test_the_history_is_as_django_reversion_writes_it(add, librarian):
    work = Work(
        title="Ä",
        key="a",
        authors=[{"family": "Müller"}],
        year=2020,
        month=2,
        doi="10.1000/a",
        accessed_on=datetime.date(2021, 2, 3),
    )
    row = add(work).added[0]
    ours = Version.objects.get_for_object(row).get()
    with reversion.create_revision():
        reversion.add_to_revision(row)
    theirs, _ours = Version.objects.get_for_object(row)
    for name in ("object_id", "content_type_id", "db", "format", "serialized_data", "object_repr"):
        assert getattr(ours, name) == getattr(theirs, name), name


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"doi": "10.1000/OLD"}, "the same DOI: 10.1000/old is another name of this work"),
        ({"pmid": "77"}, "the same PMID: 77 is another name of this work"),
        ({"pmcid": "PMC9"}, "the same PMCID: PMC9 is another name of this work"),
    ],
)
def test_a_work_is_found_by_another_name(add, anker, values, rule):
    for scheme, value in (("doi", "10.1000/old"), ("pmid", "77"), ("pmcid", "PMC9")):
        Alias.objects.create(scheme=scheme, value=value, written=value, reference=anker)
    found = add(Work(title="Other words", key="x", **values)).found[0]
    assert (found.match.reference, found.match.rule_label) == (anker, rule)
    assert match(clean(Work(title="Other words", **values))[0]).reference == anker


def test_a_work_is_found_by_its_pmcid_unless_a_better_identifier_contradicts(add, anker):
    Reference.objects.filter(pk=anker.pk).update(pmcid="PMC12")
    outcome = add(
        Work(title="A", key="a", pmcid="PMC12"),
        Work(title="B", key="b", pmcid="PMC12", doi="10.1000/b"),
    )
    assert [(found.work.key, found.match.rule_label) for found in outcome.found] == [("a", "the same PMCID")]
    assert [row.key for row in outcome.added] == ["b"]


def test_the_key_of_a_merged_work_leads_to_the_kept_one_for_that_work_alone(add, anker, librarian):
    Alias.objects.create(scheme="key", value="gone", written="Gone", reference=anker)
    gone = {"key": "Gone", "title": "Empagliflozin in heart failure", "year": 2021}
    Merge.objects.create(kept=anker, kept_key=anker.key, gone_key="Gone", gone_id=99, gone=gone, by=librarian)
    outcome = add(
        Work(title="Empagliflozin in heart failure", key="gone", year=2021, source_id="1"),
        Work(title="Empagliflozin", key="GONE", year=2021, source_id="2"),
        Work(title="Quite another", key="gone", year=1999, source_id="3"),
    )
    assert outcome.keys == {"1": "anker-2021", "2": "anker-2021"}
    assert "The key gone stands for another work here" in outcome.refused[0].message
    assert outcome.found[0].match.rule_label == "the same key and title: Gone is another name of this work"


def test_an_alias_made_while_works_were_written_is_found_the_second_time(add, anker, monkeypatch):
    real, reads = Shelf._read_aliases, []

    def blind_at_first(shelf, scheme, values):
        reads.append(scheme)
        if len(reads) > 4:
            real(shelf, scheme, values)

    monkeypatch.setattr(Shelf, "_read_aliases", blind_at_first)
    Alias.objects.create(scheme="doi", value="10.1000/old", written="10.1000/old", reference=anker)
    assert add(Work(title="E", key="e", doi="10.1000/old", source_id="e")).keys == {"e": "anker-2021"}
    assert Reference.objects.get() == anker


# completing


def test_empty_fields_are_filled_from_the_file_when_asked(add, anker):
    work = Work(
        title="Other words",
        doi=anker.doi,
        pmid="5",
        container="NEJM",
        year=2021,
        month=10,
        volume="385",
        status="retracted",
        kind="randomised-trial",
        key="other",
    )
    assert add(work).found[0].fills == ()
    found = add(work, complete=True).found[0]
    assert set(found.fills) == {"container", "month", "volume", "kind", "type"} - ({"type"} if anker.type else set())
    anker.refresh_from_db()
    assert (anker.title, anker.pmid, anker.container, anker.volume) == ("Empagliflozin", "34449189", "NEJM", "385")
    assert (anker.kind, anker.status, anker.month) == ("randomised-trial", "current", 10)
    assert Version.objects.get_for_object(anker)[0].field_dict["volume"] == "385"
    before = Version.objects.count()
    assert add(work, complete=True).found[0].fills == ()
    assert Version.objects.count() == before


def test_completing_takes_no_identifier_that_is_another_works(add, anker):
    other = add(Work(title="Other", key="other", pmid="5")).added[0]
    bare = add(Work(title="Bare", key="bare", doi="10.1000/bare")).added[0]
    found = add(Work(title="Bare", key="bare", doi=bare.doi, pmid="5", volume="2"), complete=True).found[0]
    assert found.fills == ("volume",)
    bare.refresh_from_db()
    assert (bare.volume, bare.pmid) == ("2", None)
    assert Reference.objects.get(pmid="5") == other


def test_completing_joins_no_month_to_another_year(add, anker):
    found = add(Work(title="E", key="e", doi=anker.doi, year=2020, month=3, day=4), complete=True).found[0]
    assert found.fills == ()


def test_two_entries_that_fill_one_work_fill_it_once(add, anker):
    one, other = add(
        Work(title="E", key="e", doi=anker.doi, volume="1"),
        Work(title="F", key="f", pmid=anker.pmid, volume="2", issue="3"),
        complete=True,
    ).found
    assert (one.fills, other.fills) == (("volume",), ("issue",))
    anker.refresh_from_db()
    assert (anker.volume, anker.issue) == ("1", "3")
    assert Version.objects.get_for_object(anker).count() == 2


def test_a_plan_says_what_would_be_and_writes_nothing(add, anker):
    works = [
        Work(title="A", key="a"),
        Work(title="E", key="e", doi=anker.doi, volume="7"),
        Work(title="Other", key="anker-2021"),
        Work(title="A", key="a"),
        Work(title="", key="t"),
    ]
    planned = library.plan(works, complete=True)
    assert [type(one).__name__ for one in planned] == ["Fresh", "Found", "Refused", "Found", "Refused"]
    assert [getattr(one, "is_twice", None) for one in planned] == [None, False, None, True, None]
    assert planned[1].fills == ("volume",)
    assert Reference.objects.get() == anker
    done = add(*works, complete=True).placed
    assert [type(one) for one in done] == [type(one) for one in planned]


@pytest.mark.parametrize("name", ["medquad", "pubmedqa"])
def test_the_real_collections_are_found_again(add, name):
    path = DATA / name / "references.json"
    if not path.exists():
        pytest.skip("The real collections are not here.")
    works, _ = parse_csl(path.read_bytes())
    first = add(*works)
    assert (len(first.added), first.refused, first.renamed) == (len(works), [], {})
    again = add(*works)
    assert (again.added, again.refused) == ([], [])
    assert {found.differs for found in again.found} == {()}
    assert again.keys == first.keys == {work.key: work.key for work in works}


# search


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"anker-2021", "garcia-2019"}),
        ("GARCÍA", {"garcia-2019"}),
        ("garcia iron", {"garcia-2019"}),
        ("garcia empagliflozin", set()),
        ("2021", {"anker-2021"}),
        ("anker-", {"anker-2021"}),
        ("10.1056/NEJMoa2107038", {"anker-2021"}),
        ("https://doi.org/10.1056/NEJMoa2107038", {"anker-2021"}),
        ("doi: 10.1056/nejmoa2107038.", {"anker-2021"}),
        ("PMID: 34449189", {"anker-2021"}),
        ("https://pubmed.ncbi.nlm.nih.gov/34449189/", {"anker-2021"}),
        ("34449189", {"anker-2021"}),
        ("PMC77", {"garcia-2019"}),
        ("PMCID: 77", {"garcia-2019"}),
        ("%", set()),
        ("_", set()),
        ("' OR 1=1 --", set()),
        ("x" * 5000, set()),
        ("pubmed", {"garcia-2019"}),
    ],
)
def test_searching(anker, librarian, query, found):
    save_reference(
        Reference(
            key="garcia-2019",
            title="Iron in PubMed",
            year=2019,
            pmcid="PMC77",
            authors=[{"family": "García", "given": "Zoë"}],
        ),
        by=librarian,
    )
    assert {row.key for row in search(query)} == found


def test_works_are_listed_by_key(add):
    add(*(Work(title="T", key=key) for key in ("b", "C", "a")))
    assert [row.key for row in search("t")] == ["a", "b", "C"]
