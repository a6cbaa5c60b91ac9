"""The actions of the library: save a work, take in many, find one. Nothing else writes a `Reference`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import reversion
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from references import identifiers, keys
from references.folding import fold, quoted
from references.models import Alias, Reference
from references.works import Errors, Work, clean, differences, same_work

MOST_WORDS_SEARCHED = 10
_LOOKED_UP_AT_ONCE = 500

DOI, PMID, KEY, TITLE = "doi", "pmid", "key", "title"
"""The rules by which a work is found in the library."""


@dataclass(frozen=True)
class Match:
    """A row that is the work looked for, and the rule that says so: one of DOI, PMID, KEY, TITLE."""

    reference: Reference
    rule: str

    @property
    def rule_label(self) -> str:
        return {
            DOI: _("the same DOI"),
            PMID: _("the same PMID"),
            KEY: _("the same key and title"),
            TITLE: _("the same title, author and year"),
        }[self.rule]


@dataclass(frozen=True)
class Found:
    """An incoming work that the library has. `differs` names the fields in which it says something else."""

    work: Work
    match: Match
    differs: tuple[str, ...]


@dataclass(frozen=True)
class Refused:
    """An incoming work that was not added, with the reason; `reference` is the work that has its key, if one has."""

    work: Work
    reference: Reference | None
    message: str


@dataclass
class Outcome:
    """What `add_works` did. `keys` leads from each incoming id to the key in the library."""

    added: list[Reference] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)


def save_reference(reference: Reference, *, by: AbstractBaseUser, comment: str = "") -> Reference:
    """Check and save a new or changed row as one version of its history, and return it in normal form.

    A new row without a key gets author-year-word. A row that says what is stored already makes no version. Raises
    ValidationError with sentences by field: what cannot be read, an identifier or a key that another work has, a
    changed key (texts cite it).
    """
    work, errors = clean(Work.of(reference))
    stored = Reference.objects.filter(pk=reference.pk).first() if reference.pk else None
    if stored and work.key != stored.key:
        errors.setdefault("key", []).append(
            _("The key of a work stays as it is, because texts cite it: %(key)s.") % {"key": stored.key}
        )
    if not stored and not work.key and "title" not in errors:
        base = keys.base_key(work.authors, work.year, work.title)
        taken = Reference.objects.filter(key_normal__startswith=base).values_list("key_normal", flat=True)
        work.key = keys.make_key(work.authors, work.year, work.title, set(taken))
    for name, messages in _taken_errors(work, reference.pk).items():
        errors.setdefault(name, []).extend(messages)
    if errors:
        raise ValidationError(errors)
    if stored and work == Work.of(stored):
        return stored
    for name, value in work.values().items():
        setattr(reference, name, value)
    reference.updated_at = timezone.now()
    try:
        with reversion.create_revision():
            reversion.set_user(by)
            reversion.set_comment(comment)
            reference.save()
    except IntegrityError:
        if taken_meanwhile := _taken_errors(work, reference.pk):
            raise ValidationError(taken_meanwhile) from None
        raise
    return reference


def match(work: Work) -> Match | None:
    """Return the row that is this work (given in normal form), by DOI first, then by PMID; None where there is none."""
    for rule in (DOI, PMID):
        value = getattr(work, rule)
        row = Reference.objects.filter(**{rule: value}).first() if value else None
        if row:
            return Match(row, rule)
    return None


def add_works(works: Iterable[Work], *, by: AbstractBaseUser, comment: str, rename_keys: bool = False) -> Outcome:
    """Take works into the library in one transaction and one revision, and say what became of each.

    A work that is here already, by DOI, by PMID, or by key with the same title and year or address, leaves the
    library's row as it is. A key that stands for another work refuses the work, or gives it author-year-word with
    `rename_keys`. A work without a key gets author-year-word. Works of these two sorts are here already, too, where
    a row has the same title, address, first author and year, so that a second run finds what the first one named.
    The incoming works are cleaned; one that does not pass is refused. Reads a few queries for each 500 works.
    """
    incoming = list(works)
    try:
        return _add_works(incoming, by=by, comment=comment, rename_keys=rename_keys)
    except IntegrityError:
        # Another session added one of the works between our look-up and our write: now it is found.
        return _add_works(incoming, by=by, comment=comment, rename_keys=rename_keys)


def resolve(written: Iterable[str]) -> dict[str, Reference]:
    """The works that keys lead to, as they are written in a text: a work's own key, or an alias of it.

    Keys that lead to none are left out. One query, and a second one only where a key is no work's own.
    """
    wanted = set(written)
    found = {work.key: work for work in Reference.objects.filter(key__in=wanted).order_by()} if wanted else {}
    if missing := wanted - found.keys():
        aliases = Alias.objects.filter(scheme=Alias.Scheme.KEY, written__in=missing).select_related("reference")
        found |= {alias.written: alias.reference for alias in aliases}
    return found


def search(query: str) -> QuerySet[Reference]:
    """Return the works that hold every word of `query` in key, title, authors' names, year or an identifier.

    Case and accents count for nothing; a DOI or PMID may be pasted in any form. An empty query finds all.
    """
    found = Reference.objects.all()
    for word in _search_words(query):
        found = found.filter(search_text__contains=word)
    return found


def _add_works(incoming: Sequence[Work], *, by: AbstractBaseUser, comment: str, rename_keys: bool) -> Outcome:
    outcome = Outcome()
    sound: list[Work] = []
    for work in incoming:
        tidy, errors = clean(work)
        if errors:
            reasons = " ".join(f"{name}: {' '.join(messages)}" for name, messages in errors.items())
            outcome.refused.append(Refused(work, None, reasons))
        else:
            sound.append(tidy)
    # Look-up and write in one transaction: on SQLite nobody writes in between.
    with transaction.atomic():
        shelf = _Shelf(sound)
        for work in sound:
            _place(work, shelf, outcome, rename_keys=rename_keys)
        if outcome.added:
            _store(outcome.added, by=by, comment=comment)
    return outcome


def _place(work: Work, shelf: _Shelf, outcome: Outcome, *, rename_keys: bool) -> None:
    """Find, add, rename or refuse one work."""
    name = work.source_id or work.key
    here = shelf.find(work)
    if here is not None:
        outcome.found.append(Found(work, here, differences(work, here.reference)))
        outcome.keys[name] = here.reference.key
        return
    holder = shelf.holder(work.key)
    if holder is not None and not rename_keys:
        message = _("The key %(key)s stands for another work here: %(ours)s. The new work is %(theirs)s.") % {
            "key": work.key,
            "ours": _named(holder),
            "theirs": _named(work),
        }
        outcome.refused.append(Refused(work, holder, message))
        return
    values = work.values()
    if holder is not None or not work.key:
        values["key"] = keys.make_key(work.authors, work.year, work.title, shelf.taken)
    reference = Reference(**values)
    reference.derive()
    shelf.put(reference)
    outcome.added.append(reference)
    outcome.keys[name] = reference.key
    if name != reference.key:
        outcome.renamed[name] = reference.key


def _store(references: list[Reference], *, by: AbstractBaseUser, comment: str) -> None:
    """Write new rows and their first versions: bulk writes make none by themselves."""
    with reversion.create_revision():
        reversion.set_user(by)
        reversion.set_comment(comment)
        Reference.objects.bulk_create(references, batch_size=_LOOKED_UP_AT_ONCE)
        for reference in references:
            reversion.add_to_revision(reference)


class _Shelf:
    """The rows that may be one of the incoming works, and those added so far: all look-ups in memory."""

    def __init__(self, works: Sequence[Work]) -> None:
        self.rows: dict[str, dict[str, Reference]] = {DOI: {}, PMID: {}, KEY: {}}
        self.titles: dict[tuple[str, str], list[Reference]] = {}
        # Keys that no made key may be: those in use and those that an incoming work asks for.
        self.taken: set[str] = {keys.normal(work.key) for work in works}
        for rule in (DOI, PMID):
            self._read(rule, (getattr(work, rule) for work in works))
        self._read("key_normal", (keys.normal(work.key) for work in works))
        asked = Counter(keys.normal(work.key) for work in works)
        unresolved = [work for work in works if not work.key or self._clashes(work) or asked[keys.normal(work.key)] > 1]
        if unresolved:
            self._read("title", (work.title for work in unresolved))
            self.taken.update(Reference.objects.values_list("key_normal", flat=True))

    def put(self, reference: Reference) -> None:
        """Make a row findable. What an earlier row holds under an identifier stays."""
        for rule in (DOI, PMID):
            if value := getattr(reference, rule):
                self.rows[rule].setdefault(value, reference)
        if self.rows[KEY].setdefault(reference.key_normal, reference) is reference:
            self.taken.add(reference.key_normal)
            self.titles.setdefault(_same_words(reference), []).append(reference)

    def find(self, work: Work) -> Match | None:
        for rule in (DOI, PMID):
            value = getattr(work, rule)
            if value and value in self.rows[rule]:
                return Match(self.rows[rule][value], rule)
        holder = self.holder(work.key)
        if holder is not None and same_work(holder, work):
            return Match(holder, KEY)
        if holder is not None or not work.key:
            return self._by_title(work)
        return None

    def holder(self, key: str) -> Reference | None:
        return self.rows[KEY].get(keys.normal(key)) if key else None

    def _by_title(self, work: Work) -> Match | None:
        """The row with the same title, address, first author and year: what an earlier run added under a made key."""
        for row in self.titles.get(_same_words(work), []):
            if _base(row) == _base(work) and same_work(row, work):
                return Match(row, TITLE)
        return None

    def _clashes(self, work: Work) -> bool:
        holder = self.holder(work.key)
        return holder is not None and not same_work(holder, work)

    def _read(self, column: str, values: Iterable[str | None]) -> None:
        remaining = iter(sorted({value for value in values if value}))
        while chunk := list(islice(remaining, _LOOKED_UP_AT_ONCE)):
            for row in Reference.objects.filter(**{f"{column}__in": chunk}):
                self.put(row)


def _base(work: Work | Reference) -> str:
    return keys.base_key(work.authors, work.year, work.title)


def _same_words(work: Work | Reference) -> tuple[str, str]:
    """What two entries of one work surely share: title and address."""
    return fold(work.title), work.url


def _named(work: Work | Reference) -> str:
    """A work as a message names it: its title and year."""
    return f"{quoted(work.title, most=80)} ({work.year})" if work.year else quoted(work.title, most=80)


def _taken_errors(work: Work, pk: int | None) -> Errors:
    """Sentences for each identifier and key of `work` that another row than `pk` has."""
    conditions = {"key": Q(key_normal=keys.normal(work.key)), "doi": Q(doi=work.doi), "pmid": Q(pmid=work.pmid)}
    labels = {"key": _("This key"), "doi": _("This DOI"), "pmid": _("This PMID")}
    errors: Errors = {}
    for name, condition in conditions.items():
        other = Reference.objects.filter(condition).exclude(pk=pk or 0).first() if getattr(work, name) else None
        if other:
            errors[name] = [
                _("%(what)s is in the library already: %(key)s, %(work)s.")
                % {"what": labels[name], "key": other.key, "work": _named(other)}
            ]
    return errors


def _search_words(query: str) -> Iterator[str]:
    """The folded words of a query, identifiers among them in the form in which they are stored."""
    joined = re.sub(r"(?i)\b(doi|pmid|pmcid)\s*:\s*", r"\1:", query[:1000])
    for word in joined.split()[:MOST_WORDS_SEARCHED]:
        yield fold(_as_stored(word))


def _as_stored(word: str) -> str:
    readers: list[Any] = []
    if "10." in word and ("/" in word or "%" in word):
        readers.append(identifiers.doi)
    if re.match(r"(?i)pmid:|.*pubmed", word):
        readers.append(identifiers.pmid)
    if re.match(r"(?i)pmcid:|.*/pmc", word):
        readers.append(identifiers.pmcid)
    for read in readers:
        try:
            return read(word) or word
        except ValueError:
            continue
    return word
