"""News to a person: what they were told, and how they chose to be told it.

Written by `people/notifying.py` alone. A public correction is another thing (`articles.models.Notice`), and so is a
mail that waits to be sent (`Message`).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models.accounts import User


class Kind(models.TextChoices):
    """What a piece of news is about: each person chooses for each kind how it reaches them."""

    SUBMITTED = "submitted", _("An edition was submitted to the board")
    DECIDED = "decided", _("The board decided on an edition")
    PUBLISHED = "published", _("An answer became public, or left the public")
    NOTICE = "notice", _("A correction, an expression of concern or a retraction stands on an answer")
    FLAGGED = "flagged", _("A work that an answer cites was retracted or doubted")
    COMMENT = "comment", _("Somebody commented on an article of mine, or in a thread of mine")
    MENTION = "mention", _("Somebody mentioned me in a comment")
    HANDED_OVER = "handed-over", _("An article was handed over to me, or from me")
    QUESTION = "question", _("A reader's question was given to me to answer")
    DUE = "due", _("A due date of an article of mine was set, or comes near")
    REVIEW_DUE = "review-due", _("A public answer is due for review again, or overdue")
    PART = "part", _("Somebody has an interest in an article under review, or my part in one was set")
    INVITED = "invited", _("I am invited to a review, or an invitation was answered or comes due")
    INTERESTS = "interests", _("My declaration of interests is to be renewed")
    TERM = "term", _("The editors decided on a term that I proposed for the glossary")


class When(models.TextChoices):
    """When a piece of news goes out by e-mail."""

    AT_ONCE = "at-once", _("at once")
    DAILY = "daily", _("in a digest, once a day")
    NEVER = "never", _("not by e-mail")


class NotificationQuerySet(models.QuerySet["Notification"]):
    def shown(self) -> NotificationQuerySet:
        """What stands on the person's page of news."""
        return self.filter(in_desk=True)

    def unread(self) -> NotificationQuerySet:
        """What stands there and was not opened yet."""
        return self.shown().filter(read_at=None)


class Notification(models.Model):
    """One piece of news to one person. `about` says of what it tells: the same is told to a person once."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="news")
    kind = models.CharField(max_length=20, help_text="One of Kind.")
    about = models.CharField(max_length=100)
    sentence = models.CharField(max_length=600)
    address = models.CharField(max_length=300, help_text="The path of the page where something can be done.")
    at = models.DateTimeField(default=timezone.now)
    in_desk = models.BooleanField(default=True)
    read_at = models.DateTimeField(null=True, blank=True)
    by_mail = models.CharField(max_length=8, choices=When.choices)
    digested_at = models.DateTimeField(null=True, blank=True, help_text="When it went into a digest.")

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "about"], name="notification_once"),
            models.CheckConstraint(
                name="notification_digested_only_if_daily", condition=Q(digested_at=None) | Q(by_mail="daily")
            ),
        ]
        indexes = [
            # A person's page of news, newest first.
            models.Index(fields=["person", "-at"], name="notification_newest"),
            # The number in the head of every page of the desk.
            models.Index(fields=["person"], name="notification_unread", condition=Q(in_desk=True, read_at=None)),
            # The sweep asks what the next digests hold.
            models.Index(
                fields=["person", "at"],
                name="notification_to_digest",
                condition=Q(by_mail="daily", digested_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.sentence


class NewsChoice(models.Model):
    """How a person wants to be told news of one kind. Without a row: in the desk, and by e-mail at once."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="news_choices")
    kind = models.CharField(max_length=20, help_text="One of Kind.")
    in_desk = models.BooleanField(default=True)
    by_mail = models.CharField(max_length=8, choices=When.choices, default=When.AT_ONCE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="news_choice_once_each"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.kind}"
