"""Links of the drafts to other sites: who has which, and whether each address answered when the worker asked."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.drafting import Article

LONGEST = 1_000
"""Bytes of an address that is asked about; it has to fit into an index."""


class Link(models.Model):
    """That the draft of an article links to this address (without its fragment). Derived, by `drafting.save`."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="links")
    address = models.CharField(max_length=LONGEST)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "address"], name="link_once_in_draft")]
        indexes = [
            # Which addresses have no check yet, and which checks nobody needs any more.
            models.Index(fields=["address"], name="link_by_address"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} links to {self.address}"


class LinkCheck(models.Model):
    """The newest answer of one address, however many drafts link to it. Due again at `due_at`.

    As with `references.models.Check`, a failed try is never read as an answer.
    """

    class Outcome(models.TextChoices):
        ANSWERED = "answered", _("answers")
        GONE = "gone", _("does not answer")
        FAILED = "failed", _("could not check")

    address = models.CharField(max_length=LONGEST)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True, help_text="Empty: never asked.")
    status = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Of HTTP, where there was one.")
    checked_at = models.DateTimeField(null=True, blank=True, help_text="The last try, whatever came of it.")
    failures = models.PositiveSmallIntegerField(default=0, help_text="How often in a row it could not be checked.")
    due_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["address"], name="link_check_once"),
            models.CheckConstraint(name="link_check_has_a_time", condition=Q(outcome="") | Q(checked_at__isnull=False)),
        ]
        indexes = [
            # What is due.
            models.Index(fields=["due_at"], name="link_check_due"),
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.outcome or 'never asked'}"
