"""The search index: for each listed answer its passages and its words, and the words of all with their misspellings.

All of it is derived, by `articles/search/index.py` alone, from live editions, and can be made again at any time.
"""

from __future__ import annotations

from django.db import models

from articles.models.public import Publication


class SearchEntry(models.Model):
    """What search shows and looks through for one listed answer.

    `passages` is {"of": {audience: number of a text}, "all": [...]}: see `articles/search/blocks.py`.
    """

    publication = models.OneToOneField(
        Publication, on_delete=models.CASCADE, related_name="search_entry", primary_key=True
    )
    title = models.TextField()
    summary = models.TextField()
    text = models.TextField()
    words = models.TextField(help_text="Topics and keywords")
    kind = models.CharField(max_length=60, blank=True, help_text="The slug of the kind of answer, where it has one.")
    passages = models.JSONField(default=dict)
    folded = models.TextField(default="", help_text="All its words in order, folded, between spaces: for phrases.")
    indexer = models.PositiveSmallIntegerField(default=0, help_text="By which version of the index it was written.")

    class Meta:
        indexes = [
            # The sweep asks which entries an older indexer wrote.
            models.Index(fields=["indexer"], name="search_entry_indexer"),
        ]

    def __str__(self) -> str:
        return self.title


class SearchPosting(models.Model):
    """That an answer has a word, and how much the word says of it.

    `word` is the number of a stem, so that neither an insertion nor a search has to look a word up first. `impact` is
    what BM25F makes of the frequencies in all fields, in thousandths: see `articles/search/weighing.py`. The key's
    index holds all three in the order in which they are read: one word's answers, those it says most of first.
    """

    pk = models.CompositePrimaryKey("word", "impact", "publication_id")
    word = models.BigIntegerField()
    impact = models.SmallIntegerField()
    publication = models.ForeignKey(
        Publication, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        indexes = [
            # The words of answers that are candidates, and all words of one that leaves.
            models.Index(fields=["publication", "word", "impact"], name="search_posting_by_answer"),
        ]

    def __str__(self) -> str:
        return f"{self.word} in {self.publication_id}: {self.impact}"


class SearchCount(models.Model):
    """How many answers have a word, counted now and then. Number 0 counts the answers."""

    word = models.BigIntegerField(primary_key=True)
    answers = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.word}: {self.answers}"


class SearchForm(models.Model):
    """A word as answers have it, folded, with the number of its stem."""

    form = models.CharField(max_length=40, primary_key=True)
    word = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return self.form


class SearchNeighbour(models.Model):
    """One of the keys by which a misspelling leads to a word: see `articles/search/spelling.py`."""

    pk = models.CompositePrimaryKey("key", "form")
    key = models.CharField(max_length=40)
    form = models.CharField(max_length=40, db_index=True)

    def __str__(self) -> str:
        return f"{self.key}: {self.form}"
