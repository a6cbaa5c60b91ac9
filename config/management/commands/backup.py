"""`manage.py backup`: copy the whole database, while the site runs. How to restore it: docs/operations.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import backups


class Command(BaseCommand):
    help = "Copy the whole database into a folder: SQLite by its online backup, PostgreSQL by pg_dump."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, metavar="FOLDER", help="where to; else BACKUP_DIR")
        parser.add_argument("--keep", type=int, metavar="NUMBER", help="delete all copies there but the newest ones")

    def handle(self, *args: Any, **options: Any) -> None:
        folder, keep = options["to"] or settings.BACKUP_DIR, options["keep"]
        if not folder:
            raise CommandError("Say where to, by --to or by BACKUP_DIR.")
        if keep is not None and keep < 1:
            raise CommandError("--keep is less than 1: no copy would be left.")
        try:
            made = backups.make(Path(folder))
        except backups.Failed as failed:
            raise CommandError(str(failed)) from None
        self.stdout.write(f"{made} ({made.stat().st_size / 1024**2:.1f} MB)")
        if keep:
            for gone in backups.drop_old(Path(folder), keep):
                self.stdout.write(f"Deleted: {gone.name}")
