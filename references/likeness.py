"""Likely duplicates in the library: pairs of rows that may be one work, and rows that an incoming work may be.

Works are compared within blocks only (references/blocks.py), never all with all: those whose titles begin alike, and
those of one first author in one year or in two that follow. A block of more than `LARGEST_BLOCK` works is divided by
the words of the titles; what is still too large is sorted, and each work is compared with the few after it. How two
works are compared stands in references/alike.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from django.db.models import Count, Q

from references import blocks
from references.alike import Face, alike
from references.models import Alias, Likeness, Reference
from references.works import Work

LARGEST_BLOCK = 200
_AT_ONCE = 500
_MOST_SHOWN = 5


class Likely(NamedTuple):
    """A row that may be an incoming work. `rule` is of `Likeness.Rule`."""

    reference: Reference
    score: int
    rule: str


def likely(works: Sequence[Work]) -> dict[int, list[Likely]]:
    """The rows that may be each of these works (in normal form), by position, the most alike first; five at most.

    Works like which there is nothing are left out. A few queries for each 500 works.
    """
    found: dict[int, list[Likely]] = {}
    for start in range(0, len(works), _AT_ONCE):
        chunk = works[start : start + _AT_ONCE]
        shelf = _Near(chunk)
        for at, work in enumerate(chunk, start):
            if rows := shelf.like(work):
                found[at] = rows[:_MOST_SHOWN]
    return found


class _Near:
    """The rows near some works: in their blocks, and under their identifiers."""

    def __init__(self, works: Sequence[Work]) -> None:
        self.rows: dict[int, Reference] = {}
        self.faces: dict[int, Face] = {}
        self.by: dict[tuple[str, str], list[int]] = defaultdict(list)
        titles = {block for work in works if (block := blocks.of_title(work.title))}
        authors = {block for work in works for block in _author_blocks(work)}
        # What many rows share says little of each: there, title and author together.
        many_titles, many_authors = _crowded("title_block", titles), _crowded("author_block", authors)
        self._read(Q(title_block__in=titles - many_titles))
        self._read(Q(author_block__in=authors - many_authors))
        if many_titles:
            both = Q(title__in={work.title for work in works}) | Q(author_block__in=authors)
            self._read(Q(title_block__in=many_titles) & both)
        for name in ("pmcid", "isbn"):
            self._read(Q(**{f"{name}__in": {value for work in works if (value := getattr(work, name))}}))
        self.aliases = _aliases_of(works)
        self._read(Q(pk__in=set(self.aliases.values()) - self.rows.keys()))

    def like(self, work: Work) -> list[Likely]:
        """The rows that may be this work, the most alike first."""
        face = Face.of(work)
        by_alias = {pk for name in _ALIASED if (pk := self.aliases.get((name, getattr(work, name) or "")))}
        found = [Likely(self.rows[pk], 100, Likeness.Rule.IDENTIFIER) for pk in by_alias if pk in self.rows]
        near = {pk for place in _places(work) for pk in self.by.get(place, ())[:LARGEST_BLOCK]}
        for pk in near - by_alias:
            if result := alike(face, self._face(pk)):
                found.append(Likely(self.rows[pk], result.score, result.rule))
        return sorted(found, key=lambda each: (-each.score, each.reference.pk))

    def _face(self, pk: int) -> Face:
        if pk not in self.faces:
            self.faces[pk] = Face.of(self.rows[pk])
        return self.faces[pk]

    def _read(self, condition: Q) -> None:
        rows = Reference.objects.filter(condition).order_by("pk").defer("abstract", "search_text")
        for row in rows[: LARGEST_BLOCK * _AT_ONCE]:
            if row.pk not in self.rows:
                self.rows[row.pk] = row
                for place in _places(row):
                    self.by[place].append(row.pk)


def _places(work: Work | Reference) -> Iterator[tuple[str, str]]:
    """Where a work is looked for and found: blocks and identifiers that need not be one work's alone."""
    yield "title", blocks.of_title(work.title)
    if isinstance(work, Reference):
        yield "author", work.author_block
    else:
        yield from (("author", block) for block in _author_blocks(work))
    yield from ((name, value) for name in ("pmcid", "isbn") if (value := getattr(work, name)))


def _author_blocks(work: Work) -> list[str]:
    """The blocks of the first author in the work's year and in those beside it."""
    if work.year is None:
        return []
    found = (blocks.of_author(work.authors, work.year + step) for step in (0, -1, 1))
    return [block for block in found if block]


def _crowded(column: str, values: Iterable[str]) -> set[str]:
    rows = Reference.objects.filter(**{f"{column}__in": values}).order_by()
    counts = rows.values_list(column).annotate(count=Count("pk")).filter(count__gt=LARGEST_BLOCK)
    return {value for value, _count in counts}


_ALIASED = (Alias.Scheme.DOI, Alias.Scheme.PMID, Alias.Scheme.PMCID)


def _aliases_of(works: Iterable[Work]) -> dict[tuple[str, str], int]:
    values = {value for work in works for name in _ALIASED if (value := getattr(work, name))}
    rows = Alias.objects.filter(value__in=values, scheme__in=_ALIASED)
    return {(scheme, value): pk for scheme, value, pk in rows.values_list("scheme", "value", "reference")}
