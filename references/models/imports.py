"""An import of many works: read and compared first, taken in when somebody has seen the preview."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Import(models.Model):
    """One import. What is to be done stands in `state`; a worker does it, and the sweep picks up what was lost.

    `content` is what was given, `preview` what became of each entry (see references/importing.py): both gzip.
    """

    class State(models.TextChoices):
        READING = "reading", _("being read")
        READY = "ready", _("waiting for your word")
        TAKING = "taking", _("being taken in")
        DONE = "done", _("taken in")
        FAILED = "failed", _("failed")
        DROPPED = "dropped", _("dropped")

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="imports_of_works")
    at = models.DateTimeField(default=timezone.now)
    name = models.CharField(max_length=200, blank=True, help_text="Of the file; empty for a paste.")
    format = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.READING)
    options = models.JSONField(default=dict)
    content = models.BinaryField()
    preview = models.BinaryField(default=b"")
    counts = models.JSONField(default=dict, help_text="How many entries are new, here, likely, broken …")
    step = models.CharField(max_length=60, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=600, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True, help_text="When a worker began the present step.")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            # The sweep asks for imports on which work is due.
            models.Index(fields=["id"], name="import_due", condition=Q(state__in=["reading", "taking"])),
        ]

    def __str__(self) -> str:
        return f"{self.name or 'paste'} ({self.get_state_display()})"
