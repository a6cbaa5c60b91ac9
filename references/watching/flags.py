"""Flags: what is known against a work, who says so, and the status that follows. The one door to both.

An `Event` is due (`handled_at` is null) when it is new, when a notice that nobody had seen opens it again, and when
somebody dismissed it: each time pages change and people are to be told. What reacts reads `due()`, looks at
`dismissed_at` to see which way it went, and ends with `mark_handled(event)`. Status is written here alone.
"""

from __future__ import annotations

import datetime
from typing import cast

import reversion
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import User
from references.folding import tidy_line
from references.models import Event, Reference, Report, Status

DESK, LIBRARY = "desk", "library"
SOURCES = {
    "crossref": "Crossref",
    "pubmed": "PubMed",
    "retraction-watch": "Retraction Watch",
    DESK: gettext_lazy("somebody at the desk"),
    LIBRARY: gettext_lazy("the work's entry as it came into the library"),
}
"""What a report's `source` is called."""

STATUS_OF = {
    Event.Kind.RETRACTION: Status.RETRACTED,
    Event.Kind.CONCERN: Status.CONCERN,
    Event.Kind.NEW_VERSION: Status.SUPERSEDED,
    Event.Kind.CORRECTION: Status.CORRECTED,
}
"""The status that each kind of event gives, gravest first."""

KIND_OF = {status: kind for kind, status in STATUS_OF.items()}
_LONGEST_NOTICE, _LONGEST_TEXT = 300, 600


def report(
    reference: Reference,
    *,
    kind: str,
    source: str,
    notice: str = "",
    text: str = "",
    dated: datetime.date | None = None,
    by: AbstractBaseUser | None = None,
) -> tuple[Event, bool]:
    """Record one source's word against a work and let its status follow; return the event and whether it is news.

    News is a kind of event that the work did not have, or one that was dismissed and of which a source now names a
    notice that nobody had named (or a source speaks that had not spoken). Everything else is only noted: the same word
    twice does one thing. A person's own word always opens a dismissed event. Raises Reference.DoesNotExist where the
    row is gone.
    """
    notice, text = tidy_line(notice)[:_LONGEST_NOTICE], tidy_line(text)[:_LONGEST_TEXT]
    with transaction.atomic():
        row = _locked(reference)
        _account_for_status(row)
        event, is_new = _noted(row, kind=kind, source=source, notice=notice, text=text, dated=dated, by=by)
        named = " ".join(word for word in (f"{event.get_kind_display()}.", notice, text) if word)
        _follow(row, by=by, comment=f"{SOURCES.get(source, source)}: {named}")
    reference.status = row.status
    return event, is_new


def dismiss(event: Event, *, by: AbstractBaseUser, why: str) -> Event:
    """Record that an event does not hold, who says so and why; the work's status follows, and the event is due again.

    Doing it twice does it once. Raises ValidationError without a reason.
    """
    with transaction.atomic():
        row = _locked(event.reference)
        _account_for_status(row)
        event.refresh_from_db()
        if event.dismissed_at is None:
            _dismiss(event, by=by, why=why)
            _follow(row, by=by, comment=_("%(kind)s dismissed: %(why)s") % _named(event))
    return event


def set_by_hand(reference: Reference, *, before: str, by: AbstractBaseUser, why: str) -> None:
    """Make the events of a row say what a person chose as its status. Call it after `save`, in its transaction.

    `before` is the status that the person saw: where they left it as it was, what stands now stays, whatever came
    meanwhile. A flag that they set is an event that the desk reports; the graver ones that they took back are dismissed
    with `why`, and ValidationError asks for it where it is empty.
    """
    wanted = Status(reference.status)
    row = _locked(reference)
    if wanted != before:
        row.status = before
        _account_for_status(row)
        row.status = wanted.value
        for event in standing(row):
            if gravity(event.kind) > gravity(KIND_OF.get(wanted)):
                _dismiss(event, by=by, why=why)
        if wanted in KIND_OF:
            _noted(row, kind=KIND_OF[wanted], source=DESK, text=tidy_line(why)[:_LONGEST_TEXT], by=by)
    elif not row.events.exists():
        return
    status = status_of(row)
    if status != reference.status:
        reference.status = status
        reference.save()


def account_for_statuses(limit: int = 500) -> int:
    """Make events of the statuses with which works came into the library, so that these are acted on like others."""
    explained = Event.objects.values("reference")
    rows = Reference.objects.exclude(status=Status.CURRENT).exclude(pk__in=explained).order_by("pk")[:limit]
    count = 0
    for found in rows:
        with transaction.atomic():
            _account_for_status(_locked(found))
        count += 1
    return count


def standing(reference: Reference) -> QuerySet[Event]:
    """The events of a work that nobody dismissed."""
    return Event.objects.filter(reference=reference.pk, dismissed_at=None)


def status_of(reference: Reference) -> str:
    """The status that the standing events of a work give: the gravest."""
    kinds = set(standing(reference).order_by().values_list("kind", flat=True))
    return next((status.value for kind, status in STATUS_OF.items() if kind in kinds), Status.CURRENT.value)


def gravity(kind: str | None) -> int:
    """How grave a kind of event is; 0 for none."""
    order = [each.value for each in STATUS_OF]
    return len(order) - order.index(kind) if kind else 0


def due() -> QuerySet[Event]:
    """The events that are to be acted on, oldest first: new ones, opened again, and dismissed."""
    return Event.objects.filter(handled_at=None).select_related("reference").order_by("pk")


def mark_handled(event: Event) -> bool:
    """Record that an event was acted on as it was read; False where it was opened or dismissed meanwhile."""
    unchanged = Event.objects.filter(pk=event.pk, handled_at=None, dismissed_at=event.dismissed_at)
    return bool(unchanged.update(handled_at=timezone.now()))


def _locked(reference: Reference) -> Reference:
    return Reference.objects.select_for_update().get(pk=reference.pk)


def _noted(
    row: Reference,
    *,
    kind: str,
    source: str,
    notice: str = "",
    text: str = "",
    dated: datetime.date | None = None,
    by: AbstractBaseUser | None = None,
) -> tuple[Event, bool]:
    """Write the event and the report where they are not there yet; the row is locked."""
    event, is_new = Event.objects.get_or_create(reference=row, kind=Event.Kind(kind))
    said = list(event.reports.values_list("source", "notice"))
    if notice:
        is_unheard = notice not in {named for _source, named in said}
    else:
        is_unheard = source not in {each for each, _notice in said}
    if (source, notice) not in said:
        Report.objects.create(
            event=event, source=source, notice=notice, text=text, dated=dated, by=cast(User | None, by)
        )
    elif by is not None and event.dismissed_at:
        event.reports.filter(source=source, notice=notice).update(
            text=text, dated=dated, by=by, reported_at=timezone.now()
        )
    if event.dismissed_at and (is_unheard or by is not None):
        event.dismissed_at = event.dismissed_by = event.handled_at = None
        event.dismissed_why = ""
        event.save()
        is_new = True
    return event, is_new


def _dismiss(event: Event, *, by: AbstractBaseUser, why: str) -> None:
    if not why.strip():
        raise ValidationError({"status": [_("Say why the flag does not hold: it is kept in the work's history.")]})
    event.dismissed_at, event.dismissed_by, event.dismissed_why = timezone.now(), cast(User, by), why.strip()
    event.handled_at = None
    event.save()


def _follow(row: Reference, *, by: AbstractBaseUser | None, comment: str) -> None:
    """Save the status that the events give as a version of the work's history, where it differs."""
    status = status_of(row)
    if status == row.status:
        return
    row.status = status
    row.updated_at = timezone.now()
    with reversion.create_revision():
        if by is not None:
            reversion.set_user(by)
        reversion.set_comment(comment)
        row.save(update_fields=["status", "updated_at"])


def _account_for_status(row: Reference) -> None:
    """Give a status that no event explains an event of its own, so that no other event hides it."""
    if row.status == Status.CURRENT or row.events.exists():
        return
    _noted(row, kind=KIND_OF[Status(row.status)], source=LIBRARY)


def _named(event: Event) -> dict[str, str]:
    return {"kind": event.get_kind_display(), "why": event.dismissed_why}
