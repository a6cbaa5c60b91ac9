"""The order in which the doctor looks at things. What needs the database is left out where that does not answer."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import Error

from config.running.doctor import data, installation, work
from config.running.doctor.finding import Finding, wrong

FIRST = (installation.settings_are_safe, installation.proxies, installation.static_files, installation.room)
WITH_DATABASE = (
    data.clock,
    data.triggers,
    data.index,
    installation.rendering,
    work.beat_and_worker,
    work.waiting_too_long,
    work.unsent_mail,
)
LAST = (work.broker, work.cache, work.mail_server, work.backups)


def examine() -> Iterator[Finding]:
    """Everything, in order. A look that fails for another reason than what it looks for is a finding as well."""
    for look in FIRST:
        yield from look()
    answers = list(data.database())
    yield from answers
    if all(not one.todo for one in answers):
        is_migrated = list(data.migrations())
        yield from is_migrated
        if all(not one.todo for one in is_migrated):
            for look in WITH_DATABASE:
                try:
                    yield from look()
                except Error as error:
                    name = look.__name__.replace("_", " ")
                    yield wrong(f"Looking at “{name}” failed: {error}.", "See to the database first.")
    for look in LAST:
        yield from look()
