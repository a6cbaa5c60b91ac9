"""The two sides of a comparison: a version or an edition of one article, and what each reader gets of it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import Http404
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from reversion.errors import RevertError
from reversion.models import Version

from articles import diffs, editions, freezing, history
from articles.audiences import GENERAL
from articles.comparing import LABELS, Comparison
from articles.markup.door import TextRefused
from articles.models import Article, Edition
from desk.reviewing.works import as_work
from references import library
from references.formats.csl import to_csl
from references.models import Reference

EDITION = "e"
"""What stands before the number of an edition in an address; a version's number stands alone."""
MOST_OFFERED = 300


@dataclass(frozen=True)
class Side:
    """One side. `source` is None where a version is from before a change of the system and can't be read."""

    token: str
    name: str
    at: datetime.datetime
    who: str
    why: str
    source: dict[str, Any] | None
    version: Version | None = None
    edition: Edition | None = None
    frozen: editions.Frozen | None = field(default=None, repr=False)

    @property
    def version_number(self) -> int | None:
        return _number(self.version) if self.version else None


def of_version(version: Version, *, with_source: bool = True) -> Side:
    """A version as a side; for a list, without its source."""
    number = _number(version)
    try:
        source = history.source_at(version) if with_source else None
    except RevertError:
        source = None
    revision = version.revision
    return Side(
        token=str(version.pk),
        name=_("Version %(number)d") % {"number": number} if number else _("A version that can't be read"),
        at=revision.date_created,
        who=str(revision.user) if revision.user else _("somebody who has left"),
        why=revision.comment,
        source=source,
        version=version,
    )


def of_edition(edition: Edition) -> Side:
    """An edition as a side: what was frozen, from its verified bytes."""
    frozen = editions.read(edition)
    return Side(
        token=f"{EDITION}{edition.pk}",
        name=_("Edition %(number)d") % {"number": edition.number},
        at=edition.created_at,
        who=frozen.frozen["created_by"]["name"],
        why=_("made of version %(number)d") % {"number": edition.article_version},
        source=frozen.source,
        edition=edition,
        frozen=frozen,
    )


def chosen(article: Article, token: str | None) -> Side | None:
    """The side that an address names; None where it names none, 404 where it is not this article's."""
    if not token:
        return None
    digits = token.removeprefix(EDITION)
    if digits.isascii() and digits.isdigit() and len(digits) < 19:
        if digits != token:
            edition = Edition.objects.filter(article=article, pk=int(digits)).first()
            if edition:
                return of_edition(edition)
        elif version := history.versions_of(article).filter(pk=int(digits)).first():
            return of_version(version)
    raise Http404


def offered(article: Article) -> list[tuple[str, str]]:
    """What can be chosen as a side: editions, then versions, newest first. Two queries, and no text is read."""
    rows = Edition.objects.filter(article=article).order_by("-number").values_list("pk", "number", "created_at")
    found = [
        (f"{EDITION}{pk}", _("Edition %(number)d, %(date)s") % {"number": number, "date": _day(at)})
        for pk, number, at in rows
    ]
    versions = history.versions_of(article).values_list(
        "pk", "revision__date_created", "revision__user__name", "revision__comment"
    )
    return found + [
        (str(pk), ", ".join(filter(None, [date_format(localtime(at), "j M Y, H:i"), who, why[:60]])))
        for pk, at, who, why in versions[:MOST_OFFERED]
    ]


def compared(old: Side, new: Side) -> Comparison | None:
    """The fields and the works in which two sides differ; None where one of them can't be read."""
    if old.source is None or new.source is None:
        return None
    before, after = dict(old.source), dict(new.source)
    if old.frozen or new.frozen:
        # An edition holds no link to another question.
        before.pop("follow_up_of", None)
        after.pop("follow_up_of", None)
    fields = [(LABELS[change.field], change) for change in diffs.of_sources(before, after)]
    return Comparison(fields, list(_works(old, new)))


def _works(old: Side, new: Side) -> Iterator[tuple[str, Any]]:
    """What happened to the works: as an edition froze them, or for a version as the library has them now.

    A work that is cited under another of its keys now was neither added nor removed.
    """
    keys = [history.keys_of(side.source or {}) for side in (old, new)]
    found = library.resolve(sorted(keys[0] | keys[1]))
    before, after = (_rows(side, cited, found) for side, cited in zip((old, new), keys, strict=True))
    for name, row in after.items():
        if name not in before:
            yield "added", as_work(row, row["status"])
    for name, row in before.items():
        if name not in after:
            yield "removed", as_work(row, row["status"])
        elif any(row[part] != after[name][part] for part in ("kind", "status", "csl")):
            yield "changed", as_work(after[name], after[name]["status"])


def _rows(side: Side, cited: set[str], found: dict[str, Reference]) -> dict[Any, dict[str, Any]]:
    """The snapshots of a side's works, by what tells two works apart."""
    if side.frozen:
        rows = side.frozen.frozen["references"]
    else:
        works = {found[key].pk: found[key] for key in sorted(cited) if key in found}
        rows = [
            {"number": 0, "key": work.key, "kind": work.kind, "status": work.status, "csl": to_csl(work)}
            for work in works.values()
        ]
    known = library.resolve([row["key"] for row in rows])
    return {known[row["key"]].pk if row["key"] in known else row["key"]: row for row in rows}


@dataclass(frozen=True)
class Row:
    """Paragraphs side by side, with what is only on one side marked."""

    left: tuple[diffs.Piece, ...]
    right: tuple[diffs.Piece, ...]
    is_same: bool


def side_by_side(left: str, right: str) -> list[Row]:
    """The paragraphs of two texts, each beside what it became."""
    rows = []
    for block in diffs.of_text(left, right):
        pieces = block.pieces
        rows.append(
            Row(
                # Each side as it stands: white space that differs is no change, and no part of the other text.
                tuple(replace(piece, text=piece.before or piece.text) for piece in pieces if piece.kind != diffs.ADDED),
                tuple(piece for piece in pieces if piece.kind != diffs.REMOVED),
                block.kind == diffs.SAME,
            )
        )
    return rows


def read_by(side: Side, reader: str) -> str:
    """The words of the text that a reader gets of this side: as frozen, or as it would be laid out now.

    Raises TextRefused.
    """
    if side.frozen:
        return _paragraphs(side.frozen.text_for(reader)["plain"])
    if side.version is None:
        raise TextRefused(_("This version can no longer be read."))
    article, _topics = history.article_at(side.version)
    rendering = freezing.render_article(article).rendering
    return _paragraphs(rendering.texts[rendering.text_of.get(reader, rendering.text_of[GENERAL])].plain)


def _paragraphs(plain: str) -> str:
    """Plain text has a line for each paragraph, item or row: here each is a paragraph."""
    return plain.replace("\n", "\n\n")


def _number(version: Version) -> int | None:
    try:
        return history.number_of(version)
    except (RevertError, KeyError):
        return None


def _day(at: datetime.datetime) -> str:
    return date_format(localtime(at), "j M Y")
