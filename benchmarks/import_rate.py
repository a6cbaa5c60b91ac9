"""How many articles a second an import releases, and whether its memory stays flat.

    python benchmarks/import_rate.py [FOLDER] [--rich 200] [--jobs N]

Imports a folder (by default the real collections beside the repository), or generated articles with --rich, with
--submit and --release, into a new database that is dropped at the end: SQLite, or PostgreSQL where DATABASE_URL names a
server. Timed is the whole command but the start of the interpreter and the migrations. Memory is the sum of the peaks
(VmHWM) of the importing processes and their rendering children, so at the end, when some have finished, it is less.
CPU is theirs as well, without the database server's: on a busy machine it says more than the clock.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"
AIM = 60
sys.path.insert(0, str(ROOT))


def processes() -> Iterator[int]:
    """This process and all that came from it."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            parents.setdefault(parent, []).append(int(entry.name))
    waiting = [os.getpid()]
    while waiting:
        pid = waiting.pop()
        yield pid
        waiting += parents.get(pid, [])


def peak_and_cpu() -> tuple[float, float]:
    """Of all processes that still run: the sum of their peaks in MB, and the processor time they took in seconds."""
    kilobytes = ticks = 0
    for pid in processes():
        try:
            status, stat = Path(f"/proc/{pid}/status").read_text(), Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            continue
        kilobytes += next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)
        ticks += sum(int(number) for number in stat.rpartition(")")[2].split()[11:13])
    return kilobytes / 1024, ticks / os.sysconf("SC_CLK_TCK")


def run(folder: Path, jobs: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from articles.interchange.folders import collections_at
    from people.models import User
    from reviews import import_jobs
    from reviews.importing import Import, Options

    call_command("migrate", verbosity=0)
    by = User.objects.create_superuser("editor@example.org", None, name="Edo Editor")
    collections = collections_at(folder)
    print(f"{connection.vendor}, {jobs} jobs, {folder.name}")
    print(f"{'articles':>9} {'seconds':>8} {'articles/s':>11} {'CPU ms each':>12} {'peak MB':>8}")
    _peak, cpu_before = peak_and_cpu()
    begun = time.perf_counter()
    work = Import(Options(by=by, submit=True, release=True))
    groups = work.plan(collections)
    total = sum(len(group) for group in groups)
    marks = {total // 4, total // 2, total * 3 // 4, total}
    last, before, seconds = begun, 0, 0.0
    for done, _path in enumerate(import_jobs.run(work, groups, jobs=jobs), start=1):
        if done in marks:
            now = time.perf_counter()
            seconds = now - begun
            peak, cpu = peak_and_cpu()
            # A process that has ended takes its processor time along.
            each = f"{(cpu - cpu_before) / done * 1000:.1f}" if done < total else "-"
            print(f"{done:>9} {seconds:>8.1f} {(done - before) / (now - last):>11.1f} {each:>12} {peak:>8.0f}")
            last, before = now, done
    released = work.report.articles["released"]
    print(
        f"released {released} of {total}: {released / seconds:.1f} a second, {released / seconds / AIM:.2f} of the aim"
    )
    if released != total:
        raise SystemExit(f"not all were released: {work.report}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=SHARED)
    parser.add_argument("--rich", type=int, metavar="COUNT", help="import so many generated articles instead")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    asked = parser.parse_args()
    from benchmarks.scratch import database

    with tempfile.TemporaryDirectory(prefix="import-rate-") as name, database() as address:
        os.environ |= {
            "DATABASE_URL": address,
            "VAR_DIR": name,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "LOG_LEVEL": "WARNING",
        }
        source = asked.folder
        if asked.rich:
            from benchmarks import rich

            source = Path(name) / "rich"
            rich.write(source, asked.rich)
        run(source, asked.jobs)
        from django.db import connections

        connections.close_all()
