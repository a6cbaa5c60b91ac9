"""What the editor sends, as a dictionary to change before it is posted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from articles.models import Article

Sent = Callable[..., dict[str, Any]]


def byline_of(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The fields of the byline's rows, with the numbers that a formset wants."""
    sent: dict[str, Any] = {"byline-TOTAL_FORMS": len(rows), "byline-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        sent |= {f"byline-{number}-{name}": value for name, value in ({"ORDER": number + 1} | row).items()}
    return sent


@pytest.fixture
def sent() -> Sent:
    """`sent(article, lead="…")`: the form of an article as a browser sends it, with some fields changed."""

    def make(article: Article, *, byline: list[dict[str, Any]] | None = None, **changed: Any) -> dict[str, Any]:
        names = ("question", "plain_question", "heading", "lead", "plain_heading", "plain_lead", "body")
        rows = [
            {"user": entry["user"]} if entry["user"] else {"name": entry["name"], "credentials": entry["credentials"]}
            for entry in article.byline
        ]
        return (
            {name: getattr(article, name).replace("\n", "\r\n") for name in names}
            | {
                "base_version": article.version,
                "topics": "\r\n".join(topic.name for topic in article.topics.all()) if article.pk else "",
                "searched_on": article.searched_on or "",
                "follow_up_of": "",
                "slug": article.slug,
                "comment": "",
            }
            | byline_of(rows if byline is None else byline)
            | changed
        )

    return make
