"""What Celery's signals are used for: request ids in tasks, the table of scheduled tasks, and one way of logging."""

from __future__ import annotations

import logging
from typing import Any

from celery import Task, signals
from django.conf import settings
from django.db import Error, connection
from django.db.models.functions import Now

from config.models import ScheduledTask
from config.running import requests

HEADER = "request_id"

log = logging.getLogger(__name__)


@signals.before_task_publish.connect(dispatch_uid="request id")
def send_request_id(headers: dict[str, Any] | None = None, **kwargs: Any) -> None:
    """A task carries the id of the request, or of the task, that sends it."""
    if headers is not None and requests.current.get():
        headers[HEADER] = requests.current.get()


@signals.task_prerun.connect(dispatch_uid="request id")
def take_request_id(task_id: str = "", task: Task | None = None, **kwargs: Any) -> None:
    """While a task is done its log lines have the id that it carries; one that nobody asked for has its own."""
    if task is not None and not task.request.is_eager:
        requests.current.set(requests.id_for(str(task.request.get(HEADER) or task_id)))


@signals.task_postrun.connect(dispatch_uid="request id")
def leave_request_id(task: Task | None = None, **kwargs: Any) -> None:
    """What is logged after a task is not about it."""
    if task is not None and not task.request.is_eager:
        requests.current.set("")


@signals.task_success.connect(dispatch_uid="scheduled task")
def note_done(sender: Task | None = None, **kwargs: Any) -> None:
    """A line of the schedule was done to its end: the table says when, by the database's clock, and by whom."""
    lines = [name for name, line in settings.CELERY_BEAT_SCHEDULE.items() if sender and line["task"] == sender.name]
    if sender is None or not lines or sender.request.is_eager:
        return
    try:
        ScheduledTask.objects.filter(pk__in=lines).update(done_at=Now(), done_by=str(sender.request.hostname)[:200])
    except Error as error:
        log.warning("That %s was done could not be noted: %s", sender.name, error)
        connection.close()


@signals.setup_logging.connect(dispatch_uid="logging")
def keep_logging(loglevel: int | str = logging.INFO, **kwargs: Any) -> None:
    """Celery lets LOGGING stand, since this is connected; of its own lines it shows those from `--loglevel` on."""
    logging.getLogger("celery").setLevel(loglevel)
