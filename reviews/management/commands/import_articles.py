"""`manage.py import_articles PATH`: take collections of the interchange format in, and say what became of each file."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from tqdm import tqdm

from articles.interchange.folders import PathRefused, collections_at
from people.models import User
from reviews import import_jobs
from reviews.importing import Import, Options, Report


class Command(BaseCommand):
    help = "Import articles from a folder that holds articles/*.md and references.json, or from several such folders."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--submit", action="store_true", help="submit each new version for review")
        parser.add_argument(
            "--release", action="store_true", help="release each submitted edition with caution; needs --submit"
        )
        parser.add_argument("--by", metavar="EMAIL", help="the editor or superuser who makes these moves")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")
        parser.add_argument(
            "--rename-keys", action="store_true", help="rename a key that stands for another work in the library"
        )
        parser.add_argument(
            "--jobs", type=int, metavar="N", help="import with so many processes (default: one per core)"
        )
        parser.add_argument("--no-progress", action="store_true", help="show no progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            collections = collections_at(options["path"])
            work = Import(
                Options(
                    by=_account(options["by"]),
                    submit=options["submit"],
                    release=options["release"],
                    dry_run=options["dry_run"],
                    rename_keys=options["rename_keys"],
                )
            )
        except PathRefused as refusal:
            raise CommandError(str(refusal)) from None
        quiet = options["no_progress"] or not sys.stderr.isatty()
        groups = work.plan(collections)
        # A dry run counts what it has promised, and a transaction cannot be shared with another process.
        alone = options["dry_run"] or connection.in_atomic_block
        files = import_jobs.run(work, groups, jobs=1 if alone else options["jobs"] or len(os.sched_getaffinity(0)))
        total = sum(len(group) for group in groups)
        try:
            for _path in tqdm(files, total=total, unit=" articles", disable=quiet, file=sys.stderr):
                pass
        except KeyboardInterrupt:
            raise CommandError("Stopped. What was imported stays, each article whole; run this again.") from None
        except import_jobs.JobEnded:
            raise CommandError(
                "One of the importing processes ended before its time. What it had imported stays; run this again."
            ) from None
        for left_out in sorted(work.report.left_out, key=str):
            self.stderr.write(f"Left out: {left_out}")
        self._summarise(work.report, is_dry=options["dry_run"])
        if work.report.left_out:
            raise CommandError(f"{len(work.report.left_out)} left out; each is named above with its reason.")

    def _summarise(self, report: Report, *, is_dry: bool) -> None:
        works, articles = report.works, report.articles
        self.stdout.write(
            f"{'Dry run, nothing was changed. ' if is_dry else ''}"
            f"Works: {works['added']} added, {works['found']} here already. "
            f"Articles: {articles['new']} new, {articles['changed']} changed, {articles['unchanged']} unchanged, "
            f"{articles['submitted']} submitted, {articles['released']} released with caution."
        )
        for title, lines in (
            ("Renamed keys", report.renamed),
            ("The address was taken, so it was numbered", report.numbered),
            ("Kept as drafts that cannot be submitted yet", report.not_ready),
            ("Not submitted", report.not_submitted),
            ("Not released", report.not_released),
            ("Notes", [f"{note} ({count} times)" if count > 1 else note for note, count in report.notes.items()]),
        ):
            if lines:
                self.stdout.write(f"\n{title}:")
                for line in sorted(lines):
                    self.stdout.write(f"  {line}")


def _account(email: str | None) -> User | None:
    if email is None:
        return None
    account = User.objects.filter(email=email.strip().lower()).first()
    if account is None:
        raise PathRefused(f"There is no account with the address {email}.")
    return account
