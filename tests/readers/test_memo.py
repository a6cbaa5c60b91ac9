"""Pages kept for a moment: never another audience's, never longer than said, never more than fits."""

from __future__ import annotations

import threading

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client

from articles.models import Article, Edition
from people.models import User
from readers import answers, memo
from readers.frame import Reader, kept_page
from readers.memo import Memo, Row
from reviews import workflow

ADDRESS = "/answers/does-alpha-help-in-beta/"


class Clock:
    """Stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = 1000.3

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, settings) -> Clock:
    """Pages are kept for half a second of this clock."""
    settings.PAGE_MEMO_MS = 500
    made = Clock()
    monkeypatch.setattr(memo, "now", made)
    monkeypatch.setattr(memo, "wall_clock", made)
    monkeypatch.setattr(answers, "now", made)
    for kept in (memo.pages, memo.rendered):
        monkeypatch.setattr(kept, "_rows", type(kept._rows)())
        monkeypatch.setattr(kept, "_bytes", 0)
    return made


def row(body: bytes = b"page", etag: str = "e") -> Row:
    return Row(body, etag, 200, False)


def test_a_row_is_kept_as_long_as_said_from_when_it_was_asked_for(clock: Clock):
    kept = Memo()
    kept.keep("a", "", row(), clock.now - 0.2)
    clock.now += 0.299
    assert kept.get("a", "") == row()
    clock.now += 0.001
    assert kept.get("a", "") is None


def test_no_row_is_kept_past_the_second_in_which_it_was_asked_for(clock: Clock):
    kept = Memo()
    clock.now += 0.5
    kept.keep("a", "", row(), clock.now - 0.1)
    clock.now += 0.19
    assert kept.get("a", "") == row()
    clock.now += 0.02
    assert kept.get("a", "") is None
    kept.keep("b", "", row(), clock.now - 0.02)
    assert kept.get("b", "") is None


def test_what_came_too_late_is_not_kept(clock: Clock):
    kept = Memo()
    kept.keep("a", "", row(), clock.now - 0.5)
    assert kept.get("a", "") is None


def test_nothing_is_kept_where_the_settings_say_so(clock: Clock, settings):
    settings.PAGE_MEMO_MS = 0
    kept = Memo()
    kept.keep("a", "", row(), clock.now)
    assert kept.get("a", "") is None


def test_the_oldest_make_room(clock: Clock):
    kept = Memo(most_bytes=10)
    for name in "abc":
        kept.keep(name, "", row(b"1234", name), clock.now)
    assert [kept.get(name, "") for name in "abc"] == [None, row(b"1234", "b"), row(b"1234", "c")]
    kept.keep("c", "", row(b"12", "new"), clock.now)
    kept.keep("d", "", row(b"1234"), clock.now)
    assert kept.get("b", "")
    assert kept.get("d", "")
    kept.keep("e", "", row(b"x" * 11), clock.now)
    assert not any(kept.get(name, "") for name in "abcde")


def test_a_page_is_fetched_once_a_moment_and_a_withdrawal_is_seen_after_it(
    client: Client, draft: Article, publish, editor: User, clock: Clock, django_assert_num_queries
):
    edition: Edition = publish(draft)
    with django_assert_num_queries(1):
        first = client.get(ADDRESS)
    with django_assert_num_queries(0):
        assert client.get(ADDRESS).content == first.content
        assert client.get(ADDRESS, headers={"If-None-Match": first["ETag"]}).status_code == 304
    workflow.withdraw(edition, by=editor, explanation="A dose was wrong.")
    clock.now += 0.5
    assert "A dose was wrong." in client.get(ADDRESS).content.decode()


def test_no_audience_gets_the_page_of_another(client: Client, draft: Article, publish, clock: Clock):
    publish(draft)
    addresses = [ADDRESS, f"{ADDRESS}?for=patient", f"{ADDRESS}?for=physician", f"{ADDRESS}editions/1/"]
    first = [client.get(address).content for address in addresses]
    assert len(set(first)) == len(addresses)
    assert [client.get(address).content for address in addresses] == first


LISTS = ("/", "/answers/", "/topics/", "/topics/cardiology/", "/policy/", "/board/", "/about/")


@pytest.mark.parametrize("address", LISTS)
def test_a_list_is_made_once_a_moment_and_is_the_same_bytes_kept_or_not(
    client: Client, write, publish, clock: Clock, settings, django_assert_num_queries, address: str
):
    publish(write("Does alpha help?", topics=["Cardiology"]))
    settings.PAGE_MEMO_MS = 0
    ways = [{}, {"Accept-Encoding": "gzip"}, {"Accept-Encoding": "gzip", "If-None-Match": "*"}]
    made = [client.get(address, headers=way) for way in ways]
    settings.PAGE_MEMO_MS = 500
    client.get(address)
    with django_assert_num_queries(0):
        kept = [client.get(address, headers=way) for way in ways]
    for one, other in zip(made, kept, strict=True):
        assert (one.status_code, one.content, dict(one.headers)) == (
            other.status_code,
            other.content,
            dict(other.headers),
        )


def test_a_list_shows_a_withdrawal_when_its_moment_is_over(
    client: Client, draft: Article, publish, editor: User, clock: Clock
):
    edition: Edition = publish(draft)
    assert draft.question in client.get("/answers/").content.decode()
    workflow.withdraw(edition, by=editor, explanation="A dose was wrong.")
    clock.now += 0.5
    assert draft.question not in client.get("/answers/").content.decode()


def test_no_list_is_given_to_another_audience_or_at_another_page(client: Client, draft: Article, publish, clock: Clock):
    publish(draft)
    addresses = ["/", "/?for=patient", "/?for=physician", "/topics/", "/topics/?for=patient"]
    first = [client.get(address).content for address in addresses]
    assert len(set(first)) == len(addresses)
    assert [client.get(address).content for address in addresses] == first
    assert client.get("/answers/?page=2").status_code == 404
    assert client.get("/?for=nobody").status_code == 302


def test_many_who_ask_at_once_have_a_list_made_once(clock: Clock, rf):
    """Without a database: eight threads meet while the first is still making the page."""
    made: list[str] = []
    is_making, may_end = threading.Event(), threading.Event()

    def view(request: HttpRequest, reader: Reader) -> HttpResponse:
        made.append(reader.audience)
        is_making.set()
        assert may_end.wait(10)
        return HttpResponse(b"A page. " * 100)

    page, answered = kept_page(view), []
    threads = [
        threading.Thread(target=lambda: answered.append(page(rf.get("/?for=patient")).content)) for _number in range(8)
    ]
    for thread in threads:
        thread.start()
    assert is_making.wait(10)
    may_end.set()
    for thread in threads:
        thread.join(10)
    assert made == ["patient"]
    assert answered == [b"A page. " * 100] * 8
