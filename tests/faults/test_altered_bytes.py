"""Single bytes of protected rows changed at random, past every lock: verify_record finds each."""

from __future__ import annotations

import datetime
import json
import os
import random
from collections import Counter
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, models, transaction

from articles import policies
from articles.models import AnswerKind, Article
from people.models import Role, User
from reviews import protection, verifying, workflow
from tests.reviews.test_record import record  # noqa: F401 - a fixture

CHANGES = 10_000 if os.environ.get("SOAK") == "1" else 200
SEED = int(os.environ.get("FAULTS_SEED", "1"))

pytestmark = pytest.mark.django_db


class Unchangeable(Exception):
    """The column holds nothing that one byte could change."""


def flipped(data: bytes, at_random: random.Random) -> bytes:
    place = at_random.randrange(len(data))
    return data[:place] + bytes([data[place] ^ (1 << at_random.randrange(8))]) + data[place + 1 :]


def changed(value: Any, at_random: random.Random) -> Any:
    """The value with one byte of what the database keeps of it changed. Unchangeable where none can be."""
    if value is None or value == "":
        raise Unchangeable
    if isinstance(value, bytes | memoryview):
        return flipped(bytes(value), at_random)
    if isinstance(value, bool):
        return not value
    if isinstance(value, list | dict):
        text = json.dumps(value, ensure_ascii=False)
    elif isinstance(value, datetime.datetime | datetime.date):
        text = value.isoformat()
    else:
        text = str(value)
    try:
        other = flipped(text.encode(), at_random).decode()
        if "\x00" in other:
            raise Unchangeable
        if isinstance(value, int):
            return int(other)
        if isinstance(value, list | dict):
            made = json.loads(other)
        elif isinstance(value, datetime.datetime | datetime.date):
            made = type(value).fromisoformat(other)
            if isinstance(made, datetime.datetime) and made.tzinfo is None:
                raise Unchangeable
        else:
            made = other
    except ValueError:
        raise Unchangeable from None
    if made == value:
        raise Unchangeable
    return made


def protected_models() -> list[type[models.Model]]:
    found = [model for model in apps.get_models() if model._meta.db_table in protection.PROTECTED]
    assert len(found) == len(protection.PROTECTED)
    return found


@pytest.fixture
def everything(record: Article, editor: User, person: Any) -> Article:  # noqa: F811
    """A record with a row in every protected table."""
    chief = person("Cleo Chief", Role.CHIEF_EDITOR)
    kind = AnswerKind.objects.first() or AnswerKind.objects.create(slug="a-kind", name="A kind")
    policies.write(kind, by=editor, base_version=0, note="Of its own.", checklist=["Harm: none"], specialties=["Heart"])
    workflow.redact(record, ["Two trials agree"], by=chief, reason="Who took part could be told.")
    assert all(model._default_manager.exists() for model in protected_models())
    assert list(verifying.problems()) == []
    return record


def test_each_is_found(everything: Article, capsys: pytest.CaptureFixture[str]):
    at_random = random.Random(SEED)
    protection.remove(connection)
    rows = [row for model in protected_models() for row in model._default_manager.order_by("pk")]
    tried, refused, missed = Counter[str](), Counter[str](), []
    while tried.total() < CHANGES:
        row = at_random.choice(rows)
        model = type(row)
        field = at_random.choice([one for one in model._meta.concrete_fields if not one.primary_key])
        name = f"{model.__name__}.{field.attname}"
        try:
            other = changed(getattr(row, field.attname), at_random)
        except Unchangeable:
            continue
        with transaction.atomic():
            try:
                with transaction.atomic():
                    model._default_manager.filter(pk=row.pk).update(**{field.attname: other})
            except (DatabaseError, OverflowError):
                refused[name] += 1  # The database itself holds no such row.
                continue
            tried[name] += 1
            # A reference to nothing is left standing here: whoever writes past Django may leave one.
            found = next(iter(verifying.problems()), None)
            if tried.total() % 50 == 1:
                with pytest.raises(CommandError, match="not whole"):
                    call_command("verify_record")
            transaction.set_rollback(True)
        if not found:
            missed.append((name, getattr(row, field.attname), other))
    assert missed == []
    assert {name.split(".")[0] for name in tried} == {model.__name__ for model in protected_models()}
    assert list(verifying.problems()) == []
    with capsys.disabled():
        print(f"{tried.total()} changes of {len(tried)} columns were found; the database refused {refused.total()}.")
