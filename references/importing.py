"""What an import would do, entry by entry, and what it did. Reads the library; the writing is `library.add_works`.

A preview and the import after it ask the same function (`library.plan`), so that what is said is what is done.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, cast

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from references import library
from references.formats.entries import Reading, Wanted
from references.identity import relations
from references.identity.likeness import Likely, likely
from references.identity.relations import Relative
from references.library import Fresh, Outcome, Placed, Refused, named
from references.lookup import service
from references.lookup.many import Answer
from references.models import Reference, Relation
from references.works import FIELDS, Work, clean, lacks


class Fate(models.TextChoices):
    """What becomes of an entry, in the order in which a preview shows them."""

    NEW = "new", gettext_lazy("new")
    RENAMED = "renamed", gettext_lazy("new, with another key")
    LIKELY = "likely", gettext_lazy("perhaps here already")
    HERE = "here", gettext_lazy("here already")
    TWICE = "twice", gettext_lazy("twice in the file")
    LEFT = "left", gettext_lazy("left out as you chose")
    REFUSED = "refused", gettext_lazy("left out: its key is taken")
    WANTED = "wanted", gettext_lazy("could not look up")
    BROKEN = "broken", gettext_lazy("broken")


TAKEN = frozenset({Fate.NEW.value, Fate.RENAMED.value})
"""What enters the library."""


@dataclass(frozen=True)
class Options:
    """What somebody chose: for all entries, and for some of them by their places in the file.

    `take` are likely duplicates to be taken in as works of their own, `leave` new works to be left out.
    """

    rename_keys: bool = False
    complete: bool = False
    take: frozenset[int] = frozenset()
    leave: frozenset[int] = frozenset()

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Options:
        """The options that `stored` made."""
        return cls(
            rename_keys=bool(stored.get("rename_keys")),
            complete=bool(stored.get("complete")),
            take=frozenset(stored.get("take", ())),
            leave=frozenset(stored.get("leave", ())),
        )

    def general(self) -> Options:
        """What was chosen for all entries."""
        return Options(self.rename_keys, self.complete)

    def stored(self) -> dict[str, Any]:
        """The options as JSON holds them."""
        return {
            "rename_keys": self.rename_keys,
            "complete": self.complete,
            "take": sorted(self.take),
            "leave": sorted(self.leave),
        }


@dataclass
class Entry:
    """One entry of a file: its place from 1, what it is called there, and what becomes of it.

    `key` and `reference` (a primary key) are the work that it is or will be here; `near` are the rows that a likely
    duplicate is like, as (primary key, key, named work). Of a work that is here `differs` are the fields of which the
    file says something else, `lacks` those of which the library says nothing, `fills` those that the file fills.
    An entry that only names a work holds `scheme` and `value`.
    """

    position: int
    fate: str
    title: str = ""
    source_id: str = ""
    sentence: str = ""
    key: str = ""
    reference: int | None = None
    differs: list[str] = field(default_factory=list)
    lacks: list[str] = field(default_factory=list)
    fills: list[str] = field(default_factory=list)
    near: list[tuple[int, str, str]] = field(default_factory=list)
    work: Work | None = None
    scheme: str = ""
    value: str = ""
    relatives: list[tuple[str, str]] = field(default_factory=list)
    register: str = ""

    @property
    def label(self) -> str:
        return str(Fate(self.fate).label)


@dataclass
class Preview:
    """The entries of one file, in its order, and sentences about the file as a whole."""

    entries: list[Entry] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """How many entries have each fate, in the order of Fate, without those that none has."""
        found = Counter(entry.fate for entry in self.entries)
        return {fate: found[fate] for fate in Fate.values if found[fate]}

    def to_plain(self) -> dict[str, Any]:
        """The preview as JSON holds it; `from_plain` makes the same of it again."""
        return {"version": 1, "notes": self.notes, "entries": [_plain_entry(entry) for entry in self.entries]}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Preview:
        return cls([_entry_of(entry) for entry in plain["entries"]], list(plain["notes"]))


LookUp = Callable[[Sequence[Wanted]], Mapping[int, Answer]]
"""Asked for entries that name a work by an identifier: by place, what is known of it, or a sentence that says why there
is none.

Places that the answer leaves out could not be looked up.
"""


def preview_of(reading: Reading, options: Options | None = None) -> Preview:
    """Compare what was read with the library, and write nothing. What has to be looked up stays so."""
    entries = [
        *(_found_in(work, position) for work, position in zip(reading.works, reading.positions, strict=True)),
        *(
            Entry(
                repeat.position,
                Fate.TWICE,
                source_id=repeat.source_id,
                sentence=_("The same as entry %(number)d.") % {"number": repeat.earlier},
            )
            for repeat in reading.repeats
        ),
        *(
            Entry(
                wanted.position,
                Fate.WANTED,
                title=f"{wanted.scheme.upper()} {wanted.value}",
                sentence=_("It has not been looked up yet."),
                scheme=wanted.scheme,
                value=wanted.value,
            )
            for wanted in reading.wanted
        ),
        *(
            Entry(problem.position, Fate.BROKEN, source_id=problem.source_id, sentence=" ".join(problem.messages))
            for problem in reading.problems
        ),
    ]
    entries.sort(key=lambda entry: entry.position)
    preview = Preview(entries, list(reading.notes))
    compare(preview, options or Options())
    return preview


def look_up(preview: Preview, ask: LookUp) -> None:
    """Ask for what only names a work. What is here already under its identifier needs no asking.

    The caller compares afterwards. An entry that could not be looked up stays, so that it can be asked for again.
    """
    waiting = [entry for entry in preview.entries if entry.fate == Fate.WANTED and entry.work is None]
    if not waiting:
        return
    shelf = library.Shelf([_bare(entry) for entry in waiting])
    missing = []
    for entry in waiting:
        here = shelf.find(_bare(entry))
        if here is None:
            missing.append(entry)
        else:
            entry.work = replace(_bare(entry), title=here.reference.title)
            entry.title = here.reference.title
    answers = ask([Wanted(entry.position, entry.scheme, entry.value) for entry in missing])
    for entry in missing:
        answer = answers.get(entry.position)
        if isinstance(answer, service.Found):
            entry.work, _errors = clean(answer.work)
            entry.title = entry.work.title
            entry.relatives = [(each.kind.value, each.doi) for each in answer.relatives]
            entry.register = answer.register
        elif answer is not None:
            entry.fate, entry.sentence = Fate.BROKEN, answer
        else:
            entry.sentence = _("It could not be looked up. It is kept here, and you can try again.")


def compare(preview: Preview, options: Options) -> None:
    """Set the fate of each entry that has a work, as the library stands now and as the options will have it."""
    entries = [entry for entry in preview.entries if entry.work is not None]
    for entry in entries:
        if entry.position in options.leave:
            _set(entry, Fate.LEFT)
    kept = [entry for entry in entries if entry.position not in options.leave]
    asked: set[int] = set()
    while True:
        placed = _planned(kept, options)
        fresh = [
            entry
            for entry, one in zip(kept, placed, strict=True)
            if isinstance(one, Fresh) and entry.position not in options.take and entry.position not in asked
        ]
        asked |= {entry.position for entry in fresh}
        near = likely([cast(Work, entry.work) for entry in fresh])
        for at, rows in near.items():
            _set_likely(fresh[at], rows)
        if not near:
            break
        # What is left out may have been what another entry of the file repeated: that one is new now, or likely too.
        left = {fresh[at].position for at in near}
        kept = [entry for entry in kept if entry.position not in left]
    _tell(kept, placed)


def to_take(preview: Preview, options: Options) -> list[Entry]:
    """The entries that an import compares and takes in: all with a work, but those that are left out."""
    return [
        entry
        for entry in preview.entries
        if entry.work is not None
        and entry.position not in options.leave
        and (entry.fate != Fate.LIKELY or entry.position in options.take)
    ]


def promised(taken: Sequence[Entry]) -> set[int]:
    """The places of the entries that the preview said would enter the library."""
    return {entry.position for entry in taken if entry.fate in TAKEN}


def tell_outcome(
    preview: Preview, taken: Sequence[Entry], outcome: Outcome, options: Options, said: Collection[int] | None = None
) -> None:
    """Write into the preview what the import did: `outcome` is of the entries `taken`, in their order.

    `said` is what was `promised`, where this is told a second time.
    """
    said = promised(taken) if said is None else said
    for entry in preview.entries:
        if entry.position in options.leave and entry.work is not None:
            _set(entry, Fate.LEFT)
    _tell(taken, outcome.placed)
    for entry in taken:
        if entry.fate == Fate.HERE and entry.position in said:
            entry.sentence = _("It came into the library after the preview.") + " " + entry.sentence


def relate(taken: Sequence[Entry], outcome: Outcome) -> None:
    """Keep what registers said of the versions of works that were looked up and are in the library now."""
    said = []
    for entry, placed in zip(taken, outcome.placed, strict=True):
        if entry.relatives and not isinstance(placed, Refused):
            row = placed.reference if isinstance(placed, Fresh) else placed.match.reference
            told = [Relative(Relation.Kind(kind), doi) for kind, doi in entry.relatives]
            said.append((row, told, entry.register))
    relations.store_many(said)


def import_works(
    works: Iterable[Work],
    *,
    by: AbstractBaseUser,
    comment: str,
    rename_keys: bool = False,
    complete: bool = False,
    take_likely: bool = False,
) -> Preview:
    """Take works in at once, in one transaction, and say of each what became of it: the import without a preview.

    Likely duplicates are left out and named, or taken in as works of their own with `take_likely`. Otherwise as
    `library.add_works`.
    """
    incoming = list(works)
    reading = Reading(works=incoming, positions=list(range(1, len(incoming) + 1)), count=len(incoming))
    places = frozenset(reading.positions if take_likely else ())
    options = Options(rename_keys=rename_keys, complete=complete, take=places)
    preview = preview_of(reading, options)
    taken = to_take(preview, options)
    outcome = library.add_works(
        [cast(Work, entry.work) for entry in taken],
        by=by,
        comment=comment,
        rename_keys=rename_keys,
        complete=complete,
    )
    tell_outcome(preview, taken, outcome, options)
    return preview


def field_label(name: str) -> str:
    """A field of a work as people call it."""
    return str(cast(models.Field, Reference._meta.get_field(name)).verbose_name)


def _planned(entries: Sequence[Entry], options: Options) -> list[Placed]:
    works = [cast(Work, entry.work) for entry in entries]
    return library.plan(works, rename_keys=options.rename_keys, complete=options.complete)


def _tell(entries: Sequence[Entry], placed: Sequence[Placed]) -> None:
    """Set what became of each entry, in sentences."""
    first: dict[str, int] = {}
    for entry, one in zip(entries, placed, strict=True):
        if isinstance(one, Fresh):
            first[one.reference.key_normal] = entry.position
            _tell_fresh(entry, one)
        elif isinstance(one, Refused):
            _set(entry, Fate.REFUSED if one.reference is not None else Fate.BROKEN, one.message)
            entry.reference = one.reference.pk if one.reference is not None else None
        elif one.is_twice:
            _set(
                entry,
                Fate.TWICE,
                _("The same work as entry %(number)d: %(rule)s.")
                % {"number": first[one.match.reference.key_normal], "rule": one.match.rule_label},
            )
            entry.key, entry.reference = one.match.reference.key, one.match.reference.pk
        else:
            rule = one.match.rule_label
            _set(entry, Fate.HERE, f"{rule[:1].upper()}{rule[1:]}.")
            entry.key, entry.reference = one.match.reference.key, one.match.reference.pk
            entry.fills = list(one.fills)
            left = [name for name in one.differs if name not in one.fills]
            entry.lacks = [name for name in left if lacks(one.match.reference, name)]
            entry.differs = [name for name in left if name not in entry.lacks]


def _tell_fresh(entry: Entry, fresh: Fresh) -> None:
    key = fresh.reference.key
    if fresh.holder is not None:
        sentence = _("Its key %(key)s stands for another work, %(work)s.") % {
            "key": fresh.work.key,
            "work": named(fresh.holder),
        }
        _set(entry, Fate.RENAMED, sentence)
    else:
        _set(entry, Fate.NEW)
    entry.key, entry.reference = key, fresh.reference.pk


def _set(entry: Entry, fate: str, sentence: str = "") -> None:
    entry.fate, entry.sentence = fate, sentence
    entry.key, entry.reference = "", None
    entry.differs, entry.lacks, entry.fills, entry.near = [], [], [], []


def _set_likely(entry: Entry, rows: Sequence[Likely]) -> None:
    first = rows[0]
    what = named(first.reference)
    if first.rule == "identifier":
        sentence = _("It shares an identifier with %(work)s.") % {"work": what}
    else:
        sentence = _("Like %(work)s in title, year and first author (%(score)d %%).") % {
            "work": what,
            "score": first.score,
        }
    _set(entry, Fate.LIKELY, sentence)
    entry.near = [(row.reference.pk, row.reference.key, named(row.reference)) for row in rows]


def _found_in(work: Work, position: int) -> Entry:
    tidy, _errors = clean(work)
    return Entry(position, Fate.NEW, title=tidy.title, source_id=tidy.source_id or tidy.key, work=tidy)


def _bare(entry: Entry) -> Work:
    """The work of which an entry only says the identifier."""
    work = Work(title="", source_id=entry.value)
    setattr(work, entry.scheme, entry.value)
    return work


_EMPTY = asdict(Work(title=""))


def _plain_work(work: Work) -> dict[str, Any]:
    """What a work says, without what it leaves empty."""
    said = {name: value for name in (*FIELDS, "source_id") if (value := getattr(work, name)) != _EMPTY[name]}
    if work.accessed_on:
        said["accessed_on"] = work.accessed_on.isoformat()
    return said


def _work_of(plain: Mapping[str, Any]) -> Work:
    said = {"title": "", **plain}
    if day := said.get("accessed_on"):
        said["accessed_on"] = datetime.date.fromisoformat(day)
    return Work(**said)


def _plain_entry(entry: Entry) -> dict[str, Any]:
    told = {name: value for name, value in vars(entry).items() if value and name != "work"}
    if entry.work is not None:
        told["work"] = _plain_work(entry.work)
    return told


def _entry_of(plain: Mapping[str, Any]) -> Entry:
    told = dict(plain)
    work = told.pop("work", None)
    for name in ("near", "relatives"):
        told[name] = [tuple(row) for row in told.get(name, ())]
    return Entry(**told, work=_work_of(work) if work is not None else None)
