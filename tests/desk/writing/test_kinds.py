"""Kinds of answers in the desk: their form, and answers that are begun with one."""

from __future__ import annotations

import pytest
from django.urls import reverse

from articles import kinds
from articles.models import AnswerKind, Article

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind(editor) -> AnswerKind:
    return kinds.save(
        AnswerKind(),
        by=editor,
        base_version=0,
        name="Choice of treatment",
        description="Which one",
        sections="## The options\nEach with its dose.",
    )


def _sent(kind: AnswerKind, **changed):
    return {
        "name": kind.name,
        "description": kind.description,
        "sections": kinds.sections_to(kind.sections),
        "position": 1,
        "is_offered": "on",
        "base_version": kind.version,
        "comment": "",
    } | changed


def test_an_editor_changes_a_kind(browser, editor, kind):
    url = reverse("desk:kind", args=[kind.pk])
    client = browser(editor)
    answer = client.post(url, _sent(kind, name="Choosing", comment="Shorter", sections="## One\r\nx\r\n## Two"))
    assert answer.status_code == 302
    kind.refresh_from_db()
    assert (kind.name, [one["heading"] for one in kind.sections]) == ("Choosing", ["One", "Two"])
    assert "Shorter" in client.get(url).content.decode()


def test_two_editors_at_once_keep_both_texts(browser, editor, kind):
    kinds.save(kind, by=editor, base_version=1, sections="## Theirs")
    answer = browser(editor).post(reverse("desk:kind", args=[kind.pk]), _sent(kind, sections="## Mine", base_version=1))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "## Theirs" in page
    assert "## Mine" in page
    assert 'name="base_version" value="2"' in page


def test_what_is_wrong_stands_beside_its_field(browser, editor, kind):
    answer = browser(editor).post(reverse("desk:kind_new"), _sent(kind, sections="<b>no heading", base_version=0))
    assert answer.status_code == 422
    assert "must be a heading" in answer.content.decode()
    assert "&lt;b&gt;no heading" in answer.content.decode()


def test_an_answer_is_begun_with_the_sections_of_its_kind(browser, author, kind, sent):
    client = browser(author)
    assert "Choice of treatment" in client.get(reverse("desk:kinds")).content.decode()
    page = client.get(reverse("desk:article_new"), {"kind": kind.slug}).content.decode()
    assert "## The options\n\n&lt;!-- guide: Each with its dose. --&gt;" in page
    assert f'<option value="{kind.slug}" selected>' in page
    empty = client.get(reverse("desk:article_new"), {"kind": "no-such"}).content.decode()
    assert "&lt;!-- guide:" not in empty
    new = sent(Article(question="A new one?", body=kinds.template_of(kind)), kind=kind.slug)
    assert client.post(reverse("desk:article_new"), new).status_code == 302
    article = Article.objects.get()
    assert (article.kind, article.body) == (kind, kinds.template_of(kind))


def test_a_kind_that_is_no_longer_offered_stays_with_its_articles(browser, author, editor, draft, kind, sent):
    draft.kind = kind
    draft.save()
    kinds.save(kind, by=editor, base_version=1, is_offered=False)
    client = browser(author)
    url = reverse("desk:article_edit", args=[draft.pk])
    assert f'<option value="{kind.slug}" selected>' in client.get(url).content.decode()
    assert kind.slug not in client.get(reverse("desk:article_new")).content.decode()
    assert client.post(url, sent(draft, kind=kind.slug, lead="Other [@alpha].")).status_code == 302
    client.post(url, sent(Article.objects.get(pk=draft.pk), kind=""))
    assert Article.objects.get(pk=draft.pk).kind is None
    assert client.post(url, sent(Article.objects.get(pk=draft.pk), kind=kind.slug)).status_code == 422
