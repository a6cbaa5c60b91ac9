"""`{% part "live/history.html" history=history %}`: an include that is laid out once for all pages that share it.

A part sees only the values that it is given. Where the page's context holds a `Parts`, the same template with the same
values is not rendered again; without one the tag is a plain include.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from django import template
from django.db.models import Model
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

MOST_KEPT = 200
_kept: dict[Hashable, SafeString] = {}
"""Parts that plain values alone decide, as header and footer of every page: kept by the process, up to a number."""


class Parts:
    """The parts laid out for one article. Lists and mappings are told apart by identity, and kept alive for it."""

    def __init__(self) -> None:
        self._laid_out: dict[Hashable, SafeString] = {}
        self._values: dict[int, Any] = {}
        self._made: dict[Hashable, Any] = {}

    def once(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The value that `make` gave when it was first asked for under this key: one object for all pages."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    def render(self, part: Any, context: Context, name: str, values: dict[str, Any]) -> SafeString:
        """The part laid out, now or before."""
        keys = {one: _plain_key(value) for one, value in values.items()}
        is_plain = None not in keys.values()
        key = (name, get_language(), *((one, keys[one] or id(value)) for one, value in values.items()))
        shelf = _kept if is_plain else self._laid_out
        if key not in shelf:
            if is_plain and len(_kept) >= MOST_KEPT:
                _kept.clear()
            shelf[key] = part.render(context.new(values))
            self._values |= {id(value): value for value in values.values()}
        return shelf[key]


def _plain_key(value: Any) -> tuple[Any, ...] | None:
    """What a value is told apart by, if not by identity: texts and numbers, and the row of a model."""
    if isinstance(value, str | int | None):
        return (type(value), str(value))
    if isinstance(value, Model):
        columns = (column.attname for column in value._meta.concrete_fields if column.attname != "updated_at")
        return (type(value), *(getattr(value, name) for name in columns))
    return None


@register.simple_tag(takes_context=True)
def part(context: Context, name: str, **values: Any) -> SafeString:
    """Render the template `name` with these values and nothing else."""
    assert context.template is not None
    found = context.template.engine.get_template(name)
    parts = context.get("parts")
    if isinstance(parts, Parts):
        return parts.render(found, context, name, values)
    return found.render(context.new(values))
