"""Publishing at a time: scheduling it, cancelling it, and what the sweep does when the time has come."""

from __future__ import annotations

import datetime
import logging

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from articles import editions
from articles.models import Edition
from people.models import User
from reviews import chain, news
from reviews.models import ScheduledPublication
from reviews.workflow.cases import case_of
from reviews.workflow.making import end_schedule, locked, require
from reviews.workflow.releasing import publish
from reviews.workflow.table import NONE, PUBLICATION, Refused

log = logging.getLogger(__name__)

VIA = news.SCHEDULE
Outcome = ScheduledPublication.Outcome


def schedule(
    edition: Edition, *, by: User, at: datetime.datetime, note: str = "", via: str = "desk"
) -> ScheduledPublication:
    """Have an approved edition published at a time to come; `note` is what `publish` takes. Raises Refused."""
    now = timezone.now()
    if at <= now:
        raise Refused(_("Choose a time that is still to come."))
    with transaction.atomic():
        case = case_of(locked(edition.article_id), edition)
        require("schedule", case, by=by, reason=note)
        row = ScheduledPublication.objects.create(
            article_id=edition.article_id, edition=edition, at=at, note=note.strip(), made_by=by, made_at=now
        )
        said = _("To be published on %(when)s.") % {"when": in_words(at)}
        _record("schedule", edition, by=by, at=now, reason=" ".join(filter(None, [said, row.note])), via=via)
    return row


def cancel(edition: Edition, *, by: User, via: str = "desk") -> None:
    """Cancel the publication of this edition that waits for its time. Raises Refused."""
    now = timezone.now()
    with transaction.atomic():
        case = case_of(locked(edition.article_id), edition)
        require("cancel-schedule", case, by=by, reason="")
        assert case.scheduled is not None
        end_schedule(case.scheduled, Outcome.CANCELLED, at=now, why=_("Cancelled by %(name)s.") % {"name": by})
        _record("cancel-schedule", edition, by=by, at=now, reason="", via=via)


def publish_due(*, limit: int = 50) -> int:
    """Publish what is due, each in a transaction of its own; returns how many were published.

    Every condition of the move is asked again. A refusal ends the row and tells its editor and the others. Two sweeps
    at once publish nothing twice.
    """
    due = ScheduledPublication.objects.filter(outcome=Outcome.WAITING, at__lte=timezone.now()).order_by("at", "pk")
    return sum(_publish_if_due(pk, article) for pk, article in due.values_list("pk", "article")[:limit])


def _publish_if_due(pk: int, article_id: int) -> bool:
    """Publish one, if nobody did or cancelled it meanwhile."""
    with transaction.atomic():
        locked(article_id)
        waiting = ScheduledPublication.objects.filter(pk=pk, outcome=Outcome.WAITING)
        row = waiting.select_related("edition", "made_by").first()
        if row is None:
            return False
        try:
            with transaction.atomic():
                publish(row.edition, by=row.made_by, note=row.note, via=VIA)
        except Refused as refused:
            _refuse(row, str(refused))
            return False
        except editions.Altered:
            log.exception("The edition that was due for article %s was not published.", article_id)
            _refuse(row, _("The stored text is not what was signed. An operator has to look at it."))
            return False
    return True


def _refuse(row: ScheduledPublication, why: str) -> None:
    end_schedule(row, Outcome.REFUSED, at=timezone.now(), why=why)
    news.tell_refused(row, in_words(row.at))


def in_words(at: datetime.datetime) -> str:
    """A time as people here read it, with its time zone."""
    here = localtime(at)
    return f"{date_format(here, 'j F Y, H:i')} {here.tzname()}"


def _record(name: str, edition: Edition, *, by: User, at: datetime.datetime, reason: str, via: str) -> None:
    """The transition: it names no standing, since it changes none."""
    chain.append(
        edition=edition,
        subject=PUBLICATION,
        move=name,
        from_state=NONE,
        to_state=NONE,
        by=by,
        at=at,
        reason=reason,
        via=via,
    )
