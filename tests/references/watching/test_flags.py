"""Flags: the same news does one thing in whatever order it comes, and the status follows what stands."""

from __future__ import annotations

import datetime
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reversion.models import Version

from people.models import User
from references.library import save_reference
from references.models import Event, Reference, Report, Status
from references.watching import flags

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(db: None) -> Reference:
    return Reference.objects.create(key="alpha", title="The alpha trial", doi="10.5555/alpha")


def stored(work: Reference) -> str:
    return Reference.objects.get(pk=work.pk).status


@pytest.mark.parametrize(
    ("kind", "status"),
    [("retraction", "retracted"), ("concern", "concern"), ("correction", "corrected"), ("new-version", "superseded")],
)
def test_a_report_flags_the_work_and_is_due(work, kind, status):
    event, is_new = flags.report(
        work, kind=kind, source="crossref", notice="doi:10.5555/n", text="Because", dated=datetime.date(2024, 5, 1)
    )
    assert is_new
    assert (work.status, stored(work)) == (status, status)
    assert list(flags.due()) == [event]
    told = event.reports.get()
    assert (told.source, told.notice, told.text, told.dated) == (
        "crossref",
        "doi:10.5555/n",
        "Because",
        datetime.date(2024, 5, 1),
    )


def test_the_change_of_status_is_a_version_that_names_its_source_and_no_person(work):
    flags.report(work, kind="retraction", source="pubmed", notice="pmid:7", text="Retraction in: J Test")
    revision = Version.objects.get_for_object(work).get().revision
    assert revision.user is None
    assert revision.comment == "PubMed: retraction. pmid:7 Retraction in: J Test"


def test_the_same_word_again_and_another_source_make_nothing_due(work):
    event, _new = flags.report(work, kind="retraction", source="crossref", notice="doi:10.5555/n")
    assert flags.mark_handled(event)
    for source, notice in [("crossref", "doi:10.5555/n"), ("pubmed", "pmid:7"), ("pubmed", "pmid:7")]:
        again, is_new = flags.report(work, kind="retraction", source=source, notice=notice)
        assert (again, is_new) == (event, False)
    assert not flags.due().exists()
    assert event.reports.count() == 2
    assert Version.objects.get_for_object(work).count() == 1


def test_the_gravest_flag_that_stands_gives_the_status(work, editor):
    for kind in ("correction", "new-version", "concern", "retraction"):
        flags.report(work, kind=kind, source="crossref")
    seen = []
    for kind in ("retraction", "concern", "new-version", "correction"):
        seen.append(stored(work))
        flags.dismiss(work.events.get(kind=kind), by=editor, why="It is about another work.")
    assert seen == ["retracted", "concern", "superseded", "corrected"]
    assert stored(work) == "current"


def test_a_dismissal_needs_a_reason_and_is_due_itself(work, editor):
    event, _new = flags.report(work, kind="retraction", source="crossref", notice="doi:10.5555/n")
    flags.mark_handled(event)
    with pytest.raises(ValidationError):
        flags.dismiss(event, by=editor, why=" ")
    assert stored(work) == "retracted"
    flags.dismiss(event, by=editor, why="Another trial of that name.")
    assert stored(work) == "current"
    lifted = flags.due().get()
    assert (lifted.dismissed_by, lifted.dismissed_why) == (editor, "Another trial of that name.")
    newest = Version.objects.get_for_object(work).first()
    assert (newest.revision.user, newest.field_dict["status"]) == (editor, "current")
    assert "Another trial of that name." in newest.revision.comment
    flags.mark_handled(lifted)
    flags.dismiss(lifted, by=editor, why="Again")
    assert not flags.due().exists()


@pytest.mark.parametrize(
    ("source", "notice", "opens"),
    [
        ("crossref", "doi:10.5555/n", False),
        ("pubmed", "doi:10.5555/n", False),
        ("crossref", "doi:10.5555/second", True),
        ("pubmed", "pmid:9", True),
        ("retraction-watch", "", True),
        ("crossref", "", False),
    ],
)
def test_only_unheard_news_opens_what_was_dismissed(work, editor, source, notice, opens):
    event, _new = flags.report(work, kind="retraction", source="crossref", notice="doi:10.5555/n")
    flags.dismiss(event, by=editor, why="An error of theirs.")
    flags.mark_handled(Event.objects.get())
    _event, is_new = flags.report(work, kind="retraction", source=source, notice=notice)
    assert is_new is opens
    assert flags.due().exists() is opens
    assert stored(work) == ("retracted" if opens else "current")
    # And once more: nothing is done twice.
    assert flags.report(work, kind="retraction", source=source, notice=notice)[1] is False


def test_an_event_that_changed_while_it_was_acted_on_stays_due(work, editor):
    event, _new = flags.report(work, kind="retraction", source="crossref")
    flags.dismiss(Event.objects.get(), by=editor, why="No.")
    assert not flags.mark_handled(event)
    assert flags.due().exists()


WORDS = st.tuples(
    st.sampled_from(["retraction", "concern", "correction", "new-version"]),
    st.sampled_from(["crossref", "pubmed", "retraction-watch"]),
    st.sampled_from(["", "doi:10.5555/n", "pmid:7"]),
)


@given(words=st.lists(WORDS, min_size=1, max_size=8), data=st.data())
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_and_repetition_of_reports_ends_the_same(work, words, data):
    def outcome(told: list[tuple[str, str, str]]) -> tuple[object, ...]:
        Report.objects.all().delete()
        Event.objects.all().delete()
        Reference.objects.update(status="current")
        news = [flags.report(work, kind=kind, source=source, notice=notice)[1] for kind, source, notice in told]
        return (
            sorted(Event.objects.values_list("kind", flat=True)),
            sorted(Report.objects.values_list("event__kind", "source", "notice")),
            stored(work),
            flags.due().count(),
            sum(news),
        )

    shuffled = data.draw(st.permutations(words + data.draw(st.lists(st.sampled_from(words), max_size=5))))
    first = outcome(words)
    assert outcome(shuffled) == first
    assert first[3] == first[4] == len({kind for kind, _source, _notice in words})


# The status set by hand


def by_hand(work: Reference, status: str, person: User, comment: str = "Read it in the journal") -> Reference:
    work.status = status
    return save_reference(work, by=person, comment=comment)


def test_a_status_set_by_hand_is_an_event_of_the_desk(work, editor):
    by_hand(work, "retracted", editor)
    event = flags.due().get()
    told = event.reports.get()
    assert (event.kind, told.source, told.by, told.text) == ("retraction", "desk", editor, "Read it in the journal")
    assert Version.objects.get_for_object(work).get().field_dict["status"] == "retracted"
    by_hand(work, "retracted", editor)
    assert Event.objects.count() == 1


def test_a_new_work_with_a_status_has_its_event(editor):
    work = by_hand(Reference(title="The beta trial", key="beta"), "concern", editor)
    assert (stored(work), flags.due().get().kind) == ("concern", "concern")


def test_taking_a_flag_back_by_hand_dismisses_it_with_the_comment(work, editor):
    flags.report(work, kind="retraction", source="crossref", notice="doi:10.5555/n")
    work.title = "The alpha trial, again"
    with pytest.raises(ValidationError) as refusal:
        by_hand(work, "current", editor, comment="")
    assert "status" in refusal.value.message_dict
    assert stored(work) == "retracted"
    by_hand(work, "current", editor, comment="It was another work")
    event = Event.objects.get()
    assert (event.dismissed_by, event.dismissed_why, stored(work)) == (editor, "It was another work", "current")
    # The person who sets it once more opens it again.
    by_hand(work, "retracted", editor, comment="It was this one")
    assert flags.due().get().dismissed_at is None


def test_a_lighter_flag_by_hand_dismisses_the_graver_and_keeps_the_others(work, editor):
    for kind in ("retraction", "correction"):
        flags.report(work, kind=kind, source="crossref")
    by_hand(work, "concern", editor)
    kinds = set(flags.standing(work).values_list("kind", flat=True))
    assert (kinds, stored(work)) == ({"correction", "concern"}, "concern")


def test_a_flag_that_came_between_reading_and_saving_stays(work, editor, monkeypatch):
    real = flags.set_by_hand

    def meanwhile(reference, **options):
        flags.report(Reference.objects.get(pk=work.pk), kind="retraction", source="crossref")
        real(reference, **options)

    monkeypatch.setattr(flags, "set_by_hand", meanwhile)
    work.title = "The alpha trial, again"
    save_reference(work, by=editor, comment="The title")
    assert stored(work) == "retracted"
    assert Version.objects.get_for_object(work).first().field_dict["status"] == "retracted"


def test_a_status_without_an_event_gets_one_and_is_hidden_by_no_lighter_one(work):
    Reference.objects.update(status=Status.RETRACTED)
    flags.report(work, kind="correction", source="crossref")
    assert stored(work) == "retracted"
    assert set(flags.standing(work).values_list("kind", flat=True)) == {"retraction", "correction"}


def test_statuses_that_came_with_an_import_become_events_once(work):
    Reference.objects.update(status=Status.SUPERSEDED)
    assert flags.account_for_statuses() == 1
    assert flags.account_for_statuses() == 0
    assert flags.due().get().reports.get().source == "library"


# Races: SQLite writes one at a time, so they show on PostgreSQL alone.


@pytest.fixture
def at_once() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time.")
    return


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_news_make_one_event(at_once, work):
    start = threading.Barrier(6)
    news: list[bool] = []

    def tell(source: str) -> None:
        start.wait()
        try:
            news.append(flags.report(work, kind="retraction", source=source, notice="doi:10.5555/n")[1])
        finally:
            connection.close()

    threads = [threading.Thread(target=tell, args=[source]) for source in ("crossref", "pubmed", "desk") * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(news) == [False] * 5 + [True]
    assert (Event.objects.count(), Report.objects.count()) == (1, 3)
    assert stored(work) == "retracted"
