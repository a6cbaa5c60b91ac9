"""The record of review: the state beside each edition, signed verdicts, and the chain of transitions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Edition
from references.models import Event


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


class Verdict(models.Model):
    """One board member's signed judgement of one edition.

    `statement` is the canonical text that was signed, as the bytes that `signature` is the SHA-256 of: the digest of
    the edition, name, credentials, role, time, meaning, the policy and what was declared. Its format number allows
    more to be said later without another column. Inserted only.
    """

    class Kind(models.TextChoices):
        APPROVE = "approve", _("approve")
        REQUEST_CHANGES = "request-changes", _("request changes")
        DECLINE = "decline", _("decline")

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="verdicts")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="verdicts")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    edition_digest = models.CharField(max_length=64)
    statement = models.BinaryField()
    signature = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "member"], name="verdict_once_per_member"),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.get_kind_display()}: {self.edition}"


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


class ChainHead(models.Model):
    """The newest link of the chain: one row, locked last by every move."""

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [models.CheckConstraint(name="chain_head_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return f"{self.number}: {self.hash[:12]}"


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
