"""The record: triggers refuse, the chain shows, and every flipped byte is found."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.utils import timezone

from articles import drafting, policies
from articles.images import keeping
from articles.models import Article, Edition, EditionImage, ImageFile, Notice, Publication, Redaction
from people.models import Declaration, User
from reviews import protection, verifying, workflow
from reviews.models import (
    ChainHead,
    InterestStatement,
    InvitationStep,
    Part,
    Renewal,
    Review,
    ReviewInvitation,
    Transition,
    Verdict,
)
from tests import pictures
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(draft: Article, author: User, member: User, second_member: User, editor: User) -> Article:
    """An article with an approved, published and renewed edition that shows an image, a notice, and a policy.

    One member was invited and judged it; another one was excluded.
    """
    policies.write(None, by=editor, base_version=1, note="As it was.")
    image = keeping.add(draft, pictures.kept(), by=author, alternative="A line that rises")
    draft.body += "\n\n" + keeping.markdown_for(image)
    drafting.save(draft, by=author, base_version=draft.version)
    edition = workflow.submit(draft, by=author, comment="Please read.")
    workflow.invite(edition, members=[member], by=editor)
    workflow.accept(edition, by=member)
    workflow.set_part(edition, member=second_member, by=editor, grade="excluded", reason="A cousin of the author.")
    workflow.decide(edition, by=member, kind="approve", password=PASSWORD, comment="Well done.")
    public = workflow.publish(edition, by=editor)
    workflow.renew(edition, by=member, password=PASSWORD, last_reviewed=public.reviewed_at)
    workflow.add_notice(edition, by=editor, kind="correction", text="A dose was wrong.")
    return draft


def execute(sql: str, params: list[Any] | None = None) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


@pytest.mark.parametrize("table", sorted(protection.PROTECTED))
@pytest.mark.parametrize("sql", ["UPDATE {table} SET id = id", "DELETE FROM {table}", "REPLACE", "TRUNCATE"])
def test_triggers_refuse_raw_sql(table: str, sql: str, record: Article, editor: User):
    Redaction.objects.create(
        article=record, piece="source", row=1, original="0" * 64, left="1" * 64, at=timezone.now(), by=editor
    )
    if sql == "TRUNCATE":
        if connection.vendor == "sqlite":
            sql = "DELETE FROM {table} WHERE 1 = 1"
        else:
            sql = "TRUNCATE {table} CASCADE"
    if sql == "REPLACE":
        if connection.vendor == "sqlite":
            sql = "INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
        else:
            sql = "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT (id) DO UPDATE SET id = EXCLUDED.id"
    connection.check_constraints()  # settles what is deferred, which would stop a TRUNCATE before the trigger
    with pytest.raises((IntegrityError, DatabaseError), match="is part of the record"):
        execute(sql.format(table=table))


@pytest.mark.django_db(transaction=True)
def test_triggers_are_laid_again_after_a_table_was_remade(record: Article):
    """A column added and removed remakes the table on SQLite and drops its triggers: migrate lays them again."""
    field = models.CharField(max_length=5, default="", db_default="")
    field.set_attributes_from_name("passing")
    field.model = Edition
    with connection.schema_editor() as editor:
        editor.add_field(Edition, field)
    with connection.schema_editor() as editor:
        editor.remove_field(Edition, field)
    call_command("migrate", verbosity=0)
    assert protection.missing(connection) == []
    with pytest.raises((IntegrityError, DatabaseError), match="is part of the record"):
        execute("UPDATE articles_edition SET number = 9")


def test_the_system_check_counts_the_triggers(record: Article):
    assert protection.check_triggers(None, databases=["default"]) == []
    protection.remove(connection)
    [error] = protection.check_triggers(None, databases=["default"])
    assert f"{3 * len(protection.PROTECTED)} triggers are missing" in error.msg


def test_the_record_is_whole(record: Article, capsys: pytest.CaptureFixture[str]):
    assert list(verifying.problems()) == []
    call_command("verify_record")
    assert "1 editions, 1 verdicts and 10 transitions" in capsys.readouterr().out


def _flips(value: Any) -> Iterator[Any]:
    """The value with single bytes, letters or digits changed."""
    if isinstance(value, bytes | memoryview):
        data = bytes(value)
        for place in {0, len(data) // 3, len(data) // 2, len(data) - 1}:
            yield data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
    elif isinstance(value, str):
        for place in {0, len(value) // 2, len(value) - 1} if value else ():
            yield value[:place] + chr(ord(value[place]) ^ 1) + value[place + 1 :]
        yield value + "x"
    elif isinstance(value, datetime.datetime):
        yield value + datetime.timedelta(microseconds=1)
    elif isinstance(value, datetime.date):
        yield value + datetime.timedelta(days=1)
    elif isinstance(value, int):
        yield value + 1
    elif value is None:
        yield 1


PROTECTED_MODELS = (
    Edition,
    ImageFile,
    Verdict,
    Renewal,
    Transition,
    Notice,
    Declaration,
    InterestStatement,
    Part,
    ReviewInvitation,
    InvitationStep,
)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("model", PROTECTED_MODELS, ids=lambda model: model.__name__)
def test_every_flipped_byte_is_found(model: type[models.Model], record: Article, outsider: User):
    """Each column of each protected table, with the triggers away and foreign keys left whole."""
    protection.remove(connection)
    Article.objects.create(question="Another?", slug="another", owner=outsider, pk=record.pk + 1)
    row = model.objects.order_by("pk").last()
    assert row is not None
    tried = 0
    for field in model._meta.concrete_fields:
        if field.primary_key:
            continue
        for changed in _flips(getattr(row, field.attname)):
            try:
                with transaction.atomic():
                    model.objects.filter(pk=row.pk).update(**{field.attname: changed})
                    connection.check_constraints()
            except (IntegrityError, DatabaseError, TypeError):
                continue  # the database itself refuses this value, or the column holds none of this kind
            tried += 1
            found = list(verifying.problems())
            assert found, f"{model.__name__}.{field.attname} was changed and nobody saw it"
            with pytest.raises(CommandError, match="not whole"):
                call_command("verify_record")
            model.objects.filter(pk=row.pk).update(**{field.attname: getattr(row, field.attname)})
            assert list(verifying.problems()) == []
    assert tried >= 2


def test_the_first_altered_row_is_named(record: Article, capsys: pytest.CaptureFixture[str]):
    protection.remove(connection)
    Transition.objects.filter(number=3).update(reason="Something else.")
    with pytest.raises(CommandError):
        call_command("verify_record")
    assert "Transition 3" in capsys.readouterr().err


@pytest.mark.django_db(transaction=True)
def test_missing_rows_are_found(record: Article):
    protection.remove(connection)
    last = Transition.objects.order_by("number").last()
    assert last is not None
    last.delete()
    assert any("the tail was cut" in sentence for sentence in verifying.problems())
    ChainHead.objects.update(number=8, hash=Transition.objects.get(number=8).hash)
    assert any("is not what its transition tells of" in sentence for sentence in verifying.problems())


def test_states_set_past_the_workflow_are_found(record: Article):
    Review.objects.update(state="declined")
    assert any("The review of edition" in sentence for sentence in verifying.problems())
    Review.objects.update(state="approved")
    Publication.objects.update(standing="caution", reviewed_at=None)
    assert any("standing" in sentence for sentence in verifying.problems())


@pytest.mark.django_db(transaction=True)
def test_images_that_an_edition_did_not_freeze_or_lost_are_found(record: Article):
    added = ImageFile.objects.create(digest="0" * 64, data=b"x")
    assert any("shown by no edition" in sentence for sentence in verifying.problems())
    beside = EditionImage.objects.create(edition=Edition.objects.get(), file=added)
    assert any("was not frozen with it" in sentence for sentence in verifying.problems())
    beside.delete()
    protection.remove(connection)
    added.delete()
    assert list(verifying.problems()) == []
    EditionImage.objects.all().delete()
    assert any("is missing" in sentence for sentence in verifying.problems())


def test_rows_added_past_the_workflow_are_found(record: Article, author: User):
    edition = Edition.objects.get()
    Edition.objects.create(
        article=record,
        number=2,
        article_version=1,
        question=edition.question,
        source=edition.source,
        frozen=edition.frozen,
        source_digest=edition.source_digest,
        digest="0" * 64,
        created_at=edition.created_at,
        created_by=author,
    )
    assert any("named by no transition" in sentence for sentence in verifying.problems())
