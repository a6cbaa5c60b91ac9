"""To the public a draft is a page that does not exist, by every address that names an answer, an edition or an image.

Alike are the status, the length, every header and the number of queries; a canary in every field of the draft is found
in nothing that the public's addresses answer, before it is approved and where an edition of it is being judged.
"""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.urls.exceptions import NoReverseMatch

from articles import drafting
from articles.audiences import AUDIENCES
from articles.images import keeping
from articles.models import Article
from reviews import workflow
from tests import pictures
from tests.conftest import PASSWORD
from tests.policy.stage import Stage
from tests.policy.table import rows

pytestmark = [pytest.mark.django_db, pytest.mark.looks]
CANARY = "zqcanary"
PUBLIC = [name for name, method, _answers in rows() if method == "GET" and name.startswith("readers:")]
ETAG = re.compile(r"'ETag': '[^']*'")
CHOICES = ["", *(f"?for={audience.slug}" for audience in AUDIENCES)]


@pytest.fixture
def secret(stage: Stage) -> Article:
    """A draft with the canary in every field, its topic's name and its image's words; an edition of it is submitted."""
    author = stage.cast["author"]
    article = Article(
        question=f"Is it {CANARY}?",
        plain_question=f"Is it {CANARY} plain?",
        heading=f"The {CANARY} heading",
        lead=f"A {CANARY} lead [@alpha].",
        plain_heading=f"The {CANARY} heading",
        plain_lead=f"A {CANARY} lead.",
        body=f"## {CANARY}\n\nText {CANARY} [@gamma].\n\n::: plain\n{CANARY}\n:::\n",
        keywords=[CANARY],
        byline=[drafting.byline_entry(name=f"{CANARY} Person", user=author)],
        owner=author,
    )
    drafting.save(article, by=author, base_version=0, topics=drafting.topics_named([f"{CANARY} topic"]))
    keeping.add(article, pictures.kept(90, 70), by=author, alternative=CANARY, caption=CANARY)
    workflow.submit(article, by=author)
    return article


def of_answers(slug: str) -> dict[str, str]:
    """Every public address that names an answer, for this one."""
    found = {}
    for name in PUBLIC:
        for arguments in ([slug], [slug, 1]):
            try:
                found[name] = reverse(name, args=arguments)
            except NoReverseMatch:
                continue
    return {name: address for name, address in found.items() if f"/{slug}" in address and "topic" not in name}


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("choice", ["", "?for=patient"])
def test_a_draft_is_like_a_missing_page(stage: Stage, secret: Article, method: str, choice: str) -> None:
    nothing = "x" * len(secret.slug)
    pages = of_answers(secret.slug)
    missing = of_answers(nothing)
    assert len(pages) > 14
    for name, address in pages.items():
        seen = []
        for one in (address, missing[name]):
            cache.clear()
            with CaptureQueriesContext(connection) as queries:
                response = getattr(Client(), method)(one + choice)
            headers = {name: value for name, value in response.headers.items() if name != "ETag"}
            seen.append((response.status_code, headers, len(response.content), len(queries)))
        assert seen[0] == seen[1], name
        assert seen[0][0] == 404, name


def test_an_image_of_a_draft_is_like_a_missing_one(stage: Stage, secret: Article) -> None:
    image = keeping.of_article(secret).get()
    theirs, missing = (Client().get(f"/images/{digest}.png") for digest in (image.digest, "0" * 64))
    assert theirs.status_code == missing.status_code == 404
    assert theirs.headers == missing.headers
    assert theirs.content == missing.content


def everything_public(slug: str, stage: Stage, word: str = CANARY) -> dict[str, str]:
    """What every public address answers about this slug and this word, to every audience, with its headers."""
    asked = {stage.address(name) for name in PUBLIC} | set(of_answers(slug).values())
    asked |= {f"/topics/{word}-topic/", f"/feeds/topics/{word}-topic.atom", f"/ask/?answer={slug}"}
    asked |= {
        f"{start}?{query}"
        for query in (f"q={word}", "q=canary", f"q={CANARY[:4]}", "q=alpha", f"topic={word}-topic")
        for start in ("/search/", "/search/suggestions.json", "/api/v1/search", "/answers/", "/api/v1/answers")
    }
    found = {}
    for address in sorted(asked):
        for choice in CHOICES:
            cache.clear()
            one = address + choice.replace("?", "&") if "?" in address else address + choice
            response = Client().get(one)
            found[one] = f"{response.status_code} {response.content.decode('utf-8', 'replace')}{response.headers}"
    return found


def test_a_canary_is_found_nowhere_in_public(stage: Stage, secret: Article) -> None:
    """Who asks for a word is told their own word: so each page is the one that a word of no article gets."""
    nonsense = "q" * len(CANARY)
    pages = everything_public(secret.slug, stage)
    empty = everything_public(secret.slug.replace(CANARY, nonsense), stage, nonsense)
    assert len(pages) > 400
    held = {address for address, page in pages.items() if CANARY in page and CANARY not in address}
    assert held == set()
    of_nonsense = {address: ETAG.sub("", page) for address, page in empty.items()}
    for address, page in pages.items():
        assert ETAG.sub("", page).replace(CANARY, nonsense) == of_nonsense[address.replace(CANARY, nonsense)], address


def test_after_withdrawal_only_its_own_pages_hold_it(stage: Stage, secret: Article) -> None:
    """What was public keeps its address (and is marked there); no list, search, feed, sitemap or API list names it."""
    people = stage.cast
    edition = secret.editions.get()
    workflow.take_up(edition, by=people["board member"])
    workflow.decide(edition, by=people["board member"], kind="approve", password=PASSWORD)
    assert not {
        address
        for address, page in everything_public(secret.slug, stage).items()
        if CANARY in page and CANARY not in address
    }
    workflow.publish(edition, by=people["editor"])
    sung = {
        address.partition("?")[0] for address, page in everything_public(secret.slug, stage).items() if CANARY in page
    }
    assert {"/", "/answers/", "/sitemap-0.xml", "/feeds/answers.atom", "/api/v1/answers", "/api/v1/topics"} & sung
    workflow.withdraw(edition, by=people["editor"], explanation="It was unsafe.")
    held = {address: page for address, page in everything_public(secret.slug, stage).items() if CANARY in page}
    for address, page in held.items():
        if CANARY not in address:
            # That it was withdrawn is told with its question, and with nothing that it said.
            assert address.startswith(("/feeds/notices.atom", "/api/v1/notices")), address
            assert not re.search(rf"{CANARY} (?:lead|heading|Person|topic)", page), address
