"""Near-duplicates: answers to nearly the same question, found by the words that questions share.

Never all with all: two questions that share a large part of their words share at least one of the few rarest of them
(prefix filtering: Chaudhuri, Ganti, Kaushik, A primitive operator for similarity joins, ICDE 2006). So only articles
with one of these words are looked at, by one index; and rare words count for more than common ones.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count
from django.urls import reverse

from articles.models import Article, Publication, QuestionWord
from references.folding import ascii_words

LEAST = 0.7
"""How much of their words, weighed, two questions share at least."""
COMMON = 500
"""A word of so many questions or more leads to none: it says too little, and would cost too much."""
MOST_WORDS = 40
MOST_LOOKED_AT = 2_000
SHOWN = 3
_SMALL_WORDS = """
    a an the and or of in on at to for with without by from as is are was were be been being do does did can could
    may might should would will shall has have had what which who whom whose when where why how there it its this
    that these those i my me we our you your they their he she his her not no any some if than then into about
    between versus vs during after before people person patient patients
"""
_SMALL = frozenset(_SMALL_WORDS.split())


@dataclass(frozen=True)
class Alike:
    """An article whose question shares most of its words. `url` is its public address; empty for a draft."""

    article: int
    question: str
    url: str


def words_of(question: str) -> frozenset[str]:
    """The words by which a question is compared: folded, without small words and endings."""
    found = (_stem(word) for word in ascii_words(question) if word not in _SMALL)
    return frozenset(list(dict.fromkeys(word[:40] for word in found))[:MOST_WORDS])


def note(article: Article) -> None:
    """Bring the words of a saved article's question in step with it. To be called in the transaction of the save."""
    here = QuestionWord.objects.filter(article=article)
    wanted, noted = words_of(article.question), set(here.values_list("word", flat=True))
    if gone := noted - wanted:
        here.filter(word__in=gone).delete()
    QuestionWord.objects.bulk_create(QuestionWord(article=article, word=word) for word in sorted(wanted - noted))


def find(article: Article, *, drafts_of: int | None = None) -> tuple[Alike, ...]:
    """Public answers, and drafts that the person `drafts_of` owns, to nearly the question of this article; best first.

    Three queries at most, and none where the question has fewer than two words to compare. A question of common words
    alone (see COMMON) finds nothing.
    """
    mine = words_of(article.question)
    if len(mine) < 2:
        return ()
    counts = _counts(mine)
    ranked = sorted(mine, key=lambda word: (counts[word], word))
    rarest = [word for word in ranked[: len(mine) - math.ceil(LEAST * len(mine)) + 1] if counts[word] < COMMON]
    if not any(counts[word] for word in rarest):
        return ()
    rows = QuestionWord.objects.filter(word__in=rarest).exclude(article=article.pk).order_by()
    near = list(rows.values_list("article", flat=True).distinct()[:MOST_LOOKED_AT])
    sharing = QuestionWord.objects.filter(article__in=near, word__in=mine).order_by()
    most = sharing.values("article").annotate(shared=Count("pk")).order_by("-shared", "article")
    # Where rare words weigh more, fewer of them may be enough.
    best = [row["article"] for row in most.filter(shared__gte=max(2, len(mine) // 2))[:50]]
    return _of(best, mine, counts, drafts_of)


def _of(pks: Iterable[int], mine: Collection[str], counts: dict[str, int], drafts_of: int | None) -> tuple[Alike, ...]:
    if not pks:
        return ()
    public = {row.article_id: row for row in Publication.objects.listed().filter(article__in=pks)}
    rows = Article.objects.filter(pk__in=pks).order_by().values_list("pk", "question", "owner")
    found = []
    for pk, question, owner in rows:
        if pk in public or (drafts_of is not None and owner == drafts_of):
            likeness = _likeness(mine, words_of(question), counts)
            if likeness >= LEAST:
                url = reverse("readers:answer", args=[public[pk].slug]) if pk in public else ""
                found.append((-likeness, pk, Alike(pk, question, url)))
    return tuple(one for _likeness, _pk, one in sorted(found, key=lambda each: each[:2])[:SHOWN])


def _likeness(mine: Collection[str], theirs: Collection[str], counts: dict[str, int]) -> float:
    """The shared part of the words of two questions, each weighed by how few questions have it."""
    weights = {word: math.log(2 * COMMON / (1 + counts[word])) for word in mine}
    usual = sorted(weights.values())[len(weights) // 2]
    shared = sum(weights[word] for word in mine if word in set(theirs))
    return shared / (sum(weights.values()) + usual * len(set(theirs) - set(mine)))


def _counts(words: Iterable[str]) -> dict[str, int]:
    """How many questions have each word, counted up to COMMON. One query."""
    wanted = sorted(words)
    table = connection.ops.quote_name(QuestionWord._meta.db_table)
    one = f"SELECT %s AS word, (SELECT count(*) FROM (SELECT 1 FROM {table} WHERE word = %s LIMIT {COMMON}) AS found)"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([one] * len(wanted)), [word for each in wanted for word in (each, each)])
        return dict(cursor.fetchall())


def _stem(word: str) -> str:
    """The word without the ending of a plural: enough for questions."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and re.search(r"(?:s|x|z|ch|sh)es$", word):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
