"""The timeline of an article: everything that happened, for those who may know of it; and its export."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import comments, drafting
from articles.models import Article, Edition
from people.models import Appointment, Notification, Role, User
from references.models import Reference
from references.watching import flags
from reviews import alerts, asking, news, workflow
from reviews.models import ReReview, Review, ScheduledPublication
from reviews.trail import checking, reading
from tests.conftest import PASSWORD

Browser = Callable[[User], Client]


@pytest.fixture
def chief(person: Callable[..., User]) -> User:
    return person("Cleo Chief", Role.CHIEF_EDITOR)


def page_of(client: Client, article: Article, show: str = "") -> str:
    answer = client.get(reverse("desk:history", args=[article.pk]), {"show": show} if show else {})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def told(draft: Article, author: User, member: User, second_member: User, editor: User) -> Article:
    """An article with comments, invitations, a statement, a verdict, a schedule, a publication and a notice."""
    thread = comments.open_thread(draft, by=editor, text="Which dose?")
    comments.resolve(thread, by=author, how="not-done", because="No trial says which.")
    edition = workflow.submit(draft, by=author, comment="Please read.")
    workflow.invite(edition, members=[member, second_member], by=editor, note="The doses, please.")
    workflow.decline(edition, by=second_member, reason="On leave till May.")
    workflow.accept(edition, by=member, what="A talk, paid", with_whom="Alpha Ltd")
    asked = asking.ask(edition, by=member, text="How large is it?")
    asking.resolve(asked, by=author)
    workflow.decide(edition, by=member, kind="approve", password=PASSWORD, comment="Well done.")
    workflow.schedule(edition, by=editor, at=timezone.now() + datetime.timedelta(days=1))
    workflow.cancel(edition, by=editor)
    workflow.publish(edition, by=editor)
    workflow.add_notice(edition, by=editor, kind="correction", text="A dose was wrong.")
    return draft


def test_everything_stands_there_in_order(browser: Browser, editor: User, told: Article) -> None:
    page = page_of(browser(editor), told)
    order = [
        "A dose was wrong.",
        "<strong>Publish</strong>",
        "Cancel the publication at a time",
        "To be published on",
        "Signed by Ben Board, MD, PhD: approve. Interests: ",
        "Comment: done",
        "How large is it?",
        "A talk, paid (Alpha Ltd)",
        "On leave till May.",
        "The doses, please.",
        "Please read.",
        "No trial says which.",
        "Which dose?",
        "<strong>Version 1</strong>",
    ]
    found = [page.rfind(words) if words.startswith("A talk") else page.find(words) for words in order]
    assert -1 not in found
    assert found == sorted(found)
    assert "In this answer: A talk, paid (Alpha Ltd)." in page


def test_authors_are_not_told_of_invitations_and_export_nothing(browser: Browser, author: User, told: Article) -> None:
    client = browser(author)
    page = page_of(client, told)
    assert "On leave till May." not in page
    assert "The doses, please." not in page
    assert "How large is it?" in page
    assert "Export as JSON" not in page
    assert client.get(reverse("desk:trail", args=[told.pk])).status_code == 403


@pytest.mark.parametrize(
    ("show", "there", "absent"),
    [
        ("versions", ["Version 1<", "Compare the two"], ["Please read.", "Which dose?"]),
        ("moves", ["Please read."], ["Version 1<", "Which dose?", "Compare the two"]),
        ("comments", ["Which dose?", "Comment: done"], ["Please read.", "Version 1<"]),
        ("nothing", ["Which dose?", "Please read.", "Version 1<"], []),
    ],
)
def test_the_timeline_can_be_narrowed(
    browser: Browser, editor: User, told: Article, show: str, there: list[str], absent: list[str]
) -> None:
    page = page_of(browser(editor), told, show).partition('<ol class="timeline')[2].partition("</main>")[0]
    for words in there:
        assert words in page
    for words in absent:
        assert words not in page


@pytest.fixture
def open_round(draft: Article, author: User, member: User, second_member: User, editor: User) -> Edition:
    """A round whose policy wants independent verdicts: one member has asked something and signed, another has not."""
    comments.open_thread(draft, by=author, text="Among ourselves.")
    edition = workflow.submit(draft, by=author)
    Review.objects.update(
        policy=edition.review.policy | {"independent": True, "verdicts_needed": 2, "approvals_needed": 2}
    )
    edition = Edition.objects.get()
    workflow.take_up(edition, by=member)
    asking.ask(edition, by=member, text="Is it safe?")
    workflow.state_interests(edition, by=member)
    workflow.decide(edition, by=member, kind="approve", password=PASSWORD, comment="Nothing to add.")
    assert Review.objects.get().state == "under_review"
    return edition


def test_who_judges_independently_learns_nothing_here_either(
    browser: Browser, author: User, member: User, editor: User, person: Callable[..., User], open_round: Edition
) -> None:
    """An editor with a seat on the board who may still judge; and one who has none; and the author."""
    both = person("Bo Both", Role.EDITOR, Role.BOARD_MEMBER)
    article, address = open_round.article, reverse("desk:trail", args=[open_round.article_id])
    page = page_of(browser(both), article)
    assert "Nothing to add." not in page
    assert "Is it safe?" not in page
    assert "Take up" in page
    assert "Among ourselves." in page
    assert "Export as JSON" not in page
    refused = browser(both).get(address)
    assert refused.status_code == 403
    assert "Export the trail after you have signed." in refused.content.decode()
    page = page_of(browser(author), article)
    assert "Nothing to add." not in page
    assert "Is it safe?" in page, "its authors answer"
    page = page_of(browser(editor), article)
    assert "Nothing to add." in page
    assert "Is it safe?" in page
    assert browser(editor).get(address).status_code == 200
    asking.ask(open_round, by=both, text="My own question.")
    assert "My own question." in page_of(browser(both), article)


def test_whoever_is_excluded_opens_nothing(browser: Browser, editor: User, chief: User, open_round: Edition) -> None:
    Appointment.objects.create(user=chief, role=Role.BOARD_MEMBER)
    workflow.set_part(open_round, member=chief, by=editor, grade="excluded", reason="A cousin.")
    for name in ("history", "trail"):
        assert browser(chief).get(reverse(f"desk:{name}", args=[open_round.article_id])).status_code == 403


def test_the_export_is_a_file_that_is_whole(browser: Browser, chief: User, told: Article, tmp_path: Any) -> None:
    client = browser(chief)
    assert "Export as JSON" in page_of(client, told)
    answer = client.get(reverse("desk:trail", args=[told.pk]))
    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"] == f'attachment; filename="trail-{told.slug}.json"'
    assert list(checking.problems(reading.read(answer.content))) == []
    assert json.loads(answer.content)["trail"]["exported"]["by"] == "Cleo Chief"
    path = tmp_path / "trail.json"
    path.write_bytes(answer.content)
    call_command("verify_record", "--file", str(path))


def test_a_redaction_and_a_refused_publication_are_told(
    browser: Browser, editor: User, chief: User, told: Article
) -> None:
    ScheduledPublication.objects.create(
        article=told,
        edition=Edition.objects.get(),
        at=timezone.now(),
        made_by=editor,
        outcome="refused",
        ended_at=timezone.now(),
        why="It was withdrawn.",
    )
    workflow.redact(told, ["How large is it"], by=chief, reason="A patient was named.")
    drafting.save(told, by=editor, base_version=Article.objects.get(pk=told.pk).version, comment="x")
    page = page_of(browser(editor), told)
    assert "Not published at its time" in page
    assert "It was withdrawn." in page
    assert "How large is it" not in page


def test_a_work_that_was_flagged_and_what_was_decided_are_told(
    browser: Browser, editor: User, author: User, told: Article
) -> None:
    flags.report(Reference.objects.get(key="alpha"), kind="retraction", source="crossref", notice="doi:10.5555/notice")
    alerts.react()
    page = page_of(browser(author), told, "moves")
    assert "To be looked at again" in page
    assert "The alpha trial" in page
    assert "Looked at again" not in page
    row = ReReview.objects.get()
    browser(editor).post(
        reverse("desk:close_re_review", args=[row.pk]), {f"entry-{row.pk}-decision": "The other trials suffice."}
    )
    page = page_of(browser(author), told)
    assert page.index("The other trials suffice.") < page.index("To be looked at again")


def test_whoever_judges_apart_learns_nothing_while_it_is_pulled_back(
    browser: Browser, author: User, second_member: User, open_round: Edition
) -> None:
    workflow.pull_back(open_round, by=author)
    assert "Nothing to add." not in page_of(browser(author), open_round.article)


def test_an_objection_is_not_told_by_a_publication_that_it_stopped(
    browser: Browser, author: User, second_member: User, editor: User, person: Callable[..., User], open_round: Edition
) -> None:
    """Neither in the timeline, nor on the page of publishing, nor by mail, to who may not know of it yet."""
    both = person("Bo Both", Role.BOARD_MEMBER, Role.EDITOR)
    workflow.state_interests(open_round, by=second_member)
    workflow.decide(
        open_round, by=second_member, kind="safety-objection", password=PASSWORD, comment="Ten times the dose."
    )
    row = ScheduledPublication.objects.create(
        article=open_round.article, edition=open_round, at=timezone.now(), made_by=editor
    )
    assert workflow.publish_due() == 0
    ScheduledPublication.objects.update(why="An objection stopped it.")
    row.refresh_from_db()
    Notification.objects.all().delete()
    news.tell_refused(row, "1 May")
    for reader, knows in ((author, False), (both, False), (editor, True)):
        for name in ("history", "publishing"):
            page = browser(reader).get(reverse(f"desk:{name}", args=[open_round.article_id])).content.decode()
            assert "Not published" in page
            assert ("An objection stopped it." in page) is knows, (reader, name)
    told = dict(Notification.objects.values_list("person", "sentence"))
    assert told.keys() == {both.pk, editor.pk}
    assert "An objection stopped it." in told[editor.pk]
    assert "An objection stopped it." not in told[both.pk]


def test_why_a_claim_was_given_up_is_for_editors(
    browser: Browser, author: User, second_member: User, editor: User, open_round: Edition
) -> None:
    workflow.state_interests(open_round, by=second_member)
    workflow.give_up(open_round, by=second_member, reason="I cannot stand her.")
    for reader, knows in ((author, False), (editor, True)):
        review = browser(reader).get(reverse("desk:review", args=[open_round.pk])).content.decode()
        assert ("I cannot stand her." in review) is knows
        assert ("I cannot stand her." in page_of(browser(reader), open_round.article)) is knows


def test_the_number_of_queries_does_not_grow(
    browser: Browser, editor: User, author: User, told: Article, django_assert_num_queries: Any
) -> None:
    client = browser(editor)
    page_of(client, told)
    with django_assert_num_queries(QUERIES):
        page_of(client, told)
    for number in range(6):
        told.heading = f"Heading {number}"
        drafting.save(told, by=author, base_version=told.version)
        thread = comments.open_thread(told, by=author, text=f"Comment {number}")
        comments.resolve(thread, by=editor)
        workflow.add_notice(Edition.objects.get(), by=editor, kind="minor", text=f"Word {number} was misspelt.")
    with django_assert_num_queries(QUERIES):
        assert "Word 5 was misspelt." in page_of(client, told)


QUERIES = 22
