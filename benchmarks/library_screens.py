"""How long the desk's library takes to answer, with many works: whole requests through the middleware, in one process.

    python benchmarks/library_screens.py [--works 100000] [--rounds 5]

Makes a library in a new database that is dropped at the end: SQLite, or PostgreSQL where DATABASE_URL names a server.
Prints for each screen the milliseconds of server time (best and middle of the rounds, after one to warm up), the middle
of this process's processor time, which other work on the machine lengthens less, the queries, and the ratio to the
desk's page that asks least, the person's own profile, taken in the same run. The aim is 50 ms.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
AIM = 50
LIST, PICKER = "/desk/library/", "/desk/library/picker/"
SCREENS = {
    "a bare page: profile": "/desk/profile/",
    "list": LIST,
    "list, page 3,000": f"{LIST}?page=3000",
    "list, newest": f"{LIST}?order=newest",
    "list, one kind": f"{LIST}?kind=cohort",
    "list, retracted": f"{LIST}?status=retracted",
    "list, cited nowhere": f"{LIST}?only=unused",
    "list, without identifier": f"{LIST}?only=no-identifier",
    "list, old for its kind": f"{LIST}?only=old",
    "list, could not be checked": f"{LIST}?only=unchecked",
    "list, address broken": f"{LIST}?only=broken",
    "list, likely duplicates": f"{LIST}?only=alike",
    "search, one letter": f"{LIST}?q=a",
    "search, three letters": f"{LIST}?q=car",
    "search, two words": f"{LIST}?q=treatment+outcomes",
    "search, three single letters": f"{LIST}?q=a+b+c",
    "search, a year": f"{LIST}?q=1999",
    "search and kind": f"{LIST}?q=risk&kind=cohort",
    "picker, nothing typed": PICKER,
    "picker, one letter": f"{PICKER}?q=a",
    "picker, two words": f"{PICKER}?q=treatment+outcomes",
    "picker, no such word": f"{PICKER}?q=xyzzyx",
}
sys.path.insert(0, str(ROOT))


def measure(count: int, rounds: int) -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from benchmarks import many_works
    from references.models import Reference

    began = time.perf_counter()
    editor = many_works.fill(count)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{connection.vendor}, {count:,} works, made in {time.perf_counter() - began:.0f} s")
    client = Client()
    client.force_login(editor)
    screens = SCREENS | {"a work's page": f"{LIST}{Reference.objects.order_by('pk')[count // 2].pk}/"}
    bare = 0.0
    print(f"{'':32} {'best':>7} {'middle':>7} {'CPU':>7} {'queries':>8} {'ratio':>6}")
    for name, address in screens.items():
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address)
        queries = len(captured)
        if answer.status_code != 200:
            print(f"{name:32} answered {answer.status_code}")
            continue
        times, worked = [], []
        for _round in range(rounds):
            start, work = time.perf_counter(), time.process_time()
            client.get(address)
            worked.append(1000 * (time.process_time() - work))
            times.append(1000 * (time.perf_counter() - start))
        bare = bare or min(times)
        best, late = min(times), min(times) > AIM
        print(
            f"{name:32} {best:7.1f} {statistics.median(times):7.1f} {statistics.median(worked):7.1f} {queries:8} "
            f"{best / bare:6.1f}{' over the aim' if late else ''}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--works", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    from benchmarks.scratch import database

    with database() as url, tempfile.TemporaryDirectory(prefix="imprimatur-bench-") as folder:
        os.environ |= {
            "DATABASE_URL": url,
            "VAR_DIR": folder,
            "DEBUG": "0",
            "SECRET_KEY": "only-for-the-benchmark-0123456789-abcdefghijklmnopqrstuvwxyz",
            "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1],testserver",
            "SITE_URL": "https://answers.example.org",
            "SECURE_SSL_REDIRECT": "0",
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        }
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        measure(options.works, options.rounds)
        from django.db import connections

        connections.close_all()


if __name__ == "__main__":
    main()
