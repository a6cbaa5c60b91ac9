"""`manage.py watch_library`: ask now what is known against works, and print what came of it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from references.library import resolve
from references.models import Check, Event
from references.watching.answers import CLEAR, FAILED, FLAGGED
from references.watching.checks import RETRACTION_WATCH, make
from references.watching.rounds import Round, make_due, run_round

ENDLESS = 10 * 365 * 24 * 3600.0
MOST_PROBLEMS = 20
BAD_USE = 2


class Command(BaseCommand):
    help = (
        "Ask Crossref and PubMed what is known against the works that are due, check their addresses, and read the "
        "Retraction Watch CSV if there is one. Ends with 0 where every work asked about was answered, 1 where some "
        "could not be checked, 2 where it was called wrongly."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="ask about every work, due or not")
        parser.add_argument(
            "--source",
            action="append",
            choices=Check.Source.values,
            help="ask this source alone; may be given several times",
        )
        parser.add_argument("--keys", nargs="+", metavar="KEY", help="ask about these works alone, due or not")
        parser.add_argument("--limit", type=_positive, help="ask other hosts about so many works at most")
        parser.add_argument("--seconds", type=_positive, default=ENDLESS, help="stop after so many seconds")
        parser.add_argument("--retraction-watch", metavar="FILE", help="read this CSV of Retraction Watch")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        file = options["retraction_watch"] or ""
        sources = options["source"] or list(Check.Source.values)
        if file and RETRACTION_WATCH not in sources:
            sources = [*sources, RETRACTION_WATCH]
        if file and not Path(file).is_file():
            _refuse(f"There is no file {file}.")
        if options["source"] and RETRACTION_WATCH in options["source"] and not (file or settings.RETRACTION_WATCH_FILE):
            _refuse("Name the Retraction Watch CSV with --retraction-watch, or in the setting RETRACTION_WATCH_FILE.")
        if not settings.LOOKUP_ENABLED and set(sources) - {RETRACTION_WATCH}:
            self.stderr.write("Asking other services is switched off on this site (LOOKUP_ENABLED).")
        keys = self._keys(options["keys"])
        if options["all"] or keys is not None or file:
            wanted = sources if options["all"] or keys is not None else [RETRACTION_WATCH]
            for source in wanted:
                make(source, now=now, limit=10_000_000)
            make_due(wanted, now=now, keys=keys)
        bar = _Bar(self.stderr._out if self.stderr.isatty() else None)
        found = run_round(
            now=now,
            limit=options["limit"],
            seconds=options["seconds"],
            sources=sources,
            keys=keys,
            file=file,
            progress=bar.add,
        )
        bar.end()
        self._print(found)
        if found.failed:
            sys.exit(1)

    def _keys(self, written: list[str] | None) -> list[str] | None:
        if written is None:
            return None
        works = resolve(written)
        if missing := [key for key in written if key not in works]:
            _refuse(f"The library has no work with the key {', '.join(missing)}.")
        return sorted({work.key for work in works.values()})

    def _print(self, found: Round) -> None:
        """The table of what each source answered, each new flag, and what could not be read."""
        self.stdout.write(f"{'':<18}{'clear':>10}{'flagged':>10}{'could not check':>18}")
        for source, label in Check.Source.choices:
            if counts := found.counts.get(source):
                self.stdout.write(f"{label!s:<18}{counts[CLEAR]:>10}{counts[FLAGGED]:>10}{counts[FAILED]:>18}")
        for work, kind, source in found.new:
            named = Check.Source(source).label
            self.stdout.write(f"New: {Event.Kind(kind).label} of @{work.key}, {work.title[:80]} ({named})")
        for problem in found.problems[:MOST_PROBLEMS]:
            self.stderr.write(problem)
        if (more := len(found.problems) - MOST_PROBLEMS) > 0:
            self.stderr.write(f"… and {more} more lines of this sort.")
        if not found.asked:
            self.stdout.write("Nothing was due.")


class _Bar:
    """A line on the terminal that counts the works asked about; silent where there is no terminal."""

    def __init__(self, out: Any) -> None:
        self.out, self.done = out, 0

    def add(self, source: str, number: int) -> None:
        self.done += number
        if self.out is not None:
            self.out.write(f"\r{self.done:>8} asked, now {source:<18}")
            self.out.flush()

    def end(self) -> None:
        if self.out is not None and self.done:
            self.out.write("\n")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _refuse(sentence: str) -> NoReturn:
    raise CommandError(sentence, returncode=BAD_USE)
