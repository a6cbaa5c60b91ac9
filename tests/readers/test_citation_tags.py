"""The `citation_*` tags in the head of an answer, from which reference managers and Google Scholar take it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from articles import drafting
from articles.audiences import AUDIENCES
from articles.models import Article
from people.models import User
from reviews import workflow

ADDRESS = "/answers/does-alpha-help-in-beta/"


def tags(client: Client, address: str = ADDRESS) -> list[tuple[str, str]]:
    head = client.get(address).content.decode().split("</head>", 1)[0]
    return [
        (name, unescape(value)) for name, value in re.findall(r'<meta name="citation_(\w+)" content="([^"]*)">', head)
    ]


def values(client: Client, name: str, address: str = ADDRESS) -> list[str]:
    return [value for key, value in tags(client, address) if key == name]


def test_an_approved_answer_names_itself(client: Client, draft: Article, publish, settings):
    publish(draft)
    found = tags(client)
    names = [name for name, _value in found]
    assert names[0] == "title"
    assert values(client, "title") == ["Does alpha help in beta?"]
    assert values(client, "author") == [one["name"] for one in draft.byline]
    assert re.fullmatch(r"\d{4}/\d\d/\d\d", *values(client, "publication_date"))
    assert values(client, "language") == ["en"]
    assert values(client, "public_url") == [settings.SITE_URL + ADDRESS]
    assert "pdf_url" not in names
    assert "" not in [value for _name, value in found]


def test_every_author_as_printed_and_nothing_runs_out_of_its_tag(client: Client, draft: Article, publish, author: User):
    draft.byline = [
        {"name": 'Ana "<b>" Reyes', "credentials": "MD", "orcid": "0000-0002-1825-0097", "user": author.pk},
        {"name": "Jan van den Berg", "credentials": ""},
    ]
    draft.keywords = ["alpha & beta", "gamma"]
    draft.question = 'Does "alpha" <help>?'
    publish(drafting.save(draft, by=author, base_version=draft.version))
    address = f"/answers/{draft.slug}/"
    assert values(client, "author", address) == ['Ana "<b>" Reyes', "Jan van den Berg"]
    assert values(client, "author_orcid", address) == ["https://orcid.org/0000-0002-1825-0097"]
    assert values(client, "keywords", address) == ["alpha & beta; gamma"]
    assert values(client, "title", address) == ['Does "alpha" <help>?']


def test_the_title_is_the_signed_question_for_every_reader(client: Client, draft: Article, publish, author: User):
    draft.plain_question = "Can alpha help me?"
    publish(drafting.save(draft, by=author, base_version=draft.version))
    for audience in AUDIENCES:
        assert values(client, "title", f"{ADDRESS}?for={audience.slug}") == ["Does alpha help in beta?"]


def test_an_edition_names_its_permanent_address(client: Client, draft: Article, publish, settings):
    publish(draft)
    assert values(client, "public_url", f"{ADDRESS}editions/1/") == [f"{settings.SITE_URL}{ADDRESS}editions/1/"]


@pytest.mark.parametrize("address", [ADDRESS, f"{ADDRESS}editions/1/"])
def test_a_caution_has_no_place_in_a_tag_so_there_are_none(client: Client, draft: Article, release, address: str):
    release(draft)
    assert client.get(address).status_code == 200
    assert tags(client, address) == []


@pytest.mark.parametrize("address", [ADDRESS, f"{ADDRESS}editions/1/"])
def test_a_withdrawn_answer_has_none(client: Client, draft: Article, publish, editor: User, address: str):
    workflow.withdraw(publish(draft), by=editor, explanation="Wrong.")
    assert client.get(address).status_code == 200
    assert tags(client, address) == []
