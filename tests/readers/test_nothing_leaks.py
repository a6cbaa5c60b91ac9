"""A canary: secret words of whatever is not public, looked for in everything that the public can fetch."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from articles import drafting, search
from articles.images import keeping
from articles.models import Article
from people.models import User
from tests import pictures

SEEDS = [
    "/",
    "/answers/",
    "/topics/",
    "/search/?q=evidence",
    "/search/?q=canary",
    "/board/",
    "/policy/",
    "/about/",
    "/ask/",
    "/sitemap.xml",
    "/sitemap-0.xml",
    "/sitemap-1.xml",
    "/robots.txt",
    "/feeds/answers.atom",
    "/feeds/answers.atom?for=patient",
]


def secret(word: str) -> dict[str, object]:
    """Every field of an article, each with a secret word of its own."""
    return {
        "plain_question": f"Is it {word}plain?",
        "heading": f"The {word}heading",
        "lead": f"A {word}lead canary [@alpha].",
        "plain_heading": f"The {word}plainheading",
        "plain_lead": f"A {word}plainlead.",
        "body": f"## {word}title\n\nA {word}body about evidence [@gamma].\n\n::: plain\n{word}plainbody\n:::\n",
        "keywords": [f"{word}keyword"],
        "byline": [drafting.byline_entry(name=f"{word}person")],
    }


@pytest.fixture
def slugs(draft: Article, write, submit, approve, publish, release, decline, author: User) -> list[str]:
    """One answer in each state that hides words; the secrets all begin with `zq`."""
    publish(write("Is alpha safe?", topics=["Cardiology"]))
    write("Is it zqdraft?", topics=["zqtopic"], **secret("zqdraft"))
    submit(write("Is it zqsubmitted?", topics=["zqothertopic"], **secret("zqsubmitted")))
    approve(write("Is it zqwaiting?", topics=["zqthirdtopic"], **secret("zqwaiting")))
    # The address of what was public says of which question it speaks; nothing else of it may be read.
    declined = secret("zqdeclined") | {"plain_question": ""}
    decline(release(write("Was it declined?", topics=["Cardiology"], **declined)))
    publish(draft)
    for name, value in secret("zqupdate").items():
        setattr(draft, name, value)
    draft.question = "Is it zqupdate?"
    submit(drafting.save(draft, by=author, base_version=1, topics=drafting.topics_named(["zqfourthtopic"])))
    return list(Article.objects.values_list("slug", flat=True))


def test_images_of_what_is_not_public_are_not_there(client: Client, slugs: list[str], author: User) -> None:
    """Each article's draft has an image that its newest edition does not show."""
    for number, article in enumerate(Article.objects.order_by("pk"), start=1):
        image = keeping.add(article, pictures.kept(100 + number), by=author, alternative=f"zq{number}")
        for extension in ("png", "jpg"):
            answer = client.get(f"/images/{image.digest}.{extension}")
            assert answer.status_code == 404
            assert b"zq" not in answer.content


def crawled(client: Client, seeds: list[str]) -> dict[str, str]:
    """Everything that is reached from the seeds by links within the public site."""
    seen: dict[str, str] = {}
    waiting = list(seeds)
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        response = client.get(address)
        seen[address] = response.content.decode() + str(response.headers)
        for link in re.findall(r'(?:href|action)="(/[^"#]*)', seen[address]):
            found = unescape(link)
            if not found.startswith(("/desk/", "/account/", "/admin/", "/static/")):
                waiting.append(found)
    return seen


def test_no_secret_is_found_by_any_address(client: Client, slugs: list[str]) -> None:
    guessed = [
        f"/answers/{slug}/{rest}{choice}"
        for slug in slugs
        for rest in ("", "editions/1/", "editions/2/", "references.ris", "references.json")
        for choice in ("", "?for=patient", "?for=physician")
    ]
    guessed += [f"/ask/?answer={slug}" for slug in slugs] + [f"/ask/thanks/?answer={slug}" for slug in slugs]
    guessed += [f"/topics/{topic}/" for topic in ("zqtopic", "zqothertopic", "zqthirdtopic", "zqfourthtopic")]
    seeds = SEEDS + [f"{seed}?for=patient" for seed in SEEDS if "?" not in seed and seed.endswith("/")]
    pages = crawled(client, seeds + guessed)
    assert len(pages) > 150
    # An address that was asked for may come back in a page only as an address; none of these pages does even that.
    assert {address: re.findall(r"\w*zq\w*", page) for address, page in pages.items() if "zq" in page} == {}
    assert "Is alpha safe?" in pages["/answers/"]


def test_search_holds_no_secret(client: Client, slugs: list[str]) -> None:
    for word in ("zqdraft", "zqsubmitted", "zqwaiting", "zqdeclined", "zqupdate"):
        for suffix in ("", "plain", "heading", "lead", "plainlead", "title", "body", "plainbody", "keyword"):
            assert search.find(word + suffix).total == 0
    assert search.find("zqtopic zqothertopic zqthirdtopic zqfourthtopic").total == 0
    page = client.get("/search/?q=zqdraftbody").content.decode()
    assert "Nothing found for" in page


def test_the_canary_sings_where_a_secret_is_published(client: Client, write, publish) -> None:
    publish(write("Is it zqpublic?", topics=["zqtopic"], **secret("zqpublic")))
    pages = crawled(client, SEEDS)
    found = {word for page in pages.values() for word in re.findall(r"zq[a-z]+", page)}
    assert {"zqtopic", "zqpublic", "zqpubliclead", "zqpublicplainlead", "zqpublicbody", "zqpublicperson"} <= found


def test_guidance_that_was_left_is_in_nothing_that_is_public(client: Client, write, publish) -> None:
    """The same words in each field that may hold guidance, in code, in a list, behind words and never closed."""
    body = (
        "## Title\n\n<!-- guide: zqone -->\n\nText <!-- guide: zqtwo --> [@alpha].\n\n"
        "- <!-- guide: zqthree --> Item\n\n```\n<!-- guide: zqfour -->\n```\n\n"
        "::: plain\n<!-- guide: zqfive -->\nPlain.\n:::\n\n<!-- guide: zqsix"
    )
    article = write(
        "Is alpha guided?",
        lead="<!-- guide: zqseven -->\nYes [@alpha].",
        plain_lead="Yes.\n<!-- guide: zqeight -->",
        body=body,
        topics=["Cardiology"],
    )
    publish(article)
    guessed = [
        f"/answers/{article.slug}/{rest}"
        for rest in ("", "?for=patient", "?for=physician", "editions/1/", "references.ris", "references.json")
    ]
    pages = crawled(client, SEEDS + guessed)
    assert "Is alpha guided?" in pages["/answers/"]
    assert {address: re.findall(r"\w*zq\w*", page) for address, page in pages.items() if "zq" in page} == {}
    for word in ("zqone", "zqtwo", "zqthree", "zqfour", "zqfive", "zqsix", "zqseven", "zqeight"):
        assert search.find(word).total == 0, word
