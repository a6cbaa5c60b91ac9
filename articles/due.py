"""When an article should be ready: set by its owner or an editor. No version, and no part of what is frozen."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.models import Article
from people.models import Kind, Role, User
from people.notifying import notify


class Refused(Exception):
    """A date that may not be set; its text is one plain sentence. Nothing was changed."""


def refusal(article: Article, *, by: User) -> str | None:
    """Why this person may not set the date; None where they may."""
    if article.owner_id == by.pk or Role.EDITOR.value in by.roles():
        return None
    return _("Only the owner of this article or an editor can do this.")


def set_due(article: Article, *, on: datetime.date | None, by: User) -> None:
    """Set the day on which the article is due, or take it away. An owner who did not do it is told. Raises Refused.

    A day that is past is refused, unless it is the one that stands.
    """
    with transaction.atomic():
        row = Article.objects.select_for_update().select_related(None).get(pk=article.pk)
        sentence = refusal(row, by=by)
        if sentence:
            raise Refused(sentence)
        if row.due_on != on:
            if on and on < timezone.localdate():
                raise Refused(_("This day is past. Choose today or a later one."))
            Article.objects.filter(pk=row.pk).update(due_on=on)
            if row.owner_id != by.pk:
                _tell(row, on, by)
    article.due_on = on


def _tell(article: Article, on: datetime.date | None, by: User) -> None:
    names = {"by": by, "question": article.question, "day": date_format(on, "j F Y") if on else ""}
    sentence = (
        _("%(by)s set a date for “%(question)s”: %(day)s.") if on else _("%(by)s took the date off “%(question)s”.")
    )
    notify(
        [article.owner],
        kind=Kind.DUE,
        about=f"due:{article.pk}:{timezone.now().isoformat()}",
        sentence=sentence % names,
        address=reverse("desk:article", args=[article.pk]),
        subject=_("Due date: %(question)s") % names,
    )
