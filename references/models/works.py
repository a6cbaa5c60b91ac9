"""The work: one row for each, never for each article."""

from __future__ import annotations

import datetime
from typing import Any

import reversion
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from references.identity import blocks
from references.searching import words


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
    TRIAL_REGISTRATION = "trial-registration", _("trial registration")
    COVERAGE_POLICY = "coverage-policy", _("coverage policy")
    BOOK = "book", _("book")
    WEB_PAGE = "web-page", _("web page")
    OWN_ANSWER = "own-answer", _("our own answer")
    OTHER = "other", _("other")


class Type(models.TextChoices):
    """The form in which a work is published: types of CSL 1.0.2, by which it is cited. Empty: derived from the rest.

    `article` is what stands in no journal, as a preprint does.
    """

    ARTICLE_JOURNAL = "article-journal", _("journal article")
    ARTICLE = "article", _("preprint")
    ARTICLE_MAGAZINE = "article-magazine", _("magazine article")
    ARTICLE_NEWSPAPER = "article-newspaper", _("newspaper article")
    BOOK = "book", _("book")
    CHAPTER = "chapter", _("chapter of a book")
    PAPER_CONFERENCE = "paper-conference", _("conference paper")
    REPORT = "report", _("report")
    THESIS = "thesis", _("thesis")
    WEBPAGE = "webpage", _("web page")
    POST = "post", _("post")
    DATASET = "dataset", _("dataset")
    SOFTWARE = "software", _("software")
    ENTRY = "entry", _("entry of a reference work")
    LEGISLATION = "legislation", _("legislation")
    STANDARD = "standard", _("standard")
    DOCUMENT = "document", _("document")


class Status(models.TextChoices):
    """What is known against a work. The gravest of the flags that stand; see references/watching/flags.py."""

    CURRENT = "current", _("current")
    CORRECTED = "corrected", _("corrected")
    SUPERSEDED = "superseded", _("superseded")
    CONCERN = "concern", _("expression of concern")
    RETRACTED = "retracted", _("retracted")


DERIVED = ("key_normal", "search_text", "title_block", "author_block")
"""Columns that follow from others and stand in no version."""


class Reference(models.Model):
    """A work in the shared library. Written by the actions of references/library.py, which check it first.

    `authors` and `editors` hold CSL names: {"family", "given", "suffix", "non-dropping-particle",
    "dropping-particle"} or {"literal"}. Identifiers are stored in normal form
    (see references/identity/identifiers.py) and are null where a work has none.
    """

    key = models.CharField(
        _("key"), max_length=120, unique=True, help_text=_("What authors write in the text: [@key].")
    )
    key_normal = models.CharField(max_length=120, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.OTHER)
    type = models.CharField(_("form of publication"), max_length=20, choices=Type.choices, blank=True, default="")
    genre = models.CharField(
        _("genre"), max_length=120, blank=True, default="", help_text=_("As the title page names it: doctoral thesis.")
    )
    title = models.TextField(_("title"))
    authors = models.JSONField(_("authors"), default=list, blank=True)
    editors = models.JSONField(_("editors"), default=list, blank=True)
    container = models.CharField(_("journal, book or site"), max_length=400, blank=True)
    container_short = models.CharField(_("journal's abbreviation"), max_length=200, blank=True, default="")
    series = models.CharField(_("series"), max_length=400, blank=True, default="")
    edition = models.CharField(_("edition"), max_length=100, blank=True, default="")
    version = models.CharField(_("version"), max_length=60, blank=True, default="")
    publisher = models.CharField(_("publisher"), max_length=300, blank=True)
    place = models.CharField(_("place of publication"), max_length=200, blank=True, default="")
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
    number = models.CharField(
        _("number"), max_length=60, blank=True, default="", help_text=_("Of a report, or of an article without pages.")
    )
    doi = models.CharField("DOI", max_length=250, null=True, blank=True, unique=True)
    pmid = models.CharField("PMID", max_length=12, null=True, blank=True, unique=True)
    pmcid = models.CharField("PMCID", max_length=16, null=True, blank=True)
    isbn = models.CharField("ISBN", max_length=20, null=True, blank=True)
    issn = models.CharField("ISSN", max_length=9, null=True, blank=True)
    nct = models.CharField(_("ClinicalTrials.gov number"), max_length=11, null=True, blank=True)
    url = models.URLField(_("address"), max_length=1000, blank=True)
    accessed_on = models.DateField(_("accessed on"), null=True, blank=True)
    abstract = models.TextField(_("abstract"), blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.CURRENT)
    # The words of key, title, names, year and identifiers, as parted and folded by references/searching/words.py.
    search_text = models.TextField(editable=False, blank=True, default="")
    # What likely duplicates share (see references/identity/likeness.py): the blocks within which works are compared.
    title_block = models.CharField(max_length=40, editable=False, blank=True, default="")
    author_block = models.CharField(max_length=60, editable=False, blank=True, default="")
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
                condition=~Q(doi="") & ~Q(pmid="") & ~Q(pmcid="") & ~Q(isbn="") & ~Q(issn="") & ~Q(nct=""),
            ),
        ]
        indexes = [
            # Look-up of an incoming work by identifiers that need not be one work's alone.
            models.Index(fields=["pmcid"], name="reference_pmcid", condition=Q(pmcid__isnull=False)),
            models.Index(fields=["isbn"], name="reference_isbn", condition=Q(isbn__isnull=False)),
            models.Index(fields=["nct"], name="reference_nct", condition=Q(nct__isnull=False)),
            # Likely duplicates stand in the same block.
            models.Index(fields=["title_block"], name="reference_title_block"),
            models.Index(fields=["author_block"], name="reference_author_block"),
            # The desk's list, narrowed by one of these, in the order of keys.
            models.Index(fields=["kind", "key_normal"], name="reference_by_kind"),
            models.Index(fields=["status", "key_normal"], name="reference_by_status"),
            # Works older than the age of their kind.
            models.Index(fields=["kind", "year"], name="reference_by_age"),
            # The picker's list without words: the newest.
            models.Index(fields=["-created_at", "-id"], name="reference_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.title}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], *DERIVED}
        super().save(*args, **kwargs)

    def derive(self) -> None:
        """Set the columns that follow from others. A bulk write, which calls no `save`, calls this itself."""
        self.key_normal = self.key.casefold()
        names = [part for name in (*self.authors, *self.editors) for part in name.values()]
        numbers = [self.year, self.doi, self.pmid, self.pmcid, self.isbn, self.nct]
        self.search_text = words.indexed([self.key, self.title, *names, *(str(n) for n in numbers if n)])
        self.title_block = blocks.of_title(self.title)
        self.author_block = blocks.of_author(self.authors, self.year)

    @property
    def issued(self) -> datetime.date | None:
        """The first day that the date allows, for sorting; None without a year."""
        return datetime.date(self.year, self.month or 1, self.day or 1) if self.year else None


reversion.register(Reference, exclude=["updated_at", "search_text", "title_block", "author_block"])
