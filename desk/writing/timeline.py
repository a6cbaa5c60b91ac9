"""The timeline of an article: versions, moves, comments and what became of them, in one list.

Moves tell of invitations, statements, verdicts, notices, schedules and redactions: each has its row in the record.
Publications that came to nothing and works that were flagged meanwhile stand beside them. Who may not know something
yet is not told of it here either.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles import comments, history
from articles.models import Article, Comment, Edition, Thread
from desk.writing.sides import of_version
from people.models import User
from reviews import asking, interests, verdicts, workflow
from reviews.models import ReReview, ScheduledPublication, Transition
from reviews.sight import closed_round, hidden_moves, that_tell

VERSION, MOVE, SAID, ENDED, REOPENED, REFUSED = "version", "move", "said", "ended", "reopened", "refused"
LOOK_AGAIN, LOOKED_AGAIN = "look_again", "looked_again"
Key = tuple[str, int]
"""What an entry is, and the key of its row."""

SHOWN: dict[str, tuple[Any, tuple[str, ...]]] = {
    "": (_("Everything"), (VERSION, MOVE, SAID, ENDED, REOPENED, REFUSED, LOOK_AGAIN, LOOKED_AGAIN)),
    "versions": (_("Versions"), (VERSION,)),
    "moves": (_("Moves"), (MOVE, REFUSED, LOOK_AGAIN, LOOKED_AGAIN)),
    "comments": (_("Comments"), (SAID, ENDED, REOPENED)),
}
"""By what `show` says in the address: its name, and which entries are shown."""
SIGNED = {*workflow.DECISIONS.values(), "give-verdict"}
"""Moves that tell of a verdict in the words that were signed with it."""


@dataclass(frozen=True)
class Sight:
    """Who looks at the timeline of an article, and the edition of whose round they may not know yet who judged what."""

    article: Article
    person: User
    roles: frozenset[str]
    apart: Edition | None

    @property
    def threads(self) -> QuerySet[Thread]:
        """The threads that the person may see."""
        rows = Thread.objects.filter(article=self.article)
        if self.apart is None:
            return rows
        others = rows.exclude(edition=self.apart)
        return others | rows.filter(pk__in=asking.seen_by(self.apart, self.person, self.roles).values("pk"))

    @property
    def moves(self) -> QuerySet[Transition]:
        """The moves of which the person is told. Invitations are for editors."""
        rows = Transition.objects.filter(article=self.article).exclude(move__in=hidden_moves(self.roles))
        return rows if self.apart is None else rows.exclude(that_tell(), edition=self.apart)


def sight_of(article: Article, person: User, roles: frozenset[str]) -> Sight:
    """What this person, who may open the article, may know of it."""
    review = closed_round(article, person, roles)
    return Sight(article, person, roles, review.edition if review else None)


def keys_of(sight: Sight, kinds: Iterable[str]) -> list[Key]:
    """What the timeline holds of these kinds, newest first. Six queries at most, and no text is read.

    Of one moment, what came of another thing stands above it: a move of a version, an answer of a comment.
    """
    asked, found = set(kinds), []
    if VERSION in asked:
        versions = history.versions_of(sight.article).values_list("pk", "revision__date_created")
        found += [(at, 0, VERSION, pk) for pk, at in versions]
    if MOVE in asked:
        found += [(at, 1, MOVE, number) for number, at in sight.moves.values_list("number", "at")]
        ended = _refused(sight.article).values_list("pk", "ended_at")
        found += [(at, 1, REFUSED, pk) for pk, at in ended if at]
        looked = ReReview.objects.filter(article=sight.article).values_list("pk", "opened_at", "closed_at")
        for pk, opened_at, closed_at in looked:
            found += [(at, 1, what, pk) for what, at in ((LOOK_AGAIN, opened_at), (LOOKED_AGAIN, closed_at)) if at]
    if SAID in asked:
        said = Comment.objects.filter(thread__in=sight.threads).values_list("pk", "at")
        found += [(at, 2, SAID, pk) for pk, at in said]
        for pk, ended_at, reopened_at in sight.threads.values_list("pk", "resolved_at", "reopened_at"):
            found += [(at, 3, what, pk) for what, at in ((ENDED, ended_at), (REOPENED, reopened_at)) if at]
    return [(what, key) for _at, _order, what, key in sorted(found, key=lambda one: (one[0], one[1], one[3]))[::-1]]


def entries(sight: Sight, keys: list[Key]) -> list[dict[str, Any]]:
    """The entries of these keys, in their order. Seven queries, however many there are."""
    article = sight.article
    by_kind: dict[str, list[int]] = {what: [key for one, key in keys if one == what] for what in SHOWN[""][1]}
    versions = history.versions_of(article).in_bulk(by_kind[VERSION])
    rows = sight.moves.filter(number__in=by_kind[MOVE]).select_related("edition", "verdict")
    moves = {row.number: row for row in rows.defer("edition__source", "edition__frozen")}
    said = Comment.objects.filter(pk__in=by_kind[SAID]).select_related("by", "thread__edition")
    words = said.defer("thread__edition__source", "thread__edition__frozen").in_bulk()
    ended = sight.threads.filter(pk__in=by_kind[ENDED] + by_kind[REOPENED])
    ended = ended.select_related("edition", "resolved_by", "reopened_by").defer("edition__source", "edition__frozen")
    threads = {row.pk: row for row in ended}
    refused = _refused(article).filter(pk__in=by_kind[REFUSED]).select_related("edition", "made_by")
    schedule = {row.pk: row for row in refused.defer("edition__source", "edition__frozen")}
    looked = ReReview.objects.filter(pk__in=by_kind[LOOK_AGAIN] + by_kind[LOOKED_AGAIN])
    looked = looked.select_related("edition", "event__reference", "closed_by")
    again = looked.defer("edition__source", "edition__frozen").in_bulk()
    made_of: dict[int, list[Edition]] = {}
    for edition in Edition.objects.filter(article=article).defer("source", "frozen").order_by("number"):
        made_of.setdefault(edition.article_version, []).append(edition)
    found: list[dict[str, Any]] = []
    for what, key in keys:
        if what == VERSION:
            side = of_version(versions[key], with_source=False)
            found.append({"version": side, "editions": made_of.get(side.version_number or 0, [])})
        elif what == MOVE:
            found.append(_move(moves[key]))
        elif what == SAID:
            found.append({"said": words[key], "thread": words[key].thread, "address": _address(words[key].thread)})
        elif what == REFUSED:
            # Why may be what a member objects to.
            found.append({"refused": schedule[key], "is_hidden": sight.apart is not None})
        elif what in {LOOK_AGAIN, LOOKED_AGAIN}:
            found.append({what: again[key]})
        else:
            found.append({what: threads[key], "thread": threads[key], "address": _address(threads[key])})
    return found


def _move(row: Transition) -> dict[str, Any]:
    entry: dict[str, Any] = {"move": row, "label": workflow.MOVES[row.move].label}
    if row.verdict and row.move in SIGNED:
        entry["signed"] = verdicts.read(row.verdict)
        entry["verdict"] = row.verdict.get_kind_display()
        entry["interests"] = interests.in_public(entry["signed"])
    return entry


def _refused(article: Article) -> QuerySet[ScheduledPublication]:
    """Publications at a time that came to nothing when it was there: no move tells of them."""
    return ScheduledPublication.objects.filter(article=article, outcome=ScheduledPublication.Outcome.REFUSED)


def _address(thread: Thread) -> str:
    """Where a thread is read, resolved or not."""
    if thread.edition_id:
        return comments.address_of(thread)
    return f"{reverse('desk:comments', args=[thread.article_id])}?show=all#thread-{thread.pk}"
