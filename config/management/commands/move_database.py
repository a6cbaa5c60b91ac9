"""`manage.py move_database`: copy everything into another, empty database, and prove it there.

Stop the web processes and the workers first. The site's own database stays as it is.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from tqdm import tqdm

from config import moving


class Command(BaseCommand):
    help = (
        "Copy everything into another, empty database, such as from SQLite to PostgreSQL, and verify the record there. "
        "Stop web and worker first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--to",
            metavar="URL",
            help="the target as DATABASE_URL would name it; else TARGET_DATABASE_URL, which no list of processes shows",
        )
        parser.add_argument("--no-progress", action="store_true", help="show no progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        url = options["to"] or os.environ.get("TARGET_DATABASE_URL", "")
        if not url:
            raise CommandError("Say where to, by --to or by TARGET_DATABASE_URL.")
        try:
            target = moving.connect(url)
            moving.refuse_unless_current(connection)
            moving.refuse_unless_empty(target)
            self._manage(url, "migrate", "--verbosity", "0")
            moving.refuse_unless_empty(target)
            quiet = options["no_progress"] or not sys.stderr.isatty()
            with tqdm(total=2 * moving.count(), unit=" rows", disable=quiet, file=sys.stderr) as bar:
                moved = moving.move(bar.update)
        except moving.Refused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"{moved.rows} rows of {moved.tables} tables were copied, read again and compared.")
        self._manage(url, "verify_record")
        self.stdout.write("Now set DATABASE_URL to the target, and start web and worker.")

    def _manage(self, url: str, *words: str) -> None:
        """A command of this site on the target, in a process that knows no other database."""
        environment = os.environ | {"DATABASE_URL": url}
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=settings.BASE_DIR,
            env=environment,
            capture_output=True,
            text=True,
        )
        self.stdout.write(done.stdout, ending="")
        if done.returncode:
            raise CommandError(f"manage.py {words[0]} did not succeed on the target: {done.stderr.strip()[-2000:]}")
