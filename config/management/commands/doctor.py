"""`manage.py doctor`: what is wrong with this installation, and what to do.

Exit code 0: all is well; 1: something is doubtful; 2: something is wrong.
"""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.running.doctor.examining import examine
from config.running.doctor.finding import Level

WORDS = {Level.WELL: "Well:    ", Level.DOUBTFUL: "Doubtful:", Level.WRONG: "Wrong:   "}


class Command(BaseCommand):
    help = (
        "Say in sentences what is wrong with this installation and what to do. Exit code 0: all is well; "
        "1: something is doubtful; 2: something is wrong."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="say nothing of what is well")

    def handle(self, *args: Any, **options: Any) -> None:
        worst = Level.WELL
        styles = {Level.WELL: self.style.SUCCESS, Level.DOUBTFUL: self.style.WARNING, Level.WRONG: self.style.ERROR}
        for one in examine():
            worst = max(worst, one.level)
            if one.level > Level.WELL or not options["quiet"]:
                self.stdout.write(f"{styles[one.level](WORDS[one.level])} {one.says}")
                if one.todo:
                    self.stdout.write(f"{' ' * 10}{one.todo}")
        if worst:
            sys.exit(int(worst))
