"""The addresses of the API with their parameters and what each answers; refusals that views raise become problems."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from ninja import NinjaAPI, Query
from ninja.errors import ValidationError
from ninja.renderers import JSONRenderer
from pydantic import AwareDatetime

from articles import site
from articles.models import Standing
from readers import telling
from readers.api import finding, forms, lists, one_answer, people, shapes
from readers.api.cursors import MOST, USUAL, usable
from readers.api.problems import missing, problem, unreadable
from readers.frame import Reader
from readers.searching import LONGEST_QUERY

VERSION = "1"
START = "api/v1/"
DESCRIPTION = (
    "Read-only access to the public answers. Wherever you show words of an answer, show its `state`, `caution`, "
    "`notices` and the `disclaimer` with them. Every address takes GET, HEAD and OPTIONS, from any site and without "
    "a key. Lists go on at `next`. Send `If-None-Match` with the ETag that you have."
)
A_PROBLEM = frozenset({406, 422, 429, 500})
OF_ANSWER = A_PROBLEM | {404, 410}


class Renderer(JSONRenderer):
    json_dumps_params = {"ensure_ascii": False}


api = NinjaAPI(
    title="Imprimatur: read API",
    version=VERSION,
    description=DESCRIPTION,
    openapi_url=None,
    docs_url=None,
    urls_namespace="read-api",
    renderer=Renderer(),
)

Audience = Annotated[
    Literal["physician", "np-pa", "nurse", "pharmacist", "student", "patient", "other"] | None,
    Query(alias="for", description="For which audience; left out: the general text.", examples=["patient"]),
]
Limit = Annotated[int, Query(ge=1, le=MOST, description="The most items to answer with.", examples=[10])]
Cursor = Annotated[str, Query(max_length=400, description="Where to go on, as `next` gave it.")]
SLUG = r"^[-a-zA-Z0-9_]*$"


def _reader(audience: str | None) -> Reader:
    return Reader(audience or "")


@api.get("answers", response={200: shapes.AnswerList, A_PROBLEM: shapes.Problem}, url_name="api_answers")
def answers(
    request: HttpRequest,
    audience: Audience = None,
    topic: Annotated[
        str, Query(max_length=80, pattern=SLUG, description="Slug of a topic; those under it count, too.")
    ] = "",
    state: Annotated[
        Literal["approved", "caution", "retracted"] | None, Query(description="Only in this state.")
    ] = None,
    changed_since: Annotated[
        AwareDatetime | None,
        Query(description="Changed for readers at that time or later.", examples=["2026-01-31T00:00:00Z"]),
    ] = None,
    limit: Limit = USUAL,
    cursor: Cursor = "",
) -> Any:
    """All public answers, in the order in which they were first published."""
    if changed_since and not usable(changed_since):
        raise ValidationError([{"loc": ("query", "changed_since"), "msg": "No answer can have changed then."}])
    return lists.answers(
        request,
        _reader(audience),
        limit=limit,
        after=cursor,
        topic=topic,
        state=state or "",
        changed_since=changed_since,
    )


@api.get("answers/{slug:slug}", response={200: shapes.Answer, OF_ANSWER: shapes.Problem}, url_name="api_answer")
def answer(request: HttpRequest, slug: str, audience: Audience = None) -> Any:
    """The public edition of an answer, in the words for an audience. 410 where it was withdrawn."""
    reader = _reader(audience)
    return one_answer.text(telling.answer(slug, reader), reader)


@api.get(
    "answers/{slug:slug}/editions",
    response={200: shapes.EditionList, OF_ANSWER: shapes.Problem},
    url_name="api_editions",
)
def editions(request: HttpRequest, slug: str) -> Any:
    """The public editions of an answer that can be read, of a withdrawn one, too."""
    return one_answer.editions(telling.answer(slug, one_answer.GENERAL, also_withdrawn=True))


@api.get(
    "answers/{slug:slug}/editions/{int:number}",
    response={200: shapes.Answer, OF_ANSWER: shapes.Problem},
    url_name="api_edition",
)
def edition(request: HttpRequest, slug: str, number: int, audience: Audience = None) -> Any:
    """A public edition, with the notices and the flags of today. Its words never change."""
    reader = _reader(audience)
    return one_answer.text(telling.edition(slug, number, reader), reader)


@api.get(
    "answers/{slug:slug}/references",
    response={200: shapes.WorkList, OF_ANSWER: shapes.Problem},
    url_name="api_references",
)
def references(request: HttpRequest, slug: str) -> Any:
    """The works that the public edition cites, as they then stood, with what is known against them today."""
    return one_answer.works(telling.answer(slug, one_answer.GENERAL))


@api.get("topics", response={200: shapes.TopicList, A_PROBLEM: shapes.Problem}, url_name="api_topics")
def topics(request: HttpRequest, limit: Limit = USUAL, cursor: Cursor = "") -> Any:
    """Topics under which an answer is public, or under one below them."""
    return lists.topics(request, limit=limit, after=cursor)


@api.get("search", response={200: shapes.HitList, A_PROBLEM: shapes.Problem}, url_name="api_search")
def search(
    request: HttpRequest,
    q: Annotated[
        str, Query(max_length=LONGEST_QUERY, description="What is asked, in any words.", examples=["heart"])
    ] = "",
    audience: Audience = None,
    limit: Limit = USUAL,
) -> Any:
    """The answers that are closest to a question, best first."""
    return finding.hits(" ".join(q.split()), _reader(audience), limit=limit)


@api.get("notices", response={200: shapes.NoticeList, A_PROBLEM: shapes.Problem}, url_name="api_notices")
def notices(request: HttpRequest, audience: Audience = None, limit: Limit = USUAL, cursor: Cursor = "") -> Any:
    """Corrections, retractions and expressions of concern on all answers."""
    return lists.notices(request, _reader(audience), limit=limit, after=cursor)


@api.get("board", response={200: shapes.Board, A_PROBLEM: shapes.Problem}, url_name="api_board")
def board(request: HttpRequest) -> Any:
    """The medical advisory board: members with their declared interests, and former members."""
    return people.board()


@api.get("", response={200: shapes.Index, A_PROBLEM: shapes.Problem}, url_name="api_index")
def index(request: HttpRequest) -> Any:
    """Where everything is."""
    texts = site.current()
    named = ("answers", "topics", "search", "notices", "board")
    return {
        "name": texts.name,
        "version": VERSION,
        "documentation": forms.absolute(reverse("readers:api_guide")),
        "openapi": forms.absolute(reverse("readers:api_document")),
        "addresses": {name: forms.absolute(reverse(f"readers:api_{name}")) for name in named},
        "licence": texts.licence,
    }


@api.exception_handler(Http404)
def _missing(request: HttpRequest, _error: Http404) -> HttpResponse:
    return missing(request)


@api.exception_handler(ValidationError)
def _unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return unreadable(request, error.errors)


@api.exception_handler(Exception)
def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    """The door tells of it; the framework would answer with the fault itself where DEBUG is on."""
    raise error


@api.exception_handler(telling.Moved)
def _moved(request: HttpRequest, error: telling.Moved) -> HttpResponse:
    match = request.resolver_match
    assert match is not None
    address = reverse(match.view_name, kwargs=match.kwargs | {"slug": error.slug})
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)


@api.exception_handler(telling.Gone)
def _gone(request: HttpRequest, error: telling.Gone) -> HttpResponse:
    """What happened to an answer that was public, with its notices; never its text."""
    publication = error.publication
    found = forms.notices_by_article([publication]).get(publication.article_id, [])
    withdrawn = publication.standing == Standing.WITHDRAWN
    return problem(
        410,
        error.sentence,
        question=publication.question,
        withdrawn_on=publication.withdrawn_at.date() if publication.withdrawn_at else None,
        notices=found,
        editions=forms.absolute(reverse("readers:api_editions", args=[publication.slug])) if withdrawn else None,
    )
