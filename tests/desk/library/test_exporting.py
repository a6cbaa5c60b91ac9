"""Works taken away from the desk: what the list shows, a selection, an article's references, the whole library."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people.models import Role
from references import exporting
from references.formats import reading as formats
from references.models import Reference
from references.works import Work


@pytest.fixture
def take(browser, author, works):
    client = browser(author)

    def get(**query):
        answer = client.get(reverse("desk:library_export"), query)
        return answer, b"".join(answer.streaming_content).decode() if answer.status_code == 200 else ""

    return get


def keys(text: str) -> list[str]:
    return [work.key for work in formats.read(text).works]


@pytest.mark.parametrize(
    ("format", "name"), [("bibtex", "library.bib"), ("ris", "library.ris"), ("csl", "library.json")]
)
def test_the_whole_library_is_taken_away_in_each_format(take, works, format, name):
    answer, text = take(format=format)
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["Content-Type"] == f"{formats.FORMATS[format].media_type}; charset=utf-8"
    assert formats.read(text).format == format
    read = {work.key: (work.title, work.year, work.doi) for work in formats.read(text).works}
    assert read == {work.key: (work.title, work.year, work.doi) for work in works}


@pytest.mark.parametrize("format", ["bibtex", "ris", "csl"])
def test_more_authors_than_are_named_are_no_author(take, works, format):
    Reference.objects.filter(key="alpha").update(authors=[{"family": "Reyes"}, {"literal": "et al."}])
    assert "et al" not in take(format=format)[1]


def test_the_list_is_taken_away_as_it_is_narrowed(take, works):
    assert keys(take(format="csl", q="beta")[1]) == ["beta"]
    assert keys(take(format="csl", q="10.5555/gamma")[1]) == ["gamma"]
    assert keys(take(format="csl", q="trial", kind="book")[1]) == []
    assert keys(take(format="csl", kind="randomised-trial")[1]) == ["alpha", "beta", "gamma"]


def test_a_selection_is_taken_away(take, works):
    answer, text = take(format="ris", work=[works[0].pk, works[2].pk, "x", "9" * 30])
    assert keys(text) == ["alpha", "gamma"]
    assert "works.ris" in answer["Content-Disposition"]


def test_an_articles_references_are_taken_away_by_whoever_may_open_it(take, draft, browser, person):
    assert keys(take(format="bibtex", article=draft.pk)[1]) == ["alpha", "beta"]
    other = browser(person("Olga Other", Role.AUTHOR))
    assert other.get(reverse("desk:library_export"), {"article": draft.pk}).status_code == 404


@pytest.mark.parametrize("query", [{"format": "nbib"}, {"format": "x"}, {"article": "x"}, {"article": "9" * 30}])
def test_what_is_not_there_is_not_found(take, query):
    assert take(**query)[0].status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("format", ["bibtex", "ris", "csl"])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5])
def test_batches_make_one_file(monkeypatch, format, count):
    monkeypatch.setattr(exporting, "BATCH", 2)
    rows = [Reference(**Work(title=f"Work {n}", key=f"w{n}").values()) for n in range(count)]
    for row in rows:
        row.save()
    with CaptureQueriesContext(connection) as queries:
        text = "".join(exporting.export(format, Reference.objects.all()))
    assert len(queries) == 1
    assert keys(text) == [f"w{n}" for n in range(count)]
    if format == "csl":
        assert len(json.loads(text)) == count


def test_another_format_is_not_written():
    with pytest.raises(ValueError, match="not written"):
        exporting.export("nbib", Reference.objects.none())
