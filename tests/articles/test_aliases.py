"""A work that was merged into another one: what cites it under its old key keeps its words and leads to the other."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from articles import drafting, editions, flagged, freezing
from articles.interchange.exporting import export
from articles.models import Article, Contributor, Edition, LivePage
from desk.writing import differences
from people.models import User
from references.identity.merging import merge
from references.models import Reference
from references.watching import flags
from reviews import tasks, verifying, workflow
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

Into = Callable[[str, str], Reference]


@pytest.fixture
def into(editor: User) -> Into:
    """Merge one work into another: `into("alpha", "gamma")`."""

    def _into(gone: str, kept: str) -> Reference:
        rows = {row.key: row for row in Reference.objects.filter(key__in=[gone, kept])}
        merge(rows[kept], rows[gone], by=editor)
        return Reference.objects.get(key=kept)

    return _into


@pytest.fixture
def live(draft: Article, author: User, member: User, editor: User) -> Edition:
    """Edition 1 of the draft, approved and public."""
    edition = workflow.submit(draft, by=author)
    workflow.take_up(edition, by=member)
    workflow.decide(edition, by=member, kind="approve", password=PASSWORD)
    workflow.publish(edition, by=editor)
    return edition


def page_of(edition: Edition) -> str:
    return Client().get(f"/answers/{edition.article.slug}/").content.decode()


# -- Drafts ---------------------------------------------------------------------------------------------------


def test_a_draft_that_cites_an_old_key_keeps_its_words_and_cites_the_kept_work(draft: Article, into: Into) -> None:
    text = draft.body
    into("alpha", "gamma")
    article = Article.objects.get(pk=draft.pk)
    assert article.body == text
    prepared = freezing.prepare(article)
    assert [work.key for work in prepared.works] == ["gamma", "beta"]
    assert not [finding for finding in prepared.findings if finding.blocks]


def test_two_keys_of_one_work_share_a_number(draft: Article, into: Into) -> None:
    into("alpha", "beta")
    prepared = freezing.prepare(Article.objects.get(pk=draft.pk))
    assert [work.key for work in prepared.works] == ["beta"]
    assert prepared.rendering.cited == ("beta",)


def test_a_chain_of_merges_is_followed_to_its_end(draft: Article, into: Into) -> None:
    into("alpha", "beta")
    into("beta", "gamma")
    assert [work.key for work in freezing.prepare(Article.objects.get(pk=draft.pk)).works] == ["gamma"]


def test_a_work_under_another_of_its_keys_is_no_change_of_works(draft: Article, author: User, into: Into) -> None:
    before = freezing.source_of(draft)
    into("alpha", "gamma")
    draft.lead = draft.lead.replace("@alpha", "@gamma")
    draft.body = draft.body.replace("@alpha", "@gamma")
    drafting.save(draft, by=author, base_version=draft.version)
    assert differences.compared(before, freezing.source_of(draft)).works == []


# -- Editions -------------------------------------------------------------------------------------------------


def test_a_signed_edition_keeps_its_bytes_and_its_digest(live: Edition, into: Into) -> None:
    before = (bytes(live.source), bytes(live.frozen), live.digest)
    into("alpha", "gamma")
    after = Edition.objects.get(pk=live.pk)
    assert (bytes(after.source), bytes(after.frozen), after.digest) == before
    assert [row["key"] for row in editions.read(after).frozen["references"]] == ["alpha", "beta"]
    assert list(verifying.problems()) == []


def test_what_becomes_known_of_the_kept_work_is_shown_where_the_old_key_is_cited(live: Edition, into: Into) -> None:
    kept = into("alpha", "gamma")
    tasks.sweep()
    assert "Retracted" not in page_of(live)
    flags.report(kept, kind="retraction", source="crossref", notice="doi:10.5555/notice")
    tasks.sweep()
    assert "etracted" in page_of(live)
    assert flagged.statuses(editions.read(live)) == {"alpha": "retracted"}


def test_what_was_known_of_the_kept_work_is_told_where_the_old_key_is_cited(live: Edition, into: Into) -> None:
    event, _is_new = flags.report(Reference.objects.get(key="gamma"), kind="concern", source="crossref")
    tasks.sweep()
    event.refresh_from_db()
    assert event.handled_at
    assert not live.re_reviews.exists()
    before = LivePage.objects.get(path=live.article.slug, audience="").etag
    into("alpha", "gamma")
    tasks.sweep()
    assert live.re_reviews.get().event == event
    assert LivePage.objects.get(path=live.article.slug, audience="").etag != before


# -- The interchange format -----------------------------------------------------------------------------------


def test_an_export_holds_a_work_under_each_key_that_a_text_cites(draft: Article, into: Into, tmp_path: Path) -> None:
    into("alpha", "beta")
    list(export(Article.objects.all(), tmp_path / "out"))
    items = json.loads((tmp_path / "out" / "references.json").read_bytes())
    assert [(item["id"], item["DOI"]) for item in items] == [("alpha", "10.5555/beta"), ("beta", "10.5555/beta")]


def test_an_export_comes_back_without_a_change_or_a_second_work(draft: Article, into: Into, tmp_path: Path) -> None:
    into("alpha", "beta")
    Reference.objects.filter(key="beta").update(doi=None)
    article = Article.objects.get(pk=draft.pk)
    digest = freezing.prepare(article).source_digest
    list(export(Article.objects.all(), tmp_path / "out"))
    for options in ({"dry_run": True}, {}):
        call_command("import_articles", str(tmp_path / "out"), **options)
        assert sorted(Reference.objects.values_list("key", flat=True)) == ["beta", "gamma"]
        again = Article.objects.get(pk=draft.pk)
        assert (again.version, freezing.prepare(again).source_digest) == (article.version, digest)


def test_an_export_comes_to_another_site_as_one_work(draft: Article, into: Into, tmp_path: Path) -> None:
    into("alpha", "beta")
    list(export(Article.objects.all(), tmp_path / "out"))
    Contributor.objects.all().delete()
    Article.objects.all().delete()
    for row in Reference.objects.all():
        row.aliases.all().delete()
        row.merges.all().delete()
        row.delete()
    call_command("import_articles", str(tmp_path / "out"))
    assert Reference.objects.count() == 1
    assert len(freezing.prepare(Article.objects.get()).works) == 1
