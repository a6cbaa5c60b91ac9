"""Who signs proves again who they are: by password, or by a code where a second factor is on."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.urls import reverse

from articles.models import Article, Edition
from people.models import Appointment, Role, User
from reviews import verdicts, workflow
from reviews.models import Review, State, Verdict
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _no_attempts_yet():
    cache.clear()


@pytest.fixture
def taken_up(draft: Article, author: User, member: User) -> Edition:
    edition = workflow.submit(draft, by=author)
    workflow.take_up(edition, by=member)
    return edition


@pytest.fixture
def with_factor(member: User) -> User:
    totp.TOTP.activate(member, SECRET)
    return member


def code() -> str:
    return totp.format_hotp_value(totp.hotp_value(SECRET, next(totp.yield_hotp_counters_from_time())))


def sign(edition: Edition, by: User, given: str) -> Verdict:
    return workflow.decide(edition, by=by, kind="approve", password=given)


def test_without_a_second_factor_the_password_signs(taken_up: Edition, member: User):
    assert verdicts.read(sign(taken_up, member, PASSWORD))["proof"] == "password"


def test_with_one_a_code_signs_and_the_password_does_not(taken_up: Edition, with_factor: User):
    for wrong in (PASSWORD, "", "000000x", " "):
        with pytest.raises(workflow.Refused, match="The code is not right"):
            sign(taken_up, with_factor, wrong)
    assert not Verdict.objects.exists()
    assert verdicts.read(sign(taken_up, with_factor, f" {code()[:3]} {code()[3:]} "))["proof"] == "second-factor"


def test_a_recovery_code_signs_once(taken_up: Edition, with_factor: User):
    codes = RecoveryCodes.activate(with_factor).get_unused_codes()
    assert sign(taken_up, with_factor, codes[0])
    assert codes[0] not in RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()


def test_a_code_that_was_used_signs_nothing(taken_up: Edition, with_factor: User):
    used = code()
    assert totp.TOTP(Authenticator.objects.get(type="totp")).validate_code(used)
    with pytest.raises(workflow.Refused, match="was used already"):
        sign(taken_up, with_factor, used)
    assert not Verdict.objects.exists()


class TestInTheDesk:
    def post(self, client, edition: Edition, **fields):
        data = {"digest": edition.digest, "kind": "approve", "comment": "Mine.", "password": PASSWORD} | fields
        return client.post(reverse("desk:decide", args=[edition.pk]), data)

    def test_the_form_asks_for_what_the_person_has(self, client, taken_up, with_factor):
        client.force_login(with_factor)
        page = client.get(reverse("desk:decide", args=[taken_up.pk])).content.decode()
        assert "A code from your authenticator app" in page
        assert 'autocomplete="one-time-code"' in page
        assert "Your password" not in page
        response = self.post(client, taken_up)
        assert response.status_code == 409
        page = response.content.decode()
        assert "The code is not right" in page
        assert "Mine." in page
        assert PASSWORD not in page
        assert self.post(client, taken_up, password=code()).status_code == 302
        assert Review.objects.get().state == State.APPROVED

    @pytest.mark.parametrize("factor", [False, True])
    def test_a_form_sent_twice_signs_once_and_says_so_both_times(self, client, taken_up, member, factor):
        if factor:
            totp.TOTP.activate(member, SECRET)
        given = code() if factor else PASSWORD
        client.force_login(member)
        for _time in range(2):
            response = self.post(client, taken_up, password=given)
            assert (response.status_code, response.url) == (302, reverse("desk:review", args=[taken_up.pk]))
            assert "is signed and on record" in client.get(response.url).content.decode()
        assert Verdict.objects.count() == 1

    def test_a_second_member_comes_too_late_and_reads_why(self, client, taken_up, member, second_member):
        workflow.state_interests(taken_up, by=second_member)
        sign(taken_up, member, PASSWORD)
        client.force_login(second_member)
        response = self.post(client, taken_up)
        assert response.status_code == 409
        assert "Edition 1 is approved, so this cannot be done now." in response.content.decode()
        assert "Mine." in response.content.decode()

    def test_who_lost_the_role_a_second_ago_signs_nothing(self, client, taken_up, member):
        """Past the page's own check as well: the role is asked anew under the lock."""
        member_before = User.objects.get(pk=member.pk)
        Appointment.objects.filter(user=member, role=Role.BOARD_MEMBER).update(
            starts_on="2020-01-01", ends_on="2020-12-31"
        )
        with pytest.raises(workflow.Refused, match="Only a board member can do this"):
            sign(taken_up, member_before, PASSWORD)
        Appointment.objects.create(user=member, role=Role.AUTHOR)
        client.force_login(member)
        response = self.post(client, taken_up)
        assert response.status_code == 403
        assert "Your role does not include this page." in response.content.decode()
        assert not Verdict.objects.exists()
