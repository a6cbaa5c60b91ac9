"""`manage.py compose_pages`: compose every public page that is due, at once instead of by the sweep."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from articles.publishing import compose_due
from articles.related import relate_due


class Command(BaseCommand):
    help = "Compose the public pages that are due: after an upgrade, or when the site's texts or address changed."

    def handle(self, *args: Any, **options: Any) -> None:
        while relate_due():
            pass
        done = 0
        while composed := compose_due():
            done += composed
        if done or options["verbosity"] > 1:
            self.stdout.write(f"The pages of {done} answers were composed anew.")
