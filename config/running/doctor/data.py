"""The doctor on the database: does it answer, is it migrated, is its clock right, are triggers and index in order?"""

from __future__ import annotations

import random
from collections.abc import Iterator

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Exists, OuterRef

from articles import editions
from articles.models import Publication, SearchEntry, SearchPosting
from articles.search.index import INDEXER, entry_of
from config.running import clock as clocks
from config.running.doctor.finding import Finding, doubtful, in_words, well, wrong
from reviews import protection

DOUBTFUL_CLOCK, WRONG_CLOCK = 1.0, 30.0
"""Seconds between the database's clock and this machine's."""
SAMPLE = 20
"""Search entries that are made anew and compared."""


def database() -> Iterator[Finding]:
    """Whether it answers, and in which encoding."""
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            encoding = _encoding()
    except Error as error:
        told = " ".join(str(error).split())
        yield wrong(f"The database does not answer: {told}.", "See whether it runs, and what DATABASE_URL says.")
        return
    if encoding != "UTF8":
        yield wrong(
            f"The database's encoding is {encoding}: some letters cannot be kept.",
            "Make a database with ENCODING 'UTF8' and move to it (manage.py move_database).",
        )
    yield well(f"The database answers ({connection.display_name}).")


def _encoding() -> str:
    if connection.vendor != "postgresql":
        return "UTF8"
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        return cursor.fetchone()[0]


def migrations() -> Iterator[Finding]:
    """Whether the tables are those of this code."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _backwards in plan[:3])
        more = f" and {len(plan) - 3} more" if len(plan) > 3 else ""
        yield wrong(f"{len(plan)} migrations are not applied: {names}{more}.", "Run manage.py migrate.")
        return
    ahead = executor.loader.applied_migrations.keys() - executor.loader.disk_migrations.keys()
    ours = sorted(f"{app}.{name}" for app, name in ahead if app in executor.loader.migrated_apps)
    if ours:
        yield doubtful(
            f"The database knows a migration that this code does not: {', '.join(ours[:3])}.",
            "This is older code than the database's: finish the upgrade, or see “Going back” in docs/operations.md.",
        )
    else:
        yield well("All migrations are applied.")


def clock() -> Iterator[Finding]:
    """Whether this machine and the database agree about the time."""
    apart = clocks.ahead_of_database().total_seconds()
    which = "ahead of" if apart > 0 else "behind"
    if abs(apart) < DOUBTFUL_CLOCK:
        yield well("The clocks of this machine and of the database agree.")
        return
    make = wrong if abs(apart) >= WRONG_CLOCK else doubtful
    yield make(
        f"This machine's clock is {in_words(abs(apart))} {which} the database's.",
        "Run a time service (chrony, systemd-timesyncd) on both: due dates, caches and the record go by the clock.",
    )


def triggers() -> Iterator[Finding]:
    """Whether the record is protected."""
    absent = protection.missing(connection)
    if absent:
        yield wrong(
            f"The record is not protected: {len(absent)} triggers are missing ({', '.join(absent[:3])} …).",
            "Run manage.py migrate, which lays them again, then manage.py verify_record.",
        )
    else:
        yield well(f"The {len(protection.PROTECTED)} tables of the record are protected by their triggers.")


def index() -> Iterator[Finding]:
    """Whether search knows the listed answers, those alone, and as they stand."""
    listed = Publication.objects.listed()
    entry = SearchEntry.objects.filter(pk=OuterRef("pk"))
    posting = SearchPosting.objects.filter(publication=OuterRef("pk"))
    unknown = listed.filter(~Exists(entry) | ~Exists(posting)).count()
    stray = SearchEntry.objects.exclude(publication__in=listed).count()
    old = SearchEntry.objects.filter(indexer__lt=INDEXER).count()
    other = _otherwise()
    todo = "Run manage.py index_answers, which writes the index anew."
    if unknown:
        yield wrong(f"{unknown} listed answers cannot be found: they have no entry in the search index.", todo)
    if stray:
        yield wrong(f"{stray} answers that are not listed stand in the search index.", todo)
    if other:
        yield wrong(f"Of {SAMPLE} search entries {other} are not what their live editions give.", todo)
    if old:
        yield doubtful(f"{old} search entries are of an older form.", "A worker's sweep writes them anew: see to it.")
    if not (unknown or stray or other or old):
        yield well("The search index is in step with the live editions.")


def _otherwise() -> int:
    """Of some entries by chance: how many their live edition would give otherwise."""
    keys = list(SearchEntry.objects.filter(indexer=INDEXER).order_by().values_list("pk", flat=True))
    some = random.sample(keys, min(SAMPLE, len(keys)))
    rows = SearchEntry.objects.filter(pk__in=some).select_related("publication__edition")
    return sum(_differs(row) for row in rows)


def _differs(row: SearchEntry) -> bool:
    try:
        made = entry_of(row.publication, editions.read(row.publication.edition))
    except editions.Altered:
        return True
    return (made.title, made.folded) != (row.title, row.folded)
