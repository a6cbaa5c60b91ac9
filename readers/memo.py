"""Finished pages kept for a moment in this process: one that many ask for at once is fetched or rendered once.

Nobody reads a page that is older than PAGE_MEMO_MS milliseconds (settings; 0 keeps nothing), so a withdrawal is seen as
soon. Nor is a page kept past the second in which the database was asked for it: what a shared cache is told then holds
(see `caching.UntilTheSecondEnds`). Of an answer the row is kept as the database gave it, under the path and the
audience that were asked for; of a list its packed bytes, under the whole address, which says for whom they are.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

MOST_BYTES, MOST_BYTES_OF_LISTS = 8 * 1024 * 1024, 2 * 1024 * 1024
"""What the bodies that are kept may take together, in each process."""

MADE_AT_ONCE = 64
"""So many pages are made at once at most; far more than a process has threads."""


@dataclass(frozen=True)
class Row:
    """A page as live pages stand in the database: its compressed bytes, their ETag, and how they are handed out."""

    body: bytes
    etag: str
    http_status: int
    noindex: bool


def now() -> float:
    """Seconds of a clock that never goes back."""
    return time.monotonic()


def wall_clock() -> float:
    """Seconds since 1970: the clock that a shared cache on this machine has, too."""
    return time.time()


class Memo:
    """Rows by address and audience, each for as long as the settings say, the oldest out first. Threads share it."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self.on_look: list[Callable[[bool], None]] = []
        """Told of each look whether the page was there."""
        self._rows: OrderedDict[tuple[str, str], tuple[float, Row]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()
        self._making = [threading.Lock() for _number in range(MADE_AT_ONCE)]

    def get(self, path: str, audience: str) -> Row | None:
        """The row of this address for this audience; None where none is kept or it is too old."""
        kept = self._rows.get((path, audience))
        row = kept[1] if kept is not None and now() < kept[0] else None
        for told in self.on_look:
            told(row is not None)
        return row

    def keep(self, path: str, audience: str, row: Row, asked_at: float) -> None:
        """Keep a row that the database was asked for at `asked_at` (see `now`): it counts from there."""
        moment = now()
        rest_of_second = 1 - (wall_clock() - (moment - asked_at)) % 1
        until = asked_at + min(settings.PAGE_MEMO_MS / 1000, rest_of_second)
        if moment >= until:
            return
        with self._lock:
            self._drop((path, audience))
            self._rows[path, audience] = (until, row)
            self._bytes += len(row.body)
            while self._bytes > self.most_bytes:
                self._drop(next(iter(self._rows)))

    def making(self, path: str) -> threading.Lock:
        """A lock for making this page: who waited for it finds the page kept, and none is made by many at once."""
        return self._making[hash(path) % MADE_AT_ONCE]

    def _drop(self, name: tuple[str, str]) -> None:
        gone = self._rows.pop(name, None)
        if gone is not None:
            self._bytes -= len(gone[1].body)


pages = Memo()
"""The answers' pages of this process."""
rendered = Memo(MOST_BYTES_OF_LISTS)
"""Home, lists and the pages about the site, of this process."""
