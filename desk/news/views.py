"""The page of news: what one was told, newest first, and what was not opened yet."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from desk.access import news_of
from people import notifying
from people.models import Kind, User

PAGE = 40


def news(request: HttpRequest) -> HttpResponse:
    """GET: the person's news; with `?only=unread`, what was not opened yet."""
    only = request.GET.get("only") == "unread"
    rows = news_of(request).shown()
    page = Paginator(rows.unread() if only else rows, PAGE).get_page(request.GET.get("page"))
    labels = dict(Kind.choices)
    return render(
        request,
        "desk/news/list.html",
        {
            "section": "news",
            "page_obj": page,
            "rows": [{"piece": row, "label": labels.get(row.kind, "")} for row in page],
            "only": only,
            "query": "only=unread" if only else "",
        },
    )


def piece(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: mark one piece of the person's own news as read, and lead to its page. 404 for anybody else's."""
    row = get_object_or_404(news_of(request), pk=pk)
    notifying.mark_read(row.person, pk=row.pk)
    return redirect(row.address)


def read(request: HttpRequest) -> HttpResponse:
    """POST: mark all of it as read."""
    assert isinstance(request.user, User)
    if notifying.mark_read(request.user):
        messages.success(request, _("All news is marked as read. It stays here."))
    return redirect("desk:news")
