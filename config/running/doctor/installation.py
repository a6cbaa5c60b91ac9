"""The doctor on settings, files and the machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.checks import WARNING, CheckMessage, run_checks

from articles.markup import door
from config.running.doctor.finding import Finding, doubtful, well, wrong

LEAST_ROOM = 500 * 1024 * 1024
SHORTEST_TOKEN = 20


def settings_are_safe() -> Iterator[Finding]:
    """DEBUG, the token of the metrics, and what Django's own checks say: those for the open network under https://."""
    if settings.DEBUG:
        says = "DEBUG is on: every error shows its code and its data to whoever reads."
        todo = "Unset DEBUG on every site that others reach."
        is_local = all(host in settings.LOCAL_HOSTS for host in settings.ALLOWED_HOSTS)
        yield doubtful(says, todo) if is_local else wrong(says, todo)
    if settings.METRICS_TOKEN and len(settings.METRICS_TOKEN) < SHORTEST_TOKEN:
        yield doubtful(
            f"METRICS_TOKEN has {len(settings.METRICS_TOKEN)} characters and can be guessed.",
            f"Set it to {SHORTEST_TOKEN} or more random characters.",
        )
    found = [
        one
        for one in run_checks(include_deployment_checks=settings.HTTPS)
        if one.level >= WARNING and not one.is_silenced()
    ]
    for message in found:
        yield _told(message)
    if not found:
        yield well("Django's checks of the settings find nothing.")


def _told(message: CheckMessage) -> Finding:
    make = wrong if message.is_serious() else doubtful
    return make(" ".join(str(message.msg).split()), str(message.hint or f"Look up {message.id} in Django's manual."))


def proxies() -> Iterator[Finding]:
    """Under https:// there is a proxy, which has to be known."""
    if not settings.HTTPS:
        return
    if not getattr(settings, "SECURE_PROXY_SSL_HEADER", None) and settings.SECURE_SSL_REDIRECT:
        yield doubtful(
            "SITE_URL is https://, but BEHIND_PROXY is not set: a proxy's requests would be sent on for ever.",
            "Set BEHIND_PROXY=1 where the web server before the site sends X-Forwarded-Proto.",
        )
    if not settings.TRUSTED_PROXIES:
        yield doubtful(
            "TRUSTED_PROXIES is 0: behind a proxy all readers count as one, and its limits shut them out together.",
            "Set TRUSTED_PROXIES to how many proxies of yours stand before the web processes.",
        )


def static_files() -> Iterator[Finding]:
    """Whether the pages will find their style."""
    if not isinstance(staticfiles_storage, ManifestFilesMixin):
        return
    if staticfiles_storage.hashed_files:
        yield well("The static files are collected.")
    else:
        yield wrong("The static files are not collected: no page can be made.", "Run manage.py collectstatic.")


def room() -> Iterator[Finding]:
    """Whether there is room on the disk where the running system writes."""
    for name in dict.fromkeys([str(settings.VAR_DIR), settings.BACKUP_DIR]):
        if name and Path(name).is_dir():
            free = shutil.disk_usage(name).free
            if free < LEAST_ROOM:
                yield wrong(f"Only {free // 1024**2} MB are free in {name}.", "Make room: writes will fail.")


def rendering() -> Iterator[Finding]:
    """Whether a text becomes a page: it is done in a child process."""
    try:
        door.render(body="A *word*.", known=None)
    except Exception as error:
        yield wrong(
            f"A text of two words could not be rendered: {type(error).__name__}: {error}",
            "Without rendering nothing can be submitted: see whether child processes may be started here.",
        )
    else:
        yield well("Texts are rendered.")
