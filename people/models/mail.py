"""The outbox: mail that is due or was sent."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone


class Message(models.Model):
    """One mail that is due. The row is written with what it tells of; a task or the sweep sends it, once."""

    key = models.CharField(
        max_length=120, unique=True, help_text="What it is about and to whom: the same news is queued once."
    )
    to = models.EmailField(max_length=254)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(default=timezone.now)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            # The sweep asks for what is not sent: a short index beside a long table.
            models.Index(fields=["not_before"], name="message_due", condition=Q(sent_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"
