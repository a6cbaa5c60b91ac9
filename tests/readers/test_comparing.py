"""The public trail of an answer, and any two of its public editions compared: never one that was not public."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from articles import drafting
from articles.models import Article, Edition
from people.models import User
from reviews import workflow

ADDRESS = "/answers/does-alpha-help-in-beta/"
COMPARE = f"{ADDRESS}compare/"


def renew(article: Article, author: User, **fields: object) -> Article:
    """The article with other words, saved."""
    article.refresh_from_db()
    for name, value in fields.items():
        setattr(article, name, value)
    return drafting.save(article, by=author, base_version=article.version)


def words(html: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)))


@pytest.fixture
def editions(draft: Article, author: User, editor: User, publish, approve, submit) -> list[Edition]:
    """1 public, 2 declined, 3 public with a sentence, 4 public as minor, 5 approved and never public, 6 submitted."""
    made = [publish(draft)]
    made.append(submit(renew(draft, author, lead="Alpha heals everything [@alpha].")))
    made.append(approve(renew(draft, author, lead="Alpha helps at 5 mg/kg [@alpha].")))
    workflow.publish(made[-1], by=editor, note="The dose was added.")
    made.append(approve(renew(draft, author, body="## Evidence\n\nTwo trials agree [@beta; @gamma].\n")))
    workflow.publish(made[-1], by=editor)
    made.append(approve(renew(draft, author, lead="Alpha never helps [@alpha].")))
    made.append(submit(renew(draft, author, lead="Alpha harms [@alpha].")))
    return made


def history(client: Client) -> str:
    html = client.get(ADDRESS).content.decode().split('id="history"', 1)[1].split("</section>", 1)[0]
    return words(html)


def test_the_trail_names_each_public_edition_with_dates_reviewers_and_change(client: Client, editions):
    trail = history(client)
    assert re.findall(r"Edition (\d)", trail) == ["4", "3", "1"]
    assert "Minor changes." in trail
    assert "The dose was added." in trail
    assert "First edition" in trail
    assert len(re.findall(r"Submitted \d+ \w+ \d{4} · approved \d+ \w+ \d{4} · Ben Board, MD, PhD", trail)) == 3
    assert trail.count("interests: nothing to declare, in general or in this answer") == 3
    assert "Compared with edition 3" in trail
    assert "Compared with edition 1" in trail


def test_an_answer_that_never_changed_says_that_it_is_the_first(client: Client, approve, draft, editor):
    workflow.publish(approve(draft), by=editor)
    assert "First public edition." in history(client)


def test_a_trail_of_a_release_with_caution_says_that_it_is_not_approved(client: Client, release, draft):
    release(draft)
    assert "not approved yet" in history(client)


def test_any_two_public_editions_are_compared_by_words_fields_and_works(client: Client, editions):
    page = client.get(COMPARE, {"old": "1", "new": "4"}).content.decode()
    assert "<del>a little. </del>" in page or "<del>a little</del>" in page or "<del>a little.</del>" in page
    assert "5 mg/kg" in re.search(r"<ins>([^<]*5 mg/kg[^<]*)</ins>", page)[1]
    assert "The gamma trial" in page.split("References", 1)[1]
    assert "The dose was added." in page
    assert "Minor changes." in page
    assert "[@" not in page
    back = client.get(COMPARE, {"old": "4", "new": "1"}).content.decode()
    assert re.search(r"<del>[^<]*5 mg/kg[^<]*</del>", back)


def test_without_numbers_the_newest_is_compared_with_the_one_before(client: Client, editions):
    page = client.get(COMPARE).content.decode()
    assert "From edition 3 to edition 4" in page
    assert 'content="noindex"' in page


@pytest.mark.parametrize("number", ["2", "5", "6", "7", "0", "-1", "x", "1e3", "٣", "9" * 30])
@pytest.mark.parametrize("side", ["old", "new"])
def test_what_was_never_public_is_not_there(client: Client, editions, number: str, side: str):
    assert client.get(COMPARE, {side: number}).status_code == 404


def test_no_page_names_what_was_never_public(client: Client, editions):
    for address in (ADDRESS, COMPARE, f"{COMPARE}?old=1&new=4"):
        page = client.get(address).content.decode()
        for secret in ("heals everything", "never helps", "Alpha harms"):
            assert secret not in page


def test_each_reader_compares_the_words_that_they_get(client: Client, draft, author, publish, approve, editor):
    publish(draft)
    edition = approve(renew(draft, author, body=draft.body.replace("Two studies agree.", "Three studies agree.")))
    workflow.publish(edition, by=editor)
    plain = client.get(COMPARE, {"for": "patient"}).content.decode()
    assert re.search(r"<ins>Three\s*</ins>", plain)
    assert 'name="for" value="patient"' in plain
    assert "The words that you get are the same" in client.get(COMPARE, {"for": "physician"}).content.decode()


def test_one_edition_has_nothing_to_be_compared_with(client: Client, draft, publish):
    publish(draft)
    page = client.get(COMPARE)
    assert page.status_code == 200
    assert "Only one edition" in page.content.decode()


def test_a_withdrawn_answer_says_so_here_too(client: Client, editions, editor):
    workflow.withdraw(editions[3], by=editor, explanation="The dose is wrong.")
    page = client.get(COMPARE).content.decode()
    assert page.index("The dose is wrong.") < page.index("From edition")


def test_nothing_is_compared_of_an_answer_that_is_not_public(client: Client, draft, approve, release, decline, write):
    approve(draft)
    assert client.get(COMPARE).status_code == 404
    decline(release(write("Is alpha safe?")))
    assert client.get("/answers/is-alpha-safe/compare/").status_code == 404


def test_a_former_address_leads_on(client: Client, draft, publish):
    from articles import publishing

    publish(draft)
    publishing.change_slug(draft, "another-name")
    assert client.get(COMPARE)["Location"] == "/answers/another-name/compare/"


@pytest.mark.parametrize("pair", ["", "?old=1&new=4"])
def test_few_queries_and_an_etag(client: Client, editions, django_assert_num_queries, pair: str):
    with django_assert_num_queries(4):
        response = client.get(COMPARE + pair)
    assert client.get(COMPARE + pair, headers={"If-None-Match": response["ETag"]}).status_code == 304


@pytest.mark.parametrize("place", [COMPARE, f"{ADDRESS}texts/"])
def test_caution_and_notices_stand_before_texts_that_are_compared(
    client: Client, draft: Article, author: User, editor: User, release, place: str
):
    release(draft)
    second = release(renew(draft, author, lead="Alpha may help at 5 mg [@alpha]."))
    workflow.add_notice(second, by=editor, kind="correction", text="The dose is 5 mg, not 50 mg.", reason="A slip.")
    page = words(client.get(place).content.decode())
    for said in ("Caution: not yet approved", "do not decide about care by it alone", "The dose is 5 mg, not 50 mg."):
        assert page.index(said) < page.index("Only one edition" if place == COMPARE else "Alpha may help")


def test_both_texts_of_a_withdrawn_answer_are_called_withdrawn(client: Client, draft: Article, editor: User, publish):
    edition = publish(draft)
    assert "Approved" in words(client.get(f"{ADDRESS}texts/").content.decode())
    workflow.withdraw(edition, by=editor, explanation="A dose was wrong.")
    assert "Approved" not in words(client.get(f"{ADDRESS}texts/").content.decode())
