"""How the tables run one check over a text: its findings as pairs of code and excerpt."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Any

from articles.checks.finding import Finding
from articles.checks.view import FIELDS, View, view_of
from articles.markup.render import render
from articles.markup.result import RenderRequest

TODAY = datetime.date(2026, 11, 25)


def view(body: str = "", **given: Any) -> View:
    """The view of a text; fields by their names, and what else a view holds."""
    fields = {name: given.pop(name, "") for name in FIELDS if name != "body"} | {"body": body}
    request = RenderRequest(
        body=body, lead=fields["lead"], plain_lead=fields["plain_lead"], terms=given.get("terms", ())
    )
    return view_of(fields, rendering=render(request), today=TODAY, **given)


def found(check: Callable[[View], Iterator[Finding]], body: str = "", **given: Any) -> list[Finding]:
    return list(check(view(body, **given)))


def excerpts(check: Callable[[View], Iterator[Finding]], body: str = "", **given: Any) -> list[str]:
    """The pieces that a check speaks of; each must stand in its field exactly so."""
    findings = found(check, body, **given)
    for one in findings:
        text = body if one.field == "body" else given[one.field]
        assert one.excerpt in text
        assert one.line is None or one.excerpt.split("\n")[0] in "\n".join(text.split("\n")[one.line - 1 :])
    return [one.excerpt for one in findings]
