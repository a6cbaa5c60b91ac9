"""`manage.py plan_upgrade`: may the old code go on serving while this code's migrations run?

Exit code 0: it may, or there are none; 1: stop web and worker first.
"""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from config import upgrading


class Command(BaseCommand):
    help = (
        "Say of each migration that is not applied whether the code before it may go on serving meanwhile. "
        "Exit code 0: it may; 1: stop web and worker first."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(upgrading.pending(connection))
        for one in found:
            self.stdout.write(f"{one.name}: {'; '.join(one.disturbs) or 'adds only what the old code can ignore'}.")
        if not found:
            self.stdout.write("All migrations are applied.")
        elif connection.vendor == "sqlite":
            self.stdout.write("SQLite makes changed tables anew: stop web and worker first.")
            sys.exit(1)
        elif any(one.disturbs for one in found):
            self.stdout.write("Stop web and worker first.")
            sys.exit(1)
        else:
            self.stdout.write("The old code may go on serving.")
