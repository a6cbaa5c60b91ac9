"""Answers in lists, search and feeds: what one line says of an answer, in the reader's register."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count, DateTimeField, F, Max, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse

from articles import topics
from articles.models import Notice, Publication, Standing, Topic
from articles.models.public import PublicationQuerySet
from articles.notices import GRAVEST_FIRST
from articles.sentences import first_sentences
from articles.topics import Tree
from readers.frame import Reader

COUNTED_AT_ONCE = 200
"""Topics whose answers one query counts."""

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Changed(TypedDict):
        changed_at: datetime.datetime

    Changing = WithAnnotations[Publication, Changed]


@dataclass(frozen=True)
class Line:
    """One answer in a list. `notices` holds each kind of notice once, the gravest first."""

    url: str
    question: str
    summary: str
    state: str
    is_caution: bool
    is_retracted: bool
    is_overdue: bool
    is_sample: bool
    published_on: datetime.date
    reviewed_on: datetime.date | None
    notices: tuple[str, ...]


def lines(publications: Iterable[Publication], reader: Reader) -> list[Line]:
    """The lines of these answers in their order. One query, for all notices together."""
    rows = list(publications)
    kinds: dict[int, set[str]] = defaultdict(set)
    if rows:
        noticed = Notice.objects.filter(article__in=[row.article_id for row in rows]).order_by()
        for article_id, kind in noticed.values_list("article", "kind").distinct():
            kinds[article_id].add(kind)
    return [
        Line(
            url=reverse("readers:answer", args=[row.slug]) + reader.carry,
            question=question_of(row, reader),
            # What was retracted is named with its mark, and its bottom line is left to the page that warns of it.
            summary="" if row.is_retracted else first_sentences(summary_of(row, reader)),
            state="retracted" if row.is_retracted else row.statement["state"],
            is_caution=row.standing == Standing.CAUTION,
            is_retracted=row.is_retracted,
            is_overdue=row.is_overdue,
            is_sample=row.is_sample,
            published_on=row.published_at.date(),
            reviewed_on=row.reviewed_at.date() if row.reviewed_at else None,
            notices=tuple(str(kind.label) for kind in GRAVEST_FIRST if kind in kinds[row.article_id]),
        )
        for row in rows
    ]


def question_of(publication: Publication, reader: Reader) -> str:
    """The question in the reader's register, where there are plain words for it."""
    return (reader.is_plain and publication.plain_question) or publication.question


def mark_of(publication: Publication) -> str:
    """The state that goes with the name of an answer wherever it is not to be relied on: empty for all others."""
    if publication.standing == Standing.WITHDRAWN:
        return "withdrawn"
    return "retracted" if publication.is_retracted else ""


def summary_of(publication: Publication, reader: Reader) -> str:
    """The bottom line in the reader's register, where there are plain words for it."""
    return (reader.is_plain and publication.plain_summary) or publication.summary


def with_change(publications: PublicationQuerySet) -> QuerySet[Changing]:
    """The answers with `changed_at`: when readers last saw another page (an edition, an approval or a notice)."""
    return publications.annotate(
        changed_at=Greatest(
            "published_at",
            Coalesce("reviewed_at", "published_at"),
            Coalesce(Max("article__notices__at"), "published_at"),
            output_field=DateTimeField(),
        )
    )


@dataclass(frozen=True)
class Node:
    """A topic with the number of answers under it and under all below it, and the topics directly under it."""

    topic: Topic
    answers: int
    children: tuple[Node, ...]


def nodes(publications: PublicationQuerySet, whole: Tree, above: int | None = None) -> tuple[Node, ...]:
    """The topics under one, or at the top, down to the lowest; those without one of these answers are left out.

    A topic that only drafts have is not among them: its name may tell what is being written. One query counts for
    all, and one more for those that others stand under, where an answer with two of these counts once.
    """
    wanted = [one.pk for one, _depth in topics.in_order(whole, above=above)]
    listed = publications.order_by()
    placed = Publication.topics.through.objects.filter(publication__in=listed, topic__in=wanted).order_by()
    counts: dict[int, int] = dict(placed.values_list("topic").annotate(answers=Count("pk")))
    parents = [pk for pk in wanted if whole.children.get(pk)]
    for start in range(0, len(parents), COUNTED_AT_ONCE):
        found = listed.aggregate(
            **{
                str(pk): Count("pk", filter=Q(topics__in=whole.below(pk)), distinct=True)
                for pk in parents[start : start + COUNTED_AT_ONCE]
            }
        )
        counts |= {int(pk): answers for pk, answers in found.items()}

    def under(pk: int | None) -> tuple[Node, ...]:
        return tuple(
            Node(one, counts[one.pk], under(one.pk)) for one in whole.children.get(pk, ()) if counts.get(one.pk)
        )

    return under(above)


def with_new_text(publications: PublicationQuerySet) -> PublicationQuerySet:
    """The answers that a later edition changed since they were first public, the latest first."""
    return publications.filter(published_at__gt=F("first_published_at")).order_by("-published_at", "-pk")


def topics_in_use(publications: PublicationQuerySet, *, largest_first: bool = False) -> QuerySet[Topic]:
    """Topics under which one of these answers stands, with their number as `answers`, by name or the largest first.

    A topic that only drafts have is not among them: its name may tell what is being written.
    """
    return (
        Topic.objects.filter(publications__in=publications)
        .annotate(answers=Count("publications"))
        .order_by(*(["-answers"] if largest_first else []), "name")
    )
