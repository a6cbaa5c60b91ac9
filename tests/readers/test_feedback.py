"""Was this helpful, and mistakes reported: what is kept, counted, said again, erased, and what the desk makes of it."""

from __future__ import annotations

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from articles import comments
from articles.models import Article, Thread
from people.models import Role, User
from readers import hearing, limits
from readers.models import Feedback
from readers.triage import Refused
from tests.conftest import PASSWORD

OURS = {"Sec-Fetch-Site": "same-origin"}
SLUG = "does-alpha-help-in-beta"
PASSAGE = "Two trials agree"


@pytest.fixture
def answer(draft: Article, publish) -> Article:
    publish(draft)
    return draft


def vote(client: Client, said: str, *, query: str = "", address: str = "192.0.2.1", **fields: str):
    sent = {"helpful": said, "answer": SLUG, "edition": "1"} | fields
    return client.post(f"/feedback/{query}", sent, headers=OURS, REMOTE_ADDR=address)


def report(client: Client, text: str = "It was three.", *, query: str = "", **fields: str):
    sent = {"answer": SLUG, "edition": "1", "passage": PASSAGE, "text": text} | fields
    return client.post(f"/feedback/mistake/{query}", sent, headers=OURS, REMOTE_ADDR="192.0.2.1")


def test_the_answer_asks_both(client: Client, answer: Article):
    html = client.get(f"/answers/{SLUG}/?for=patient").content.decode()
    assert 'action="/feedback/?for=patient"' in html
    assert 'action="/feedback/mistake/?for=patient"' in html
    assert 'name="edition" value="1"' in html
    assert "/feedback/" not in client.get(f"/answers/{SLUG}/editions/1/").content.decode()


def test_one_tap_counts_and_a_sentence_may_follow(client: Client, answer: Article):
    response = vote(client, "no", query="?for=patient")
    row = Feedback.objects.get()
    theirs = f"/feedback/mine/{hearing.token_of(row)}/?for=patient"
    assert (response.status_code, response["Location"]) == (303, theirs)
    assert not response.cookies
    assert (row.kind, row.state, row.article, row.edition_number, row.audience, row.text) == (
        "did-not-help",
        "counted",
        answer,
        1,
        "patient",
        "",
    )
    page = client.get(theirs)
    assert (page["Cache-Control"], page["Referrer-Policy"], page["X-Robots-Tag"]) == (
        "no-store",
        "no-referrer",
        "noindex",
    )
    assert not hearing.inbox().exists()
    assert client.post(theirs, {"do": "why", "text": "No word on children."}, headers=OURS).status_code == 303
    assert [(one.text, one.state) for one in hearing.inbox()] == [("No word on children.", "new")]
    assert "No word on children." in client.get(theirs).content.decode()
    # Said once: the same again is nothing new, another is refused with its words.
    assert client.post(theirs, {"do": "why", "text": "No word on children."}, headers=OURS).status_code == 303
    refused = client.post(theirs, {"do": "why", "text": "And more."}, headers=OURS)
    assert refused.status_code == 409
    assert "You said something already" in refused.content.decode()


def test_one_sender_has_one_opinion_a_day(client: Client, answer: Article):
    for said in ("yes", "yes", "no"):
        assert vote(client, said).status_code == 303
    assert Feedback.objects.get().kind == "did-not-help"
    vote(client, "yes", address="198.51.100.1")
    Feedback.objects.update(sent_at=timezone.now() - hearing.ONE_VOTE)
    vote(client, "yes")
    assert sorted(Feedback.objects.values_list("kind", flat=True)) == ["did-not-help", "helped", "helped"]
    counted = hearing.counts().get()
    assert (counted.helped, counted.did_not, counted.mistakes) == (2, 1, 0)


def test_a_report_is_kept_with_its_passage(client: Client, answer: Article):
    response = report(client, "It was\r\nthree.")
    row = Feedback.objects.get()
    assert (row.kind, row.state, row.passage, row.text) == ("mistake", "new", PASSAGE, "It was\nthree.")
    html = client.get(response["Location"]).content.decode()
    assert "your report is with our editors" in html
    assert PASSAGE in html
    report(client, "It was\r\nthree.")
    assert Feedback.objects.count() == 1
    report(client, "Another.", passage="")
    assert Feedback.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"text": " "}, 422, "Say what is wrong."),
        ({"text": "x" * 2001}, 422, "This has 2001 characters"),
        ({"passage": "x" * 1001}, 422, "This has 1001 characters"),
        ({"text": "Born 3.4.2019, it hurt."}, 409, "seems to hold personal details"),
    ],
)
def test_what_is_wrong_is_said_with_the_text_kept(client: Client, answer: Article, fields, status: int, said: str):
    response = report(client, **({"text": "It was three."} | fields))
    html = response.content.decode()
    assert (response.status_code, response["Cache-Control"]) == (status, "no-store")
    assert said in html
    assert f"{fields.get('text', 'It was three.').strip()}</textarea>" in html
    assert not Feedback.objects.exists()


def test_personal_details_go_all_the_same_by_one_tap(client: Client, answer: Article):
    html = report(client, "Born 3.4.2019, it hurt.").content.decode()
    assert 'name="warned" value="1"' in html
    assert report(client, "Born 3.4.2019, it hurt.", warned="1").status_code == 303
    row = Feedback.objects.get()
    assert "3.4.2019" in row.text
    assert "3.4.2019" not in row.masked_text


@pytest.mark.parametrize("slug", ["nothing", "", "\x00", "x" * 3000])
def test_only_of_an_answer_that_the_public_can_read(client: Client, answer: Article, slug: str):
    assert vote(client, "yes", answer=slug).status_code == 404
    assert report(client, answer=slug).status_code == 404
    assert client.get("/feedback/mistake/", {"answer": slug}).status_code == 404


def test_a_draft_is_no_answer(client: Client, draft: Article, submit):
    submit(draft)
    assert vote(client, "yes").status_code == 404


def test_a_made_up_edition_is_the_live_one(client: Client, answer: Article):
    vote(client, "yes", edition="99")
    assert Feedback.objects.get().edition_number == 1


def test_only_our_own_pages_may_send_and_only_so_much(answer: Article):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/feedback/", {"helpful": "yes", "answer": SLUG}).status_code == 403
    assert client.post("/feedback/mistake/", {"text": "No.", "answer": SLUG}).status_code == 403
    for _time in range(limits.OPINIONS[0][1]):
        assert vote(client, "yes").status_code == 303
    assert vote(client, "yes").status_code == 429
    refused = report(client)
    assert refused.status_code == 429
    assert "It was three.</textarea>" in refused.content.decode()
    assert report(client, website="spam").status_code == 303
    assert Feedback.objects.count() == 1


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_other_methods_are_refused(client: Client, answer: Article, method: str):
    assert getattr(client, method)("/feedback/").status_code == 405
    assert client.get("/feedback/mine/1:forged/").status_code == 404


def test_words_go_at_the_readers_wish_and_the_vote_stays(client: Client, answer: Article):
    report(client)
    row = Feedback.objects.get()
    theirs = f"/feedback/mine/{hearing.token_of(row)}/"
    assert client.post(theirs, {"do": "erase"}).status_code == 403
    assert client.post(theirs, {"do": "erase"}, headers=OURS).status_code == 303
    row.refresh_from_db()
    assert (row.text, row.passage, row.erased_why, row.sent_once) == ("", "", "wish", None)
    assert "It was three." not in client.get(theirs).content.decode()
    assert hearing.counts().get().mistakes == 1


def test_words_are_masked_when_their_date_is_past(client: Client, answer: Article, settings):
    settings.QUESTION_DAYS = 30
    report(client, "Born 3.4.2019, it hurt.", warned="1")
    assert hearing.erase_due(at=timezone.now() + datetime.timedelta(days=30)) == 0
    assert hearing.erase_due(at=timezone.now() + datetime.timedelta(days=32)) == 1
    assert hearing.erase_due(at=timezone.now() + datetime.timedelta(days=32)) == 0
    row = Feedback.objects.get()
    assert row.text == "Born ▇▇▇, it hurt."
    assert row.sent_once is None


# -- The desk's rules ----------------------------------------------------------------------------------------------


@pytest.fixture
def reported(client: Client, answer: Article) -> Feedback:
    report(client)
    return Feedback.objects.get()


def test_a_report_becomes_a_comment_on_its_passage(reported: Feedback, editor: User, answer: Article):
    hearing.take_up(reported, by=editor)
    thread = hearing.pass_on(reported, by=editor, text="A reader says that it was three.")
    assert (thread.field, thread.exact, thread.article) == ("body", PASSAGE, answer)
    reported.refresh_from_db()
    assert (reported.state, reported.thread, reported.triaged_by) == ("passed-on", thread, editor)
    with pytest.raises(Refused, match="passed on already"):
        hearing.pass_on(reported, by=editor, text="Again.")
    assert Thread.objects.count() == 1
    comments.delete(thread.comments.get(), by=editor)
    reported.refresh_from_db()
    assert reported.thread is None


def test_a_passage_that_the_draft_has_no_more_is_quoted(reported: Feedback, editor: User):
    Feedback.objects.update(passage="Words from an old edition")
    hearing.take_up(reported, by=editor)
    thread = hearing.pass_on(reported, by=editor, text="Look at this.")
    assert (thread.field, thread.comments.get().text) == ("", "“Words from an old edition”\n\nLook at this.")


@pytest.mark.parametrize(
    ("passage", "source", "found"),
    [
        ("Two trials agree.", "Two *trials* [@beta; @alpha] agree [@beta].", "Two *trials* [@beta; @alpha] agree"),
        ("5 mg twice a day", "Give **5 mg** twice\na day.", "5 mg** twice\na day"),
        ("trials agree", "Two trials disagree; no trials agreed.", ""),
        ("a.b", "axb", ""),
        ("", "Anything", ""),
        ("…", "Anything", ""),
        ("x " * 500, "[" * 3000, ""),
    ],
)
def test_a_passage_is_known_in_the_source_by_its_words(passage: str, source: str, found: str):
    assert hearing.in_the_source(passage, source) == found


def test_each_refusal_is_a_sentence(reported: Feedback, editor: User, author: User, person):
    other = person("Ed Other", Role.EDITOR)
    for move in (
        lambda by: hearing.pass_on(reported, by=by, text="x"),
        lambda by: hearing.dismiss(reported, by=by, note="x"),
        lambda by: hearing.reopen(reported, by=by),
    ):
        with pytest.raises(Refused, match="Only an editor"):
            move(author)
        with pytest.raises(Refused, match="Take it up first"):
            move(editor)
    hearing.take_up(reported, by=other)
    with pytest.raises(Refused, match="Ed Other has it in hand"):
        hearing.dismiss(reported, by=editor, note="x")
    hearing.take_up(reported, by=editor)
    for wrong, why in (("", "Say why"), ("   ", "Say why")):
        with pytest.raises(Refused, match=why):
            hearing.dismiss(reported, by=editor, note=wrong)
    with pytest.raises(Refused, match="Write what you want to say"):
        hearing.pass_on(reported, by=editor, text=" ")
    hearing.dismiss(reported, by=editor, note="It was two.")
    hearing.reopen(reported, by=editor)
    reported.refresh_from_db()
    assert (reported.state, reported.note) == ("taken-up", "It was two.")
    with pytest.raises(Refused, match="This is open"):
        hearing.reopen(reported, by=editor)


def test_only_who_has_it_in_hand_reads_it_in_full(reported: Feedback, editor: User, person):
    assert not hearing.reads_in_full(reported, editor)
    hearing.take_up(reported, by=editor)
    reported.refresh_from_db()
    assert hearing.reads_in_full(reported, editor)
    assert not hearing.reads_in_full(reported, person("Ed Other", Role.EDITOR))


# -- The desk's screens --------------------------------------------------------------------------------------------


@pytest.fixture
def desk(editor: User) -> Client:
    client = Client()
    assert client.login(email=editor.email, username=editor.email, password=PASSWORD)
    return client


def test_the_inbox_lists_by_kind_and_state(
    desk: Client, client: Client, answer: Article, django_assert_num_queries, django_assert_max_num_queries
):
    report(client, "Call 0123 456 789 now.", warned="1")
    vote(client, "no", address="198.51.100.1")
    row = Feedback.objects.get(kind="did-not-help")
    hearing.say_why(row, text="No word on children.")
    vote(client, "yes", address="198.51.100.2")
    html = desk.get("/desk/questions/feedback/").content.decode()
    assert "0123 456 789" not in html
    assert "No word on children." in html
    assert len(re.findall(r'href="/desk/questions/feedback/\d+/"', html)) == 2
    html = desk.get("/desk/questions/feedback/?kind=mistake").content.decode()
    assert "No word on children." not in html
    assert "No report is in this state" in desk.get("/desk/questions/feedback/?state=dismissed").content.decode()
    assert 'href="/desk/questions/feedback/"' in desk.get("/desk/questions/").content.decode()
    with django_assert_max_num_queries(12):
        desk.get("/desk/questions/feedback/")
    for number in range(4):
        report(client, f"Number {number}.")
    with django_assert_max_num_queries(12):
        desk.get("/desk/questions/feedback/")


def test_from_the_inbox_to_a_comment(desk: Client, reported: Feedback):
    address = f"/desk/questions/feedback/{reported.pk}/"
    assert "Take it up" in desk.get(address).content.decode()
    assert desk.post(address, {"do": "pass-on", "pass-on-text": "Look."}).status_code == 409
    assert desk.post(address, {"do": "take-up"}).status_code == 302
    html = desk.get(address).content.decode()
    assert "It was three.</textarea>" in html
    empty = desk.post(address, {"do": "dismiss", "dismiss-note": ""})
    assert empty.status_code == 422
    assert "Say why in a few words" in empty.content.decode()
    assert desk.post(address, {"do": "pass-on", "pass-on-text": "It was three."}).status_code == 302
    html = desk.get(address).content.decode()
    assert f"#thread-{Thread.objects.get().pk}" in html
    assert desk.post(address, {"do": "nothing"}).status_code == 422


def test_the_counts_by_answer(desk: Client, client: Client, answer: Article, write, publish):
    publish(write("Does delta help?"))
    vote(client, "yes")
    vote(client, "no", address="198.51.100.1")
    report(client)
    html = desk.get("/desk/questions/helpful/").content.decode()
    row = re.search(rf"<tr>(?:(?!</tr>).)*{SLUG}.*?</tr>", html, re.DOTALL)
    assert row
    assert re.findall(r'<td class="align-right">(\d+)</td>', row[0]) == ["1", "1", "1"]
    assert "Does delta help?" not in html
