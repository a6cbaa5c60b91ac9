"""References to take away: those of the public edition, as they then stood, with their status of today."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test import Client

from articles import drafting, editions
from articles.models import Article
from people.models import User
from references.formats.csl import parse_csl
from references.models import Reference
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


def test_the_snapshot_is_given_with_the_status_of_today(client: Client, draft: Article, publish):
    publish(draft)
    Reference.objects.filter(key="alpha").update(title="Renamed since", status="retracted")
    items = json.loads(client.get(CSL).content)
    assert items[0]["title"] == "The alpha trial"
    assert [item["custom"]["status"] for item in items] == ["retracted", "current"]


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
