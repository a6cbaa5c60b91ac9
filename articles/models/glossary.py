"""The glossary: terms with their plain wording, every spelling that texts may use of them, and its version number."""

from __future__ import annotations

import reversion
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class TermQuerySet(models.QuerySet["Term"]):
    def in_force(self) -> TermQuerySet:
        """Terms that texts for plain readers explain."""
        return self.filter(state=Term.State.IN_FORCE)

    def proposed(self) -> TermQuerySet:
        """Terms that wait for an editor."""
        return self.filter(state=Term.State.PROPOSED)


class Term(models.Model):
    """One term. Changed only by `articles.glossary`, which makes a version of it and counts the glossary's version.

    `variants` holds other spellings, irregular plurals and abbreviations as texts write them; regular English plurals
    are found without being named. An edition keeps the words that it explained: a later change never reaches it.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        IN_FORCE = "in-force", _("in force")
        RETIRED = "retired", _("retired")
        DECLINED = "declined", _("declined")

    term = models.CharField(_("term"), max_length=120)
    plain = models.CharField(_("plain wording"), max_length=200)
    definition = models.TextField(_("definition"), max_length=2000, blank=True)
    variants = models.JSONField(_("other spellings"), default=list, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    version = models.PositiveIntegerField(default=0, help_text="Raised by each change; a change names its base.")
    note = models.TextField(
        _("note to the editors"), max_length=1000, blank=True, help_text=_("Why the term should stand here.")
    )
    article = models.ForeignKey(
        "articles.Article",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="terms_proposed",
        help_text="In whose text somebody met the term.",
    )
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="terms_proposed")
    proposed_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="terms_decided"
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    answer = models.CharField(_("why it was declined or retired"), max_length=500, blank=True)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ["term", "pk"]
        indexes = [
            # The list of one state from A to Z, and the count of proposals.
            models.Index(fields=["state", "term"], name="term_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                name="term_decided_by_and_when",
                condition=Q(state="proposed", decided_by=None, decided_at=None)
                | (~Q(state="proposed") & Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
            models.CheckConstraint(name="term_declined_says_why", condition=~Q(state="declined") | ~Q(answer="")),
            models.CheckConstraint(name="term_has_words", condition=~Q(term="") & ~Q(plain="")),
        ]

    def __str__(self) -> str:
        return self.term


class Spelling(models.Model):
    """One way to write a term that is in force. Derived from the term; no two terms in force share one.

    `normal` is what matching compares (see `articles/markup/glossary.py`), `first` its first word, folded: by it the
    terms that may occur in a text are found without reading the whole glossary.
    """

    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="spellings")
    written = models.CharField(max_length=120)
    normal = models.CharField(max_length=240, unique=True)
    first = models.CharField(max_length=240)

    class Meta:
        indexes = [
            # Which terms may occur in a text of these words.
            models.Index(fields=["first"], name="spelling_by_first_word"),
        ]

    def __str__(self) -> str:
        return self.written


class Glossary(models.Model):
    """The glossary as a whole: one row, whose number is raised with each change of what texts explain."""

    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(name="glossary_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return f"Version {self.version}"


reversion.register(Term, exclude=["updated_at"])
