"""A patient's details slipped into a text: taken out everywhere, told of, and never mistaken for tampering."""

from __future__ import annotations

import datetime
import gzip
import io
from collections.abc import Callable

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from reversion.models import Version

from articles import autosaves, comments, drafting, editions
from articles.models import Article, Edition, LivePage, Publication, Redaction, SearchEntry
from people.models import Message, Role, User
from readers import hearing, triage
from readers.models import FollowUpQuestion
from reviews import protection, verifying, workflow
from reviews.models import Transition, Verdict
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

NAME = "Ottilie Quux"
BORN = "12/03/1961"


@pytest.fixture
def chief(person: Callable[..., User]) -> User:
    return person("Cleo Chief", Role.CHIEF_EDITOR)


@pytest.fixture
def slipped(draft: Article, author: User, member: User, second_member: User, editor: User) -> Article:
    """An approved, public article with a name and a day of birth in its text and in much that was said about it."""
    draft.body += f"\n\n## The case of {NAME}\n\nHer record says *born* {BORN}, and {NAME} improved [@gamma].\n"
    draft.lead = f"It helped {NAME} [@alpha]."
    drafting.save(draft, by=author, base_version=draft.version, comment=f"About {NAME}")
    thread = comments.open_thread(draft, by=editor, text=f"Is {NAME} a patient?")
    assert thread.pk
    edition = workflow.submit(
        draft,
        by=author,
        comment=f"With {NAME}",
        justifications=_all_of(draft),
    )
    workflow.take_up(edition, by=member)
    workflow.state_interests(edition, by=second_member, what=f"{NAME} is my aunt", with_whom=f"Family {NAME}")
    workflow.set_part(edition, member=second_member, by=editor, grade="no-vote", reason=f"A niece of {NAME}.")
    workflow.decide(edition, by=member, kind="approve", password=PASSWORD, comment=f"{NAME} was well described.")
    workflow.schedule(edition, by=editor, at=timezone.now() + datetime.timedelta(days=1), note=f"With {NAME}.")
    workflow.cancel(edition, by=editor)
    live = workflow.publish(edition, by=editor, note=f"Adds the case of {NAME}.")
    workflow.renew(
        edition,
        by=member,
        password=PASSWORD,
        last_reviewed=live.reviewed_at,
        what=f"I treated {NAME}",
        with_whom=f"The family of {NAME}",
    )
    workflow.add_notice(edition, by=editor, kind="correction", text=f"{NAME} took 5 mg.")
    return draft


def _all_of(article: Article) -> dict[str, str]:
    from articles import freezing
    from reviews import justifying

    return {one.id: f"She is no {NAME} of ours." for one in justifying.asked(freezing.prepare(article))}


def _everything() -> str:
    """Every text of every table, live pages unpacked."""
    said = []
    for model in apps.get_models():
        for values in model._default_manager.values_list():
            for value in values:
                data = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                said.append(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)
    return b"\n".join(said).decode("utf-8", "replace")


def test_nothing_is_left_and_the_record_is_whole(slipped: Article, chief: User, client: Client):
    before = Edition.objects.get(article=slipped)
    assert NAME in _everything()
    done = workflow.redact(slipped, [NAME, BORN], by=chief, reason="A patient was named.")
    after = Edition.objects.get(article=slipped)
    left = _everything()
    assert NAME.lower() not in left.lower()
    assert BORN not in left
    assert "ottilie" not in left.lower()
    assert done.salt not in left
    assert done.markers[NAME] in left
    # State, digests and signatures stay; nothing is called altered; the redaction is told of.
    assert (after.digest, after.source_digest) == (before.digest, before.source_digest)
    assert bytes(after.frozen) != bytes(before.frozen)
    assert list(verifying.problems()) == []
    told = list(verifying.redactions())
    assert len(told) == 1
    assert "redacted by Cleo Chief" in told[0]
    assert "A patient was named." in told[0]
    row = Transition.objects.get(move="redact")
    assert (row.from_state, row.to_state) == ("approved", "approved")
    assert (
        Redaction.objects.count() == 12
    )  # source, frozen text, the two signed statements, and the reasons of eight moves
    assert protection.missing(connection) == []
    # The public page says so and shows the marker.
    page = client.get(reverse("readers:answer", args=[slipped.slug])).content.decode()
    assert done.markers[NAME] in page
    assert "details by which a patient could be known were removed" in page
    assert after.digest in page
    assert editions.read(after).redacted_at is not None


def test_what_readers_sent_loses_the_words_too(slipped: Article, chief: User):
    public = Publication.objects.get(article=slipped)
    report = hearing.report(
        public, number=1, passage=f"and {NAME} improved", text=f"Is {NAME} named?", audience="", sender="192.0.2.1"
    )
    asked = triage.take_in(
        text=f"How is {NAME} now?", email="", article_id=slipped.pk, edition_number=1, audience="", sender="192.0.2.1"
    )
    FollowUpQuestion.objects.filter(pk=asked.pk).update(reply=f"I mean {NAME}.", note=NAME, asked_back=f"{NAME}?")
    again = triage.take_in(
        text=f"Where is {NAME}?", email="", article_id=None, edition_number=None, audience="", sender="192.0.2.2"
    )
    FollowUpQuestion.objects.filter(pk=again.pk).update(state="duplicate", duplicate_of=asked)
    other = triage.take_in(
        text="Who improved?", email="", article_id=None, edition_number=None, audience="", sender="192.0.2.3"
    )
    done = workflow.redact(slipped, [NAME, BORN], by=chief, reason="A patient was named.")
    assert NAME not in _everything()
    report.refresh_from_db()
    assert report.passage == f"and {done.markers[NAME]} improved"
    assert done.places["what readers sent"] == 7
    other.refresh_from_db()
    assert other.text == "Who improved?"


def test_the_command_says_what_it_did_and_verify_record_tells_of_it(
    slipped: Article, chief: User, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{NAME}\n\n{BORN}\n"))
    out, err = io.StringIO(), io.StringIO()
    call_command("redact", slipped.slug, "--by", chief.email, "--reason", "Named.", stdout=out, stderr=err)
    assert "editions: " in out.getvalue()
    assert "The salt of these hashes is " in out.getvalue()
    assert "Backups" in err.getvalue()
    out = io.StringIO()
    call_command("verify_record", stdout=out)
    assert "redacted by Cleo Chief" in out.getvalue()
    assert "The record is whole" in out.getvalue()


@pytest.mark.parametrize(
    ("who", "passages", "reason", "said"),
    [
        ("editor", [NAME], "Named.", "Only the chief editor"),
        ("superuser", [NAME], "Named.", "Only the chief editor"),
        ("chief", [NAME], " ", "Say why"),
        ("chief", [NAME], f"It named {NAME}.", "repeats what is to be removed"),
        ("chief", [], "Named.", "Give the words"),
        ("chief", ["ab"], "Named.", "too short"),
        ("chief", ["Nobody Like That"], "Named.", "Nothing of it stands"),
        ("chief", ["says born 12/03/1961"], "Named.", "interrupted by markup"),
    ],
)
def test_a_refusal_changes_nothing(
    slipped: Article,
    chief: User,
    editor: User,
    person: Callable[..., User],
    who: str,
    passages: list[str],
    reason: str,
    said: str,
):
    by = {"chief": chief, "editor": editor, "superuser": person("Sue Super", is_superuser=True)}[who]
    before, count = _everything(), Transition.objects.count()
    with pytest.raises(workflow.Refused, match=said):
        workflow.redact(slipped, passages, by=by, reason=reason)
    assert _everything() == before
    assert Transition.objects.count() == count
    assert protection.missing(connection) == []


def test_a_second_redaction_of_the_same_edition(slipped: Article, chief: User):
    workflow.redact(slipped, [NAME], by=chief, reason="A name.")
    workflow.redact(slipped, [BORN], by=chief, reason="A day of birth.")
    assert list(verifying.problems()) == []
    assert len(list(verifying.redactions())) == 2
    with pytest.raises(workflow.Refused, match="Nothing of it stands"):
        workflow.redact(slipped, [BORN], by=chief, reason="Again.")


def test_what_is_altered_after_a_redaction_is_found(slipped: Article, chief: User):
    workflow.redact(slipped, [NAME], by=chief, reason="A name.")
    edition = Edition.objects.get(article=slipped)
    forged = bytes(edition.frozen).replace(b"helped", b"harmed")
    with transaction.atomic(), protection.lifted(connection, ["articles_edition"]):
        Edition.objects.filter(pk=edition.pk).update(frozen=forged)
    assert any("was altered" in sentence for sentence in verifying.problems())
    # A row that says so does not make it whole: no transition tells of it.
    Redaction.objects.create(
        article=slipped,
        piece="frozen",
        row=edition.pk,
        original=edition.digest,
        left=editions.digest(forged),
        at=edition.created_at,
        by=chief,
    )
    assert any("is told of by no transition" in sentence for sentence in verifying.problems())


def test_triggers_are_there_after_a_failure_within(slipped: Article):
    with pytest.raises(ZeroDivisionError), transaction.atomic(), protection.lifted(connection, ["reviews_verdict"]):
        raise ZeroDivisionError
    assert protection.missing(connection) == []
    with pytest.raises(DatabaseError), transaction.atomic():
        Verdict.objects.update(kind="decline")


def test_an_article_that_was_never_submitted(draft: Article, author: User, chief: User):
    draft.body += f"\n\n{NAME} again."
    drafting.save(draft, by=author, base_version=draft.version)
    workflow.redact(draft, [NAME], by=chief, reason="Named.")
    assert NAME not in _everything()
    assert not Transition.objects.exists()
    assert all(NAME not in version.serialized_data for version in Version.objects.all())


def test_reading_needs_nothing_of_it(slipped: Article, chief: User, editor: User, client: Client):
    workflow.redact(slipped, [NAME, BORN], by=chief, reason="Named.")
    edition = Edition.objects.get(article=slipped)
    client.force_login(editor)
    for address in (
        reverse("desk:review", args=[edition.pk]),
        reverse("desk:review_text", args=[edition.pk, 1]),
        reverse("desk:history", args=[slipped.pk]),
        reverse("readers:edition", args=[slipped.slug, 1]),
        reverse("readers:references_ris", args=[slipped.slug]),
        reverse("readers:feed"),
    ):
        response = client.get(address)
        assert response.status_code == 200, address
        html = response.content.decode()
        assert NAME not in html
        assert "Pieces:" not in html
    assert not SearchEntry.objects.filter(text__contains=NAME).exists()
    assert not Message.objects.filter(text__contains=NAME).exists()
    assert LivePage.objects.filter(article=slipped).exists()


def test_an_open_editors_text_loses_it(slipped: Article, chief: User, author: User):
    autosaves.keep(slipped, by=author, tab="a" * 32, number=1, base_version=slipped.version, fields={"body": NAME})
    workflow.redact(slipped, [NAME], by=chief, reason="Named.")
    assert NAME not in _everything()
