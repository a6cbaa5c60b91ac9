"""How gunicorn runs the site: `gunicorn -c python:config.gunicorn config.wsgi`. From the environment, like the rest.

Read before the site is: so the folder of the metrics is there before anything counts, and each server has its own.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from typing import Any

from config import env

bind = env.words("WEB_BIND", "127.0.0.1:8000")
workers = env.number("WEB_WORKERS", 2)
threads = env.number("WEB_THREADS", 4)
preload_app = True
"""The processes share the memory of the code; new code needs a restart."""
graceful_timeout = 20
timeout = 60
loglevel = "warning"
max_requests = env.number("WEB_MAX_REQUESTS", 0)
"""After how many requests a process ends and another takes its place; 0: never."""
max_requests_jitter = max_requests // 10

# What several processes count is added up from files. They are this server's alone, and go with it.
_folder = tempfile.mkdtemp(prefix="imprimatur-metrics-") if env.text("METRICS_TOKEN") else ""
if _folder:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = _folder


def child_exit(server: Any, worker: Any) -> None:
    """What a process counted stays counted; only what it told of the moment is forgotten."""
    if _folder:
        from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415 - only where it counts

        mark_process_dead(worker.pid)


def on_exit(server: Any) -> None:
    """Take the folder of the metrics away."""
    if _folder:
        shutil.rmtree(_folder, ignore_errors=True)
