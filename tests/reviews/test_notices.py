"""Who is told of a notice, and how the record names the edition that it corrects."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from django.db import connection

from articles import drafting
from articles.models import Article, Edition, Notice
from people import notifying
from people.models import Kind, Notification, Role, User
from reviews import protection, verifying, workflow
from reviews.models import Transition
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
WORDS = {
    "minor": "put a minor correction on",
    "correction": "put a correction on",
    "concern": "put an expression of concern on",
    "retraction": "retracted",
}


def publish(article: Article, author: User, member: User, editor: User) -> Edition:
    edition = workflow.submit(article, by=author)
    workflow.take_up(edition, by=member)
    workflow.decide(edition, by=member, kind="approve", password=PASSWORD)
    workflow.publish(edition, by=editor)
    return edition


@pytest.fixture
def two(draft: Article, author: User, member: User, second_member: User, editor: User) -> tuple[Edition, Edition]:
    """Two editions that were public, each signed by another member."""
    first = publish(draft, author, member, editor)
    draft.body += "\n\nIt was put right [@gamma].\n"
    drafting.save(draft, by=author, base_version=draft.version)
    return first, publish(draft, author, second_member, editor)


def told() -> set[str]:
    return set(Notification.objects.filter(kind=Kind.NOTICE).values_list("person__name", flat=True))


@pytest.mark.parametrize("kind", WORDS)
def test_authors_editors_and_all_who_signed_are_told_in_desk_and_by_mail(
    kind: str,
    two: tuple[Edition, Edition],
    editor: User,
    person: Callable[..., User],
    django_capture_on_commit_callbacks,
):
    person("Olga Other", Role.AUTHOR)
    person("Nina Notsigned", Role.BOARD_MEMBER)
    other = person("Erik Editor", Role.EDITOR)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        workflow.add_notice(two[1], by=editor, kind=kind, text="The dose was wrong.", reason="A digit was lost.")
    assert told() == {"Ada Author", "Ben Board", "Cora Council", "Erik Editor"}
    [news] = Notification.objects.filter(kind=Kind.NOTICE, person=other)
    assert f"Edda Editor {WORDS[kind]} “Does alpha help in beta?”" in news.sentence
    assert news.address == f"/desk/articles/{two[1].article_id}/publishing/"
    [*_before, sent] = [one for one in mail.outbox if one.to == ["ben.board@example.org"]]
    assert "The dose was wrong." in sent.body
    assert "A digit was lost." in sent.body


def test_whoever_chose_so_gets_no_mail_of_it(two: tuple[Edition, Edition], editor: User, author: User):
    notifying.choose(author, {Kind.NOTICE: notifying.Way(True, "never")})
    workflow.add_notice(two[1], by=editor, kind="concern", text="One trial is doubted.")
    assert Notification.objects.get(kind=Kind.NOTICE, person=author).by_mail == "never"


def test_who_is_excluded_is_not_told(two: tuple[Edition, Edition], draft, author, member, editor):
    draft.body += "\n\nMore [@beta].\n"
    drafting.save(draft, by=author, base_version=draft.version)
    third = workflow.submit(draft, by=author)
    workflow.set_part(third, member=member, by=editor, grade="excluded", reason="A grant of the maker.")
    workflow.add_notice(two[1], by=editor, kind="retraction", text="Made up.")
    assert told() == {"Ada Author", "Cora Council"}


def test_the_record_names_the_corrected_edition_by_its_number(two: tuple[Edition, Edition], editor: User):
    workflow.add_notice(two[1], by=editor, kind="correction", text="Wrong.", corrects=two[0])
    row = Transition.objects.get(move="add-notice")
    assert row.reason == row.why == "correction: Wrong.\nCorrects edition 1"
    assert list(verifying.problems()) == []


def test_a_record_of_before_names_it_so_to_people_and_still_verifies(two: tuple[Edition, Edition], editor: User):
    workflow.add_notice(two[1], by=editor, kind="correction", text="Wrong.", corrects=two[0])
    row = Transition.objects.get(move="add-notice")
    notice = Notice.objects.get()
    row.reason = f"correction: Wrong.\nCorrects edition id {two[0].pk}"
    assert row.why == "correction: Wrong.\nCorrects edition 1"
    key = (notice.article_id, notice.edition_id, row.reason, notice.at, notice.by_id)
    assert list(verifying._notices([key])) == []
    protection.remove(connection)
    Notice.objects.update(corrects=None)
    assert len(list(verifying._notices([key]))) == 2


@pytest.mark.parametrize("kind", WORDS)
def test_the_same_notice_twice_is_one(two: tuple[Edition, Edition], editor: User, kind: str):
    said = {"text": "The dose was wrong.", "reason": "A slip."}
    workflow.add_notice(two[1], by=editor, kind=kind, **said)
    with pytest.raises(workflow.Refused, match="already"):
        workflow.add_notice(two[1], by=editor, kind=kind, **said)
    assert Notice.objects.count() == 1


def test_an_edition_is_retracted_once(two: tuple[Edition, Edition], editor: User):
    workflow.add_notice(two[1], by=editor, kind="retraction", text="The trials were made up.", reason="An inquiry.")
    with pytest.raises(workflow.Refused, match="retracted already"):
        workflow.add_notice(two[1], by=editor, kind="retraction", text="Once more.", reason="Another inquiry.")
