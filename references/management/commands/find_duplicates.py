"""`manage.py find_duplicates`: look through the library for works that are likely one, at once instead of by night."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from references.identity.likeness import find_all


class Command(BaseCommand):
    help = "Look for works of the library that are likely one. Editors merge them, or say that they are two."

    def handle(self, *args: Any, **options: Any) -> None:
        shown = -1

        def progress(done: int, total: int) -> None:
            nonlocal shown
            if (share := 100 * done // max(total, 1)) > shown and self.stderr.isatty():
                shown = share
                self.stderr.write(f"\r{share} %", ending="")

        count = find_all(progress=progress)
        if shown >= 0:
            self.stderr.write("")
        self.stdout.write(f"Pairs of works that are likely one, and wait for an editor: {count}.")
