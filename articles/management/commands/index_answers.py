"""`manage.py index_answers`: write the search index anew, while the site runs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from articles.search import index


class Command(BaseCommand):
    help = "Write the search index anew, for all answers. Needed only where manage.py doctor says so."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"The search index was written anew: {index.write_anew()} answers are listed.")
