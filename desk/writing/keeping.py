"""Keeping what is typed: the address that open editors call every few seconds, the texts that wait for their person,
and who else has an article open. None of it is a version: that is made by `editing` alone.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import date
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import autosaves, history, presence
from articles.models import Article, Autosave
from desk.access import article_for, articles_of
from desk.writing import kept as kept_texts
from desk.writing.differences import compared
from desk.writing.forms import answers_for
from people.models import User


@dataclass(frozen=True)
class Waiting:
    """A text of the person's that was not saved: what an editor offers first thing."""

    row: Autosave
    is_open: bool
    """Whether the tab in which it was typed is still heard of."""
    is_older: bool
    """Whether somebody saved a version since it was begun."""


def keep(request: HttpRequest) -> HttpResponse:
    """GET: who is signed in, and a fresh token for a form that was made before they signed in again.

    POST `tab`, `article` (empty for a new answer), `base_version`, and the form's fields with their `number` where
    something was typed: keep that, note that the tab is open, and tell who else is here. With `leave` it is closed,
    with `late` it was closed before. JSON; 409 where a newer text of the tab is kept, 410 where it was saved or
    discarded, 413 and 422 with a sentence.
    """
    person = _person(request)
    if request.method != "POST":
        return JsonResponse({"person": person.pk, "token": get_token(request)})
    tab = request.POST.get("tab", "")
    if not autosaves.TAB.fullmatch(tab):
        return _says(_("This page is not one of ours. Open the editor again."), 422)
    article = _article(request)
    if "leave" in request.POST:
        presence.leave(by=person, tab=tab)
    elif article and "late" not in request.POST:
        presence.note(article, by=person, tab=tab)
    base_version = number(request.POST.get("base_version"))
    answer: dict[str, Any] = {"person": person.pk}
    if "question" in request.POST:
        try:
            row = autosaves.keep(
                article,
                by=person,
                tab=tab,
                number=number(request.POST.get("number")),
                base_version=base_version,
                fields=kept_texts.fields_of(request.POST),
            )
        except autosaves.Older as older:
            if older.is_closed:
                return _says(_("This text was saved or discarded already."), 410, number=older.number)
            return _says(_("A newer text of this page is kept already."), 409, number=older.number)
        except autosaves.Refused as refused:
            return _says(str(refused), 413)
        answer |= {"number": row.number, "clock": date(timezone.localtime(row.saved_at), "H:i")}
    if "leave" not in request.POST:
        around = around_of(person, article, tab=tab, base_version=base_version)
        answer["here"] = render_to_string("desk/writing/here.html", around, request)
    if "offers" in request.POST:
        offers = {"waiting": waiting_for(request, article, besides=tab), "article": article}
        answer["offers"] = render_to_string("desk/writing/kept_offers.html", offers, request)
    return JsonResponse(answer)


def kept(request: HttpRequest, tab: str) -> HttpResponse:
    """GET: how a text of one's own that was not saved differs from what is saved. POST: discard it."""
    person = _person(request)
    row = get_object_or_404(Autosave, person=person, tab=tab, closed_at=None)
    article = article_for(request, row.article_id) if row.article_id else None
    editor = reverse("desk:article_edit", args=[article.pk]) if article else reverse("desk:article_new")
    if request.method == "POST":
        autosaves.close(by=person, tab=tab)
        words = {"when": date(timezone.localtime(row.saved_at), "j M Y, H:i")}
        messages.info(request, _("Your text from %(when)s that was not saved is discarded.") % words)
        return redirect(editor)
    saved = article or Article(owner=person)
    topics = list(article.topics.all()) if article else []
    mine = kept_texts.source_of(row.fields, saved, answers_for(articles_of(request)))
    if not article:
        # Its author was put there, not typed.
        mine["byline"] = []
    context = {
        "section": "articles",
        "article": article,
        "row": row,
        "editor": editor,
        "comparison": compared(history.source_of(saved, topics), mine),
        "is_older": bool(article and article.version > row.base_version),
    }
    return render(request, "desk/writing/kept.html", context)


def tab_of(request: HttpRequest) -> str:
    """What names the opened editor: as its form says, else a new one."""
    tab = request.POST.get("tab", "")
    return tab if autosaves.TAB.fullmatch(tab) else secrets.token_hex(16)


def taken(request: HttpRequest, article: Article) -> Autosave | None:
    """The text that a request takes up (`?take=`), where it waits for this person in this article."""
    tab = request.GET.get("take", "")
    if not autosaves.TAB.fullmatch(tab):
        return None
    return autosaves.of(_person(request), article if article.pk else None).filter(tab=tab).first()


def keep_text(
    request: HttpRequest, article: Article, fields: Mapping[str, str], *, tab: str, base_version: int
) -> None:
    """Keep a text that was sent and not saved. What is too large to be kept is still on the page that answers."""
    with contextlib.suppress(autosaves.Older, autosaves.Refused):
        autosaves.keep(
            article if article.pk else None,
            by=_person(request),
            tab=tab,
            number=number(request.POST.get("number")) or autosaves.moment(),
            base_version=base_version,
            fields=fields,
        )


def keep_posted(request: HttpRequest, article: Article, *, tab: str) -> None:
    """Keep what a form sent that was not saved."""
    base_version = number(request.POST.get("base_version"))
    keep_text(request, article, kept_texts.fields_of(request.POST), tab=tab, base_version=base_version)


def saved(request: HttpRequest, article: Article, source: dict[str, Any], *, tab: str) -> None:
    """Forget what was kept of a text that is a version now: the tab's, and the same one left by an earlier tab."""
    person = _person(request)
    presence.leave(by=person, tab=tab)
    autosaves.close(by=person, tab=tab, number=number(request.POST.get("number")) or None)
    answers = answers_for(articles_of(request))
    for row in autosaves.of(person, article)[: autosaves.MOST]:
        if kept_texts.source_of(row.fields, article, answers) == source:
            autosaves.close(by=person, tab=row.tab, number=row.number)


def waiting_for(request: HttpRequest, article: Article | None, *, besides: str) -> list[Waiting]:
    """The person's texts that were not saved and say something else than what is, newest first."""
    person = _person(request)
    rows = list(autosaves.of(person, article).exclude(tab=besides)[: autosaves.MOST])
    if not rows:
        return []
    shown = article or Article(owner=person)
    source = history.source_of(shown, list(article.topics.all()) if article else [])
    answers = answers_for(articles_of(request))
    heard = set(presence.others(article, besides=besides).values_list("tab", flat=True)) if article else set()
    return [
        Waiting(row, is_open=row.tab in heard, is_older=bool(article and article.version > row.base_version))
        for row in rows
        if _differs(kept_texts.source_of(row.fields, shown, answers), source, is_new=article is None)
    ]


def around_of(person: User, article: Article | None, *, tab: str, base_version: int) -> dict[str, Any]:
    """Context of `templates/desk/writing/here.html`: who else has the article open, and what was saved meanwhile."""
    if article is None:
        return {"others": [], "newer": None}
    others = [
        {"person": row.person, "since": row.since, "is_mine": row.person_id == person.pk}
        for row in presence.others(article, besides=tab)
    ]
    return {"article": article, "others": others, "newer": _newer(person, article, base_version)}


def _newer(person: User, article: Article, base_version: int) -> dict[str, Any] | None:
    if article.version <= base_version:
        return None
    last = history.versions_of(article).first()
    base = history.version_numbered(article, base_version)
    by = last.revision.user if last else None
    return {
        "number": article.version,
        "by": by,
        "is_mine": by == person,
        "at": article.updated_at,
        "from": base.pk if base else None,
        "to": last.pk if base and last else None,
    }


def _differs(mine: dict[str, Any], source: dict[str, Any], *, is_new: bool) -> bool:
    """Whether a kept text says anything that is not saved. Who stands in the byline of a new one was not typed."""
    if is_new:
        mine, source = mine | {"byline": []}, source | {"byline": []}
    return mine != source


def _article(request: HttpRequest) -> Article | None:
    """The article that a request names; 404 for one that is not the person's to write."""
    named = request.POST.get("article", "")
    if not named:
        return None
    if not number(named):
        raise Http404
    return article_for(request, number(named))


def _says(sentence: str, status: int, **more: Any) -> JsonResponse:
    return JsonResponse({"says": sentence} | more, status=status)


def number(text: str | None) -> int:
    """The number that somebody sent; 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 17 else 0


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
