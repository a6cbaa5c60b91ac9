"""What readers send us: follow-up questions, what they say of an answer, and what became of each."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Thread
from readers.masking import masked


def last_day() -> datetime.date:
    """The last day on which personal details of what is asked today are kept."""
    return timezone.localdate() + datetime.timedelta(days=settings.QUESTION_DAYS)


class FollowUpQuestion(models.Model):
    """A reader's question, asked under an answer or from the home page. `readers.triage` alone changes it.

    `text`, `reply` and `email` are the asker's own and go when `expires_on` is past or the asker wishes; `triaged_by`
    is the editor who reads them in full. Everybody else reads them masked (`readers.masking`).
    """

    class State(models.TextChoices):
        NEW = "new", _("new")
        ASKED_BACK = "asked-back", _("asked back")
        DRAFT = "draft", _("being answered")
        ANSWERED = "answered", _("answered")
        DUPLICATE = "duplicate", _("asked before")
        OUT_OF_SCOPE = "out-of-scope", _("out of scope")
        CLOSED = "closed", _("closed")

    class Erased(models.TextChoices):
        EXPIRED = "expired", _("its date had come")
        WISH = "wish", _("the reader wished so")

    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, null=True, blank=True, related_name="follow_up_questions"
    )
    edition_number = models.PositiveIntegerField(null=True, blank=True)
    audience = models.CharField(max_length=12, blank=True)
    text = models.TextField(_("your question"), max_length=2000, blank=True)
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.NEW)
    asked_at = models.DateTimeField(default=timezone.now)
    triaged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="questions_triaged"
    )
    asked_back = models.TextField(blank=True, help_text="What the editor asked the reader.")
    reply = models.TextField(blank=True, help_text="What the reader answered to that.")
    draft = models.ForeignKey(
        Article, on_delete=models.PROTECT, null=True, blank=True, related_name="questions_drafted"
    )
    answered_by = models.ForeignKey(
        Article, on_delete=models.PROTECT, null=True, blank=True, related_name="questions_answered"
    )
    duplicate_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="duplicates")
    note = models.TextField(blank=True, help_text="Why, for the desk.")
    told_at = models.DateTimeField(null=True, blank=True, help_text="When the reader was told of the answer, once.")
    expires_on = models.DateField(default=last_day, help_text="The last day on which personal details are kept.")
    sent_once = models.CharField(
        max_length=64,
        null=True,
        blank=True,
        unique=True,
        help_text="A keyed digest of what was sent and from where, while sending it again makes no other row.",
    )
    erased_at = models.DateTimeField(null=True, blank=True)
    erased_why = models.CharField(max_length=8, blank=True, choices=Erased.choices)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [
            # The desk's inbox: new ones first.
            models.Index(fields=["state", "-asked_at"], name="question_inbox"),
            # The sweep asks for those whose date has come.
            models.Index(fields=["expires_on"], name="question_to_erase", condition=Q(erased_at=None)),
            # The sweep asks for those whose asker waits for an answer.
            models.Index(fields=["draft"], name="question_to_tell", condition=Q(state="draft")),
        ]
        constraints = [
            models.CheckConstraint(
                name="question_state_has_its_row",
                condition=(~Q(state="draft") | Q(draft__isnull=False))
                & (~Q(state="answered") | Q(answered_by__isnull=False))
                & (~Q(state="duplicate") | Q(duplicate_of__isnull=False)),
            ),
            models.CheckConstraint(
                name="question_erased_keeps_no_address", condition=Q(erased_at=None) | (Q(email="") & ~Q(erased_why=""))
            ),
        ]

    def __str__(self) -> str:
        return f"Question {self.pk}"

    @property
    def masked_text(self) -> str:
        """The question without what could name its asker, for everyone but the editor who has it in hand."""
        return masked(self.text)


class Feedback(models.Model):
    """What a reader says of an answer: that it helped or not, or holds a mistake. `readers.hearing` alone changes it.

    `text` and `passage` are the reader's own, with the rules of a question: masked for all but the editor who has it in
    hand, and gone when `expires_on` is past or the reader wishes.
    """

    class Kind(models.TextChoices):
        MISTAKE = "mistake", _("a mistake")
        HELPED = "helped", _("helped")
        DID_NOT = "did-not-help", _("did not help")

    class State(models.TextChoices):
        COUNTED = "counted", _("counted")
        NEW = "new", _("new")
        TAKEN_UP = "taken-up", _("in hand")
        PASSED_ON = "passed-on", _("passed on to the author")
        DISMISSED = "dismissed", _("dismissed")

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="feedback")
    edition_number = models.PositiveIntegerField()
    audience = models.CharField(max_length=12, blank=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    passage = models.TextField(blank=True, help_text="The words of the answer that a mistake is in.")
    text = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=State.choices)
    sent_at = models.DateTimeField(default=timezone.now)
    triaged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="feedback_triaged"
    )
    thread = models.ForeignKey(
        Thread,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="To which it was passed on.",
    )
    note = models.TextField(blank=True, help_text="Why it was dismissed, for the desk.")
    expires_on = models.DateField(default=last_day, help_text="The last day on which the words are kept whole.")
    sent_once = models.CharField(
        max_length=64,
        null=True,
        blank=True,
        unique=True,
        help_text="A keyed digest of what was said of what and from where, while saying it again makes no other row.",
    )
    erased_at = models.DateTimeField(null=True, blank=True)
    erased_why = models.CharField(max_length=8, blank=True, choices=FollowUpQuestion.Erased.choices)

    class Meta:
        ordering = ["-sent_at", "-pk"]
        indexes = [
            # The desk's inbox: new ones first.
            models.Index(fields=["state", "-sent_at"], name="feedback_inbox"),
            # Counts by answer.
            models.Index(fields=["article", "kind"], name="feedback_of_answer"),
            # The sweep asks for those whose date has come.
            models.Index(fields=["expires_on"], name="feedback_to_erase", condition=Q(erased_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                name="feedback_mistake_is_no_count", condition=~Q(kind="mistake") | ~Q(state="counted")
            ),
            models.CheckConstraint(
                name="feedback_erased_says_why", condition=Q(erased_at=None, erased_why="") | ~Q(erased_why="")
            ),
        ]

    def __str__(self) -> str:
        return f"Feedback {self.pk}"

    @property
    def masked_text(self) -> str:
        """The words without what could name their writer, for everyone but the editor who has them in hand."""
        return masked(self.text)
