"""Turns: how the processes of one machine share the pace at which a host may be asked.

A file in VAR_DIR/pace holds, for each queue, the next moment that is free. Whoever wants to ask locks the file, takes
that moment, puts the next one behind it, and waits outside the lock. Several machines each keep their own pace.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import math
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from references.web.errors import Busy

LONGEST_HOLD = 300.0
"""No wish of a host keeps us off it for longer; a moment further off than this is not believed (a clock put back)."""


def turn(queue: str, interval: float, patience: float, label: str) -> float:
    """Take the next turn in a queue and wait for it; return the seconds waited.

    Raises Busy, with no turn taken, where it would come later than `patience` seconds from now.
    """
    with _moments(queue) as moments:
        now = time.time()
        start = max(now, moments.get(queue, 0.0))
        wait = start - now
        if wait > patience:
            raise Busy(
                _("Many questions wait for %(label)s just now: try again in %(seconds)d s.")
                % {"label": label, "seconds": math.ceil(wait)}
            )
        moments[queue] = start + interval
    if wait > 0:
        time.sleep(wait)
    return wait


def hold(queue: str, seconds: float) -> None:
    """Let nobody ask for so many seconds: the host asked for it."""
    with _moments(queue) as moments:
        until = time.time() + min(seconds, LONGEST_HOLD)
        moments[queue] = max(until, moments.get(queue, 0.0))


@contextmanager
def _moments(queue: str) -> Iterator[dict[str, float]]:
    """The moments of the file in which this queue stands, locked; what was changed is written at the end."""
    folder = Path(settings.VAR_DIR) / "pace"
    folder.mkdir(exist_ok=True)
    # Some hundred files at most, however many hosts: a queue's file is chosen by its digest.
    name = hashlib.sha256(queue.encode()).hexdigest()[:2]
    with os.fdopen(os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        now = time.time()
        stored = _read(file.read())
        moments = {each: moment for each, moment in stored.items() if now < moment <= now + LONGEST_HOLD + 60}
        yield moments
        file.seek(0)
        file.truncate()
        json.dump(moments, file)


def _read(text: str) -> dict[str, float]:
    try:
        stored = json.loads(text or "{}")
    except ValueError:  # A machine that stopped in mid-write leaves half a file: begin anew.
        return {}
    return stored if isinstance(stored, dict) else {}
