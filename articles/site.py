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


def current() -> Site:
    """The site's row; its defaults where none was saved yet."""
    return Site.objects.filter(pk=1).first() or Site(pk=1)


def save(site: Site, *, by: User, comment: str = "") -> Site:
    """Save changed texts as a version and mark every public page to be composed anew."""
    with transaction.atomic(), reversion.create_revision():
        reversion.set_user(by)
        reversion.set_comment(comment or "Site texts changed")
        newest = Site.objects.select_for_update().filter(pk=1).first()
        site.pk = 1
        site.version = (newest.version if newest else 0) + 1
        site.updated_at = timezone.now()
        site.save()
        Publication.objects.update(pages_due=True)
    return site


def context(request: HttpRequest) -> dict[str, Any]:
    """Template context: the site's texts, lazily, and its public address."""
    return {"site": SimpleLazyObject(current), "site_url": settings.SITE_URL}
