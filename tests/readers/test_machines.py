"""Sitemap, robots and feed: approved and live answers only, with the dates of what readers see."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from django.test import Client
from django.utils.dateparse import parse_datetime

from articles.models import Article, Notice, NoticeKind, Publication
from people.models import User
from readers import machines
from references.models import Reference
from reviews import workflow

MAP = {"m": "http://www.sitemaps.org/schemas/sitemap/0.9"}
ATOM = {"a": "http://www.w3.org/2005/Atom"}
SITE = "https://answers.example.org"


def sitemap(client: Client, address: str = "/sitemap.xml") -> dict[str, str | None]:
    root = ET.fromstring(client.get(address).content)
    return {
        str(url.findtext("m:loc", namespaces=MAP)): url.findtext("m:lastmod", namespaces=MAP)
        for url in root.findall("m:url", MAP)
    }


def entries(client: Client, query: str = "") -> list[ET.Element]:
    return ET.fromstring(client.get(f"/feeds/answers.atom{query}").content).findall("a:entry", ATOM)


def test_the_sitemap_names_pages_topics_and_approved_answers(client: Client, write, publish, release, editor: User):
    publish(write("Is alpha first?", topics=["Cardiology"]))
    release(write("Is beta second?", topics=["Pharmacy"]))
    workflow.withdraw(publish(write("Is gamma third?")), by=editor, explanation="Wrong.")
    write("Is delta fourth?")
    assert set(sitemap(client)) == {
        f"{SITE}{path}"
        for path in (
            "/",
            "/answers/",
            "/topics/",
            "/topics/cardiology/",
            "/board/",
            "/policy/",
            "/about/",
            "/ask/",
            "/api/",
            "/answers/is-alpha-first/",
        )
    }


def test_lastmod_follows_what_readers_see(client: Client, draft: Article, publish, editor: User, works):
    edition = publish(draft)
    address = f"{SITE}/answers/does-alpha-help-in-beta/"
    publication = Publication.objects.get()
    assert parse_datetime(sitemap(client)[address] or "") == publication.published_at
    workflow.add_notice(edition, by=editor, kind=NoticeKind.CORRECTION, text="A number was wrong.")
    assert parse_datetime(sitemap(client)[address] or "") == Notice.objects.get().at
    Reference.objects.filter(pk=works[0].pk).update(title="Unseen")
    assert parse_datetime(sitemap(client)[address] or "") == Notice.objects.get().at


def test_lastmod_follows_an_approval_that_lifts_the_caution(client: Client, draft: Article, release, member: User):
    from tests.conftest import PASSWORD

    edition = release(draft)
    workflow.decide(edition, by=member, kind="approve", password=PASSWORD)
    publication = Publication.objects.get()
    assert publication.reviewed_at > publication.published_at
    found = sitemap(client)[f"{SITE}/answers/does-alpha-help-in-beta/"]
    assert parse_datetime(found or "") == publication.reviewed_at


def test_a_large_site_has_an_index_of_sections(client: Client, write, publish, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(machines, "PER_SECTION", 2)
    for word in ("alpha", "beta", "gamma"):
        publish(write(f"Is {word} safe?"))
    root = ET.fromstring(client.get("/sitemap.xml").content)
    sections = [one.findtext("m:loc", namespaces=MAP) for one in root.findall("m:sitemap", MAP)]
    assert sections == [f"{SITE}/sitemap-{number}.xml" for number in range(3)]
    days = [one.findtext("m:lastmod", namespaces=MAP) for one in root.findall("m:sitemap", MAP)]
    changed = list(Publication.objects.order_by("pk").values_list("published_at", flat=True))
    assert [day and parse_datetime(day) for day in days] == [None, max(changed[:2]), changed[2]]
    named = [address for number in range(3) for address in sitemap(client, f"/sitemap-{number}.xml")]
    assert len(named) == len(set(named))
    assert {f"{SITE}/answers/is-{word}-safe/" for word in ("alpha", "beta", "gamma")} < set(named)
    assert len(sitemap(client, "/sitemap-1.xml")) == 2
    assert client.get("/sitemap-3.xml").status_code == 404


def test_robots_names_the_sitemap_and_closes_what_is_not_for_crawlers(client: Client, db: None):
    text = client.get("/robots.txt").content.decode()
    assert f"Sitemap: {SITE}/sitemap.xml" in text
    assert "Disallow: /desk/" in text
    assert "Disallow: /answers/" not in text


def test_the_feed_holds_approved_answers_last_changed_first(client: Client, write, publish, release, editor: User):
    first = publish(write("Is alpha first?"))
    publish(write("Is beta second?"))
    release(write("Is gamma third?"))
    assert [entry.findtext("a:title", namespaces=ATOM) for entry in entries(client)] == [
        "Is beta second?",
        "Is alpha first?",
    ]
    workflow.add_notice(first, by=editor, kind=NoticeKind.CORRECTION, text="A number was wrong.")
    entry = entries(client)[0]
    assert entry.findtext("a:title", namespaces=ATOM) == "Is alpha first?"
    summary = entry.findtext("a:summary", namespaces=ATOM) or ""
    assert summary.startswith("Major correction (")
    assert "A number was wrong." in summary.split("\n")[0]
    assert "does not replace clinical judgement" in summary
    assert "In an emergency call" in summary
    assert parse_datetime(entry.findtext("a:updated", namespaces=ATOM) or "") is not None


def test_the_feed_speaks_the_readers_register_and_carries_the_choice(client: Client, draft: Article, publish):
    publish(draft)
    entry = entries(client, "?for=patient")[0]
    assert entry.findtext("a:title", namespaces=ATOM) == "Does alpha help?"
    link = entry.find("a:link", ATOM)
    assert link is not None
    assert link.get("href") == f"{SITE}/answers/does-alpha-help-in-beta/?for=patient"
    summary = entry.findtext("a:summary", namespaces=ATOM) or ""
    assert "It helps a little." in summary
    assert "This page is for learning." in summary


def test_a_sample_is_marked_in_the_feed(client: Client, write, publish):
    publish(write("Is alpha first?", is_sample=True))
    entry = entries(client)[0]
    assert entry.findtext("a:title", namespaces=ATOM) == "Sample: Is alpha first?"
    assert "not medical advice" in (entry.findtext("a:summary", namespaces=ATOM) or "")


def test_an_entry_keeps_its_name_when_the_address_changes(client: Client, draft: Article, publish):
    from articles import publishing

    publish(draft)
    before = entries(client)[0].findtext("a:id", namespaces=ATOM)
    publishing.change_slug(draft, "alpha")
    assert entries(client)[0].findtext("a:id", namespaces=ATOM) == before
    assert str(before).startswith("tag:answers.example.org,")


def test_an_empty_feed_is_the_same_from_one_second_to_the_next(client: Client, administrator: User):
    from articles import site

    texts = site.save(site.current(), by=administrator)
    one, two = (client.get("/feeds/answers.atom") for _read in range(2))
    assert one.content == two.content
    updated = ET.fromstring(one.content).findtext("a:updated", namespaces=ATOM) or ""
    assert parse_datetime(updated) == texts.updated_at


IN_ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.mark.parametrize("address", ["answers", "notices", "topics/cardiology"])
def test_feeds_hold_what_atom_demands(client: Client, write, publish, editor: User, address: str):
    """RFC 4287, sections 4.1.1 and 4.1.2, and the dates, addresses and types of its grammar (appendix B)."""
    edition = publish(write("Is 5 < 6 & safe?", topics=["Cardiology"]))
    publish(write("Is beta safe?", topics=["Cardiology"]))
    workflow.add_notice(edition, by=editor, kind="correction", text="5 mg & not <50> mg.")
    feed = ET.fromstring(client.get(f"/feeds/{address}.atom").content)
    assert feed.tag == f"{IN_ATOM}feed"
    entries = feed.findall(f"{IN_ATOM}entry")
    assert entries
    for part in (feed, *entries):
        for name in ("id", "title", "updated"):
            assert len(part.findall(IN_ATOM + name)) == 1
        at = parse_datetime(part.findtext(f"{IN_ATOM}updated", ""))
        assert at is not None
        assert at.tzinfo is not None
        assert re.match(r"(https?|tag):", part.findtext(f"{IN_ATOM}id", ""))
        for name in ("published", "summary", "content", "rights", "subtitle"):
            assert len(part.findall(IN_ATOM + name)) <= 1
        links = [
            (one.get("rel", "alternate"), one.get("type"), one.get("hreflang"))
            for one in part.findall(f"{IN_ATOM}link")
        ]
        assert len(set(links)) == len(links)
        assert all(one.get("href", "").startswith("http") for one in part.findall(f"{IN_ATOM}link"))
        # An entry without content has an alternate, and each has an author of its own or the feed's.
        assert "alternate" in {rel for rel, _type, _language in links}
        assert all(one.findtext(f"{IN_ATOM}name") for one in part.findall(f"{IN_ATOM}author"))
        known = (
            "author category content contributor generator icon id link logo published rights source subtitle summary"
        )
        assert {one.tag for one in part} <= {IN_ATOM + name for name in (*known.split(), "title", "updated", "entry")}
    assert "self" in {one.get("rel") for one in feed.findall(f"{IN_ATOM}link")}
    assert feed.findall(f"{IN_ATOM}author") or all(one.findall(f"{IN_ATOM}author") for one in entries)
    assert len({one.findtext(f"{IN_ATOM}id") for one in entries}) == len(entries)
