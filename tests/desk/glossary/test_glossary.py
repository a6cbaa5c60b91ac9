"""The glossary's screens: the list, proposals, and what editors do with a term."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from articles import glossary
from articles.models import Article, Term

pytestmark = pytest.mark.django_db
LIST, NEW = "/desk/glossary/", "/desk/glossary/new/"


@pytest.fixture
def term(editor) -> Term:
    return glossary.add(by=editor, term="hypertension", plain="high blood pressure", variants=["HTN"])


@pytest.fixture
def proposal(author) -> Term:
    return glossary.propose(by=author, term="sepsis", plain="blood poisoning", note="In two of my texts.")


def _url(term: Term) -> str:
    return reverse("desk:term", args=[term.pk])


def _words(term: Term, act: str, **changed: Any) -> dict[str, Any]:
    return {
        "act": act,
        "base_version": term.version,
        "term": term.term,
        "plain": term.plain,
        "variants": "\r\n".join(term.variants),
        "definition": term.definition,
        "comment": "",
    } | changed


def test_the_list_shows_what_waits_first_and_narrows(browser, author, term, proposal):
    page = browser(author).get(LIST).content.decode()
    assert page.index("sepsis") < page.index("hypertension")
    assert "1 term in force" in page
    for query, found in (({"q": "htn"}, "hypertension"), ({"q": "poison"}, "sepsis"), ({"state": "in-force"}, "hyper")):
        page = browser(author).get(LIST, query).content.decode()
        assert found in page
        assert page.count("<tr>") == 2
    assert "No term fits" in browser(author).get(LIST, {"q": "zzz"}).content.decode()


def test_the_list_takes_as_many_queries_for_many_terms(browser, editor, django_assert_num_queries):
    client = browser(editor)
    glossary.add(by=editor, term="term0", plain="words")
    client.get(LIST)
    with django_assert_num_queries(10) as few:
        client.get(LIST)
    for number in range(1, 30):
        glossary.add(by=editor, term=f"term{number}", plain="words")
    with django_assert_num_queries(len(few)):
        client.get(LIST)


def test_an_author_proposes_and_an_editor_accepts_with_other_words(browser, author, editor, draft):
    sent = {"term": "atrial fibrillation", "plain": "irregular heartbeat", "variants": "AF\r\n\r\nAFib", "note": "Why"}
    answer = browser(author).post(NEW, sent | {"article": draft.pk, "add": "1"}, follow=True)
    assert "on the editors’ list" in answer.content.decode()
    row = Term.objects.get()
    assert (row.state, row.variants, row.article, row.note) == ("proposed", ["AF", "AFib"], draft, "Why")
    page = browser(editor).get(_url(row)).content.decode()
    assert "Does alpha help in beta?" in page
    answer = browser(editor).post(_url(row), _words(row, "accept", plain="an irregular heartbeat"), follow=True)
    assert "is in force" in answer.content.decode()
    row.refresh_from_db()
    assert (row.state, row.plain, glossary.version()) == ("in-force", "an irregular heartbeat", 1)
    page = browser(author).get(_url(row)).content.decode()
    assert "<del>irregular heartbeat</del> <ins>an irregular heartbeat</ins>" in page
    assert "Accept: put it" not in page


def test_an_editor_adds_at_once(browser, editor):
    answer = browser(editor).post(NEW, {"term": "AF", "plain": "an uneven pulse", "add": "1"}, follow=True)
    assert "editions to come explain it" in answer.content.decode()
    assert Term.objects.get().state == "in-force"


def test_a_proposal_names_no_article_of_others(browser, author, person, draft):
    from people.models import Role

    other = person("Olga Other", Role.AUTHOR)
    browser(other).post(NEW, {"term": "AF", "plain": "an uneven pulse", "article": draft.pk})
    assert Term.objects.get().article is None


def test_what_is_wrong_stands_beside_its_field_and_the_text_comes_back(browser, author, editor, term):
    answer = browser(author).post(NEW, {"term": "Hypertension", "plain": "<b>pressure</b>", "note": "kept"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "in the glossary already" in page
    assert "&lt;b&gt;pressure" in page
    assert "kept" in page
    answer = browser(editor).post(_url(term), _words(term, "save", plain=""))
    assert answer.status_code == 422
    assert "Say it in plain words" in answer.content.decode()


def test_the_editors_dialog_gets_the_form_or_the_sentence_alone(browser, author):
    client = browser(author)
    fragment = {"X-Fragment": "term"}
    form = client.get(NEW, {"term": "AF"}, headers=fragment)
    assert b"<html" not in form.content
    assert b'value="AF"' in form.content
    assert "X-Fragment" in form["Vary"]
    wrong = client.post(NEW, {"term": "AF", "plain": ""}, headers=fragment)
    assert wrong.status_code == 422
    assert b"<html" not in wrong.content
    done = client.post(NEW, {"term": "AF", "plain": "an uneven pulse"}, headers=fragment)
    assert b"data-proposed" in done.content


def test_two_editors_at_once_keep_both_words(browser, editor, person, term):
    from people.models import Role

    glossary.change(term, by=person("Erik Editor", Role.EDITOR), base_version=1, plain="raised blood pressure")
    answer = browser(editor).post(_url(term), _words(term, "save", plain="too much pressure"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "raised blood pressure" in page
    assert 'value="too much pressure"' in page
    assert 'name="base_version" value="2"' in page
    term.refresh_from_db()
    assert term.plain == "raised blood pressure"


def test_declined_with_a_reason_that_its_author_reads(browser, author, editor, proposal):
    client = browser(editor)
    answer = client.post(_url(proposal), {"act": "decline", "base_version": 1, "answer": ""})
    assert answer.status_code == 422
    assert "Say in a sentence why" in answer.content.decode()
    client.post(_url(proposal), {"act": "decline", "base_version": 1, "answer": "Known to all."})
    assert "Known to all." in browser(author).get(_url(proposal)).content.decode()


def test_retired_and_put_in_force_again(browser, editor, term):
    client = browser(editor)
    client.post(_url(term), {"act": "retire", "base_version": 1, "answer": "Known to all."})
    term.refresh_from_db()
    assert term.state == "retired"
    again = client.post(_url(term), {"act": "retire", "base_version": 2})
    assert (again.status_code, "The term is retired." in again.content.decode()) == (409, True)
    client.post(_url(term), {"act": "take-back", "base_version": 2})
    term.refresh_from_db()
    assert term.state == "in-force"


@pytest.mark.parametrize(
    "sent", [{}, {"act": "save"}, {"act": "x", "base_version": 1}, {"act": "save", "base_version": "x"}]
)
def test_what_is_no_act_changes_nothing(browser, editor, term, sent):
    assert browser(editor).post(_url(term), sent).status_code == 422
    term.refresh_from_db()
    assert term.version == 1


def test_the_desk_names_proposals_that_wait(browser, editor, author, proposal):
    assert "sepsis" in browser(editor).get("/desk/").content.decode()
    assert "sepsis" not in browser(author).get("/desk/").content.decode()
    assert Article.objects.count() == 0
