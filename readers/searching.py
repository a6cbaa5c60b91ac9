"""Search for readers: the page of results with its filters, and the questions suggested while one types."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.core.validators import slug_re
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from articles.models import AnswerKind, Publication
from articles.search import Results, search, suggest
from articles.search.finding import APPROVED, CAUTION, RETRACTED_STATE, Filters
from articles.topics import Tree, tree
from readers.asking import QuestionForm
from readers.frame import Reader, page_number, public_file, public_page, reader_of, rendered
from readers.listing import largest, lines, nodes, topics_in_use
from readers.urgent import said_first

PER_PAGE = 20
LONGEST_QUERY = 500
NEWEST = 5
TOPICS = 10
STATE_NAMES = ((APPROVED, _("Approved")), (CAUTION, _("Not yet approved")), (RETRACTED_STATE, _("Retracted")))


@public_page
def search_page(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Answers for `?q=`, narrowed by `topic`, `state`, `kind`, `since` and `until`; without a hit, ways on."""
    query = " ".join(request.GET.get("q", "").split())[:LONGEST_QUERY]
    number = page_number(request)
    filters = _filters(request)
    found = Results()
    if query:
        found = search(query, filters=filters, limit=PER_PAGE, offset=(number - 1) * PER_PAGE, audience=reader.audience)
    if number > 1 and not found.hits:
        raise Http404
    listed = lines([hit.publication for hit in found.hits], reader)
    given = {name: value for name, value in _given(filters).items() if value}
    whole = tree()
    context: dict[str, Any] = {}
    if not found.hits:
        context["newest"] = lines(Publication.objects.offered()[:NEWEST], reader)
        context["nodes"] = largest(nodes(Publication.objects.listed(), whole), TOPICS)
    return rendered(
        "readers/search.html",
        reader,
        path=reverse("readers:search"),
        section="search",
        canonical={"q": query} | given if query else None,
        noindex=True,
        q=query,
        total=found.total,
        is_all=found.is_all,
        mended=found.mended,
        mended_url=reverse("readers:search") + reader.query(q=found.mended, **given) if found.mended else "",
        unknown=found.unknown if found.hits else (),
        hits=list(zip(listed, found.hits, strict=True)),
        page_obj=Page([], number, Paginator(range(found.total), PER_PAGE)),
        query=reader.parameters(q=query, **given),
        filters=filters,
        is_narrowed=bool(filters),
        topic_choices=_topic_choices(whole) if query else [],
        kinds=list(AnswerKind.objects.filter(slug__in=_kinds_in_use())) if query else [],
        states=STATE_NAMES,
        widened_url=reverse("readers:search") + reader.query(q=query),
        ask_url=reverse("readers:ask") + reader.carry,
        form=QuestionForm(initial={"question": query}),
        **said_first(query),
        **context,
    )


def _topic_choices(whole: Tree) -> list[tuple[str, str]]:
    """The slugs of topics with what a list calls them: those under another are set in."""
    return [(one.slug, "– " * depth + one.name) for one, depth in topics_in_use(Publication.objects.listed(), whole)]


def _kinds_in_use() -> Any:
    listed = Publication.objects.listed().exclude(search_entry__kind="").order_by()
    return listed.values("search_entry__kind").distinct()


def _filters(request: HttpRequest) -> Filters:
    """What the address narrows by; what is no slug, state or day narrows nothing."""

    def slug(name: str) -> str:
        word = request.GET.get(name, "")
        return word if len(word) <= 80 and slug_re.match(word) else ""

    def day(name: str) -> datetime.date | None:
        try:
            return parse_date(request.GET.get(name, ""))
        except ValueError:
            return None

    state = request.GET.get("state", "")
    return Filters(
        topic=slug("topic"),
        state=state if state in dict(STATE_NAMES) else "",
        kind=slug("kind"),
        since=day("since"),
        until=day("until"),
    )


def _given(filters: Filters) -> dict[str, str]:
    return {
        "topic": filters.topic,
        "state": filters.state,
        "kind": filters.kind,
        "since": filters.since.isoformat() if filters.since else "",
        "until": filters.until.isoformat() if filters.until else "",
    }


@public_file
def suggestions(request: HttpRequest) -> HttpResponse:
    """Questions for what was typed so far, as JSON: `{"suggestions": [{"question": …, "url": …}]}`."""
    reader = reader_of(request)
    found = suggest(request.GET.get("q", "").lstrip(), audience=reader.audience)
    response = JsonResponse(
        {
            "suggestions": [
                {"question": one.question, "url": reverse("readers:answer", args=[one.slug]) + reader.carry}
                for one in found
            ]
        }
    )
    response["X-Robots-Tag"] = "noindex"
    return response
