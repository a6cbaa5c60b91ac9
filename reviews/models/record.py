"""The record: the hash-chained transitions, and the head of their chain."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Edition
from reviews.models.verdicts import Verdict

PIECES = "\n\nPieces:\n"
"""Stands in the reason of a redaction before the lines that name its pieces (`articles.models.Redaction.told`)."""
BY_KEY = "\nCorrects edition id "
"""Ends, with the key of an edition, the reason of a notice of before the record named it by its number."""


class Transition(models.Model):
    """One move: who, when, from, to, why. Each row's hash covers its columns and the hash before it. Inserted only."""

    class Subject(models.TextChoices):
        REVIEW = "review", _("review")
        PUBLICATION = "publication", _("publication")

    number = models.PositiveBigIntegerField(unique=True)
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="transitions")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="transitions")
    edition_digest = models.CharField(max_length=64)
    subject = models.CharField(max_length=12, choices=Subject.choices)
    move = models.CharField(max_length=24)
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="transitions")
    by_name = models.CharField(max_length=250)
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    via = models.CharField(max_length=12, default="desk")
    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, null=True, blank=True, related_name="transitions")
    verdict_signature = models.CharField(max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["number"]
        indexes = [
            # The trail of one edition, in order.
            models.Index(fields=["edition", "number"], name="transition_trail"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.move}: {self.from_state or '–'} → {self.to_state}"

    @property
    def why(self) -> str:
        """The reason as people read it: without the pieces of a redaction, and with an edition's number for its key."""
        if self.move == "redact":
            return self.reason.partition(PIECES)[0]
        said, is_by_key, key = self.reason.rpartition(BY_KEY) if self.move == "add-notice" else ("", "", "")
        if not is_by_key or not key.isdecimal():
            return self.reason
        number = Edition.objects.values_list("number", flat=True).get(pk=int(key))
        return f"{said}\nCorrects edition {number}"

    @property
    def pieces(self) -> list[str]:
        """The lines that name the pieces of a redaction; none of any other move."""
        return self.reason.partition(PIECES)[2].split("\n") if self.move == "redact" else []


class ChainHead(models.Model):
    """The newest link of the chain: one row, locked last by every move."""

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [models.CheckConstraint(name="chain_head_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return f"{self.number}: {self.hash[:12]}"
