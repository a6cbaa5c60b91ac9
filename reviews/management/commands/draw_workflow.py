"""`manage.py draw_workflow`: write docs/workflow.md from the rule table; with --check, only say whether it is stale."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from reviews.drawing import document


class Command(BaseCommand):
    help = "Draw the workflow's diagram for the docs from the rule table."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail where the page is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "workflow.md"
        drawn = document()
        if options["check"]:
            if not path.exists() or path.read_text() != drawn:
                raise CommandError("docs/workflow.md is stale: run manage.py draw_workflow.")
            self.stdout.write("docs/workflow.md is what the rule table says.")
            return
        path.write_text(drawn)
        self.stdout.write("docs/workflow.md was drawn.")
