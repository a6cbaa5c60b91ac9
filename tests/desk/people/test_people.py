"""The screens on people: list, person, invitation, profile."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Contributor
from people import inviting
from people.models import Invitation, Role, User

pytestmark = pytest.mark.django_db


def _person(client, person, **fields):
    return client.post(reverse("desk:person", args=[person.pk]), fields)


def test_lists_people_with_roles_and_open_invitations(browser, administrator, author, outsider):
    inviting.invite(by=administrator, email="nora@example.org", role=Role.AUTHOR)
    page = browser(administrator).get(reverse("desk:people")).content.decode()
    assert "Ada Author, MD" in page
    assert "no role" in page
    assert "nora@example.org" in page


def test_gives_a_role_with_its_last_day_and_takes_it_back(browser, administrator, outsider):
    client = browser(administrator)
    last = (timezone.localdate() + datetime.timedelta(days=40)).isoformat()
    response = _person(client, outsider, action="appoint", role="author", ends_on=last)
    assert response.status_code == 302
    assert outsider.roles() == {"author"}
    assert _person(client, outsider, action="end", role="author").status_code == 302
    assert outsider.roles() == frozenset()


def test_nobody_edits_their_own_role_not_even_by_direct_post(browser, administrator):
    client = browser(administrator)
    page = client.get(reverse("desk:person", args=[administrator.pk])).content.decode()
    assert "Nobody changes their own roles." in page
    assert "Give this role" not in page
    for fields in (
        {"action": "appoint", "role": "editor"},
        {"action": "end", "role": "administrator"},
        {"action": "leave"},
    ):
        response = _person(client, administrator, **fields)
        assert response.status_code == 409
        assert "Nobody changes their own roles." in response.content.decode()
    assert administrator.roles() == {"administrator"}


def test_the_last_administrator_is_not_removed(browser, administrator):
    chief = User.objects.create_superuser("chief@example.org", "x" * 20, name="Chief")
    from people.models import Appointment

    Appointment.objects.create(
        user=(helper := User.objects.create_user("helper@example.org", name="Helper")),
        role=Role.ADMINISTRATOR,
        ends_on=timezone.localdate() + datetime.timedelta(days=1),
    )
    chief.is_active = False
    chief.save()
    response = _person(browser(helper), administrator, action="leave")
    assert response.status_code == 409
    assert "the only administrator" in response.content.decode()


def test_corrects_name_credentials_and_specialty(browser, administrator, author):
    response = _person(
        browser(administrator), author, action="person", name="Ada A. Author", credentials="MD, PhD", specialty="GP"
    )
    assert response.status_code == 302
    author.refresh_from_db()
    assert author.printed_name == "Ada A. Author, MD, PhD"


def test_an_empty_name_comes_back_with_the_rest(browser, administrator, author):
    response = _person(browser(administrator), author, action="person", name="", credentials="FRCP", specialty="")
    assert response.status_code == 422
    assert 'value="FRCP"' in response.content.decode()
    author.refresh_from_db()
    assert author.name == "Ada Author"


def test_a_leaver_hands_articles_over_as_versions(browser, administrator, author, person, draft):
    successor = person("Sue Successor", Role.AUTHOR)
    client = browser(administrator)
    assert _person(client, author, action="leave").status_code == 422
    assert User.objects.get(pk=author.pk).is_active
    before = Article.objects.get(pk=draft.pk).version
    assert _person(client, author, action="leave", successor=successor.pk).status_code == 302
    assert not User.objects.get(pk=author.pk).is_active
    article = Article.objects.get(pk=draft.pk)
    assert article.owner == successor
    assert article.version == before + 1
    assert Contributor.objects.filter(article=article, user=author).exists()
    assert browser(successor).get(reverse("desk:publishing", args=[draft.pk])).status_code == 200


def test_a_leaver_is_signed_out_and_may_come_back_without_a_role(browser, administrator, author):
    theirs = browser(author)
    client = browser(administrator)
    _person(client, author, action="leave")
    assert theirs.get(reverse("desk:home")).status_code == 302
    assert _person(client, author, action="return").status_code == 302
    author.refresh_from_db()
    assert author.is_active
    assert author.roles() == frozenset()


def test_an_unknown_action_changes_nothing(browser, administrator, author):
    assert _person(browser(administrator), author, action="promote").status_code == 422


def test_invites_and_shows_the_link_once(browser, administrator):
    client = browser(administrator)
    response = client.post(
        reverse("desk:invite"),
        {"email": "nora@example.org", "role": "board-member", "name": "Nora New", "specialty": "Paediatrics"},
    )
    assert response.status_code == 302
    page = client.get(reverse("desk:invite")).content.decode()
    assert "https://answers.example.org/desk/invitation/" in page
    assert "https://answers.example.org/desk/invitation/" not in client.get(reverse("desk:invite")).content.decode()


def test_an_invitation_that_is_not_complete_comes_back(browser, administrator):
    response = browser(administrator).post(reverse("desk:invite"), {"email": "not an address", "name": "Nora New"})
    assert response.status_code == 422
    assert 'value="Nora New"' in response.content.decode()
    assert not Invitation.objects.exists()


def test_inviting_somebody_with_an_account_is_refused(browser, administrator, author):
    response = browser(administrator).post(reverse("desk:invite"), {"email": author.email, "role": "editor"})
    assert response.status_code == 409
    assert "has an account already" in response.content.decode()


def test_withdraws_an_invitation(browser, administrator):
    invitation, token = inviting.invite(by=administrator, email="nora@example.org", role=Role.AUTHOR)
    browser(administrator).post(reverse("desk:withdraw_invitation", args=[invitation.pk]))
    assert Client().get(reverse("desk:invitation", args=[token])).status_code == 410


def test_the_invited_make_their_account_and_are_signed_in(administrator):
    _row, token = inviting.invite(
        by=administrator, email="nora@example.org", role=Role.AUTHOR, name="Nora New", credentials="MD"
    )
    client = Client()
    url = reverse("desk:invitation", args=[token])
    page = client.get(url).content.decode()
    assert 'value="Nora New"' in page
    assert "nora@example.org" in page
    response = client.post(url, {"name": "Nora N. New", "credentials": "MD", "password": "short"})
    assert response.status_code == 422
    assert "Nora N. New" in response.content.decode()
    assert not User.objects.filter(email="nora@example.org").exists()
    response = client.post(url, {"name": "Nora N. New", "credentials": "MD", "password": "several words together"})
    assert response.status_code == 302
    assert client.get(reverse("desk:home")).status_code == 200
    assert Client().get(url).status_code == 410


def test_an_unknown_link_says_that_it_no_longer_works(db):
    response = Client().get(reverse("desk:invitation", args=["nothing"]))
    assert response.status_code == 410
    assert "no longer works" in response.content.decode()


def test_people_keep_their_own_profile(browser, member):
    client = browser(member)
    response = client.post(
        reverse("desk:profile"),
        {
            "name": "Ben Board",
            "credentials": "MD",
            "orcid": "https://orcid.org/0000-0002-1825-0097",
        },
    )
    assert response.status_code == 302
    member.refresh_from_db()
    assert member.orcid == "0000-0002-1825-0097"


def test_a_false_orcid_comes_back_beside_its_field(browser, member):
    response = browser(member).post(reverse("desk:profile"), {"name": "Benjamin Board", "orcid": "0000-0002-1825-0098"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "is not an ORCID iD" in page
    assert 'value="Benjamin Board"' in page
    member.refresh_from_db()
    assert member.name == "Ben Board"


def test_a_role_cannot_be_slipped_into_the_profile(browser, author):
    browser(author).post(
        reverse("desk:profile"),
        {"name": "Ada Author", "is_staff": "on", "is_superuser": "on", "role": "editor", "is_active": ""},
    )
    author.refresh_from_db()
    assert not author.is_superuser
    assert not author.is_staff
    assert author.is_active
    assert author.roles() == {"author"}
