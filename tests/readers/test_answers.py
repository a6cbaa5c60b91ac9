"""The answer page as it is handed out: bytes, headers, readers, and what stands at an address after a change."""

from __future__ import annotations

import gzip
import re

import pytest
from django.test import Client

from articles import drafting, publishing
from articles.audiences import AUDIENCES
from articles.models import Article, FormerSlug, LivePage
from people.models import User
from reviews import workflow

ADDRESS = "/answers/does-alpha-help-in-beta/"


def test_the_page_is_one_query_and_plain_html(client: Client, draft: Article, publish, django_assert_num_queries):
    publish(draft)
    with django_assert_num_queries(1):
        response = client.get(ADDRESS)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/html")
    assert "Content-Encoding" not in response
    assert "<h1>Does alpha help in beta?</h1>" in response.content.decode()


def test_what_to_do_in_an_emergency_stands_beside_the_ask_box(client: Client, draft: Article, publish):
    publish(draft)
    section = client.get(ADDRESS).content.decode().split('id="ask"', 1)[1].split("</section>", 1)[0]
    assert section.index("In an emergency call") < section.index("<textarea")


def test_gzip_is_sent_where_it_is_accepted_and_is_another_etag(client: Client, draft: Article, publish):
    publish(draft)
    plain, packed = client.get(ADDRESS), client.get(ADDRESS, headers={"Accept-Encoding": "br, gzip;q=0.5"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed["ETag"] != plain["ETag"]
    refused = client.get(ADDRESS, headers={"Accept-Encoding": "gzip;q=0, identity"})
    assert refused.content == plain.content
    assert {response["Vary"] for response in (plain, packed, refused)} == {"Accept-Encoding"}


@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_a_known_etag_gets_304_without_a_body(client: Client, draft: Article, publish, coding: str):
    publish(draft)
    headers = {"Accept-Encoding": coding}
    etag = client.get(ADDRESS, headers=headers)["ETag"]
    for known in (etag, f'"another", W/{etag}', "*"):
        response = client.get(ADDRESS, headers=headers | {"If-None-Match": known})
        assert (response.status_code, response.content) == (304, b"")
        assert response["ETag"] == etag
        assert response["Cache-Control"] == "public, max-age=0, s-maxage=1, must-revalidate"
        assert response["Vary"] == "Accept-Encoding"
    assert client.get(ADDRESS, headers=headers | {"If-None-Match": '"another"'}).status_code == 200


def test_the_etag_of_packed_bytes_does_not_stand_for_plain_ones(client: Client, draft: Article, publish):
    publish(draft)
    packed = client.get(ADDRESS, headers={"Accept-Encoding": "gzip"})["ETag"]
    assert client.get(ADDRESS, headers={"If-None-Match": packed}).status_code == 200


def test_each_audience_has_an_address_with_its_own_words(client: Client, draft: Article, publish):
    publish(draft)
    pages = {one.slug: client.get(f"{ADDRESS}?for={one.slug}") for one in AUDIENCES}
    assert {page.status_code for page in pages.values()} == {200}
    assert "<h1>Does alpha help?</h1>" in pages["patient"].content.decode()
    assert "Two studies agree." in pages["patient"].content.decode()
    assert "<h1>Does alpha help in beta?</h1>" in pages["physician"].content.decode()
    assert len({page["ETag"] for page in pages.values()}) == len(AUDIENCES)
    for slug, page in pages.items():
        html = page.content.decode()
        assert f'href="/policy/?for={slug}"' in html
        assert '<link rel="canonical" href="https://answers.example.org/answers/does-alpha-help-in-beta/">' in html


@pytest.mark.parametrize("rest", ["", "editions/1/"])
def test_every_link_to_another_page_carries_the_choice(client: Client, write, publish, rest: str):
    publish(write("Is alpha safe?", topics=["Cardiology"]))
    html = client.get(f"/answers/is-alpha-safe/{rest}?for=nurse").content.decode().split("<body", 1)[1]
    links = re.findall(r'<a (?![^>]*data-audience-forget)[^>]*href="(/[^"]*)"', html)
    others = [
        link for link in links if "references." not in link and not link.startswith("/answers/is-alpha-safe/?for=")
    ]
    assert "/answers/is-alpha-safe/editions/1/?for=nurse" in others
    assert "/topics/cardiology/?for=nurse" in others
    assert [link for link in others if "for=nurse" not in link] == []


def test_an_explanation_carries_the_choice(client: Client, write, release, decline):
    decline(release(write("Is alpha safe?", topics=["Cardiology"])))
    html = client.get("/answers/is-alpha-safe/?for=nurse").content.decode().split("<body", 1)[1]
    links = re.findall(r'<a (?![^>]*data-audience-forget)[^>]*href="(/[^"]*)"', html)
    assert "/topics/cardiology/?for=nurse" in links
    assert [link for link in links if "for=nurse" not in link] == []


def test_an_unknown_audience_leads_to_the_address_without_it(client: Client, draft: Article, publish):
    publish(draft)
    assert client.get(f"{ADDRESS}?for=dentist")["Location"] == ADDRESS
    assert client.get(f"{ADDRESS}?for=")["Location"] == ADDRESS
    assert client.get(f"{ADDRESS}?from=mail&for=dentist")["Location"] == f"{ADDRESS}?from=mail"
    assert client.get(f"{ADDRESS}editions/1/?for=dentist")["Location"] == f"{ADDRESS}editions/1/"


def test_only_reading_is_allowed(client: Client, draft: Article, publish):
    publish(draft)
    assert client.head(ADDRESS).status_code == 200
    assert client.head(ADDRESS).content == b""
    assert client.post(ADDRESS).status_code == 405


def test_an_approved_answer_may_be_indexed(client: Client, draft: Article, publish):
    publish(draft)
    response = client.get(ADDRESS)
    assert "X-Robots-Tag" not in response
    assert b'name="robots"' not in response.content


def test_caution_says_so_to_everyone_and_is_not_indexed(client: Client, draft: Article, release):
    release(draft)
    for address in [ADDRESS, *(f"{ADDRESS}?for={one.slug}" for one in AUDIENCES)]:
        response = client.get(address)
        assert response["X-Robots-Tag"] == "noindex"
        html = response.content.decode()
        assert "Caution: not yet approved" in html
        assert '<meta name="robots" content="noindex">' in html
        assert "Reviewed and approved" not in html


def test_a_declined_caution_explains_with_no_answer_text(client: Client, draft: Article, release, decline):
    decline(release(draft))
    for address in (ADDRESS, f"{ADDRESS}?for=patient", f"{ADDRESS}editions/1/"):
        response = client.get(address)
        assert response.status_code == 410
        assert response["X-Robots-Tag"] == "noindex"
        html = response.content.decode()
        assert "declined this answer" in html
        assert "Two trials agree" not in html
        assert "Alpha helps a little" not in html
        assert "It helps a little" not in html
    known = client.get(ADDRESS)["ETag"]
    assert client.get(ADDRESS, headers={"If-None-Match": known}).status_code == 410, "304 would revive an old page"


def test_a_withdrawn_answer_says_why_and_keeps_its_text(client: Client, draft: Article, publish, editor: User):
    workflow.withdraw(publish(draft), by=editor, explanation="Beta turned out to be gamma.")
    response = client.get(ADDRESS)
    html = response.content.decode()
    assert response.status_code == 200
    assert response["X-Robots-Tag"] == "noindex"
    assert html.index("Beta turned out to be gamma.") < html.index("Two trials agree")
    assert "Do not act on it" in html


def test_an_edition_keeps_its_words_after_a_newer_one(client: Client, draft: Article, publish, author: User):
    publish(draft)
    draft.body = "## Evidence\n\nA third trial disagrees [@gamma].\n"
    publish(drafting.save(draft, by=author, base_version=1))
    first = client.get(f"{ADDRESS}editions/1/").content.decode()
    assert "Two trials agree" in first
    assert "A third trial disagrees" not in first
    assert "Edition 1, kept as it was published" in first
    assert "/answers/does-alpha-help-in-beta/editions/1/" in first
    assert "A third trial disagrees" in client.get(ADDRESS).content.decode()
    assert "A third trial disagrees" in client.get(f"{ADDRESS}editions/2/").content.decode()
    assert client.get(f"{ADDRESS}editions/3/").status_code == 404


def test_an_edition_that_was_never_public_has_no_page(client: Client, draft: Article, publish, submit, author: User):
    publish(draft)
    draft.body = "## Evidence\n\nUnread words.\n"
    submit(drafting.save(draft, by=author, base_version=1))
    assert client.get(f"{ADDRESS}editions/2/").status_code == 404


def test_a_draft_cannot_be_told_from_nothing(client: Client, draft: Article, submit):
    missing = client.get("/answers/there-is-nothing-here/")
    waiting = client.get(ADDRESS)
    assert (waiting.status_code, waiting.content) == (404, missing.content)
    submit(draft)
    submitted = client.get(ADDRESS)
    assert (submitted.status_code, submitted.content) == (404, missing.content)
    assert dict(submitted.headers) == dict(missing.headers)
    assert client.get(f"{ADDRESS}editions/1/").content == missing.content


def test_a_former_slug_leads_to_the_answer_for_ever(client: Client, draft: Article, publish):
    publish(draft)
    publishing.change_slug(draft, "alpha-in-beta")
    publishing.change_slug(draft, "alpha")
    assert FormerSlug.objects.count() == 2
    for old in ("does-alpha-help-in-beta", "alpha-in-beta"):
        for rest in ("", "editions/1/", "references.ris", "references.json"):
            response = client.get(f"/answers/{old}/{rest}?for=nurse")
            assert (response.status_code, response["Location"]) == (301, f"/answers/alpha/{rest}?for=nurse")
    assert client.get("/answers/alpha/?for=nurse").status_code == 200
    assert not LivePage.objects.exclude(path__startswith="alpha").exists()


def test_a_slug_that_came_back_is_an_address_again(client: Client, draft: Article, publish):
    publish(draft)
    publishing.change_slug(draft, "alpha")
    publishing.change_slug(draft, "does-alpha-help-in-beta")
    assert client.get(ADDRESS).status_code == 200
    assert client.get("/answers/alpha/")["Location"] == ADDRESS
