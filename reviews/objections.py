"""Safety objections: which are open. One stays open over later editions until it is settled, which a transition tells:
its member withdrew it, or the chief editor decided on it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet

from reviews.models import Verdict


def open_ones() -> QuerySet[Verdict]:
    """Every safety objection that nothing settled yet, the oldest first."""
    return Verdict.objects.filter(kind=Verdict.Kind.SAFETY_OBJECTION).that_stand().order_by("at", "pk")


def of_articles(articles: Iterable[int]) -> dict[int, tuple[tuple[int, int], ...]]:
    """The open objections by article: each by its key and its member's. One query."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    rows = open_ones().filter(edition__article__in=set(articles))
    for article, pk, member in rows.values_list("edition__article", "pk", "member"):
        found[article].append((pk, member))
    return {article: tuple(pairs) for article, pairs in found.items()}
