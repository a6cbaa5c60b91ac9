"""Lists of answers, topics and notices, each page of them from its cursor on."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from articles.models import Notice, Publication, Standing
from articles.notices import of_page
from articles.topics import slug_and_below, tree
from readers.api import forms
from readers.api.cursors import cursor, cut, next_address, place
from readers.frame import Reader
from readers.listing import every_node, nodes, summary_of, with_change

APPROVED, CAUTION, RETRACTED = "approved", "caution", "retracted"


def answers(
    request: HttpRequest,
    reader: Reader,
    *,
    limit: int,
    after: str,
    topic: str = "",
    state: str = "",
    changed_since: datetime.datetime | None = None,
) -> dict[str, Any]:
    """The shape `AnswerList`: listed answers in the order of their making, so that a new one comes last."""
    listed = Publication.objects.listed()
    if topic:
        listed = listed.filter(pk__in=Publication.objects.filter(topics__in=slug_and_below(topic)).values("pk"))
    if state == APPROVED:
        listed = listed.filter(standing=Standing.LIVE, is_retracted=False)
    elif state == CAUTION:
        listed = listed.filter(standing=Standing.CAUTION)
    elif state == RETRACTED:
        listed = listed.filter(is_retracted=True)
    if at := place(after, int):
        listed = listed.filter(pk__gt=at[0])
    changing = with_change(listed).order_by("pk")
    if changed_since:
        changing = changing.filter(changed_at__gte=changed_since)
    changing = changing.select_related("edition").defer("edition__source", "edition__frozen")
    rows, more = cut(changing.prefetch_related("topics")[: limit + 1], limit)
    found = forms.notices_by_article(rows)
    return forms.said() | {
        "items": [
            forms.marks_of_line(row, found.get(row.article_id, []))
            | forms.named(row, reader)
            | {
                # As on the pages: what was retracted is named with its mark, and its words are left to its own page.
                "summary": "" if row.is_retracted else summary_of(row, reader),
                "topics": forms.topics_form((one.slug, one.name) for one in row.topics.all()),
                "edition": row.edition.number,
                "published_at": row.published_at,
                "changed_at": row.changed_at,
            }
            for row in rows
        ],
        "next": next_address(request, cursor(rows[-1].pk)) if more else None,
    }


def topics(request: HttpRequest, *, limit: int, after: str) -> dict[str, Any]:
    """The shape `TopicList`: topics under which, or under one below, a listed answer stands, by name."""
    whole = tree()
    found = sorted(every_node(nodes(Publication.objects.listed(), whole)), key=lambda node: node.topic.name)
    if at := place(after, str):
        found = [node for node in found if node.topic.name > at[0]]
    rows, more = cut(found[: limit + 1], limit)
    return {
        "items": [
            {
                "slug": topic.slug,
                "name": topic.name,
                "description": topic.description,
                "under": topic.parent.slug if topic.parent else None,
                "answers": node.answers,
                "url": forms.absolute(reverse("readers:topic", args=[topic.slug])),
                "api_url": forms.absolute(f"{reverse('readers:api_answers')}?topic={topic.slug}"),
                "feed": forms.absolute(reverse("readers:topic_feed", args=[topic.slug])),
            }
            for node in rows
            for topic in (node.topic,)
        ],
        "next": next_address(request, cursor(rows[-1].topic.name)) if more else None,
    }


def notices(request: HttpRequest, reader: Reader, *, limit: int, after: str) -> dict[str, Any]:
    """The shape `NoticeList`: notices on all answers whose text can be read, the newest first."""
    found = public_notices()
    if at := place(after, datetime.datetime, int):
        found = found.filter(Q(at__lt=at[0]) | Q(at=at[0], pk__lt=at[1]))
    rows, more = cut(found[: limit + 1], limit)
    items = []
    for row in rows:
        publication = row.article.publication
        items.append(
            forms.notice_form(of_page([row])[0])
            | {
                "at": row.at,
                "answer": forms.named(publication, reader),
                "answer_state": forms.state_of(publication),
            }
        )
    return forms.said() | {
        "items": items,
        "next": next_address(request, cursor(rows[-1].at, rows[-1].pk)) if more else None,
    }


def public_notices() -> QuerySet[Notice]:
    """Notices on answers whose text the public may read, the newest first, each with its answer and editions."""
    return (
        Notice.objects.filter(article__publication__in=Publication.objects.readable())
        .select_related("article__publication", "edition", "corrects")
        .defer("edition__source", "edition__frozen", "corrects__source", "corrects__frozen", "article__body")
        .order_by("-at", "-pk")
    )
