"""`python -m benchmarks.answer_page`: the answer page under gunicorn beside a bare view, in turn, in one run.

Both return the same gzip bytes through the same middleware from two gunicorn workers; 8 connections ask. The page is
asked for by those who have it as well (304), and 1,000 answers for every audience in Zipf's proportions. Needs wrk (the
Debian package of that name). Its database is its own, beside the one of DATABASE_URL, and dropped at the end.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from articles.audiences import AUDIENCES
from benchmarks import scratch
from benchmarks.serving import memory_of_workers, serve
from benchmarks.wrk import GZIP, ask

ROOT = Path(__file__).resolve().parents[1]
COPIES = 1000
"""Answers whose addresses, for each audience, are asked for in Zipf's proportions."""


@dataclass(frozen=True)
class Row:
    """One line of the table: where wrk asks, and how."""

    address: str
    headers: tuple[str, ...] = (GZIP,)
    script: Path | None = None


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
            [sys.executable, "-m", "benchmarks.one_answer", f"{folder}/page.gz", "--copies", str(COPIES)],
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
            origin, path = f"http://127.0.0.1:{answers[1]}", f"/answers/{slug}/"
            script = Path(folder) / "zipf.lua"
            _in_zipf_proportions(script, slug, [one.slug for one in AUDIENCES])
            known = (GZIP, f"If-None-Match: {_etag(answers[1], path)}")
            pages = {
                "answer page": Row(f"{origin}{path}"),
                "answer page, patient": Row(f"{origin}{path}?for=patient"),
                "the same, known (304)": Row(f"{origin}{path}", known),
                "8,000 addresses by Zipf": Row(origin, script=script),
                "bare view": Row(f"http://127.0.0.1:{bare[1]}/bare/"),
            }
            for row in pages.values():
                ask(row.address, 1, headers=row.headers, script=row.script)
            rates: dict[str, list[float]] = {name: [] for name in pages}
            delays: dict[str, list[tuple[float, float]]] = {name: [] for name in pages}
            before = memory_of_workers(answers[0].pid)
            for _turn in range(options.turns):
                for name, row in pages.items():
                    rate, middle, late = ask(row.address, options.seconds, headers=row.headers, script=row.script)
                    rates[name].append(rate)
                    delays[name].append((middle, late))
            after = memory_of_workers(answers[0].pid)
            asked = options.seconds * sum(sum(taken) for name, taken in rates.items() if name != "bare view")
            print(f"MB of each web process: {before} when warm, {after} after {asked:.0f} requests more.")
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


def _etag(port: int, path: str) -> str:
    """The ETag of the packed page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.headers["ETag"] or ""


def _in_zipf_proportions(file: Path, slug: str, audiences: list[str]) -> None:
    """Write a script for wrk: answers and audiences chosen so that the n-th of all addresses is asked for as 1/n.

    The answers are copies of the page under other names, as `benchmarks.one_answer` laid them. wrk's connections ask in
    one order, drawn beforehand, so that choosing costs nothing while it measures.
    """
    chance = random.Random(1)
    addresses = [
        f"/answers/{slug if number == 0 else f'{slug}-{number}'}/{f'?for={audience}' if audience else ''}"
        for number in range(COPIES)
        for audience in ("", *audiences)
    ]
    chance.shuffle(addresses)
    weights = [1 / rank for rank in range(1, len(addresses) + 1)]
    drawn = chance.choices(range(1, len(addresses) + 1), weights, k=20_000)
    named = ",".join(f'"{address}"' for address in addresses)
    file.write_text(
        f"local addresses = {{{named}}}\nlocal order = {{{','.join(map(str, drawn))}}}\nlocal turn = 0\n"
        "request = function()\n  turn = turn % #order + 1\n"
        '  return wrk.format("GET", addresses[order[turn]])\nend\n'
    )


if __name__ == "__main__":
    sys.exit(main())
