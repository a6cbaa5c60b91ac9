"""Parts laid out once: a page made of them is the same, byte for byte, as one laid out whole."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from django.template import Context, Template
from django.utils import timezone

from articles import composing, editions, publishing, site
from articles.models import Article, Edition, Site
from articles.templatetags.parts import Parts
from people.models import User
from reviews import workflow


def pages_of(edition: Edition) -> list[bytes]:
    publication = edition.article.publication
    frozen = editions.read(edition)
    overlay = publishing.overlay_of(publication, frozen, [], site.current(), at=timezone.now())
    return [
        gzip.decompress(page.body)
        for page in (*composing.live_pages(frozen, overlay), *composing.edition_pages(frozen, overlay))
    ]


def test_pages_made_of_parts_are_the_pages_laid_out_whole(
    draft: Article, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = workflow.submit(draft, by=editor)
    workflow.release_with_caution(edition, by=editor, reason="Needed now")
    edition = Edition.objects.get(pk=edition.pk)

    of_parts = pages_of(edition)
    monkeypatch.setattr(Parts, "render", lambda self, part, context, name, values: part.render(context.new(values)))

    assert len(of_parts) == 2 * len(composing.READERS)
    assert of_parts == pages_of(edition)


def laid_out(parts: Parts | None, **values: Any) -> str:
    template = Template('{% load parts %}{% part "public/footer.html" site=site carry=carry %}')
    return template.render(Context({"parts": parts, **values}))


def test_a_part_kept_by_the_process_follows_the_sites_texts() -> None:
    first = laid_out(Parts(), site=Site(pk=1, name="One"), carry="")
    second = laid_out(Parts(), site=Site(pk=1, name="Two"), carry="")

    assert "About One" in first
    assert "About Two" in second


def test_a_part_sees_only_what_it_is_given() -> None:
    assert "data-audience-forget" not in laid_out(None, site=Site(), carry="", audience="nurse")


def test_lists_of_one_article_are_told_apart_though_they_are_equal_in_length() -> None:
    template = Template('{% load parts %}{% part "live/history.html" history=history %}')
    parts = Parts()
    day = timezone.now().date()

    def history(number: int) -> str:
        entries = [{"number": number, "url": "/", "published_on": day, "current": True, "note": ""}]
        return template.render(Context({"parts": parts, "history": entries}))

    assert "Edition 1" in history(1)
    assert "Edition 2" in history(2)
