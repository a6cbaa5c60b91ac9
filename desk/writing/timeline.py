"""The timeline of an article: its versions, and the moves of its editions and its answer, in one list."""

from __future__ import annotations

from typing import Any

from articles import history
from articles.models import Article, Edition
from desk.writing.sides import of_version
from reviews import workflow
from reviews.models import Transition
from reviews.sight import hidden_moves, is_told_by


def keys_of(article: Article, roles: frozenset[str]) -> list[tuple[str, int]]:
    """What the timeline holds, newest first: ("version" or "move", its key). Two queries, and no text is read.

    A move of the same moment as a version stands above it: it came of that version. Invitations are for editors.
    """
    versions = history.versions_of(article).values_list("pk", "revision__date_created")
    moves = Transition.objects.filter(article=article).exclude(move__in=hidden_moves(roles)).values_list("number", "at")
    found = [(at, 0, "version", pk) for pk, at in versions] + [(at, 1, "move", number) for number, at in moves]
    return [(what, key) for _at, _order, what, key in sorted(found, key=lambda one: (one[0], one[1], one[3]))[::-1]]


def entries(article: Article, keys: list[tuple[str, int]], *, hides: int | None = None) -> list[dict[str, Any]]:
    """The entries of these keys, in their order. Three queries, however many there are.

    `hides` is the edition whose members judge independently and are not done: what they judged is left out.
    """
    versions = history.versions_of(article).in_bulk([key for what, key in keys if what == "version"])
    numbers = [key for what, key in keys if what == "move"]
    rows = Transition.objects.filter(article=article, number__in=numbers).select_related("edition")
    moves = {row.number: row for row in rows.defer("edition__source", "edition__frozen")}
    made_of: dict[int, list[Edition]] = {}
    for edition in Edition.objects.filter(article=article).defer("source", "frozen").order_by("number"):
        made_of.setdefault(edition.article_version, []).append(edition)
    found: list[dict[str, Any]] = []
    for what, key in keys:
        if what == "version":
            side = of_version(versions[key], with_source=False)
            found.append({"version": side, "editions": made_of.get(side.version_number or 0, [])})
        else:
            move = moves[key]
            if move.edition_id == hides and is_told_by(move):
                continue
            found.append({"move": move, "label": workflow.MOVES[move.move].label})
    return found
