"""`manage.py export_works --format bibtex|ris|csl`: write works of the library as a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from articles import citing
from articles.models import Article
from references import library
from references.exporting import WRITTEN, export
from references.models import Reference


class Command(BaseCommand):
    help = "Write works of the library, all, those of some keys or those of an article, as BibTeX, RIS or CSL-JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=[each.name for each in WRITTEN], required=True)
        parser.add_argument("--keys", nargs="+", metavar="KEY", help="these works only, by key or former key")
        parser.add_argument(
            "--article", metavar="ADDRESS", help="only what this article cites, in its draft or an edition"
        )
        parser.add_argument("--output", type=Path, metavar="FILE", help="write into this file (default: the screen)")
        parser.add_argument("--no-progress", action="store_true", help="show no progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = Reference.objects.all()
        if options["keys"]:
            found = library.resolve(options["keys"])
            if missing := [key for key in options["keys"] if key not in found]:
                raise CommandError(f"No work has the key {', '.join(missing)}.")
            rows = rows.filter(pk__in=[work.pk for work in found.values()])
        if options["article"]:
            article = Article.objects.filter(slug=options["article"]).first()
            if article is None:
                raise CommandError(f"There is no article with the address {options['article']}.")
            rows = citing.cited_by(rows, [article.pk])
        quiet = options["no_progress"] or not sys.stderr.isatty() or options["output"] is None
        pieces = tqdm(export(options["format"], rows), unit=" batches", disable=quiet, file=sys.stderr)
        if options["output"] is None:
            for piece in pieces:
                self.stdout.write(piece, ending="")
            return
        try:
            with options["output"].open("w", encoding="utf-8", newline="") as file:
                file.writelines(pieces)
        except OSError as error:
            raise CommandError(f"{options['output']}: {error.strerror}.") from None
        self.stdout.write(f"{rows.count()} works were written to {options['output']}.")
