"""The review of an edition: the state that stands beside it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Edition


class State(models.TextChoices):
    """The review state of an edition."""

    SUBMITTED = "submitted", _("submitted")
    UNDER_REVIEW = "under_review", _("under review")
    APPROVED = "approved", _("approved")
    CHANGES_REQUESTED = "changes_requested", _("changes requested")
    DECLINED = "declined", _("declined")
    PULLED_BACK = "pulled_back", _("pulled back")


OPEN_STATES = (State.SUBMITTED, State.UNDER_REVIEW)


class Review(models.Model):
    """The review of one edition: its state now. `policy` is what was in force when it was submitted."""

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="review")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="reviews")
    state = models.CharField(max_length=20, choices=State.choices)
    policy = models.JSONField(default=dict)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="submissions")
    taken_up_at = models.DateTimeField(null=True, blank=True)
    taken_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reviews_taken_up",
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    confirms = models.ForeignKey(
        Edition,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="confirmed_by",
        help_text="The edition of which only minor edits were asked: who signed there confirms what changed since.",
    )
    justifications = models.JSONField(
        default=list,
        blank=True,
        help_text=(
            "Why it cites works that are flagged: {key, status, text}; and why other findings may stand: "
            "{code, field, line, mark, text}. Its record stands in the transition."
        ),
    )
    report = models.JSONField(
        null=True,
        blank=True,
        help_text="What the checks found at submission (articles/checks/finding.py); null before there was one.",
    )

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article"],
                condition=Q(state__in=["submitted", "under_review"]),
                name="review_one_open_per_article",
            ),
            models.CheckConstraint(
                name="review_taken_up_by_and_at",
                condition=Q(taken_up_by=None, taken_up_at=None)
                | Q(taken_up_by__isnull=False, taken_up_at__isnull=False),
            ),
            models.CheckConstraint(
                name="review_decided_when_decided",
                condition=Q(state__in=["submitted", "under_review"], decided_at=None)
                | (~Q(state__in=["submitted", "under_review"]) & Q(decided_at__isnull=False)),
            ),
        ]
        indexes = [
            # The board's queue: what is open, oldest first.
            models.Index(fields=["state", "submitted_at"], name="review_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.edition}: {self.get_state_display()}"
