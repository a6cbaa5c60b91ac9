"""`python -m benchmarks.answer_page`: the answer page under gunicorn beside a bare view, in turn, in one run.

Both return the same gzip bytes through the same middleware from two gunicorn workers; 8 connections ask. Needs wrk (the
Debian package of that name). Its database is its own, beside the one of DATABASE_URL, and dropped at the end.
"""

from __future__ import annotations

import argparse
import os
import re
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import scratch
from benchmarks.serving import serve

ROOT = Path(__file__).resolve().parents[1]
GZIP = "Accept-Encoding: gzip"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=5, help="length of each turn")
    parser.add_argument("--turns", type=int, default=3, help="turns of each")
    options = parser.parse_args()
    if not shutil.which("wrk"):
        print("This needs wrk: install the Debian package wrk.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder, scratch.database() as url:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DEBUG": "0",
            "SECRET_KEY": secrets.token_urlsafe(60),
            "VAR_DIR": folder,
            "DATABASE_URL": url,
            "SITE_URL": "http://127.0.0.1",
            "LOG_LEVEL": "WARNING",
            "BARE_PAGE": f"{folder}/page.gz",
        }
        made = subprocess.run(
            [sys.executable, "-m", "benchmarks.one_answer", f"{folder}/page.gz"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        slug, size, packed = made.stdout.split()[-3:]
        print(f"An answer page of {int(size) / 1000:.1f} kB ({int(packed) / 1000:.1f} kB sent).")
        answers = serve("config.settings", environment)
        bare = serve("benchmarks.bare_settings", environment)
        try:
            pages = {
                "answer page": f"http://127.0.0.1:{answers[1]}/answers/{slug}/",
                "answer page, patient": f"http://127.0.0.1:{answers[1]}/answers/{slug}/?for=patient",
                "bare view": f"http://127.0.0.1:{bare[1]}/bare/",
            }
            for address in pages.values():
                _wrk(address, 1)
            rates: dict[str, list[float]] = {name: [] for name in pages}
            delays: dict[str, list[tuple[float, float]]] = {name: [] for name in pages}
            for _turn in range(options.turns):
                for name, address in pages.items():
                    rate, middle, late = _wrk(address, options.seconds)
                    rates[name].append(rate)
                    delays[name].append((middle, late))
        finally:
            for process, _port in (answers, bare):
                process.terminate()
                process.wait()
    reference = statistics.median(rates["bare view"])
    print(f"{'':<24}{'requests/s':>12}{'p50 ms':>9}{'p99 ms':>9}{'of bare':>9}")
    for name, taken in rates.items():
        rate = statistics.median(taken)
        middle = statistics.median(one for one, _ in delays[name])
        late = statistics.median(one for _, one in delays[name])
        print(f"{name:<24}{rate:>12.0f}{middle:>9.1f}{late:>9.1f}{rate / reference:>9.2f}")
    return 0


def _wrk(address: str, seconds: int) -> tuple[float, float, float]:
    """Requests a second, and the 50th and 99th percentile in milliseconds."""
    done = subprocess.run(
        ["wrk", "-t", "1", "-c", "8", "-d", f"{seconds}s", "--latency", "-H", GZIP, address],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    if "Non-2xx" in done:
        raise SystemExit(f"{address} did not answer with 200:\n{done}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", done)
    assert rate
    return float(rate[1]), _milliseconds(done, "50%"), _milliseconds(done, "99%")


def _milliseconds(text: str, percentile: str) -> float:
    found = re.search(rf"^\s+{percentile}\s+([\d.]+)(us|ms|s)", text, re.MULTILINE)
    assert found
    return float(found[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[found[2]]


if __name__ == "__main__":
    sys.exit(main())
