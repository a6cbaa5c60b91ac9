"""Signed re-reviews of what is live. Inserted, never changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from articles.models import Edition


class Renewal(models.Model):
    """A board member's signed word that a live edition was reviewed again and needs no change.

    `statement` is the canonical text that was signed, as the bytes that `signature` is the SHA-256 of. Inserted only.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="renewals")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="renewals")
    edition_digest = models.CharField(max_length=64)
    due_on = models.DateField(help_text="The day on which the next review is due.")
    statement = models.BinaryField()
    signature = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.member}: {self.edition}"
