"""The page of one's own interests: one tap for nothing, one to renew, and words by category."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from people import interests
from people.models import Declaration, Role

pytestmark = pytest.mark.django_db
URL = "/desk/profile/interests/"


@pytest.fixture
def nora(person):
    return person("Nora New", Role.BOARD_MEMBER, declares=False)


def test_nothing_to_declare_is_one_tap(browser, nora):
    client = browser(nora)
    page = client.get(URL).content.decode()
    assert "You have not declared your interests yet" in page
    assert "Nothing has changed" not in page
    response = client.post(URL, {"action": "nothing"})
    assert (response.status_code, response.url) == (302, URL)
    assert interests.current(nora).entries == []
    page = client.get(URL).content.decode()
    assert "Your declaration is on record." in page
    assert "not declared your interests" not in page


def test_words_come_back_when_one_is_too_long(browser, nora):
    response = browser(nora).post(URL, {"action": "words", "shares": "Alpha Inc", "other": "x" * 1001})
    assert response.status_code == 422
    assert "Alpha Inc" in response.content.decode()
    assert not Declaration.objects.filter(person=nora).exists()


def test_an_empty_form_points_to_the_button(browser, nora):
    response = browser(nora).post(URL, {"action": "words"})
    assert response.status_code == 422
    assert "use the button above that says so" in response.content.decode()
    assert not Declaration.objects.filter(person=nora).exists()


def test_an_overdue_one_is_renewed_in_one_tap_and_the_earlier_stays(browser, nora):
    interests.declare(nora, {"shares": "Alpha Inc"}, at=timezone.now() - datetime.timedelta(days=400))
    client = browser(nora)
    assert "Your declaration is overdue" in client.get(URL).content.decode()
    assert "overdue" in client.get(reverse("desk:profile")).content.decode()
    client.post(URL, {"action": "same"})
    page = client.get(URL).content.decode()
    assert "overdue" not in page
    assert "Earlier declarations" in page
    assert Declaration.objects.filter(person=nora).count() == 2


def test_the_way_leads_back_to_this_site_only(browser, nora):
    client = browser(nora)
    assert client.post(URL, {"action": "nothing", "next": "/desk/reviews/"}).url == "/desk/reviews/"
    for elsewhere in ("//example.com/", "https://example.com/", "reviews"):
        assert client.post(URL, {"action": "nothing", "next": elsewhere}).url == URL


def test_nobody_declares_for_somebody_else(browser, nora, member):
    before = interests.current(member)
    browser(nora).post(URL, {"action": "words", "other": "Mine.", "person": member.pk})
    assert interests.current(member) == before
