"""What was taken out of the record: which bytes are no longer those that were hashed, and what they are now."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from articles.models.drafting import Article


class RedactionQuerySet(models.QuerySet["Redaction"]):
    def standing_for(self, original: str, left: str) -> Redaction | None:
        """That by which bytes of the digest `left` stand where the record names `original`; None where none does."""
        newest = self.filter(original=original).order_by("-pk").first()
        return newest if newest and newest.left == left else None


class Redaction(models.Model):
    """One piece of the record from which words of a patient were removed. Inserted only.

    `original` is the digest that the record names and signatures were made of, `left` that of the bytes as they are
    now. A piece that is redacted again has another row; the newest counts. The transition that tells of it repeats
    `told`, so that a row added past the workflow is found.
    """

    class Piece(models.TextChoices):
        SOURCE = "source", "source of an edition"
        FROZEN = "frozen", "frozen text of an edition"
        VERDICT = "verdict", "statement of a verdict"
        RENEWAL = "renewal", "statement of a review again"
        TRANSITION = "transition", "reason of a transition"

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="redactions")
    piece = models.CharField(max_length=12, choices=Piece.choices)
    row = models.PositiveBigIntegerField(help_text="The primary key of what it was removed from.")
    original = models.CharField(max_length=64, db_index=True)
    left = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="redactions")

    objects = RedactionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.told

    @property
    def told(self) -> str:
        """The line by which a transition tells of it."""
        return f"{self.piece} {self.row}: {self.original} {self.left}"
