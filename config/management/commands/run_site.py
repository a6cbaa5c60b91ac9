"""`manage.py run_site`: the whole site on this machine, for trying it out. What `make run` calls.

Migrates, loads the sample content on the first run, starts web and worker, and ends both with Ctrl-C.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.samples import PASSWORD, PEOPLE

HOST = "127.0.0.1"
PATIENCE = 10.0
"""Seconds that a process gets to end by itself."""


class Command(BaseCommand):
    help = "Run web and worker on this machine, with sample content on the first run."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", default="8000", help="port of the web server (default 8000)")

    def handle(self, *args: Any, **options: Any) -> None:
        port = _port(options["port"])
        self.environment = os.environ | {
            "DEBUG": "1",
            "SECRET_KEY": _secret_key(),
            "SITE_URL": f"http://{HOST}:{port}",
        }
        self._manage("migrate", "--verbosity", "0")
        self._manage("load_samples", "--if-empty")
        self._manage("compose_pages")
        self._serve(port)

    def _manage(self, *words: str) -> None:
        done = subprocess.run([sys.executable, "manage.py", *words], cwd=settings.BASE_DIR, env=self.environment)
        if done.returncode:
            raise CommandError(f"manage.py {words[0]} did not succeed; nothing was started.")

    def _serve(self, port: int) -> None:
        commands = {
            "web": ["gunicorn", "config.wsgi", "--bind", f"{HOST}:{port}", "--threads", "4", "--log-level", "warning"],
            "worker": ["celery", "-A", "config", "worker", "--beat", "--pool", "solo", "--loglevel", "WARNING"],
        }
        running = {
            name: subprocess.Popen(
                [sys.executable, "-m", *words], cwd=settings.BASE_DIR, env=self.environment, start_new_session=True
            )
            for name, words in commands.items()
        }
        stopped = False

        def stop(_signal: int, _frame: object) -> None:
            nonlocal stopped
            stopped = True

        signal.signal(signal.SIGINT, stop)
        signal.signal(signal.SIGTERM, stop)
        try:
            if _answers(port, running["web"]):
                self.stdout.write(_welcome(port))
                self.stdout.flush()
            while not stopped:
                for name, process in running.items():
                    if process.poll() is not None:
                        raise CommandError(f"The {name} process ended with code {process.returncode}; all is stopped.")
                time.sleep(0.3)
            self.stdout.write("\nStopping web and worker ...")
        finally:
            _end(list(running.values()))


def _port(text: str) -> int:
    """The port as a number, free to listen on; CommandError with a sentence where it is not."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise CommandError(f"PORT is {text!r}: write a number from 1 to 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(text)))
        except PermissionError:
            raise CommandError(f"Port {text} may not be used by this account: choose one above 1023.") from None
        except OSError:
            raise CommandError(f"Port {text} is taken: choose another, for example make run PORT=8001.") from None
    return int(text)


def _secret_key() -> str:
    """The key of this machine's site, made on the first run and readable by its owner alone."""
    path = settings.VAR_DIR / "secret-key"
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()


def _answers(port: int, web: subprocess.Popen[bytes]) -> bool:
    """Wait until the web process takes connections; False where it ended before."""
    while web.poll() is None:
        try:
            with socket.create_connection((HOST, port), timeout=1):
                return True
        except OSError:
            time.sleep(0.1)
    return False


def _welcome(port: int) -> str:
    accounts = "\n".join(f"  {person.email:<28} {person.what}" for person in PEOPLE)
    return (
        f"\nImprimatur is running at http://{HOST}:{port}/ (the desk: http://{HOST}:{port}/desk/)\n\n"
        f"Sample accounts, all with the password: {PASSWORD}\n{accounts}\n\n"
        "Mail is printed here. Stop with Ctrl-C; the data stays in var/.\n"
    )


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    """End whole process groups: first kindly, after a while by force."""
    for process in processes:
        _signal(process, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.1, deadline - time.monotonic()))
        _signal(process, signal.SIGKILL)
        process.wait()


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
