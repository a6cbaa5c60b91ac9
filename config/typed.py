"""What a form or an address brings is made plain before any view reads it (`people.words.typed`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase, QueryDict

from people.words import typed

AS_SENT = {"body", "lead", "plain_lead", "question", "plain_question", "heading", "plain_heading"}
"""Texts of an article: saving and laying them out looks at them, and tells their author of each such character."""
QUOTED = {"exact", "before", "after", "passage"}
"""Words of a text as they stand there, by which they are found in it again."""
READ_AS_SENT = "/api/"
"""Programs are told of what cannot be read, instead of having it read otherwise."""


class TypedText:
    """Takes unseen and turning characters, NUL among them, out of every field but passwords, texts of an article and
    words quoted of one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # In an address such characters are always written with a per cent sign.
        is_plain = "%" not in request.META.get("QUERY_STRING", "") or request.path.startswith(READ_AS_SENT)
        if not is_plain and (given := _plain(request.GET)):
            request.GET = given  # type: ignore[assignment]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if request.method == "POST" and (given := _plain(request.POST)):
            request.POST = given  # type: ignore[assignment]


def _plain(fields: QueryDict) -> QueryDict | None:
    """The fields made plain; None where they are so already."""
    changed = {}
    for name, texts in fields.lists():
        plain = texts if name in AS_SENT | QUOTED or "password" in name else [typed(text) for text in texts]
        # Line ends are the fields' own to tidy.
        if plain != [text.replace("\r\n", "\n").replace("\r", "\n") for text in texts] and plain != texts:
            changed[name] = plain
    if not changed:
        return None
    given = fields.copy()
    for name, texts in changed.items():
        given.setlist(name, texts)
    given._mutable = False
    return given
