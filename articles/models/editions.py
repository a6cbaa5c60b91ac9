"""Editions: frozen, numbered copies of an article. Inserted, never changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from articles.models.drafting import Article


class Edition(models.Model):
    """A frozen copy. `source` and `frozen` are the very bytes that are hashed: see `articles/editions.py`.

    The other columns repeat what stands in `frozen`, for queries, and are compared with it by `verify_record`.
    Triggers refuse UPDATE and DELETE.
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    article_version = models.PositiveIntegerField()
    question = models.CharField(max_length=300)
    source = models.BinaryField()
    frozen = models.BinaryField()
    source_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="editions_made")

    class Meta:
        ordering = ["article", "number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="edition_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.question} (edition {self.number})"
