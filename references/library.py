"""The actions of the library: save a work, take in many, resolve keys. Nothing else writes a `Reference`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

import reversion
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connection, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from reversion.models import Revision, Version

from references.folding import quoted
from references.identity import keys, relations
from references.identity.shelf import DOI, IDENTIFIERS, KEY, PMID, Match, Shelf, chunks
from references.models import Alias, Kind, Merge, Reference, Status
from references.watching import checks, flags
from references.works import Errors, Work, clean, differences
from references.writing import Rows, reserve

WRITTEN_AT_ONCE = 500
FEW = 200
"""Works that are compared and written in one transaction: preparing them apart would take longer than it saves."""
_TRIES = 4
_IMPORTS = 0x77_6F_72_6B_73
"""The lock that imports share on PostgreSQL: two that write the same works in other orders would block each other."""

Progress = Callable[[int, int], None]
"""Told how many of how many are done."""


@dataclass(frozen=True)
class Fresh:
    """An incoming work that the library did not have, and its row, which is saved by `add_works` alone.

    `holder` is the work that has the key with which it came, where it got another one for that reason.
    """

    work: Work
    reference: Reference
    holder: Reference | None = None


@dataclass(frozen=True)
class Found:
    """An incoming work that the library has. `differs` names the fields in which it says something else.

    `fills` names those of them that are empty here and are filled from the file, where that is asked for; `is_twice`
    says that the row is another entry of the same file.
    """

    work: Work
    match: Match
    differs: tuple[str, ...]
    fills: tuple[str, ...] = ()
    is_twice: bool = False


@dataclass(frozen=True)
class Refused:
    """An incoming work that was not added, with the reason; `reference` is the work that has its key, if one has."""

    work: Work
    reference: Reference | None
    message: str


Placed = Fresh | Found | Refused
"""What becomes of one incoming work."""


@dataclass
class Outcome:
    """What `add_works` did. `keys` leads from each incoming id to the key here; `placed` is in the works' order."""

    placed: list[Placed] = field(default_factory=list)
    added: list[Reference] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    def add(self, placed: Placed) -> None:
        self.placed.append(placed)
        if isinstance(placed, Refused):
            self.refused.append(placed)
            return
        name = placed.work.source_id or placed.work.key
        if isinstance(placed, Found):
            self.found.append(placed)
            self.keys[name] = placed.match.reference.key
            return
        self.added.append(placed.reference)
        self.keys[name] = placed.reference.key
        if name != placed.reference.key:
            self.renamed[name] = placed.reference.key


class _Meanwhile(Exception):
    """Another session changed the library after the works were compared with it."""


def save_reference(reference: Reference, *, by: AbstractBaseUser, comment: str = "") -> Reference:
    """Check and save a new or changed row as one version of its history, and return it in normal form.

    A new row without a key gets author-year-word. A changed key leaves the old one behind as an alias, so that texts
    that cite it still lead here. A row that says what is stored already makes no version. Raises ValidationError with
    sentences by field: what cannot be read, an identifier or a key that another work has or had.
    """
    work, errors = clean(Work.of(reference))
    stored = Reference.objects.filter(pk=reference.pk).first() if reference.pk else None
    if stored and not work.key:
        errors.setdefault("key", []).append(_("A work in the library needs a key: texts cite it by that."))
    if not stored and not work.key and "title" not in errors:
        work.key = keys.make_key(work.authors, work.year, work.title, _taken_like(work))
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
            flags.set_by_hand(reference, before=stored.status if stored else Status.CURRENT, by=by, why=comment)
            if stored:
                checks.forget(reference, stored)
            if not stored or stored.doi != reference.doi:
                relations.join(reference)
            if stored and stored.key != reference.key:
                _keep_key(stored.key, reference)
            # What was written has waited for those who made one of the names an alias: now it would be seen.
            if became_alias := _alias_errors(work, reference.pk):
                raise ValidationError(became_alias)
    except IntegrityError:
        if taken_meanwhile := _taken_errors(work, reference.pk):
            raise ValidationError(taken_meanwhile) from None
        raise
    return reference


def match(work: Work) -> Match | None:
    """Return the row that is this work (given in normal form) by an identifier or an alias of it; None without one."""
    for rule in IDENTIFIERS:
        if value := getattr(work, rule):
            if row := Reference.objects.filter(**{rule: value}).order_by("pk").first():
                return Match(row, rule)
            if alias := Alias.objects.filter(scheme=rule, value=value).select_related("reference").first():
                return Match(alias.reference, rule, alias.written)
    return None


def add_works(
    works: Iterable[Work],
    *,
    by: AbstractBaseUser,
    comment: str,
    rename_keys: bool = False,
    complete: bool = False,
    progress: Progress | None = None,
    before: Callable[[Outcome], None] | None = None,
    within: Callable[[Outcome], None] | None = None,
) -> Outcome:
    """Take works into the library in one transaction and one revision, and say what became of each.

    A work that is here already, by DOI, PMID, PMCID, or by key with the same title and year or address, leaves the
    library's row as it is; with `complete` the row's empty fields are filled from it. Other names of a work, which it
    got by a merge or a changed key, count like its own. A key that stands for another work refuses the work, or gives
    it author-year-word with `rename_keys`. A work without a key gets author-year-word. Works of these two sorts are
    here already, too, where a row has the same title, address, first author and year, so that a second run finds what
    the first one named. The incoming works are cleaned; one that does not pass is refused. Reads a few queries for
    each 500 works.

    Many works are compared and made ready before the transaction, which looks whether the library is still the same,
    and writes. `before` is told what is about to be done, ahead of the transaction; it may be told again, where
    somebody changed the library meanwhile. `within` is told what was done, at the end of the transaction; `progress`
    how many are written, inside it.
    """
    incoming = [clean(work) for work in works]
    wanted = {"rename_keys": rename_keys, "complete": complete}
    for attempt in range(_TRIES):
        # A few are quick to compare; and who always comes too late is let in at last.
        holds = len(incoming) <= FEW or attempt == _TRIES - 1
        try:
            stamp = None if holds else _stamp()
            ready = None if holds else _ready(incoming, by=by, comment=comment, before=before, **wanted)
            # On SQLite nobody writes from here on, on PostgreSQL no other import does.
            with transaction.atomic():
                _lock_out_imports()
                if ready is None:
                    ready = _ready(incoming, by=by, comment=comment, before=before, **wanted)
                elif stamp != _stamp():
                    raise _Meanwhile
                outcome = _write(ready, progress)
                if within is not None:
                    within(outcome)
            return outcome
        except (IntegrityError, _Meanwhile):
            # Another session added one of the works between our look-up and our write: now it is found.
            if attempt == _TRIES - 1:
                raise
    raise AssertionError("the last attempt returns or raises")


def plan(works: Iterable[Work], *, rename_keys: bool = False, complete: bool = False) -> list[Placed]:
    """Say what `add_works` would make of each work, in their order, and write nothing."""
    return _plan([clean(work) for work in works], rename_keys=rename_keys, complete=complete)


def resolve(written: Iterable[str]) -> dict[str, Reference]:
    """The works that keys lead to, as they are written in a text: a work's own key, or an alias of it.

    Keys that lead to none are left out. One query, and a second one only where a key is no work's own.
    """
    wanted = set(written)
    found = {work.key: work for work in Reference.objects.filter(key__in=wanted).order_by()} if wanted else {}
    if missing := {key: keys.normal(key) for key in wanted - found.keys()}:
        aliases = Alias.objects.filter(scheme=KEY, value__in=set(missing.values())).select_related("reference")
        works = {alias.value: alias.reference for alias in aliases}
        found |= {key: works[value] for key, value in missing.items() if value in works}
    return found


@dataclass
class _Ready:
    """What is to be written, as far as it can be known before: the rows with their keys, and their versions."""

    placed: list[Placed]
    fresh: list[Reference]
    rows: Rows
    versions: Rows
    revision: Revision


def _ready(
    incoming: Sequence[tuple[Work, Errors]],
    *,
    by: AbstractBaseUser,
    comment: str,
    before: Callable[[Outcome], None] | None,
    rename_keys: bool,
    complete: bool,
) -> _Ready:
    placed = _plan(incoming, rename_keys=rename_keys, complete=complete)
    fresh = [one.reference for one in placed if isinstance(one, Fresh)]
    if fresh:
        for row, pk in zip(fresh, reserve(Reference, len(fresh)), strict=True):
            row.pk = pk
    revision = Revision(date_created=timezone.now(), user=by, comment=comment)
    ready = _Ready(placed, fresh, Rows(Reference, fresh), _versions(fresh), revision)
    if before is not None:
        before(_outcome(placed))
    return ready


def _write(ready: _Ready, progress: Progress | None) -> Outcome:
    """Write what is ready, and fill the rows that are to be filled as they stand now. Inside a transaction."""
    for _count in ready.rows.write():
        pass
    for row in ready.fresh:
        row._state.adding, row._state.db = False, Reference.objects.db
    _refuse_aliases(ready.fresh)
    placed, filled = _complete(ready.placed)
    if ready.fresh or filled:
        # As django-reversion writes them. Its own way copies the list of versions for each that it adds, which is
        # quadratic in them.
        ready.revision.save()
        total, done = len(ready.fresh) + len(filled), 0
        for versions in (ready.versions, _versions(filled)):
            start = done
            for count in versions.write(ready.revision.pk):
                done = start + count
                if progress is not None:
                    progress(done, total)
        relations.join_all()
    return _outcome(placed)


def _outcome(placed: Iterable[Placed]) -> Outcome:
    outcome = Outcome()
    for one in placed:
        outcome.add(one)
    return outcome


def _lock_out_imports() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_IMPORTS])


def _stamp() -> tuple[int | None, ...]:
    """What tells whether somebody changed the library: each change of a work is a revision, a merge or an alias.

    The number of works besides, because rows of two sessions need not come in the order of their keys.
    """
    newest = [model.objects.aggregate(last=Max("pk"))["last"] for model in (Revision, Alias, Merge)]
    return (*newest, Reference.objects.count())


def _plan(incoming: Sequence[tuple[Work, Errors]], *, rename_keys: bool, complete: bool) -> list[Placed]:
    shelf = Shelf([work for work, errors in incoming if not errors])
    placed: list[Placed] = []
    for work, errors in incoming:
        if errors:
            reasons = " ".join(f"{name}: {' '.join(messages)}" for name, messages in errors.items())
            placed.append(Refused(work, None, reasons))
        else:
            placed.append(_place(work, shelf, rename_keys=rename_keys, complete=complete))
    return placed


def _place(work: Work, shelf: Shelf, *, rename_keys: bool, complete: bool) -> Placed:
    """Find, add, rename or refuse one work."""
    here = shelf.find(work)
    if here is not None:
        row = here.reference
        fills: tuple[str, ...] = ()
        if complete and row.pk is not None:
            says = shelf.says(row)
            now = Work.of(says) if isinstance(says, Reference) else says
            filled, fills = _filled(work, now, lambda name, then: shelf.may_say(row, name, then))
            if fills:
                shelf.fill(row, filled)
            shelf.keep_found(work, here)
        return Found(work, here, differences(work, row), fills, is_twice=row.pk is None)
    holder = shelf.holder(work.key)
    if holder is not None and not rename_keys:
        message = _("The key %(key)s stands for another work here: %(ours)s. The new work is %(theirs)s.") % {
            "key": work.key,
            "ours": named(holder),
            "theirs": named(work),
        }
        return Refused(work, holder, message)
    values = work.values()
    if holder is not None or not work.key:
        values["key"] = keys.make_key(work.authors, work.year, work.title, shelf.taken)
    reference = Reference(**values)
    reference.derive()
    shelf.put(reference)
    return Fresh(work, reference, holder)


def _filled(work: Work, now: Work, may: Callable[[str, Work], bool]) -> tuple[Work, tuple[str, ...]]:
    """What a row says with its empty fields filled from `work`, and which those are; `now` is what it says so far.

    Part of a date is filled only into the same date, and a field only where `may`, which is told the field and what
    the row would say then, says that it may be.
    """
    fills, then = [], now
    for name in differences(work, now):
        if name in {"key", "status"} or getattr(now, name) not in (None, "", [], Kind.OTHER):
            continue
        if name == "month" and then.year != work.year:
            continue
        if name == "day" and (then.year, then.month) != (work.year, work.month):
            continue
        more = replace(then, **{name: getattr(work, name)})
        if may(name, more):
            fills.append(name)
            then = more
    tidy, errors = clean(then)
    return (now, ()) if errors or not fills else (tidy, tuple(fills))


def _only(names: Sequence[str]) -> Callable[[str, Work], bool]:
    """Lets these fields be filled, and no others."""
    return lambda name, _says: name in names


def _complete(placed: list[Placed]) -> tuple[list[Placed], list[Reference]]:
    """Fill the empty fields of rows that are here, each as it stands now and locked; return what was filled."""
    pks = sorted({one.match.reference.pk for one in placed if isinstance(one, Found) and one.fills})
    rows: dict[int, Reference] = {}
    for start in range(0, len(pks), WRITTEN_AT_ONCE):
        chunk = Reference.objects.select_for_update().filter(pk__in=pks[start : start + WRITTEN_AT_ONCE])
        rows |= {row.pk: row for row in chunk.order_by("pk")}
    filled: dict[int, Work] = {}
    done: list[Placed] = []
    for one in placed:
        row = rows.get(one.match.reference.pk) if isinstance(one, Found) and one.fills else None
        if row is None or not isinstance(one, Found):
            done.append(one)
            continue
        # What another session wrote meanwhile stays.
        now, fills = _filled(one.work, filled.get(row.pk) or Work.of(row), _only(one.fills))
        if fills:
            filled[row.pk] = now
        done.append(replace(one, match=replace(one.match, reference=row), fills=fills))
    at = timezone.now()
    for pk, now in filled.items():
        for name, value in now.values().items():
            setattr(rows[pk], name, value)
        rows[pk].updated_at = at
        rows[pk].save()
    return done, [rows[pk] for pk in filled]


def _refuse_aliases(fresh: Sequence[Reference]) -> None:
    """Raise _Meanwhile where a new row has a name that became the alias of another work while it was written."""
    names: dict[str, list[str | None]] = {
        KEY: [row.key_normal for row in fresh],
        DOI: [row.doi for row in fresh],
        PMID: [row.pmid for row in fresh],
    }
    for scheme, values in names.items():
        for chunk in chunks(values):
            if Alias.objects.filter(scheme=scheme, value__in=chunk).exists():
                raise _Meanwhile


def _versions(references: Sequence[Reference]) -> Rows:
    """A version of each row, but for its revision."""
    kind = ContentType.objects.get_for_model(Reference)
    using = Reference.objects.db
    told = serializers.serialize("python", references, fields=_versioned_fields())
    versions = (
        Version(
            content_type=kind,
            object_id=str(row.pk),
            db=using,
            format="json",
            serialized_data=json.dumps([data], cls=DjangoJSONEncoder, ensure_ascii=False),
            object_repr=str(row),
        )
        for row, data in zip(references, told, strict=True)
    )
    return Rows(Version, versions, without=("revision", "id"))


def _versioned_fields() -> tuple[str, ...]:
    """The columns of a work that its history holds: what django-reversion was told to register."""
    return tuple(reversion.revisions._get_options(Reference).fields)


def named(work: Work | Reference) -> str:
    """A work as a message names it: its title and year."""
    return f"{quoted(work.title, most=80)} ({work.year})" if work.year else quoted(work.title, most=80)


def _taken_like(work: Work) -> set[str]:
    """Keys and aliases that the made key of a work may meet."""
    base = keys.base_key(work.authors, work.year, work.title)
    own = Reference.objects.filter(key_normal__startswith=base).order_by().values_list("key_normal", flat=True)
    others = Alias.objects.filter(scheme=KEY, value__startswith=base).values_list("value", flat=True)
    return {*own, *others}


def _keep_key(key: str, reference: Reference) -> None:
    """Make the key that a work had an alias of it. One that it had before, in whatever case, is one already."""
    Alias.objects.get_or_create(scheme=KEY, value=keys.normal(key), defaults={"written": key, "reference": reference})


def _taken_errors(work: Work, pk: int | None) -> Errors:
    """Sentences for each identifier and key of `work` that another row than `pk` has, or that leads to it."""
    names = _names(work)
    rows = Reference.objects.filter(_any_of({"key_normal" if n == KEY else n: v for n, v in names.items()}))
    errors = _alias_errors(work, pk)
    for row in rows.exclude(pk=pk or 0).order_by("-pk") if names else ():
        for name, value in names.items():
            if (row.key_normal if name == KEY else getattr(row, name)) == value:
                errors[name] = [_taken(name, row)]
    return errors


def _alias_errors(work: Work, pk: int | None) -> Errors:
    """Sentences for each identifier and key of `work` that is an alias of another row than `pk`."""
    names = _names(work)
    wanted = Q(pk__in=[])
    for scheme, value in names.items():
        wanted |= Q(scheme=scheme, value=value)
    aliases = Alias.objects.filter(wanted).exclude(reference=pk or 0).select_related("reference") if names else ()
    return {alias.scheme: [_taken(alias.scheme, alias.reference)] for alias in aliases}


def _names(work: Work) -> dict[str, str]:
    """What is one work's alone: its key in normal form, DOI and PMID, as far as it has them."""
    names = {KEY: keys.normal(work.key), DOI: work.doi, PMID: work.pmid}
    return {name: value for name, value in names.items() if value}


def _any_of(values: dict[str, str]) -> Q:
    condition = Q(pk__in=[])
    for column, value in values.items():
        condition |= Q(**{column: value})
    return condition


def _taken(name: str, other: Reference) -> str:
    labels = {KEY: _("This key"), DOI: _("This DOI"), PMID: _("This PMID")}
    return _("%(what)s is in the library already: %(key)s, %(work)s.") % {
        "what": labels[name],
        "key": other.key,
        "work": named(other),
    }
