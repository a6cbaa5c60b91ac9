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
        self.rows: dict[str, dict[str, Reference]] = {DOI: {}, PMID: {}, KEY: {}}
        # A PMCID is not one row's alone.
        self.sharing: dict[str, list[Reference]] = {}
        self.titles: dict[tuple[str, str], list[Reference]] = {}
        self._aliases: dict[tuple[str, str], Alias] = {}
        # Each row once, however many of its names were asked for.
        self._known: dict[int, Reference] = {}
        # What rows will say whose empty fields are filled, and what was found to be them, by their primary keys.
        self._filled: dict[int, Work] = {}
        self._found: dict[int, list[tuple[Work, str]]] = {}
        # What a row was called that was merged into the one which a key leads to now.
        self._gone: dict[str, Work] = {}
        # Keys that no made key may be: those in use, once they are read, and those that an incoming work asks for.
        self._taken: set[str] = {keys.normal(work.key) for work in works}
        self._all_read = False
        self._titles_read: set[str] = set()
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
            self._read_titles(work.title for work in unresolved)

    def put(self, reference: Reference) -> None:
        """Make a row findable. What an earlier row holds under a DOI, a PMID or a key stays."""
        self._put_under_identifiers(reference, reference)
        if self.rows[KEY].setdefault(reference.key_normal, reference) is reference:
            self._taken.add(reference.key_normal)
            self._put_under_title(reference, reference)

    def says(self, row: Reference) -> Work | Reference:
        """What the row says, or will say once it is filled."""
        return row if row.pk is None else self._filled.get(row.pk, row)

    def fill(self, row: Reference, says: Work) -> None:
        """Have the row, which is in the library, say this from now on, and be found by it."""
        self._filled[row.pk] = says
        self._put_under_identifiers(row, says)
        self._put_under_title(row, says)

    def may_say(self, row: Reference, name: str, says: Work) -> bool:
        """Whether the row may say this, with one more field filled.

        An identifier that is another row's fills nothing. And nobody fills a field by which an earlier entry of the
        file would no longer be found to be this row, so that a second run finds what the first one did.
        """
        value = getattr(says, name)
        if name in (DOI, PMID) and self.rows[name].get(value, row) is not row:
            return False
        if name == PMCID and any(other is not row for other in self.sharing.get(value, ())):
            return False
        return all(self._is_still(work, rule, row, says) for work, rule in self._found.get(row.pk, ()))

    def keep_found(self, work: Work, match: Match) -> None:
        """Remember what was found to be a row of the library: a field filled later must leave it so.

        What was found by a DOI or a PMID is so whatever else is filled.
        """
        if match.rule not in (DOI, PMID):
            self._found.setdefault(match.reference.pk, []).append((work, match.rule))

    @property
    def taken(self) -> set[str]:
        """Normal forms of the keys that no made key may be."""
        if not self._all_read:
            self._taken.update(Reference.objects.order_by().values_list("key_normal", flat=True))
            self._taken.update(Alias.objects.filter(scheme=KEY).values_list("value", flat=True))
            self._all_read = True
        return self._taken

    def find(self, work: Work) -> Match | None:
        """The row that is this work: by an identifier or an alias of it, by key and title, or by title alone."""
        for rule in (DOI, PMID):
            value = getattr(work, rule)
            row = self.rows[rule].get(value) if value else None
            if row is not None:
                return Match(row, rule, self._alias(rule, value, row))
        pmcid = work.pmcid or ""
        for row in self.sharing.get(pmcid, ()):
            # A better identifier may contradict it.
            if not _contradicts(work, self.says(row)):
                return Match(row, PMCID, self._alias(PMCID, pmcid, row))
        holder = self.holder(work.key)
        if holder is not None and self._is(work, holder):
            return Match(holder, KEY, self._alias(KEY, keys.normal(work.key), holder))
        if holder is not None or not work.key:
            return self._by_title(work)
        return None

    def holder(self, key: str) -> Reference | None:
        """The row to which a key leads."""
        return self.rows[KEY].get(keys.normal(key)) if key else None

    def _by_title(self, work: Work) -> Match | None:
        """The row with the same title, address, first author and year: what an earlier run added under a made key."""
        # A row that was filled may have let a work go that it was when the titles were read.
        self._read_titles([work.title])
        for row in self.titles.get(_same_words(work), []):
            if _is_titled(work, self.says(row)):
                return Match(row, TITLE)
        return None

    def _is(self, work: Work, holder: Reference) -> bool:
        """Whether the work under a key is this row, or the one that bore the key and was merged into it."""
        return self._is_called(work, self.says(holder))

    def _is_called(self, work: Work, says: Work | Reference) -> bool:
        """Whether the work under a key is the row that says this, or the one that was merged into it."""
        if same_work(says, work):
            return True
        gone = self._gone.get(keys.normal(work.key))
        return gone is not None and not _contradicts(work, says) and same_work(gone, work)

    def _is_still(self, work: Work, rule: str, row: Reference, says: Work) -> bool:
        """Whether a work that was found to be a row by a rule is so, too, where the row says this."""
        if rule == PMCID:
            return not _contradicts(work, says)
        return self._is_called(work, says) if rule == KEY else _is_titled(work, says)

    def _clashes(self, work: Work) -> bool:
        holder = self.holder(work.key)
        return holder is not None and not self._is(work, holder)

    def _alias(self, scheme: str, value: str, row: Reference) -> str:
        alias = self._aliases.get((scheme, value))
        return alias.written if alias is not None and alias.reference_id == row.pk else ""

    def _put_under_identifiers(self, row: Reference, says: Work | Reference) -> None:
        for rule in (DOI, PMID):
            if value := getattr(says, rule):
                self.rows[rule].setdefault(value, row)
        if says.pmcid:
            self._share(says.pmcid, row)

    def _put_under_title(self, row: Reference, says: Work | Reference) -> None:
        titled = self.titles.setdefault(_same_words(says), [])
        if not any(other is row for other in titled):
            titled.append(row)

    def _share(self, pmcid: str, row: Reference) -> None:
        sharing = self.sharing.setdefault(pmcid, [])
        if not any(other is row for other in sharing):
            sharing.append(row)

    def _read_titles(self, titles: Iterable[str]) -> None:
        missing = {title for title in titles if title not in self._titles_read}
        self._titles_read |= missing
        self._read("title", missing)

    def _read(self, column: str, values: Iterable[str | None]) -> None:
        for chunk in chunks(values):
            for row in Reference.objects.filter(**{f"{column}__in": chunk}).order_by("pk"):
                self.put(self._known.setdefault(row.pk, row))

    def _read_aliases(self, scheme: str, values: Iterable[str | None]) -> None:
        """Rows by other names of theirs. A row whose own name it is comes first."""
        for chunk in chunks(values):
            found = Alias.objects.filter(scheme=scheme, value__in=chunk).select_related("reference")
            own = self.sharing if scheme == PMCID else self.rows[scheme]
            names = [alias for alias in found if alias.value not in own]
            for alias in names:
                row = self._known.setdefault(alias.reference_id, alias.reference)
                self.put(row)
                if scheme == PMCID:
                    self._share(alias.value, row)
                else:
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


def _contradicts(work: Work, row: Work | Reference) -> bool:
    """Whether DOI or PMID say that these are two works."""
    return any(ours and theirs and ours != theirs for ours, theirs in ((row.doi, work.doi), (row.pmid, work.pmid)))


def _base(work: Work | Reference) -> str:
    return keys.base_key(work.authors, work.year, work.title)


def _is_titled(work: Work, says: Work | Reference) -> bool:
    """Whether two have the same title, address, first author and year, and no DOI or PMID contradicts."""
    return _same_words(says) == _same_words(work) and _base(says) == _base(work) and same_work(says, work)


def _same_words(work: Work | Reference) -> tuple[str, str]:
    """What two entries of one work surely share: title and address."""
    return fold(work.title), work.url
