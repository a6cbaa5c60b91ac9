"""The editor: what it saves, what it refuses, and that nobody's text is lost."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from articles import drafting, history
from articles.models import Article, Contributor, FormerSlug, Publication, Topic
from people.models import Role, User

Browser = Callable[[User], Client]


@pytest.fixture
def address(draft: Article) -> str:
    return reverse("desk:article_edit", args=[draft.pk])


def stored(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)


# -- Saving ---------------------------------------------------------------------------------------------------


def test_a_new_answer_is_its_authors_and_they_stand_in_the_byline(browser: Browser, author: User, sent) -> None:
    client = browser(author)
    page = client.get(reverse("desk:article_new"))
    assert page.status_code == 200
    assert f'<option value="{author.pk}" selected>Ada Author, MD</option>' in page.content.decode()
    new = sent(Article(owner=author), question="Does delta help?", byline=[{"user": author.pk}, {}])
    answer = client.post(reverse("desk:article_new"), new)
    article = Article.objects.get()
    assert answer.url == reverse("desk:article_edit", args=[article.pk])
    assert (article.question, article.owner, article.version) == ("Does delta help?", author, 1)
    assert article.byline == [drafting.byline_entry(name="Ada Author", credentials="MD", user=author)]


def test_every_field_is_saved_with_its_comment(
    browser: Browser, author: User, editor: User, draft: Article, address: str, sent
) -> None:
    other = drafting.save(Article(question="An earlier question?", owner=author), by=author, base_version=0)
    changed = {
        "question": "Does alpha help\r\nin gamma?",
        "plain_question": "Does it help?",
        "heading": "No",
        "lead": "No [@alpha].\r\nNot at all.",
        "plain_heading": "It does not",
        "plain_lead": "It does not help.",
        "body": "## New\r\n\r\nWords [@beta].",
        "topics": "Hearts\r\n\r\n hearts\r\nLungs",
        "searched_on": "2026-02-03",
        "follow_up_of": "An earlier question?",
        "comment": "Turned round",
    }
    byline = [
        {"name": "A Guest", "credentials": "PharmD", "orcid": "https://orcid.org/0000-0002-1825-0097", "ORDER": 2},
        {"user": editor.pk, "ORDER": 1},
        {"name": "Nobody", "DELETE": "on", "ORDER": 3},
    ]
    answer = browser(author).post(address, sent(draft, byline=byline, **changed))
    assert answer.status_code == 302
    article = stored(draft)
    assert article.question == "Does alpha help in gamma?"
    assert (article.lead, article.body) == ("No [@alpha].\nNot at all.", "## New\n\nWords [@beta].")
    assert (article.plain_question, article.plain_heading) == ("Does it help?", "It does not")
    assert article.searched_on == datetime.date(2026, 2, 3)
    assert article.follow_up_of == other
    assert sorted(article.topics.values_list("name", flat=True)) == ["Hearts", "Lungs"]
    assert [entry["name"] for entry in article.byline] == ["Edda Editor", "A Guest"]
    assert article.byline[1]["orcid"] == "0000-0002-1825-0097"
    newest = history.versions_of(article).first()
    assert newest is not None
    assert (newest.revision.comment, newest.revision.user) == ("Turned round", author)


def test_saving_nothing_new_makes_no_version_and_no_contributor(
    browser: Browser, editor: User, draft: Article, address: str, sent
) -> None:
    answer = browser(editor).post(address, sent(draft), follow=True)
    assert "none was made" in answer.content.decode()
    assert stored(draft).version == 1
    assert not Contributor.objects.filter(user=editor).exists()


def test_a_person_who_has_left_keeps_the_name_that_stood_in_the_byline(
    browser: Browser, author: User, draft: Article, address: str, person, sent
) -> None:
    leaver = person("Lea Leaver", Role.AUTHOR, credentials="MD")
    draft.byline = [drafting.byline_entry(name="Lea Leaver", credentials="MD", user=leaver)]
    drafting.save(draft, by=author, base_version=1)
    User.objects.filter(pk=leaver.pk).update(is_active=False, name="Former member 7", credentials="")
    browser(author).post(address, sent(stored(draft), heading="Changed"))
    assert (stored(draft).heading, stored(draft).byline[0]["name"]) == ("Changed", "Lea Leaver")


# -- What is refused ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"question": "  "}, "question", "Write the clinician"),
        ({"question": "x" * 301}, "question", "300"),
        ({"lead": "x" * 2001}, "lead", "2000"),
        ({"body": "é" * 100_001}, "body", "kB"),
        ({"searched_on": "soon"}, "searched_on", "valid date"),
        ({"topics": "x" * 121}, "topics", "longer than 120"),
        ({"follow_up_of": "Something else?"}, "follow_up_of", "no answer with this question"),
        ({"byline-0-user": "", "byline-0-credentials": "MD"}, "byline-0-name", "whose credentials"),
        ({"byline-0-user": "", "byline-0-name": "A", "byline-0-orcid": "1234"}, "byline-0-orcid", "no ORCID"),
        ({"byline-0-user": "999999"}, "byline-0-user", "999999"),
    ],
)
def test_what_cannot_be_saved_comes_back_with_a_sentence_and_the_text(
    browser: Browser, author: User, draft: Article, address: str, sent, changed: dict, field: str, sentence: str
) -> None:
    form = sent(draft, heading="My new heading", comment="My comment") | changed
    answer = browser(author).post(address, form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'<a href="#id_{field}">' in page
    assert f'id="id_{field}_error"' in page
    assert sentence in page
    assert 'value="My new heading"' in page
    assert 'value="My comment"' in page
    assert stored(draft).version == 1


def test_the_same_person_twice_in_the_byline_is_refused(
    browser: Browser, author: User, draft: Article, address: str, sent
) -> None:
    answer = browser(author).post(address, sent(draft, byline=[{"user": author.pk}, {"user": author.pk}]))
    assert answer.status_code == 422
    assert "stands in the byline twice" in answer.content.decode()


def test_a_topic_of_a_refused_save_is_not_left_behind(
    browser: Browser, author: User, editor: User, draft: Article, address: str, sent
) -> None:
    form = sent(draft, topics="Left behind")
    drafting.save(stored(draft), by=editor, base_version=1)
    assert browser(author).post(address, form).status_code == 409
    assert not Topic.objects.exists()


def test_a_draft_of_somebody_else_cannot_be_followed_up(
    browser: Browser, author: User, editor: User, draft: Article, address: str, sent
) -> None:
    drafting.save(Article(question="A secret draft?", owner=editor), by=editor, base_version=0)
    answer = browser(author).post(address, sent(draft, follow_up_of="A secret draft?"))
    assert answer.status_code == 422
    assert stored(draft).follow_up_of is None
    assert "secret" not in browser(author).get(address).content.decode()
    assert "secret" in browser(editor).get(address).content.decode()


def test_an_unsaved_preview_on_an_older_base_loses_nothing(
    browser: Browser, author: User, editor: User, draft: Article, address: str, sent
) -> None:
    drafting.save(stored(draft), by=editor, base_version=1)
    answer = browser(author).post(address, sent(draft, lead="Mine", preview="1"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert '<input type="hidden" name="base_version" value="1"' in page
    assert "Mine</textarea>" in page


# -- Without JavaScript ---------------------------------------------------------------------------------------


def test_the_preview_button_shows_the_preview_and_saves_nothing(
    browser: Browser, author: User, draft: Article, address: str, sent
) -> None:
    form = sent(draft, body="Typed **just now** [@gamma].", reader="patient", preview="1")
    page = browser(author).post(address, form).content.decode()
    assert "Typed <strong>just now</strong>" in page
    assert "The gamma trial" in page
    assert '<option value="patient" selected>' in page
    assert "Typed **just now** [@gamma].</textarea>" in page
    assert stored(draft).version == 1


# -- The address ----------------------------------------------------------------------------------------------


def test_only_an_editor_sees_and_sets_the_address(
    browser: Browser, author: User, editor: User, draft: Article, address: str, sent
) -> None:
    assert 'name="slug"' not in browser(author).get(address).content.decode()
    browser(author).post(address, sent(draft, slug="mine", heading="Changed"))
    assert stored(draft).slug == "does-alpha-help-in-beta"
    assert 'name="slug"' in browser(editor).get(address).content.decode()
    browser(editor).post(address, sent(stored(draft), slug="alpha"))
    assert (stored(draft).slug, stored(draft).slug_is_set) == ("alpha", True)


def test_an_address_that_is_taken_or_unfit_is_refused_beside_its_field(
    browser: Browser, editor: User, draft: Article, address: str, sent
) -> None:
    drafting.save(Article(question="Alpha?", owner=editor), by=editor, base_version=0)
    for slug in ("alpha", "Not Fit!"):
        answer = browser(editor).post(address, sent(draft, slug=slug))
        assert answer.status_code == 422
        assert 'id="id_slug_error"' in answer.content.decode()
    assert stored(draft).version == 1


def test_the_address_of_a_public_answer_moves_with_a_redirect_left_behind(
    browser: Browser, editor: User, live, draft: Article, address: str, sent
) -> None:
    old = stored(draft).slug
    browser(editor).post(address, sent(stored(draft), slug="alpha-beta"))
    assert Publication.objects.get().slug == "alpha-beta"
    assert FormerSlug.objects.get().slug == old
    assert Client().get(f"/answers/{old}/").status_code in {301, 308}
    assert Client().get("/answers/alpha-beta/").status_code == 200


def test_an_editor_may_give_a_new_answer_an_address(browser: Browser, editor: User, sent) -> None:
    form = sent(Article(owner=editor), question="Does delta help?", slug="delta", byline=[{"user": editor.pk}])
    browser(editor).post(reverse("desk:article_new"), form)
    assert (Article.objects.get().slug, Article.objects.get().slug_is_set) == ("delta", True)


# -- Speed ----------------------------------------------------------------------------------------------------


def test_the_editor_asks_a_constant_number_of_questions(
    browser: Browser, editor: User, draft: Article, address: str, person, django_assert_max_num_queries
) -> None:
    client = browser(editor)
    client.get(address)
    for number in range(12):
        person(f"Writer {number}", Role.AUTHOR)
        drafting.save(Article(question=f"Question {number}?", owner=editor), by=editor, base_version=0)
    draft.byline = [drafting.byline_entry(name=one.name, user=one) for one in User.objects.all()]
    drafting.save(draft, by=editor, base_version=1, topics=drafting.topics_named(f"Topic {n}" for n in range(9)))
    with django_assert_max_num_queries(16):
        assert client.get(address).status_code == 200
