"""When something becomes known against a work: flags on pages, answers to look at again, people told, each once."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import composing, drafting, editions, flagged
from articles.markup.door import CITE_MARK
from articles.models import Article, Edition, LivePage
from people.models import Message, User
from references.models import Alias, Event, Reference
from references.watching import flags
from reviews import alerts, tasks, workflow
from reviews.models import ReReview
from tests.conftest import PASSWORD, need
from tests.reviews.test_races import at_once

pytestmark = pytest.mark.django_db

KINDS = ["retraction", "concern", "correction", "new-version"]
WORDS = {"retraction": "retracted", "concern": "expression of concern", "new-version": "superseded"}


def report(key: str, kind: str = "retraction", **more: object) -> Event:
    words = {"source": "crossref", "notice": "doi:10.5555/notice"} | more
    return flags.report(Reference.objects.get(key=key), kind=kind, **words)[0]  # type: ignore[arg-type]


def approve(edition: Edition, by: User) -> Edition:
    workflow.take_up(edition, by=by)
    workflow.decide(edition, by=by, kind="approve", password=PASSWORD)
    return edition


def save(author: User, question: str = "Another?", body: str = "## Evidence\n\nA trial [@alpha].\n") -> Article:
    article = Article(question=question, lead="In short.", body=body, owner=author)
    return drafting.save(article, by=author, base_version=0)


def read(slug: str, reader: str = "", **headers: str) -> tuple[int, str, str]:
    response = Client().get(f"/answers/{slug}/" + (f"?for={reader}" if reader else ""), headers=headers)
    return response.status_code, response.content.decode(), response.get("ETag", "")


def told() -> set[str]:
    return set(Message.objects.filter(key__startswith="event:").values_list("to", flat=True))


@pytest.fixture
def live(draft: Article, author: User, member: User, editor: User) -> Edition:
    edition = approve(workflow.submit(draft, by=author), member)
    workflow.publish(edition, by=editor)
    Message.objects.all().delete()
    return edition


# -- Pages ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_shows_the_flag_at_the_reference_and_the_grave_ones_at_the_number(kind: str, live: Edition):
    slug = live.article.slug
    tags = {reader: read(slug, reader)[2] for reader in composing.READERS}
    event = report("alpha", kind)
    label = event.reference.get_status_display()
    assert alerts.react() == 1
    for reader in composing.READERS:
        status, page, _tag = read(slug, reader, **{"If-None-Match": tags[reader]})
        assert status == 200, "an old ETag is not the page any more"
        assert page.split('id="references"')[1].count(label) >= 1
        marks = page.count(f'<span class="cite-flag">{WORDS.get(kind, "?")}</span>')
        cited = len([mark for mark in CITE_MARK.finditer(page) if mark["number"] == "1"])
        assert marks == (cited if kind in WORDS else 0)
        assert read(slug, reader, **{"If-None-Match": read(slug, reader)[2]})[0] == 304


def test_the_signed_html_stays_as_it_is_but_for_the_flag(live: Edition):
    frozen = editions.read(live)
    report("alpha")
    report("beta", "concern")
    alerts.react()
    _status, page, _tag = read(live.article.slug)
    bare = re.sub(r'<span class="cite-flag">[^<]*</span>', "", page)
    assert bare != page
    for html in (frozen.text_for("general")["html"], frozen.frozen["lead"]):
        assert html in bare
        assert html not in page
    call_command("verify_record")


def test_earlier_editions_and_withdrawn_answers_are_flagged_too(live: Edition, author: User, member: User, editor):
    article = Article.objects.get(pk=live.article_id)
    article.lead, article.body = "In short.", "## Evidence\n\nOnly gamma [@gamma].\n"
    second = approve(workflow.submit(drafting.save(article, by=author, base_version=1), by=author), member)
    workflow.publish(second, by=editor)
    report("alpha")
    alerts.react()
    flag = '<span class="cite-flag">retracted</span>'
    assert flag not in read(article.slug)[1]
    assert flag in Client().get(f"/answers/{article.slug}/editions/1/").content.decode()
    assert not ReReview.objects.exists()
    workflow.withdraw(second, by=editor, explanation="Out of date.")
    report("gamma")
    alerts.react()
    assert flag in read(article.slug)[1]
    assert not ReReview.objects.exists()


def test_a_flag_that_was_lifted_leaves_the_pages_and_the_downloads(live: Edition, editor: User):
    event = report("alpha")
    alerts.react()
    flags.dismiss(event, by=editor, why="Another trial of that name.")
    assert alerts.react() == 1
    assert "cite-flag" not in read(live.article.slug)[1]
    assert "retracted" not in read(live.article.slug)[1]
    assert "retracted" not in Client().get(f"/answers/{live.article.slug}/references.json").content.decode()


def test_a_flag_that_was_frozen_and_lifted_since_is_gone(draft: Article, author: User, member: User, editor: User):
    event = report("alpha", "new-version")
    edition = approve(workflow.submit(draft, by=author, justifications={"alpha": "The new one left it out."}), member)
    workflow.publish(edition, by=editor)
    assert "superseded" in read(draft.slug)[1]
    flags.dismiss(event, by=editor, why="It is the same version.")
    alerts.react()
    assert "superseded" not in read(draft.slug)[1]


def test_a_work_is_flagged_under_its_former_key(live: Edition):
    work = Reference.objects.get(key="alpha")
    Reference.objects.filter(pk=work.pk).update(key="alpha-2020", key_normal="alpha-2020")
    Alias.objects.create(scheme=Alias.Scheme.KEY, value="alpha", written="alpha", reference=work)
    report("alpha-2020")
    alerts.react()
    assert '<span class="cite-flag">retracted</span>' in read(live.article.slug)[1]
    assert ReReview.objects.get().edition == live
    assert "retracted" in Client().get(f"/answers/{live.article.slug}/references.json").content.decode()


def test_a_page_of_altered_bytes_stays_and_does_not_stop_the_others(live, author, member, editor, caplog):
    other = save(author)
    workflow.publish(approve(workflow.submit(other, by=author), member), by=editor)
    from reviews import protection

    protection.remove(connection)
    Edition.objects.filter(pk=live.pk).update(frozen=b"{}")
    report("alpha")
    alerts.react()
    assert "cite-flag" in read(other.slug)[1]
    assert "cite-flag" not in read(live.article.slug)[1]
    assert "were not composed" in caplog.text


# -- Entries to look at again ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_grave_event_opens_one_entry_for_each_live_edition(kind: str, live: Edition, author, member, editor):
    caution = save(author)
    workflow.release_with_caution(workflow.submit(caution, by=author), by=editor, reason="Tonight.")
    event = report("alpha", kind)
    alerts.react()
    grave = kind in {"retraction", "concern"}
    assert set(ReReview.objects.values_list("article", "event")) == (
        {(live.article_id, event.pk), (caution.pk, event.pk)} if grave else set()
    )
    assert bool(told()) is grave


def test_the_same_news_twice_does_one_thing(live: Edition):
    event = report("alpha")
    assert alerts.react() == 1
    counts = ReReview.objects.count(), Message.objects.count()
    assert alerts.react() == 0
    flags.report(event.reference, kind="retraction", source="pubmed", notice="pmid:7")
    assert alerts.react() == 0
    Event.objects.update(handled_at=None)
    assert alerts.react() == 1
    assert (ReReview.objects.count(), Message.objects.count()) == counts
    entry = ReReview.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        ReReview.objects.create(article_id=entry.article_id, edition=live, event=event, opened_at=entry.opened_at)


def test_the_sweep_acts_and_composes(live: Edition):
    report("alpha")
    tasks.sweep()
    assert "cite-flag" in read(live.article.slug)[1]
    assert not flags.due().exists()


def test_what_is_published_after_the_flag_is_looked_at_again(draft, author, member, editor):
    edition = approve(workflow.submit(draft, by=author), member)
    report("alpha")
    alerts.react()
    assert not ReReview.objects.exists()
    workflow.publish(edition, by=editor)
    assert ReReview.objects.get().edition == edition
    alerts.react()
    assert ReReview.objects.count() == 1


def test_what_the_board_saw_justified_is_not_looked_at_again_until_it_gets_worse(draft, author, member, editor):
    report("alpha", "concern")
    edition = workflow.submit(draft, by=author, justifications={"alpha": "Its first arm is not in doubt."})
    workflow.publish(approve(edition, member), by=editor)
    alerts.react()
    assert not ReReview.objects.exists()
    report("alpha", "retraction")
    alerts.react()
    assert ReReview.objects.get().event.kind == "retraction"


def test_an_event_that_was_dismissed_closes_its_entries_if_an_editor_said_so(live: Edition, editor: User):
    event = report("alpha")
    alerts.react()
    flags.dismiss(event, by=editor, why="Another trial of that name.")
    alerts.react()
    entry = ReReview.objects.get()
    assert (entry.closed_by, entry.decision) == (editor, "The flag was lifted: Another trial of that name.")


def test_an_author_who_dismisses_a_flag_closes_no_entry(live: Edition, author: User):
    event = report("alpha")
    alerts.react()
    flags.dismiss(event, by=author, why="Another trial of that name.")
    alerts.react()
    assert ReReview.objects.get().closed_at is None


def test_news_after_an_entry_was_closed_opens_another_and_tells_again(live: Edition, editor: User):
    event = report("alpha")
    alerts.react()
    alerts.close(ReReview.objects.get(), by=editor, decision="It does not bear on the answer.")
    Event.objects.update(handled_at=None)
    alerts.react()
    assert ReReview.objects.count() == 1
    before = Message.objects.count()
    flags.dismiss(event, by=editor, why="Another trial.")
    alerts.react()
    report("alpha", notice="doi:10.5555/second-notice")
    alerts.react()
    assert list(ReReview.objects.values_list("decision", flat=True)) == ["It does not bear on the answer.", ""]
    assert Message.objects.count() == 2 * before
    alerts.react()
    assert Message.objects.count() == 2 * before


# -- Closing --------------------------------------------------------------------------------------------------


def test_only_an_editor_closes_and_only_once_and_not_without_words(live: Edition, author, member, editor):
    report("alpha")
    alerts.react()
    entry = ReReview.objects.get()
    for person in (author, member):
        with pytest.raises(alerts.Refused, match="Only an editor"):
            alerts.close(entry, by=person, decision="Fine.")
    with pytest.raises(alerts.Refused, match="Say in a sentence"):
        alerts.close(entry, by=editor, decision="  ")
    closed = alerts.close(entry, by=editor, decision=" The other trial carries it. ")
    assert (closed.decision, closed.closed_by) == ("The other trial carries it.", editor)
    with pytest.raises(alerts.Refused, match=r"Edda Editor closed this on .*: “The other trial carries it\.”"):
        alerts.close(entry, by=editor, decision="Again.")


# -- Who is told ----------------------------------------------------------------------------------------------


def test_editors_authors_and_who_signed_are_told_once(live, author, member, second_member, editor, outsider):
    article = Article.objects.get(pk=live.article_id)
    drafting.save(article, by=(co := User.objects.create_user("co@example.org", name="Co")), base_version=1)
    gone = User.objects.create_user("gone@example.org", name="Gone", is_active=False)
    drafting.save(article, by=gone, base_version=2)
    report("alpha")
    alerts.react()
    assert told() == {author.email, member.email, editor.email, co.email}
    assert Message.objects.filter(key__startswith="event:").count() == 4
    words = Message.objects.filter(to=editor.email).get()
    assert words.subject == "Look again: Does alpha help in beta?"
    assert "The alpha trial (@alpha)" in words.text
    assert f"/desk/articles/{live.article_id}/publishing/" in words.text


def test_the_author_of_a_draft_is_told_alone(draft: Article, author: User, editor: User, member: User):
    report("alpha")
    alerts.react()
    assert told() == {author.email}
    assert "submitted only with a justification" in Message.objects.get(key__startswith="event:").text


def test_who_reviews_an_edition_is_told(draft, author, member, second_member, editor):
    workflow.take_up(workflow.submit(draft, by=author), by=second_member)
    report("alpha")
    alerts.react()
    assert told() == {author.email, second_member.email, editor.email}
    assert not ReReview.objects.exists()


def test_a_work_that_nobody_cites_concerns_nobody(live: Edition):
    report("gamma")
    assert alerts.react() == 1
    assert not Message.objects.exists()
    assert not ReReview.objects.exists()


def test_many_articles_ask_no_more_questions_than_few(author: User, member: User, editor: User, works):
    def questions(key: str, count: int) -> int:
        for number in range(count):
            article = save(author, f"Question {key} {number}?", f"## Evidence\n\nA trial [@{key}].\n")
            workflow.publish(approve(workflow.submit(article, by=author), member), by=editor)
        report(key)
        with CaptureQueriesContext(connection) as queries:
            assert alerts._react_to(flags.due().get().pk)
        return len(queries)

    assert questions("alpha", 2) == questions("beta", 7)
    assert ReReview.objects.count() == 9


# -- At once --------------------------------------------------------------------------------------------------


@pytest.fixture
def on_postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("races are tried on PostgreSQL")
    need(True, "PostgreSQL")


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_workers_do_one_thing(on_postgresql: None, live: Edition):
    for number, kind in enumerate(["retraction", "concern"], start=1):
        report("alpha", kind)
        assert sorted(at_once(alerts.react, alerts.react)) == [0, 1]  # type: ignore[type-var]
        assert ReReview.objects.count() == number
        assert Message.objects.filter(key__startswith="event:").count() == 3 * number
    assert "cite-flag" in read(live.article.slug)[1]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_publication_at_the_same_moment_is_flagged_and_looked_at(
    on_postgresql: None, author: User, member: User, editor: User, works: list[Reference], person: Callable[..., User]
):
    for number in range(6):
        work = Reference.objects.create(key=f"trial{number}", title=f"Trial {number}", kind="cohort")
        article = save(author, f"Question {number}?", f"## Evidence\n\nA trial [@{work.key}].\n")
        edition = approve(workflow.submit(article, by=author), member)

        def flag(work: Reference = work) -> int:
            flags.report(work, kind="retraction", source="crossref", notice="doi:10.5555/n")
            return alerts.react()

        results = at_once(flag, lambda edition=edition: workflow.publish(edition, by=editor))  # type: ignore[misc]
        assert [result for result in results if isinstance(result, Exception)] == []
        tasks.sweep()
        pages = LivePage.objects.filter(article=article, path=article.slug)
        assert pages.count() == len(composing.READERS)
        assert "cite-flag" in read(article.slug)[1]
        assert ReReview.objects.filter(edition=edition).count() == 1


def test_today_asks_two_questions_at_most(works: list[Reference], django_assert_num_queries):
    Alias.objects.create(scheme=Alias.Scheme.KEY, value="old", written="Old", reference=works[0])
    with django_assert_num_queries(1):
        assert flagged.today(["alpha", "beta"])["beta"].pk == works[1].pk
    with django_assert_num_queries(2):
        assert flagged.today(["OLD", "beta", "none"]).keys() == {"OLD", "beta"}
    with django_assert_num_queries(0):
        assert flagged.today([]) == {}
