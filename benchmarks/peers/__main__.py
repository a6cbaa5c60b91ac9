"""`DATABASE_URL=postgres://… python -m benchmarks.peers [PART …]`: Wagtail's site and ours, in turn, in one run.

Both stand on databases of their own on the same PostgreSQL, dropped at the end, under gunicorn with 2 workers of 4
threads, and hold the same long answer and the same archive. Wagtail is installed into var/peers from the pinned list
beside this file, and is configured as its documentation advises (theirs/settings.py). The parts:

    pages     requests a second with 8 connections: answers, 304s, lists, a bare view, and Wagtail behind Django's
              whole-page cache in Redis
    search    milliseconds of a page of ten, one question after the other
    writes    milliseconds to save a draft, submit it, approve and publish it
    memory    MB of a worker after 10,000 requests, and after 10,000 more
    load      pages a second of a Markdown archive with all cores: always measured, as the archive has to be there

Needs wrk and redis-server. Prints medians and ratios.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import http.client
import json
import os
import random
import re
import secrets
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

from benchmarks import scratch
from benchmarks.nginx import free_port
from benchmarks.peers import text
from benchmarks.serving import Memory, serve, workers_memory
from benchmarks.wrk import GZIP, ask

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
THEIRS = HERE / "theirs"
ENVIRONMENT = ROOT / "var" / "peers"
DATA = ROOT.parent / "shared" / "data"
PARTS = ("pages", "search", "writes", "memory")
TOPIC = "Primary care"


@dataclass(frozen=True)
class Sites:
    """Both sites as they are served, the bare view and Wagtail behind its cache; what they do besides pages."""

    theirs: tuple[subprocess.Popen[bytes], int]
    cached: tuple[subprocess.Popen[bytes], int]
    ours: tuple[subprocess.Popen[bytes], int]
    bare: tuple[subprocess.Popen[bytes], int]
    theirs_path: str
    ours_path: str
    theirs_does: Callable[..., Any]
    ours_does: Callable[..., Any]


def python_of_theirs() -> str:
    """The interpreter of Wagtail's environment, made anew where the pinned list is newer."""
    wanted, stamp, python = HERE / "requirements.txt", ENVIRONMENT / "installed", ENVIRONMENT / "bin" / "python"
    if not stamp.exists() or stamp.read_text() != wanted.read_text():
        print("Installing Wagtail into var/peers ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], check=True)
        install = [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes"]
        subprocess.run([*install, "-r", wanted], check=True)
        stamp.write_text(wanted.read_text())
    return str(python)


@contextlib.contextmanager
def redis(folder: Path) -> Iterator[str]:
    """A Redis of this run alone; yields its address."""
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait()


def doing(command: list[str], environment: dict[str, str], folder: Path) -> Callable[..., Any]:
    """A function that runs the command with arguments and returns the JSON of its last line."""

    def do(*arguments: object) -> Any:
        words = [*command, *map(str, arguments)]
        done = subprocess.run(words, env=environment, cwd=folder, stdout=subprocess.PIPE, text=True, check=True)
        return json.loads(done.stdout.splitlines()[-1])

    return do


@contextlib.contextmanager
def both(folder: Path, archive: Path) -> Iterator[Sites]:
    """Make both sites, load the archive into each with all cores (and print how quickly), and serve them."""
    python = python_of_theirs()
    with redis(folder) as cache, scratch.database("theirs_") as of_theirs, scratch.database("ours_") as of_ours:
        common = os.environ | {"SECRET_KEY": secrets.token_urlsafe(60), "DEBUG": "0"}
        wagtail = common | {
            "DJANGO_SETTINGS_MODULE": "settings",
            "DATABASE_URL": of_theirs,
            "REDIS_URL": cache,
            "VAR_DIR": f"{folder}/theirs",
        }
        site = common | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": of_ours,
            "VAR_DIR": f"{folder}/ours",
            "SITE_URL": "http://127.0.0.1",
            "LOG_LEVEL": "WARNING",
            "BARE_PAGE": f"{folder}/page.gz",
        }
        theirs = doing([python, "work.py"], wagtail, THEIRS)
        ours = doing([sys.executable, "-m", "benchmarks.peers.ours"], site, ROOT)
        theirs_path, ours_path = theirs("make")["path"], ours("make", f"{folder}/page.gz")["path"]
        load(theirs, ours, archive)
        for url in (of_theirs, of_ours):
            subprocess.run(["psql", "-q", url, "-c", "VACUUM ANALYZE"], check=True)
        served = [
            serve("settings", wagtail, python=python, application="wsgi", folder=THEIRS),
            serve("settings", wagtail | {"PAGE_CACHE": "1"}, python=python, application="wsgi", folder=THEIRS),
            serve("config.settings", site),
            serve("benchmarks.bare_settings", site),
        ]
        try:
            yield Sites(*served, theirs_path, ours_path, theirs, ours)
        finally:
            for process, _port in served:
                process.terminate()
                process.wait()


def load(theirs: Callable[..., Any], ours: Callable[..., Any], archive: Path) -> None:
    cores = len(os.sched_getaffinity(0))
    began = time.perf_counter()
    with ThreadPoolExecutor(cores) as pool:
        shares = list(pool.map(lambda part: theirs("load", archive, part, cores), range(cores)))
    whole = time.perf_counter() - began
    pages, seconds = sum(one["pages"] for one in shares), max(one["seconds"] for one in shares)
    mine = ours("load", archive)
    assert mine["pages"] == pages
    rate, other = mine["pages"] / mine["seconds"], pages / seconds
    print(f"\nload, {pages} pages, {cores} cores, pages a second ({whole:.0f} s with the start of Wagtail's processes)")
    print(f"| Wagtail | ours | ratio |\n|---|---|---|\n| {other:.1f} | {rate:.1f} | {rate / other:.2f} |", flush=True)


def pages(sites: Sites, *, seconds: int, turns: int) -> None:
    theirs, cached, ours, bare = (
        f"http://127.0.0.1:{port}" for _process, port in (sites.theirs, sites.cached, sites.ours, sites.bare)
    )
    known = f"If-None-Match: {_get(sites.ours[1], sites.ours_path)[1]}"
    rows: dict[str, tuple[str, tuple[str, ...]]] = {
        "Wagtail: answer": (theirs + sites.theirs_path, (GZIP,)),
        "Wagtail: answer, whole-page cache": (cached + sites.theirs_path, (GZIP,)),
        "Wagtail: list": (f"{theirs}/archive-0/", (GZIP,)),
        "bare view of our bytes": (f"{bare}/bare/", (GZIP,)),
        "ours: answer": (ours + sites.ours_path, (GZIP,)),
        "ours: answer, patient": (f"{ours}{sites.ours_path}?for=patient", (GZIP,)),
        "ours: answer, known (304)": (ours + sites.ours_path, (GZIP, known)),
        "ours: home": (f"{ours}/", (GZIP,)),
        "ours: topic": (f"{ours}/topics/primary-care/", (GZIP,)),
        "ours: list": (f"{ours}/answers/", (GZIP,)),
    }
    for name, port, path in (
        ("Wagtail", sites.theirs[1], sites.theirs_path),
        ("ours", sites.ours[1], sites.ours_path),
        ("Wagtail's list", sites.theirs[1], "/archive-0/"),
        ("our home", sites.ours[1], "/"),
        ("our list", sites.ours[1], "/answers/"),
        ("our topic", sites.ours[1], "/topics/primary-care/"),
    ):
        status, _etag, sent, size = _get(port, path)
        if status != 200:
            raise SystemExit(f"{name} answers {status} at {path}")
        print(f"{name}: {size / 1000:.1f} kB, {sent / 1000:.1f} kB sent", flush=True)
    for address, headers in rows.values():
        ask(address, 1, headers=headers)
    taken: dict[str, list[tuple[float, float, float]]] = {name: [] for name in rows}
    for _turn in range(turns):
        for name, (address, headers) in rows.items():
            taken[name].append(ask(address, seconds, headers=headers))
    middle = {name: [statistics.median(column) for column in zip(*some, strict=True)] for name, some in taken.items()}
    page, quick, listed, plain = (middle[name][0] for name in list(rows)[:4])
    print(f"\nrequests a second, 8 connections, medians of {turns} turns of {seconds} s")
    print("| | requests/s | p50 ms | p99 ms | of Wagtail's answer | of its cache | of its list | of the bare view |")
    print("|---|---|---|---|---|---|---|---|")
    for name, (rate, half, late) in middle.items():
        ratios = " | ".join(f"{rate / other:.2f}" for other in (page, quick, listed, plain))
        print(f"| {name} | {rate:.0f} | {half:.2f} | {late:.1f} | {ratios} |", flush=True)


def search(sites: Sites, archive: Path, *, questions: int) -> None:
    """A few words of an article's question or text each, to both in turn."""
    chance = random.Random(5)
    every = [one for one in text.archive(archive) if len(one.question.split()) > 4]
    asked = []
    for one in chance.sample(every, min(questions, len(every))):
        words = one.question.rstrip("?").split()
        asked += [" ".join(chance.sample(words, 3)), " ".join(one.lead.split()[:6]) or one.question]
    times: dict[str, list[float]] = {"Wagtail": [], "ours": []}
    for query in asked[:10] + asked:
        for name, (_process, port) in (("Wagtail", sites.theirs), ("ours", sites.ours)):
            began = time.perf_counter()
            status, *_rest = _get(port, f"/search/?q={quote_plus(query)}")
            times[name].append(1000 * (time.perf_counter() - began))
            assert status == 200, (name, query)
    print(f"\nsearch over {len(every)} articles, ms of a page of results, {len(asked)} questions one after the other")
    print("| | p50 | p95 |\n|---|---|---|")
    for name, some in times.items():
        kept = sorted(some[10:])
        print(f"| {name} | {statistics.median(kept):.1f} | {kept[int(0.95 * len(kept))]:.1f} |", flush=True)


def writes(sites: Sites, *, count: int, turns: int) -> None:
    taken: dict[str, dict[str, list[float]]] = {"Wagtail": {}, "ours": {}}
    for _turn in range(turns):
        for name, do in (("Wagtail", sites.theirs_does), ("ours", sites.ours_does)):
            for what, times in do("writes", count).items():
                taken[name].setdefault(what, []).extend(times)
    middle = {name: {what: statistics.median(times) for what, times in some.items()} for name, some in taken.items()}
    theirs, ours = middle["Wagtail"], middle["ours"]
    print(f"\nwrites, ms, medians of {count * turns}\n| | Wagtail | ours | ratio |\n|---|---|---|---|")
    both_of_ours = {
        "save": ours["save"],
        "submit": ours["submit"],
        "approve and publish": ours["approve and publish, less the password"],
    }
    for what, mine in both_of_ours.items():
        print(f"| {what} | {theirs[what]:.1f} | {mine:.1f} | {mine / theirs[what]:.2f} |")
    print("ours in parts: " + ", ".join(f"{what} {some:.1f}" for what, some in ours.items()), flush=True)


def memory(sites: Sites, *, requests: int) -> None:
    """What the workers hold after so many requests for answers and lists, and after as many again."""
    print("\nMB of a worker (RSS; its share, PSS), the larger of the two")
    print(f"| | at the start | after {requests:,} requests | after {2 * requests:,} |\n|---|---|---|---|")
    for name, (process, port), paths in (
        ("Wagtail", sites.theirs, _paths_of(sites.theirs[1], "/archive-0/", "/archive-0/")),
        ("ours", sites.ours, _paths_of(sites.ours[1], "/answers/", "/answers/")),
    ):
        seen = [_most(process.pid)]
        for _half in range(2):
            _ask_for(port, paths, requests)
            seen.append(_most(process.pid))
        print(f"| {name} | {' | '.join(f'{one.all:.0f}; {one.share:.0f}' for one in seen)} |", flush=True)


def _most(process: int) -> Memory:
    return max(workers_memory(process), key=lambda one: one.all)


def _paths_of(port: int, listing: str, below: str) -> list[str]:
    """Answers that the first five pages of a list lead to, and the list."""
    found: list[str] = []
    for number in range(1, 6):
        status, body = _body(port, f"{listing}?page={number}")
        if status != 200:
            break
        found += [path for path in re.findall(r'href="([^"?#]+)"', body) if path.startswith(below) and path != below]
    return [*dict.fromkeys(found), listing]


def _ask_for(port: int, paths: list[str], requests: int) -> None:
    def run(number: int) -> None:
        chance, connection = random.Random(number), http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for _request in range(requests // 8):
            connection.request("GET", chance.choice(paths), headers={"Accept-Encoding": "gzip"})
            response = connection.getresponse()
            response.read()
            assert response.status == 200
        connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(run, range(8)))


def _body(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    return response.status, body


def _get(port: int, path: str) -> tuple[int, str, int, int]:
    """Status, ETag, bytes sent and bytes unpacked."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    is_packed = response.headers.get("Content-Encoding") == "gzip"
    size = len(gzip.decompress(body)) if is_packed else len(body)
    return response.status, response.headers.get("ETag", ""), len(body), size


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all where none is named")
    parser.add_argument("--seconds", type=int, default=3, help="length of each turn of wrk")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--most", type=int, default=1000, help="articles of each collection")
    parser.add_argument("--writes", type=int, default=20, help="of each kind in each turn")
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--requests", type=int, default=10_000)
    options = parser.parse_args()
    parts = options.parts or list(PARTS)
    if set(parts) - set(PARTS):
        parser.error(f"there are the parts {', '.join(PARTS)}")
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        print("This needs PostgreSQL: name it in DATABASE_URL.", file=sys.stderr)
        return 2
    for program, package in (("wrk", "wrk"), ("redis-server", "redis-server"), ("psql", "postgresql-client")):
        if not shutil.which(program):
            print(f"This needs {program}: install the Debian package {package}.", file=sys.stderr)
            return 2
    # Ended from outside, it still ends its servers and drops its databases.
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="imprimatur-peers-") as name:
        folder = Path(name)
        (folder / "theirs").mkdir()
        text.copy_archive(DATA, folder / "archive", most=options.most, topic=TOPIC)
        with both(folder, folder / "archive") as sites:
            if "pages" in parts:
                pages(sites, seconds=options.seconds, turns=options.turns)
            if "search" in parts:
                search(sites, folder / "archive", questions=options.questions)
            if "writes" in parts:
                writes(sites, count=options.writes, turns=options.turns)
            if "memory" in parts:
                memory(sites, requests=options.requests)
    return 0


if __name__ == "__main__":
    sys.exit(main())
