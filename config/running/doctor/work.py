"""The doctor on what happens after a request: broker, beat, workers, mail, what waits too long, and backups."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from smtplib import SMTPException

from celery.schedules import schedule
from django.conf import settings
from django.core.mail import get_connection
from django.utils import timezone

from config import backups as kept
from config.models import ScheduledTask
from config.running import clock, reach, waiting
from config.running.doctor.finding import Finding, doubtful, in_words, well, wrong
from people.models import Message

PATIENCE = 6
"""A line of the schedule may be so many of its intervals late: a worker may have long work in hand."""
LEAST_PATIENCE = 120.0
LONGEST_WAITS = dict.fromkeys(["publication", "event", "import"], 15 * 60.0) | dict.fromkeys(
    ["watch", "link"], 2 * 86_400.0
)
"""Seconds after which each kind of work that is due should be done."""
FAILED_OFTEN = 3


def broker() -> Iterator[Finding]:
    """Whether tasks can be sent."""
    try:
        reach.broker()
    except Exception as error:
        yield doubtful(
            f"The broker does not answer: {_line(error)}.",
            "See whether it runs, and what CELERY_BROKER_URL and REDIS_URL say. Until then all waits for the sweep.",
        )
    else:
        yield well("The broker answers.")


def cache() -> Iterator[Finding]:
    """Whether limits are counted for all processes together."""
    try:
        reach.cache_store()
    except Exception as error:
        yield doubtful(
            f"The cache does not answer: {_line(error)}.",
            "See whether Redis runs, and what REDIS_URL says. Until then readers' limits are not counted.",
        )
        return
    if settings.REDIS_URL:
        yield well("The cache answers.")
    elif settings.HTTPS:
        yield doubtful(
            "REDIS_URL is not set: each web process counts readers' limits for itself, and forgets them when it ends.",
            "Set REDIS_URL.",
        )


def beat_and_worker() -> Iterator[Finding]:
    """Whether the lines of the schedule are sent and done."""
    rows = {row.name: row for row in ScheduledTask.objects.filter(pk__in=settings.CELERY_BEAT_SCHEDULE)}
    if not rows:
        yield wrong(
            "No beat ever ran on this database: nothing is swept, and nothing is published at its time.",
            "Start celery -A config beat (or a worker with --beat).",
        )
        return
    now = timezone.now() - clock.ahead_of_database()
    late = False
    for name, row in sorted(rows.items()):
        line = settings.CELERY_BEAT_SCHEDULE[name]["schedule"]
        every = line if isinstance(line, float) else _longest(line)
        patience = max(PATIENCE * every if every < 3600 else 1.5 * every, LEAST_PATIENCE)
        if (unsent := (now - row.sent_at).total_seconds()) > patience:
            late = True
            yield wrong(
                f"Beat last sent “{name}” {in_words(unsent)} ago; it is due every {in_words(every)}.",
                "Start or restart celery -A config beat, and look into its log.",
            )
        elif (row.done_at is None and row.sent_by and every < 3600) or _undone(row) > patience:
            late = True
            since = f"for {in_words(_undone(row))}" if row.done_at else "yet"
            yield wrong(
                f"Beat sends “{name}”, but no worker has done it {since}.",
                "Start or restart a worker that takes from the queue of this task, and look into its log.",
            )
    if not late:
        yield well("Beat and workers do what the schedule says.")


def _longest(line: schedule) -> float:
    """Seconds between two turns: an hour for a line that names a minute alone, else a day."""
    return 3600.0 if len(getattr(line, "hour", ())) == 24 else 86_400.0


def _undone(row: ScheduledTask) -> float:
    """For how many seconds before its last sending nobody did it, who had done it before."""
    return (row.sent_at - row.done_at).total_seconds() if row.done_at else 0.0


def waiting_too_long() -> Iterator[Finding]:
    """Work that is due and not done."""
    late = False
    for one in waiting.now_waiting():
        longest = LONGEST_WAITS.get(one.kind)
        if longest and one.seconds and one.seconds > longest:
            late = True
            yield wrong(
                f"{one.number} × “{one.kind}” is due, the oldest for {in_words(one.seconds)}.",
                "See whether a worker runs (above), and what its log says of it.",
            )
    if not late:
        yield well("Nothing that is due waits too long.")


def unsent_mail() -> Iterator[Finding]:
    """Mail that failed again and again."""
    stuck = Message.objects.filter(sent_at=None, attempts__gte=FAILED_OFTEN)
    number = stuck.count()
    if number:
        newest = stuck.order_by("-not_before").values_list("last_error", flat=True).first()
        yield wrong(
            f"{number} mails failed {FAILED_OFTEN} times or more, the last with: {newest or 'no word'}.",
            "Put right what the mail server says; what waits is then sent by itself.",
        )


def mail_server() -> Iterator[Finding]:
    """Whether mail goes out, and under whose name. No mail is sent for it."""
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        if not settings.DEBUG:
            yield doubtful("EMAIL_HOST is not set: mail is printed and reaches nobody.", "Set EMAIL_HOST.")
        return
    if "localhost" in settings.DEFAULT_FROM_EMAIL:
        yield doubtful("Mail goes out from an address at localhost.", "Set DEFAULT_FROM_EMAIL to one of your own.")
    try:
        with get_connection() as server:
            server.open()
    except (OSError, SMTPException) as error:
        yield wrong(
            f"The mail server {settings.EMAIL_HOST} does not let us in: {_line(error)}.",
            "See EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD and EMAIL_USE_TLS. No mail is lost.",
        )
    else:
        yield well("The mail server lets us in.")


def backups() -> Iterator[Finding]:
    """How old the newest copy is."""
    if not settings.BACKUP_DIR:
        if not settings.DEBUG:
            yield doubtful(
                "BACKUP_DIR is not set: nothing is known of any backup.",
                "Set it, and run manage.py backup each night; or look after copies elsewhere yourself.",
            )
        return
    newest = kept.newest(Path(settings.BACKUP_DIR))
    if newest is None:
        yield wrong(f"There is no backup in {settings.BACKUP_DIR}.", "Run manage.py backup, and run it each night.")
        return
    age = timezone.now() - datetime.datetime.fromtimestamp(newest.stat().st_mtime, datetime.UTC)
    if age > datetime.timedelta(hours=settings.BACKUP_HOURS):
        yield wrong(
            f"The newest backup is {in_words(age.total_seconds())} old ({newest.name}).",
            "See why manage.py backup did not run or did not succeed.",
        )
    else:
        yield well(f"The newest backup is {in_words(age.total_seconds())} old.")


def _line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__
