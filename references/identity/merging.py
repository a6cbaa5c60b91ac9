"""Merging two rows that are one work: the one stays, the other goes, and every name of both leads to what stays.

Nothing that cites is rewritten: drafts and editions keep their words, and `library.resolve` leads from the key that
went to the work that stays. What went is kept whole in the record (`Merge`), and its versions stay in the history.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from typing import Any

import reversion
from django.contrib.auth.models import AbstractBaseUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from references.identity import keys
from references.models import Alias, Check, Event, Kind, Likeness, Merge, Reference, Relation, Status
from references.watching import flags
from references.works import FIELDS, Work, clean

IDENTIFIERS = ("doi", "pmid", "pmcid", "isbn", "issn", "nct")
"""What the kept work takes over where it has none, whether or not that was asked for."""
TAKEABLE = frozenset(FIELDS) - {"key", "status"}
"""The fields that may be taken: the key stays, and the status follows from what is known against the work."""

_ALIASED = {"doi": Alias.Scheme.DOI, "pmid": Alias.Scheme.PMID, "pmcid": Alias.Scheme.PMCID}
_GRAVITY = {Check.Outcome.FLAGGED: 3, Check.Outcome.FAILED: 2, "": 1, Check.Outcome.CLEAR: 0}

Joining = Callable[[Event, Event], None]
_joinings: list[Joining] = []


class Refused(Exception):
    """A merge that may not be done; its text is one plain sentence. Nothing was changed."""


def when_events_join(action: Joining) -> Joining:
    """Register what moves the rows of a layer above from the second event to the first, before the second goes."""
    _joinings.append(action)
    return action


def refusal(kept: Reference, gone: Reference) -> str | None:
    """Why these two are not merged; None where they may be."""
    if kept.pk == gone.pk:
        return _("A work cannot be merged with itself.")
    if (kept.kind == Kind.OWN_ANSWER) != (gone.kind == Kind.OWN_ANSWER):
        return _("One of the two is an answer of ours and the other is not: they are two works.")
    return None


def merge(
    kept: Reference, gone: Reference, *, by: AbstractBaseUser, take: Collection[str] = (), reason: str = ""
) -> Merge:
    """Make one work of two rows, in one transaction, and return the record of it.

    The two are given as they were shown: where either was changed since (its `updated_at`), nothing is done. The kept
    row takes the fields named in `take` from the other, and each identifier that it lacks. Keys and identifiers that
    do not stand in it become aliases of it. Raises Refused.
    """
    if sentence := refusal(kept, gone):
        raise Refused(sentence)
    if unknown := set(take) - TAKEABLE:
        raise ValueError(f"No fields that can be taken: {sorted(unknown)}")
    with transaction.atomic():
        ours, theirs = _locked(kept, gone)
        if sentence := refusal(ours, theirs):
            raise Refused(sentence)
        for row in (ours, theirs):
            _account_for_status(row)
        record = Merge(
            kept=ours,
            kept_key=ours.key,
            gone_key=theirs.key,
            gone_id=theirs.pk,
            gone=_as_json({field.attname: getattr(theirs, field.attname) for field in Reference._meta.concrete_fields}),
            reason=reason.strip(),
            by_id=by.pk,
        )
        before = Work.of(ours)
        _take(ours, theirs, set(take))
        _name(ours, before, theirs)
        _move(ours, theirs)
        theirs.delete()
        ours.status = flags.status_of(ours)
        ours.updated_at = timezone.now()
        after = Work.of(ours)
        record.taken = _as_json(
            {
                name: {"before": getattr(before, name), "after": getattr(after, name)}
                for name in FIELDS
                if getattr(before, name) != getattr(after, name)
            }
        )
        with reversion.create_revision():
            reversion.set_user(by)
            words = _("Merged with %(key)s.") % {"key": record.gone_key}
            reversion.set_comment(f"{words} {record.reason}".strip())
            ours.save()
        record.save()
    return record


def _locked(kept: Reference, gone: Reference) -> tuple[Reference, Reference]:
    """Both rows, locked in the order of their numbers. Raises Refused where they are not as they were shown."""
    rows = Reference.objects.select_for_update().filter(pk__in=[kept.pk, gone.pk]).order_by("pk")
    by_pk = {row.pk: row for row in rows}
    for shown in (kept, gone):
        row = by_pk.get(shown.pk)
        if row is None:
            raise Refused(_gone_sentence(shown))
        if row.updated_at != shown.updated_at:
            raise Refused(
                _("%(key)s was changed since you opened this page. Look at both once more; nothing was merged.")
                % {"key": row.key}
            )
    return by_pk[kept.pk], by_pk[gone.pk]


def _gone_sentence(shown: Reference) -> str:
    alias = Alias.objects.filter(scheme=Alias.Scheme.KEY, value=keys.normal(shown.key)).select_related("reference")
    if found := alias.first():
        return _("%(gone)s was merged into %(kept)s meanwhile. Nothing more was done.") % {
            "gone": shown.key,
            "kept": found.reference.key,
        }
    return _("%(key)s is not in the library any more. Nothing was merged.") % {"key": shown.key}


def _account_for_status(row: Reference) -> None:
    """Give a status that no event explains an event, which then moves like the others."""
    if row.status != Status.CURRENT and not row.events.exists():
        flags.report(row, kind=flags.KIND_OF[Status(row.status)], source=flags.LIBRARY)


def _take(kept: Reference, gone: Reference, take: set[str]) -> None:
    """Write what is taken into the kept row, which is not saved here. Raises Refused where the result is not sound."""
    lacking = {name for name in IDENTIFIERS if not getattr(kept, name)}
    for name in take | lacking:
        value = getattr(gone, name)
        if value or name not in IDENTIFIERS:
            setattr(kept, name, value)
    tidy, errors = clean(Work.of(kept))
    # What stands in the kept row already is no reason to refuse.
    if wrong := [sentence for name, sentences in errors.items() if name in take | lacking for sentence in sentences]:
        raise Refused(" ".join(wrong))
    for name in take | lacking:
        setattr(kept, name, getattr(tidy, name))


def _name(kept: Reference, before: Work, gone: Reference) -> None:
    """Make aliases of the key that goes and of each identifier that stands in neither row any more."""
    Alias.objects.filter(reference=gone).update(reference=kept)
    _alias(kept, Alias.Scheme.KEY, keys.normal(gone.key), written=gone.key)
    for name, scheme in _ALIASED.items():
        own = getattr(kept, name)
        for value in {getattr(before, name), getattr(gone, name)} - {own, None, ""}:
            _alias(kept, scheme, value, written=value)
        # What the work bears itself is no other name of it.
        Alias.objects.filter(reference=kept, scheme=scheme, value=own).delete()
    Alias.objects.filter(reference=kept, scheme=Alias.Scheme.KEY, value=kept.key_normal).delete()


def _alias(kept: Reference, scheme: str, value: str, *, written: str) -> None:
    alias, _is_new = Alias.objects.get_or_create(
        scheme=scheme, value=value, defaults={"written": written, "reference": kept}
    )
    if alias.reference_id != kept.pk:
        raise Refused(
            _("%(name)s leads to %(key)s, which is neither of the two. Merge one of them with that work first.")
            % {"name": written, "key": alias.reference.key}
        )


def _move(kept: Reference, gone: Reference) -> None:
    """Give the kept row all that leads to the other: earlier merges, events, checks, relations and judged pairs."""
    Merge.objects.filter(kept=gone).update(kept=kept)
    _move_events(kept, gone)
    _move_checks(kept, gone)
    _move_relations(kept, gone)
    for pair in Likeness.objects.exclude(dismissed_at=None).filter(first=gone):
        _keep_apart(kept, pair.second_id, pair)
    for pair in Likeness.objects.exclude(dismissed_at=None).filter(second=gone):
        _keep_apart(kept, pair.first_id, pair)


def _move_events(kept: Reference, gone: Reference) -> None:
    here = {event.kind: event for event in Event.objects.select_for_update().filter(reference=kept).order_by("pk")}
    for event in Event.objects.select_for_update().filter(reference=gone).order_by("pk"):
        if twin := here.get(event.kind):
            _join(twin, event)
        else:
            event.reference = kept
            event.save(update_fields=["reference"])
    # Whatever cites either of the two is concerned now, so all that stands is told once more to whom it is news.
    Event.objects.filter(reference=kept, dismissed_at=None).update(handled_at=None)


def _join(twin: Event, event: Event) -> None:
    """Make one event of two of a kind. It stands where either stands; the first finding and every report stay."""
    said = set(twin.reports.values_list("source", "notice"))
    for report in event.reports.all():
        if (report.source, report.notice) not in said:
            report.event = twin
            report.save(update_fields=["event"])
    if twin.dismissed_at and not event.dismissed_at:
        twin.dismissed_at = twin.dismissed_by = None
        twin.dismissed_why = ""
    twin.found_at = min(twin.found_at, event.found_at)
    twin.save()
    for action in _joinings:
        action(twin, event)
    event.delete()


def _move_checks(kept: Reference, gone: Reference) -> None:
    """One check for each source: the graver answer of two. All are due, because there is more to ask for now."""
    here = {check.source: check for check in Check.objects.select_for_update().filter(reference=kept).order_by("pk")}
    for check in Check.objects.select_for_update().filter(reference=gone).order_by("pk"):
        twin = here.get(check.source)
        if twin is not None and _GRAVITY[check.outcome] <= _GRAVITY[twin.outcome]:
            check.delete()
            continue
        if twin is not None:
            twin.delete()
        check.reference = kept
        check.save(update_fields=["reference"])
    Check.objects.filter(reference=kept).update(due_at=timezone.now())


def _move_relations(kept: Reference, gone: Reference) -> None:
    said = set(Relation.objects.filter(reference=kept).values_list("kind", "doi"))
    for relation in Relation.objects.filter(reference=gone):
        if (relation.kind, relation.doi) not in said:
            relation.reference = kept
            relation.save(update_fields=["reference"])
    Relation.objects.filter(other=gone).update(other=kept)
    # A work is no version of itself.
    Relation.objects.filter(reference=kept, other=kept).delete()


def _keep_apart(kept: Reference, other: int, pair: Likeness) -> None:
    """What somebody told apart from the row that goes stays apart from the one that it goes into."""
    if other == kept.pk:
        return
    Likeness.objects.update_or_create(
        first_id=min(kept.pk, other),
        second_id=max(kept.pk, other),
        defaults={"dismissed_at": pair.dismissed_at, "dismissed_by": pair.dismissed_by},
        create_defaults={
            "rule": pair.rule,
            "score": pair.score,
            "dismissed_at": pair.dismissed_at,
            "dismissed_by": pair.dismissed_by,
        },
    )


def _as_json(values: dict[str, Any]) -> dict[str, Any]:
    """The values as JSON holds them."""
    result: dict[str, Any] = json.loads(json.dumps(values, cls=DjangoJSONEncoder))
    return result
