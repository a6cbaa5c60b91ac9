"""Writing the index: it follows each publication in the same transaction, and forgets an answer with it.

Nothing that two publications share is locked or changed but the list of words, which only grows here: so they don't
wait for each other.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import TypeVar

from celery import shared_task
from django.db import connection, transaction

from articles import editions
from articles.editions import Frozen
from articles.models import (
    Article,
    Publication,
    SearchCount,
    SearchEntry,
    SearchForm,
    SearchNeighbour,
    SearchPosting,
    Standing,
)
from articles.search.blocks import passages_of
from articles.search.spelling import SHORTEST, ends, keys
from articles.search.weighing import SUMMARY, TEXT, TITLE, TOPICS, impacts
from articles.search.words import SMALL, number_of_word, words_of

INDEXER = 1
"""Raised when entries have to be written anew: the sweep does it."""
AT_ONCE = 500
"""Values that one statement asks for."""

T = TypeVar("T")
log = logging.getLogger(__name__)


def follow(publication: Publication, frozen: Frozen) -> None:
    """Bring the index in step with the publication, inside the caller's transaction."""
    if publication.standing not in {Standing.LIVE, Standing.CAUTION}:
        SearchEntry.objects.filter(pk=publication.pk).delete()
        _write(publication.pk, {}, [])
        return
    entry = entry_of(publication, frozen)
    columns = [field.name for field in SearchEntry._meta.fields if not field.primary_key]
    SearchEntry.objects.bulk_create(
        [entry], update_conflicts=True, unique_fields=["publication"], update_fields=columns
    )
    fields = fields_of(entry)
    _write(publication.pk, impacts(fields), [word for words in fields.values() for word in words])


def entry_of(publication: Publication, frozen: Frozen) -> SearchEntry:
    """The entry of a listed answer, made of its live edition alone."""
    source = frozen.source
    texts = dict.fromkeys(text["plain"] for text in frozen.frozen["texts"])
    lines = [
        source["bottom_line"]["heading"],
        publication.summary,
        source["plain_bottom_line"]["heading"],
        publication.plain_summary,
    ]
    entry = SearchEntry(
        publication=publication,
        title="\n".join(filter(None, dict.fromkeys([source["question"], source["plain_question"]]))),
        summary="\n".join(filter(None, lines)),
        text="\n".join(texts),
        words="\n".join([*source["topics"], *source["keywords"]]),
        kind=source.get("kind", ""),
        passages=passages_of(frozen),
        indexer=INDEXER,
    )
    fields = fields_of(entry)
    # Between fields stands a sign that no phrase holds.
    entry.folded = " | ".join(["", *(" ".join(words) for words in fields.values()), ""])
    return entry


def fields_of(entry: SearchEntry) -> dict[str, list[str]]:
    """The folded words of an entry by the fields that are weighed."""
    return {
        TITLE: words_of(entry.title),
        SUMMARY: words_of(entry.summary),
        TOPICS: words_of(entry.words),
        TEXT: words_of(entry.text),
    }


def _write(pk: int, now: dict[int, int], words: Sequence[str]) -> None:
    before = dict(SearchPosting.objects.filter(publication=pk).values_list("word", "impact"))
    gone = [word for word, impact in before.items() if now.get(word) != impact]
    for some in _portions(gone):
        SearchPosting.objects.filter(publication=pk, word__in=some).delete()
    SearchPosting.objects.bulk_create(
        (
            SearchPosting(publication_id=pk, word=word, impact=impact)
            for word, impact in sorted(now.items())
            if before.get(word) != impact
        ),
        batch_size=2000,
    )
    if words:
        learn(words)
    unlearn(word for word in gone if word not in now)


def learn(words: Iterable[str]) -> None:
    """Take new words into the list by which misspelt ones are put right."""
    wanted = {word for word in words if len(word) >= 2 and word not in SMALL and not word.isdigit()}
    for some in _portions(sorted(wanted)):
        wanted.difference_update(SearchForm.objects.filter(pk__in=some).values_list("pk", flat=True))
    # In one order, so that two publications with the same new words wait for each other and never block.
    new = sorted(wanted)
    if not new:
        return
    SearchForm.objects.bulk_create(
        (SearchForm(form=word, word=number_of_word(word)) for word in new), ignore_conflicts=True, batch_size=2000
    )
    SearchNeighbour.objects.bulk_create(
        (
            SearchNeighbour(key=key, form=word)
            for word in new
            if can_be_meant(word)
            for key in sorted(keys(word) | ends(word))
        ),
        ignore_conflicts=True,
        batch_size=2000,
    )


def can_be_meant(word: str) -> bool:
    """Whether a misspelling may lead to this word."""
    return len(word) >= SHORTEST and word.isalpha()


def unlearn(numbers: Iterable[int]) -> None:
    """Forget the words, by the numbers of their stems, that no listed answer has any more."""
    for some in _portions(list(numbers)):
        kept = SearchPosting.objects.filter(word__in=some).values_list("word", flat=True).distinct()
        lost = sorted(set(some) - set(kept))
        forms = list(SearchForm.objects.filter(word__in=lost).order_by("pk").values_list("pk", flat=True))
        if forms:
            SearchNeighbour.objects.filter(form__in=forms).delete()
            SearchForm.objects.filter(pk__in=forms).delete()


def catch_up(*, limit: int = 100) -> int:
    """Write the entries that an older indexer wrote, each under its article's lock. Returns how many were looked at."""
    due = list(SearchEntry.objects.filter(indexer__lt=INDEXER).order_by("pk").values_list("pk", flat=True)[:limit])
    for pk in due:
        with transaction.atomic():
            article = Publication.objects.values_list("article", flat=True).get(pk=pk)
            Article.objects.select_for_update().get(pk=article)
            publication = Publication.objects.select_related("edition").get(pk=pk)
            try:
                follow(publication, editions.read(publication.edition))
            except editions.Altered:
                log.exception("The search entry of article %s was not written anew.", article)
                # It stays as it is, and is not asked about every twenty seconds.
                SearchEntry.objects.filter(pk=pk).update(indexer=INDEXER)
    return len(due)


def write_anew() -> int:
    """Write the entries of all answers anew, each under its article's lock, and count. Returns how many are listed.

    For an index that is out of step, which no write of ours makes: a restored table, say.
    """
    for pk in Publication.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            Article.objects.select_for_update().get(publication=pk)
            publication = Publication.objects.select_related("edition").get(pk=pk)
            follow(publication, editions.read(publication.edition))
    recount()
    return SearchEntry.objects.count()


@shared_task
def recount() -> None:
    """Count in how many answers each word stands. Between two counts a search counts what is new itself."""
    postings = connection.ops.quote_name(SearchPosting._meta.db_table)
    counts = connection.ops.quote_name(SearchCount._meta.db_table)
    with transaction.atomic(), connection.cursor() as cursor:
        # Counts of words that became rarer go first; two recounts at once write the same rows.
        cursor.execute(f"DELETE FROM {counts}")  # noqa: S608 - our own names
        cursor.execute(
            f"INSERT INTO {counts} (word, answers) "  # noqa: S608
            f"SELECT word, count(*) FROM {postings} GROUP BY word HAVING count(*) >= %s "
            "UNION ALL SELECT 0, (SELECT count(*) FROM articles_searchentry) "
            "ON CONFLICT (word) DO UPDATE SET answers = excluded.answers",
            [COUNTED_FROM],
        )


COUNTED_FROM = 500
"""Words of fewer answers are counted by each search: that is quick."""


def _portions(values: Sequence[T]) -> Iterable[Sequence[T]]:
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]
