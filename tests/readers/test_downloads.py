"""References to take away: those of the public edition, as they then stood, with their status of today."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test import Client

from articles import drafting, editions
from articles.cards import caution
from articles.models import Article
from people.models import User
from references.formats.csl import parse_csl
from references.models import Alias, Reference, Status
from reviews import protection, workflow

RIS, CSL = (f"/answers/does-alpha-help-in-beta/references.{kind}" for kind in ("ris", "json"))


def test_ris_holds_each_cited_work_in_the_order_of_its_number(client: Client, draft: Article, publish):
    publish(draft)
    response = client.get(RIS)
    text = response.content.decode()
    assert response["Content-Type"] == "application/x-research-info-systems; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="does-alpha-help-in-beta.ris"'
    assert [line[6:] for line in text.split("\r\n") if line.startswith("TI  - ")] == [
        "The alpha trial",
        "The beta trial",
    ]
    assert "DO  - 10.5555/alpha" in text
    assert text.count("ER  - ") == 2


def test_csl_can_be_read_again(client: Client, draft: Article, publish):
    publish(draft)
    response = client.get(CSL)
    assert response["Content-Type"] == "application/vnd.citationstyles.csl+json; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="does-alpha-help-in-beta.json"'
    works, problems = parse_csl(response.content)
    assert [work.key for work in works] == ["alpha", "beta"]
    assert problems == []


def test_more_authors_than_are_named_are_no_author(client: Client, draft: Article, publish):
    reyes = {"family": "Reyes", "given": "Ana"}
    Reference.objects.filter(key="alpha").update(authors=[reyes, {"literal": "et al."}])
    publish(draft)
    assert [line for line in client.get(RIS).content.decode().split("\r\n") if "AU" in line][0] == "AU  - Reyes, Ana"
    assert b"et al" not in client.get(RIS).content
    item = json.loads(client.get(CSL).content)[0]
    assert item["author"] == [reyes]
    assert parse_csl(client.get(CSL).content)[0][0].authors == [reyes, {"literal": "others"}]


def test_bibtex_holds_each_cited_work_and_what_is_known_against_it(client: Client, draft: Article, publish):
    publish(draft)
    Reference.objects.filter(key="alpha").update(status="retracted")
    response = client.get("/answers/does-alpha-help-in-beta/references.bib")
    text = response.content.decode()
    assert response["Content-Type"] == "application/x-bibtex; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="does-alpha-help-in-beta.bib"'
    assert text.index("{alpha,") < text.index("{beta,")
    assert caution(Status.RETRACTED) in text


def test_the_snapshot_is_given_with_the_status_of_today(client: Client, draft: Article, publish):
    publish(draft)
    Reference.objects.filter(key="alpha").update(title="Renamed since", status="retracted")
    items = json.loads(client.get(CSL).content)
    assert items[0]["title"] == "The alpha trial"
    assert [item["custom"]["status"] for item in items] == ["retracted", "current"]


@pytest.mark.parametrize("status", ["retracted", "concern", "superseded", "corrected"])
def test_what_is_known_against_a_work_reaches_every_program(client: Client, draft: Article, publish, status: str):
    publish(draft)
    assert "N1  - " not in client.get(RIS).content.decode()
    assert "note" not in client.get(CSL).content.decode()
    Reference.objects.filter(key="alpha").update(status=status)
    said = caution(Status(status))
    assert said
    assert client.get(RIS).content.decode().count(f"N1  - {said}\r\n") == 1
    assert [item.get("note") for item in json.loads(client.get(CSL).content)] == [said, None]


def test_the_status_is_found_through_an_alias(client: Client, draft: Article, publish):
    publish(draft)
    Reference.objects.filter(key="alpha").update(key="alpha-2021", key_normal="alpha-2021", status="retracted")
    kept = Reference.objects.get(key="alpha-2021")
    Alias.objects.create(scheme=Alias.Scheme.KEY, value="alpha", written="alpha", reference=kept)
    items = json.loads(client.get(CSL).content)
    assert [(item["id"], item["custom"]["status"]) for item in items] == [("alpha", "retracted"), ("beta", "current")]


def test_an_earlier_edition_keeps_its_references_at_its_own_address(
    client: Client, draft: Article, publish, author: User, django_assert_num_queries
):
    publish(draft)
    draft.refresh_from_db()
    draft.body = "## Evidence\n\nA third [@gamma].\n"
    publish(drafting.save(draft, by=author, base_version=draft.version))
    start = "/answers/does-alpha-help-in-beta"
    with django_assert_num_queries(4):
        response = client.get(f"{start}/editions/1/references.ris")
    assert response["Content-Disposition"] == 'attachment; filename="does-alpha-help-in-beta-edition-1.ris"'
    assert "beta trial" in response.content.decode()
    assert "gamma" not in response.content.decode()
    assert "gamma" in client.get(f"{start}/references.ris").content.decode()
    assert f'href="{start}/editions/1/references.ris"' in client.get(f"{start}/editions/1/").content.decode()
    assert f'href="{start}/references.json"' in client.get(f"{start}/").content.decode()
    assert client.get(f"{start}/editions/3/references.json").status_code == 404


def test_an_edition_that_was_never_approved_hands_out_no_references_once_another_is_public(
    client: Client, draft: Article, release, publish, author: User
):
    release(draft)
    draft.refresh_from_db()
    draft.body = "## Evidence\n\nA third [@gamma].\n"
    publish(drafting.save(draft, by=author, base_version=draft.version))
    for kind in ("ris", "json"):
        assert client.get(f"/answers/does-alpha-help-in-beta/editions/1/references.{kind}").status_code == 404


def test_only_the_public_edition_counts(client: Client, draft: Article, publish, submit, author: User):
    publish(draft)
    draft.body = "## Evidence\n\nA third [@gamma].\n"
    submit(drafting.save(draft, by=author, base_version=1))
    assert "gamma" not in client.get(RIS).content.decode()


@pytest.mark.parametrize("address", [RIS, CSL])
def test_readable_answers_only(client: Client, draft: Article, submit, address: str):
    assert client.get(address).status_code == 404
    submit(draft)
    assert client.get(address).status_code == 404


def test_a_declined_caution_takes_its_references_along(client: Client, draft: Article, release, decline):
    edition = release(draft)
    assert client.get(RIS).status_code == 200
    decline(edition)
    assert client.get(RIS).status_code == 404
    assert client.get(CSL).status_code == 404


def test_a_withdrawn_answer_keeps_its_references(client: Client, draft: Article, publish, editor: User):
    workflow.withdraw(publish(draft), by=editor, explanation="Wrong.")
    assert client.get(RIS).status_code == 200


def test_altered_bytes_are_never_handed_out(client: Client, draft: Article, publish):
    edition = publish(draft)
    protection.remove(connection)
    try:
        edition.frozen = bytes(edition.frozen).replace(b"The alpha trial", b"The omega trial")
        edition.save()
    finally:
        protection.lay(connection)
    with pytest.raises(editions.Altered):
        client.get(RIS)
