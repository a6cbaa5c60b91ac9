"""A crawler finds no draft: from home, sitemap, feeds and the API it follows every link to the end, in every form."""

from __future__ import annotations

import re
from html import unescape

from django.test import Client

from articles import drafting
from articles.models import Article
from people.models import User
from reviews import workflow

SITE = "https://answers.example.org"
SEEDS = (
    "/",
    "/robots.txt",
    "/sitemap.xml",
    "/feeds/answers.atom",
    "/feeds/notices.atom",
    "/api/v1/",
    "/api/v1/openapi.json",
)
CLOSED = ("/desk/", "/account/", "/admin/", "/static/")
CANARY = "zqcanary"


def links_of(body: str) -> set[str]:
    """Addresses of this site in HTML, XML, JSON and Markdown, as paths."""
    found = re.findall(r'(?:href|src)="(/[^"#]*)', body)
    found += re.findall(SITE + r"""(/[^\s"'<>#)\\]*)""", body)
    return {unescape(one) for one in found if not one.startswith(CLOSED)}


def crawl(client: Client) -> dict[str, tuple[int, str]]:
    """Every address that is reached, with its status and all that came."""
    seen: dict[str, tuple[int, str]] = {}
    waiting = {*SEEDS, *(f"/api/v1/search?q={CANARY}", "/api/v1/search?q=hidden")}
    while waiting:
        address = waiting.pop()
        response = client.get(address)
        body = response.content.decode("utf-8", "replace")
        seen[address] = response.status_code, f"{body}{response.headers}"
        # One audience beside the general text is enough: each other one's pages have the same links.
        waiting |= {link for link in links_of(body) if "for=" not in link or "for=patient" in link} - seen.keys()
    return seen


def holding(seen: dict[str, tuple[int, str]], word: str, *, asked: bool = False) -> set[str]:
    """The addresses whose answers hold a word; those that were asked for it repeat it."""
    return {address for address, (_status, body) in seen.items() if word in body and (asked or word not in address)}


def secret(article: Article) -> Article:
    article.heading, article.plain_lead = f"The {CANARY} heading", f"A {CANARY} in plain words."
    article.lead = f"A {CANARY} lead [@alpha]."
    article.body = f"## {CANARY}\n\nText with {CANARY} [@gamma].\n\n::: plain\n{CANARY} in plain words.\n:::\n"
    article.keywords = [CANARY]
    return article


def test_a_crawler_finds_no_draft(client: Client, write, publish, approve, author: User, editor: User) -> None:
    publish(write("Is alpha safe?", topics=["Cardiology"]))
    draft = secret(write("Is it hidden?"))
    draft = drafting.save(
        draft, by=author, base_version=draft.version, topics=drafting.topics_named([f"{CANARY} topic"])
    )

    seen = crawl(client)
    assert holding(seen, CANARY) == set()
    assert {address: status for address, (status, _body) in seen.items() if status != 200} == {}
    assert {
        "/answers/is-alpha-safe/",
        "/answers/is-alpha-safe.md",
        "/answers/is-alpha-safe/editions/1.md",
        "/answers/is-alpha-safe/references.bib",
        "/api/v1/answers/is-alpha-safe?for=patient",
        "/api/v1/answers/is-alpha-safe/editions/1",
        "/feeds/topics/cardiology.atom",
    } <= seen.keys()

    edition = approve(draft)
    assert holding(crawl(client), CANARY) == set()

    workflow.publish(edition, by=editor, note="First edition")
    public = holding(crawl(client), CANARY)
    address = f"is-it-hidden/editions/{edition.number}"
    # The canary sings in every form, so that its silence means something.
    assert {
        "/answers/is-it-hidden/",
        "/answers/is-it-hidden.md",
        f"/answers/{address}/",
        f"/answers/{address}.md",
        "/api/v1/answers",
        "/api/v1/answers/is-it-hidden",
        f"/api/v1/answers/{address}",
        "/api/v1/search?q=hidden",
        "/api/v1/topics",
        "/feeds/answers.atom",
        "/sitemap.xml",
    } <= public

    workflow.withdraw(edition, by=editor, explanation="It was unsafe.")
    left = holding(crawl(client), CANARY)
    kept = (
        "/answers/is-it-hidden/",
        f"/answers/{address}",
        f"/api/v1/answers/{address}",
        "/answers/is-it-hidden/compare",
    )
    # What was withdrawn keeps its own pages, each marked; nothing else names a word of it, but its topic's own page.
    strays = {one for one in left if not one.startswith((*kept, f"/topics/{CANARY}", f"/feeds/topics/{CANARY}"))}
    assert strays == set()
    statuses = {
        one: client.get(one).status_code for one in ("/answers/is-it-hidden.md", "/api/v1/answers/is-it-hidden")
    }
    assert set(statuses.values()) == {410}
