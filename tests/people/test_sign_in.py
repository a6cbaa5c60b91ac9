"""Sign-in: by e-mail address and password, with the flows around it, and without sample accounts in the open."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_attempts_yet():
    cache.clear()


def _sign_in(client, person, password=PASSWORD, **fields):
    return client.post(reverse("account_login"), {"login": person.email, "password": password} | fields)


def _signed_in(client):
    return "_auth_user_id" in client.session


def test_signs_in_by_address_and_password_and_leads_to_the_desk(client, author):
    response = _sign_in(client, author)
    assert response.status_code == 302
    assert response.url == reverse("desk:home")
    assert _signed_in(client)


def test_a_wrong_password_stays_outside(client, author):
    response = _sign_in(client, author, "something else entirely")
    assert not _signed_in(client)
    page = response.content.decode()
    assert "That did not work" in page
    assert author.email in page
    assert "something else entirely" not in page


def test_sample_accounts_stay_on_this_machine(client, author, settings):
    author.is_sample = True
    author.save()
    settings.SAMPLE_ACCOUNTS_MAY_SIGN_IN = False
    _sign_in(client, author)
    assert not _signed_in(client)
    settings.SAMPLE_ACCOUNTS_MAY_SIGN_IN = True
    _sign_in(client, author)
    assert _signed_in(client)
    settings.SAMPLE_ACCOUNTS_MAY_SIGN_IN = False
    assert client.get(reverse("desk:home")).status_code == 302


def test_a_closed_account_is_signed_out_at_once(client, author):
    _sign_in(client, author)
    author.is_active = False
    author.save()
    assert client.get(reverse("desk:home")).status_code == 302


def test_there_is_no_open_sign_up(client):
    page = client.get(reverse("account_signup"))
    assert "Accounts are made by invitation" in page.content.decode()
    client.post(
        reverse("account_signup"),
        {"email": "eve@example.org", "password1": PASSWORD, "password2": PASSWORD},
    )
    from people.models import User

    assert not User.objects.filter(email="eve@example.org").exists()


def test_a_forgotten_password_is_chosen_anew_by_mail(client, author):
    assert client.post(reverse("account_reset_password"), {"email": author.email}).status_code == 302
    message = mail.outbox[0]
    assert message.to == [author.email]
    path = re.search(r"^https://answers\.example\.org(/account/password/reset/key/\S+)", message.body, re.MULTILINE)[1]
    response = client.get(path, follow=True)
    assert "Choose a new password" in response.content.decode()
    new = "another very long one"
    client.post(response.redirect_chain[-1][0], {"password1": new, "password2": new})
    author.refresh_from_db()
    assert author.check_password(new)
    assert "no longer works" in client.get(path, follow=True).content.decode()


def test_an_unknown_address_learns_nothing_from_the_page(client, author):
    known = client.post(reverse("account_reset_password"), {"email": author.email}, follow=True)
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert "/account/signup" not in mail.outbox[-1].body


def test_anyone_switches_on_a_second_factor_and_is_asked_for_it(client, author):
    _sign_in(client, author)
    again = client.get(reverse("mfa_activate_totp"))
    assert again.url.startswith(reverse("account_reauthenticate"))
    page = client.post(again.url, {"password": PASSWORD, "next": reverse("mfa_activate_totp")}, follow=True)
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    secret = page.context["form"].secret
    code = totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))
    response = client.post(reverse("mfa_activate_totp"), {"code": code}, follow=True)
    assert "Recovery codes" in response.content.decode()
    assert Authenticator.objects.filter(user=author, type=Authenticator.Type.TOTP).exists()
    assert "It is on" in client.get(reverse("mfa_index")).content.decode()

    client.logout()
    response = _sign_in(client, author)
    assert response.url == reverse("mfa_authenticate")
    assert not _signed_in(client)
    recovery = RecoveryCodes(Authenticator.objects.get(user=author, type=Authenticator.Type.RECOVERY_CODES))
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert not _signed_in(client)
    client.post(reverse("mfa_authenticate"), {"code": recovery.get_unused_codes()[0]})
    assert _signed_in(client)


@pytest.mark.parametrize("role", ["board-member", "editor", "chief-editor", "administrator"])
def test_who_signs_or_publishes_needs_a_second_factor(client, person, settings, role):
    settings.SECOND_FACTOR_REQUIRED = True
    one = person("Gita Guarded", role, "author")
    client.force_login(one)
    for address in (reverse("desk:home"), reverse("desk:articles")):
        response = client.get(address)
        assert response.status_code == 302
        assert response.url == reverse("mfa_index")
    assert "needs a second factor" in client.get(reverse("mfa_index")).content.decode()
    assert "Took an hour." in client.post(reverse("desk:article_new"), {"body": "Took an hour."}).content.decode()
    totp.TOTP.activate(one, totp.generate_totp_secret())
    assert client.get(reverse("desk:home")).status_code == 200
    Authenticator.objects.all().delete()
    assert client.get(reverse("desk:home")).status_code == 302


def test_the_admin_has_the_same_door(client, settings, db):
    from people.models import User

    client.force_login(User.objects.create_superuser("chief@example.org", PASSWORD, name="Chief"))
    assert client.get("/admin/").status_code == 200
    settings.SECOND_FACTOR_REQUIRED = True
    assert client.get("/admin/").url == reverse("mfa_index")


def test_an_author_needs_none_and_nobody_where_the_site_asks_none(client, author, editor, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    client.force_login(author)
    assert client.get(reverse("desk:home")).status_code == 200
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(editor)
    assert client.get(reverse("desk:home")).status_code == 200


@pytest.mark.parametrize(
    "name", ["account_change_password", "mfa_index", "mfa_activate_totp", "account_logout", "account_reset_password"]
)
def test_pages_of_sign_in_carry_nothing_inline(client, author, name):
    _sign_in(client, author)
    page = client.get(reverse(name), follow=True).content.decode()
    assert page.count("<h1") == 1
    assert " style=" not in page
    assert "<style" not in page
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)
    assert " onclick=" not in page
