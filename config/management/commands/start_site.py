"""`manage.py start_site`: prepare a real installation. The first administrator and the site's name; no samples."""

from __future__ import annotations

import getpass
import os
import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from articles import site
from people.models import Appointment, Role, User


class Command(BaseCommand):
    help = "Migrate, and make the first administrator and the site's name. Asks for what is not given."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", help="e-mail address of the first administrator")
        parser.add_argument("--name", help="name of the first administrator")
        parser.add_argument("--site-name", help="name of the site")
        parser.add_argument("--contact", default="", help="public contact address")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        if User.objects.acting_as(Role.ADMINISTRATOR).exists():
            raise CommandError("This site has an administrator already: sign in as one of them to add people.")
        email = _given(options["email"], "E-mail address of the first administrator: ", "--email").strip().lower()
        name = _given(options["name"], "Name: ", "--name").strip()
        site_name = _given(options["site_name"], "Name of the site: ", "--site-name").strip()
        user = User(email=email, name=name, is_staff=True)
        try:
            validate_email(email)
            user.clean_fields(exclude=["password"])
            password = _password()
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        with transaction.atomic():
            if User.objects.filter(email=email).exists():
                raise CommandError(f"There is an account for {email} already.")
            user.set_password(password)
            user.save()
            Appointment.objects.create(user=user, role=Role.ADMINISTRATOR)
            texts = site.current()
            texts.name, texts.contact = site_name, options["contact"]
            texts.full_clean(exclude=["id"])
            site.save(texts, by=user, comment="The site was started")
        self.stdout.write(f"{site_name} is ready. Sign in as {email} to invite people.")


def _given(value: str | None, question: str, option: str) -> str:
    if value:
        return value
    if not sys.stdin.isatty():
        raise CommandError(f"{option} is missing.")
    return input(question)


def _password() -> str:
    """From ADMINISTRATOR_PASSWORD, so that none stands in a process list, or asked for twice."""
    given = os.environ.get("ADMINISTRATOR_PASSWORD", "")
    if given:
        return given
    if not sys.stdin.isatty():
        raise CommandError("Set ADMINISTRATOR_PASSWORD, or run this at a terminal.")
    first, second = getpass.getpass("Password: "), getpass.getpass("Password again: ")
    if first != second:
        raise CommandError("The two passwords differ. Nothing was made.")
    return first
