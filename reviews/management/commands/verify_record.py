"""`manage.py verify_record`: is the record whole? With `--file`, is an exported trail?

Exit code 1, and the first altered row by name, where it is not; 2 for a file that is no trail and holds no anchor.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.models import Edition
from reviews import anchors, verifying
from reviews.models import Transition, Verdict
from reviews.trail import checking, reading


class Command(BaseCommand):
    help = (
        "Compute every digest, signature and link of the record anew, and name what was altered. With --file, those of "
        "an exported trail, for which no database is asked."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="name every altered row, not only the first")
        parser.add_argument(
            "--anchors",
            type=Path,
            metavar="FILE",
            nargs="+",
            default=[],
            help="compare with the anchors in these files as well, beside those in ANCHOR_FILE",
        )
        parser.add_argument(
            "--file",
            type=Path,
            metavar="FILE",
            nargs="+",
            help="check this trail of an article instead; of several, that they come of one chain as well",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["file"]:
            self._files(options["file"], every=options["all"])
            return
        kept = _kept(options["anchors"])
        found = chain(verifying.problems(), anchors.problems(kept))
        self._require_whole(found, "The record is not whole.", every=options["all"])
        for sentence in verifying.redactions():
            self.stdout.write(sentence)
        self.stdout.write(
            f"The record is whole: {Edition.objects.count()} editions, {Verdict.objects.count()} verdicts and "
            f"{Transition.objects.count()} transitions were computed anew and agree."
        )
        if kept:
            self.stdout.write(f"It holds all of {len(kept)} anchors, the newest of {max(one.at for one in kept)}.")

    def _files(self, paths: list[Path], *, every: bool) -> None:
        found = [_read(path) for path in paths]
        for path, one in zip(paths, found, strict=True):
            self._require_whole(checking.problems(one), f"The trail in {path} is not whole.", every=every)
            for sentence in checking.redactions(one):
                self.stdout.write(sentence)
            self._tell(one)
        if len(found) > 1:
            chains = zip(paths[1:], found[1:], strict=True)
            apart = (checking.parting(found[0], other, f"{paths[0]}", f"{path}") for path, other in chains)
            self._require_whole(filter(None, apart), "The trails do not come of one chain.", every=every)
            self.stdout.write("The trails come of one chain.")

    def _tell(self, found: reading.Trail) -> None:
        rows = found.rows
        self.stdout.write(
            f"The trail of “{found.article['question']}” is whole: {len(rows['editions'])} editions, "
            f"{len(rows['verdicts'])} verdicts and {len(rows['transitions'])} transitions were computed anew and agree."
        )
        self.stdout.write(
            f"Its digest is {found.found}. That it is the file that was exported, you know by comparing this digest."
        )

    def _require_whole(self, problems: Iterable[str], verdict: str, *, every: bool) -> None:
        found = 0
        for sentence in problems:
            found += 1
            self.stderr.write(sentence)
            if not every:
                break
        if found:
            raise CommandError(verdict)


def _kept(paths: Iterable[Path]) -> list[anchors.Anchor]:
    """The anchors in these files, and in the one that the settings name, once it is there."""
    own = Path(settings.ANCHOR_FILE) if settings.ANCHOR_FILE else None
    try:
        return [one for path in [*paths, *([own] if own and own.exists() else [])] for one in anchors.read_file(path)]
    except anchors.Unreadable as error:
        raise CommandError(str(error), returncode=2) from None


def _read(path: Path) -> reading.Trail:
    try:
        with path.open("rb") as file:
            return reading.read(file.read(reading.MOST_BYTES + 1))
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}.", returncode=2) from None
    except reading.Unreadable as error:
        raise CommandError(f"{path}: {error}", returncode=2) from None
