"""The page of news, the number in the head of each page, and the choices."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people import notifying
from people.models import Kind, NewsChoice, Notification, When

pytestmark = pytest.mark.django_db


def tell(person, number=1):
    for n in range(number):
        notifying.notify([person], kind=Kind.DECIDED, about=f"a{n}", sentence=f"Thing {n} happened.", address="/desk/")


def test_the_page_names_what_is_new_and_opening_leads_there_and_marks_it(browser, author):
    client = browser(author)
    assert "No news yet" in client.get(reverse("desk:news")).content.decode()
    tell(author)
    page = client.get(reverse("desk:news")).content.decode()
    assert "Thing 0 happened." in page
    assert "1 piece of news that you have not opened yet" in page
    opened = client.get(reverse("desk:news_piece", args=[Notification.objects.get().pk]))
    assert opened.url == "/desk/"
    page = client.get(reverse("desk:news")).content.decode()
    assert "You have opened all of it." in page
    assert "Thing 0 happened." in page
    assert "Nothing new" in client.get(reverse("desk:news") + "?only=unread").content.decode()


def test_all_can_be_marked_at_once(browser, author):
    tell(author, 3)
    page = browser(author).post(reverse("desk:news_read"), follow=True).content.decode()
    assert "All news is marked as read" in page
    assert not Notification.objects.unread().exists()


def test_somebody_elses_news_is_neither_shown_nor_opened(browser, author, editor):
    tell(author)
    client = browser(editor)
    assert "Thing 0" not in client.get(reverse("desk:news")).content.decode()
    assert client.get(reverse("desk:news_piece", args=[Notification.objects.get().pk])).status_code == 404
    assert Notification.objects.unread().exists()


def test_the_number_costs_one_query_and_the_page_a_constant_number(browser, author):
    client = browser(author)
    counts = []
    for number in (1, 90):
        tell(author, number)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("desk:news")).status_code == 200
        counts.append(len(queries))
        assert sum("COUNT" in query["sql"] and "people_notification" in query["sql"] for query in queries) <= 2
    assert counts[0] == counts[1]
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("desk:profile")).content.decode()
    assert '<span class="desk-me__count">90' in page
    assert sum("people_notification" in query["sql"] for query in queries) == 1


def test_long_news_is_parted_into_pages(browser, author):
    tell(author, 45)
    page = browser(author).get(reverse("desk:news") + "?only=unread").content.decode()
    assert "Page 1 of 2" in page
    assert "?only=unread&amp;page=2" in page


def sent(**changed):
    data = {f"{kind}-by_mail": "at-once" for kind in Kind} | {f"{kind}-in_desk": "on" for kind in Kind}
    return data | changed


def test_choices_are_kept_and_shown(browser, author):
    client = browser(author)
    address = reverse("desk:news_choices")
    assert address in client.get(reverse("desk:profile")).content.decode()
    data = sent(**{"decided-by_mail": "daily", "submitted-by_mail": "never"})
    del data["submitted-in_desk"]
    page = client.post(address, data, follow=True).content.decode()
    assert "Saved. It holds" in page
    ways = notifying.ways_of([author])[author.pk]
    assert ways[Kind.DECIDED] == (True, When.DAILY)
    assert ways[Kind.SUBMITTED] == (False, When.NEVER)
    assert '<option value="daily" selected>' in page
    client.post(address, sent())
    assert notifying.ways_of([author])[author.pk][Kind.SUBMITTED] == (True, When.AT_ONCE)


def test_all_mail_goes_into_the_digest_by_one_button(browser, author):
    browser(author).post(reverse("desk:news_choices"), sent(**{"decided-by_mail": "never", "daily": "1"}))
    ways = notifying.ways_of([author])[author.pk]
    assert ways[Kind.DECIDED].by_mail == When.NEVER
    assert {way.by_mail for kind, way in ways.items() if kind != Kind.DECIDED} == {When.DAILY}


def test_what_must_reach_everybody_has_no_switch(browser, author):
    client = browser(author)
    page = client.get(reverse("desk:news_choices")).content.decode()
    assert "always in the desk" in page
    assert 'name="flagged-in_desk"' not in page
    response = client.post(reverse("desk:news_choices"), sent(**{"flagged-by_mail": "never"}))
    assert response.status_code == 422
    assert not NewsChoice.objects.exists()
