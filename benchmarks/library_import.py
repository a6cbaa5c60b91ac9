"""How long 10,000 works take from a file into the library: read, compared with what is there, and taken in.

    python benchmarks/library_import.py [--count 10000] [--here 0] [--format bibtex]

Generates entries as reference managers export them (accents in LaTeX, long lists of authors, abstracts), a twentieth of
them with an identifier of a work that is there, into a new database that is dropped at the end: SQLite, or PostgreSQL
where DATABASE_URL names a server. One process; its processor time is told as well, for a busy machine. On SQLite a
second process asks for the write lock all the while, and its longest wait is told. The last line is the ratio of the
aim: 60 seconds for 10,000.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
AIM = 60 / 10_000
sys.path.insert(0, str(ROOT))

SUBJECTS = [
    "heart failure",
    "atrial fibrillation",
    "chronic kidney disease",
    "asthma",
    "type 2 diabetes",
    "stroke",
    "sepsis",
    "obesity",
]
DRUGS = [
    "empagliflozin",
    "apixaban",
    "metformin",
    "semaglutide",
    "prednisolone",
    "colchicine",
    "vitamin D",
    "naltrexone",
]
DESIGNS = ["a randomised trial", "a systematic review", "a cohort study", "a case report", "a network meta-analysis"]
FAMILIES = [
    "Müller",
    "García",
    "Nguyen",
    "O'Neill",
    "van der Berg",
    "Okafor",
    "Żukowski",
    "Smith",
    "Håkansson",
    "Lee",
    "de Souza",
    "Ünal",
]
GIVEN = ["Anna", "José", "Wei", "Siobhán", "Jan", "Ngozi", "Łukasz", "Emily", "Björn", "Min-jun", "João", "Zeynep"]
JOURNALS = [
    "N Engl J Med",
    "Lancet",
    "BMJ",
    "JAMA",
    "Ann Intern Med",
    "Circulation",
    "Eur Heart J",
    "Cochrane Database Syst Rev",
]
WORDS = [
    "patients",
    "treatment",
    "placebo",
    "outcome",
    "risk",
    "ratio",
    "interval",
    "primary",
    "endpoint",
    "mortality",
    "hospital",
    "dose",
    "week",
    "group",
]


def items(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """So many journal articles as CSL-JSON items, each time the same."""
    dice = random.Random(seed)
    made = []
    for number in range(count):
        year = dice.randint(1990, 2025)
        authors = [
            {"family": dice.choice(FAMILIES), "given": dice.choice(GIVEN)} for _ in range(dice.choice([1, 3, 5, 8]))
        ]
        extra = " ".join(dice.sample(WORDS, 3))
        item = {
            "id": f"{''.join(c for c in authors[0]['family'] if c.isascii() and c.isalpha())}{year}n{number}s{seed}",
            "type": "article-journal",
            "title": f"{dice.choice(DRUGS)} in {dice.choice(SUBJECTS)} and {extra}: {dice.choice(DESIGNS)} "
            f"in {dice.randint(20, 90_000)} people",
            "author": authors,
            "container-title": dice.choice(JOURNALS),
            "issued": {"date-parts": [[year, dice.randint(1, 12)]]},
            "volume": str(dice.randint(1, 400)),
            "issue": str(dice.randint(1, 24)),
            "page": f"{dice.randint(1, 900)}-{dice.randint(901, 1900)}",
            "abstract": " ".join(dice.choices(WORDS, k=90)),
        }
        if dice.random() < 0.8:
            item["DOI"] = f"10.5555/bench.{seed}.{number}"
        if dice.random() < 0.6:
            item["PMID"] = str(seed * 1_000_000 + number + 1)
        made.append(item)
    return made


_WRITER = """
import sqlite3, sys, time
writer = sqlite3.connect(sys.argv[1], timeout=600, isolation_level=None)
longest = 0.0
print("ready", flush=True)
end = sys.stdin.fileno()
import select
while not select.select([end], [], [], 0.02)[0]:
    begun = time.monotonic()
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("ROLLBACK")
    longest = max(longest, time.monotonic() - begun)
print(longest, flush=True)
"""


@contextmanager
def waiting(path: str) -> Iterator[list[float]]:
    """A process beside this one that asks for the lock again and again; at the end, how long it waited at most."""
    waited: list[float] = []
    if not path:
        yield waited
        return
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", _WRITER, path], stdin=pipe, stdout=pipe, text=True) as writer:  # noqa: S603
        assert writer.stdout is not None
        writer.stdout.readline()
        yield waited
        waited.append(float(writer.communicate("end")[0]))


def run(count: int, here: int, format: str) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from people.models import User
    from references import import_jobs, importing, library
    from references.formats import reading as formats
    from references.formats.csl import from_csl
    from references.importing import Options
    from references.models import Import, Reference

    call_command("migrate", verbosity=0)
    by = User.objects.create_superuser("editor@example.org", None, name="Edo Editor")
    old = items(here, seed=2)
    for start in range(0, here, 5000):
        library.add_works([from_csl(item) for item in old[start : start + 5000]], by=by, comment="")
    given = items(count)
    for item, other in zip(given[::20], old, strict=False):
        item["DOI"] = other.get("DOI", item.get("DOI"))
    content = formats.write(format, given).encode()
    import_jobs.hurry = lambda *words: None
    print(
        f"{connection.vendor}, {format}, {count:,} entries of {len(content) / 1e6:.1f} MB, {here:,} works there before"
    )
    print(f"{'phase':<28} {'seconds':>8} {'CPU s':>8}")
    phases: list[tuple[str, float, float]] = []

    def timed(name: str, job: Any) -> Any:
        clock, cpu = time.perf_counter(), time.process_time()
        result = job()
        phases.append((name, time.perf_counter() - clock, time.process_time() - cpu))
        print(f"{name:<28} {phases[-1][1]:>8.1f} {phases[-1][2]:>8.1f}")
        return result

    reading = timed("  read alone", lambda: formats.read(content, format=format))
    timed("  compare alone", lambda: importing.preview_of(reading))
    phases.clear()
    row = timed("upload", lambda: import_jobs.start(content, by=by, name="works", format=format))
    if row.state == Import.State.READING:
        timed("read and compare (worker)", lambda: import_jobs.read(row.pk))
    row = Import.objects.get()
    timed("load the preview", lambda: import_jobs.preview(row))
    found = import_jobs.preview(row)
    likely = frozenset(entry.position for entry in found.entries if entry.fate == "likely")
    with waiting(str(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else "") as waited:
        timed("take in", lambda: (import_jobs.take(row, Options(take=likely)), import_jobs.carry_out(row.pk)))
    if waited:
        print(f"another writer waited {waited[0]:.1f} s at most for SQLite's lock while the works were taken in")
    row.refresh_from_db()
    seconds = sum(phase[1] for phase in phases)
    print(f"{'together':<28} {seconds:>8.1f} {sum(phase[2] for phase in phases):>8.1f}")
    print(f"counts: {row.counts}; peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    if row.state != Import.State.DONE or Reference.objects.count() < here + count * 0.9:
        raise SystemExit(f"not all were taken in: {row.state} {row.failure}")
    print(f"{count / seconds:.0f} works a second, {AIM * count / seconds:.1f} times as quick as the aim")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--here", type=int, default=0, help="works in the library before")
    parser.add_argument("--format", default="bibtex", choices=["bibtex", "ris", "csl"])
    asked = parser.parse_args()
    from benchmarks.scratch import database

    with tempfile.TemporaryDirectory(prefix="library-import-") as name, database() as address:
        os.environ |= {
            "DATABASE_URL": address,
            "VAR_DIR": name,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "LOG_LEVEL": "WARNING",
        }
        run(asked.count, asked.here, asked.format)
        from django.db import connections

        connections.close_all()
