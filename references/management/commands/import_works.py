"""`manage.py import_works FILE...`: take works into the library, and say what became of each entry."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.db.models import Q
from tqdm import tqdm

from people.models import User
from references import library
from references.formats import reading as formats
from references.formats.entries import LARGEST_FILE
from references.importing import (
    TAKEN,
    Fate,
    Options,
    Preview,
    compare,
    look_up,
    preview_of,
    relate,
    tell_outcome,
    to_take,
)
from references.lookup.many import Questions
from references.works import Work

LEFT_OUT, UNREADABLE = 1, 2
"""Exit codes: some entries were left out; from some file nothing could be read. 0: all is in the library now."""


class Command(BaseCommand):
    help = (
        "Import works from BibTeX, RIS, NBIB, CSL-JSON or a list of DOIs, PMIDs or ISBNs; each file whole or not "
        "at all. Exit code 0: all works are in the library now, new or here already; 1: some entries were left out, "
        "each is named with its reason; 2: nothing could be read from a file, or there is no such file."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--format", choices=list(formats.FORMATS), help="how to read it (default: as it looks)")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")
        parser.add_argument(
            "--rename-keys", action="store_true", help="give a new key where a key stands for another work"
        )
        parser.add_argument("--complete", action="store_true", help="fill empty fields of works that are here")
        parser.add_argument(
            "--take-likely", action="store_true", help="take in likely duplicates, too, as works of their own"
        )
        parser.add_argument("--by", metavar="EMAIL", help="the account in whose name (default: an active superuser)")
        parser.add_argument("--no-progress", action="store_true", help="show no progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        by = _account(options["by"])
        self.quiet = options["no_progress"] or not sys.stderr.isatty()
        worst = 0
        for path in options["files"]:
            worst = max(worst, self._import(path, by, options))
        if worst == UNREADABLE:
            raise CommandError("Nothing was taken from what could not be read; see above.", returncode=UNREADABLE)
        if worst:
            raise CommandError("Some entries were left out; each is named above with its reason.", returncode=LEFT_OUT)

    def _import(self, path: Path, by: User, options: dict[str, Any]) -> int:
        try:
            with path.open("rb") as file:
                content = file.read(LARGEST_FILE + 1)
        except OSError as error:
            self.stderr.write(f"{path}: {error.strerror}.")
            return UNREADABLE
        with self._bar(f"{path.name}: reading") as bar:
            reading = formats.read(content, name=path.name, format=options["format"] or "", progress=bar.tell)
        if not reading.works and not reading.wanted:
            for problem in reading.problems:
                self.stderr.write(f"{path}: {problem}")
            return UNREADABLE
        chosen = Options(options["rename_keys"], options["complete"])
        preview = preview_of(reading, chosen)
        if reading.wanted:
            with self._bar(f"{path.name}: looking up") as bar:
                look_up(preview, Questions(bar.tell))
            compare(preview, chosen)
        if options["take_likely"]:
            likely = {entry.position for entry in preview.entries if entry.fate == Fate.LIKELY}
            chosen = Options(chosen.rename_keys, chosen.complete, take=frozenset(likely))
            compare(preview, chosen)
        if not options["dry_run"]:
            taken = to_take(preview, chosen)
            with self._bar(f"{path.name}: taking in") as bar, transaction.atomic():
                outcome = library.add_works(
                    [cast(Work, entry.work) for entry in taken],
                    by=by,
                    comment=f"Imported from {path.name}"[:200],
                    rename_keys=chosen.rename_keys,
                    complete=chosen.complete,
                    progress=bar.tell,
                )
                relate(taken, outcome)
            tell_outcome(preview, taken, outcome, chosen)
        return self._tell(path, preview, is_dry=options["dry_run"])

    def _tell(self, path: Path, preview: Preview, *, is_dry: bool) -> int:
        counts = preview.counts()
        for note in preview.notes:
            self.stdout.write(f"{path}: {note}")
        left_out = 0
        for entry in preview.entries:
            name = f"entry {entry.position}" + (f" ({entry.source_id})" if entry.source_id else "")
            if entry.fate == Fate.RENAMED:
                self.stdout.write(f"{path}: {name}: {entry.sentence} It is @{entry.key} here.")
            elif entry.fate not in TAKEN and entry.fate not in (Fate.HERE, Fate.TWICE):
                left_out += 1
                self.stderr.write(f"{path}: {name}: {entry.label}. {entry.sentence}")
        told = ", ".join(f"{count} {Fate(fate).label}" for fate, count in counts.items())
        dry = "dry run, nothing was changed: " if is_dry else ""
        self.stdout.write(f"{path}: {dry}{told}.")
        return LEFT_OUT if left_out else 0

    def _bar(self, words: str) -> _Bar:
        return _Bar(desc=words, unit=" entries", disable=self.quiet, file=sys.stderr)


class _Bar(tqdm):
    """A bar that is told how many of how many are done."""

    def tell(self, done: int, total: int) -> None:
        self.total = total
        self.update(done - self.n)


def _account(email: str | None) -> User:
    if email is None:
        account = User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
        if account is None:
            raise CommandError("There is no superuser: say with --by EMAIL in whose name to import.", returncode=2)
        return account
    account = User.objects.filter(Q(email=email.strip().lower())).first()
    if account is None:
        raise CommandError(f"There is no account with the address {email}.", returncode=2)
    return account
