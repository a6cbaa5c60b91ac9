"""The shared library: one row for each work, never for each article."""

from __future__ import annotations

import datetime
from typing import Any

import reversion
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from references.folding import fold


class Kind(models.TextChoices):
    GUIDELINE = "guideline", _("guideline")
    GUIDELINE_SUMMARY = "guideline-summary", _("guideline summary")
    SYSTEMATIC_REVIEW = "systematic-review", _("systematic review")
    RANDOMISED_TRIAL = "randomised-trial", _("randomised trial")
    COHORT = "cohort", _("cohort")
    CASE_CONTROL = "case-control", _("case-control")
    CASE_REPORT = "case-report", _("case report")
    NARRATIVE_REVIEW = "narrative-review", _("narrative review")
    DRUG_LABEL = "drug-label", _("drug label")
    COVERAGE_POLICY = "coverage-policy", _("coverage policy")
    BOOK = "book", _("book")
    WEB_PAGE = "web-page", _("web page")
    OWN_ANSWER = "own-answer", _("our own answer")
    OTHER = "other", _("other")


class Status(models.TextChoices):
    CURRENT = "current", _("current")
    CORRECTED = "corrected", _("corrected")
    RETRACTED = "retracted", _("retracted")
    SUPERSEDED = "superseded", _("superseded")


class Reference(models.Model):
    """A work in the shared library. Written by the actions of references/library.py, which check it first.

    `authors` holds CSL names: {"family", "given", "suffix", "non-dropping-particle", "dropping-particle"} or
    {"literal"}. Identifiers are stored in normal form (see references/identifiers.py) and are null where a
    work has none.
    """

    key = models.CharField(
        _("key"), max_length=120, unique=True, help_text=_("What authors write in the text: [@key].")
    )
    key_normal = models.CharField(max_length=120, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.OTHER)
    title = models.TextField(_("title"))
    authors = models.JSONField(_("authors"), default=list, blank=True)
    container = models.CharField(_("journal, book or site"), max_length=400, blank=True)
    publisher = models.CharField(_("publisher"), max_length=300, blank=True)
    year = models.SmallIntegerField(
        _("year"), null=True, blank=True, validators=[MinValueValidator(1000), MaxValueValidator(2200)]
    )
    month = models.SmallIntegerField(
        _("month"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    day = models.SmallIntegerField(
        _("day"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    volume = models.CharField(_("volume"), max_length=60, blank=True)
    issue = models.CharField(_("issue"), max_length=60, blank=True)
    pages = models.CharField(_("pages"), max_length=100, blank=True)
    doi = models.CharField("DOI", max_length=250, null=True, blank=True, unique=True)
    pmid = models.CharField("PMID", max_length=12, null=True, blank=True, unique=True)
    pmcid = models.CharField("PMCID", max_length=16, null=True, blank=True)
    isbn = models.CharField("ISBN", max_length=20, null=True, blank=True)
    url = models.URLField(_("address"), max_length=1000, blank=True)
    accessed_on = models.DateField(_("accessed on"), null=True, blank=True)
    abstract = models.TextField(_("abstract"), blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.CURRENT)
    # Key, title, names, year and identifiers, folded, so that one column answers a search by any of them.
    search_text = models.TextField(editable=False, blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["key_normal"]
        constraints = [
            models.CheckConstraint(
                name="reference_date_from_the_left",
                condition=(Q(month=None) | Q(year__isnull=False)) & (Q(day=None) | Q(month__isnull=False)),
            ),
            models.CheckConstraint(
                name="reference_absent_identifier_is_null",
                condition=~Q(doi="") & ~Q(pmid="") & ~Q(pmcid="") & ~Q(isbn=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.title}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "key_normal", "search_text"}
        super().save(*args, **kwargs)

    def derive(self) -> None:
        """Set the columns that follow from others. A bulk write, which calls no `save`, calls this itself."""
        self.key_normal = self.key.casefold()
        names = [part for name in self.authors for part in name.values()]
        numbers = [self.year, self.doi, self.pmid, self.pmcid, self.isbn]
        self.search_text = fold(" ".join([self.key, self.title, *names, *(str(n) for n in numbers if n)]))

    @property
    def issued(self) -> datetime.date | None:
        """The first day that the date allows, for sorting; None without a year."""
        return datetime.date(self.year, self.month or 1, self.day or 1) if self.year else None


reversion.register(Reference, exclude=["updated_at", "search_text"])
