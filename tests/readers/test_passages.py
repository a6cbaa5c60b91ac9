"""What live answers say to a question: their very words, with all that belongs to them, before anything is sent."""

from __future__ import annotations

import datetime
import re
from html import unescape

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from articles import drafting, site
from articles.models import Article
from people.models import User
from readers import closest, limits, moments
from readers.models import FollowUpQuestion
from reviews import workflow
from tests.readers import near

OURS = {"Sec-Fetch-Site": "same-origin"}
NOTHING = "No answer of ours comes close"


def look(client: Client, question: str = "Does alpha help in beta?", *, query: str = "", address="192.0.2.1", **fields):
    return client.post(f"/ask/{query}", {"question": question} | fields, headers=OURS, REMOTE_ADDR=address)


def quotes(html: str) -> list[str]:
    return re.findall(r'<blockquote class="passage__words prose"[^>]*>(.*?)</blockquote>', html, re.DOTALL)


@pytest.fixture(autouse=True)
def _search_by_shared_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closest, "passages", near.passages)


@pytest.fixture
def answer(write, publish) -> Article:
    """A public answer with a text for each register."""
    article = write(
        "Does alpha help in beta?",
        plain_question="Does alpha help?",
        plain_heading="A little",
        plain_lead="It helps a little in beta.",
        body="## Dose\n\nGive *alpha* 5 mg twice daily in gamma [@beta; @alpha].\n\n::: plain\nTake alpha twice a day "
        "with water for gamma [@gamma].\n:::\n",
    )
    publish(article)
    return article


def test_the_closest_passage_is_quoted_with_all_that_belongs_to_it(client: Client, answer: Article):
    response = look(client, "How often is alpha given in gamma, twice daily?")
    html = response.content.decode()
    assert (response.status_code, response["Cache-Control"], response["X-Robots-Tag"]) == (
        200,
        "private, no-cache",
        "noindex",
    )
    assert not response.cookies
    (quote,) = quotes(html)
    assert "Give <em>alpha</em> 5 mg twice daily in gamma" in quote
    assert " id=" not in quote
    assert 'href="/answers/does-alpha-help-in-beta/#ref-2"' in quote
    assert 'href="/answers/does-alpha-help-in-beta/#s-dose"' in html
    assert "Approved</span>" in html
    assert "Last reviewed" in html
    assert "2 sources of this passage" in html
    assert "The beta trial" in html
    assert "The gamma trial" not in html
    assert "How often is alpha given in gamma" in html
    assert not FollowUpQuestion.objects.exists()


def test_a_plain_reader_gets_the_plain_words(client: Client, answer: Article):
    html = look(client, "How do I take alpha for gamma, with water?", query="?for=patient").content.decode()
    (quote,) = quotes(html)
    assert "Take alpha twice a day with water for gamma" in quote
    assert 'href="/answers/does-alpha-help-in-beta/?for=patient#ref-3"' in quote
    assert "5 mg" not in html
    assert ">Does alpha help?</a>" in html
    assert "written for health professionals" not in html


def test_a_plain_reader_is_told_of_words_for_professionals(client: Client, write, publish):
    publish(write("Does delta help in epsilon?", body="## Dose\n\nGive delta in epsilon at night.\n"))
    html = look(client, "delta in epsilon at night?", query="?for=patient").content.decode()
    assert quotes(html)
    assert "This passage was written for health professionals." in html


def test_nothing_close_is_said_and_nothing_is_made_up(client: Client, answer: Article):
    html = look(client, "Which vaccine does my parrot need before travelling to Iceland?").content.decode()
    assert NOTHING in html
    assert not quotes(html)
    assert "Which vaccine does my parrot need before travelling to Iceland?</textarea>" in html
    assert "An editor reads your question within 7 days." in html


@pytest.mark.parametrize("state", ["submitted", "under_review", "withdrawn", "retracted", "draft"])
def test_only_what_the_board_has_seen_and_stands_is_quoted(
    client: Client, write, submit, release, publish, editor: User, state: str
):
    article = write("Does zeta help in eta?", body="## Dose\n\nGive zeta in eta at night.\n")
    if state == "under_review":
        release(article)
    elif state == "submitted":
        workflow.release_with_caution(submit(article), by=editor, reason="Asked for urgently")
    elif state == "withdrawn":
        workflow.withdraw(publish(article), by=editor, explanation="Wrong.")
    elif state == "retracted":
        said = {"text": "Made up.", "reason": "An inquiry found it.", "asked_by": "The journal"}
        workflow.add_notice(publish(article), by=editor, kind="retraction", **said)
    html = look(client, "Give zeta in eta at night?").content.decode()
    assert len(quotes(html)) == (state == "under_review")
    if state == "under_review":
        assert "Caution: not yet approved" in html
        assert "It may be wrong and it may change" in html


def test_a_place_whose_words_were_not_signed_is_not_shown(client: Client, answer: Article, monkeypatch):
    publication = answer.publication
    made_up = near.Place(publication, "Give alpha 50 mg hourly.", "s-dose")
    monkeypatch.setattr(closest, "passages", lambda *args, **kwargs: [made_up])
    html = look(client).content.decode()
    assert NOTHING in html
    assert "50 mg" not in html


def test_a_flag_of_today_stands_in_the_quote(client: Client, answer: Article, works):
    type(works[0]).objects.filter(key="beta").update(status="retracted")
    html = look(client, "alpha twice daily in gamma?").content.decode()
    assert 'class="cite-flag"' in quotes(html)[0]
    assert "This work has been retracted" in html


def test_queries_do_not_grow_with_the_answers(
    client: Client, answer: Article, write, publish, django_assert_max_num_queries
):
    for number in range(5):
        publish(write(f"Does alpha help in beta {number}?"))
    with django_assert_max_num_queries(18):
        assert len(quotes(look(client).content.decode())) == closest.MOST


# -- From the first step to the second -----------------------------------------------------------------------------


def send(client: Client, html: str, **changed: str):
    """Fill in nothing, and press the button of the page that was shown."""
    form = html[html.index('id="send"') :]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    text = re.search(r"<textarea[^>]*>\s?(.*?)</textarea>", form, re.DOTALL)
    assert text
    sent = {"question": unescape(text[1]), "do": "send"} | fields | changed
    return client.post("/ask/", sent, headers=OURS, REMOTE_ADDR="192.0.2.1")


def later(monkeypatch: pytest.MonkeyPatch, **kwargs: int) -> None:
    now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() + datetime.timedelta(**kwargs))


def test_the_same_question_is_sent_on_with_its_context(client: Client, answer: Article, monkeypatch):
    html = look(client, "And in\nchildren?", answer="does-alpha-help-in-beta").content.decode()
    later(monkeypatch, seconds=20)
    response = send(client, html, email="rita@example.org")
    assert response.status_code == 303
    kept = FollowUpQuestion.objects.get()
    assert (kept.text, kept.article, kept.edition_number, kept.email) == (
        "And in\nchildren?",
        answer,
        1,
        "rita@example.org",
    )
    page = client.get(response["Location"]).content.decode()
    assert "Thank you: your question is with our editors" in page


def test_what_is_sent_too_soon_waits_with_its_text(client: Client, db: None, monkeypatch):
    html = look(client, "Quick?").content.decode()
    early = send(client, html)
    assert early.status_code == 409
    assert "quicker than anybody reads" in early.content.decode()
    assert "Quick?</textarea>" in early.content.decode()
    assert not FollowUpQuestion.objects.exists()
    later(monkeypatch, seconds=4)
    assert send(client, early.content.decode()).status_code == 303


@pytest.mark.parametrize("moment", ["", "1:forged", "old"])
def test_without_our_own_page_nothing_is_taken(client: Client, db: None, monkeypatch, moment: str):
    if moment == "old":
        moment = moments.signed(timezone.now() - moments.LATEST - datetime.timedelta(minutes=1))
    sent = {"question": "Spam?", "do": "send", "moment": moment}
    response = client.post("/ask/", sent, headers=OURS)
    assert response.status_code == 409
    assert not FollowUpQuestion.objects.exists()
    later(monkeypatch, seconds=4)
    assert send(client, response.content.decode()).status_code == 303


def test_personal_details_are_pointed_out_and_one_tap_sends_all_the_same(client: Client, db: None, monkeypatch):
    html = look(client, "My son, born 3.4.2019, MRN 4471234: may he take it?").content.decode()
    assert "Your question seems to hold personal details" in html
    assert "a full date, such as a birth date" in html
    assert "a telephone or record number" in html
    assert "Send it all the same" in html
    later(monkeypatch, seconds=20)
    assert send(client, html).status_code == 303
    assert "3.4.2019" in FollowUpQuestion.objects.get().text


def test_details_that_come_later_are_pointed_out_first(client: Client, db: None, monkeypatch):
    html = look(client, "May he take it?").content.decode()
    assert "personal details</h3>" not in html
    later(monkeypatch, seconds=20)
    warned = send(client, html, question="May he, born 3.4.2019, take it?")
    assert warned.status_code == 409
    assert "born 3.4.2019, take it?</textarea>" in warned.content.decode()
    assert not FollowUpQuestion.objects.exists()
    assert send(client, warned.content.decode()).status_code == 303


# -- First of all, and under a flood -------------------------------------------------------------------------------


def test_an_emergency_comes_first_by_the_country(client: Client, answer: Article, editor: User):
    texts = site.current()
    texts.country = "GB"
    site.save(texts, by=editor)
    html = look(client, "I have chest pain now. Does alpha help in beta?").content.decode()
    assert html.index("This may be an emergency") < html.index("<h1>")
    assert "call 999 now" in html[: html.index("<h1>")]
    assert "Samaritans" not in html
    html = look(client, "I took an overdose and want to die").content.decode()
    assert "Samaritans on 116 123" in html[: html.index("<h1>")]


def test_an_emergency_comes_first_also_where_the_question_is_refused(client: Client, db: None):
    html = look(client, "suicide " * 400).content.decode()
    assert html.index("This may be an emergency") < html.index("<h1>")


def test_a_flood_is_refused_before_anything_is_looked_up(client: Client, answer: Article, monkeypatch):
    for _time in range(limits.LOOKS[0][1]):
        assert look(client).status_code == 200
    monkeypatch.setattr("readers.asking.closest", lambda *args: pytest.fail("looked up"))
    refused = look(client, "One too many?")
    assert refused.status_code == 429
    assert refused["Retry-After"]
    html = refused.content.decode()
    assert "One too many?</textarea>" in html
    assert "Your question is not lost" in html


def test_many_addresses_of_one_network_are_one_flood(client: Client, db: None):
    most = limits.LOOKS[0][1]
    asked = [look(client, address=f"192.0.2.{number}") for number in range(most * limits.IN_A_NETWORK + 1)]
    assert [one.status_code for one in asked] == [200] * (most * limits.IN_A_NETWORK) + [429]
    assert look(client, address="198.51.100.1").status_code == 200


def test_all_readers_together_have_so_much_room_and_no_more(client: Client, answer: Article, monkeypatch):
    monkeypatch.setattr(limits, "ROOM", 2)
    monkeypatch.setattr(limits.time, "time", lambda: 1_000_000.0)
    cache.clear()
    for number in range(2):
        assert quotes(look(client, address=f"203.0.{number}.1").content.decode())
    html = look(client, address="203.0.9.1").content.decode()
    assert not quotes(html)
    assert "Very many questions are being looked up" in html


def test_the_trap_looks_nothing_up(client: Client, answer: Article):
    response = look(client, website="https://spam.example")
    assert (response.status_code, response["Location"]) == (303, "/ask/thanks/")


def test_only_our_own_pages_may_look(answer: Article):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/ask/", {"question": "Alpha?"}).status_code == 403


@pytest.mark.parametrize("path", ["/", "/search/?q=nothinglikethis", "/answers/does-alpha-help-in-beta/", "/ask/"])
def test_the_box_stands_on_every_page_of_its_kind(client: Client, answer: Article, path: str):
    html = client.get(path).content.decode()
    assert 'action="/ask/"' in html
    assert "See what our answers say" in html
    if "nothing" in path:
        assert "nothinglikethis</textarea>" in html


def test_a_new_edition_is_quoted_and_the_old_one_is_not(client: Client, answer: Article, publish, author: User):
    answer.body = answer.body.replace("5 mg", "10 mg")
    drafting.save(answer, by=author, base_version=answer.version)
    publish(answer)
    html = look(client, "alpha twice daily in gamma?").content.decode()
    assert "10 mg" in quotes(html)[0]
    assert "5 mg" not in html.replace("15 mg", "")
