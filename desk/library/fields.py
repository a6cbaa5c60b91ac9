"""The fields of a work as pages compare them: what each is called, and what it says as text. The date is one field."""

from __future__ import annotations

from typing import cast

from django.db.models import Field
from django.utils.translation import gettext as _

from references import names
from references.models import Reference

DATE = "date"
PARTS_OF_DATE = ("year", "month", "day")


def label_of(name: str) -> str:
    """What the page calls a field."""
    if name == DATE:
        return _("date")
    return str(cast(Field, Reference._meta.get_field(name)).verbose_name)


def value_of(work: Reference, name: str) -> object:
    """What a field holds; of the date, its parts as one text."""
    if name != DATE:
        return getattr(work, name)
    return "-".join(f"{part:02}" for part in (work.year, work.month, work.day) if part is not None)


def text_of(work: Reference, name: str) -> str:
    """What a field says, as the page shows it."""
    if name in {"authors", "editors"}:
        return "\n".join(names.inverted(each) for each in getattr(work, name))
    if name in {"kind", "type"}:
        return str(getattr(work, f"get_{name}_display")())
    value = value_of(work, name)
    return "" if value is None else str(value)
