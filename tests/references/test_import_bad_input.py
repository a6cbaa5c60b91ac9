"""Bad input through the import: the preview says it entry by entry, and nothing is half taken in."""

from __future__ import annotations

import pytest

from references import import_jobs
from references.formats.entries import LARGEST_FILE
from references.import_jobs import Unreadable, start, take
from references.importing import Options
from references.models import Import, Reference
from tests.references.formats.samples import BROKEN, DESCRIBED, entry, file_of, good

pytestmark = pytest.mark.django_db


@pytest.fixture
def librarian(django_user_model):
    return django_user_model.objects.create_user("librarian@example.org")


@pytest.mark.parametrize("format", DESCRIBED)
def test_a_broken_and_a_repeated_entry_are_told_and_the_others_taken_in(librarian, format):
    entries = [entry(format, 1), BROKEN[format], entry(format, 2), entry(format, 1)]
    row = start(file_of(format, entries).encode(), by=librarian)
    told = import_jobs.preview(row).entries
    assert (row.format, [one.fate for one in told]) == (format, ["new", "broken", "new", "twice"])
    assert "A work needs a title." in told[1].sentence
    assert told[3].sentence == "The same as entry 1."
    assert not Reference.objects.exists()
    assert take(row, Options())
    assert sorted(Reference.objects.values_list("title", flat=True)) == ["Volume 1 of many", "Volume 2 of many"]
    row.refresh_from_db()
    assert row.counts == {"new": 2, "twice": 1, "broken": 1}


@pytest.mark.parametrize("format", DESCRIBED)
def test_the_same_file_again_is_here_already(librarian, format):
    assert take(start(good(format), by=librarian), Options())
    again = import_jobs.preview(start(good(format), by=librarian)).entries
    assert [(one.fate, one.differs) for one in again] == [("here", [])] * 3


def test_cross_references_in_a_circle_are_told_at_each_entry(librarian):
    loop = "".join(f"@book{{{key}, title = {{T {key}}}, crossref = {{{to}}}}}\n" for key, to in ("ab", "ba"))
    row = start(loop + good("bibtex"), by=librarian)
    told = import_jobs.preview(row).entries
    assert [one.fate for one in told] == ["broken", "broken", "new", "new", "new"]
    assert "Its cross-references lead in a circle" in told[0].sentence


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"<!DOCTYPE html><html><body>@article{a, title = {T}}</body></html>", "This is a web page"),
        (bytes(range(256)) * 8, "This is no text, or it is damaged."),
    ],
)
def test_a_file_that_is_none_leaves_nothing(librarian, content, sentence):
    with pytest.raises(Unreadable) as caught:
        start(content, by=librarian, name="export.bib")
    assert sentence in caught.value.sentences[0]
    assert not Import.objects.exists()


@pytest.mark.parametrize("format", DESCRIBED)
def test_a_file_beyond_the_limits_leaves_no_work(librarian, format, monkeypatch):
    monkeypatch.setattr(import_jobs, "hurry", lambda *words: None)
    one = entry(format, 1)
    many = file_of(format, [one] * 20_001)
    for content, said in (
        (many, "The file has 20001 entries; at most 20000 are read at once. Nothing was taken from it."),
        (good(format) + " " * LARGEST_FILE, "The file has 20.1 MB; at most 20 MB are read at once."),
    ):
        row = start(content, by=librarian)
        import_jobs.read(row.pk)
        row.refresh_from_db()
        assert (row.state, bytes(row.content)) == (Import.State.FAILED, b"")
        assert said in row.failure
    assert not Reference.objects.exists()
