"""What the site leans on is away, silent or emptied: editors and readers go on, and all is done once afterwards."""

from __future__ import annotations

import http.client
import signal
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from tests.faults.conftest import GROUP, SOAK, all_done, ask, forking
from tests.faults.processes import Person, Redis, Web, Worker, all_ended

pytestmark = GROUP
SECONDS = 60 if SOAK else 3


class Load(threading.Thread):
    """An author who saves and submits, and a reader of the public page, one request after another."""

    def __init__(self, given: dict[str, str], port: int, session: str, article: int, page: str) -> None:
        super().__init__()
        self.given, self.article, self.page = given, article, page
        self.author, self.reader = Person(port, session), Person(port)
        self.phase, self.ended = "before", False
        self.seconds: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
        self.wrong: list[tuple[str, str, object]] = []

    def run(self) -> None:
        number = 0
        while not self.ended:
            number += 1
            version = ask(self.given, "SELECT version FROM articles_article WHERE id = %s", self.article)
            fields = {
                "question": "Does alpha help under load?",
                "heading": "Yes",
                "lead": "It helps [@alpha].",
            }
            fields |= {"body": f"## Evidence\n\nTwo trials agree [@beta]. Round {number}.", "base_version": version}
            fields |= {"tab": f"{number:032x}", "byline-TOTAL_FORMS": 0, "byline-INITIAL_FORMS": 0}
            self._time("save", 302, lambda: self.author.post(f"/desk/articles/{self.article}/edit/", fields))
            submit = {"version": version + 1, "comment": ""}
            self._time("submit", 302, lambda: self.author.post(f"/desk/articles/{self.article}/submit/", submit))
            for _time in range(3):
                self._time("read", 200, lambda: self.reader.get(self.page))

    def _time(self, what: str, wanted: int, do: Any) -> None:
        phase, began = self.phase, time.monotonic()
        try:
            status, body = do()
        except (OSError, http.client.HTTPException) as error:
            status, body = 0, str(error).encode()
        self.seconds[phase][what].append(time.monotonic() - began)
        if status != wanted:
            self.wrong.append((phase, what, (status, body[-300:])))

    def stop(self) -> None:
        self.ended = True
        self.join()

    def told(self) -> dict[str, dict[str, str]]:
        """For each phase and kind of request: how many, and the 50th and 95th of a hundred, in milliseconds."""
        return {
            phase: {what: f"{len(all_)} (p50 {_of(all_, 50)}, p95 {_of(all_, 95)} ms)" for what, all_ in kinds.items()}
            for phase, kinds in self.seconds.items()
        }


def _of(seconds: list[float], hundredth: int) -> int:
    return round(sorted(seconds)[min(len(seconds) - 1, len(seconds) * hundredth // 100)] * 1000)


def hold(load: Load, phase: str) -> None:
    """So long the fault lasts; and at the least until each kind of request was met by it."""
    load.phase = phase
    until = time.monotonic() + SECONDS
    while time.monotonic() < until or len(load.seconds[phase]["submit"]) < 2:
        assert load.is_alive()
        time.sleep(0.05)


@pytest.mark.parametrize("fault", ["refused", "silent", "emptied"])
def test_broker_and_cache(given: dict[str, str], redis: Redis, tmp_path: Path, fault: str):
    forking(given, "publish", 3)
    session = str(forking(given, "session", "author")["session"])
    page = "/answers/" + ask(given, "SELECT slug FROM articles_publication WHERE article_id = 3") + "/"
    web, worker = Web(given, tmp_path / "web"), Worker(given, tmp_path / "worker")
    with all_ended(web, worker):
        web.start()
        worker.start()
        load = Load(given, web.port, session, 4, page)
        load.start()
        try:
            hold(load, "all there")
            if fault == "refused":
                redis.kill()
            elif fault == "silent":
                redis.signal(signal.SIGSTOP)
            else:
                assert redis.say("FLUSHALL") == b"+OK"
            hold(load, fault)
            if fault == "refused":
                redis.start()
            redis.signal(signal.SIGCONT)
            hold(load, "back")
        finally:
            load.stop()
            if redis.running is None:
                redis.start()
            redis.signal(signal.SIGCONT)
        took = all_done(given, worker.log)
    assert load.wrong == [], web.log.read_text()[-3000:]
    told = forking(given, "check")
    assert (told["problems"], told["twice"]) == ([], 0)
    print(load.told(), f"{took:.1f} s to all done")
