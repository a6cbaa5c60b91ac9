"""`manage.py load_samples`: sample accounts and answers, for a site that only this machine can reach."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.sample_site import SampleSite
from people.models import User


class Command(BaseCommand):
    help = "Load the sample accounts and answers into an empty site on this machine."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing, quietly, where there are accounts")

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError("This site has accounts already: samples are loaded into an empty site only.")
        if not settings.SAMPLE_ACCOUNTS_MAY_SIGN_IN:
            raise CommandError(
                "Samples are for a site that only this machine can reach: set DEBUG=1, and in ALLOWED_HOSTS name "
                "nothing but localhost and 127.0.0.1."
            )
        articles = SampleSite().load()
        self.stdout.write(f"Loaded {len(articles)} sample answers.")
