"""Terms in editions: explained as the glossary stood, kept as they were signed, changed only in later editions."""

from __future__ import annotations

import pytest

from articles import drafting, editions, glossary
from articles.models import Article, Edition
from people.models import User
from reviews import verifying, workflow
from tests.conftest import PASSWORD


@pytest.fixture
def explained(draft: Article, author: User, editor: User) -> Edition:
    """Edition 1 of the draft, whose plain text and plain bottom line explain a term."""
    glossary.add(by=editor, term="study", plain="a test with many people")
    glossary.add(by=editor, term="beta", plain="a made-up illness")
    draft.plain_lead = "One study says so."
    draft = drafting.save(draft, by=author, base_version=1)
    return workflow.submit(draft, by=author)


def test_an_edition_freezes_what_it_explains(explained: Edition) -> None:
    frozen = editions.read(explained)
    assert frozen.frozen["glossary"] == 2
    assert frozen.frozen["plain_lead"] == 'One study <span class="gloss">(a test with many people)</span> says so.'
    assert "studies" in frozen.text_for("patient")["plain"]
    assert '<span class="gloss">(a test with many people)</span>' in frozen.text_for("patient")["html"]
    assert "gloss" not in frozen.text_for("general")["html"] + frozen.text_for("nurse")["html"]
    (term,) = frozen.frozen["terms"]
    assert {name: term[name] for name in ("version", "term", "plain", "in")} == {
        "version": 1,
        "term": "study",
        "plain": "a test with many people",
        "in": ["other", "patient", "plain_lead"],
    }


def test_later_glossary_edits_touch_later_editions_only(
    explained: Edition, author: User, editor: User, member: User
) -> None:
    workflow.take_up(explained, by=member)
    workflow.decide(explained, by=member, kind="approve", password=PASSWORD)
    before = bytes(explained.frozen)
    (row,) = (one for one in glossary.Term.objects.all() if one.term == "study")
    glossary.change(row, by=editor, base_version=1, plain="research with people")
    stored = Edition.objects.get(pk=explained.pk)
    assert bytes(stored.frozen) == before
    assert "(a test with many people)" in editions.read(stored).text_for("patient")["html"]
    article = Article.objects.get(pk=explained.article_id)
    article.heading = "Yes, indeed"
    article = drafting.save(article, by=author, base_version=2)
    later = editions.read(workflow.submit(article, by=author))
    assert later.frozen["glossary"] == 3
    assert [(one["version"], one["plain"]) for one in later.frozen["terms"]] == [(2, "research with people")]
    assert "(research with people)" in later.text_for("patient")["html"]
    assert list(verifying.problems()) == []


def test_a_change_of_the_glossary_changes_no_source_digest(explained: Edition, author: User, editor: User) -> None:
    from articles import freezing

    article = Article.objects.get(pk=explained.article_id)
    glossary.add(by=editor, term="alpha", plain="a made-up medicine")
    assert freezing.prepare(article).source_digest == explained.source_digest


def test_an_edition_from_before_the_glossary_is_read(explained: Edition) -> None:
    """Format 1 had no terms; format 2 began with an empty list."""
    payload = editions.parse(editions.FROZEN, explained.frozen)
    del payload["terms"], payload["images"]
    data = editions.canonical(editions.FROZEN, 1, payload)
    old = Edition(pk=explained.pk)
    for field in Edition._meta.concrete_fields:
        setattr(old, field.attname, getattr(explained, field.attname))
    old.frozen, old.digest = data, editions.digest(data)
    assert editions.read(old).frozen["terms"] == []
