"""Related answers: for each live answer the others near it, by shared topics and by what search finds for its question.

They are kept in rows of their own, so that composing a page asks one query, and a public request none. An answer that
changed is marked; the sweep looks at it, at those near it and at those that name it, and has the pages composed again
on which something differs. A page names live answers alone, whatever the rows say: see `of_page`.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Count

from articles.models import Article, Publication, Related
from articles.search.finding import ranked
from articles.search.reading import read
from articles.search.words import FILLERS, KIN, SMALL, stem, words_of

SHOWN = 5
OF_WORDS, OF_TOPICS = 1.0, 0.35
"""What it counts that all words of the question lead to the other, and that it shares all topics."""
NEAR = 0.17
"""From so much on an answer is related."""
LEAST_OF_SUBJECT = 0.33
"""Of the words that a question is about another has so many in its own, unless they share a topic."""
_ASKING = """
    treatment symptom cause inherit diagnose outlook prevent common risk complication affect help know
"""
ASKING = frozenset(one for word in _ASKING.split() for one in (stem(word), *KIN.get(stem(word), ())))
"""Stems that say what is asked and not of what: sharing them relates nothing."""
MATES = 60
"""So many answers of the same topics are looked at, those that share most of them and the newest first."""


def of_page(publication: Publication) -> tuple[dict[str, Any], ...]:
    """What a page says of the related answers, none that was withdrawn or retracted, as plain data. One query."""
    rows = Publication.objects.offered().filter(named_by__publication=publication).order_by("named_by__place")
    return tuple(
        {"slug": slug, "question": question, "plain_question": plain, "state": statement["state"]}
        for slug, question, plain, statement in rows.values_list("slug", "question", "plain_question", "statement")
    )


def near(publication: Publication) -> list[int]:
    """The related answers of this one by their numbers, the nearest first; none for one that is not offered itself."""
    if not Publication.objects.offered().filter(pk=publication.pk).exists():
        return []
    words = words_of(f"{publication.question} {publication.plain_question}")
    telling = [word for word in words if stem(word) not in ASKING]
    asked = read(" ".join(telling))
    scores = {one.pk: one.score for one in ranked(asked)}
    whole = scores.pop(publication.pk, 0.0) or max(scores.values(), default=1.0)
    nearness = {pk: OF_WORDS * min(score / whole, 1.0) for pk, score in scores.items()}
    together = set[int]()
    topics = list(publication.topics.values_list("pk", flat=True))
    if topics:
        mates = Publication.objects.offered().filter(topics__in=topics).exclude(pk=publication.pk)
        shared = mates.annotate(shared=Count("topics")).order_by("-shared", "-published_at", "-pk")
        for pk, count in shared.values_list("pk", "shared")[:MATES]:
            together.add(pk)
            nearness[pk] = nearness.get(pk, 0.0) + OF_TOPICS * count / len(topics)
    best = sorted((pk for pk, much in nearness.items() if much >= NEAR), key=lambda pk: (-nearness[pk], -pk))
    rows = Publication.objects.offered().filter(pk__in=best).order_by()
    questions = {pk: f"{one} {other}" for pk, one, other in rows.values_list("pk", "question", "plain_question")}
    subject = _subject(telling)
    least = LEAST_OF_SUBJECT * len(subject)
    kept = (
        pk
        for pk in best
        if pk in questions and (pk in together or len(subject & _subject(words_of(questions[pk]))) >= least)
    )
    return list(islice(kept, SHOWN))


def _subject(words: Iterable[str]) -> set[str]:
    """The stems of what a question is about."""
    stems = {stem(word) for word in words if word not in SMALL and word not in FILLERS}
    return stems - ASKING


def relate_due(*, limit: int = 50) -> int:
    """Relate the answers that changed, and those around them, each with its neighbours in one transaction.

    Twice does one thing. Returns how many changed answers were done.
    """
    due = list(Publication.objects.filter(related_due=True).order_by("pk").values_list("pk", flat=True)[:limit])
    for pk in due:
        _relate(pk)
    return len(due)


def _relate(pk: int) -> None:
    """Write the related answers of this one, of those near it and of those that name it.

    They are looked for before the transaction. Whatever changes meanwhile is due on its own account.
    """
    naming = set(Related.objects.filter(other=pk).values_list("publication", flat=True))
    changed = Publication.objects.get(pk=pk)
    found = {pk: near(changed)}
    around = Publication.objects.in_bulk(naming | set(found[pk]))
    found |= {other: near(row) for other, row in around.items()}
    with transaction.atomic():
        articles = [changed.article_id, *(row.article_id for row in around.values())]
        # All that change at once are locked in one order, as whoever composes or publishes one of them locks it first.
        list(Article.objects.select_for_update().filter(pk__in=articles).order_by("pk"))
        now = Publication.objects.get(pk=pk)
        if not now.related_due or _what_counts(now) != _what_counts(changed):
            return
        # Who names it shows its question, its state and its address: those may be what changed.
        due = {one for one, others in found.items() if _write(one, others)} | naming
        Publication.objects.filter(pk__in=due).update(pages_due=True)
        Publication.objects.filter(pk=pk).update(related_due=False)


def _what_counts(row: Publication) -> tuple[Any, ...]:
    """By what an answer that changed while others were looked for is told: it stays due."""
    return row.edition_id, row.standing, row.is_retracted, row.slug


def _write(pk: int, others: list[int]) -> bool:
    """Keep these as the related answers of one; True where they differ from what was kept."""
    if list(Related.objects.filter(publication=pk).order_by("place").values_list("other", flat=True)) == others:
        return False
    Related.objects.filter(publication=pk).delete()
    Related.objects.bulk_create(
        Related(publication_id=pk, other_id=other, place=place) for place, other in enumerate(others)
    )
    return True
