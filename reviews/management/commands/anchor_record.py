"""`manage.py anchor_record`: print the head of the chain, to be kept where nobody who keeps the database can change it.

Exit code 1, with a sentence, where the record is not what it was when it was anchored before.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reviews import anchors


class Command(BaseCommand):
    help = (
        "Print the head of the chain as a line, add it to a file, or mail it: verify_record finds by such a line that "
        "the end of the record was cut off or written anew."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, metavar="FILE", help="add the line to this file as well")
        parser.add_argument("--mail", metavar="ADDRESS", nargs="+", default=[], help="mail it as well")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            anchor = anchors.take()
            if anchor is None:
                self.stdout.write("Nothing is recorded yet: there is nothing to anchor.")
                return
            if options["to"]:
                anchors.append(options["to"], anchor)
        except (anchors.Broken, anchors.Unreadable) as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{options['to']}: {error.strerror}.") from None
        for address in options["mail"]:
            anchors.mail(address, anchor)
        self.stdout.write(str(anchor))
