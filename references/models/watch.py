"""Watching: what was asked about each work, and what came of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from references.models.works import Reference


class Check(models.Model):
    """The newest answer of one source about one work. Due again at `due_at`.

    `outcome` tells of the last try; `answered_at` is when the source last really answered, so that a failed call is
    never read as clear.
    """

    class Source(models.TextChoices):
        CROSSREF = "crossref", "Crossref"
        PUBMED = "pubmed", "PubMed"
        RETRACTION_WATCH = "retraction-watch", "Retraction Watch"
        LINK = "link", _("the address")

    class Outcome(models.TextChoices):
        CLEAR = "clear", _("clear")
        FLAGGED = "flagged", _("flagged")
        FAILED = "failed", _("could not check")

    reference = models.ForeignKey(Reference, on_delete=models.CASCADE, related_name="checks")
    source = models.CharField(max_length=20, choices=Source.choices)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True, help_text="Empty: never asked.")
    detail = models.CharField(max_length=400, blank=True, help_text="In a sentence, what was said or what went wrong.")
    asked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0, help_text="How often in a row it could not be checked.")
    due_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reference", "source"], name="check_once_per_source"),
            models.CheckConstraint(
                name="check_answered_where_it_says_so",
                condition=~Q(outcome__in=["clear", "flagged"]) | Q(answered_at__isnull=False),
            ),
        ]
        indexes = [
            # What is due, by source.
            models.Index(fields=["source", "due_at"], name="check_due"),
            # The library's filters: broken links, works that could not be checked.
            models.Index(fields=["outcome", "source", "reference"], name="check_by_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.reference_id} {self.source}: {self.outcome or 'never asked'}"


class Event(models.Model):
    """What is known against a work: retracted, corrected … One row for each kind, whoever reports it, however often.

    A new one is due to be acted on (`handled_at` is null) until the layer above has told whom it concerns.
    """

    class Kind(models.TextChoices):
        RETRACTION = "retraction", _("retraction")
        CONCERN = "concern", _("expression of concern")
        CORRECTION = "correction", _("correction")
        NEW_VERSION = "new-version", _("new version")

    reference = models.ForeignKey(Reference, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    found_at = models.DateTimeField(default=timezone.now)
    handled_at = models.DateTimeField(null=True, blank=True)
    dismissed_at = models.DateTimeField(null=True, blank=True, help_text="Somebody found that it does not hold.")
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    dismissed_why = models.TextField(blank=True)

    class Meta:
        ordering = ["-found_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["reference", "kind"], name="event_once_per_kind"),
            models.CheckConstraint(
                name="event_dismissed_by_and_at",
                condition=Q(dismissed_at=None, dismissed_by=None)
                | Q(dismissed_at__isnull=False, dismissed_by__isnull=False),
            ),
        ]
        indexes = [
            # The sweep asks for what nobody was told of.
            models.Index(fields=["id"], name="event_due", condition=Q(handled_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reference_id}"


class Report(models.Model):
    """One source's word for an event: who says so, in which notice, of which day."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="reports")
    source = models.CharField(max_length=20, help_text="crossref, pubmed, retraction-watch or desk")
    notice = models.CharField(
        max_length=300, blank=True, help_text="doi:… or pmid:… of the notice, else its text; empty where none is named."
    )
    text = models.CharField(max_length=600, blank=True, help_text="The source's own words, or the person's.")
    dated = models.DateField(null=True, blank=True)
    reported_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["reported_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["event", "source", "notice"], name="report_once")]

    def __str__(self) -> str:
        return f"{self.source}: {self.notice or self.text}"
