"""Policies of review: what each kind of answer needs, every version of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.kinds import AnswerKind


class ReviewPolicy(models.Model):
    """One version of the policy of one kind of answer, or (kind empty) of all kinds without their own. Inserted only.

    Written by `articles.policies`. `is_ended` says that from this version on the kind follows the general policy.
    """

    kind = models.ForeignKey(
        AnswerKind, on_delete=models.PROTECT, null=True, blank=True, related_name="review_policies"
    )
    version = models.PositiveIntegerField()
    is_ended = models.BooleanField(default=False)
    verdicts_needed = models.PositiveSmallIntegerField(_("verdicts needed"), default=1)
    approvals_needed = models.PositiveSmallIntegerField(_("approvals needed"), default=1)
    specialties = models.JSONField(_("specialties"), default=list, blank=True)
    days = models.PositiveSmallIntegerField(_("days for a review"), default=14)
    review_again_after_months = models.PositiveSmallIntegerField(_("months until the next review"), default=24)
    caution_allowed = models.BooleanField(_("release with caution allowed"), default=True)
    independent = models.BooleanField(_("independent verdicts"), default=False)
    checklist = models.JSONField(_("checklist"), default=list, blank=True)
    note = models.TextField(_("what changed, and why"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="review_policies")
    at = models.DateTimeField(default=timezone.now)
    digest = models.CharField(
        max_length=64, default="", db_default="", help_text="SHA-256 of all of it: see articles/policies.py."
    )

    class Meta:
        ordering = ["-version", "-pk"]
        verbose_name_plural = "review policies"
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="review_policy_version_of_a_kind"),
            models.UniqueConstraint(
                fields=["version"], condition=Q(kind=None), name="review_policy_version_of_the_general"
            ),
            models.CheckConstraint(
                name="review_policy_can_be_met",
                condition=Q(approvals_needed__gte=1, verdicts_needed__gte=models.F("approvals_needed"), days__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind or _('all kinds')}, version {self.version}"
