"""The working document: what authors write, and who has written on it."""

from __future__ import annotations

import reversion
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.kinds import AnswerKind


class Topic(models.Model):
    """A subject under which answers are found. Its description and its place are changed by `articles.topics`."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120, unique=True)
    description = models.TextField(_("description"), blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("stands under")
    )
    version = models.PositiveIntegerField(default=0, help_text="Raised by each change; a change names its base.")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="topic_not_under_itself", condition=~Q(parent=F("pk"))),
        ]

    def __str__(self) -> str:
        return self.name


reversion.register(Topic)


class Article(models.Model):
    """The working document of one question. Saved only by `articles.drafting.save`, which makes a version.

    `byline` is a list of {"name", "credentials", "orcid", "user"} in order; "user" is an account's id or null.
    """

    question = models.CharField(
        _("question"), max_length=300, help_text=_("The clinician's question. It is the title of the answer.")
    )
    slug = models.SlugField(max_length=120, unique=True)
    slug_is_set = models.BooleanField(default=False, help_text=_("Set by hand: it no longer follows the question."))
    plain_question = models.CharField(
        _("question in plain words"),
        max_length=300,
        blank=True,
        help_text=_("Optional. Shown as the title to patients and other plain-register readers."),
    )
    heading = models.CharField(_("heading of the bottom line"), max_length=200, blank=True)
    lead = models.TextField(_("bottom line"), max_length=2000, blank=True)
    plain_heading = models.CharField(_("heading of the plain bottom line"), max_length=200, blank=True)
    plain_lead = models.TextField(_("bottom line in plain words"), max_length=2000, blank=True)
    body = models.TextField(_("text"), blank=True)
    topics = models.ManyToManyField(Topic, blank=True, related_name="articles", verbose_name=_("topics"))
    keywords = models.JSONField(_("keywords"), default=list, blank=True)
    byline = models.JSONField(_("byline"), default=list, blank=True)
    searched_on = models.DateField(
        _("evidence searched to"),
        null=True,
        blank=True,
        help_text=_("The date to which the evidence was searched."),
    )
    language = models.CharField(_("language"), max_length=12, default="en")
    kind = models.ForeignKey(
        AnswerKind,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="articles",
        verbose_name=_("kind of answer"),
    )
    follow_up_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="follow_ups",
        verbose_name=_("follow-up of"),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="articles_owned",
        verbose_name=_("author"),
    )
    due_on = models.DateField(
        _("due on"),
        null=True,
        blank=True,
        help_text="When the text should be ready. No part of the source, and no version: see articles/due.py.",
    )
    source_id = models.CharField(
        max_length=200,
        null=True,
        blank=True,
        unique=True,
        help_text="Its identity in the interchange format, where it was imported; null where it was written here.",
    )
    is_sample = models.BooleanField(default=False)
    version = models.PositiveIntegerField(
        default=0, help_text="Raised by each save; a save names the one it began from."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-updated_at", "-pk"]
        indexes = [
            # The desk's list shows the newest work first.
            models.Index(fields=["-updated_at", "-id"], name="article_newest"),
        ]

    def __str__(self) -> str:
        return self.question


class Contributor(models.Model):
    """Who wrote on an article: the newest version that each person saved, and who ever stood in the byline.

    What four eyes asks at freeze time. It does not lean on the revisions of django-reversion, whose user can vanish.
    """

    class How(models.TextChoices):
        SAVED = "saved", _("saved a version")
        BYLINE = "byline", _("stood in the byline")
        OWNED = "owned", _("owned it")

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="contributors")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="contributions")
    how = models.CharField(max_length=8, choices=How.choices)
    version = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "user", "how"], name="contributor_once_each_way"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_how_display()} of {self.article}"


class Citation(models.Model):
    """That a draft, or an edition, cites a work under this key: what “where is it cited” asks.

    Derived: written by `articles.drafting.save` for the draft (where `edition` is null) and by `articles.freezing` for
    each edition. `key` is as it stands in the text, folded, and may be an alias (see `references.models.Alias`).
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="citations")
    edition = models.ForeignKey(
        "articles.Edition", on_delete=models.CASCADE, null=True, blank=True, related_name="citations"
    )
    key = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "key"], condition=models.Q(edition=None), name="citation_once_in_draft"
            ),
            models.UniqueConstraint(fields=["edition", "key"], name="citation_once_in_edition"),
        ]
        indexes = [
            # Where a work is cited.
            models.Index(fields=["key"], name="citation_by_key"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} cites {self.key}"


reversion.register(Article, exclude=["updated_at", "due_on"])
