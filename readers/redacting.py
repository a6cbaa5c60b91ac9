"""Taking a patient's words out of what readers sent about an article, along with all that is kept of it."""

from __future__ import annotations

from django.db.models import Q

from articles.redacting import Passages, out_of_rows
from readers.models import Feedback, FollowUpQuestion


def out_of_what_was_sent(article: int, words: Passages) -> None:
    """Take the passages out of the reports on an article, and of the questions asked under it or answered by it."""
    out_of_rows(Feedback.objects.filter(article=article), ("passage", "text", "note"), words)
    about = Q(article=article) | Q(draft=article) | Q(answered_by=article)
    asked = FollowUpQuestion.objects.filter(about)
    asked |= FollowUpQuestion.objects.filter(duplicate_of__in=asked.values("pk"))
    out_of_rows(asked, ("text", "asked_back", "reply", "note"), words)
