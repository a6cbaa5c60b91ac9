"""Ways to an answer: home, the list from A to Z, topics and search."""

from __future__ import annotations

from typing import Any

from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models.functions import Lower
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from articles import search as index
from articles.models import Publication, Topic
from articles.models.public import PublicationQuerySet
from readers.asking import QuestionForm
from readers.frame import Reader, choices, page_number, public_page, rendered
from readers.listing import lines, topics_in_use

NEWEST = 5
REVIEWED = 6
TOPICS_ON_HOME = 10
PER_LIST_PAGE = 50
PER_SEARCH_PAGE = 20
LONGEST_QUERY = 300


@public_page
def home(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Search first; then who reads, the newest answers, what was reviewed lately, topics, and the ask box."""
    path = reverse("readers:home")
    newest = list(Publication.objects.offered()[:NEWEST])
    reviewed = list(Publication.objects.indexable().order_by("-reviewed_at", "-pk")[:REVIEWED])
    both = lines([*newest, *reviewed], reader)
    return rendered(
        "readers/home.html",
        reader,
        path=path,
        section="home",
        newest=both[: len(newest)],
        reviewed=both[len(newest) :],
        topics=list(topics_in_use(Publication.objects.listed(), largest_first=True)[:TOPICS_ON_HOME]),
        form=QuestionForm(),
        **choices(reader, path, begins="newest"),
    )


@public_page
def answers(request: HttpRequest, reader: Reader) -> HttpResponse:
    """All listed answers by their question, from A to Z."""
    return _list_page(request, reader, Publication.objects.listed(), "readers/answers.html", reverse("readers:answers"))


@public_page
def topics(request: HttpRequest, reader: Reader) -> HttpResponse:
    """All topics that have a listed answer."""
    return rendered(
        "readers/topics.html",
        reader,
        path=reverse("readers:topics"),
        section="topics",
        topics=list(topics_in_use(Publication.objects.listed())),
    )


@public_page
def topic(request: HttpRequest, reader: Reader, slug: str) -> HttpResponse:
    """The answers of one topic, also where the last of them has left; 404 for a topic that never had a public one."""
    listed = Publication.objects.listed()
    found = get_object_or_404(Topic.objects.filter(publications__isnull=False).distinct(), slug=slug)
    return _list_page(
        request,
        reader,
        listed.filter(topics=found),
        "readers/topic.html",
        reverse("readers:topic", args=[slug]),
        topic=found,
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


@public_page
def search(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Answers for `?q=`; without a query or without a hit, ways on."""
    query = " ".join(request.GET.get("q", "").split())[:LONGEST_QUERY]
    number = page_number(request)
    hits = index.find(query, limit=PER_SEARCH_PAGE, offset=(number - 1) * PER_SEARCH_PAGE)
    if number > 1 and not hits.publications:
        raise Http404
    suggested: dict[str, Any] = {}
    if not hits.total:
        suggested = {
            "topics": list(topics_in_use(Publication.objects.listed(), largest_first=True)[:TOPICS_ON_HOME]),
            "newest": lines(Publication.objects.offered()[:NEWEST], reader),
        }
    return rendered(
        "readers/search.html",
        reader,
        path=reverse("readers:search"),
        section="search",
        canonical={"q": query} if query else None,
        noindex=True,
        q=query,
        total=hits.total,
        lines=lines(hits.publications, reader),
        page_obj=Page([], number, Paginator(range(hits.total), PER_SEARCH_PAGE)),
        query=reader.parameters(q=query),
        ask_url=reverse("readers:ask") + reader.carry,
        **suggested,
    )
