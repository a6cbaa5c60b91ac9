"""Kinds of answers: templates, what editors may save, and what a kind means for digests and round trips."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from reversion.models import Version

from articles import drafting, editions, freezing, kinds
from articles.interchange.reading import parse_article
from articles.interchange.writing import write_article
from articles.markup import door
from articles.models import AnswerKind, Article
from people.models import User

SECTIONS = "## The options\nEach with its dose.\nAnd its price -->.\n\n## What is not known\n"


@pytest.fixture
def kind(editor: User) -> AnswerKind:
    return kinds.save(
        AnswerKind(), by=editor, base_version=0, name="Choice of treatment", sections=SECTIONS, position=1
    )


def test_a_site_begins_with_five_kinds() -> None:
    """As the migration wrote them; the suite may have emptied the table since."""
    from importlib import import_module

    found = import_module("articles.migrations.0012_kinds_of_answers").KINDS
    assert [slug for slug, *_rest in found] == [
        "treatment-choice",
        "diagnosis",
        "coverage",
        "drug-safety",
        "follow-up-care",
    ]
    assert all(len(name) <= 80 and len(description) <= 300 and sections for _slug, name, description, sections in found)


def test_sections_are_written_and_read_alike(kind: AnswerKind) -> None:
    assert kind.slug == "choice-of-treatment"
    assert kind.sections == [
        {"heading": "The options", "guidance": "Each with its dose.\nAnd its price -->."},
        {"heading": "What is not known", "guidance": ""},
    ]
    assert kinds.sections_from(kinds.sections_to(kind.sections)) == kind.sections
    # What was pasted from a text that was begun with it says the same.
    pasted = kinds.sections_from(kinds.template_of(kind))
    assert pasted[0] == {"heading": "The options", "guidance": "Each with its dose.\nAnd its price →."}


def test_guidance_is_never_published(kind: AnswerKind) -> None:
    body = kinds.template_of(kind)
    assert "Each with its dose." in body
    rendering = door.render(
        body=body, lead="<!-- guide: secret -->\nYes.", plain_lead="<!-- guide: secret -->", known=()
    )
    shown = rendering.lead + rendering.plain_lead + "".join(text.html + text.plain for text in rendering.texts)
    for words in ("dose", "price", "secret", "guide", "<!--", "--"):
        assert words not in shown
    left = [finding for finding in rendering.findings if finding.code == "guidance-left"]
    assert [(finding.field, finding.line, finding.blocks) for finding in left] == [
        ("lead", 1, False),
        ("plain_lead", 1, False),
        ("body", 3, False),
        ("body", 5, False),
    ]


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("<!-- guide: x --> Written after it.", "<p>Written after it.</p>"),
        ("<!-- guide: never closed", ""),
        ("A\n\n  <!--guide:x-->\n\nB", "<p>A</p>\n<p>B</p>"),
        ("```\nA\n<!-- guide: x -->\n```", "<pre><code>A\n\n</code></pre>"),
        ("Code `<!-- guide: x -->`.", "<p>Code ``.</p>"),
        ("<!-- no guide -->", "<p>&lt;!-- no guide --&gt;</p>"),
        ("Words <!-- guide: x -->", "<p>Words </p>"),
        ("> <!-- guide: x -->\n> Q", "<blockquote>\n<p>Q</p>\n</blockquote>"),
        ("- <!-- Guide: x --> Item", "<ul>\n<li>Item</li>\n</ul>"),
        ("::: plain\n<!-- guide: x -->\nP\n:::\n\nG", "<p>G</p>"),
    ],
)
def test_what_counts_as_guidance(body: str, shown: str) -> None:
    assert door.render(body=body, known=()).texts[0].html == shown


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("## A\n\ntext\n\n## B\n\ntext", []),
        ("## A\n\n## B\n\ntext", [1]),
        ("## A\n\n### B\n\ntext", []),
        ("## A\n\n### B\n\n## C\n\n<!-- guide: x -->\n", [3, 5]),
        ("## A\n\n::: plain\n:::\n", [1]),
        ("## A\n\n::: plain\nx\n:::\n", []),
        ("```\n## A\n## B\n```", []),
        ("#1 cause\n\n#", [3]),
    ],
)
def test_sections_left_empty(body: str, lines: list[int]) -> None:
    found = [one for one in door.render(body=body, known=()).findings if one.code == "empty-section"]
    assert [one.line for one in found] == lines
    assert not any(one.blocks for one in found)


def test_only_editors_save_kinds(author: User, editor: User, kind: AnswerKind) -> None:
    with pytest.raises(kinds.Refused):
        kinds.save(kind, by=author, base_version=1, name="Other")
    kinds.save(kind, by=editor, base_version=1, name="Choosing a treatment", comment="Shorter")
    with pytest.raises(kinds.Conflict):
        kinds.save(kind, by=editor, base_version=1, name="Other")
    kind.refresh_from_db()
    assert (kind.name, kind.slug, kind.version) == ("Choosing a treatment", "choice-of-treatment", 2)
    newest = Version.objects.get_for_object(kind).select_related("revision__user")[0]
    assert (newest.revision.user, newest.revision.comment) == (editor, "Shorter")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "Choice of treatment"}, "name"),
        ({"name": "…"}, "name"),
        ({"name": "x", "sections": "no heading"}, "sections"),
        ({"name": "x", "sections": "## " + "y" * 121}, "sections"),
        ({"name": "x", "sections": "## a\n" * 31}, "sections"),
        ({"name": "x", "description": "y" * 301}, "description"),
    ],
)
def test_what_is_refused(editor: User, kind: AnswerKind, fields: dict, field: str) -> None:
    before = AnswerKind.objects.count()
    with pytest.raises(ValidationError) as refused:
        kinds.save(AnswerKind(), by=editor, base_version=0, **fields)
    assert list(refused.value.message_dict) == [field]
    assert AnswerKind.objects.count() == before


def test_a_kind_stands_in_the_source_only_where_there_is_one(draft: Article, author: User, kind: AnswerKind) -> None:
    before = freezing.source_of(draft)
    assert "kind" not in before
    # The digest of this very draft as it was before there were kinds.
    assert editions.digest(editions.canonical(editions.SOURCE, 1, before)) == (
        "f211a78e3bdf4e7a816aece4dc4ddd6d3505c866352463b8f015486f73db71b1"
    )
    draft.kind = kind
    drafting.save(draft, by=author, base_version=1)
    assert freezing.source_of(Article.objects.get(pk=draft.pk)) == before | {"kind": "choice-of-treatment"}


def test_the_interchange_format_carries_it(draft: Article, kind: AnswerKind) -> None:
    assert b"kind:" not in write_article(draft, topics=[])
    draft.kind = kind
    assert parse_article(write_article(draft, topics=[])).kind == "choice-of-treatment"
