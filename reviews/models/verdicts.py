"""Signed verdicts. Inserted, never changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models import Edition

SETTLED_BY = ("resolve-objection", "overrule-objection")
"""The moves that settle a safety objection."""


class VerdictQuerySet(models.QuerySet["Verdict"]):
    def that_stand(self) -> VerdictQuerySet:
        """Less the safety objections that were settled: whoever made one is free to sign a verdict."""
        return self.exclude(kind=Verdict.Kind.SAFETY_OBJECTION, transitions__move__in=SETTLED_BY)


class Verdict(models.Model):
    """One board member's signed judgement of one edition.

    `statement` is the canonical text that was signed, as the bytes that `signature` is the SHA-256 of: the digest of
    the edition, name, credentials, role, time, meaning, the policy and what was declared. Its format number allows
    more to be said later without another column. Inserted only: one for each member and edition, and before it one
    safety objection, once that is settled.
    """

    class Kind(models.TextChoices):
        APPROVE = "approve", _("approve")
        MINOR_EDITS = "minor-edits", _("approve with minor edits")
        REQUEST_CHANGES = "request-changes", _("request changes")
        DECLINE = "decline", _("decline")
        SAFETY_OBJECTION = "safety-objection", _("safety objection")

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="verdicts")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="verdicts")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    edition_digest = models.CharField(max_length=64)
    statement = models.BinaryField()
    signature = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()

    objects = VerdictQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "member"], condition=~Q(kind="safety-objection"), name="verdict_once_per_member"
            ),
            models.UniqueConstraint(
                fields=["edition", "member"], condition=Q(kind="safety-objection"), name="objection_once_per_member"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.get_kind_display()}: {self.edition}"
