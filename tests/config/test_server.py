"""gunicorn as config/gunicorn.py runs it: several processes count as one server, and end without a trace."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError

import pytest

from tests.config.test_settings import GOOD_KEY, ROOT

TOKEN = "a-token-of-the-operator"
COUNT = re.compile(
    r'^imprimatur_request_seconds_count\{method="GET",status="302",view="readers:favicon"\} ([\d.]+)', re.M
)


class Stays(urllib.request.HTTPRedirectHandler):
    """Follows no redirect."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


ask = urllib.request.build_opener(Stays()).open


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "TMPDIR": str(tmp_path),
        "VAR_DIR": str(tmp_path / "var"),
        "SECRET_KEY": GOOD_KEY,
        "DEBUG": "1",
        "METRICS_TOKEN": TOKEN,
        "WEB_BIND": f"127.0.0.1:{port}",
        "WEB_WORKERS": "2",
        "LOG_FORMAT": "json",
    }
    with (tmp_path / "log").open("wb") as log:
        running = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "python:config.gunicorn", "config.wsgi"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
    address = f"http://127.0.0.1:{port}"
    limit = time.monotonic() + 60
    while True:
        try:
            ask(f"{address}/health/live").close()
            break
        except OSError:
            assert time.monotonic() < limit, (tmp_path / "log").read_text()
            time.sleep(0.2)
    yield address, running
    running.terminate()
    running.wait(30)


def asked(address: str, times: int) -> None:
    for _time in range(times):
        with pytest.raises(HTTPError, match="302"):
            ask(f"{address}/favicon.ico")


def counted(address: str) -> float:
    request = urllib.request.Request(f"{address}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    with ask(request) as response:
        [number] = COUNT.findall(response.read().decode())
    return float(number)


def test_processes_count_together_and_what_one_counted_outlives_it(
    server: tuple[str, subprocess.Popen[bytes]], tmp_path: Path
):
    address, running = server
    asked(address, 40)
    # Whichever process answers tells the sum.
    assert {counted(address) for _time in range(12)} == {40}

    children = Path(f"/proc/{running.pid}/task/{running.pid}/children")
    if children.exists():
        os.kill(int(children.read_text().split()[0]), signal.SIGKILL)
        asked(address, 10)
        assert counted(address) == 50

    assert len(list(tmp_path.glob("imprimatur-metrics-*"))) == 1
    running.terminate()
    running.wait(30)
    assert list(tmp_path.glob("imprimatur-metrics-*")) == []
