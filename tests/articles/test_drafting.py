"""Saving an article: versions, conflicts, contributors, and its address."""

import pytest
from django.core.exceptions import ValidationError
from reversion.models import Version

from articles import drafting
from articles.models import Article, Contributor, FormerSlug, LivePage, Publication
from people.models import Role, User
from reviews import workflow
from tests.conftest import PASSWORD


def publish(article: Article, member: User, editor: User) -> Publication:
    edition = workflow.submit(article, by=article.owner)
    workflow.take_up(edition, by=member)
    workflow.decide(edition, by=member, kind="approve", password=PASSWORD)
    return workflow.publish(edition, by=editor)


def test_each_save_is_one_version_with_its_author_and_comment(draft: Article, editor: User) -> None:
    draft.heading = "Yes"
    drafting.save(draft, by=editor, base_version=1, comment="Shorter")
    newest, first = Version.objects.get_for_object(draft)
    assert (newest.revision.user, newest.revision.comment) == (editor, "Shorter")
    assert (first.revision.user, first.revision.comment) == (draft.owner, "First draft")
    assert newest.field_dict["version"] == draft.version == 2


def test_a_save_from_an_older_version_is_refused_and_changes_nothing(draft: Article, editor: User) -> None:
    mine = Article.objects.get(pk=draft.pk)
    drafting.save(draft, by=editor, base_version=1)
    mine.lead = "Mine"
    with pytest.raises(drafting.Conflict) as refused:
        drafting.save(mine, by=mine.owner, base_version=1)
    assert refused.value.current.version == 2
    assert Article.objects.get(pk=draft.pk).lead != "Mine"
    assert Version.objects.get_for_object(draft).count() == 2


def test_topics_stand_in_the_version(draft: Article) -> None:
    topics = drafting.topics_named(["Hearts", "hearts ", "Lungs"])
    drafting.save(draft, by=draft.owner, base_version=1, topics=topics)
    version = Version.objects.get_for_object(draft).first()
    assert version is not None
    assert sorted(map(int, version.field_dict["topics"])) == sorted(topic.pk for topic in topics)
    assert len(topics) == 2


def test_whoever_saves_and_whoever_stands_in_the_byline_is_remembered(
    draft: Article, editor: User, member: User
) -> None:
    draft.byline = [drafting.byline_entry(name=member.name, user=member), drafting.byline_entry(name="A guest")]
    drafting.save(draft, by=editor, base_version=1)
    draft.byline = []
    drafting.save(draft, by=editor, base_version=2)
    found = set(Contributor.objects.filter(article=draft).values_list("user", "how", "version"))
    owner = draft.owner_id
    assert found == {(owner, "saved", 1), (owner, "byline", 1), (member.pk, "byline", 2), (editor.pk, "saved", 3)}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("question", "  \n "),
        ("question", "x" * 301),
        ("lead", "x" * 2001),
        ("body", "é" * 100_001),
        ("slug", "Not A Slug"),
        ("heading", "Give \u202e2.5 mg"),
    ],
)
def test_what_cannot_be_stored_is_refused_beside_its_field(draft: Article, field: str, value: str) -> None:
    setattr(draft, field, value)
    with pytest.raises(ValidationError) as refused:
        drafting.save(draft, by=draft.owner, base_version=1)
    assert field in refused.value.message_dict
    assert Article.objects.get(pk=draft.pk).version == 1


# -- The address ----------------------------------------------------------------------------------------------


def test_the_address_follows_the_question_while_nobody_has_seen_it(draft: Article) -> None:
    assert draft.slug == "does-alpha-help-in-beta"
    draft.question = "Does gamma help?"
    drafting.save(draft, by=draft.owner, base_version=1)
    assert Article.objects.get(pk=draft.pk).slug == "does-gamma-help"


def test_an_editor_sets_another_address_and_it_stays(draft: Article, editor: User) -> None:
    draft.slug = "alpha"
    drafting.save(draft, by=editor, base_version=1)
    draft.question = "Does gamma help?"
    drafting.save(draft, by=draft.owner, base_version=2)
    stored = Article.objects.get(pk=draft.pk)
    assert (stored.slug, stored.slug_is_set) == ("alpha", True)


def test_an_emptied_address_follows_the_question_again(draft: Article, editor: User) -> None:
    draft.slug = "alpha"
    drafting.save(draft, by=editor, base_version=1)
    draft.slug = ""
    drafting.save(draft, by=editor, base_version=2)
    stored = Article.objects.get(pk=draft.pk)
    assert (stored.slug, stored.slug_is_set) == ("does-alpha-help-in-beta", False)


def test_an_author_cannot_set_an_address(draft: Article) -> None:
    draft.slug = "alpha"
    with pytest.raises(ValidationError) as refused:
        drafting.save(draft, by=draft.owner, base_version=1)
    assert "Only an editor" in refused.value.message_dict["slug"][0]
    assert Article.objects.get(pk=draft.pk).slug == "does-alpha-help-in-beta"


def test_the_address_of_another_answer_is_taken(draft: Article, editor: User) -> None:
    other = drafting.save(Article(question="Alpha?", owner=editor), by=editor, base_version=0)
    draft.slug = other.slug
    with pytest.raises(ValidationError) as refused:
        drafting.save(draft, by=editor, base_version=1)
    assert "slug" in refused.value.message_dict
    assert Article.objects.get(pk=draft.pk).version == 1


def test_a_new_article_with_the_same_question_gets_a_number(draft: Article, editor: User) -> None:
    other = drafting.save(Article(question=draft.question, owner=editor), by=editor, base_version=0)
    assert other.slug == f"{draft.slug}-2"


def test_a_public_answer_moves_at_once_and_its_old_address_is_kept(draft: Article, member: User, editor: User) -> None:
    old = publish(draft, member, editor).slug
    article = Article.objects.get(pk=draft.pk)
    article.slug = "alpha"
    drafting.save(article, by=editor, base_version=1)
    assert Publication.objects.get(article=article).slug == "alpha"
    assert FormerSlug.objects.get(slug=old).article == article
    assert set(LivePage.objects.filter(audience="").values_list("path", flat=True)) == {"alpha", "alpha/editions/1"}
    other = drafting.save(Article(question="Another?", owner=editor), by=editor, base_version=0)
    other.slug = old
    with pytest.raises(ValidationError):
        drafting.save(other, by=editor, base_version=1)


def test_a_public_answer_keeps_its_address_when_the_question_changes(
    draft: Article, member: User, editor: User
) -> None:
    old = publish(draft, member, editor).slug
    article = Article.objects.get(pk=draft.pk)
    article.question = "Quite another question?"
    drafting.save(article, by=article.owner, base_version=1)
    assert Article.objects.get(pk=draft.pk).slug == old
    assert not FormerSlug.objects.exists()


def test_a_superuser_may_set_an_address(draft: Article, person) -> None:
    operator = person("Olga Operator", is_superuser=True)
    draft.slug = "alpha"
    drafting.save(draft, by=operator, base_version=1)
    assert Article.objects.get(pk=draft.pk).slug == "alpha"
    assert Role.EDITOR.value in operator.roles()
