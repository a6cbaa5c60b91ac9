"""Identity: other names of a work, what was merged into it, and pairs that may be one work."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from references.models.works import Reference


class Alias(models.Model):
    """Another key or identifier that leads to a work: what a merged row was called, and a key that was changed.

    `value` is in the form in which values are compared: a key folded (`keys.normal`), an identifier in normal form.
    """

    class Scheme(models.TextChoices):
        KEY = "key", _("key")
        DOI = "doi", "DOI"
        PMID = "pmid", "PMID"
        PMCID = "pmcid", "PMCID"

    scheme = models.CharField(max_length=6, choices=Scheme.choices)
    value = models.CharField(max_length=250)
    written = models.CharField(max_length=250, help_text="As it was written: what a text may hold.")
    reference = models.ForeignKey(Reference, on_delete=models.PROTECT, related_name="aliases")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "value"], name="alias_leads_to_one_work")]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.written} → {self.reference.key}"


class Merge(models.Model):
    """The record of one merge: what went, what it went into, and what the kept row took over from it.

    `gone` is the whole row that went, by field; `taken` the fields that the kept row took from it, each with what
    stood there before and after.
    """

    kept = models.ForeignKey(Reference, on_delete=models.PROTECT, related_name="merges")
    kept_key = models.CharField(max_length=120)
    gone_key = models.CharField(max_length=120)
    gone_id = models.BigIntegerField()
    gone = models.JSONField()
    taken = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="merges_of_works")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.gone_key} → {self.kept_key}"


class Likeness(models.Model):
    """Two rows that may be one work, found by a rule. Somebody merges them, or says that they are two works."""

    class Rule(models.TextChoices):
        IDENTIFIER = "identifier", _("the same identifier")
        TITLE = "title", _("alike in title, year and first author")

    first = models.ForeignKey(Reference, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Reference, on_delete=models.CASCADE, related_name="+")
    rule = models.CharField(max_length=12, choices=Rule.choices)
    score = models.PositiveSmallIntegerField(help_text="Likeness of the titles, per cent")
    found_at = models.DateTimeField(default=timezone.now)
    dismissed_at = models.DateTimeField(null=True, blank=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-score", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="likeness_once_per_pair"),
            models.CheckConstraint(name="likeness_in_order", condition=Q(first__lt=F("second"))),
            models.CheckConstraint(
                name="likeness_dismissed_by_and_at",
                condition=Q(dismissed_at=None, dismissed_by=None)
                | Q(dismissed_at__isnull=False, dismissed_by__isnull=False),
            ),
        ]
        indexes = [
            # The list of pairs that nobody has judged, most alike first.
            models.Index(fields=["-score", "id"], name="likeness_open", condition=Q(dismissed_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ~ {self.second_id} ({self.score} %)"


class Relation(models.Model):
    """A work that another one is a version of: a preprint and what was published of it, version 1 and version 2.

    `doi` names the other work whether or not the library has it; `other` is its row where it has. Read it as
    “`reference` is … of `doi`”.
    """

    class Kind(models.TextChoices):
        PREPRINT_OF = "preprint-of", _("preprint of")
        PUBLISHED_FROM = "published-from", _("published version of the preprint")
        OLDER_VERSION_OF = "older-version-of", _("older version of")
        NEWER_VERSION_OF = "newer-version-of", _("newer version of")
        VERSION_OF = "version-of", _("another version of")
        IDENTICAL_TO = "identical-to", _("the same as")

    reference = models.ForeignKey(Reference, on_delete=models.CASCADE, related_name="relations")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    doi = models.CharField("DOI", max_length=250)
    other = models.ForeignKey(
        Reference, on_delete=models.SET_NULL, null=True, blank=True, related_name="relations_from_others"
    )
    source = models.CharField(max_length=20, help_text="Who said so: crossref, datacite, desk …")
    found_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["reference", "kind", "doi"]
        constraints = [models.UniqueConstraint(fields=["reference", "kind", "doi"], name="relation_once")]
        indexes = [
            # A work that enters the library later is joined to what named it.
            models.Index(fields=["doi"], name="relation_by_doi"),
        ]

    def __str__(self) -> str:
        return f"{self.reference.key}: {self.get_kind_display()} {self.doi}"
