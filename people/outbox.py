"""The outbox: mail is a row first (`post`), and is sent after commit by a task or the sweep (`send_due`)."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterable
from typing import NamedTuple

from celery import shared_task
from django.core.mail import EmailMessage
from django.utils import timezone

from people.models import Message
from people.work import hurry

log = logging.getLogger(__name__)

BATCH = 50
WRITTEN_AT_ONCE = 200
WAIT_AFTER_FAILURE = datetime.timedelta(minutes=1)
LONGEST_WAIT = datetime.timedelta(hours=6)


class Mail(NamedTuple):
    """One mail to be written: `key` says what it is about and to whom."""

    key: str
    to: str
    subject: str
    text: str


def post(*, key: str, to: str, subject: str, text: str) -> None:
    """Write one mail into the outbox, inside the caller's transaction; the same `key` is written once."""
    post_all([Mail(key, to, subject, text)])


def post_all(mails: Iterable[Mail]) -> None:
    """Write mails into the outbox, inside the caller's transaction; the same `key` is written once.

    Line breaks in a subject become spaces, so that no header can be added through a name or a title.
    """
    rows = [mail._replace(subject=" ".join(mail.subject.split())[:200]) for mail in mails]
    Message.objects.bulk_create(
        [Message(**row._asdict()) for row in rows], ignore_conflicts=True, batch_size=WRITTEN_AT_ONCE
    )
    if rows:
        hurry(send_mail_due)


def send_due(*, at: datetime.datetime | None = None) -> int:
    """Send what is due and unsent, a batch at most; returns how many went out.

    Each message is claimed by a conditional update that moves `not_before` on: two senders never send the
    same one, and what a dead sender claimed is due again after a while.
    """
    now = at or timezone.now()
    sent = 0
    for message in Message.objects.filter(sent_at=None, not_before__lte=now).order_by("pk")[:BATCH]:
        wait = min(WAIT_AFTER_FAILURE * 2 ** min(message.attempts, 10), LONGEST_WAIT)
        claimed = Message.objects.filter(pk=message.pk, sent_at=None, attempts=message.attempts).update(
            attempts=message.attempts + 1, not_before=now + wait
        )
        if not claimed:
            continue
        try:
            EmailMessage(message.subject, message.text, to=[message.to]).send()
        except OSError as error:  # smtplib's errors are OSErrors
            Message.objects.filter(pk=message.pk).update(last_error=str(error)[:300])
            log.warning("Message %s was not sent: %s", message.pk, error)
        else:
            # The words are not kept: an invitation holds a link that lets its bearer in.
            Message.objects.filter(pk=message.pk).update(sent_at=timezone.now(), last_error="", text="")
            sent += 1
    return sent


@shared_task
def send_mail_due() -> None:
    send_due()
