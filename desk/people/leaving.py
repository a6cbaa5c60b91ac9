"""Leaving: a person's account is closed and their articles go to another author, in one step or not at all."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from articles import handing_over
from articles.models import Article
from people import roles
from people.models import User


def leave(person: User, *, by: User, successor: User | None) -> int:
    """Deactivate `person` and hand every article that they own to `successor`, each as a version of its own.

    Returns how many were handed over. Raises roles.Refused, also where there are articles and nobody takes them, or
    where one of them cannot be saved now.
    """
    with transaction.atomic():
        roles.deactivate(person, by=by)
        owned = list(Article.objects.filter(owner=person).order_by("pk"))
        if owned and successor is None:
            raise roles.Refused(_("%(name)s has articles: choose who takes them over.") % {"name": person})
        for article in owned:
            assert successor is not None
            try:
                handing_over.give(article, to=successor, by=by)
            except handing_over.Refused as refused:
                raise roles.Refused(str(refused)) from refused
    return len(owned)
