"""`manage.py export_articles PATH`: write articles and the works that they cite in the interchange format."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q, QuerySet
from tqdm import tqdm

from articles.interchange.exporting import export
from articles.interchange.folders import PathRefused
from articles.models import Article


class Command(BaseCommand):
    help = "Export articles, as last saved, into a folder that import_articles reads."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument(
            "--article",
            nargs="+",
            metavar="ID",
            help="export these only: by number, by address, or by the id in the head of their file",
        )
        parser.add_argument("--no-progress", action="store_true", help="show no progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        articles = _chosen(options["article"])
        quiet = options["no_progress"] or not sys.stderr.isatty()
        try:
            files = tqdm(
                export(articles, options["path"]),
                total=articles.count(),
                unit=" articles",
                disable=quiet,
                file=sys.stderr,
            )
            count = sum(1 for _path in files)
        except PathRefused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{count} articles were written to {options['path']}.")


def _chosen(names: list[str] | None) -> QuerySet[Article]:
    """The articles asked for, all where none is named. Raises CommandError for a name that no article has."""
    if not names:
        return Article.objects.all()
    chosen = set()
    for name in names:
        numbered = Q(pk=int(name)) if name.isascii() and name.isdigit() and len(name) < 19 else Q()
        pk = (
            Article.objects.filter(numbered | Q(slug=name) | Q(source_id=name))
            .order_by()
            .values_list("pk", flat=True)
            .first()
        )
        if pk is None:
            raise CommandError(f"There is no article {name}: give its number, its address or its id.")
        chosen.add(pk)
    return Article.objects.filter(pk__in=chosen)
