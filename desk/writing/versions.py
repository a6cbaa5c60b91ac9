"""The history of an article: its versions, two of them compared, and one restored."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from reversion.errors import RevertError
from reversion.models import Version

from articles import drafting, seen
from articles import history as versions_of_articles
from articles.models import Article, Edition
from desk.access import article_for, person_of
from desk.writing.differences import compared
from desk.writing.frame import frame
from people.models import User

PAGE = 25


def history(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the versions, newest first: number, when, who, why, and the edition that was made of it."""
    article = article_for(request, pk)
    seen.mark(article, by=person_of(request))
    page = Paginator(versions_of_articles.versions_of(article), PAGE).get_page(request.GET.get("page"))
    editions = {
        row.article_version: row
        for row in Edition.objects.filter(article=article).select_related("review").defer("source", "frozen")
    }
    rows = []
    for version in page:
        number = _number(version)
        rows.append({"version": version, "number": number, "edition": editions.get(number or 0)})
    return render(
        request,
        "desk/writing/history.html",
        frame(request, article, tab="history") | {"page_obj": page, "rows": rows, "query": ""},
    )


def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: what changed between the versions `from` and `to`, both of this article; without them, the last two.

    With `since`, a moment, from the version that was the newest then.
    """
    article = article_for(request, pk)
    seen.mark(article, by=person_of(request))
    versions = versions_of_articles.versions_of(article)
    new = _chosen(article, request.GET.get("to")) or versions.first()
    if new is None:
        raise Http404
    old = _chosen(article, request.GET.get("from")) or _newest_at(article, request.GET.get("since"))
    old = old or versions.filter(pk__lt=new.pk).first()
    if old is not None and old.pk > new.pk:
        old, new = new, old
    context = frame(request, article, tab="history") | {
        "old": {"version": old, "number": _number(old)} if old else None,
        "new": {"version": new, "number": _number(new)},
        "is_newest": new.pk == versions.values_list("pk", flat=True)[0],
    }
    if old is None:
        return render(request, "desk/writing/compare.html", context | {"comparison": None})
    try:
        comparison = compared(versions_of_articles.source_at(old), versions_of_articles.source_at(new))
    except RevertError:
        context["unreadable"] = True
        comparison = None
    return render(request, "desk/writing/compare.html", context | {"comparison": comparison})


def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """POST `version` and `base_version`: save what that version held as the newest one."""
    article = article_for(request, pk)
    version = _chosen(article, request.POST.get("version"))
    if version is None:
        raise Http404
    person = request.user
    assert isinstance(person, User)
    base = request.POST.get("base_version", "")
    try:
        versions_of_articles.restore(
            article, version, by=person, base_version=int(base) if base.isdecimal() and len(base) < 9 else -1
        )
    except drafting.Conflict as conflict:
        messages.error(
            request,
            _("Version %(number)d was saved meanwhile, so nothing was restored. Look at it first, then try again.")
            % {"number": conflict.current.version},
        )
    except (ValidationError, RevertError):
        messages.error(
            request, _("This version no longer fits what an article may hold. Nothing was changed; you can read it.")
        )
    else:
        messages.success(
            request,
            _("What version %(old)d held is now version %(new)d. The versions between are kept.")
            % {"old": versions_of_articles.number_of(version), "new": article.version},
        )
    return redirect("desk:history", article.pk)


def _newest_at(article: Article, moment: str | None) -> Version | None:
    """The version that was the newest at a moment; None where none is named or it is no moment."""
    try:
        at = parse_datetime(moment or "")
    except ValueError:
        at = None
    if at is None or timezone.is_naive(at):
        return None
    return versions_of_articles.versions_of(article).filter(revision__date_created__lte=at).first()


def _chosen(article: Article, pk: str | None) -> Version | None:
    """The version of this article that a request names; None where it names none, 404 where it is not the article's."""
    if not pk:
        return None
    found = None
    if pk.isascii() and pk.isdigit() and len(pk) < 19:
        found = versions_of_articles.versions_of(article).filter(pk=int(pk)).first()
    if found is None:
        raise Http404
    return found


def _number(version: Version) -> int | None:
    try:
        return versions_of_articles.number_of(version)
    except RevertError:
        return None
