"""The versions of an article: listing, reading and restoring them."""

import datetime
import json
from pathlib import Path

import pytest
from reversion.models import Version

from articles import drafting, history
from articles.models import AnswerKind, Article, Contributor, Edition, Topic
from people.models import User
from reviews import workflow
from reviews.models import Review


@pytest.fixture
def revised(draft: Article, editor: User) -> Article:
    """The draft with a second version that differs in every field, saved by the editor."""
    draft.question = "Does alpha really help in beta?"
    draft.lead = "No [@beta]."
    draft.body = "## Other\n\nNothing helps [@gamma].\n"
    draft.byline = [drafting.byline_entry(name="Somebody Else")]
    draft.searched_on = datetime.date(2026, 1, 2)
    return drafting.save(
        draft, by=editor, base_version=1, comment="Turned round", topics=drafting.topics_named(["Hearts", "Lungs"])
    )


def test_versions_come_newest_first_with_who_and_why(revised: Article, editor: User, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        newest, first = history.versions_of(revised)
        assert (newest.revision.user, newest.revision.comment) == (editor, "Turned round")
        assert first.revision.user == revised.owner
        assert [history.number_of(version) for version in (newest, first)] == [2, 1]


def test_versions_are_those_of_one_article(revised: Article, editor: User) -> None:
    other = drafting.save(Article(question="Another?", owner=editor), by=editor, base_version=0)
    assert history.versions_of(other).count() == 1
    assert not history.versions_of(revised).filter(pk__in=history.versions_of(other)).exists()


def test_fields_are_as_they_stood(revised: Article) -> None:
    newest, first = history.versions_of(revised)
    assert history.fields_at(first)["lead"] == "Alpha helps a little [@alpha]."
    assert history.fields_at(first)["byline"][0]["name"] == "Ada Author"
    assert history.fields_at(first)["topics"] == []
    assert [topic.name for topic in history.fields_at(newest)["topics"]] == ["Hearts", "Lungs"]
    assert history.fields_at(newest)["searched_on"] == datetime.date(2026, 1, 2)


def test_source_has_the_shape_of_an_edition(revised: Article) -> None:
    _newest, first = history.versions_of(revised)
    source = history.source_at(first)
    assert source["bottom_line"] == {"heading": "Yes, a little", "lead": "Alpha helps a little [@alpha]."}
    assert source["byline"] == [{"name": "Ada Author", "credentials": "MD", "orcid": ""}]
    assert source["topics"] == []


def test_restoring_makes_a_new_version_and_touches_no_state(revised: Article, author: User) -> None:
    edition = workflow.submit(revised, by=revised.owner)
    _newest, first = history.versions_of(revised)
    slug = revised.slug
    saved = history.restore(Article.objects.get(pk=revised.pk), first, by=author, base_version=2)
    stored = Article.objects.get(pk=revised.pk)
    assert (stored.version, saved.version) == (3, 3)
    assert stored.lead == "Alpha helps a little [@alpha]."
    assert stored.question == "Does alpha help in beta?"
    assert stored.byline[0]["name"] == "Ada Author"
    assert stored.searched_on is None
    assert list(stored.topics.all()) == []
    assert stored.owner == revised.owner
    assert history.versions_of(revised).count() == 3
    newest = history.versions_of(revised).first()
    assert newest is not None
    assert newest.revision.comment == "Restored version 1"
    assert Contributor.objects.get(article=revised, user=author, how="saved").version == 3
    assert Edition.objects.get(article=revised) == edition
    assert Review.objects.get(edition=edition).state == "submitted"
    assert stored.slug != slug, "an address that nobody saw follows the question"


def test_restoring_from_an_older_base_is_refused(revised: Article, author: User) -> None:
    _newest, first = history.versions_of(revised)
    with pytest.raises(drafting.Conflict):
        history.restore(Article.objects.get(pk=revised.pk), first, by=author, base_version=1)
    assert Article.objects.get(pk=revised.pk).version == 2


def test_another_articles_version_is_refused(revised: Article, editor: User) -> None:
    other = drafting.save(Article(question="Another?", owner=editor), by=editor, base_version=0)
    foreign = history.versions_of(other).get()
    with pytest.raises(ValueError, match="another article"):
        history.restore(revised, foreign, by=editor, base_version=2)


def test_a_topic_that_is_gone_stays_away(revised: Article, author: User) -> None:
    drafting.save(revised, by=author, base_version=2, topics=[])
    Topic.objects.filter(name="Hearts").delete()
    version = history.versions_of(revised)[1]
    restored = history.restore(Article.objects.get(pk=revised.pk), version, by=author, base_version=3)
    assert [topic.name for topic in restored.topics.all()] == ["Lungs"]


def test_a_version_from_before_a_change_of_the_model_can_be_restored(revised: Article, author: User) -> None:
    first = history.versions_of(revised)[1]
    stored = json.loads(first.serialized_data)
    stored[0]["fields"]["a_field_of_old"] = "gone"
    del stored[0]["fields"]["plain_lead"], stored[0]["fields"]["keywords"], stored[0]["fields"]["topics"]
    Version.objects.filter(pk=first.pk).update(serialized_data=json.dumps(stored))
    old = history.versions_of(revised).get(pk=first.pk)
    restored = history.restore(Article.objects.get(pk=revised.pk), old, by=author, base_version=2)
    assert restored.lead == "Alpha helps a little [@alpha]."
    # What the version did not know yet stays as it is.
    assert restored.plain_lead == "It helps a little."
    assert [topic.name for topic in restored.topics.all()] == ["Hearts", "Lungs"]


ROWS = sorted((Path(__file__).parent / "old_versions").glob("*.json"))


@pytest.mark.parametrize("path", ROWS, ids=[path.stem for path in ROWS])
def test_a_row_as_an_earlier_system_stored_it_is_read_compared_and_restored(
    path: Path, revised: Article, author: User, editor: User
) -> None:
    """Each file is the serialised row of a version as it was stored before a change of the model: see README there."""
    kind, _new = AnswerKind.objects.get_or_create(slug="diagnosis", defaults={"name": "Diagnosis"})
    revised.kind = kind
    drafting.save(revised, by=editor, base_version=2)
    rows = json.loads(path.read_text())
    rows[0]["pk"] = revised.pk
    rows[0]["fields"]["owner"] = author.pk
    first = history.versions_of(revised).last()
    assert first is not None
    Version.objects.filter(pk=first.pk).update(serialized_data=json.dumps(rows))
    old = history.versions_of(revised).get(pk=first.pk)
    assert history.number_of(old) == 1
    assert history.source_at(old)["body"] == "## Before\n\nAs it was [@alpha].\n".strip("\n")
    restored = history.restore(Article.objects.get(pk=revised.pk), old, by=author, base_version=3)
    stored = Article.objects.get(pk=revised.pk)
    assert (restored.version, stored.body, stored.lead) == (4, "## Before\n\nAs it was [@alpha].", "It was so.")
    assert (stored.kind, stored.follow_up_of) == (kind, None)
    assert history.number_of(history.versions_of(revised)[0]) == 4


def test_a_link_to_what_is_no_longer_there_is_left_out(draft: Article, author: User) -> None:
    kind = AnswerKind.objects.create(slug="a-kind", name="A kind")
    draft.kind = kind
    drafting.save(draft, by=author, base_version=1)
    newest = history.versions_of(draft)[0]
    assert history.fields_at(newest)["kind_id"] == kind.pk
    Article.objects.update(kind=None)
    kind.delete()
    assert "kind_id" not in history.fields_at(newest)
    assert history.restore(Article.objects.get(pk=draft.pk), newest, by=author, base_version=2).kind is None
