"""Reviewed, no change needed: signed by a board member, it moves the dates of review and stands in the record."""

from __future__ import annotations

import datetime

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import drafting, policies
from articles.models import Article, Publication
from people import interests
from people.models import Notification, Role, User
from reviews import protection, renewals, verifying, workflow
from reviews.models import InterestStatement, Renewal, Transition
from reviews.reminding import remind_of_reviews
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def live(draft: Article, author: User, member: User, editor: User) -> Publication:
    edition = workflow.submit(draft, by=author)
    workflow.take_up(edition, by=member)
    workflow.decide(edition, by=member, kind="approve", password=PASSWORD)
    return workflow.publish(edition, by=editor)


@pytest.fixture
def later(live, monkeypatch):
    """A day 700 days on, when the review comes due."""
    moment = timezone.now() + 700 * DAY
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return moment


def sign(live, by, **fields):
    given = {"password": PASSWORD, "last_reviewed": live.reviewed_at} | fields
    return workflow.renew(live.edition, by=by, **given)


def test_it_is_signed_on_the_digest_and_moves_both_dates(live, later, second_member, author, editor, client):
    renewal = sign(live, second_member, comment="Read both trials again.")
    signed = renewals.read(renewal)
    assert signed["edition_digest"] == live.edition.digest
    assert (
        signed["meaning"] == "I have reviewed this edition again. Its exact words still stand, and no change is needed."
    )
    assert signed["printed_name"] == "Cora Council, PharmD"
    now = Publication.objects.get()
    assert now.reviewed_at == later
    assert (now.review_due_on.year, now.review_due_on.month) == (later.year + 2, later.month)
    assert now.statement["last_updated"] == live.statement["last_updated"]
    row = Transition.objects.get(move="renew")
    assert (row.from_state, row.to_state, row.verdict_signature) == ("live", "live", renewal.signature)
    assert row.reason == "Read both trials again."
    assert list(verifying.problems()) == []
    page = client.get(reverse("readers:answer", args=[live.slug])).content.decode()
    assert f"Reviewed again on {later.day} {later:%B %Y}, no change needed, by Cora Council, PharmD (Pharmacy)" in page
    assert "Reviewed and approved word for word by Ben Board" in page
    assert "Read both trials again." not in page
    assert (
        Notification.objects.filter(person__in=[author, editor], sentence__contains="no change is needed").count() == 2
    )


def test_it_takes_the_overdue_mark_away_and_starts_the_reminders_anew(live, second_member):
    past = timezone.localdate() - 40 * DAY
    Publication.objects.update(review_due_on=past, review_reminder_on=past, is_overdue=True)
    assert remind_of_reviews() == 1
    sign(live, second_member)
    now = Publication.objects.get()
    assert not now.is_overdue
    assert now.review_reminder_on == now.review_due_on - 30 * DAY
    assert remind_of_reviews() == 0


def test_the_next_date_is_of_the_policy_that_is_in_force_then(live, later, second_member, editor):
    policies.write(None, by=editor, base_version=1, note="Sooner.", review_again_after_months=6)
    sign(live, second_member)
    assert (Publication.objects.get().review_due_on - later.date()).days in range(180, 186)


def test_whoever_wrote_on_the_answer_in_any_edition_does_not_renew_it(live, draft, member, editor, author, person):
    writing_member = person("Wim Writer", Role.AUTHOR, Role.BOARD_MEMBER)
    draft.refresh_from_db()
    draft.body += "\n\nMore."
    drafting.save(draft, by=writing_member, base_version=draft.version)
    with pytest.raises(workflow.Refused, match="four eyes"):
        sign(live, writing_member)
    for other in (author, editor):
        with pytest.raises(workflow.Refused, match="Only a board member"):
            sign(live, other)
    assert not Renewal.objects.exists()
    sign(live, member)


def test_whose_name_stands_in_the_byline_without_an_account_does_not_renew_it(draft, author, member, editor, person):
    namesake = person("Dora Delegate", Role.BOARD_MEMBER)
    draft.byline = [*draft.byline, drafting.byline_entry(name="DORA  Délegate", credentials="MD")]
    drafting.save(draft, by=author, base_version=draft.version)
    edition = workflow.submit(draft, by=author)
    workflow.take_up(edition, by=member)
    workflow.decide(edition, by=member, kind="approve", password=PASSWORD)
    live = workflow.publish(edition, by=editor)
    with pytest.raises(workflow.Refused, match="Your name stands in the byline"):
        sign(live, namesake)
    assert not Renewal.objects.exists()


def test_a_wrong_password_signs_nothing(live, member):
    with pytest.raises(workflow.Refused, match="password"):
        sign(live, member, password="wrong")
    assert not Renewal.objects.exists()


def test_two_at_once_and_a_double_click_sign_once(live, member, second_member):
    sign(live, member)
    for person in (member, second_member):
        with pytest.raises(workflow.Refused, match="Somebody reviewed this answer meanwhile"):
            sign(live, person)
    assert Renewal.objects.count() == 1


def test_only_the_edition_that_is_live_is_renewed(live, draft, author, member, editor):
    draft.refresh_from_db()
    draft.body += "\n\nMore."
    drafting.save(draft, by=author, base_version=draft.version)
    newer = workflow.submit(draft, by=author)
    with pytest.raises(workflow.Refused, match="This edition is not the public one"):
        workflow.renew(newer, by=member, password=PASSWORD, last_reviewed=live.reviewed_at)
    workflow.withdraw(live.edition, by=editor, explanation="Out of date.")
    with pytest.raises(workflow.Refused, match="This answer is withdrawn"):
        sign(live, member)


def test_an_editorial_fix_keeps_the_date_of_a_renewal(live, later, draft, author, member, second_member, editor):
    sign(live, second_member)
    was = Publication.objects.get()
    draft.refresh_from_db()
    draft.body += "\n\nMore."
    drafting.save(draft, by=author, base_version=draft.version)
    fix = workflow.submit(draft, by=author, is_editorial=True)
    interests.declare(member, {})
    workflow.take_up(fix, by=member)
    workflow.decide(fix, by=member, kind="approve", password=PASSWORD)
    now = workflow.publish(fix, by=editor)
    assert (now.reviewed_at, now.review_due_on) == (was.reviewed_at, was.review_due_on)


def test_the_record_of_it_is_insert_only(live, member):
    renewal = sign(live, member)
    for change in (lambda: Renewal.objects.update(due_on=timezone.localdate()), renewal.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda row: Renewal.objects.update(due_on=row.due_on + DAY),
            "Re-review id {pk} was altered: The column due_on",
        ),
        (lambda row: Renewal.objects.update(statement=b"{}"), "Re-review id {pk} was altered: The statement"),
        (lambda row: Renewal.objects.all()._raw_delete("default"), "The re-review of transition 6 is missing"),
        (lambda row: Renewal.objects.update(signature="0" * 64), "The re-review of transition 6 is missing"),
        (lambda row: Publication.objects.update(review_due_on=row.due_on + DAY), "The dates of review of article"),
        (lambda row: Publication.objects.update(reviewed_at=row.at + DAY), "The dates of review of article"),
    ],
)
def test_what_was_altered_is_found(live, member, change, said):
    renewal = sign(live, member)
    pk = renewal.pk
    assert list(verifying.problems()) == []
    protection.remove(connection)
    change(renewal)
    assert any(problem.startswith(said.format(pk=pk)) for problem in verifying.problems())


def test_one_that_was_added_past_the_workflow_is_found(live, member):
    now = timezone.now()
    policy = policies.in_force(None)
    stated = InterestStatement.objects.get()
    renewals.sign(
        live.edition, member=member, policy=policy, last_reviewed=None, interest=stated, proof="password", at=now
    )
    assert any("named by no transition" in problem for problem in verifying.problems())


def browser(person):
    client = Client()
    client.force_login(person)
    return client


def _form(page):
    data = {"password": PASSWORD, "comment": "Read again.", "interest": "nothing"}
    for name in ("digest", "seen"):
        data[name] = page.split(f'name="{name}" value="')[1].split('"')[0]
    return data


def test_a_member_signs_in_the_desk_from_the_list(live, member, editor, author):
    past = timezone.localdate() - 2 * DAY
    Publication.objects.update(review_due_on=past, is_overdue=True)
    client = browser(member)
    address = reverse("desk:renew", args=[live.edition_id])
    listed = client.get(reverse("desk:reviews_due")).content.decode()
    assert "2 days overdue" in listed
    assert f'href="{address}"' in listed
    assert f'href="{address}"' in client.get(reverse("desk:home")).content.decode()
    assert f'href="{address}"' in client.get(reverse("desk:review", args=[live.edition_id])).content.decode()
    data = _form(client.get(address).content.decode())
    answer = client.post(address, data | {"password": "wrong"})
    assert answer.status_code == 409
    assert "The password is not right" in answer.content.decode()
    assert "Read again." in answer.content.decode()
    assert client.post(address, data).status_code == 302
    assert client.post(address, data).status_code == 302
    assert Renewal.objects.count() == 1
    assert "No review is due" in client.get(reverse("desk:reviews_due")).content.decode()


def test_an_interest_in_the_answer_is_asked_for_signed_and_shown(live, member, second_member, later, client):
    interests.declare(second_member, {})
    desk, address = browser(second_member), reverse("desk:renew", args=[live.edition_id])
    data = _form(desk.get(address).content.decode())
    del data["interest"]
    answer = desk.post(address, data)
    assert answer.status_code == 422
    assert "Say whether you have interests in this answer." in answer.content.decode()
    answer = desk.post(address, data | {"interest": "something", "what": "A fee"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Say both: what the interest is, and with whom." in page
    assert "A fee" in page
    assert not Renewal.objects.exists()
    answer = desk.post(address, data | {"interest": "something", "what": "A fee", "with_whom": "Alpha Ltd"})
    assert answer.status_code == 302
    signed = renewals.read(Renewal.objects.get())
    assert (signed["interests"]["what"], signed["interests"]["with_whom"]) == ("A fee", "Alpha Ltd")
    assert signed["declaration"]["id"] == second_member.declarations.latest("pk").pk
    assert "In this answer: A fee (Alpha Ltd)." in client.get(f"/answers/{live.slug}/").content.decode()
    row = Transition.objects.get(move="state-interests", by=second_member)
    assert row.reason == "A fee (Alpha Ltd)"
    assert list(verifying.problems()) == []


def test_the_declaration_that_was_signed_with_it_is_missed(live, member, later):
    interests.declare(member, {})
    sign(live, member)
    assert list(verifying.problems()) == []
    protection.remove(connection)
    member.declarations.latest("pk").delete()
    protection.lay(connection)
    assert any("signed with it is missing or altered" in problem for problem in verifying.problems())


def test_where_a_second_factor_is_on_a_code_signs_and_the_password_does_not(live, member):
    secret = "JBSWY3DPEHPK3PXP"
    totp.TOTP.activate(member, secret)
    desk, address = browser(member), reverse("desk:renew", args=[live.edition_id])
    page = desk.get(address).content.decode()
    assert "A code from your authenticator app" in page
    answer = desk.post(address, _form(page))
    assert answer.status_code == 409
    assert "The code is not right" in answer.content.decode()
    assert not Renewal.objects.exists()
    code = totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))
    assert desk.post(address, _form(page) | {"password": code}).status_code == 302
    assert renewals.read(Renewal.objects.get())["proof"] == "second-factor"


def test_a_page_of_before_another_review_signs_nothing_and_can_be_sent_again(live, member, second_member):
    client = browser(second_member)
    address = reverse("desk:renew", args=[live.edition_id])
    data = _form(client.get(address).content.decode())
    sign(live, member)
    answer = client.post(address, data)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Somebody reviewed this answer meanwhile" in page
    assert Renewal.objects.count() == 1
    assert client.post(address, _form(page)).status_code == 302
    assert Renewal.objects.count() == 2


@pytest.mark.parametrize("seen", ["", "yesterday", "2026-99-99T00:00:00"])
def test_a_form_that_says_nothing_sensible_signs_nothing(live, member, seen):
    client = browser(member)
    address = reverse("desk:renew", args=[live.edition_id])
    data = _form(client.get(address).content.decode()) | {"seen": seen}
    assert client.post(address, data).status_code == 409
    assert not Renewal.objects.exists()


def test_editors_see_the_list_and_sign_nothing(live, editor):
    Publication.objects.update(review_due_on=timezone.localdate() + 80 * DAY)
    page = browser(editor).get(reverse("desk:reviews_due")).content.decode()
    assert "due in 80 days" in page
    assert reverse("desk:publishing", args=[live.article_id]) in page
    assert "Review it again" not in page
    assert browser(editor).get(reverse("desk:renew", args=[live.edition_id])).status_code == 403


def test_the_list_asks_as_much_for_many_as_for_one(live, member, django_assert_max_num_queries):
    Publication.objects.update(review_due_on=timezone.localdate())
    client = browser(member)
    with django_assert_max_num_queries(20):
        client.get(reverse("desk:reviews_due"))


def test_a_retracted_answer_is_not_renewed_and_waits_for_no_review(live, member, editor, later):
    workflow.add_notice(live.edition, by=editor, kind="retraction", text="The trial was made up.")
    with pytest.raises(workflow.Refused, match="^Edition 1 was retracted. Only a newer approved edition can take"):
        sign(live, member)
    client = browser(member)
    address = reverse("desk:renew", args=[live.edition_id])
    assert "Edition 1 was retracted." in client.get(address).content.decode()
    # As a page that was opened before the retraction sends it.
    sent = {
        "digest": live.edition.digest,
        "seen": live.reviewed_at.isoformat(),
        "comment": "Read again.",
        "interest": "nothing",
    }
    answer = client.post(address, sent | {"password": PASSWORD})
    assert answer.status_code == 409
    assert "Edition 1 was retracted." in answer.content.decode()
    assert "Read again." in answer.content.decode()
    assert "No review is due" in client.get(reverse("desk:reviews_due")).content.decode()
    assert not Renewal.objects.exists()
    Publication.objects.update(review_reminder_on=timezone.localdate())
    assert remind_of_reviews() == 0


def test_a_withdrawn_answer_is_not_renewed(live, member, editor):
    workflow.withdraw(live.edition, by=editor, explanation="Out of date.")
    with pytest.raises(workflow.Refused, match="^This answer is withdrawn, so this cannot be done now.$"):
        sign(live, member)
    assert not Renewal.objects.exists()
