"""Publication at a time: a row says that it is due, and the sweep does it once."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Edition


class ScheduledPublication(models.Model):
    """An edition to be published at a time, and what came of it. At most one waits for each article."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("waiting")
        PUBLISHED = "published", _("published")
        CANCELLED = "cancelled", _("cancelled")
        REFUSED = "refused", _("refused")

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="schedule")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="schedule")
    at = models.DateTimeField()
    note = models.TextField(blank=True, help_text="What readers will be told of the change.")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="scheduled")
    made_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default=Outcome.WAITING)
    ended_at = models.DateTimeField(null=True, blank=True)
    why = models.TextField(blank=True, help_text="Why it was refused or cancelled.")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article"], condition=Q(outcome="waiting"), name="schedule_one_waits_for_an_article"
            ),
            models.CheckConstraint(
                name="schedule_ended_unless_it_waits",
                condition=Q(outcome="waiting", ended_at=None) | (~Q(outcome="waiting") & Q(ended_at__isnull=False)),
            ),
        ]
        indexes = [
            # The sweep asks for what is due.
            models.Index(fields=["at"], name="schedule_due", condition=Q(outcome="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.edition} at {self.at:%Y-%m-%d %H:%M}"
