"""Comments on passages: threads, what people said in them, and what each person last saw of an article.

A thread hangs on a passage by its quotation (`articles/anchoring.py`), in an article or, for the board, in an edition.
Written by `articles/comments.py` and `articles/seen.py` alone.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.drafting import Article
from articles.models.editions import Edition


class Resolution(models.TextChoices):
    """How a thread ended."""

    DONE = "done", _("done")
    NOT_DONE = "not-done", _("not done")


class ThreadQuerySet(models.QuerySet["Thread"]):
    def open(self) -> ThreadQuerySet:
        return self.filter(resolved_at=None)

    def of_article(self, article: Article) -> ThreadQuerySet:
        """Those on the working text; the board's, on an edition, are others."""
        return self.filter(article=article, edition=None)


class Thread(models.Model):
    """A conversation about a passage of one field, or about the whole (`field` and the quotation are empty then).

    `quoted` is the passage as it stood when the thread was opened; `exact`, `prefix` and `suffix` are how it is known
    now. `start` and `end` are its place in the newest version; null where it is not there: the thread is an orphan.
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="threads")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, null=True, blank=True, related_name="threads")
    field = models.CharField(max_length=20, blank=True)
    quoted = models.TextField(blank=True)
    exact = models.TextField(blank=True)
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    opened_in = models.PositiveIntegerField(help_text="The version that the article had then.")
    resolution = models.CharField(max_length=8, choices=Resolution.choices, blank=True)
    because = models.TextField(blank=True, help_text="Why it was not done.")
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="threads_resolved"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="threads_reopened"
    )
    reopened_at = models.DateTimeField(null=True, blank=True)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        ordering = ["article", "pk"]
        constraints = [
            models.CheckConstraint(
                name="thread_resolved_by_and_at_and_how",
                condition=Q(resolved_by=None, resolved_at=None, resolution="")
                | (Q(resolved_by__isnull=False, resolved_at__isnull=False) & ~Q(resolution="")),
            ),
            models.CheckConstraint(
                name="thread_reopened_by_and_at",
                condition=Q(reopened_by=None, reopened_at=None)
                | Q(reopened_by__isnull=False, reopened_at__isnull=False),
            ),
            models.CheckConstraint(
                name="thread_not_done_says_why", condition=~Q(resolution="not-done") | ~Q(because="")
            ),
            models.CheckConstraint(
                name="thread_has_both_ends_or_none",
                condition=Q(start=None, end=None) | Q(start__isnull=False, end__isnull=False),
            ),
        ]
        indexes = [
            # Each save takes the open threads of its article along; the desk counts them.
            models.Index(fields=["article"], name="thread_open", condition=Q(resolved_at=None)),
        ]

    def __str__(self) -> str:
        return self.quoted[:80] or f"{self.article}"

    @property
    def is_orphan(self) -> bool:
        """Whether its passage is not in the text as saved."""
        return bool(self.field) and self.start is None

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None


class Comment(models.Model):
    """What one person said in a thread, and whom they mentioned."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="comments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments")
    at = models.DateTimeField(default=timezone.now)
    text = models.TextField()
    edited_at = models.DateTimeField(null=True, blank=True)
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="mentioned_in")

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            # What is new since somebody looked.
            models.Index(fields=["thread", "at"], name="comment_in_thread"),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Seen(models.Model):
    """When a person last opened an article, and which version was the newest then."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="seen")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="seen")
    version = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "article"], name="seen_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} saw version {self.version}"
