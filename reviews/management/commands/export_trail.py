"""`manage.py export_trail ARTICLE > FILE`: everything that is kept of an article, to be checked on another machine."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reviews.management.commands.redact import article_called
from reviews.trail import making, reading


class Command(BaseCommand):
    help = "Write the trail of an article as JSON. `verify_record --file FILE` checks it, with no database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("article", help="the address (slug) or the number of the article")

    def handle(self, *args: Any, **options: Any) -> None:
        article = article_called(options["article"])
        try:
            data = making.of_article(article, by="command")
        except making.NotWritten as error:
            raise CommandError(str(error)) from None
        stream = getattr(self.stdout._out, "buffer", None)
        if stream is not None:
            stream.write(data)  # the very bytes, whatever the terminal's encoding is
        else:
            self.stdout.write(data.decode(), ending="")
        self.stderr.write(f"Its digest is {reading.digest_in(data)}. Note it apart: by it the file is known again.")
