"""Workers and web processes are killed in mid-work: the old state or the new, one notice each, nothing left undone."""

from __future__ import annotations

import http.client
import os
import random
import signal
import threading
import time
from pathlib import Path

import psycopg

from tests.faults.conftest import GROUP, NOT_DONE, SOAK, all_done, ask, forking
from tests.faults.processes import PATIENCE, Person, Web, Worker, all_ended

pytestmark = GROUP
ROUNDS = 100 if SOAK else 3
AT_RANDOM = random.Random(int(os.environ.get("FAULTS_SEED", "1")))
IN_A_TRANSACTION = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_xid IS NOT NULL
"""


def test_a_worker_is_killed_in_publication(given: dict[str, str], tmp_path: Path):
    worker = Worker(given, tmp_path / "log")
    longest, undone = 0.0, 0
    before = forking(given, "check")["published"]
    with all_ended(worker):
        for _round in range(ROUNDS):
            worker.start()
            forking(given, "due", 1)
            limit = time.monotonic() + PATIENCE
            with psycopg.connect(given["DATABASE_URL"], autocommit=True) as watching:
                while not watching.execute(IN_A_TRANSACTION).fetchone()[0]:  # type: ignore[index]
                    assert time.monotonic() < limit, worker.log.read_text()
                    if not ask(given, NOT_DONE):
                        break
            time.sleep(AT_RANDOM.uniform(0, 0.1))
            worker.kill()
            undone += bool(ask(given, NOT_DONE))
            worker.start()
            longest = max(longest, all_done(given, worker.log))
            worker.kill()
    told = forking(given, "check")
    assert (told["problems"], told["twice"], told["published"]) == ([], 0, before + ROUNDS)
    mails = len(list((Path(given["VAR_DIR"]) / "mail").iterdir()))
    print(
        {"killed": ROUNDS, "with work undone": undone, "longest seconds to all done": round(longest, 1), "mails": mails}
    )


def test_a_web_process_is_killed_in_a_save(given: dict[str, str], tmp_path: Path):
    person_session = str(forking(given, "session", "author")["session"])
    web = Web(given, tmp_path / "log")
    seen: dict[str, int] = {"answered": 0, "kept without an answer": 0, "not kept": 0}
    with all_ended(web):
        web.start()
        author = Person(web.port, person_session)
        usual = 0.0
        for number in range(ROUNDS + 2):
            version = ask(given, "SELECT version FROM articles_article WHERE id = 2")
            text = f"Round {number}: two trials agree."
            answers: list[int] = []

            def save(version: int = version, text: str = text, answers: list[int] = answers) -> None:
                fields = {"question": "Does alpha help in beta, case 1?", "body": text, "base_version": version}
                fields |= {"heading": "Yes", "lead": "It helps [@alpha]."}
                fields |= {"tab": f"{number:032x}", "byline-TOTAL_FORMS": 0, "byline-INITIAL_FORMS": 0}
                try:
                    answers.append(author.post("/desk/articles/2/edit/", fields)[0])
                except (OSError, http.client.HTTPException):
                    answers.append(0)

            saving = threading.Thread(target=save)
            saving.start()
            if number < 2:
                # Nobody is killed in the first two: the second tells how long a save takes here.
                began = time.monotonic()
                saving.join()
                usual = time.monotonic() - began
            else:
                time.sleep(AT_RANDOM.uniform(0.3 * usual, 1.1 * usual))
                for process in web.children():
                    os.kill(process, signal.SIGKILL)
            saving.join()
            now = ask(given, "SELECT version FROM articles_article WHERE id = 2")
            body = ask(given, "SELECT body FROM articles_article WHERE id = 2")
            assert answers[0] in {0, 302}, answers
            assert (now, body == text) in {(version, False), (version + 1, True)}
            if answers == [302]:
                assert now == version + 1
            seen["answered" if answers == [302] else "kept without an answer" if now > version else "not kept"] += 1
            limit = time.monotonic() + PATIENCE
            while not web.answers():
                assert time.monotonic() < limit, web.log.read_text()
    assert forking(given, "check")["problems"] == []
    print(seen)
