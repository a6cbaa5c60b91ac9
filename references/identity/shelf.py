"""The rows that may be one of many incoming works, read some hundreds at a time and compared in memory.

By which rule an incoming work is a row of the library is said here, and nowhere else. Nothing here writes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from references.folding import fold
from references.identity import keys
from references.models import Alias, Merge, Reference
from references.works import Work, same_work

LOOKED_UP_AT_ONCE = 500

DOI, PMID, PMCID, KEY, TITLE = "doi", "pmid", "pmcid", "key", "title"
"""The rules by which a work is found in the library, in this order."""

IDENTIFIERS = (DOI, PMID, PMCID)


@dataclass(frozen=True)
class Match:
    """A row that is the work looked for, and the rule that says so: one of DOI, PMID, PMCID, KEY, TITLE.

    `alias` is the other name that led to the row, where it was not the row's own.
    """

    reference: Reference
    rule: str
    alias: str = ""

    @property
    def rule_label(self) -> str:
        label = {
            DOI: _("the same DOI"),
            PMID: _("the same PMID"),
            PMCID: _("the same PMCID"),
            KEY: _("the same key and title"),
            TITLE: _("the same title, author and year"),
        }[self.rule]
        if not self.alias:
            return label
        return _("%(rule)s: %(alias)s is another name of this work") % {"rule": label, "alias": self.alias}


class Shelf:
    """The rows that may be one of the incoming works (given in normal form), and those that were put beside them."""

    def __init__(self, works: Sequence[Work]) -> None:
        self.rows: dict[str, dict[str, Reference]] = {DOI: {}, PMID: {}, PMCID: {}, KEY: {}}
        self.titles: dict[tuple[str, str], list[Reference]] = {}
        self._aliases: dict[tuple[str, str], Alias] = {}
        # Each row once, however many of its names were asked for.
        self._known: dict[int, Reference] = {}
        # What rows will say whose empty fields are filled, by their primary keys.
        self.filled: dict[int, Work] = {}
        # What a row was called that was merged into the one which a key leads to now.
        self._gone: dict[str, Work] = {}
        # Keys that no made key may be: those in use and those that an incoming work asks for.
        self.taken: set[str] = {keys.normal(work.key) for work in works}
        for scheme in IDENTIFIERS:
            values = [getattr(work, scheme) for work in works]
            self._read(scheme, values)
            self._read_aliases(scheme, values)
        wanted = [keys.normal(work.key) for work in works]
        self._read("key_normal", wanted)
        self._read_aliases(KEY, wanted)
        asked = Counter(wanted)
        unresolved = [work for work in works if not work.key or self._clashes(work) or asked[keys.normal(work.key)] > 1]
        if unresolved:
            self._read("title", (work.title for work in unresolved))
            self.taken.update(Reference.objects.order_by().values_list("key_normal", flat=True))
            self.taken.update(Alias.objects.filter(scheme=KEY).values_list("value", flat=True))

    def put(self, reference: Reference) -> None:
        """Make a row findable. What an earlier row holds under an identifier stays."""
        for rule in IDENTIFIERS:
            if value := getattr(reference, rule):
                self.rows[rule].setdefault(value, reference)
        if self.rows[KEY].setdefault(reference.key_normal, reference) is reference:
            self.taken.add(reference.key_normal)
            self.titles.setdefault(_same_words(reference), []).append(reference)

    def find(self, work: Work) -> Match | None:
        """The row that is this work: by an identifier or an alias of it, by key and title, or by title alone."""
        for rule in IDENTIFIERS:
            value = getattr(work, rule)
            row = self.rows[rule].get(value) if value else None
            # A PMCID is not one row's alone, so that a better identifier may contradict it.
            if row is not None and not (rule == PMCID and _contradicts(work, row)):
                return Match(row, rule, self._alias(rule, value, row))
        holder = self.holder(work.key)
        if holder is not None and self._is(work, holder):
            return Match(holder, KEY, self._alias(KEY, keys.normal(work.key), holder))
        if holder is not None or not work.key:
            return self._by_title(work)
        return None

    def holder(self, key: str) -> Reference | None:
        """The row to which a key leads."""
        return self.rows[KEY].get(keys.normal(key)) if key else None

    def free(self, scheme: str, value: str, reference: Reference) -> bool:
        """Whether the row may take this identifier: no other row that was read has it."""
        return self.rows[scheme].setdefault(value, reference) is reference

    def _by_title(self, work: Work) -> Match | None:
        """The row with the same title, address, first author and year: what an earlier run added under a made key."""
        for row in self.titles.get(_same_words(work), []):
            if _base(row) == _base(work) and same_work(row, work):
                return Match(row, TITLE)
        return None

    def _is(self, work: Work, holder: Reference) -> bool:
        """Whether the work under a key is this row, or the one that bore the key and was merged into it."""
        if same_work(holder, work):
            return True
        gone = self._gone.get(keys.normal(work.key))
        return gone is not None and not _contradicts(work, holder) and same_work(gone, work)

    def _clashes(self, work: Work) -> bool:
        holder = self.holder(work.key)
        return holder is not None and not self._is(work, holder)

    def _alias(self, scheme: str, value: str, row: Reference) -> str:
        alias = self._aliases.get((scheme, value))
        return alias.written if alias is not None and alias.reference_id == row.pk else ""

    def _read(self, column: str, values: Iterable[str | None]) -> None:
        for chunk in chunks(values):
            for row in Reference.objects.filter(**{f"{column}__in": chunk}).order_by("pk"):
                self.put(self._known.setdefault(row.pk, row))

    def _read_aliases(self, scheme: str, values: Iterable[str | None]) -> None:
        """Rows by other names of theirs. A row whose own name it is comes first."""
        for chunk in chunks(values):
            found = Alias.objects.filter(scheme=scheme, value__in=chunk).select_related("reference")
            names = [alias for alias in found if alias.value not in self.rows[scheme]]
            for alias in names:
                row = self._known.setdefault(alias.reference_id, alias.reference)
                self.put(row)
                self.rows[scheme][alias.value] = row
                self._aliases[scheme, alias.value] = alias
            if scheme == KEY and names:
                gone = Merge.objects.filter(gone_key__in=[alias.written for alias in names]).order_by("at", "pk")
                self._gone.update((keys.normal(merge.gone_key), _work_of(merge.gone)) for merge in gone)


def chunks(values: Iterable[str | None]) -> Iterator[list[str]]:
    """The values without repetition, in order, as many at a time as one query asks for."""
    distinct = sorted({value for value in values if value})
    for start in range(0, len(distinct), LOOKED_UP_AT_ONCE):
        yield distinct[start : start + LOOKED_UP_AT_ONCE]


def _work_of(gone: dict[str, Any]) -> Work:
    """What a merged row said of itself, as far as it tells works apart."""
    return Work(
        title=gone.get("title") or "",
        url=gone.get("url") or "",
        year=gone.get("year"),
        doi=gone.get("doi"),
        pmid=gone.get("pmid"),
    )


def _contradicts(work: Work, row: Reference) -> bool:
    """Whether DOI or PMID say that these are two works."""
    return any(ours and theirs and ours != theirs for ours, theirs in ((row.doi, work.doi), (row.pmid, work.pmid)))


def _base(work: Work | Reference) -> str:
    return keys.base_key(work.authors, work.year, work.title)


def _same_words(work: Work | Reference) -> tuple[str, str]:
    """What two entries of one work surely share: title and address."""
    return fold(work.title), work.url
