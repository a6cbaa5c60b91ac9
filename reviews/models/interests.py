"""Interests in one article under review: what a member said of them, and the part that the member takes for it.

Inserted, never changed: a later row of the same member counts. Each row has a transition that says the same.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Edition


class Grade(models.TextChoices):
    """The part that a member takes in the reviews of an article."""

    FULL = "full", _("full part")
    NO_VOTE = "no-vote", _("may discuss, but not vote")
    EXCLUDED = "excluded", _("excluded: cannot open it")


class InterestStatement(models.Model):
    """What one member said of interests in the article, for the round of one edition. No words: none."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="interest_statements")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="interest_statements")
    what = models.TextField(blank=True)
    with_whom = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="interest_statement_whole",
                condition=models.Q(what="", with_whom="") | (~models.Q(what="") & ~models.Q(with_whom="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.member}, {self.edition}: {self.what or 'none'}"


class Part(models.Model):
    """The part of one member in the reviews of an article, from the round of `edition` on, until another row."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="parts")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="parts")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="parts")
    member_name = models.CharField(max_length=250)
    grade = models.CharField(max_length=8, choices=Grade.choices)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="parts_set")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            # What one person may not open is asked on each page of the desk.
            models.Index(fields=["member", "article"], name="part_of_member"),
        ]

    def __str__(self) -> str:
        return f"{self.member}, {self.article}: {self.get_grade_display()}"
