"""The site as it is served, for a benchmark to ask."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def serve(settings: str, environment: dict[str, str]) -> tuple[subprocess.Popen[bytes], int]:
    """Start gunicorn with 2 workers of 4 threads under these settings; the process, and the port that it answers at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", "2", "--threads", "4", "--preload", "--log-level", "warning"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment | {"DJANGO_SETTINGS_MODULE": settings})
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    return process, port


def memory_of_workers(process: int) -> str:
    """MB of each worker of this gunicorn as Linux counts them: all, its share, and what is its own alone.

    Its share (PSS) counts what n processes hold together as an n-th part.
    """
    workers = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return "; ".join(_memory(worker) for worker in workers)


def _memory(process: str) -> str:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
    counted = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines}
    own = counted["Private_Clean"] + counted["Private_Dirty"]
    return f"{counted['Rss']:.0f} ({counted['Pss']:.0f} its share, {own:.0f} its own)"
