"""The read API: true to its document, the same caution as the page everywhere, and nothing that is not public."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils.dateparse import parse_date, parse_datetime

from articles.models import Article, NoticeKind
from people.models import User
from readers.api import document as document_of_api
from readers.api import door, people
from readers.api.cursors import cursor
from reviews import workflow

API = "/api/v1"
SLUG = "does-alpha-help-in-beta"
SITE = "https://answers.example.org"
WITH_TEXT = (
    "/answers",
    f"/answers/{SLUG}",
    f"/answers/{SLUG}/editions/1",
    f"/answers/{SLUG}/references",
    "/search?q=alpha",
)
MARKED = (*WITH_TEXT, f"/answers/{SLUG}/editions")


def get(client: Client, address: str) -> Any:
    response = client.get(API + address)
    assert response.status_code == 200, (address, response.content)
    return json.loads(response.content)


# -- The document --


def wrong(value: Any, schema: dict[str, Any], document: dict[str, Any], at: str = "") -> Iterator[str]:
    """Where a value is not what the schema says, for the words of JSON Schema that the document uses; no others may
    stand in it."""
    known = {"$ref", "type", "anyOf", "const", "enum", "items", "properties", "required", "additionalProperties"}
    known |= {"format", "title", "description", "default", "examples"}
    if set(schema) - known:
        yield f"{at}: the test knows no {set(schema) - known}"
    if "$ref" in schema:
        yield from wrong(value, document["components"]["schemas"][schema["$ref"].split("/")[-1]], document, at)
    if "anyOf" in schema and all(list(wrong(value, one, document, at)) for one in schema["anyOf"]):
        yield f"{at}: {value!r} is none of those allowed"
    if value not in schema.get("enum", [value]) or value != schema.get("const", value):
        yield f"{at}: {value!r} is not one of the words"
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool}
    kinds |= {"null": type(None)}
    if "type" in schema and not isinstance(value, kinds[schema["type"]]):
        yield f"{at}: {value!r} is no {schema['type']}"
        return
    if schema.get("format") == "date" and parse_date(value) is None:
        yield f"{at}: {value!r} is no date"
    if schema.get("format") == "date-time" and parse_datetime(value) is None:
        yield f"{at}: {value!r} is no time"
    if isinstance(value, list) and "items" in schema:
        for number, one in enumerate(value):
            yield from wrong(one, schema["items"], document, f"{at}/{number}")
    if isinstance(value, dict) and "properties" in schema:
        for name in set(schema.get("required", ())) - set(value):
            yield f"{at}: {name} is missing"
        for name, one in value.items():
            if name in schema["properties"]:
                yield from wrong(one, schema["properties"][name], document, f"{at}/{name}")
            elif schema.get("additionalProperties") is False:
                yield f"{at}: the document names no {name}"


@pytest.fixture
def everything(client: Client, draft: Article, write, publish, release, editor: User) -> list[str]:
    """Answers in each standing, and every address of the API there is for them."""
    first = publish(draft)
    workflow.add_notice(first, by=editor, kind=NoticeKind.CONCERN, text="The dose is doubted.", reason="A letter")
    release(write("Is alpha useful in epsilon?", topics=["Cardiology"]))
    sample = publish(write("Is alpha a sample?", topics=["Cardiology"], is_sample=True))
    workflow.add_notice(sample, by=editor, kind=NoticeKind.RETRACTION, text="All of it was wrong.")
    workflow.withdraw(publish(write("Is alpha withdrawn?")), by=editor, explanation="It was unsafe.")
    slugs = [SLUG, "is-alpha-useful-in-epsilon", "is-alpha-a-sample", "is-alpha-withdrawn", "nothing"]
    parts = ("", "?for=patient", "/editions", "/editions/1", "/editions/7", "/references")
    return [
        *(f"/answers/{slug}{part}" for slug in slugs for part in parts),
        *("/", "/answers", "/answers?state=caution", "/answers?for=patient&limit=1", "/topics", "/topics?limit=0"),
        *("/search?q=alpha", "/search", "/notices", "/notices?limit=1", "/board", "/answers?cursor=x"),
    ]


def test_every_response_is_as_the_document_says(client: Client, everything: list[str]) -> None:
    document = get(client, "/openapi.json")
    seen = set()
    for address in everything:
        response = client.get(API + address)
        path = re.sub(r"\?.*", "", API + address)
        patterns = [one for one in document["paths"] if re.fullmatch(re.sub(r"{\w+}", "[^/]+", one), path)]
        assert len(patterns) == 1, path
        told = document["paths"][patterns[0]]["get"]["responses"][str(response.status_code)]["content"]
        media = response["Content-Type"].split(";")[0]
        assert list(told) == [media]
        assert list(wrong(json.loads(response.content), told[media]["schema"], document)) == [], address
        seen.add((patterns[0], response.status_code))
    assert {path for path, status in seen if status == 200} == set(document["paths"])
    assert {404, 410, 422} <= {status for _path, status in seen}


def test_every_example_of_the_document_is_true(client: Client, everything: list[str]) -> None:
    document = get(client, "/openapi.json")
    examples = 0
    for path, operations in document["paths"].items():
        for parameter in operations["get"]["parameters"]:
            for value in parameter.get("examples", parameter["schema"].get("examples", ())):
                filled = path.replace("{slug}", SLUG).replace("{number}", "1")
                assert client.get(filled, {parameter["name"]: value}).status_code == 200, (path, parameter)
                examples += 1
        for response in operations["get"]["responses"].values():
            for told in response.get("content", {}).values():
                if "example" in told:
                    assert list(wrong(told["example"], told["schema"], document)) == []
                    examples += 1
    assert examples > 10
    assert json.loads(client.get(f"{API}/answers/nothing").content) == door_example(document)


def door_example(document: dict[str, Any]) -> Any:
    return document["paths"][f"{API}/answers/{{slug}}"]["get"]["responses"]["404"]["content"][
        "application/problem+json"
    ]["example"]


# -- What no form may drop --


def marked(told: Any) -> list[dict[str, Any]]:
    """The answers in a response: its items, or itself."""
    return told["items"] if "items" in told and "state" not in told else [told]


@pytest.mark.parametrize("address", MARKED)
@pytest.mark.parametrize("audience", ["", "patient"])
def test_the_caution_is_in_every_form(client: Client, draft: Article, release, address: str, audience: str) -> None:
    release(draft)
    told = get(client, f"{address}{'&' if '?' in address else '?'}for={audience}" if audience else address)
    page = client.get(f"/answers/{SLUG}/").content.decode()
    assert told["disclaimer"]["plain"]
    assert told["disclaimer"]["professional"]
    assert told["emergency"].startswith("In an emergency")
    (answer,) = marked(told)
    assert answer["caution"]
    assert answer["caution"] in page
    assert answer["state"] == answer["review"]["state"] == "under_review"
    assert answer["review"]["reviewers"] == []


@pytest.mark.parametrize("address", MARKED)
def test_notices_and_retraction_are_in_every_form(
    client: Client, draft: Article, publish, editor: User, address: str
) -> None:
    edition = publish(draft)
    workflow.add_notice(edition, by=editor, kind=NoticeKind.RETRACTION, text="All of it was wrong.", reason="Fraud")
    (answer,) = marked(get(client, address))
    assert [(one["kind"], one["text"], one["reason"]) for one in answer["notices"]] == [
        ("retraction", "All of it was wrong.", "Fraud")
    ]
    assert (answer["state"], answer["review"]["state"]) == ("retracted", "approved")
    assert answer["retracted_on"]
    # Lists name it and leave its words to its own page; there they are kept.
    assert answer.get("summary", "") == answer.get("passage", "") == ""
    if "text" in answer:
        assert "Two trials agree" in answer["text"]["text"]


def test_a_sample_and_missing_plain_text_are_told(client: Client, write, publish) -> None:
    publish(write("Is alpha first?", is_sample=True))
    told = get(client, "/answers/is-alpha-first?for=patient")
    assert told["sample"] == "Written to show this system; not medical advice."
    page = client.get("/answers/is-alpha-first/?for=patient").content.decode()
    assert told["note"]
    assert told["note"] in page


def test_the_words_are_those_of_the_page(client: Client, draft: Article, publish) -> None:
    from references.models import Reference

    publish(draft)
    patient, general = get(client, f"/answers/{SLUG}?for=patient"), get(client, f"/answers/{SLUG}")
    assert "Two studies agree." in patient["text"]["text"]
    assert "Two studies agree." not in general["text"]["text"]
    assert (patient["question"], patient["bottom_line"]) == ("Does alpha help?", None)
    assert patient["plain_bottom_line"]["text"] == "It helps a little."
    assert general["bottom_line"]["text"] == "Alpha helps a little."
    assert general["text"]["html"] in client.get(f"/answers/{SLUG}/").content.decode()
    assert [one["caution"] for one in general["references"]] == [None, None]
    Reference.objects.filter(key="alpha").update(status="retracted")
    assert get(client, f"/answers/{SLUG}")["references"][0]["caution"].startswith("This work has been retracted.")
    works = get(client, f"/answers/{SLUG}/references")["items"]
    assert [(one["status"], one["csl"]["custom"]["status"]) for one in works] == [("retracted",) * 2, ("current",) * 2]


# -- What is not public --


@pytest.mark.parametrize("part", ["", "/editions", "/editions/1", "/references"])
def test_a_draft_and_nothing_are_told_alike(client: Client, draft: Article, approve, part: str) -> None:
    nothing = client.get(f"{API}/answers/nothing{part}")
    assert nothing.status_code == 404
    assert nothing["Content-Type"] == "application/problem+json"
    for _state in ("draft", "approved, not published"):
        answer = client.get(f"{API}/answers/{SLUG}{part}")
        assert (answer.status_code, answer.content, answer.headers) == (404, nothing.content, nothing.headers)
        if _state == "draft":
            approve(draft)


def test_a_withdrawn_answer_says_what_happened(client: Client, draft: Article, publish, editor: User) -> None:
    edition = publish(draft)
    workflow.add_notice(edition, by=editor, kind=NoticeKind.CONCERN, text="The dose is doubted.")
    workflow.withdraw(edition, by=editor, explanation="It was unsafe.")
    for part in ("", "/references"):
        response = client.get(f"{API}/answers/{SLUG}{part}")
        told = json.loads(response.content)
        assert (response.status_code, told["detail"]) == (410, "It was unsafe.")
        assert [one["text"] for one in told["notices"]] == ["The dose is doubted."]
        assert b"Two trials" not in response.content
    assert get(client, "/answers")["items"] == get(client, "/search?q=alpha")["items"] == []
    assert [one["answer_state"] for one in get(client, "/notices")["items"]] == ["withdrawn"]
    kept = get(client, f"/answers/{SLUG}/editions/1")
    assert (kept["state"], kept["withdrawn"]["explanation"]) == ("withdrawn", "It was unsafe.")
    assert get(client, f"/answers/{SLUG}/editions")["state"] == "withdrawn"


def test_what_left_the_public_is_gone_without_its_words(client: Client, draft: Article, release, decline) -> None:
    decline(release(draft))
    for part in ("", "/editions", "/editions/1", "/references"):
        response = client.get(f"{API}/answers/{SLUG}{part}")
        assert response.status_code == 410
        assert "declined this answer" in json.loads(response.content)["detail"]
        assert b"helps a little" not in response.content


def test_a_former_slug_leads_to_the_new_address(client: Client, draft: Article, publish) -> None:
    from articles import publishing

    publish(draft)
    publishing.change_slug(draft, "alpha")
    response = client.get(f"{API}/answers/{SLUG}/editions/1?for=patient")
    assert (response.status_code, response["Location"]) == (301, f"{API}/answers/alpha/editions/1?for=patient")
    assert response["Access-Control-Allow-Origin"] == "*"


# -- The door --


def test_any_site_may_read_and_nobody_may_write(client: Client, draft: Article, publish) -> None:
    publish(draft)
    address = f"{API}/answers/{SLUG}"
    before = client.options(
        address, headers={"Origin": "https://other.example", "Access-Control-Request-Method": "GET"}
    )
    assert (before.status_code, before["Access-Control-Allow-Methods"]) == (204, "GET, HEAD, OPTIONS")
    got, head = client.get(address), client.head(address)
    known = client.get(address, headers={"If-None-Match": got["ETag"]})
    assert (known.status_code, head.content, head["ETag"]) == (304, b"", got["ETag"])
    for response in (before, got, head, known):
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in response
    for method in ("post", "put", "patch", "delete"):
        refused = getattr(client, method)(address)
        assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD, OPTIONS")
        assert json.loads(refused.content)["status"] == 405


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/json", 200),
        ("*/*", 200),
        ("text/html, application/*;q=0.5", 200),
        ("application/problem+json", 200),
        ("text/html", 406),
        ("application/json;q=0, */*", 406),
        ("*/*;q=0.0", 406),
    ],
)
def test_accept(client: Client, db: None, accept: str, status: int) -> None:
    assert client.get(f"{API}/topics", headers={"Accept": accept}).status_code == status


@pytest.mark.parametrize("address", ["/board", "/openapi.json"])
def test_a_fault_of_ours_is_a_problem_too(
    db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    def broken() -> None:
        raise RuntimeError("the secret of the fault")

    monkeypatch.setattr(people, "board", broken)
    monkeypatch.setattr(document_of_api, "document", broken)
    with caplog.at_level("ERROR", logger="django.request"):
        response = Client(raise_request_exception=False).get(API + address)
    assert (response.status_code, response["Content-Type"]) == (500, "application/problem+json")
    assert json.loads(response.content)["status"] == 500
    assert "secret" not in response.content.decode()
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cache-Control"] == "no-store"
    assert "the secret of the fault" in caplog.text


def test_the_index_needs_no_last_stroke(client: Client, db: None) -> None:
    assert client.get(API).content == client.get(API + "/").content
    assert client.post(API).status_code == 405


def test_too_many_requests(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "REQUESTS", ((60, 2),))
    statuses = [client.get(f"{API}/topics") for _time in range(3)]
    assert [one.status_code for one in statuses] == [200, 200, 429]
    assert (statuses[2]["Retry-After"], statuses[2]["Cache-Control"]) == ("60", "no-store")


@pytest.mark.parametrize(
    "address",
    [
        "/answers?limit=0",
        "/answers?limit=101",
        "/answers?for=dentist",
        "/answers?topic=%00",
        "/answers?changed_since=yesterday",
        "/answers?changed_since=0001-01-01T00:00:00%2B14:00",
        "/answers?cursor=x",
        "/answers?cursor=" + cursor("word"),
        "/answers?cursor=" + cursor(2**70),
        "/topics?cursor=" + cursor("\x00"),
        "/notices?cursor=" + cursor("2026-01-01T00:00:00", 1),
        "/search?q=" + "a" * 501,
    ],
)
def test_what_cannot_be_read_is_named(client: Client, db: None, address: str) -> None:
    response = client.get(API + address)
    assert response.status_code == 422
    (error,) = json.loads(response.content)["errors"]
    assert error["parameter"] in address
    assert error["message"]


# -- Lists --


def pages(client: Client, address: str, after_each=lambda: None) -> list[str]:
    """The questions or names of a list, read page by page; something may happen between two pages."""
    found = []
    while address:
        told = get(client, address)
        found += [one.get("question") or one.get("name") or one["text"] for one in told["items"]]
        after_each()
        address = (told["next"] or "").removeprefix(SITE + API)
    return found


def test_cursors_neither_repeat_nor_skip(client: Client, write, publish, editor: User) -> None:
    editions = [publish(write(f"Is {word} safe?", topics=[word])) for word in ("alpha", "beta", "gamma")]
    more = iter(["delta", "epsilon"])

    def another() -> None:
        if word := next(more, None):
            publish(write(f"Is {word} safe?", topics=[word]))

    words = ["alpha", "beta", "gamma", "delta", "epsilon"]
    assert pages(client, "/answers?limit=1", another) == [f"Is {word} safe?" for word in words]
    assert pages(client, "/topics?limit=2") == sorted(words)
    for edition in editions:
        workflow.add_notice(edition, by=editor, kind=NoticeKind.MINOR, text=f"Notice {edition.question}")
    newest = [f"Notice {edition.question}" for edition in reversed(editions)]
    assert pages(client, "/notices?limit=1") == newest
    assert pages(client, "/answers?topic=beta") == ["Is beta safe?"]


def test_lists_by_state_and_change(client: Client, write, publish, release) -> None:
    publish(write("Is alpha safe?"))
    release(write("Is beta safe?"))
    assert pages(client, "/answers?state=approved") == ["Is alpha safe?"]
    assert pages(client, "/answers?state=caution") == ["Is beta safe?"]
    assert pages(client, "/answers?state=retracted") == []
    newest = get(client, "/answers")["items"][1]["changed_at"]
    assert pages(client, f"/answers?changed_since={newest}") == ["Is beta safe?"]


def test_search_gives_score_and_passage(client: Client, write, publish) -> None:
    publish(write("Is alpha safe?", body="Zebra cells grow. [@alpha]\n"))
    publish(write("Is beta safe?"))
    told = get(client, "/search?q=zebra&limit=1")
    assert [(one["question"], one["passage"]) for one in told["items"]] == [("Is alpha safe?", "Zebra cells grow.")]
    scores = [one["score"] for one in get(client, "/search?q=alpha%20safe")["items"]]
    assert scores == sorted(scores, reverse=True)
