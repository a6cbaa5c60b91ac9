"""Which words the questions share: the index by which a near-duplicate is found."""

from __future__ import annotations

from django.db import models

from articles.models.drafting import Article


class QuestionWord(models.Model):
    """That the question of an article has this word, folded, without its ending. Derived, by `drafting.save`."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="question_words")
    word = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "word"], name="question_word_once")]
        indexes = [
            # Which articles have a word, answered by the index alone.
            models.Index(fields=["word", "article"], name="question_by_word"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.word}"
