"""Finding works in the library: by words, each the beginning of a word of the work, and by any identifier or old key.

Two ways to the same works. Few works: the index names them (FTS5 on SQLite, GIN on PostgreSQL: search_index.py) and
the rest is asked of these alone. Many works: the list is read in its own order and each row is looked at, which
soon fills a page, because many fit. So neither one letter nor ten words make a search slow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import F, OrderBy, Q, QuerySet, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from references.folding import tidy_line
from references.identity import identifiers, keys
from references.models import Alias, Reference
from references.searching.search_index import FTS, VECTOR
from references.searching.words import words_of

LONG = ("search_text", "abstract")
"""Columns that a list does not fetch, for it shows nothing of them."""

LONGEST_QUERY = 1000
MOST_WORDS = 10
FEW = 1000
"""Up to so many works the index names; and so far a narrowed list is counted."""
SOME = 400
"""So far a narrowed list is counted whose words are frequent: each of its rows has to be looked at."""

KEY, YEAR, NEWEST = "key", "year", "newest"
ORDERS: dict[str, tuple[str | OrderBy, ...]] = {
    KEY: ("key_normal",),
    YEAR: (F("year").desc(nulls_last=True), "key_normal"),
    NEWEST: ("-created_at", "-id"),
}
"""The orders of a list. Each is unique, and has an index."""

_READERS: dict[str, Callable[[str], str | None]] = {
    "doi": identifiers.doi,
    "pmid": identifiers.pmid,
    "pmcid": identifiers.pmcid,
    "isbn": identifiers.isbn,
    "nct": identifiers.nct,
}
_ALIASES = {Alias.Scheme.DOI: "doi", Alias.Scheme.PMID: "pmid", Alias.Scheme.PMCID: "pmcid"}


@dataclass(frozen=True)
class Asked:
    """What somebody typed: its words, and the identifiers and keys that it may be as a whole."""

    words: tuple[str, ...] = ()
    exact: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.words or self.exact)


@dataclass(frozen=True)
class Count:
    """How many works a list has: exactly, or so many at least."""

    number: int
    is_exact: bool = True


def asked(query: str) -> Asked:
    """Read a query: its words as the index has them, DOIs and other identifiers among them in any form.

    At most MOST_WORDS words count. No text is refused; one without a letter or digit asks for nothing.
    """
    line = tidy_line(query[:LONGEST_QUERY])
    if not line:
        return Asked()
    joined = re.sub(r"(?i)\b(doi|pmid|pmcid)\s*:\s*", r"\1:", line)
    words = dict.fromkeys(word for given in joined.split() for word in words_of(_as_stored(given)))
    exact = {"key": keys.normal(re.sub(r"^\[?@\{?|\}?\]?$", "", line))}
    for name, read in _READERS.items():
        try:
            exact[name] = read(line) or ""
        except ValueError:
            continue
    return Asked(tuple(words)[:MOST_WORDS], {name: value for name, value in exact.items() if value})


def _is_settled(what: Asked, exact: Sequence[int]) -> bool:
    """Whether nothing is left to look for by words: the whole is a DOI or a trial's number, and was found."""
    return bool(exact) and bool(what.exact.keys() & {"doi", "nct"})


def exactly(what: Asked) -> list[int]:
    """The works whose key or identifier, old or own, the query is as a whole. Two queries at most."""
    if not what.exact:
        return []
    own, old = Q(key_normal=what.exact.get("key", "")), Q(pk__in=[])
    for name, value in what.exact.items():
        if name != "key":
            own |= Q(**{name: value})
    for scheme, name in {Alias.Scheme.KEY: "key", **_ALIASES}.items():
        if name in what.exact:
            old |= Q(scheme=scheme, value=what.exact[name])
    found = [*Reference.objects.filter(own).order_by("pk").values_list("pk", flat=True)]
    found += Alias.objects.filter(old).order_by("pk").values_list("reference", flat=True)
    return list(dict.fromkeys(found))


def search(query: str, among: QuerySet[Reference] | None = None) -> QuerySet[Reference]:
    """The works that the query finds: every word begins one of theirs, or the whole is a key or identifier of theirs.

    Case and accents count for nothing. An empty query finds all; one of signs alone none. One to three queries are
    asked here and now, so that the set that comes back is quick.
    """
    rows = Reference.objects.all() if among is None else among
    if not query.strip():
        return rows
    what = asked(query)
    exact = exactly(what)
    condition = _condition(what.words, [] if _is_settled(what, exact) else _few(what.words))
    return rows.filter(condition | Q(pk__in=exact) if exact else condition)


class Listing:
    """A list of works: found, narrowed, in order, exact hits first. Asks for one page at a time."""

    def __init__(
        self, rows: QuerySet[Reference], *, query: str = "", order: str = KEY, is_narrowed: bool = False
    ) -> None:
        """`rows` is without order; `is_narrowed` says that it leaves works out in a way that no index counts."""
        self.order = ORDERS[order]
        # What the index of this order holds besides, so that a late page is reached by the index alone.
        self._names = "pk" if order == NEWEST else "key_normal"
        self._is_narrowed = is_narrowed
        self._are_many = False
        self._first: list[Reference] = []
        # How many rows there are beside the first, once that was counted exactly.
        self._total: int | None = None
        self.is_searched = bool(query.strip())
        if self.is_searched:
            what = asked(query)
            exact = exactly(what)
            if exact:
                found = rows.defer(*LONG).in_bulk(exact)
                self._first = [found[pk] for pk in exact if pk in found]
            few = [] if _is_settled(what, exact) else _few(what.words)
            self._are_many = few is None
            rows = rows.filter(_condition(what.words, few)).exclude(pk__in=[work.pk for work in self._first])
        self.rows = rows

    def count(self) -> Count:
        """How many there are: exactly where that is quick to say, else up to FEW or SOME. One query, or none."""
        if not self.is_searched and not self._is_narrowed:
            self._total = self.rows.order_by().count()
            return Count(self._total)
        if self._are_many and not self._is_narrowed:
            return Count(FEW, is_exact=False)
        most = SOME if self._are_many else FEW
        number = self.rows.order_by()[: most + 1].count()
        return Count(min(number, most) + len(self._first), is_exact=number <= most)

    def page(self, start: int, length: int) -> tuple[list[Reference], bool]:
        """The works from place `start`, and whether more follow. Two queries.

        The first reads the order alone, from an index where there is one; so a late page reads no row before its own.
        In a list that was counted, a page of the second half is reached from the end.
        """
        works = self._first[start : start + length]
        at, wanted = max(0, start - len(self._first)), length - len(works)
        ordered = self.rows.order_by(*self.order).values_list(self._names, flat=True)
        if self._total is not None and self._total // 2 < at < self._total:
            end = max(0, self._total - at - wanted - 1)
            names = list(ordered.reverse()[end : self._total - at])[::-1]
        else:
            names = list(ordered[at : at + wanted + 1])
        rows = Reference.objects.defer(*LONG).in_bulk(names[:wanted], field_name=self._names)
        works += [rows[name] for name in names[:wanted] if name in rows]
        return works, len(names) > wanted


def _condition(words: Sequence[str], few: Sequence[int] | None) -> Q:
    """What makes a work one of those found: few by their ids, many by their words.

    Not by LIKE, which PostgreSQL believes to be rare, so that it would read and sort the whole library for a page.
    """
    if few is not None:
        return Q(pk__in=few)
    return Q(*(GreaterThan(StrIndex("search_text", Value(f" {word}")), 0) for word in words))


def _few(words: Sequence[str]) -> list[int] | None:
    """The ids of the works that hold all these words, of which there are some; None where they are more than FEW."""
    if not words:
        return []
    sql, params = _on_sqlite(words) if connection.vendor == "sqlite" else _on_postgresql(words)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT {FEW + 1}", params)
        found = [row[0] for row in cursor.fetchall()]
    return found if len(found) <= FEW else None


def _on_sqlite(words: Sequence[str]) -> tuple[str, list[Any]]:
    match = " AND ".join(f'"{word}" *' for word in words)
    return f"SELECT rowid FROM {FTS} WHERE {FTS} MATCH %s", [match]  # noqa: S608 - our own names


def _on_postgresql(words: Sequence[str]) -> tuple[str, list[Any]]:
    match = " & ".join(f"'{word}':*" for word in words)
    return f"SELECT id FROM references_reference WHERE {VECTOR} @@ %s::tsquery", [match]  # noqa: S608


def _as_stored(word: str) -> str:
    """An identifier in the form in which it is stored; any other word as it is."""
    names: list[str] = []
    if "10." in word and ("/" in word or "%" in word):
        names.append("doi")
    if re.match(r"(?i)pmid:|.*pubmed", word):
        names.append("pmid")
    if re.match(r"(?i)pmcid:|.*/pmc", word):
        names.append("pmcid")
    if "clinicaltrials.gov" in word.lower():
        names.append("nct")
    for name in names:
        try:
            return _READERS[name](word) or word
        except ValueError:
            continue
    return word
