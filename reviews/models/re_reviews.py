"""Live editions that have to be looked at again."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from articles.models import Article, Edition
from references.models import Event


class ReReview(models.Model):
    """A live edition that has to be looked at again, because of what became known of a work that it cites.

    One is open at a time for each edition and event; an editor closes it with what was decided.
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="re_reviews")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="re_reviews")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="re_reviews")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="re_reviews_closed"
    )
    decision = models.TextField(blank=True, help_text="What was decided, in a sentence.")

    class Meta:
        ordering = ["opened_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "event"], condition=Q(closed_at=None), name="re_review_one_open"
            ),
            models.CheckConstraint(
                name="re_review_closed_by_and_at",
                condition=Q(closed_at=None, closed_by=None, decision="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(decision="")),
            ),
        ]
        indexes = [
            # The editor's list of what is open, oldest first.
            models.Index(fields=["opened_at"], name="re_review_open", condition=Q(closed_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.edition}: {self.event}"
