"""A withdrawn or retracted answer is never silently reachable as good: every place of the public, by hand.

For each place: absent, or named together with its mark.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from articles.audiences import AUDIENCES
from articles.models import Article
from people.models import User
from readers import triage, urls
from readers.models import FollowUpQuestion
from reviews import workflow

QUESTION = "Does alpha help in beta?"
ADDRESS = "/answers/does-alpha-help-in-beta/"
ABSENT, MARKED = "absent", "marked"

# place, withdrawn, retracted
PLACES = [
    ("/", ABSENT, ABSENT),
    ("/answers/", ABSENT, MARKED),
    ("/topics/cardiology/", ABSENT, MARKED),
    ("/search/?q=alpha+beta", ABSENT, MARKED),
    ("/search/suggestions.json?q=alpha", ABSENT, ABSENT),
    ("/search/?q=nothingness", ABSENT, ABSENT),
    ("/feeds/answers.atom", ABSENT, MARKED),
    ("/sitemap.xml", ABSENT, ABSENT),
    ("/sitemap-1.xml", ABSENT, ABSENT),
    (ADDRESS, MARKED, MARKED),
    (f"{ADDRESS}editions/1/", MARKED, MARKED),
    (f"{ADDRESS}compare/", MARKED, MARKED),
    (f"{ADDRESS}texts/", MARKED, MARKED),
    (f"{ADDRESS}references.ris", MARKED, MARKED),
    (f"{ADDRESS}references.bib", MARKED, MARKED),
    (f"{ADDRESS}references.json", MARKED, MARKED),
    (f"{ADDRESS}editions/1/references.ris", MARKED, MARKED),
    (f"{ADDRESS}editions/1/references.bib", MARKED, MARKED),
    (f"{ADDRESS}editions/1/references.json", MARKED, MARKED),
    ("/answers/does-alpha-help-in-beta.md", MARKED, MARKED),
    (f"{ADDRESS}editions/1.md", MARKED, MARKED),
    ("/feeds/notices.atom", MARKED, MARKED),
    ("/feeds/topics/cardiology.atom", ABSENT, MARKED),
    ("/api/v1/answers", ABSENT, MARKED),
    ("/api/v1/answers/does-alpha-help-in-beta", MARKED, MARKED),
    ("/api/v1/answers/does-alpha-help-in-beta/editions", MARKED, MARKED),
    ("/api/v1/answers/does-alpha-help-in-beta/editions/1", MARKED, MARKED),
    ("/api/v1/answers/does-alpha-help-in-beta/references", MARKED, MARKED),
    ("/api/v1/search?q=alpha+beta", ABSENT, MARKED),
    ("/api/v1/notices", ABSENT, MARKED),
    ("/ask/thanks/?answer=does-alpha-help-in-beta", MARKED, MARKED),
    ("/ask/?answer=does-alpha-help-in-beta", MARKED, MARKED),
    ("/feedback/mistake/?answer=does-alpha-help-in-beta", MARKED, MARKED),
    ("/ask/mine/", MARKED, MARKED),
]
NAME_NO_ANSWER = {
    "about",
    "api_board",
    "api_document",
    "api_guide",
    "api_index",
    "api_missing",
    "api_topics",
    "board",
    "favicon",
    "image",
    "policy",
    "robots",
    "sitemap_section",
    "topics",
}
WITH_THE_ANSWER = {"ask", "ask_thanks", "my_question", "mistake"}


@pytest.fixture
def answer(draft: Article, write, publish, author: User, editor: User) -> Article:
    """A public answer under a topic, with a question that it answered; another answer beside it."""
    from articles import drafting

    drafting.save(draft, by=author, base_version=draft.version, topics=drafting.topics_named(["Cardiology"]))
    publish(draft)
    publish(write("Is delta safe?", topics=["Cardiology"]))
    question = triage.take_in(text="Why?", email="", audience="", article_id=draft.pk, edition_number=1)
    FollowUpQuestion.objects.filter(pk=question.pk).update(state="answered", answered_by=draft)
    return draft


def _withdraw(article: Article, editor: User) -> None:
    workflow.withdraw(article.publication.edition, by=editor, explanation="The dose is wrong.")


def _retract(article: Article, editor: User) -> None:
    said = {"text": "The trials were made up.", "reason": "An inquiry found it.", "asked_by": "The journal"}
    workflow.add_notice(article.publication.edition, by=editor, kind="retraction", **said)


def _at(client: Client, place: str, audience: str = "") -> str:
    if place == "/ask/mine/":
        place = reverse("readers:my_question", args=[triage.token_of(FollowUpQuestion.objects.get())])
    if audience:
        place += f"{'&' if '?' in place else '?'}for={audience}"
    response = client.get(place)
    # Programs are told by the status that an answer was withdrawn, and by the words what happened.
    assert response.status_code in {200, 410}, place
    assert response.status_code == 200 or b"withdrawn" in response.content.lower()
    # What a filter offers says nothing of an answer.
    return re.sub(r"</?mark>|<option.*?</option>", "", response.content.decode())


def test_every_address_of_the_public_is_weighed_here():
    from django.urls import get_resolver

    named = {pattern.name for pattern in urls.urlpatterns}
    here = {get_resolver().resolve(re.sub(r"\?.*", "", place)).url_name for place, _w, _r in PLACES[:-1]}
    assert named - here - {"my_question", "feedback", "my_feedback"} == NAME_NO_ANSWER - {"sitemap_section"}


@pytest.mark.parametrize(("place", "withdrawn", "retracted"), PLACES, ids=[row[0] for row in PLACES])
@pytest.mark.parametrize("what", ["withdrawn", "retracted"])
def test_absent_or_marked(
    client: Client, answer: Article, editor: User, place: str, withdrawn: str, retracted: str, what: str
):
    good = _at(client, place)
    assert "Retract" not in good
    act: Callable[[Article, User], None] = _withdraw if what == "withdrawn" else _retract
    act(answer, editor)
    page = _at(client, place)
    named = QUESTION in page or ADDRESS in page
    if (withdrawn if what == "withdrawn" else retracted) == ABSENT:
        assert not named
        return
    assert named
    mark = re.search("withdrawn" if what == "withdrawn" else "retract", page, re.IGNORECASE)
    assert mark, page[:500]


@pytest.mark.parametrize("audience", ["", *(one.slug for one in AUDIENCES)])
def test_every_reader_meets_the_mark_before_the_answer(client: Client, answer: Article, editor: User, audience: str):
    _retract(answer, editor)
    for place in (ADDRESS, f"{ADDRESS}editions/1/"):
        page = _at(client, place, audience)
        assert "<title>Retracted:" in page
        for words in ("The trials were made up.", "An inquiry found it.", "The journal", "Do not act on it."):
            assert page.index(words) < page.index('id="bottom-line"')
        assert "state--approved" not in page.split('id="bottom-line"')[0]
        assert 'content="noindex"' in page
        assert "citation_title" not in page
        assert "[Retracted " in page


@pytest.mark.parametrize("place", ["/answers/", "/topics/cardiology/", "/search/?q=alpha+beta"])
def test_a_list_says_nothing_of_what_a_retracted_answer_found(client, answer, editor, place: str):
    assert "Alpha helps a little" in _at(client, place) or place == "/answers/"
    _retract(answer, editor)
    page = _at(client, place)
    line = page.split(QUESTION, 1)[1].split("</li>", 1)[0]
    assert "state--retracted" in line
    assert "state--approved" not in line
    assert "Alpha helps a little" not in page


def test_a_newer_edition_is_good_again_and_keeps_the_notice(client, answer, editor, approve, author):
    from articles import drafting

    _retract(answer, editor)
    answer.refresh_from_db()
    answer.lead = "Alpha does not help [@alpha]."
    drafting.save(answer, by=author, base_version=answer.version)
    workflow.publish(approve(answer), by=editor, note="Written anew.")
    page = _at(client, ADDRESS)
    assert "<title>Retracted" not in page
    assert "The trials were made up." in page
    assert 'content="noindex"' not in page
    assert "Alpha does not help" in _at(client, "/")
    assert "<title>Retracted:" in _at(client, f"{ADDRESS}editions/1/")


@pytest.mark.parametrize(
    ("kind", "label"),
    [("minor", "Minor correction"), ("correction", "Major correction"), ("concern", "Expression of concern")],
)
def test_the_other_notices_go_along_everywhere(client, answer, editor, kind: str, label: str):
    said = {"text": "Read 5 mg.", "reason": "A slip.", "asked_by": "A reader"}
    workflow.add_notice(answer.publication.edition, by=editor, kind=kind, **said)
    for place in ("/answers/", "/topics/cardiology/", "/search/?q=alpha+beta", "/"):
        assert label in _at(client, place), place
    for place in (ADDRESS, "/feeds/answers.atom", f"{ADDRESS}references.ris", f"{ADDRESS}references.json"):
        page = _at(client, place)
        for words in (label, "Read 5 mg.", "A slip.", "A reader"):
            assert words in page, (place, words)
    for one in AUDIENCES:
        page = _at(client, ADDRESS, one.slug)
        assert page.index("Read 5 mg.") < page.index('id="bottom-line"')


def test_a_correction_leads_to_the_editions_before_and_after(client, answer, editor, approve, author):
    from articles import drafting

    first = answer.publication.edition
    answer.refresh_from_db()
    answer.lead = "Alpha helps at 5 mg [@alpha]."
    drafting.save(answer, by=author, base_version=answer.version)
    second = approve(answer)
    workflow.publish(second, by=editor, note="The dose.")
    workflow.add_notice(second, by=editor, kind="correction", text="It said 50 mg.", corrects=first)
    banner = _at(client, ADDRESS).split("Major correction", 1)[1].split("</section>", 1)[0]
    assert f'href="{ADDRESS}editions/1/"' in banner
    assert f'href="{ADDRESS}editions/2/"' in banner


def test_a_retracted_answer_answers_no_new_question(answer, editor):
    question = triage.take_in(text="And why?", email="", audience="", article_id=None, edition_number=None)
    triage.take_up(question, by=editor)
    _retract(answer, editor)
    with pytest.raises(triage.Refused):
        triage.answered(question, by=editor, article=answer)
