"""Handing an article over: a version with the reason, the new owner told, four eyes on the old one."""

from __future__ import annotations

import pytest

from articles import drafting, handing_over, history
from articles.models import Article, Contributor
from people.models import Kind, Notification, Role
from reviews import workflow
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(person):
    return person("Bea Second", Role.AUTHOR)


def test_who_when_and_why_are_a_version_and_the_new_owner_is_told(draft, author, second):
    handing_over.hand_over(draft, to=second, by=author, why="I am on leave.")
    row = Article.objects.get(pk=draft.pk)
    assert (row.owner, row.version) == (second, 2)
    revision = history.versions_of(row)[0].revision
    assert (revision.user, revision.comment) == (author, "Handed over from Ada Author to Bea Second: I am on leave.")
    assert [one.person for one in Notification.objects.filter(kind=Kind.HANDED_OVER)] == [second]


def test_an_editor_does_it_too_and_both_are_told(draft, author, editor, second):
    handing_over.hand_over(draft, to=second, by=editor, why="Ada is ill.")
    assert {one.person for one in Notification.objects.filter(kind=Kind.HANDED_OVER)} == {author, second}


def test_refusals(draft, author, editor, member, second, outsider):
    for by, to, why, sentence in (
        (second, second, "x", "Only the owner"),
        (member, second, "x", "Only the owner"),
        (author, author, "x", "has this article already"),
        (author, member, "x", "not an author"),
        (author, outsider, "x", "not an author"),
        (editor, second, " ", "Say why"),
    ):
        with pytest.raises(handing_over.Refused, match=sentence):
            handing_over.hand_over(draft, to=to, by=by, why=why)
    assert Article.objects.get(pk=draft.pk).version == 1


def test_a_save_in_between_is_not_overwritten(draft, author, editor, second):
    stale = Article.objects.get(pk=draft.pk)
    drafting.save(draft, by=author, base_version=1)
    with pytest.raises(handing_over.Refused, match="Try again"):
        handing_over.hand_over(stale, to=second, by=editor, why="Now")
    assert stale.owner == author
    assert not Notification.objects.filter(kind=Kind.HANDED_OVER).exists()


def test_who_had_it_and_never_saved_is_seen_by_four_eyes(person, editor, works):
    had = person("Hans Had", Role.AUTHOR, Role.BOARD_MEMBER)
    new = person("Nora New", Role.AUTHOR)
    article = Article(question="Is it so?", lead="Yes [@alpha].", body="## A\n\nYes [@alpha].\n", owner=had)
    drafting.save(article, by=editor, base_version=0)
    handing_over.hand_over(article, to=new, by=editor, why="Hans asked.")
    assert Contributor.objects.filter(article=article, user=had, how="owned").exists()
    edition = workflow.submit(Article.objects.get(pk=article.pk), by=new)
    with pytest.raises(workflow.Refused, match="four eyes"):
        workflow.take_up(edition, by=had)
    assert had.check_password(PASSWORD)
