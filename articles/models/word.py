"""Word documents that were read and wait for their author's word, or have become a draft."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from articles.models.drafting import Article


class WordDocument(models.Model):
    """What was read of one .docx (see `articles.word.taking`), kept until its draft is made or it is dropped.

    The file itself is not kept: it may hold what its author never meant to hand over, such as tracked deletions.
    """

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="word_documents")
    name = models.CharField(max_length=200)
    document = models.JSONField()
    article = models.OneToOneField(
        Article, on_delete=models.PROTECT, null=True, blank=True, related_name="word_document"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            # The sweep asks for those that were left lying.
            models.Index(fields=["at"], name="word_document_by_age"),
        ]

    def __str__(self) -> str:
        return self.name
