"""The processes of a site, each of which can be killed, stopped, and started again: Redis, worker with beat, web."""

from __future__ import annotations

import contextlib
import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.nginx import free_port
from tests.config.test_settings import ROOT

PATIENCE = 90
"""Seconds within which anything started has to answer, on a machine however busy."""


class Process:
    """A process with a group of its own, so that nothing of it is left when it is killed."""

    words: list[str]

    def __init__(self, given: dict[str, str], log: Path) -> None:
        self.given, self.log = given, log
        self.running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                self.words, cwd=ROOT, env=self.given, stdout=log, stderr=log, start_new_session=True
            )
        limit = time.monotonic() + PATIENCE
        while not self.answers():
            assert self.running.poll() is None, self.log.read_text()[-3000:]
            assert time.monotonic() < limit, self.log.read_text()[-3000:]
            time.sleep(0.05)

    def answers(self) -> bool:
        return True

    def signal(self, number: int) -> None:
        """Send a signal to all of its processes."""
        assert self.running is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.running.pid, number)

    def kill(self) -> None:
        """As by `kill -9` of each of its processes at once."""
        if self.running is not None:
            self.signal(signal.SIGKILL)
            self.running.wait(30)
            self.running = None

    def children(self) -> list[int]:
        assert self.running is not None
        pid = self.running.pid
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


class Redis(Process):
    """A Redis of its own, which writes nothing to the disk."""

    def __init__(self, log: Path) -> None:
        self.port = free_port()
        self.words = [
            "redis-server",
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
        ]
        super().__init__({"PATH": os.environ["PATH"]}, log)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def answers(self) -> bool:
        with contextlib.suppress(OSError):
            return self.say("PING") == b"+PONG"
        return False

    def say(self, words: str) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as to:
            to.sendall(f"{words}\r\n".encode())
            return to.recv(100).strip()


class Worker(Process):
    """A worker with two processes, and beat."""

    def __init__(self, given: dict[str, str], log: Path, *, name: str = "one", beat: bool = True) -> None:
        self.words = [sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency", "2"]
        self.words += ["--hostname", f"{name}@here", "--loglevel", "WARNING", *(["--beat"] if beat else [])]
        super().__init__(given, log)


class Web(Process):
    """gunicorn as a site runs it, with two processes."""

    def __init__(self, given: dict[str, str], log: Path) -> None:
        self.port = free_port()
        self.words = [sys.executable, "-m", "gunicorn", "-c", "python:config.gunicorn", "config.wsgi"]
        super().__init__(given | {"WEB_BIND": f"127.0.0.1:{self.port}", "WEB_WORKERS": "2"}, log)

    def answers(self) -> bool:
        with contextlib.suppress(OSError, http.client.HTTPException):
            return Person(self.port).get("/health/live")[0] == 200
        return False


class Person:
    """Somebody with a browser: an editor where `session` is that of one. Each request has a connection of its own."""

    def __init__(self, port: int, session: str = "") -> None:
        self.port, self.token = port, secrets.token_hex(16)
        self.cookies = f"csrftoken={self.token}; sessionid={session}" if session else ""

    def get(self, path: str) -> tuple[int, bytes]:
        return self._ask("GET", path, None, {})

    def post(self, path: str, fields: dict[str, object]) -> tuple[int, bytes]:
        body = urlencode(fields | {"csrfmiddlewaretoken": self.token})
        return self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with contextlib.closing(connection):
            connection.request(method, path, body, headers | ({"Cookie": self.cookies} if self.cookies else {}))
            answer = connection.getresponse()
            return answer.status, answer.read()


@contextlib.contextmanager
def all_ended(*processes: Process) -> Iterator[None]:
    """Whatever happens, none of these is left at the end."""
    try:
        yield
    finally:
        for one in processes:
            with contextlib.suppress(Exception):
                one.signal(signal.SIGCONT)
            one.kill()
