"""`manage.py verify_record`: is the record whole? Exit code 1, and the first altered row by name, where it is not."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.models import Edition
from reviews.models import Transition, Verdict
from reviews.verifying import problems, redactions


class Command(BaseCommand):
    help = "Compute every digest, signature and link of the record anew, and name what was altered."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="name every altered row, not only the first")

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for sentence in problems():
            found += 1
            self.stderr.write(sentence)
            if not options["all"]:
                break
        if found:
            raise CommandError("The record is not whole.")
        for sentence in redactions():
            self.stdout.write(sentence)
        self.stdout.write(
            f"The record is whole: {Edition.objects.count()} editions, {Verdict.objects.count()} verdicts and "
            f"{Transition.objects.count()} transitions were computed anew and agree."
        )
