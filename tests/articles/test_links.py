"""Links of the drafts: noted at a save, asked about by rounds, told of by the check, forgotten with the last draft."""

from __future__ import annotations

import datetime
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps as registry
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import drafting, links
from articles.checks import findings_of, report_of
from articles.markup.render import render
from articles.markup.result import RenderRequest
from articles.models import Article, Link, LinkCheck
from references.models import Check, Reference
from tests import races
from tests.local_apis import LocalApis

pytestmark = pytest.mark.django_db

NOW = timezone.now()
DAY = datetime.timedelta(days=1)


@pytest.fixture
def apis(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch):
    """A local server that the site may ask as if it were public, without pauses."""
    monkeypatch.setattr("references.web.services.LINK_INTERVAL", 0.0)
    monkeypatch.setattr("references.web.client.ATTEMPTS", 1)
    with LocalApis() as server:
        for name, value in server.settings.items():
            setattr(settings, name, value)
        settings.VAR_DIR = tmp_path
        cache.clear()
        yield server
        cache.clear()


@pytest.fixture
def write(author):
    """Write an article with this body, or write another body into it."""

    def save(body: str, article: Article | None = None, **fields: Any) -> Article:
        article = article or Article(owner=author, question="Does it help?")
        for name, value in (fields | {"body": body}).items():
            setattr(article, name, value)
        return drafting.save(article, by=author, base_version=article.version if article.pk else 0)

    return save


def addresses(article: Article) -> list[str]:
    return sorted(Link.objects.filter(article=article).values_list("address", flat=True))


def outcome(url: str) -> str:
    return LinkCheck.objects.get(address=url).outcome


def told_of(article: Article) -> list[Any]:
    rendering = render(RenderRequest(body=article.body, lead=article.lead, plain_lead=article.plain_lead))
    return [one for one in findings_of(article, rendering, []) if one.code == "dead-link"]


def test_a_save_notes_web_links_alone_and_each_once(write):
    body = (
        "See [a](https://a.example/x#part), [b](HTTP://b.example/), https://a.example/x, [it](mailto:x@y.example).\n\n"
        "[c]: ftp://c.example/\n\n```\nhttps://code.example/\n```\n"
    )
    article = write(body, lead="Also [d](https://d.example/).")
    assert addresses(article) == ["HTTP://b.example/", "https://a.example/x", "https://d.example/"]
    write("Now https://e.example/ and https://a.example/x.", article, lead="")
    assert addresses(article) == ["https://a.example/x", "https://e.example/"]


def test_too_long_and_too_many_are_left_out(write):
    article = write(f"https://long.example/{'é' * 500}\n\n" + "\n\n".join(f"https://a.example/{n}" for n in range(250)))
    noted = addresses(article)
    assert len(noted) == links.MOST
    assert "https://a.example/199" in noted
    assert "https://a.example/200" not in noted


def test_a_save_costs_the_same_queries_however_many_links_change(write):
    counts = []
    for number in (1, 100):
        body = "\n\n".join(f"https://a.example/{n}" for n in range(number))
        article = write(body, question=f"Is it {number}?")
        with CaptureQueriesContext(connection) as saving:
            write("\n\n".join(f"https://b.example/{n}" for n in range(number)), article)
        counts.append(len(saving))
        assert len([query for query in saving if '"articles_link"' in query["sql"]]) == 3
    assert counts[0] == counts[1]


def test_saving_and_checking_ask_nobody(apis, write):
    article = write(f"See {apis.page('/gone', 404)} here.")
    assert told_of(article) == []
    assert apis.asked() == []


def test_each_outcome(apis, write, monkeypatch):
    monkeypatch.setattr("references.web.client.TOTAL_SECONDS", 0.3)
    there, minds_head = apis.page("/there"), apis.page("/get", only="GET")
    moved, gone = apis.page("/moved", 301, Location=there), apis.page("/gone", 404)
    closed, private = apis.page("/closed", 403), "http://127.0.0.1:1/"
    wanted = {there: "answered", minds_head: "answered", moved: "answered", gone: "gone", closed: "failed"}
    wanted[private] = "failed"
    write("\n\n".join(wanted))
    assert links.run_round(now=NOW) == len(wanted)
    assert {url: outcome(url) for url in wanted} == wanted
    assert LinkCheck.objects.get(address=gone).status == 404
    assert [seen.method for seen in apis.asked() if seen.path == "/get"] == ["HEAD", "GET"]


def test_a_dead_link_is_told_of_with_its_line_and_day(apis, write):
    article = write(f"One {apis.page('/there')} line.\n\nSee [it]({apis.page('/gone', 404)}#x) there.")
    links.run_round(now=datetime.datetime(2026, 3, 5, 12, tzinfo=datetime.UTC))
    assert LinkCheck.objects.count() == 2
    (one,) = told_of(article)
    assert (one.line, one.severity, one.excerpt) == (3, "warns", f"[it]({apis.url}/gone#x)")
    assert "asked on 5 March 2026" in one.message


@pytest.mark.parametrize("mode", ["reset", "failing", "limited", "private", "loop", "slow"])
def test_what_could_not_be_asked_is_never_told_as_dead(apis, write, mode, monkeypatch):
    article = write(f"See {apis.page('/gone', 404)} here.")
    links.run_round(now=NOW)
    assert len(told_of(article)) == 1
    monkeypatch.setattr("references.web.client.TOTAL_SECONDS", 0.3)
    apis.behave(mode, "page", seconds=0.5)
    assert links.run_round(now=NOW + 9 * DAY) == 1
    row = LinkCheck.objects.get()
    assert (row.outcome, row.failures) == ("failed", 1)
    assert told_of(article) == []
    rendering = render(RenderRequest(body=article.body))
    assert report_of(article, rendering, []).unchecked == 1


def test_a_link_is_asked_again_after_some_days_and_not_before(apis, write):
    article = write(f"See {apis.page('/page', 404)} here.")
    assert links.run_round(now=NOW) == 1
    assert links.run_round(now=NOW) == 0
    assert links.run_round(now=NOW + 5 * DAY) == 0
    apis.page("/page")
    assert links.run_round(now=NOW + 9 * DAY) == 1
    assert told_of(article) == []


def test_two_drafts_with_the_same_link_ask_once_and_it_is_forgotten_with_the_last(apis, write):
    url = apis.page("/there")
    first, second = write(f"See {url} here."), write(f"And {url} there.", question="Another?")
    assert links.run_round(now=NOW) == 1
    write("Nothing.", first)
    links.run_round(now=NOW)
    assert LinkCheck.objects.filter(address=url).exists()
    write("Nothing.", second)
    links.run_round(now=NOW)
    assert not LinkCheck.objects.exists()


def test_a_round_asks_a_batch_and_the_next_one_the_rest(apis, write):
    write("\n\n".join(apis.page(f"/{n}") for n in range(links.BATCH + 3)))
    assert links.run_round(now=NOW) == links.BATCH
    assert links.run_round(now=NOW) == 3
    assert len({seen.path for seen in apis.asked()}) == len(apis.asked()) == links.BATCH + 3


def test_nobody_is_asked_where_asking_is_switched_off(apis, write, settings):
    settings.LOOKUP_ENABLED = False
    write(f"See {apis.page('/there')} here.")
    assert links.run_round(now=NOW) == 0
    assert apis.asked() == []


def test_a_busy_host_is_asked_later(apis, write, monkeypatch):
    def busy(*_: object, **__: object) -> None:
        raise links.client.Busy("Later.")

    write(f"See {apis.page('/there')} here.")
    with monkeypatch.context() as patch:
        patch.setattr(links.links, "ask", busy)
        assert links.run_round(now=NOW) == 0
    row = LinkCheck.objects.get()
    assert (row.outcome, row.failures, row.due_at) == ("", 0, NOW + links.BUSY_WAIT)


def test_an_error_in_mid_round_gives_back_what_was_claimed(apis, write, monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    write(f"See {apis.page('/a')} and {apis.page('/b')}.")
    monkeypatch.setattr(links.links, "ask", broken)
    with pytest.raises(ZeroDivisionError):
        links.run_round(now=NOW)
    assert LinkCheck.objects.filter(due_at__lte=NOW).count() == 2


def test_what_is_claimed_is_due_again_when_the_lease_is_over(apis, write):
    write(f"See {apis.page('/a')} here.")
    links.make(now=NOW)
    links.make(now=NOW)
    assert len(links.claim(now=NOW)) == 1
    assert links.claim(now=NOW) == []
    assert len(links.claim(now=NOW + links.LEASE)) == 1


def test_the_newer_answer_of_a_link_and_a_works_address_counts(apis, write):
    url = apis.page("/page", 404)
    article = write(f"See {url} here.")
    work = Reference.objects.create(key="alpha", title="A", url=url)
    Check.objects.create(reference=work, source="link", outcome="clear", asked_at=NOW, answered_at=NOW)
    assert told_of(article) == []
    links.run_round(now=NOW + 2 * DAY)
    assert len(told_of(article)) == 1


def test_the_migration_notes_the_links_of_drafts_that_are_there(write):
    article = write("See https://a.example/x here.")
    Link.objects.all().delete()
    import_module("articles.migrations.0013_links").fill(registry, None)
    assert addresses(article) == ["https://a.example/x"]


def test_the_task_is_one_round_and_beat_knows_it(apis, write, settings):
    write(f"See {apis.page('/there')} here.")
    links.check_links()
    assert len(apis.asked()) == 1
    assert settings.CELERY_BEAT_SCHEDULE["links"]["task"] == links.check_links.name


@pytest.mark.django_db(transaction=True)
def test_two_rounds_at_once_ask_each_address_once(apis, write):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time.")
    write("\n\n".join(apis.page(f"/{n}") for n in range(30)))
    results = races.at_once(*[lambda: links.run_round(now=NOW)] * 3)
    assert sum(number for number in results if isinstance(number, int)) == 30
    paths = [seen.path for seen in apis.asked()]
    assert len(paths) == len(set(paths)) == 30
