"""Kinds of answers: what sort of question an answer settles, and with which sections one begins to write it."""

from __future__ import annotations

import reversion
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AnswerKindQuerySet(models.QuerySet["AnswerKind"]):
    def offered(self) -> AnswerKindQuerySet:
        """Kinds that a new answer can begin with."""
        return self.filter(is_offered=True)


class AnswerKind(models.Model):
    """One kind. Changed only by `articles.kinds`. Never deleted: articles and editions name it by its slug.

    `sections` is a list of {"heading", "guidance"}: what a new answer's text begins with. Changing it changes no text.
    """

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=80, unique=True)
    description = models.CharField(_("which questions it is for"), max_length=300, blank=True)
    sections = models.JSONField(_("sections"), default=list, blank=True)
    position = models.PositiveSmallIntegerField(_("place in lists"), default=0)
    is_offered = models.BooleanField(_("offered for new answers"), default=True)
    version = models.PositiveIntegerField(default=0, help_text="Raised by each change; a change names its base.")
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AnswerKindQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


reversion.register(AnswerKind, exclude=["updated_at"])
