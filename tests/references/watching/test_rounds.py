"""Rounds: what is due is asked about once, by one worker, in time; and the three answers stay apart."""

from __future__ import annotations

import datetime
import threading
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from references.library import save_reference
from references.models import Alias, Check, Reference, Relation
from references.watching import checks, flags, rounds
from references.watching.answers import Told
from references.watching.rounds import claim, make_due, run_round
from tests.local_apis import LocalApis

pytestmark = pytest.mark.django_db

NOW = timezone.now()
DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
NOTICE = "10.5555/notice"


@pytest.fixture(autouse=True)
def _one_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("references.web.client.ATTEMPTS", 1)
    monkeypatch.setattr("references.web.services.LINK_INTERVAL", 0.0)


@pytest.fixture
def work(apis: LocalApis) -> Reference:
    """A work that Crossref, PubMed and its address know."""
    apis.set("10.5555/alpha")
    apis.set_pubmed("11")
    url = apis.page("/alpha")
    return Reference.objects.create(key="alpha", title="The alpha trial", doi="10.5555/alpha", pmid="11", url=url)


def outcomes(work: Reference) -> dict[str, str]:
    return dict(Check.objects.filter(reference=work).values_list("source", "outcome"))


def test_a_first_round_asks_every_source_once(apis, work):
    found = run_round(now=NOW)
    assert outcomes(work) == {"crossref": "clear", "pubmed": "clear", "link": "clear"}
    assert (found.asked, found.failed, found.new) == (3, 0, [])
    before = len(apis.asked())
    assert run_round(now=NOW + HOUR).asked == 0
    assert len(apis.asked()) == before
    for check in Check.objects.all():
        assert check.answered_at is not None
        assert 6 * DAY < check.due_at - NOW < 8 * DAY


def test_a_retraction_that_arrives_between_two_rounds(apis, work):
    run_round(now=NOW)
    apis.retract("10.5555/alpha", NOTICE)
    apis.retract_pubmed("11", "99")
    found = run_round(now=NOW + 8 * DAY)
    assert outcomes(work) == {"crossref": "flagged", "pubmed": "flagged", "link": "clear"}
    assert [(row.key, kind) for row, kind, _source in found.new] == [("alpha", "retraction")]
    work.refresh_from_db()
    assert work.status == "retracted"
    event = flags.due().get()
    assert sorted(event.reports.values_list("source", "notice")) == [
        ("crossref", f"doi:{NOTICE}"),
        ("pubmed", "pmid:99"),
    ]
    flags.mark_handled(event)
    assert run_round(now=NOW + 17 * DAY).new == []
    assert not flags.due().exists()


@pytest.mark.parametrize(
    ("mode", "service"),
    [(mode, "") for mode in ("failing", "limited", "reset")]
    + [("truncated", "crossref"), ("broken", "crossref"), ("broken", "pubmed")],
)
def test_a_failed_call_is_not_clear_and_moves_no_date(apis, work, mode, service):
    run_round(now=NOW)
    answered = dict(Check.objects.values_list("source", "answered_at"))
    apis.behave(mode, service, seconds=60)
    run_round(now=NOW + 8 * DAY)
    for check in Check.objects.filter(source__in=[service] if service else ["crossref", "pubmed", "link"]):
        assert (check.outcome, check.failures) == ("failed", 1)
        assert check.answered_at == answered[check.source]
        assert check.asked_at > NOW + 8 * DAY - HOUR
        assert check.detail


def test_a_failed_call_clears_no_flag(apis, work):
    apis.retract("10.5555/alpha", NOTICE)
    run_round(now=NOW)
    apis.behave("failing")
    run_round(now=NOW + 8 * DAY)
    work.refresh_from_db()
    assert (work.status, outcomes(work)["crossref"]) == ("retracted", "failed")


def test_a_notice_that_is_gone_lifts_no_flag_and_says_so(apis, work):
    apis.retract("10.5555/alpha", NOTICE)
    run_round(now=NOW)
    del apis.works[NOTICE], apis.works["10.5555/alpha"]["updated-by"]
    run_round(now=NOW + 8 * DAY)
    work.refresh_from_db()
    check = Check.objects.get(source="crossref")
    assert (work.status, check.outcome) == ("retracted", "clear")
    assert "The flag stays" in check.detail


def test_failures_wait_longer_each_time_up_to_the_interval(apis, work):
    apis.behave("failing", "crossref")
    now, waits = NOW, []
    for _round in range(10):
        run_round(now=now, sources=["crossref"])
        check = Check.objects.get(source="crossref")
        waits.append((check.due_at - now) / HOUR)
        now = check.due_at + HOUR
    assert all(0.85 * 2**number < wait < 1.15 * 2**number for number, wait in enumerate(waits[:7]))
    assert max(waits) < 7 * 24 * 1.15
    apis.well()
    run_round(now=now, sources=["crossref"])
    assert Check.objects.get(source="crossref").failures == 0


def test_a_doi_that_crossref_does_not_know_waits_for_the_interval(apis):
    Reference.objects.create(key="data", title="Data", doi="10.5281/zenodo.1")
    run_round(now=NOW)
    check = Check.objects.get()
    assert (check.outcome, check.answered_at) == ("failed", None)
    assert check.due_at - NOW > 6 * DAY


def test_a_notice_in_the_library_flags_the_work_that_it_is_about(apis, work):
    apis.retract("10.5555/alpha", NOTICE)
    notice = Reference.objects.create(key="notice", title="Retraction: alpha", doi=NOTICE, pmid="99")
    apis.set_pubmed("99", ROF=["J Tests. 2024. PMID: 11"])
    run_round(now=NOW, keys=["notice"])
    work.refresh_from_db()
    notice.refresh_from_db()
    assert (work.status, notice.status) == ("retracted", "current")
    assert set(work.events.get().reports.values_list("source", flat=True)) == {"crossref", "pubmed"}


def test_the_aliases_of_a_merged_work_are_asked_about_as_well(apis, work, editor):
    apis.set("10.5555/preprint")
    apis.set_pubmed("12", RIN=["J Tests. PMID: 98"])
    apis.retract("10.5555/preprint", NOTICE)
    for scheme, value in (("doi", "10.5555/preprint"), ("pmid", "12")):
        Alias.objects.create(scheme=scheme, value=value, written=value, reference=work)
    run_round(now=NOW)
    assert outcomes(work) == {"crossref": "flagged", "pubmed": "flagged", "link": "clear"}


def test_a_work_with_nothing_to_ask_about_has_no_rows(apis):
    work = Reference.objects.create(key="book", title="A book", isbn="9780000000002")
    run_round(now=NOW)
    assert outcomes(work) == {}
    Check.objects.create(reference=work, source="crossref", due_at=NOW)
    Check.objects.create(reference=work, source="pubmed", due_at=NOW)
    Check.objects.create(reference=work, source="link", due_at=NOW)
    run_round(now=NOW)
    assert outcomes(work) == {}


def test_versions_that_crossref_tells_of_are_kept(apis, work):
    apis.set("10.5555/alpha", relation={"is-preprint-of": [{"id": "10.5555/final", "id-type": "doi"}]})
    run_round(now=NOW, sources=["crossref"])
    assert Relation.objects.get().doi == "10.5555/final"


def test_pubmed_is_asked_about_many_at_once(apis):
    for number in range(250):
        apis.set_pubmed(str(1000 + number))
        Reference.objects.create(key=f"k{number}", title="T", pmid=str(1000 + number))
    assert run_round(now=NOW).counts == {"pubmed": Counter(clear=250)}
    assert len(apis.asked("pubmed")) == 2


# What stops a round


def test_a_round_stops_at_its_limit(apis, monkeypatch):
    _make(30)
    asked: list[Any] = []
    monkeypatch.setattr(rounds.crossref, "ask", lambda dois, **_: asked.append(dois) or Told("clear"))
    assert run_round(now=NOW, limit=7).asked == 7
    assert len(asked) == 7
    assert Check.objects.filter(due_at__lte=NOW).count() == 23


def test_a_round_stops_in_time_and_gives_back_what_it_had_claimed(apis, monkeypatch):
    _make(30)
    clock = [0.0]
    monkeypatch.setattr(rounds.time, "monotonic", lambda: clock[0])

    def slow(dois: list[str], **_: object) -> Told:
        clock[0] += 10
        return Told("clear")

    monkeypatch.setattr(rounds.crossref, "ask", slow)
    assert run_round(now=NOW, seconds=45).asked == 5
    assert Check.objects.filter(due_at__lte=NOW).count() == 25


def test_a_service_that_is_down_is_left_alone_after_some_failures(apis):
    _make(10)
    apis.behave("failing", "crossref")
    assert run_round(now=NOW).failed == rounds.MOST_FAILURES
    assert len(apis.asked("crossref")) == rounds.MOST_FAILURES
    assert Check.objects.filter(due_at__lte=NOW).count() == 10 - rounds.MOST_FAILURES


def test_answers_that_cannot_be_read_hold_up_nobody(apis):
    _make(10)
    apis.behave("broken", "crossref")
    assert run_round(now=NOW).failed == 10


def test_nobody_is_asked_where_asking_is_switched_off(apis, work, settings):
    settings.LOOKUP_ENABLED = False
    assert run_round(now=NOW).asked == 0
    assert apis.asked() == []


def test_an_error_in_mid_round_gives_back_what_was_claimed(apis, monkeypatch):
    _make(5)

    def broken(dois: list[str], **_: object) -> Told:
        raise MemoryError

    monkeypatch.setattr(rounds.crossref, "ask", broken)
    with pytest.raises(MemoryError):
        run_round(now=NOW)
    assert Check.objects.filter(due_at__lte=NOW).count() == 5


# Retraction Watch


def test_the_file_is_read_when_it_changes_or_a_work_is_due(apis, work, settings, tmp_path):
    path = tmp_path / "rw.csv"
    settings.RETRACTION_WATCH_FILE = str(path)
    head = "Record ID,RetractionDOI,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,RetractionDate,Reason\n"
    path.write_text(head + "1,10.5555/n,10.5555/other,0,Retraction,1/31/2020 0:00,\n")
    now = timezone.now() + HOUR  # later than the file
    assert run_round(now=now, sources=["retraction-watch"]).counts["retraction-watch"] == Counter(clear=1)
    assert run_round(now=now + HOUR, sources=["retraction-watch"]).counts == {}
    other = Reference.objects.create(key="other", title="Other", doi="10.5555/other")
    assert run_round(now=now + HOUR, sources=["retraction-watch"]).counts["retraction-watch"]["flagged"] == 1
    other.refresh_from_db()
    assert other.status == "retracted"
    # The works were compared before the file was written: it has changed since.
    Check.objects.update(asked_at=NOW - DAY)
    assert run_round(now=now + 2 * HOUR, sources=["retraction-watch"]).counts["retraction-watch"].total() == 2
    Check.objects.update(due_at=now)
    path.unlink()
    found = run_round(now=now + 3 * HOUR, sources=["retraction-watch"])
    assert (found.counts["retraction-watch"], len(found.problems)) == (Counter(failed=2), 1)
    other.refresh_from_db()
    assert other.status == "retracted"


# Changed identifiers


def test_an_answer_about_another_doi_is_forgotten(apis, work, editor):
    run_round(now=NOW)
    work.doi = "10.5555/beta"
    save_reference(work, by=editor, comment="The right DOI")
    assert outcomes(work) == {"pubmed": "clear", "link": "clear"}
    work.title = "The beta trial"
    save_reference(work, by=editor, comment="The right title")
    assert outcomes(work) == {"pubmed": "clear", "link": "clear"}


# Claims


def test_what_is_claimed_is_due_again_when_the_lease_is_over(apis, work):
    checks.make("crossref", now=NOW)
    assert len(claim("crossref", now=NOW, limit=5)) == 1
    assert claim("crossref", now=NOW, limit=5) == []
    assert len(claim("crossref", now=NOW + rounds.LEASE, limit=5)) == 1


def test_make_due(apis, work):
    run_round(now=NOW)
    assert make_due(["crossref", "link"], now=NOW, keys=["alpha"]) == 2
    assert make_due(["pubmed"], now=NOW, keys=["beta"]) == 0
    assert {row.source for row in Check.objects.filter(due_at__lte=NOW)} == {"crossref", "link"}


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_claim_the_same():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time.")
    _make(200)
    checks.make("crossref", now=NOW)
    start, claimed = threading.Barrier(4), list[int]()

    def work_through() -> None:
        start.wait()
        try:
            for _turn in range(20):
                claimed.extend(row.pk for row in claim("crossref", now=NOW, limit=5))
        finally:
            connection.close()

    threads = [threading.Thread(target=work_through) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claimed) == len(set(claimed)) == 200


@pytest.mark.parametrize("works", [300, 6_000])
def test_picking_what_is_due_costs_the_same_few_queries_however_many_works_there_are(db, works):
    _make(works)
    with CaptureQueriesContext(connection) as making:
        assert checks.make("crossref", now=NOW, limit=200_000) == works
    with CaptureQueriesContext(connection) as nothing_missing:
        assert checks.make("crossref", now=NOW) == 0
    with CaptureQueriesContext(connection) as picking:
        assert len(claim("crossref", now=NOW, limit=20)) == 20
    with CaptureQueriesContext(connection) as aliases:
        checks.identifiers_of(list(Reference.objects.all()[:200]), "doi")
    # SQLite writes 142 rows at a time.
    assert len(making) <= 2 + works / 140 + works / 1_000
    assert (len(nothing_missing), _asked(picking), len(aliases)) == (1, 3, 2)


def _asked(queries: CaptureQueriesContext) -> int:
    words = ("SELECT", "UPDATE", "INSERT", "DELETE")
    return sum(query["sql"].startswith(words) for query in queries.captured_queries)


def _make(count: int) -> None:
    Reference.objects.bulk_create(
        [
            Reference(key=f"w{number}", key_normal=f"w{number}", title="T", doi=f"10.5555/w{number}")
            for number in range(count)
        ],
        batch_size=5_000,
    )
