"""The site's texts: read them, change them, and give them to templates."""

from __future__ import annotations

from typing import Any

import reversion
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from articles.models import Publication, Site
from people.models import User


class Conflict(Exception):
    """Somebody saved the texts since this edit began. `current` is the newest row; the edit is not saved."""

    def __init__(self, current: Site) -> None:
        super().__init__(f"Version {current.version} was saved meanwhile.")
        self.current = current


def current() -> Site:
    """The site's row; its defaults where none was saved yet."""
    try:
        return Site.objects.get(pk=1)
    except Site.DoesNotExist:
        return Site(pk=1)


def save(site: Site, *, by: User, comment: str = "", base_version: int | None = None) -> Site:
    """Save changed texts as a version and mark every public page to be composed anew.

    `base_version` is the version that the edit began from, 0 where none was saved; Conflict where it is no longer the
    newest. None saves in any case.
    """
    with transaction.atomic(), reversion.create_revision():
        reversion.set_user(by)
        reversion.set_comment(comment or "Site texts changed")
        newest = Site.objects.select_for_update().filter(pk=1).first()
        if newest and base_version is not None and newest.version != base_version:
            raise Conflict(newest)
        site.pk = 1
        site.version = (newest.version if newest else 0) + 1
        site.updated_at = timezone.now()
        site.save()
        Publication.objects.update(pages_due=True)
    return site


def context(request: HttpRequest) -> dict[str, Any]:
    """Template context: the site's texts, lazily, and its public address."""
    return {"site": SimpleLazyObject(current), "site_url": settings.SITE_URL}
