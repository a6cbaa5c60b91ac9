"""How log lines are written: as lines or as JSON, each with the request's id, none with personal data.

What is let through is chosen, not what is kept out: of a request its view's name, never its address. Over the finished
text goes a second lock, for what libraries write into their messages: e-mail addresses, the query strings of addresses,
the values of a row that PostgreSQL quotes in its errors, and clients' IP addresses.
"""

from __future__ import annotations

import datetime
import json
import logging
import re

from celery import current_task

from config.running import requests

FIELDS = ("method", "view", "status", "ms")
"""What a record may carry besides its message."""

_PART = r"[^\s<>\"'(),;:=\[\]{}@%]"
# Each is bounded, so that no long line can hold a process up.
_LEFT_OUT = (
    (re.compile(rf"{_PART}{{1,64}}(?:@|%40){_PART}{{1,190}}\.{_PART}{{1,63}}"), "[address]"),
    (re.compile(r"(?<=[\w/.:])\?[^\s\"'<>)=]{0,200}=[^\s\"'<>)]*"), "?[left out]"),
    (re.compile(r"^(\s*(?:DETAIL|CONTEXT):).*$", re.MULTILINE), r"\1 [left out]"),
    (re.compile(r"\bip=\S+"), "ip=[left out]"),
)


def scrubbed(text: str) -> str:
    """The text without e-mail addresses, query strings, quoted rows and clients' IP addresses."""
    for pattern, instead in _LEFT_OUT:
        text = pattern.sub(instead, text)
    return text


class Told(logging.Filter):
    """Adds the request's id and the task's name to each record, and puts the view's name for the address."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        # Django tells of an answer when the middleware is done with it.
        record.request_id = requests.current.get() or getattr(request, "request_id", "")
        record.task = current_task.name if current_task else ""
        path = getattr(request, "path", None)
        if request is not None and path and isinstance(record.args, tuple):
            # Django escapes what it logs of a request, so that the address may be written otherwise.
            known = {path, path.encode("unicode_escape").decode("ascii")}
            record.args = tuple(requests.view_of(request) if one in known else one for one in record.args)
        return True


class Lines(logging.Formatter):
    """One line for people: time, level, logger, the request's id, the message; a traceback after it."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        if not hasattr(record, "request_id"):
            record.request_id = requests.current.get()
        return scrubbed(super().format(record))


class Json(logging.Formatter):
    """One JSON object a line, for whatever collects logs."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "at": datetime.datetime.fromtimestamp(record.created, datetime.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": scrubbed(record.getMessage()),
            "request_id": getattr(record, "request_id", requests.current.get()),
            "task": getattr(record, "task", ""),
        }
        told |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info:
            told["exception"] = scrubbed(self.formatException(record.exc_info))
        return json.dumps({name: value for name, value in told.items() if value not in ("", None)}, default=str)
