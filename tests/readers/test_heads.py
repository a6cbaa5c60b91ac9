"""What heads tell machines: JSON-LD in the words of schema.org only, previews that keep the caution, and links."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

from django.test import Client

from articles.models import Article, NoticeKind
from people.models import User
from reviews import workflow

ADDRESS = "/answers/does-alpha-help-in-beta/"

THING = {"name", "description", "url", "sameAs"}
CREATIVE_WORK = THING | {
    *("about", "abstract", "author", "citation", "comment", "correction", "creativeWorkStatus", "dateModified"),
    *("datePublished", "inLanguage", "isAccessibleForFree", "keywords", "publisher", "publishingPrinciples", "text"),
    *("usageInfo", "version"),
}
VOCABULARY: dict[str, set[str]] = {
    "Thing": THING,
    "CreativeWork": CREATIVE_WORK,
    **dict.fromkeys(("ScholarlyArticle", "Book", "Report", "Thesis", "Dataset", "Comment"), CREATIVE_WORK),
    "CorrectionComment": CREATIVE_WORK,
    "WebPage": CREATIVE_WORK | {"lastReviewed", "reviewedBy"},
    "MedicalWebPage": CREATIVE_WORK | {"lastReviewed", "reviewedBy", "medicalAudience"},
    "MedicalAudience": THING | {"audienceType"},
    "Person": THING | {"honorificSuffix", "knowsAbout", "memberOf"},
    "Organization": THING,
}
"""Types of schema.org that are used, with those of their properties (inherited ones, too) that may be."""


def head_of(client: Client, address: str = ADDRESS) -> str:
    return client.get(address).content.decode().split("</head>")[0]


def linked_data(head: str) -> list[dict[str, Any]]:
    return [
        json.loads(one) for one in re.findall(r'<script type="application/ld\+json">(.*?)</script>', head, re.DOTALL)
    ]


def properties(head: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in re.findall(r'<meta property="([^"]+)" content="([^"]*)">', head)}


def unknown(node: Any) -> list[str]:
    """Types and properties that the vocabulary does not have."""
    if isinstance(node, list):
        return [word for one in node for word in unknown(one)]
    if not isinstance(node, dict):
        return []
    kind = node["@type"]
    names = {name for name in node if not name.startswith("@")}
    found = [f"{kind}.{name}" for name in names - VOCABULARY.get(kind, set())] + ([] if kind in VOCABULARY else [kind])
    return found + [word for name in names for word in unknown(node[name])]


def test_every_word_is_one_of_schema_org(client: Client, draft: Article, publish, editor: User) -> None:
    edition = publish(draft)
    workflow.add_notice(edition, by=editor, kind=NoticeKind.CORRECTION, text="A number was wrong.")
    workflow.add_notice(edition, by=editor, kind=NoticeKind.CONCERN, text="The dose is doubted.")
    for address in (ADDRESS, f"{ADDRESS}?for=patient", f"{ADDRESS}editions/1/"):
        (data,) = linked_data(head_of(client, address))
        assert (data["@context"], data["@type"]) == ("https://schema.org", "MedicalWebPage")
        assert unknown(data) == []
    (data,) = linked_data(head_of(client))
    assert data["reviewedBy"][0]["name"] == "Ben Board"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", data["lastReviewed"])
    assert [(work["@type"], work["name"]) for work in data["citation"]] == [
        ("ScholarlyArticle", "The alpha trial"),
        ("ScholarlyArticle", "The beta trial"),
    ]
    assert [one["text"] for one in data["correction"]] == ["A number was wrong."]
    assert [one["text"] for one in data["comment"]] == ["The dose is doubted."]
    (plain,) = linked_data(head_of(client, f"{ADDRESS}?for=patient"))
    assert [one["audienceType"] for one in plain["medicalAudience"]] == ["Patient"]
    assert plain["name"] == "Does alpha help?"


def test_no_text_ends_the_element(client: Client, write, publish) -> None:
    publish(write("Is </script><script>alert(1)</script> safe?"))
    address = re.findall(r'href="(/answers/[^"/]+/)"', client.get("/answers/").content.decode())[0]
    (data,) = linked_data(head_of(client, address))
    assert data["name"] == "Is </script><script>alert(1)</script> safe?"
    assert "<script>alert" not in head_of(client, address)


def test_a_preview_keeps_the_caution(client: Client, draft: Article, release, member: User, editor: User) -> None:
    edition = release(draft)
    head = head_of(client)
    assert linked_data(head) == []
    assert properties(head)["og:description"].startswith("Caution: not yet approved.")
    assert "helps a little" not in properties(head)["og:description"]
    from tests.conftest import PASSWORD

    workflow.decide(edition, by=member, kind="approve", password=PASSWORD)
    told = properties(head_of(client))
    assert told["og:description"] == "Alpha helps a little."
    assert told["og:title"] == "Does alpha help in beta?"
    assert told["og:url"] == f"https://answers.example.org{ADDRESS}"
    workflow.withdraw(edition, by=editor, explanation="It was unsafe.")
    head = head_of(client)
    assert linked_data(head) == []
    told = properties(head)
    assert (told["og:title"], told["og:description"]) == ("Withdrawn: Does alpha help in beta?", "It was unsafe.")


def test_a_retraction_is_in_the_preview(client: Client, draft: Article, publish, editor: User) -> None:
    workflow.add_notice(publish(draft), by=editor, kind=NoticeKind.RETRACTION, text="All of it was wrong.")
    head = head_of(client)
    assert linked_data(head) == []
    assert properties(head)["og:title"].startswith("Retracted: ")
    assert "retracted since" in properties(head)["og:description"]


def test_other_forms_and_feeds_are_linked_and_there(client: Client, write, publish) -> None:
    publish(write("Is alpha safe?", topics=["Cardiology"]))
    for address in ("/answers/is-alpha-safe/?for=patient", "/answers/is-alpha-safe/editions/1/", "/topics/cardiology/"):
        links = re.findall(r'<link rel="alternate" type="([^"]+)"[^>]* href="([^"]+)"', head_of(client, address))
        assert len(links) >= 3
        for kind, link in links:
            response = client.get(link)
            assert (response.status_code, response["Content-Type"].split(";")[0]) == (200, kind)
