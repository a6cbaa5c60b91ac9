"""What readers send us: follow-up questions."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article


class FollowUpQuestion(models.Model):
    """A reader's question, asked under an answer or from the home page, waiting for an editor."""

    class State(models.TextChoices):
        NEW = "new", _("new")
        SEEN = "seen", _("seen")
        CLOSED = "closed", _("closed")

    article = models.ForeignKey(
        Article, on_delete=models.PROTECT, null=True, blank=True, related_name="follow_up_questions"
    )
    edition_number = models.PositiveIntegerField(null=True, blank=True)
    audience = models.CharField(max_length=12, blank=True)
    text = models.TextField(_("your question"), max_length=2000)
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [
            # The desk's inbox: new ones first.
            models.Index(fields=["state", "-asked_at"], name="question_inbox"),
        ]

    def __str__(self) -> str:
        return self.text[:80]
