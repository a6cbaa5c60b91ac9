"""`python -m benchmarks.shared_cache`: real nginx with docs/nginx.conf before the site under gunicorn with 2 workers.

Readers of every audience in random order, each body held against what the origin gives for that address, and the
cache's hit rate; answers withdrawn and restored while they are read, and how long an old page was still given; requests
a second beside nginx serving the same bytes from disk, in turn (wrk); and what a web process holds in memory while the
site itself is asked. Needs nginx and wrk (Debian's nginx-light and wrk). Its database is its own, beside the one of
DATABASE_URL, and dropped at the end.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import os
import secrets
import shutil
import statistics
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import nginx, scratch
from benchmarks.readers_at_random import Page, every_audience, fetch, of_the_origin, read, unpacked
from benchmarks.serving import memory_of_workers, serve
from benchmarks.wrk import ask

if TYPE_CHECKING:
    from articles.models import Edition
    from people.models import User

BESIDE = (
    "/",
    "/answers/",
    "/topics/",
    "/board/",
    "/search/?q=antibiotics",
    "/search/?q=iron",
    "/search/?q=hart+failure",
)
REASON = "A dose was wrong: this is the benchmark's withdrawal."
SETTLES = 1.2
"""Seconds after a change in which every cache has forgotten what was before."""


@dataclass(frozen=True)
class Withdrawal:
    """Seconds after it for which a request begun then still got the old page, and reads in which a wrong one came."""

    begun: float
    ended: float
    reads: int
    wrong: int


def prepare() -> tuple[list[Edition], User]:
    """Migrate and load the sample site; its live approved editions, and the editor."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from articles.models import Publication, Standing
    from config.sample_site import SampleSite
    from config.samples import EDITOR
    from people.models import User

    SampleSite().load()
    live = Publication.objects.filter(standing=Standing.LIVE).select_related("edition__article")
    return [one.edition for one in live], User.objects.get(email=EDITOR.email)


def withdrawal(port: int, origin: int, edition: Edition, editor: User, addresses: list[str]) -> Withdrawal:
    """Withdraw an answer while it is read through the cache at these addresses of its, then restore it."""
    from reviews import workflow

    before = of_the_origin(origin, addresses)
    reads: list[tuple[float, float, str, str, bytes]] = []
    is_over = threading.Event()

    def keep_reading(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        turn = number
        while not is_over.is_set():
            address = addresses[turn % len(addresses)]
            began = time.monotonic()
            response = fetch(connection, address, {"Accept-Encoding": "gzip"})
            body = unpacked(response)
            reads.append((began, time.monotonic(), address, response.headers.get("ETag", ""), body))
            turn += 1
        connection.close()

    threads = [threading.Thread(target=keep_reading, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(1 + secrets.randbelow(1000) / 1000)
    workflow.withdraw(edition, by=editor, explanation=REASON)
    done = time.monotonic()
    time.sleep(2.5)
    is_over.set()
    for thread in threads:
        thread.join()
    after = of_the_origin(origin, addresses)
    workflow.restore(edition, by=editor, reason="The benchmark's withdrawal is over.")
    time.sleep(SETTLES)
    old = [one for one in reads if one[4] == before[one[2]].body]
    wrong = [one for one in reads if one[4] not in {before[one[2]].body, after[one[2]].body}]
    return Withdrawal(
        begun=max(one[0] for one in old) - done,
        ended=max(one[1] for one in old) - done,
        reads=len(reads),
        wrong=len(wrong),
    )


def read_at_random(port: int, pages: dict[str, Page], *, requests: int) -> bool:
    """Read through the cache and print what came; whether all of it was right."""
    began = time.monotonic()
    outcome = read(port, pages, requests=requests)
    seconds = time.monotonic() - began
    print(f"\n{requests} requests at {len(pages)} addresses in {seconds:.1f} s, {requests / seconds:.0f} a second:")
    print(f"{len(outcome.wrong)} not what the origin gives, {outcome.not_modified} times 304;")
    print(f"hit rate {outcome.hit_rate:.3f}: {dict(outcome.statuses)}")
    print("\n".join(outcome.wrong[:5]))
    return not outcome.wrong


def told(seen: list[Withdrawal]) -> bool:
    """Print how soon withdrawals were seen; whether every other page was right."""
    if not seen:
        return True
    begun, ended = [one.begun for one in seen], [one.ended for one in seen]
    wrong = sum(one.wrong for one in seen)
    print(f"{len(seen)} withdrawals in {sum(one.reads for one in seen)} reads, {wrong} of them wrong.")
    print(f"The last old page was asked for {statistics.median(begun):.3f} s after it in the middle,")
    print(f"{max(begun):.3f} s at most, and had arrived after {max(ended):.3f} s at most.")
    return not wrong


def headers_of(origin: int, address: str) -> dict[str, str]:
    """What the site says of a packed page beside its bytes."""
    connection = http.client.HTTPConnection("127.0.0.1", origin, timeout=30)
    response = fetch(connection, address, {"Accept-Encoding": "gzip"})
    response.read()
    connection.close()
    return dict(response.headers.items())


def compare_rates(port: int, disk: int, path: str, *, seconds: int, turns: int) -> None:
    """Print requests a second of one answer from the cache and of the same bytes from disk, in turn."""
    both = {"nginx, kept pages": f"http://127.0.0.1:{port}{path}", "nginx, from disk": f"http://127.0.0.1:{disk}/page"}
    taken: dict[str, list[tuple[float, float, float]]] = {name: [] for name in both}
    for address in both.values():
        ask(address, 1, connections=16)
    for _turn in range(turns):
        for name, address in both.items():
            taken[name].append(ask(address, seconds, connections=16))
    whole = statistics.median(one[0] for one in taken["nginx, from disk"])
    print(f"\n{'':<24}{'requests/s':>12}{'p50 ms':>9}{'p99 ms':>9}{'of disk':>9}")
    for name, rows in taken.items():
        rate, middle, late = (statistics.median(column) for column in zip(*rows, strict=True))
        print(f"{name:<24}{rate:>12.0f}{middle:>9.2f}{late:>9.2f}{rate / whole:>9.2f}")


def watch_memory(process: int, origin: int, pages: dict[str, Page], *, requests: int) -> None:
    """Print what the workers hold after every quarter of the requests to the site itself."""
    print(f"\nMB of each web process at the start: {memory_of_workers(process)}")
    for quarter in range(1, 5):
        outcome = read(origin, pages, requests=requests // 4, seed=quarter)
        after = f"after {quarter * requests // 4} requests"
        print(f"MB of each web process {after}: {memory_of_workers(process)} ({len(outcome.wrong)} wrong)")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--withdrawals", type=int, default=10)
    parser.add_argument("--seconds", type=int, default=4, help="length of each turn of wrk")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--memory", type=int, default=20_000, help="requests to the site itself")
    options = parser.parse_args()
    if not nginx.is_here() or not shutil.which("wrk"):
        print("This needs nginx and wrk: install the Debian packages nginx-light and wrk.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as name, scratch.database() as url:
        folder = Path(name)
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DEBUG": "0",
            "SECRET_KEY": secrets.token_urlsafe(60),
            "VAR_DIR": f"{folder}/var",
            "DATABASE_URL": url,
            "SITE_URL": "http://127.0.0.1",
            "LOG_LEVEL": "WARNING",
        }
        editions, editor = prepare()
        from django.db import connections

        from articles.audiences import AUDIENCES

        audiences = [one.slug for one in AUDIENCES]
        slugs = [one.article.slug for one in editions]
        paths = [*BESIDE, *(f"/answers/{slug}/" for slug in slugs), f"/answers/{slugs[0]}/editions/1/"]
        process, origin = serve("config.settings", dict(os.environ))
        is_right = True
        try:
            headers = headers_of(origin, f"/answers/{slugs[0]}/?for=patient")
            with nginx.before(folder, origin=origin, disk_headers=headers) as (port, disk):
                pages = of_the_origin(origin, every_audience(paths, audiences))
                watch_memory(process.pid, origin, pages, requests=options.memory)
                is_right = read_at_random(port, pages, requests=options.requests)
                seen = []
                for number in range(options.withdrawals):
                    edition = editions[number % len(editions)]
                    addresses = every_audience([f"/answers/{edition.article.slug}/"], audiences)
                    seen.append(withdrawal(port, origin, edition, editor, addresses))
                connections.close_all()
                is_right = told(seen) and is_right
                path = f"/answers/{slugs[0]}/?for=patient"
                (folder / "disk" / "page").write_bytes(gzip.compress(pages[path].body, 5, mtime=0))
                compare_rates(port, disk, path, seconds=options.seconds, turns=options.turns)
        finally:
            process.terminate()
            process.wait()
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
