"""wrk (the Debian package of that name): requests a second and delays at one address, or at those of a script."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

GZIP = "Accept-Encoding: gzip"


def ask(
    address: str, seconds: int, *, connections: int = 8, headers: tuple[str, ...] = (GZIP,), script: Path | None = None
) -> tuple[float, float, float]:
    """Requests a second, and the 50th and 99th percentile in milliseconds. SystemExit where an answer is an error."""
    command = ["wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds}s", "--latency"]
    for header in headers:
        command += ["-H", header]
    command += ["-s", str(script)] if script else []
    done = subprocess.run([*command, address], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in done or "Socket errors" in done:
        raise SystemExit(f"{address} did not always answer:\n{done}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", done)
    assert rate
    return float(rate[1]), _milliseconds(done, "50%"), _milliseconds(done, "99%")


def _milliseconds(text: str, percentile: str) -> float:
    found = re.search(rf"^\s+{percentile}\s+([\d.]+)(us|ms|s)", text, re.MULTILINE)
    assert found
    return float(found[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[found[2]]
