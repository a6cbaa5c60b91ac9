"""Imports as rows: each step is done once, whole or not at all, whoever does it and however often it is begun."""

from __future__ import annotations

import datetime
import json
import threading

import pytest
from django.db import connection, connections
from django.utils import timezone
from reversion.models import Revision, Version

from references import import_jobs, library, writing
from references.import_jobs import Unreadable, carry_out, read, start, start_rest, sweep_imports, take
from references.importing import Options
from references.models import Import, Reference, Relation
from references.web import client, pace
from references.works import Work

pytestmark = pytest.mark.django_db
State = Import.State


def csl(count: int, **fields: object) -> str:
    return json.dumps([{"id": f"w{n}", "type": "book", "title": f"Volume {n} of many", **fields} for n in range(count)])


@pytest.fixture
def librarian(django_user_model):
    return django_user_model.objects.create_user("librarian@example.org")


@pytest.fixture
def large(monkeypatch):
    """Everything is large: a worker's, and no worker is there."""
    monkeypatch.setattr(import_jobs, "READ_AT_ONCE", 1)
    monkeypatch.setattr(import_jobs, "TAKEN_AT_ONCE", 0)
    monkeypatch.setattr(import_jobs, "hurry", lambda *words: None)


def stale(row: Import) -> None:
    Import.objects.filter(pk=row.pk).update(
        claimed_at=timezone.now() - import_jobs.LEASE - datetime.timedelta(seconds=1)
    )


def test_a_small_import_is_read_and_taken_at_once(librarian):
    row = start(csl(3), by=librarian, name="three.json")
    assert (row.state, row.format, row.counts, row.total) == (State.READY, "csl", {"new": 3}, 3)
    assert not Reference.objects.exists()
    assert take(row, Options())
    row.refresh_from_db()
    assert (row.state, row.counts) == (State.DONE, {"new": 3})
    assert [entry.reference for entry in import_jobs.preview(row).entries] == list(
        Reference.objects.order_by("pk").values_list("pk", flat=True)
    )
    revision = Revision.objects.get()
    assert (revision.user, revision.comment) == (librarian, "Imported from three.json (CSL-JSON)")
    assert Version.objects.count() == 3


def test_what_cannot_be_read_leaves_no_row(librarian):
    with pytest.raises(Unreadable) as caught:
        start("{", by=librarian)
    assert "not JSON" in caught.value.sentences[0]
    assert not Import.objects.exists()


def test_a_large_import_waits_for_a_worker(librarian, large):
    row = start(csl(3), by=librarian)
    assert (row.state, bytes(row.preview)) == (State.READING, b"")
    read(row.pk)
    row.refresh_from_db()
    assert (row.state, row.counts, bytes(row.content), row.claimed_at) == (State.READY, {"new": 3}, b"", None)
    assert take(row, Options())
    row.refresh_from_db()
    assert row.state == State.TAKING
    assert not Reference.objects.exists()
    carry_out(row.pk)
    assert Reference.objects.count() == 3


def test_the_worker_is_hurried(librarian, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(import_jobs, "READ_AT_ONCE", 1)
    monkeypatch.setattr(import_jobs, "TAKEN_AT_ONCE", 0)
    with django_capture_on_commit_callbacks(execute=True):
        row = start(csl(3), by=librarian)
    row.refresh_from_db()
    assert row.state == State.READY
    with django_capture_on_commit_callbacks(execute=True):
        take(row, Options())
    assert Reference.objects.count() == 3


def test_the_sweep_does_what_nobody_was_hurried_to(librarian, large):
    row = start(csl(3), by=librarian)
    sweep_imports()
    row.refresh_from_db()
    assert row.state == State.READY
    take(row, Options())
    sweep_imports()
    sweep_imports()
    assert Reference.objects.count() == 3
    assert Revision.objects.count() == 1


def test_a_living_claim_is_left_alone_and_a_dead_one_is_taken_over(librarian, large):
    row = start(csl(3), by=librarian)
    Import.objects.filter(pk=row.pk).update(claimed_at=timezone.now())
    sweep_imports()
    row.refresh_from_db()
    assert row.state == State.READING
    stale(row)
    sweep_imports()
    row.refresh_from_db()
    assert row.state == State.READY


def test_what_is_begun_again_and_again_fails_in_the_end(librarian, large, monkeypatch):
    """A file that kills its worker is not given to every worker after it."""
    row = start(csl(3), by=librarian)
    with monkeypatch.context() as patch:
        patch.setattr(import_jobs, "_read", lambda claim: None)
        for _time in range(3):
            sweep_imports()
            stale(row)
    sweep_imports()
    row.refresh_from_db()
    assert row.state == State.FAILED
    assert "begun several times" in row.failure
    assert import_jobs.try_again(row)
    read(row.pk)
    row.refresh_from_db()
    assert row.state == State.READY


def test_a_worker_whose_claim_was_taken_over_writes_nothing(librarian, large, monkeypatch):
    """The other one finished meanwhile: what this one took in is rolled back."""
    row = start(csl(3), by=librarian)
    read(row.pk)
    take(Import.objects.get(pk=row.pk), Options())
    real = library.add_works

    def overtaken(*args, within, **kwargs):
        def late(outcome):
            Import.objects.filter(pk=row.pk).update(claimed_at=timezone.now())
            within(outcome)

        return real(*args, within=late, **kwargs)

    monkeypatch.setattr(import_jobs.library, "add_works", overtaken)
    carry_out(row.pk)
    assert not Reference.objects.exists()
    row.refresh_from_db()
    assert row.state == State.TAKING


def test_a_failure_in_the_middle_leaves_nothing(librarian, large, monkeypatch):
    row = start(csl(700), by=librarian)
    read(row.pk)
    take(Import.objects.get(pk=row.pk), Options())
    real, calls = writing.Rows.write, []

    def second_fails(rows, *late):
        for count in real(rows, *late):
            calls.append(count)
            if len(calls) == 2:
                raise OSError("the disk is full")
            yield count

    with monkeypatch.context() as patch:
        patch.setattr(writing.Rows, "write", second_fails)
        carry_out(row.pk)
    assert len(calls) == 2
    assert not Reference.objects.exists()
    assert not Revision.objects.exists()
    row.refresh_from_db()
    assert row.state == State.FAILED
    assert row.failure == "The works could not be taken in. Nothing was changed; you can try again."
    assert import_jobs.try_again(row)
    read(row.pk)
    row.refresh_from_db()
    take(row, Options())
    carry_out(row.pk)
    assert Reference.objects.count() == 700


def test_an_import_dropped_while_it_is_read_stays_dropped(librarian, large, monkeypatch):
    row = start(csl(3), by=librarian)
    real = import_jobs.formats.read

    def dropped(*args, **kwargs):
        import_jobs.drop(Import.objects.get(pk=row.pk))
        return real(*args, **kwargs)

    monkeypatch.setattr(import_jobs.formats, "read", dropped)
    read(row.pk)
    row.refresh_from_db()
    assert (row.state, bytes(row.preview)) == (State.DROPPED, b"")


def test_a_large_file_that_cannot_be_read_fails_with_its_sentence(librarian, large):
    row = start("[" * 100, by=librarian, format="csl")
    read(row.pk)
    row.refresh_from_db()
    assert row.state == State.FAILED
    assert "not JSON" in row.failure


def test_progress_is_saved_now_and_then(librarian, large, monkeypatch):
    row = start(csl(300), by=librarian)
    monkeypatch.setattr(import_jobs, "_SAVED_EVERY", 0)
    seen = []
    real = import_jobs._Claim._save

    def save(claim, **fields):
        seen.append(fields)
        real(claim, **fields)

    monkeypatch.setattr(import_jobs._Claim, "_save", save)
    read(row.pk)
    assert {"done": 100, "total": 300} in seen
    assert [fields["step"] for fields in seen if "step" in fields] == [
        "Reading the entries", "Comparing with the library", "",
    ]  # fmt: skip


def test_an_import_that_nobody_wanted_is_dropped_after_a_month(librarian):
    row = start(csl(3), by=librarian)
    sweep_imports()
    row.refresh_from_db()
    assert row.state == State.READY
    Import.objects.filter(pk=row.pk).update(at=timezone.now() - import_jobs.KEPT)
    sweep_imports()
    row.refresh_from_db()
    assert (row.state, bytes(row.preview)) == (State.DROPPED, b"")


def test_what_is_told_is_what_was_done_where_somebody_changed_the_library(librarian, large, monkeypatch):
    """The entries are compared before the transaction; it looks whether that still holds."""
    monkeypatch.setattr(library, "FEW", 0)
    row = start(csl(3, DOI="", PMCID=""), by=librarian)
    read(row.pk)
    take(Import.objects.get(pk=row.pk), Options())
    tell, told = import_jobs.tell_outcome, []

    def between(*args):
        tell(*args)
        told.append(args)
        if len(told) == 1:
            library.save_reference(Reference(key="w1", title="Volume 1 of many"), by=librarian)

    monkeypatch.setattr(import_jobs, "tell_outcome", between)
    carry_out(row.pk)
    row.refresh_from_db()
    assert (row.state, row.counts, len(told)) == (State.DONE, {"new": 2, "here": 1}, 2)
    assert "after the preview" in import_jobs.preview(row).entries[1].sentence
    assert Reference.objects.count() == 3


# Looking up


@pytest.fixture
def at_once(monkeypatch):
    """Nobody waits for a turn, and no worker is hurried."""
    monkeypatch.setattr(pace, "turn", lambda *args: 0.0)
    monkeypatch.setattr(client.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(import_jobs, "hurry", lambda *words: None)


def test_what_only_has_an_identifier_is_looked_up_by_the_worker(librarian, apis, at_once):
    apis.set("10.5555/a", title="The work a", relation={"has-version": [{"id-type": "doi", "id": "10.5555/v2"}]})
    row = start("10.5555/a\nPMID 5\n10.5555/none\n", by=librarian)
    assert (row.state, row.counts) == (State.READING, {"wanted": 3})
    apis.behave("failing", "pubmed")
    read(row.pk)
    row.refresh_from_db()
    assert (row.state, row.counts) == (State.READY, {"new": 1, "wanted": 1, "broken": 1})
    assert "Neither Crossref nor DataCite has" in import_jobs.preview(row).entries[2].sentence
    take(row, Options())
    row.refresh_from_db()
    assert (row.state, row.counts) == (State.DONE, {"new": 1, "wanted": 1, "broken": 1})
    # Its versions came with it.
    assert list(Relation.objects.values_list("reference__doi", "kind", "doi", "source")) == [
        ("10.5555/a", "version-of", "10.5555/v2", "crossref")
    ]
    # What could not be looked up is not lost.
    apis.well()
    apis.set_pubmed("5")
    rest = start_rest(row, by=librarian)
    read(rest.pk)
    rest.refresh_from_db()
    assert rest.counts == {"new": 1}
    assert import_jobs.preview(rest).entries[0].work.pmid == "5"


def test_looking_up_goes_on_in_rounds(librarian, apis, at_once, monkeypatch):
    for name in "ab":
        apis.set(f"10.5555/{name}", title=f"The work {name}", type="book")
    row = start("10.5555/a\n10.5555/b\n", by=librarian)
    with monkeypatch.context() as patch:
        patch.setattr(import_jobs, "_ROUND", -1.0)
        for _round in range(5):
            read(row.pk)
    row.refresh_from_db()
    assert (row.state, apis.seen) == (State.READING, [])
    read(row.pk)
    row.refresh_from_db()
    assert (row.state, row.counts, len(apis.seen)) == (State.READY, {"new": 2}, 1)


# Two at once


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_take_in_once(librarian, large):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    row = start(csl(200), by=librarian)
    read(row.pk)
    take(Import.objects.get(pk=row.pk), Options())
    _at_once([lambda: carry_out(row.pk)] * 2)
    assert Reference.objects.count() == 200
    assert Version.objects.count() == 200
    assert Import.objects.get().state == State.DONE


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_imports_of_the_same_works_at_once_add_them_once(librarian):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    works = [Work(title=f"Volume {n}", key=f"w{n}", doi=f"10.5555/{n}") for n in range(300)]
    added = []

    def add(order):
        outcome = library.add_works(order, by=librarian, comment="")
        added.append(len(outcome.added))

    _at_once([lambda: add(works), lambda: add(works[::-1])])
    assert sorted(added) == [0, 300]
    assert Reference.objects.count() == 300


def _at_once(jobs):
    barrier, errors = threading.Barrier(len(jobs)), []

    def work(job):
        try:
            barrier.wait()
            job()
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
