"""What a trail holds of each row, and how a row is written as plain data and made again of it, without a database."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db import models

from articles.models import Comment, Edition, Notice, Publication, Redaction, Thread
from people.models import Declaration, User
from reviews.models import (
    InterestStatement,
    InvitationStep,
    Part,
    Renewal,
    Review,
    ReviewInvitation,
    ScheduledPublication,
    Transition,
    Verdict,
)

ROWS: dict[str, tuple[type[models.Model], str]] = {
    "comments": (Comment, "id thread by at text edited_at"),
    "declarations": (Declaration, "id person at renew_by entries sentence digest"),
    "editions": (
        Edition,
        "id article number article_version question source frozen source_digest digest created_at created_by",
    ),
    "invitation_steps": (InvitationStep, "id invitation kind due_on reason by at"),
    "invitations": (ReviewInvitation, "id edition member member_name due_on note handed_from by at"),
    "notices": (Notice, "id article edition kind corrects text reason asked_by at by"),
    "parts": (Part, "id article edition member member_name grade reason by at"),
    "publications": (
        Publication,
        "id article edition standing slug change_note first_published_at published_at reviewed_at review_due_on "
        "withdrawn_at explanation is_retracted",
    ),
    "redactions": (Redaction, "id article piece row original left at by"),
    "renewals": (Renewal, "id edition member edition_digest due_on statement signature at"),
    "reviews": (
        Review,
        "id edition article state policy submitted_at submitted_by taken_up_at taken_up_by decided_at confirms "
        "justifications",
    ),
    "schedule": (ScheduledPublication, "id article edition at note made_by made_at outcome ended_at why"),
    "statements": (InterestStatement, "id edition member what with_whom at"),
    "threads": (
        Thread,
        "id article edition field quoted opened_in resolution because resolved_by resolved_at reopened_by reopened_at",
    ),
    "transitions": (
        Transition,
        "id number article edition edition_digest subject move from_state to_state by by_name at reason via verdict "
        "verdict_signature previous_hash hash",
    ),
    "verdicts": (Verdict, "id edition member kind edition_digest statement signature at"),
}
"""By the name of each list: its model, and the fields that the file has of it."""
JSON_TYPES: dict[str, type] = {"entries": list, "justifications": list, "policy": dict}


class Misfit(Exception):
    """Data that are no row of their kind; its text is one plain sentence."""


@cache
def fields_of(name: str) -> tuple[models.Field[Any, Any], ...]:
    """The fields that the file has of each row of a list, in order."""
    model, names = ROWS[name]
    return tuple(model._meta.get_field(one) for one in names.split())  # type: ignore[misc]


def as_data(name: str, row: models.Model) -> dict[str, Any]:
    """One row as plain data. UnicodeDecodeError where canonical bytes are no text any more."""
    return {field.name: _plain(getattr(row, field.attname)) for field in fields_of(name)}


def people_in(name: str, rows: Iterable[models.Model]) -> set[int]:
    """The accounts that these rows name."""
    fields = [field for field in fields_of(name) if field.related_model is User]
    return {pk for row in rows for field in fields if (pk := getattr(row, field.attname)) is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode()
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value


def as_row(name: str, data: Any) -> Any:
    """The row again, in memory alone. Misfit where the data are none of its kind."""
    fields = fields_of(name)
    if not isinstance(data, dict) or data.keys() != {field.name for field in fields}:
        raise Misfit(f"An entry of “{name}” does not have the fields that it should have.")
    return ROWS[name][0](**{field.attname: _value(name, field, data[field.name]) for field in fields})


def _value(name: str, field: models.Field[Any, Any], value: Any) -> Any:
    if value is None and field.null:
        return None
    try:
        found = _typed(field, value)
    except (ValueError, TypeError, OverflowError):
        found = None
    if found is None:
        raise Misfit(f"The field “{field.name}” of an entry of “{name}” does not hold what it should hold.")
    return found


def _typed(field: models.Field[Any, Any], value: Any) -> Any:
    """The value as its column has it; None where it is of another kind."""
    if isinstance(field, models.DateTimeField):
        moment = datetime.datetime.fromisoformat(value)
        return moment if moment.tzinfo == datetime.UTC and moment.isoformat() == value else None
    if isinstance(field, models.DateField):
        day = datetime.date.fromisoformat(value)
        return day if day.isoformat() == value else None
    if isinstance(field, models.BinaryField):
        return value.encode() if isinstance(value, str) else None
    if isinstance(field, models.BooleanField):
        return value if isinstance(value, bool) else None
    if isinstance(field, models.JSONField):
        return value if isinstance(value, JSON_TYPES[field.name]) else None
    if isinstance(field, models.CharField | models.TextField):
        return value if isinstance(value, str) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None
