"""What was typed and kept, read back: as the form shows it, and as the source of an answer for comparisons.

Whatever somebody can type, valid or not, comes back as it was typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from articles import drafting, freezing
from articles.models import Article
from desk.writing.forms import MOST_AUTHORS, ArticleForm
from people.models import User

BYLINE = "byline-"
AUTHOR = ("user", "name", "credentials", "orcid")
FIELDS = frozenset(ArticleForm.base_fields) - {"base_version"}


def fields_of(posted: Mapping[str, Any]) -> dict[str, str]:
    """What of a posted form is somebody's text, with `\\n` line ends."""
    return {
        name: str(posted[name]).replace("\r\n", "\n")
        for name in posted
        if name in FIELDS or (name.startswith(BYLINE) and len(name) < 60)
    }


def fields_from(initial: Mapping[str, Any], byline: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The same from what a form shows first."""
    fields = {name: "" if value is None else str(value) for name, value in initial.items() if name in FIELDS}
    rows = list(byline)
    fields |= {f"{BYLINE}TOTAL_FORMS": str(len(rows)), f"{BYLINE}INITIAL_FORMS": "0"}
    for number, row in enumerate(rows):
        fields |= {f"{BYLINE}{number}-{name}": str(row.get(name) or "") for name in AUTHOR}
        fields[f"{BYLINE}{number}-ORDER"] = str(number + 1)
    return fields


def initial_of(fields: Mapping[str, str]) -> tuple[dict[str, str], list[dict[str, str]]]:
    """What the form and the rows of its byline show first of kept fields."""
    return {name: text for name, text in fields.items() if name in FIELDS}, _byline(fields)


def source_of(fields: Mapping[str, str], article: Article, answers: QuerySet[Article]) -> dict[str, Any]:
    """Kept fields in the shape of `history.source_of`, beside the article that they are meant for.

    `answers` are those that the person may follow up: only of them a question is told.
    """
    texts = {name: fields.get(name, "") for name in drafting.TEXT_FIELDS}
    shown = Article(**texts, keywords=article.keywords, language=article.language)
    drafting.normalise(shown)
    topics = (" ".join(line.split()) for line in fields.get("topics", "").splitlines())
    followed = fields.get("follow_up_of", "").strip()
    named = answers.filter(slug=followed).values_list("question", flat=True).first() if followed else None
    return freezing.source_of(shown) | {
        "byline": _authors(fields),
        "topics": sorted({name for name in topics if name}),
        "searched_on": fields.get("searched_on", "").strip(),
        "follow_up_of": named or followed,
        **({"kind": fields["kind"]} if fields.get("kind") else {}),
    }


def _byline(fields: Mapping[str, str]) -> list[dict[str, str]]:
    """The rows that count, in their order."""
    total = _number(fields.get(f"{BYLINE}TOTAL_FORMS", ""), MOST_AUTHORS + 1)
    rows = []
    for number in range(total):
        row = {name: fields.get(f"{BYLINE}{number}-{name}", "").strip() for name in AUTHOR}
        if any(row.values()) and not fields.get(f"{BYLINE}{number}-DELETE"):
            rows.append((_number(fields.get(f"{BYLINE}{number}-ORDER", ""), 10**6) or number + 1, number, row))
    return [row for _order, _number, row in sorted(rows, key=lambda each: each[:2])]


def _authors(fields: Mapping[str, str]) -> list[dict[str, str]]:
    rows = _byline(fields)
    accounts = User.objects.in_bulk([_number(row["user"], 10**9) for row in rows if row["user"]])
    found = []
    for row in rows:
        user = accounts.get(_number(row["user"], 10**9)) if row["user"] else None
        if user:
            found.append({"name": user.name, "credentials": user.credentials, "orcid": user.orcid})
        else:
            found.append({name: row[name] for name in ("name", "credentials", "orcid")})
    return found


def _number(text: str, most: int) -> int:
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 12 else 0
