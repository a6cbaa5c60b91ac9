"""Policies of review: editors write versions, a submission takes that of its kind, and open rounds keep theirs."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from articles import drafting, policies, policy
from articles.models import AnswerKind, ReviewPolicy
from people.models import Role
from reviews import workflow
from reviews.models import Review

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind():
    return AnswerKind.objects.create(slug="doses", name="Doses", position=1)


def _fields(**fields):
    return {
        "verdicts_needed": "2",
        "approvals_needed": "2",
        "specialties": "Cardiology",
        "days": "10",
        "review_again_after_months": "12",
        "checklist": "Accuracy: it is right\nHarm: it does none",
        "independent": "on",
        "note": "Two pairs of eyes.",
        "base_version": "1",
    } | fields


def test_before_any_was_written_version_1_is_in_force(kind):
    assert policies.in_force(None) == policies.in_force(kind) == policy.Policy()
    assert policy.Policy().version == 1


def test_an_editor_writes_the_next_version_with_a_note(browser, editor, kind):
    client = browser(editor)
    address = reverse("desk:policy_general")
    assert "Plain language: the plain text says the same" in client.get(address).content.decode()
    assert client.post(address, _fields()).status_code == 302
    now = policies.in_force(kind)
    assert (now.version, now.kind, now.verdicts_needed, now.specialties) == (2, "", 2, ("Cardiology",))
    assert [item["slug"] for item in now.checklist] == ["accuracy", "harm"]
    assert now.independent
    assert not now.caution_allowed
    page = client.get(address).content.decode()
    assert "Two pairs of eyes." in page
    assert "Edda Editor" in page


def test_a_kind_has_its_own_and_can_follow_the_general_one_again(browser, editor, kind):
    client = browser(editor)
    address = reverse("desk:policy", args=[kind.pk])
    assert "This kind follows the general policy" in client.get(address).content.decode()
    assert client.post(address, _fields(base_version="0")).status_code == 302
    assert policies.in_force(kind).kind == "doses"
    assert policies.in_force(None) == policy.Policy()
    assert "2 verdicts, 2 approvals (Cardiology)" in client.get(reverse("desk:policies")).content.decode()
    assert client.post(address, _fields(base_version="1", is_ended="on")).status_code == 302
    assert policies.in_force(kind) == policy.Policy()
    assert ReviewPolicy.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("note", " ", "Say what you changed, and why"),
        ("approvals_needed", "3", "There cannot be more approvals than verdicts."),
        ("verdicts_needed", "0", "Between 1 and 9."),
        ("days", "0", "Between 1 and 365."),
        ("days", "many", "Enter a whole number."),
        ("review_again_after_months", "999999", "Between 1 and 120."),
        ("specialties", "A\nB\nC", "Each specialty needs somebody who approves"),
        ("checklist", "x" * 300, "At most 200 characters fit in a line."),
        ("checklist", "\n".join(map(str, range(21))), "At most 20 lines fit."),
    ],
)
def test_what_cannot_be_kept_comes_back_with_a_sentence(browser, editor, field, value, sentence):
    response = browser(editor).post(reverse("desk:policy_general"), _fields(**{field: value}))
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert "Two pairs of eyes." in page or field == "note"
    assert not ReviewPolicy.objects.exists()


def test_a_second_version_on_the_same_base_is_refused_and_kept(browser, editor):
    client = browser(editor)
    address = reverse("desk:policy_general")
    client.post(address, _fields())
    response = client.post(address, _fields(note="Mine too."))
    assert response.status_code == 409
    page = response.content.decode()
    assert "Mine too." in page
    assert 'name="base_version" value="2"' in page
    assert ReviewPolicy.objects.count() == 1


def test_only_an_editor_writes(member, author, administrator):
    for person in (member, author, administrator):
        with pytest.raises(policies.Refused):
            policies.write(None, by=person, base_version=1, note="Mine.")


def test_a_version_is_never_changed_or_deleted(editor):
    row = policies.write(None, by=editor, base_version=1, note="First.")
    for change in (lambda: ReviewPolicy.objects.update(days=3), lambda: row.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_items_of_a_checklist_have_names_of_their_own():
    items = policies.items_from(["Harm: a", "Harm: b", "害", " ", "Harm: a"])
    assert [one["slug"] for one in items] == ["harm", "harm-2", "item"]


def test_a_kept_policy_of_an_older_time_is_read():
    kept = {"version": 1, "approvals_needed": 2, "caution_allowed": False, "review_again_after_months": 6, "gone": 1}
    read = policy.read(kept)
    assert (read.approvals_needed, read.verdicts_needed, read.days, read.checklist) == (2, 1, 14, ())
    assert policy.read(read.as_data()) == read


def test_a_submission_takes_the_policy_of_its_kind_and_keeps_it(draft, author, editor, kind):
    policies.write(kind, by=editor, base_version=0, note="Own.", verdicts_needed=2, approvals_needed=1)
    first = workflow.submit(draft, by=author)
    assert Review.objects.get(edition=first).policy["kind"] == ""
    draft.refresh_from_db()
    draft.kind = kind
    drafting.save(draft, by=author, base_version=draft.version)
    second = workflow.submit(draft, by=author)
    assert Review.objects.get(edition=second).policy["verdicts_needed"] == 2
    policies.write(kind, by=editor, base_version=1, note="Less.", verdicts_needed=1, approvals_needed=1)
    assert Review.objects.get(edition=second).policy["verdicts_needed"] == 2


def test_writing_asks_for_sound_fields_whoever_calls(person):
    somebody = person("Eve Editor", Role.EDITOR)
    with pytest.raises(ValidationError):
        policies.write(None, by=somebody, base_version=1, note="")
