"""Likely duplicates in the library: pairs of rows that may be one work, and rows that an incoming work may be.

Works are compared within blocks only (blocks.py), never all with all: those whose titles begin alike, and those of one
first author in one year or in two that follow. A block of more than `LARGEST_BLOCK` works is divided by
the words of the titles; what is still too large is sorted, and each work is compared with the few after it. How two
works are compared stands in references/identity/alike.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations, groupby, product
from operator import itemgetter
from typing import Any, NamedTuple

from celery import shared_task
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from references.identity import blocks
from references.identity.alike import COLUMNS, Alikeness, Face, alike, of_name
from references.models import Alias, Likeness, Reference, Relation
from references.works import Work

LARGEST_BLOCK = 200
_AT_ONCE = 500
_MOST_SHOWN = 5
_WORDS_OF_A_BLOCK = 3
_NEIGHBOURS = 10
_ALIASED = (Alias.Scheme.DOI, Alias.Scheme.PMID, Alias.Scheme.PMCID)


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


def find_all(*, progress: Callable[[int, int], None] | None = None) -> int:
    """Look through the whole library, store the pairs that may be one work, and return how many are open.

    Pairs that no longer hold go; those that somebody called two works stay so. Works that are known to be versions of
    one another (`Relation`) are no duplicates. `progress` is told how many steps of how many are done: each work is
    one in each of two rounds. Running it twice, or two at once, does nothing twice.
    """
    found: dict[tuple[int, int], Alikeness] = dict.fromkeys(_aliased(), Alikeness(100, Likeness.Rule.IDENTIFIER))
    versions = _versions()
    total, done = 2 * Reference.objects.count(), 0
    for pairs, steps in chain(_by_title(), _by_author(), _by_identifier()):
        for one, other in pairs:
            pair = (min(one.pk, other.pk), max(one.pk, other.pk))
            if pair not in found and pair not in versions and (result := alike(one, other)):
                found[pair] = result
        done += steps
        if progress is not None and steps:
            progress(min(done, total), total)
    _store(found)
    return Likeness.objects.filter(dismissed_at=None).count()


@shared_task(time_limit=3600)
def find_duplicates() -> None:
    """Look through the whole library, every night."""
    find_all()


def tell_apart(one: Reference, other: Reference, *, by: AbstractBaseUser) -> None:
    """Record that two works are two: the pair is not shown again. What somebody recorded already stays theirs."""
    first, second = sorted((one.pk, other.pk))
    judged = {"dismissed_at": timezone.now(), "dismissed_by": by}
    row, is_new = Likeness.objects.get_or_create(
        first_id=first, second_id=second, defaults={"rule": Likeness.Rule.TITLE, "score": 0, **judged}
    )
    if not is_new:
        Likeness.objects.filter(pk=row.pk, dismissed_at=None).update(**judged)


_Pairs = tuple[Iterable[tuple[Face, Face]], int]
"""Pairs to compare, and how many works were looked at for them."""


def _by_title() -> Iterator[_Pairs]:
    for _block, faces in _blocks("title_block"):
        yield _within(faces), len(faces)


def _by_author() -> Iterator[_Pairs]:
    """Those of one author in one year, and in two that follow: in the order of blocks they stand side by side."""
    before: list[Face] = []
    name_before, year_before = "", 0
    for block, faces in _blocks("author_block"):
        name, year = block.rsplit(" ", 1)
        yield _within(faces), len(faces)
        if name == name_before and int(year) == year_before + 1:
            yield _between(before, faces), 0
        before, name_before, year_before = faces, name, int(year)


def _by_identifier() -> Iterator[_Pairs]:
    for name in ("pmcid", "isbn"):
        rows = Reference.objects.exclude(**{name: None}).order_by()
        twice = rows.values_list(name).annotate(count=Count("pk")).filter(count__gt=1).values(name)
        for _value, faces in _blocks(name, Q(**{f"{name}__in": twice})):
            yield _within(faces), 0


def _blocks(column: str, condition: Q | None = None) -> Iterator[tuple[str, list[Face]]]:
    """The works by block, read as they are needed."""
    rows = Reference.objects.filter(condition) if condition else Reference.objects.exclude(**{column: ""})
    values = rows.order_by(column, "pk").values_list(column, "pk", "authors__0", *COLUMNS)
    for block, group in groupby(values.iterator(chunk_size=2000), key=itemgetter(0)):
        yield (
            block,
            [
                Face(pk=pk, author=of_name(name or {}), **dict(zip(COLUMNS, rest, strict=True)))
                for _block, pk, name, *rest in group
            ],
        )


def _within(faces: Sequence[Face]) -> Iterator[tuple[Face, Face]]:
    """The pairs of a block: all of a small one, and of a larger one those that share a word or stand side by side."""
    if len(faces) <= LARGEST_BLOCK:
        yield from combinations(faces, 2)
        return
    for finer in _divided(faces):
        yield from combinations(finer, 2) if len(finer) <= LARGEST_BLOCK else _neighbours(finer)


def _between(ours: Sequence[Face], theirs: Sequence[Face]) -> Iterator[tuple[Face, Face]]:
    """The pairs of two blocks, one of each."""
    if len(ours) + len(theirs) <= LARGEST_BLOCK:
        yield from product(ours, theirs)
        return
    mine = {face.pk for face in ours}
    yield from ((one, other) for one, other in _within([*ours, *theirs]) if (one.pk in mine) != (other.pk in mine))


def _divided(faces: Sequence[Face]) -> Iterable[list[Face]]:
    """A block in finer ones: by author and year, and by each of a title's longest words, so that a slip in one of
    them leaves the others.
    """
    finer: dict[tuple[object, ...], list[Face]] = defaultdict(list)
    for face in faces:
        finer[face.author, face.year].append(face)
        for word in sorted(set(face.words), key=lambda word: (-len(word), word))[:_WORDS_OF_A_BLOCK]:
            finer[(word,)].append(face)
    return finer.values()


def _neighbours(faces: Sequence[Face]) -> Iterator[tuple[Face, Face]]:
    """Each of many with the few that follow it in order: the sorted neighbourhood of Hernández and Stolfo (1995)."""
    order = sorted(faces, key=lambda face: (face.words, face.author, face.year or 0, face.pk))
    for at, one in enumerate(order):
        for other in order[at + 1 : at + 1 + _NEIGHBOURS]:
            yield one, other


def _aliased() -> Iterator[tuple[int, int]]:
    """Rows that bear an identifier which is another row's alias."""
    for scheme in _ALIASED:
        aliases = dict(Alias.objects.filter(scheme=scheme).values_list("value", "reference"))
        values = Alias.objects.filter(scheme=scheme).values("value")
        for pk, value in Reference.objects.filter(**{f"{scheme}__in": values}).values_list("pk", scheme.value):
            if (other := aliases.get(value, pk)) != pk:
                yield min(pk, other), max(pk, other)


def _versions() -> set[tuple[int, int]]:
    # What a register calls identical is a duplicate, if anything is.
    related = Relation.objects.filter(other__isnull=False).exclude(kind=Relation.Kind.IDENTICAL_TO)
    rows = related.order_by().values_list("reference", "other")
    return {(min(pair), max(pair)) for pair in rows}


def _store(found: Mapping[tuple[int, int], Alikeness]) -> None:
    """Write what was found, change what was found otherwise, and drop what was not, but for what somebody judged."""
    here = {(row.first_id, row.second_id): row for row in Likeness.objects.all()}
    gone = [row.pk for pair, row in here.items() if pair not in found and row.dismissed_at is None]
    for pks in _chunks(gone):
        Likeness.objects.filter(pk__in=pks, dismissed_at=None).delete()
    for row in here.values():
        result = found.get((row.first_id, row.second_id))
        if result and (row.score, row.rule) != result:
            Likeness.objects.filter(pk=row.pk).update(score=result.score, rule=result.rule)
    for pairs in _chunks([pair for pair in found if pair not in here]):
        with transaction.atomic():
            # A row that was merged meanwhile is gone; one that is here stays until this is written.
            wanted = {pk for pair in pairs for pk in pair}
            rows = Reference.objects.filter(pk__in=wanted).order_by("pk").select_for_update(no_key=True)
            stand = set(rows.values_list("pk", flat=True))
            new = [
                Likeness(first_id=first, second_id=second, **found[first, second]._asdict())
                for first, second in pairs
                if {first, second} <= stand
            ]
            Likeness.objects.bulk_create(new, ignore_conflicts=True)


def _chunks(many: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(many), _AT_ONCE):
        yield many[start : start + _AT_ONCE]


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


def _aliases_of(works: Iterable[Work]) -> dict[tuple[str, str], int]:
    values = {value for work in works for name in _ALIASED if (value := getattr(work, name))}
    rows = Alias.objects.filter(value__in=values, scheme__in=_ALIASED)
    return {(scheme, value): pk for scheme, value, pk in rows.values_list("scheme", "value", "reference")}
