"""Likely duplicates: what is one work and what is two, found within blocks, and stored so that twice does nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from references.identity import likeness
from references.identity.alike import Face, alike
from references.identity.likeness import find_all, likely, tell_apart
from references.models import Alias, Likeness, Reference, Relation
from references.works import Work

TITLE = "Effect of empagliflozin on heart failure outcomes in older adults: a randomised trial"
BASE = Work(
    title=TITLE,
    type="article-journal",
    authors=[{"family": "Müller", "given": "Ana"}],
    year=2021,
    container="The Lancet",
    volume="397",
    pages="100-110",
)
UNPLACED = replace(BASE, volume="", pages="")


def score(one: Work, other: Work) -> int:
    found = alike(Face.of(one), Face.of(other))
    assert found == alike(Face.of(other), Face.of(one))
    return found.score if found else 0


# One work


@pytest.mark.parametrize(
    "fields",
    [
        {"title": TITLE.upper()},
        {"title": TITLE.replace("empagliflozin", "empaglifozin")},
        {"title": TITLE.replace("heart failure", "heart-failure")},
        {"title": TITLE.replace(" on ", " on the ")},
        {"title": TITLE.replace("randomised", "randomized")},
        {"title": TITLE.partition(":")[0], "volume": "", "pages": ""},
        {"title": TITLE[:70], "volume": "", "pages": ""},
        {"title": f"<i>{TITLE}</i>."},
        {"title": f"RETRACTED: {TITLE}"},
        {"title": f"[{TITLE}]"},
        {"year": 2020},
        {"year": None},
        {"authors": []},
        {"authors": [{"literal": "Ana Müller"}]},
        {"authors": [{"family": "Muller", "given": "A"}]},
        {"authors": [{"family": "Müller", "non-dropping-particle": "van"}]},
        {"doi": "10.5555/x"},
        {"container": "Lancet"},
        {"container": "", "volume": "", "pages": ""},
        {"title": TITLE.replace("outcomes in older adults", "results in the elderly")},
    ],
    ids=str,
)
def test_one_work(fields):
    assert score(BASE, replace(BASE, **fields)) >= 85


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Haemorrhage after oesophageal surgery in children", "Hemorrhage after esophageal surgery in children"),
        ("β-blockers in acute heart failure of adults", "Beta-blockers in acute heart failure of adults"),
        ("Meta-analysis of statins for primary prevention", "Metaanalysis of statins for primary prevention"),
        ("Лечение сердечной недостаточности у взрослых", "Лечение сердечной недостаточности у взрослых."),
    ],
)
def test_one_title_in_two_spellings(one, other):
    assert score(replace(BASE, title=one, pages=""), replace(BASE, title=other, pages="")) >= 85


# Two works


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"title": "Guidelines for heart failure: part 1"}, {"title": "Guidelines for heart failure: part 2"}),
        ({"title": "Guidelines for heart failure: part I"}, {"title": "Guidelines for heart failure: part II"}),
        ({"title": "Heart failure guidelines, 2019 update"}, {"title": "Heart failure guidelines, 2021 update"}),
        ({"title": "Insulin for type 1 diabetes in adults"}, {"title": "Insulin for type 2 diabetes in adults"}),
        ({"title": "Treatment of hypertension in men"}, {"title": "Treatment of hypertension in women"}),
        ({"title": "Treatment of hypertension in adults"}, {"title": "Treatment of hypotension in adults"}),
        ({"title": "Surgery with antibiotics in adults"}, {"title": "Surgery without antibiotics in adults"}),
        ({}, {"title": f"Re: {TITLE}"}),
        ({}, {"title": f"{TITLE} - reply"}),
        ({}, {"title": f"{TITLE}: authors' reply"}),
        ({}, {"title": f"Erratum: {TITLE}"}),
        ({}, {"title": f"Correction to: {TITLE}"}),
        ({}, {"title": f"Retraction notice to {TITLE}"}),
        ({}, {"title": f"Comment on {TITLE}"}),
        ({"title": TITLE.partition(":")[0]}, {"title": f"{TITLE.partition(':')[0]}: study protocol"}),
        ({"title": TITLE.partition(":")[0]}, {"title": f"{TITLE.partition(':')[0]}: 5-year results"}),
        ({}, {"year": 2018}),
        ({}, {"authors": [{"family": "Okafor"}]}),
        ({"doi": "10.5555/a", "pmid": "1"}, {"doi": "10.5555/b", "pmid": "2"}),
        ({"doi": "10.5555/a", "pages": ""}, {"doi": "10.5555/b", "pages": ""}),
        ({"doi": "10.1002/14651858.cd001431.pub5"}, {"doi": "10.1002/14651858.cd001431.pub6"}),
        ({"doi": "10.1101/2020.03.22.20040758"}, {"doi": "10.5555/published"}),
        ({}, {"type": "article"}),
        ({}, {"type": "paper-conference"}),
        ({}, {"type": "dataset"}),
        ({"type": "book", "edition": "2nd ed."}, {"type": "book", "edition": "3"}),
        ({"type": "report", "title": "World malaria report of the agency", "year": 2020, "pages": ""},
         {"type": "report", "title": "World malaria report of the agency", "year": 2021, "pages": ""}),
        ({"title": "Editorial", "pages": ""}, {"title": "Editorial", "year": 2020, "pages": ""}),
        ({"title": "Asthma", "type": "webpage", "url": "https://a.example/asthma", "authors": [], "year": None},
         {"title": "Asthma", "type": "webpage", "url": "https://b.example/asthma", "authors": [], "year": None}),
        ({"type": "chapter", "container": "The heart"}, {"type": "chapter", "container": "Goldman on surgery"}),
        ({"kind": "own-answer"}, {}),
        ({"kind": "trial-registration", "nct": "NCT00000001"}, {"kind": "trial-registration", "nct": "NCT00000002"}),
        ({"kind": "guideline"}, {"kind": "guideline-summary"}),
    ],
    ids=str,
)  # fmt: skip
def test_two_works(one, other):
    assert score(replace(UNPLACED, **one), replace(UNPLACED, **other)) == 0


def test_an_identifier_that_both_have_makes_them_one_unless_the_titles_say_otherwise():
    one, other = replace(BASE, pmcid="PMC1", year=2001), replace(BASE, pmcid="PMC1", title="Effect of empagliflozin")
    assert alike(Face.of(one), Face.of(replace(other, title=TITLE[:60]))).rule == "identifier"
    assert alike(Face.of(one), Face.of(replace(other, title="Something else altogether"))) is None


def test_chapters_share_the_number_of_their_book():
    one = replace(BASE, type="chapter", isbn="9780306406157", title="The heart and its failure", pages="1-9")
    assert score(one, replace(one, title="The lung and its diseases", pages="10-19")) == 0


WORDS = st.sampled_from(
    ["statin", "therapy", "prevention", "cardiovascular", "mortality", "children", "adults", "randomised", "infection"]
    + ["antibiotic", "duration", "pneumonia", "diabetes", "insulin", "kidney", "outcome", "screening", "cancer"]
)


@given(st.lists(WORDS, min_size=7, max_size=14), st.data())
def test_a_slip_in_one_long_word_is_forgiven(words, data):
    at = data.draw(st.integers(0, len(words) - 1))
    place = data.draw(st.integers(1, len(words[at]) - 2))
    assume(len(words[at]) > 6)
    changed = [*words]
    changed[at] = words[at][:place] + data.draw(st.sampled_from(["", "x", "xx"])) + words[at][place + 1 :]
    assume(abs(len(changed[at]) - len(words[at])) <= 1 and changed[at] != words[at])
    if len(changed[at]) > len(words[at]):
        changed[at] = words[at][:place] + "x" + words[at][place:]
    one = replace(BASE, title=" ".join(words), pages="")
    assert score(one, replace(one, title=" ".join(changed))) >= 85


@given(st.lists(WORDS, min_size=4, max_size=14), st.integers(0, 13), WORDS)
def test_another_word_is_another_work(words, at, word):
    at %= len(words)
    assume(words[at] != word)
    one = replace(BASE, title=" ".join(words), pages="")
    assert score(one, replace(one, title=" ".join([*words[:at], word, *words[at + 1 :]]))) == 0


# In the library


def add(key: str, **fields: object) -> Reference:
    values = BASE.values() | {"key": key} | fields
    return Reference.objects.create(**values)


@pytest.mark.django_db
class TestIncoming:
    def test_the_most_alike_comes_first(self):
        near, same = add("near", title=TITLE.partition(":")[0], pages=""), add("same")
        add("other", title="Iron for tired children in schools")
        found = likely([Work(title="Something else"), BASE])
        assert [(each.reference, each.rule) for each in found.pop(1)] == [(same, "title"), (near, "title")]
        assert found == {}

    def test_a_slip_in_the_first_letters_is_found_by_the_author(self):
        row = add("row", title=TITLE.replace("Effect", "Efect"), year=2020)
        assert [each.reference for each in likely([BASE])[0]] == [row]

    def test_an_alias_leads_to_the_row(self):
        row = add("row", title="Quite another title")
        Alias.objects.create(scheme="doi", value="10.5555/old", written="10.5555/old", reference=row)
        assert likely([replace(BASE, doi="10.5555/old")])[0] == [(row, 100, "identifier")]

    def test_a_few_queries_for_500_works(self, django_assert_max_num_queries):
        for number in range(30):
            add(f"k{number}", title=f"{TITLE} of group {number}")
        works = [replace(BASE, title=f"{TITLE} of group {number}", pmcid=f"PMC{number + 1}") for number in range(500)]
        with django_assert_max_num_queries(9):
            assert len(likely(works)) == 30

    def test_a_title_that_many_bear_brings_only_those_of_the_author(self, monkeypatch):
        monkeypatch.setattr(likeness, "LARGEST_BLOCK", 10)
        rows = [add(f"k{n}", authors=[{"family": chr(97 + n) * 6}], pages="") for n in range(20)]
        found = likely([replace(BASE, authors=[{"family": "cccccc"}], pages="")])
        assert [each.reference for each in found[0]] == [rows[2]]


@pytest.mark.django_db
class TestWholeLibrary:
    def test_pairs_are_stored_once_and_go_when_they_no_longer_hold(self):
        one, other = add("one"), add("other", title=TITLE.upper())
        seen = []
        assert find_all(progress=lambda done, total: seen.append((done, total))) == 1
        assert seen[-1] == (4, 4)
        pair = Likeness.objects.get()
        assert (pair.first, pair.second, pair.rule) == (one, other, "title")
        assert find_all() == 1
        assert Likeness.objects.get().pk == pair.pk
        other.title, other.pages = "Iron for tired children in schools", "1"
        other.save()
        assert find_all() == 0
        assert not Likeness.objects.exists()

    def test_what_was_told_apart_stays_so(self, editor):
        one, other = add("one"), add("other")
        find_all()
        tell_apart(other, one, by=editor)
        assert find_all() == 0
        other.title, other.pages = "Iron for tired children in schools", "1"
        other.save()
        assert find_all() == 0
        assert Likeness.objects.get().dismissed_by == editor

    def test_years_beside_each_other_are_found_by_the_author(self):
        add("one", title=TITLE.replace("Effect", "Efect"), year=2020, pages="")
        add("other", pages="")
        assert find_all() == 1

    def test_identifiers_and_aliases_are_found_across_blocks(self):
        one = add("one", title="A guide to the heart and its failure", pmcid="PMC5", pages="1")
        other = add("other", title="The heart and its failure: a guide", pmcid="PMC5", year=1999, pages="9")
        third = add("third", title="Iron for tired children", doi="10.5555/old", pages="20")
        Alias.objects.create(scheme="doi", value="10.5555/old", written="10.5555/old", reference=one)
        find_all()
        found = set(Likeness.objects.values_list("first", "second", "rule"))
        assert found == {(one.pk, other.pk, "identifier"), (one.pk, third.pk, "identifier")}

    def test_versions_are_no_duplicates(self):
        one, other = add("one"), add("other", doi="10.5555/other")
        Relation.objects.create(reference=one, kind="version-of", doi="10.5555/other", other=other, source="desk")
        assert find_all() == 0

    def test_what_a_register_calls_identical_may_be_a_duplicate(self):
        one, other = add("one"), add("other", doi="10.5555/other")
        Relation.objects.create(reference=one, kind="identical-to", doi="10.5555/other", other=other, source="datacite")
        assert find_all() == 1

    def test_a_large_block_is_never_compared_all_with_all(self, monkeypatch):
        monkeypatch.setattr(likeness, "LARGEST_BLOCK", 20)
        names = ["".join(chr(97 + (n // 26**k) % 26) for k in range(3)) for n in range(150)]
        rows = [add(f"k{n}", title=f"{TITLE} {name}", authors=[{"family": "Li"}]) for n, name in enumerate(names)]
        twin = add("twin", title=f"{TITLE} {names[7]}", authors=[{"family": "Li"}])
        asked = []
        monkeypatch.setattr(likeness, "alike", lambda one, other: asked.append(1) or alike(one, other))
        find_all()
        assert Likeness.objects.filter(first=rows[7], second=twin).exists()
        assert len(asked) < 151 * 150 / 4
