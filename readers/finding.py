"""Ways to an answer beside search: home, the list from A to Z, and topics."""

from __future__ import annotations

from typing import Any

from django.core.paginator import EmptyPage, Paginator
from django.db.models.functions import Lower
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from articles.models import Publication
from articles.models.public import PublicationQuerySet
from articles.topics import tree
from readers.asking import QuestionForm
from readers.frame import Reader, choices, kept_page, page_number, rendered
from readers.listing import largest, lines, nodes, topic_of, with_new_text

NEWEST = 5
REVIEWED = 6
CHANGED = 5
TOPICS_ON_HOME = 10
PER_LIST_PAGE = 50


@kept_page
def home(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Search first; then who reads, the newest answers, what was reviewed and what changed, topics, and the ask box."""
    path = reverse("readers:home")
    newest = list(Publication.objects.offered()[:NEWEST])
    reviewed = list(Publication.objects.indexable().order_by("-reviewed_at", "-pk")[:REVIEWED])
    changed = list(with_new_text(Publication.objects.offered())[:CHANGED])
    every = lines([*newest, *reviewed, *changed], reader)
    return rendered(
        "readers/home.html",
        reader,
        path=path,
        section="home",
        newest=every[: len(newest)],
        reviewed=every[len(newest) : len(newest) + len(reviewed)],
        changed=list(zip(every[len(newest) + len(reviewed) :], [row.change_note for row in changed], strict=True)),
        nodes=largest(nodes(Publication.objects.listed(), tree()), TOPICS_ON_HOME),
        form=QuestionForm(),
        **choices(reader, path, begins="newest"),
    )


@kept_page
def answers(request: HttpRequest, reader: Reader) -> HttpResponse:
    """All listed answers by their question, from A to Z."""
    return _list_page(request, reader, Publication.objects.listed(), "readers/answers.html", reverse("readers:answers"))


@kept_page
def topics(request: HttpRequest, reader: Reader) -> HttpResponse:
    """All topics that have a listed answer, or that stand above one, as a tree."""
    return rendered(
        "readers/topics.html",
        reader,
        path=reverse("readers:topics"),
        section="topics",
        nodes=nodes(Publication.objects.listed(), tree()),
    )


@kept_page
def topic(request: HttpRequest, reader: Reader, slug: str) -> HttpResponse:
    """The answers of one topic and of all under it, also where the last of them has left.

    404 for a topic under which there never was a public one.
    """
    found, whole, placed = topic_of(slug)
    listed = Publication.objects.listed()
    return _list_page(
        request,
        reader,
        listed.filter(pk__in=placed),
        "readers/topic.html",
        reverse("readers:topic", args=[slug]),
        topic=found,
        above=whole.path_to(found),
        nodes=nodes(listed, whole, found.pk),
    )


def _list_page(
    request: HttpRequest, reader: Reader, listed: PublicationQuerySet, template: str, path: str, **context: Any
) -> HttpResponse:
    number = page_number(request)
    try:
        page = Paginator(listed.order_by(Lower("question"), "pk"), PER_LIST_PAGE).page(number)
    except EmptyPage:
        raise Http404 from None
    return rendered(
        template,
        reader,
        path=path,
        section="topics",
        canonical={"page": str(number)} if number > 1 else None,
        page_obj=page,
        query=reader.parameters(),
        lines=lines(page.object_list, reader),
        **context,
    )
