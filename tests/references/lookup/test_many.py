"""Many works at once: few questions, the same answers as one by one, and none lost for the sake of another."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import pytest

from references.formats.entries import Wanted
from references.lookup import many, service
from references.lookup.many import Questions
from references.lookup.service import Found
from references.works import Work
from tests.local_apis import LocalApis


def wanted(scheme: str, values: Sequence[str]) -> list[Wanted]:
    return [Wanted(position, scheme, value) for position, value in enumerate(values, start=1)]


def ask(waiting: Sequence[Wanted]) -> dict[int, many.Answer]:
    return Questions(lambda done, total: None)(waiting)


def works(answers: dict[int, many.Answer]) -> dict[int, Work]:
    return {position: answer.work for position, answer in answers.items() if isinstance(answer, Found)}


@pytest.fixture
def pmids(apis: LocalApis) -> list[str]:
    """250 works that PubMed has, each under a DOI that Crossref has."""
    for number in range(1, 251):
        apis.set_pubmed(str(number), doi=f"10.5555/w{number}", TI=f"Work {number}.")
        apis.set(f"10.5555/w{number}", title=f"Work {number}", volume="7")
    return [str(number) for number in range(1, 251)]


def tools(apis: LocalApis) -> list[str]:
    return [each.path.rpartition("/")[2] for each in apis.seen]


def test_a_long_list_of_pmids_takes_few_questions(apis: LocalApis, pmids: list[str]):
    answers = ask(wanted("pmid", pmids))
    assert [work.pmid for work in works(answers).values()] == pmids
    assert {answer.source for answer in answers.values() if isinstance(answer, Found)} == {"PubMed and Crossref"}
    # Three of PubMed, and one of Crossref for each twenty.
    assert (tools(apis).count("efetch.fcgi"), tools(apis).count("works")) == (3, 13)
    assert len(apis.seen) == 16
    assert all(len(f"{each.path}?{urlencode(each.query)}") < 4000 for each in apis.seen)


def test_a_long_list_of_dois_takes_few_questions(apis: LocalApis, pmids: list[str]):
    answers = ask(wanted("doi", [f"10.5555/w{pmid}" for pmid in pmids[:100]]))
    assert [work.pmid for work in works(answers).values()] == pmids[:100]
    assert tools(apis) == ["works"] * 5 + ["esearch.fcgi", "efetch.fcgi"] * 2


def test_it_says_what_one_by_one_says(apis: LocalApis):
    apis.set_pubmed("1", doi="10.5555/a", pmcid="PMC1", TI="Alpha.")
    apis.set("10.5555/a", title="Alpha", relation={"has-version": [{"id-type": "doi", "id": "10.5555/v"}]})
    apis.set("10.5555/b", title="A book", type="book")
    apis.set("10.5555/c,d", title="With a comma")
    apis.set_datacite("10.5555/data")
    apis.set_pmc("PMC2", doi="10.5555/b")
    apis.set_pmc("PMC3")
    for number, (scheme, value) in enumerate(
        [
            ("pmid", "1"),
            ("pmid", "404"),
            ("doi", "10.5555/a"),
            ("doi", "10.5555/b"),
            ("doi", "10.5555/c,d"),
            ("doi", "10.5555/data"),
            ("doi", "10.5555/none"),
            ("pmcid", "PMC1"),
            ("pmcid", "PMC2"),
            ("pmcid", "PMC3"),
            ("pmcid", "PMC404"),
        ],
        start=1,
    ):
        [together] = ask([Wanted(number, scheme, value)]).values()
        if isinstance(together, str):
            with pytest.raises(service.NotFound) as refused:
                service.look_up(f"{scheme}:{value}")
            assert together == str(refused.value)
            continue
        alone = service.look_up(f"{scheme}:{value}")
        assert isinstance(alone, Found)
        assert (together.work, together.source) == (alone.work, alone.source), (scheme, value)
        assert (together.relatives, together.register) == (alone.relatives, alone.register)
        assert together.work.source_id == value


def test_what_is_missing_takes_no_other_with_it(apis: LocalApis, pmids: list[str]):
    asked = [*pmids[:50], "99999999", *pmids[50:60]]
    answers = ask(wanted("pmid", asked))
    assert len(works(answers)) == 60
    assert answers[51] == "PubMed has no work with the PMID 99999999."
    # Once together, and the one that was absent once alone.
    assert [each.query["id"].count(",") for each in apis.asked("pubmed")] == [60, 0]


def test_a_record_that_cannot_be_read_takes_no_other_with_it(apis: LocalApis, pmids: list[str]):
    apis.medline["7"] = {"PMID": ["7"], "XX": ["nothing of a work"]}
    apis.works["10.5555/w9"] = {"DOI": "10.5555/w9", "title": 5, "author": "nobody"}
    answers = ask(wanted("pmid", pmids[:20]))
    assert sorted(set(range(1, 21)) - works(answers).keys()) == [7]
    assert 7 not in answers
    assert works(answers)[9].title == "Work 9"


def test_an_answer_of_no_use_is_asked_for_in_halves(apis: LocalApis, pmids: list[str], monkeypatch: pytest.MonkeyPatch):
    """As where one record is so large that the whole answer is given up."""
    fetch_many = many.pubmed.fetch_many

    def but_for_one(some: Sequence[str], ask: many.crossref.Ask) -> dict[str, Work]:
        if "33" in some:
            raise many.BadAnswer("larger than 5 MB")
        return fetch_many(some, ask)

    monkeypatch.setattr(many.pubmed, "fetch_many", but_for_one)
    answers = ask(wanted("pmid", pmids[:100]))
    assert sorted(set(range(1, 101)) - answers.keys()) == [33]
    assert tools(apis).count("efetch.fcgi") == 7


@pytest.mark.parametrize(
    ("mode", "questions"), [("failing", 12), ("limited", 3), ("reset", 12), ("refusing", 12), ("broken", 12)]
)
def test_a_service_that_is_away_is_left_alone(apis: LocalApis, pmids: list[str], mode: str, questions: int):
    """Three failures, each of four attempts, or a dozen answers of no use: then nobody asks further."""
    apis.behave(mode, "pubmed", seconds=600)
    assert ask(wanted("pmid", [*pmids, *(str(number) for number in range(1000, 1300))])) == {}
    assert len(apis.seen) == questions


def test_where_crossref_is_away_pubmed_is_enough(apis: LocalApis, pmids: list[str]):
    apis.behave("failing", "crossref")
    assert len(works(ask(wanted("pmid", pmids[:30])))) == 30
    apis.seen.clear()
    answers = ask(wanted("doi", ["10.5555/w1", "10.5555/w2", "10.5555/only-there"]))
    assert {position: work.pmid for position, work in works(answers).items()} == {1: "1", 2: "2"}
    # Nobody said that there is no such work.
    assert 3 not in answers


def test_a_limit_that_passes_is_waited_for(apis: LocalApis, pmids: list[str]):
    apis.behave("limited", "pubmed", times=1, seconds=1)
    assert len(works(ask(wanted("pmid", pmids[:10])))) == 10


def test_a_slow_answer_is_an_answer(apis: LocalApis, pmids: list[str]):
    apis.behave("slow", "pubmed", times=1, seconds=0.05)
    assert len(works(ask(wanted("pmid", pmids[:10])))) == 10


def test_what_there_is_no_time_for_is_left_in_whole_groups(apis: LocalApis, pmids: list[str]):
    questions = Questions(lambda done, total: None, seconds=-1)
    assert questions(wanted("pmid", pmids)) == {}
    assert questions.is_cut
    assert apis.seen == []
    told: list[tuple[int, int]] = []
    questions = Questions(lambda done, total: told.append((done, total)))
    assert len(questions(wanted("pmid", pmids))) == 250
    assert not questions.is_cut
    assert told[-1] == (250, 250)
    assert [done for done, _total in told] == sorted(done for done, _total in told)


def test_long_identifiers_make_no_long_address():
    chunks = list(many._chunks([f"10.5555/{'x' * 200}{number}" for number in range(40)], 20))
    assert sum(map(len, chunks)) == 40
    assert all(sum(len(doi) for doi in chunk) <= many.LONGEST for chunk in chunks)
    assert list(many._chunks([f"10.5555/{'x' * 5000}"], 20)) == [[f"10.5555/{'x' * 5000}"]]
    assert list(many._chunks([], 20)) == []


def test_isbns_are_asked_for_one_by_one(apis: LocalApis):
    apis.set("10.5555/book", title="A book", type="book", ISBN=["9780306406157"])
    apis.set("10.5555/one", title="One", type="book", ISBN=["9780804429573"])
    apis.set("10.5555/two", title="Two", type="book", ISBN=["9780804429573"])
    answers = ask(wanted("isbn", ["9780306406157", "9780804429573", "9798675309412"]))
    (work,) = works(answers).values()
    assert (work.title, work.isbn, work.source_id) == ("A book", "9780306406157", "9780306406157")
    assert answers[2] == "Crossref has several books with this ISBN, and cannot say which one this is."
    assert str(answers[3]).startswith("Crossref has no book with the ISBN 9798675309412.")
    assert len(apis.seen) == 3
