"""The site as it is served, for a benchmark to ask."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def serve(
    settings: str,
    environment: dict[str, str],
    *,
    python: str = sys.executable,
    application: str = "config.wsgi",
    folder: Path = ROOT,
) -> tuple[subprocess.Popen[bytes], int]:
    """Start gunicorn with 2 workers of 4 threads under these settings; the process, and the port that it answers at.

    The application is found from `folder`, and `python` is the interpreter of its environment.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [python, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", "2", "--threads", "4", "--preload", "--log-level", "warning"]
    process = subprocess.Popen(command, cwd=folder, env=environment | {"DJANGO_SETTINGS_MODULE": settings})
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    return process, port


@dataclass(frozen=True)
class Memory:
    """MB of a process as Linux counts them.

    `share` (PSS) counts what n processes hold together as an n-th part; `own` is what it holds alone.
    """

    all: float
    share: float
    own: float

    def __str__(self) -> str:
        return f"{self.all:.0f} ({self.share:.0f} its share, {self.own:.0f} its own)"


def workers_memory(process: int) -> list[Memory]:
    """What each worker of this gunicorn holds."""
    workers = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [_memory(worker) for worker in workers]


def memory_of_workers(process: int) -> str:
    """The same in words."""
    return "; ".join(map(str, workers_memory(process)))


def _memory(process: str) -> Memory:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
    counted = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines}
    return Memory(counted["Rss"], counted["Pss"], counted["Private_Clean"] + counted["Private_Dirty"])
