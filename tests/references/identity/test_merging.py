import datetime

import pytest
from django.utils import timezone
from reversion.models import Version

from references import library
from references.identity import merging
from references.identity.likeness import tell_apart
from references.identity.merging import Refused, merge, when_events_join
from references.models import Alias, Check, Event, Likeness, Merge, Reference, Relation, Report
from references.watching import flags

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(editor):
    """Add a work to the library: `work("anker-2021", doi=…)`."""

    def add(key, **fields):
        row = Reference(**{"key": key, "title": f"The trial of {key}", "year": 2021, **fields})
        return library.save_reference(row, by=editor, comment="By hand")

    return add


@pytest.fixture
def fresh():
    """The row as it stands now."""
    return lambda row: Reference.objects.get(pk=row.pk)


# what the kept row takes


def test_the_kept_row_takes_what_was_chosen_and_the_identifiers_that_it_lacks(work, editor):
    kept = work("kept", title="Iron", doi="10.5555/kept", volume="1")
    gone = work("gone", title="Iron in women", pmid="77", pmcid="PMC9", volume="2", container="J Iron")
    record = merge(kept, gone, by=editor, take={"title", "container"}, reason="The same trial")
    row = Reference.objects.get()
    assert (row.key, row.title, row.container, row.volume) == ("kept", "Iron in women", "J Iron", "1")
    assert (row.doi, row.pmid, row.pmcid) == ("10.5555/kept", "77", "PMC9")
    assert row.title_block == "ironinwomen"
    assert record.taken == {
        "title": {"before": "Iron", "after": "Iron in women"},
        "container": {"before": "", "after": "J Iron"},
        "pmid": {"before": None, "after": "77"},
        "pmcid": {"before": None, "after": "PMC9"},
    }
    assert (record.gone_key, record.gone_id, record.kept_key) == ("gone", gone.pk, "kept")
    assert record.gone["title"] == "Iron in women"
    assert record.gone["volume"] == "2"
    assert (record.by, record.reason) == (editor, "The same trial")


def test_an_identifier_that_contradicts_becomes_an_alias_whichever_stays(work, editor):
    kept = work("kept", doi="10.5555/one", pmid="1")
    gone = work("gone", doi="10.5555/two", pmid="2")
    merge(kept, gone, by=editor, take={"pmid"})
    row = Reference.objects.get()
    assert (row.doi, row.pmid) == ("10.5555/one", "2")
    aliases = set(Alias.objects.values_list("scheme", "value", "reference"))
    assert aliases == {("key", "gone", row.pk), ("doi", "10.5555/two", row.pk), ("pmid", "1", row.pk)}


def test_an_identifier_of_the_kept_row_is_not_taken_away(work, editor):
    kept, gone = work("kept", doi="10.5555/one"), work("gone")
    merge(kept, gone, by=editor, take={"doi", "year"})
    assert Reference.objects.get().doi == "10.5555/one"
    assert not Alias.objects.exclude(scheme="key").exists()


def test_a_date_that_cannot_be_is_refused(work, editor):
    kept, gone = work("kept", year=2021, month=2), work("gone", year=2021, month=3, day=30)
    with pytest.raises(Refused, match="There is no day"):
        merge(kept, gone, by=editor, take={"day"})
    assert Reference.objects.count() == 2
    assert not Alias.objects.exists()


def test_only_fields_that_are_may_be_taken(work, editor):
    with pytest.raises(ValueError, match="status"):
        merge(work("kept"), work("gone"), by=editor, take={"status"})


# names


def test_both_keys_lead_to_the_kept_row(work, editor):
    kept, gone = work("kept"), work("Gone:2021")
    merge(kept, gone, by=editor)
    assert {key: row.pk for key, row in library.resolve(["kept", "Gone:2021"]).items()} == {
        "kept": kept.pk,
        "Gone:2021": kept.pk,
    }


def test_a_chain_of_merges_leads_to_its_end(work, editor, fresh):
    first, second, third = work("first", doi="10.5555/1"), work("second", doi="10.5555/2"), work("third")
    merge(second, first, by=editor)
    merge(third, fresh(second), by=editor)
    found = library.resolve(["first", "second", "third"])
    assert {key: row.key for key, row in found.items()} == dict.fromkeys(["first", "second", "third"], "third")
    third = Reference.objects.get()
    assert third.doi == "10.5555/2"
    assert Alias.objects.get(scheme="doi").value == "10.5555/1"
    records = Merge.objects.filter(kept=third).order_by("pk")
    assert [(record.gone_key, record.kept_key) for record in records] == [("first", "second"), ("second", "third")]


def test_an_identifier_that_comes_back_is_no_alias_any_more(work, editor, fresh):
    kept = work("kept", doi="10.5555/one")
    merge(kept, work("gone", doi="10.5555/two"), by=editor)
    other = work("other", title="Other")
    merge(other, fresh(kept), by=editor)
    assert set(Alias.objects.values_list("scheme", "value")) == {
        ("key", "gone"),
        ("key", "kept"),
        ("doi", "10.5555/two"),
    }
    assert Reference.objects.get().doi == "10.5555/one"


def test_an_identifier_that_leads_to_a_third_work_is_refused(work, editor):
    third, kept, gone = work("third"), work("kept", doi="10.5555/1"), work("gone", doi="10.5555/2")
    Alias.objects.create(scheme="doi", value="10.5555/2", written="10.5555/2", reference=third)
    with pytest.raises(Refused, match="leads to third, which is neither of the two"):
        merge(kept, gone, by=editor)
    assert Reference.objects.count() == 3


# what is known against it


def test_what_is_known_against_either_is_known_against_what_stays(work, editor):
    kept, gone = work("kept"), work("gone")
    event, _is_new = flags.report(gone, kind="retraction", source="pubmed", notice="pmid:9")
    flags.mark_handled(event)
    merge(kept, Reference.objects.get(pk=gone.pk), by=editor)
    row = Reference.objects.get()
    assert row.status == "retracted"
    event = Event.objects.get()
    assert (event.reference, event.handled_at) == (row, None)
    assert event.reports.get().notice == "pmid:9"


def test_two_events_of_a_kind_become_one_with_every_report(work, editor, fresh, monkeypatch):
    kept, gone = work("kept"), work("gone")
    for row, notices in ((kept, ["pmid:1", "pmid:2"]), (gone, ["pmid:2", "pmid:3"])):
        for notice in notices:
            flags.report(row, kind="correction", source="pubmed", notice=notice)
    flags.dismiss(kept.events.get(), by=editor, why="A slip")
    joined = []
    monkeypatch.setattr(merging, "_joinings", [])
    when_events_join(lambda twin, event: joined.append((twin.reference_id, event.reference_id)))
    merge(fresh(kept), fresh(gone), by=editor)
    event = Event.objects.get()
    assert joined == [(kept.pk, gone.pk)]
    assert (event.dismissed_at, event.handled_at, event.dismissed_why) == (None, None, "")
    assert sorted(event.reports.values_list("notice", flat=True)) == ["pmid:1", "pmid:2", "pmid:3"]
    assert Report.objects.count() == 3
    assert Reference.objects.get().status == "corrected"


def test_a_status_that_no_event_explains_is_not_lost(work, editor):
    kept, gone = work("kept"), work("gone")
    Reference.objects.filter(pk=gone.pk).update(status="retracted")
    merge(kept, Reference.objects.get(pk=gone.pk), by=editor)
    assert Reference.objects.get().status == "retracted"
    assert Event.objects.get().kind == "retraction"


def test_checks_keep_the_graver_answer_and_are_due(work, editor):
    kept, gone = work("kept"), work("gone")
    later = timezone.now() + datetime.timedelta(days=9)
    for row, source, outcome in (
        (kept, "crossref", "clear"),
        (gone, "crossref", "failed"),
        (kept, "pubmed", "flagged"),
        (gone, "pubmed", "clear"),
        (gone, "link", "clear"),
    ):
        Check.objects.create(reference=row, source=source, outcome=outcome, answered_at=timezone.now(), due_at=later)
    merge(kept, gone, by=editor)
    checks = dict(Check.objects.filter(reference=kept).values_list("source", "outcome"))
    assert checks == {"crossref": "failed", "pubmed": "flagged", "link": "clear"}
    assert not Check.objects.filter(due_at__gt=timezone.now()).exists()


def test_relations_move_and_a_work_is_no_version_of_itself(work, editor):
    kept, gone, third = work("kept", doi="10.5555/kept"), work("gone"), work("third")
    Relation.objects.create(reference=gone, kind="preprint-of", doi="10.5555/kept", other=kept, source="desk")
    Relation.objects.create(reference=gone, kind="version-of", doi="10.5555/x", source="desk")
    Relation.objects.create(reference=kept, kind="version-of", doi="10.5555/x", source="crossref")
    Relation.objects.create(reference=third, kind="version-of", doi="10.5555/y", other=gone, source="desk")
    merge(kept, gone, by=editor)
    rows = set(Relation.objects.values_list("reference__key", "doi", "other__key"))
    assert rows == {("kept", "10.5555/x", None), ("third", "10.5555/y", "kept")}


# pairs


def test_open_pairs_vanish_and_judged_ones_move(work, editor):
    kept, gone, apart, alike = work("kept"), work("gone"), work("apart"), work("alike")
    for other in (kept, apart, alike):
        first, second = sorted((gone, other), key=lambda row: row.pk)
        Likeness.objects.create(first=first, second=second, rule="title", score=90)
    tell_apart(apart, gone, by=editor)
    merge(kept, gone, by=editor)
    pair = Likeness.objects.get()
    assert (pair.first, pair.second, pair.dismissed_by) == (kept, apart, editor)


# the history


def test_the_kept_row_gets_a_version_and_those_of_the_other_stay(work, editor, member):
    kept, gone = work("kept"), work("gone", title="Iron")
    merge(kept, gone, by=member, reason="Two imports of one paper")
    newest = Version.objects.get_for_object(kept).first()
    assert newest.revision.comment == "Merged with gone. Two imports of one paper"
    assert newest.revision.user == member
    versions = Version.objects.get_for_object_reference(Reference, gone.pk)
    assert [version.field_dict["title"] for version in versions] == ["Iron"]


# refusals


def test_a_work_is_not_merged_with_itself(work, editor):
    row = work("kept")
    with pytest.raises(Refused, match="with itself"):
        merge(row, row, by=editor)


def test_our_own_answer_is_not_merged_with_a_source(work, editor):
    with pytest.raises(Refused, match="an answer of ours"):
        merge(work("kept", kind="own-answer"), work("gone"), by=editor)


@pytest.mark.parametrize("which", ["kept", "gone"])
def test_a_row_that_changed_since_it_was_shown_is_refused(work, editor, fresh, which):
    rows = {"kept": work("kept"), "gone": work("gone")}
    shown = {key: fresh(row) for key, row in rows.items()}
    rows[which].volume = "12"
    library.save_reference(rows[which], by=editor, comment="Volume")
    with pytest.raises(Refused, match=f"{which} was changed since you opened this page"):
        merge(shown["kept"], shown["gone"], by=editor)
    assert Reference.objects.count() == 2


def test_a_row_that_was_merged_meanwhile_is_refused_and_says_where_it_went(work, editor):
    kept, gone, third = work("kept"), work("gone"), work("third")
    merge(kept, gone, by=editor)
    with pytest.raises(Refused, match="gone was merged into kept meanwhile"):
        merge(third, gone, by=editor)
    assert Merge.objects.count() == 1
