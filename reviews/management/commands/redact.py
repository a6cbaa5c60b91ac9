"""`manage.py redact ARTICLE`: take a patient's details out of everything that is kept of an article."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.models import Article
from people.models import User
from reviews import workflow

HELP = """Take words that identify a patient out of editions, versions, comments, the record, pages and the index.

The words are read from standard input, one passage a line, so that they stand in no shell's history. Each place then
reads a marker with the salted hash of what stood there. The move is recorded, and verify_record tells of it."""


class Command(BaseCommand):
    help = HELP

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("article", help="the address (slug) or the number of the article")
        parser.add_argument("--by", metavar="EMAIL", required=True, help="the chief editor who decides it")
        parser.add_argument("--reason", required=True, help="why, in a sentence that repeats nothing of it")

    def handle(self, *args: Any, **options: Any) -> None:
        article, person = article_called(options["article"]), _person(options["by"])
        if sys.stdin.isatty():
            self.stderr.write("Type the words to be removed, one passage a line; end with Ctrl+D.")
        try:
            done = workflow.redact(article, sys.stdin.read().splitlines(), by=person, reason=options["reason"])
        except workflow.Refused as refused:
            raise CommandError(str(refused)) from None
        for place, count in done.places.items():
            self.stdout.write(f"{place}: {count}")
        for passage, marker in done.markers.items():
            self.stdout.write(f"“{passage}” now reads {marker}")
        self.stdout.write(f"The salt of these hashes is {done.salt}. It is kept nowhere: keep it apart, or let it go.")
        for sentence in done.warnings:
            self.stderr.write(sentence)
        self.stderr.write(
            "Backups, exports that were handed out, and the database's free space (VACUUM) still hold it."
        )


def article_called(name: str) -> Article:
    """The article of an address (slug) or number; CommandError where there is none."""
    found = Article.objects.filter(slug=name).first()
    if found is None and name.isascii() and name.isdigit():
        found = Article.objects.filter(pk=int(name[:18])).first()
    if found is None:
        raise CommandError(f"No article has the address or number {name}.")
    return found


def _person(email: str) -> User:
    found = User.objects.filter(email=email.strip().lower()).first()
    if found is None:
        raise CommandError(f"Nobody has the e-mail address {email}.")
    return found
