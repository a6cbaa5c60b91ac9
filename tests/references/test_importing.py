"""The preview of an import, and that what it says is what is done."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from reversion.models import Version

from people.models import User
from references import importing, library
from references.formats import reading as formats
from references.formats.entries import Problem, Reading, Repeat, Wanted
from references.identity.relations import Relative
from references.importing import Fate, Options, Preview, compare, import_works, look_up, preview_of, to_take
from references.lookup.service import Found
from references.models import Alias, Reference, Relation
from references.works import Work

pytestmark = pytest.mark.django_db


@pytest.fixture
def librarian(django_user_model):
    return django_user_model.objects.create_user("librarian@example.org")


@pytest.fixture
def here(librarian):
    """Three works that the library has."""
    return library.add_works(
        [
            Work(title="The alpha trial", key="alpha", year=2020, doi="10.5555/alpha", authors=[{"family": "Abel"}]),
            Work(title="The beta trial", key="beta", year=2021, pmid="77", pmcid="PMC7"),
            Work(
                title="Empagliflozin in heart failure with a preserved ejection fraction",
                key="anker",
                year=2021,
                authors=[{"family": "Anker", "given": "Stefan"}],
            ),
        ],
        by=librarian,
        comment="",
    ).added


LIKE_ANKER = Work(
    title="Empagliflozin in heart failure with preserved ejection fraction",
    key="anker-nejm",
    year=2021,
    authors=[{"family": "Anker", "given": "S."}],
)


def read(*works: Work) -> Reading:
    return Reading(works=list(works), positions=list(range(1, len(works) + 1)), count=len(works))


def fates(preview: Preview) -> list[str]:
    return [entry.fate for entry in preview.entries]


# What a preview says


def test_each_entry_is_told_in_the_order_of_the_file(here):
    reading = read(
        Work(title="Gamma", key="gamma", source_id="g"),
        Work(title="Alpha", key="theirs", doi="10.5555/ALPHA", volume="7", source_id="a"),
        LIKE_ANKER,
        Work(title="Quite another", key="beta", year=1999),
        Work(title="Gamma again", key="g2"),
        Work(title="Gamma again", key="g2"),
        Work(title="", key="untitled"),
    )
    reading.positions = [1, 3, 4, 5, 6, 8, 9]
    reading.repeats = [Repeat(7, "g2", 6)]
    reading.problems = [Problem(2, "x", ("No title.", "No year."))]
    reading.wanted = [Wanted(10, "doi", "10.5555/delta")]
    reading.notes = ["Read as Latin-1."]
    preview = preview_of(reading)
    assert [entry.position for entry in preview.entries] == list(range(1, 11))
    assert fates(preview) == [
        "new", "broken", "here", "likely", "refused", "new", "twice", "twice", "broken", "wanted",
    ]  # fmt: skip
    told = {entry.position: entry for entry in preview.entries}
    assert (told[1].title, told[1].source_id, told[1].key) == ("Gamma", "g", "gamma")
    assert (told[2].source_id, told[2].sentence) == ("x", "No title. No year.")
    assert (told[3].key, told[3].reference) == ("alpha", here[0].pk)
    assert (told[3].differs, told[3].lacks) == (["title"], ["volume"])
    assert told[3].sentence == "The same DOI."
    assert "Like “Empagliflozin in heart failure with a preserved" in told[4].sentence
    assert [(row[0], row[1]) for row in told[4].near] == [(here[2].pk, "anker")]
    assert "The key beta stands for another work here" in told[5].sentence
    assert told[7].sentence == "The same as entry 6."
    assert told[8].sentence == "The same work as entry 6: the same key and title."
    assert "A work needs a title." in told[9].sentence
    assert told[10].title == "DOI 10.5555/delta"
    assert preview.counts() == {
        "new": 2, "likely": 1, "here": 1, "twice": 2, "refused": 1, "wanted": 1, "broken": 2,
    }  # fmt: skip
    assert preview.notes == ["Read as Latin-1."]
    assert Reference.objects.count() == 3


def test_a_preview_is_kept_as_it_is(here):
    reading = read(Work(title="Gamma", key="g"), LIKE_ANKER, Work(title="Alpha", doi="10.5555/alpha", volume="7"))
    reading.wanted = [Wanted(4, "pmid", "5")]
    preview = preview_of(reading, Options(complete=True))
    assert Preview.from_plain(json.loads(json.dumps(preview.to_plain()))) == preview


def test_options_are_kept_as_they_are():
    options = Options(True, True, frozenset({1, 2}), frozenset({3}))
    assert Options.of(json.loads(json.dumps(options.stored()))) == options
    assert Options.of({}) == Options()


def test_a_key_of_another_work_is_renamed_when_chosen(here):
    preview = preview_of(read(Work(title="Quite another", key="beta", year=1999)), Options(rename_keys=True))
    assert fates(preview) == ["renamed"]
    assert preview.entries[0].key == "quite-1999-another"
    assert preview.entries[0].sentence == "Its key beta stands for another work, “The beta trial” (2021)."


def test_what_would_be_filled_is_said(here):
    work = Work(title="The alpha trial", doi="10.5555/alpha", volume="7", year=2019)
    entry = preview_of(read(work), Options(complete=True)).entries[0]
    assert (entry.fills, entry.differs) == (["volume"], ["year"])
    entry = preview_of(read(work)).entries[0]
    assert (entry.fills, entry.differs, entry.lacks) == ([], ["year"], ["volume"])


def test_another_name_of_a_work_leads_to_it(here):
    Alias.objects.create(scheme="doi", value="10.5555/old", written="10.5555/old", reference=here[0])
    entry = preview_of(read(Work(title="Whatever", doi="10.5555/old"))).entries[0]
    assert (entry.fate, entry.key) == ("here", "alpha")
    assert "another name of this work" in entry.sentence


def test_a_likely_duplicate_is_taken_as_its_own_work_only_when_chosen(here):
    reading = read(LIKE_ANKER, Work(title="Gamma", key="gamma"))
    assert fates(preview_of(reading)) == ["likely", "new"]
    assert fates(preview_of(reading, Options(take=frozenset({1})))) == ["new", "new"]
    assert fates(preview_of(reading, Options(leave=frozenset({2})))) == ["likely", "left"]


def test_the_repetition_of_a_likely_duplicate_is_likely_too(here):
    """With the first left out, the second would be new: it is asked about in its turn."""
    one = Work(**{**vars(LIKE_ANKER), "doi": "10.5555/one", "key": "one"})
    other = Work(**{**vars(LIKE_ANKER), "doi": "10.5555/one", "key": "other"})
    assert fates(preview_of(read(one, other))) == ["likely", "likely"]


def test_a_preview_asks_few_queries(here, django_assert_max_num_queries):
    works = [Work(title=f"Work {n} of many", key=f"w{n}", doi=f"10.1000/{n}") for n in range(400)]
    with django_assert_max_num_queries(25):
        preview_of(read(*works))


# Looking up


def test_what_is_looked_up_is_compared_like_the_rest(here):
    reading = Reading(
        wanted=[
            Wanted(1, "doi", "10.5555/alpha"),
            Wanted(2, "doi", "10.5555/new"),
            Wanted(3, "pmid", "5"),
            Wanted(4, "pmid", "6"),
        ]
    )
    preview, asked = preview_of(reading), []

    def ask(waiting):
        asked.extend(waiting)
        relatives = (Relative(Relation.Kind.VERSION_OF, "10.5555/alpha"),)
        found = Found(Work(title="New", doi="10.5555/NEW"), "DataCite", relatives, register="datacite")
        return {2: found, 3: "PubMed has no work 5."}

    look_up(preview, ask)
    compare(preview, Options())
    assert [wanted.position for wanted in asked] == [2, 3, 4]
    assert fates(preview) == ["here", "new", "broken", "wanted"]
    assert [entry.title for entry in preview.entries][:2] == ["The alpha trial", "New"]
    assert preview.entries[2].sentence == "PubMed has no work 5."
    assert "could not be looked up" in preview.entries[3].sentence
    # What a register said of versions stays with the entry, however it is stored in between.
    again = Preview.from_plain(json.loads(json.dumps(preview.to_plain())))
    assert again == preview
    assert (again.entries[1].relatives, again.entries[1].register) == ([("version-of", "10.5555/alpha")], "datacite")
    # Trying again asks for what is missing alone.
    asked.clear()
    look_up(preview, ask)
    assert [wanted.position for wanted in asked] == [4]


# import_works


def test_works_are_taken_in_by_one_call(here, librarian):
    done = import_works(
        [Work(title="Gamma", key="gamma"), LIKE_ANKER, Work(title="A", doi="10.5555/alpha")], by=librarian, comment="X"
    )
    assert fates(done) == ["new", "likely", "here"]
    assert done.entries[0].reference == Reference.objects.get(key="gamma").pk
    assert Version.objects.get_for_object(Reference.objects.get(key="gamma")).get().revision.comment == "X"
    assert Reference.objects.count() == 4
    again = import_works([LIKE_ANKER], by=librarian, comment="X", take_likely=True)
    assert fates(again) == ["new"]
    assert Reference.objects.count() == 5


def test_what_came_meanwhile_is_here(here, librarian):
    preview = preview_of(read(Work(title="Gamma", key="gamma", doi="10.5555/gamma")))
    library.add_works([Work(title="Gamma!", key="other", doi="10.5555/gamma")], by=librarian, comment="")
    taken = to_take(preview, Options())
    outcome = library.add_works([entry.work for entry in taken], by=librarian, comment="")
    importing.tell_outcome(preview, taken, outcome, Options())
    entry = preview.entries[0]
    assert (entry.fate, entry.key) == ("here", "other")
    assert entry.sentence == "It came into the library after the preview. The same DOI."


@pytest.mark.parametrize("name", ["medquad", "pubmedqa"])
def test_the_real_collections_come_in_once(shared_data, librarian, name):
    content = (shared_data / name / "references.json").read_bytes()
    reading = formats.read(content, name="references.json")
    assert reading.format == "csl"
    first = import_works(reading.works, by=librarian, comment="", take_likely=True)
    assert set(fates(first)) == {Fate.NEW}
    assert Reference.objects.count() == len(reading.works) > 0
    again = import_works(reading.works, by=librarian, comment="", take_likely=True)
    assert set(fates(again)) == {Fate.HERE}
    assert not any(entry.differs for entry in again.entries)
    assert Reference.objects.count() == len(reading.works)


# Preview and import agree

_WORDS = st.lists(st.sampled_from(["alpha", "beta", "gamma", "heart", "failure"]), min_size=1, max_size=4).map(" ".join)
WORKS = st.builds(
    Work,
    title=st.one_of(_WORDS, _WORDS, st.just("")),
    key=st.sampled_from(["", "a", "b", "A", "c", "alpha-2020-beta", "old"]),
    source_id=st.sampled_from(["", "1", "2"]),
    authors=st.sampled_from([[], [{"family": "Abel"}], [{"family": "Beck"}]]),
    year=st.sampled_from([None, 2020, 2021]),
    doi=st.sampled_from([None, None, "10.5555/a", "10.5555/b", "10.5555/old", "no doi"]),
    pmid=st.sampled_from([None, None, "1", "2"]),
    pmcid=st.sampled_from([None, None, "PMC1"]),
    volume=st.sampled_from(["", "7"]),
    url=st.sampled_from(["", "https://example.org/a"]),
)


COMPLETING = Options(complete=True)
OPTIONS = st.builds(
    Options, st.booleans(), st.booleans(), *[st.frozensets(st.integers(1, 8), max_size=3) for _chosen in range(2)]
)


class PreviewAndImportAgree(TestCase):
    """Whatever stands in the library and in the file: what the preview promised is what the import does."""

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(WORKS, max_size=5), st.lists(WORKS, max_size=8), OPTIONS)
    # A row that gets the PMCID of others comes before them the second time, and is not the third work.
    @example(
        [Work("alpha", doi="10.5555/b", pmid="1")],
        [
            Work("alpha", pmcid="PMC1"),
            Work("alpha alpha alpha", doi="10.5555/a", pmcid="PMC1"),
            Work("beta", pmid="2", pmcid="PMC1"),
        ],
        COMPLETING,
    )
    # A row found by its PMCID gets a DOI, and another DOI comes with the same PMCID.
    @example(
        [Work("alpha", pmcid="PMC1")],
        [Work("beta", doi="10.5555/a", pmcid="PMC1"), Work("gamma", doi="10.5555/b", pmcid="PMC1")],
        COMPLETING,
    )
    # A row gets a year, without which an earlier entry, or a later one, was the same by its title or its key.
    @example([Work("alpha", pmid="1")], [Work("alpha"), Work("beta", pmid="1", year=2020)], COMPLETING)
    @example([Work("alpha", pmid="1")], [Work("beta", pmid="1", year=2020), Work("alpha")], COMPLETING)
    @example(
        [Work("alpha", key="a", pmid="1"), Work("gamma", key="alpha-nd")],
        [Work("beta", pmid="1", year=2020), Work("alpha", key="a")],
        Options(rename_keys=True, complete=True),
    )
    # A row gets its old DOI, which tells it from one that was like it.
    @example(
        [Work("gamma heart failure beta", authors=[{"family": "Abel"}], pmid="2")],
        [
            Work("gamma heart failure beta", key="c", year=2020, doi="10.5555/b"),
            Work("gamma heart failure beta", key="a", doi="10.5555/old"),
        ],
        COMPLETING,
    )
    # A row gets the address, or the DOI, by which a later entry is found.
    @example(
        [Work("alpha", doi="10.5555/a")],
        [Work("beta", doi="10.5555/a", url="https://example.org/a"), Work("alpha", url="https://example.org/a")],
        COMPLETING,
    )
    @example([Work("alpha", pmid="1")], [Work("b", pmid="1", doi="10.5555/a"), Work("c", doi="10.5555/a")], COMPLETING)
    def test(self, here: list[Work], incoming: list[Work], options: Options) -> None:
        by = User.objects.create_user("librarian@example.org")
        first = library.add_works(here, by=by, comment="", rename_keys=True)
        if first.added:
            row = first.added[0]
            Alias.objects.create(scheme="doi", value="10.5555/old", written="10.5555/old", reference=row)
            if not Reference.objects.filter(key_normal="old").exists():
                Alias.objects.create(scheme="key", value="old", written="old", reference=row)
        preview = preview_of(read(*incoming), options)
        told = [(entry.fate, entry.sentence, entry.key, entry.fills) for entry in preview.entries]
        before = set(Reference.objects.values_list("pk", flat=True))
        versions = Version.objects.count()

        taken = to_take(preview, options)
        outcome = library.add_works(
            [entry.work for entry in taken],
            by=by,
            comment="",
            rename_keys=options.rename_keys,
            complete=options.complete,
        )
        importing.tell_outcome(preview, taken, outcome, options)

        assert [(entry.fate, entry.sentence, entry.key, entry.fills) for entry in preview.entries] == told
        added = set(Reference.objects.values_list("pk", flat=True)) - before
        promised = [entry for entry in preview.entries if entry.fate in importing.TAKEN]
        assert {entry.reference for entry in promised} == added
        assert {entry.key for entry in promised} == set(
            Reference.objects.filter(pk__in=added).values_list("key", flat=True)
        )
        filled = {entry.reference for entry in preview.entries if entry.fills}
        assert Version.objects.count() == versions + len(added) + len(filled)
        # The second time, nothing is new of what was taken or was here. What was only like a row may be: by now the row
        # may have another DOI, or another year.
        asked = {entry.position for entry in preview.entries if entry.fate == Fate.LIKELY}
        again = preview_of(read(*incoming), options)
        assert not {entry.position for entry in again.entries if entry.fate in importing.TAKEN and entry.work} - asked
