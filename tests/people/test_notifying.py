"""News: told once, as each person chose, in the caller's transaction; and the daily digest of what was not mailed."""

from __future__ import annotations

import datetime

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from people import digests, notifying
from people.models import Kind, Message, NewsChoice, Notification, When
from people.notifying import News, Way, notify

pytestmark = pytest.mark.django_db

SEVEN = datetime.datetime(2026, 3, 4, 7, 0, tzinfo=datetime.UTC)
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


def tell(*people, kind=Kind.DECIDED, about="it", **more):
    notify(people, kind=kind, about=about, sentence="Something happened.", address="/desk/", **more)


@pytest.mark.parametrize(
    ("kind", "choice", "expected"),
    [
        (Kind.DECIDED, None, (True, When.AT_ONCE)),
        (Kind.DECIDED, (False, "never"), (False, When.NEVER)),
        (Kind.DECIDED, (False, "daily"), (False, When.DAILY)),
        (Kind.DECIDED, (True, "at-once"), (True, When.AT_ONCE)),
        (Kind.FLAGGED, None, (True, When.AT_ONCE)),
        (Kind.FLAGGED, (False, "never"), (True, When.AT_ONCE)),
        (Kind.FLAGGED, (False, "daily"), (True, When.DAILY)),
    ],
)
def test_how_a_kind_reaches_whom(kind, choice, expected):
    row = NewsChoice(kind=kind, in_desk=choice[0], by_mail=choice[1]) if choice else None
    assert notifying.way_of(kind, row) == expected


def test_it_stands_in_the_desk_and_goes_out_by_mail(author, editor):
    tell(author, editor, subject="Short", detail="More words.")
    assert set(Notification.objects.unread().values_list("person", flat=True)) == {author.pk, editor.pk}
    mail = Message.objects.get(to=author.email)
    assert mail.subject == "Short"
    assert mail.text == f"Something happened.\n\nMore words.\n\n{settings.SITE_URL}/desk/\n"


def test_the_same_is_told_once_even_when_the_choice_changed_since(author):
    notifying.choose(author, {Kind.DECIDED: Way(True, When.NEVER)})
    tell(author)
    notifying.choose(author, {Kind.DECIDED: Way(True, When.AT_ONCE)})
    tell(author)
    tell(author)
    assert Notification.objects.count() == 1
    assert not Message.objects.exists()
    tell(author, about="another")
    assert Message.objects.count() == 1


def test_who_chose_neither_is_told_nothing_and_what_is_grave_reaches_everybody(author):
    notifying.choose(author, {kind: Way(False, When.NEVER) for kind in Kind})
    tell(author)
    assert not Notification.objects.shown().exists()
    assert not Message.objects.exists()
    tell(author, kind=Kind.FLAGGED, about="grave")
    assert Notification.objects.unread().count() == 1
    assert Message.objects.count() == 1


def test_who_has_left_is_told_nothing(author):
    author.is_active = False
    tell(author)
    assert not Notification.objects.exists()


def test_what_is_rolled_back_was_never_told(author):
    with transaction.atomic():
        tell(author)
        transaction.set_rollback(True)
    assert not Notification.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example/", "desk/"])
def test_news_leads_nowhere_else(author, address):
    with pytest.raises(ValueError, match="of this site"):
        notify([author], kind=Kind.DECIDED, about="x", sentence="S", address=address)


def test_a_name_with_line_breaks_makes_one_line(author):
    tell(author, subject="One\nBcc: two@example.org")
    assert "\n" not in Message.objects.get().subject
    notify([author], kind=Kind.DECIDED, about="long", sentence="a\n" * 900, address="/desk/")
    sentence = Notification.objects.get(about="long").sentence
    assert "\n" not in sentence
    assert len(sentence) == notifying.LONGEST_SENTENCE


def test_a_few_queries_for_many_people(person, django_assert_max_num_queries):
    people = [person(f"Person {number}") for number in range(60)]
    news = [News(one, Kind.DECIDED, f"about:{n}", "S.", "/desk/") for one in people for n in range(3)]
    with django_assert_max_num_queries(8):
        notifying.notify_all(news)
    assert Notification.objects.count() == 180


def test_marking_as_read_touches_ones_own_only(author, editor):
    tell(author, editor)
    mine = Notification.objects.get(person=author)
    assert notifying.mark_read(editor, pk=mine.pk) == 0
    assert notifying.mark_read(author, pk=mine.pk) == 1
    assert notifying.mark_read(author) == 0
    assert Notification.objects.unread().count() == 1


# -- The digest -----------------------------------------------------------------------------------------------


@pytest.fixture
def daily(author):
    notifying.choose(author, {kind: Way(True, When.DAILY) for kind in Kind})
    return author


def told_at(person, at, about):
    tell(person, about=about)
    Notification.objects.filter(about=about).update(at=at)


@pytest.mark.parametrize(
    ("now", "expected"),
    [(SEVEN, SEVEN), (SEVEN + HOUR, SEVEN), (SEVEN - HOUR, SEVEN - DAY), (SEVEN + DAY - HOUR, SEVEN)],
)
def test_news_is_due_until_the_last_morning(now, expected):
    assert digests.cutoff(now) == expected


def test_a_digest_holds_what_is_older_than_this_morning_once(daily):
    told_at(daily, SEVEN - 2 * HOUR, "early")
    told_at(daily, SEVEN + HOUR, "late")
    assert not Message.objects.exists()
    assert digests.compose_due(at=SEVEN + 2 * HOUR) == 1
    assert digests.compose_due(at=SEVEN + 3 * HOUR) == 0
    mail = Message.objects.get()
    assert mail.text.count("Something happened.") == 1
    assert "/desk/profile/news/" in mail.text
    assert Notification.objects.get(about="late").digested_at is None
    assert digests.compose_due(at=SEVEN + DAY) == 1


def test_days_without_a_sweep_lose_none_and_repeat_none(daily):
    for number in range(5):
        told_at(daily, SEVEN + number * DAY, f"day {number}")
    assert digests.compose_due(at=SEVEN + 4 * DAY + HOUR) == 1
    assert digests.compose_due(at=SEVEN + 6 * DAY) == 1
    assert digests.compose_due(at=SEVEN + 7 * DAY) == 0
    texts = [mail.text for mail in Message.objects.all()]
    assert [text.count("Something happened.") for text in texts] == [4, 1]
    assert texts[0].startswith(str(Kind.DECIDED.label))


def test_news_that_was_committed_late_still_gets_its_mail(daily):
    told_at(daily, SEVEN - 2 * HOUR, "in time")
    assert digests.compose_due(at=SEVEN) == 1
    told_at(daily, SEVEN - HOUR, "its transaction took long")
    assert digests.compose_due(at=SEVEN) == 1
    assert Message.objects.count() == 2


def test_single_mails_stay_out_of_the_digest_and_a_leaver_gets_none(author, daily, editor):
    told_at(editor, SEVEN - HOUR, "single")
    assert digests.compose_due(at=SEVEN) == 0
    told_at(daily, SEVEN - HOUR, "left")
    daily.is_active = False
    daily.save()
    assert digests.compose_due(at=SEVEN) == 0
    assert Message.objects.filter(to=daily.email).count() == 0
    assert not Notification.objects.filter(by_mail=When.DAILY, digested_at=None).exists()


def test_a_long_digest_names_what_it_leaves_out(daily):
    rows = [Notification(sentence=f"Line {number}.", kind=Kind.DECIDED, address="/desk/") for number in range(103)]
    text = digests.text_of(rows)
    assert "Line 99." in text
    assert "Line 100." not in text
    assert "And 3 more." in text


def test_the_sweep_writes_what_is_due(daily):
    from reviews.tasks import sweep

    told_at(daily, timezone.now() - 2 * DAY, "old")
    sweep()
    assert Message.objects.get().key.startswith("digest:")
