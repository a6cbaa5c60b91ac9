"""What must hold of every public page: no cookie, the same bytes, an ETag, few queries, and the reader's choice."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from articles.audiences import AUDIENCES
from articles.models import Article
from people.models import User
from readers import urls

QUERIES = {
    "/": 7,
    "/answers/": 4,
    "/topics/": 3,
    "/topics/cardiology/": 6,
    "/search/?q=alpha": 10,
    "/search/?q=alpha&topic=cardiology&state=caution&since=2020-01-01": 10,
    "/search/": 5,
    "/search/?q=nothingness": 12,
    "/search/suggestions.json?q=alp": 4,
    "/policy/": 3,
    "/board/": 4,
    "/about/": 1,
    "/ask/": 1,
    "/ask/?answer=does-alpha-help-in-beta": 2,
    "/ask/thanks/": 1,
    "/feedback/mistake/?answer=does-alpha-help-in-beta": 2,
    "/answers/does-alpha-help-in-beta/": 1,
    "/answers/does-alpha-help-in-beta/editions/1/": 1,
    "/answers/does-alpha-help-in-beta/compare/": 4,
    "/answers/does-alpha-help-in-beta/texts/": 4,
    "/answers/does-alpha-help-in-beta/references.ris": 3,
    "/answers/does-alpha-help-in-beta/references.json": 3,
    "/answers/does-alpha-help-in-beta/references.bib": 3,
    "/answers/does-alpha-help-in-beta/editions/1/references.ris": 3,
    "/answers/does-alpha-help-in-beta/editions/1/references.bib": 3,
    "/answers/does-alpha-help-in-beta/editions/1/references.json": 3,
    "/sitemap.xml": 4,
    "/sitemap-0.xml": 3,
    "/robots.txt": 0,
    "/feeds/answers.atom": 3,
    "/feeds/notices.atom": 3,
    "/feeds/topics/cardiology.atom": 5,
    "/answers/does-alpha-help-in-beta.md": 5,
    "/answers/does-alpha-help-in-beta/editions/1.md": 5,
    "/api/": 1,
    "/api/v1/": 1,
    "/api/v1/answers": 4,
    "/api/v1/answers?topic=cardiology&limit=1": 4,
    "/api/v1/answers/does-alpha-help-in-beta": 5,
    "/api/v1/answers/does-alpha-help-in-beta/editions": 5,
    "/api/v1/answers/does-alpha-help-in-beta/editions/1": 5,
    "/api/v1/answers/does-alpha-help-in-beta/references": 6,
    "/api/v1/topics": 2,
    "/api/v1/search?q=alpha": 7,
    "/api/v1/notices": 2,
    "/api/v1/board": 3,
    "/api/v1/openapi.json": 0,
}
FILES = ("/answers/does", "/api/v1/")
PAGES = [
    path
    for path in QUERIES
    if not path.partition("?")[0].endswith((".ris", ".json", ".bib", ".xml", ".txt", ".atom"))
    and not path.startswith(FILES)
]
CACHE_CONTROL = "public, max-age=0, s-maxage=1, must-revalidate"


@pytest.fixture
def site(draft: Article, write, publish, release) -> None:
    """Two approved answers and one with caution, under two topics."""
    publish(draft)
    publish(write("Is delta safe with alpha?", topics=["Cardiology"]))
    release(write("Is alpha useful in epsilon?", topics=["Cardiology", "Pharmacy"]))


def test_every_address_of_the_public_is_tested_here() -> None:
    known = {re.sub(r"\?.*", "", path) for path in QUERIES}
    named = {pattern.name for pattern in urls.urlpatterns}
    resolved = {get_resolver().resolve(path).url_name for path in known}
    # An image is the same bytes for ever (test_images); one's own pages are for nobody else (test_my_question,
    # test_feedback), and a vote is only sent; of what the API does not have, test_api tells.
    assert named - resolved == {"favicon", "image", "my_question", "feedback", "my_feedback", "api_missing"}


@pytest.mark.looks
def test_nothing_private_and_an_etag(site: None) -> None:
    for path in QUERIES:
        client = Client()
        response = client.get(path)
        assert response.status_code == 200, path
        assert not response.cookies, path
        assert response["Vary"] == "Accept-Encoding", path
        assert response["Cache-Control"] == CACHE_CONTROL, path
        assert b"csrf" not in response.content.lower(), path
        assert b"nonce" not in response.content.lower(), path
        again = client.get(path, headers={"If-None-Match": response["ETag"]})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", response["ETag"]), path
        assert again["Cache-Control"] == CACHE_CONTROL, path
        refused = {405} if not path.startswith(("/ask/", "/feedback/")) else {403, 405}
        assert client.post(path).status_code in refused, path


@pytest.mark.looks
def test_the_same_bytes_for_somebody_signed_in(client: Client, site: None, editor: User) -> None:
    client.force_login(editor)
    client.cookies["audience"] = "patient"
    others = {"Accept-Language": "de", "User-Agent": "Another/1.0", "HX-Request": "true"}
    for path in QUERIES:
        anonymous, signed_in = Client().get(path), client.get(path, headers=others)
        assert signed_in.content == anonymous.content, path
        assert dict(signed_in.headers) == dict(anonymous.headers), path
        assert not signed_in.cookies, path


def test_queries_do_not_grow_with_the_answers(client: Client, site: None, write, publish) -> None:
    assert counted(client) == QUERIES
    for number in range(3):
        publish(write(f"Does alpha help in case {number}?", topics=["Cardiology", f"Topic {number}"]))
    assert counted(client) == QUERIES


def counted(client: Client) -> dict[str, int]:
    """How many queries each address asks."""
    found = {}
    for path in QUERIES:
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        found[path] = len(queries)
    return found


@pytest.mark.looks
@pytest.mark.parametrize("path", PAGES)
def test_every_link_within_the_site_carries_the_choice(client: Client, site: None, path: str) -> None:
    for audience in AUDIENCES:
        carries(client, path, audience.slug)


def carries(client: Client, path: str, audience: str) -> None:
    """A page for this audience leads nowhere without it."""
    address = f"{path}{'&' if '?' in path else '?'}for={audience}"
    html = client.get(address).content.decode()
    canonical = re.search(r'<link rel="canonical" href="([^"]+)"', html)
    assert canonical
    assert "for=" not in canonical[1]
    body = html.split("<body", 1)[1]
    links = [unescape(link) for link in re.findall(r'<a (?![^>]*data-audience-forget)[^>]*href="(/[^"]*)"', body)]
    choices = [f"/?for={one.slug}" for one in AUDIENCES] if path == "/" else []
    assert len(links) > 8
    assert [link for link in links if f"for={audience}" not in link and link not in choices] == []
    forms = re.findall(r"<form.*?</form>", body, re.DOTALL)
    assert forms
    for form in forms:
        assert (
            f'name="for" value="{audience}"' in form
            or f"/?for={audience}" in form
            or f"/mistake/?for={audience}" in form
        )


@pytest.mark.looks
@pytest.mark.parametrize("path", [*PAGES, "/feeds/answers.atom"])
def test_an_unknown_audience_leads_to_the_address_without_it(client: Client, site: None, path: str) -> None:
    response = client.get(f"{path}{'&' if '?' in path else '?'}for=dentist")
    assert (response.status_code, response["Location"]) == (302, path)


def test_packed_bytes_where_they_are_accepted(client: Client, site: None) -> None:
    plain, packed = client.get("/"), client.get("/", headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 2
    assert packed["ETag"] == plain["ETag"][:-1] + '-gz"'
    known = {"Accept-Encoding": "gzip", "If-None-Match": packed["ETag"]}
    assert client.get("/", headers=known).status_code == 304


def test_a_page_that_does_not_exist_sets_no_cookie(client: Client, site: None, editor: User) -> None:
    client.force_login(editor)
    response = client.get("/answers/nothing/")
    assert response.status_code == 404
    assert not response.cookies
    assert "Vary" not in response


@pytest.mark.looks
def test_a_stale_or_malformed_cookie_is_not_answered(site: None) -> None:
    for path in [*QUERIES, "/favicon.ico", "/answers/nothing/", "/nothing/", "/?for=dentist", "/board"]:
        client = Client()
        plain = client.get(path)
        for cookies in ("sessionid=short", "csrftoken=malformed"):
            response = client.get(path, headers={"Cookie": cookies})
            assert not response.cookies, path
            assert dict(response.headers) == dict(plain.headers), path
            assert response.content == plain.content, path


def test_a_question_is_taken_without_answering_a_cookie(client: Client, site: None) -> None:
    sent = {"Cookie": "sessionid=short; csrftoken=malformed", "Sec-Fetch-Site": "same-origin"}
    response = client.post("/ask/", {"question": "Does it?"}, headers=sent)
    assert response.status_code == 200
    assert not response.cookies


def test_the_icon_has_its_usual_address(client: Client) -> None:
    assert client.get("/favicon.ico")["Location"].endswith(".svg")
