"""The history of an article: its timeline, two states of it compared, and a version restored."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
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
from articles.audiences import AUDIENCES, BY_SLUG, GENERAL
from articles.markup.door import TextRefused
from articles.models import Article
from desk.access import EDITOR, article_for, person_of, roles_of
from desk.writing import sides, timeline
from desk.writing.frame import frame
from people.models import User
from reviews.trail import making

PAGE = 40


def history(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: everything that happened, newest first: when, who, why; `show` narrows it. Two versions can be compared."""
    article = article_for(request, pk)
    seen.mark(article, by=person_of(request))
    sight = timeline.sight_of(article, person_of(request), roles_of(request))
    show = request.GET.get("show", "")
    show = show if show in timeline.SHOWN else ""
    page = Paginator(timeline.keys_of(sight, timeline.SHOWN[show][1]), PAGE).get_page(request.GET.get("page"))
    entries = timeline.entries(sight, list(page))
    versions = [entry["version"].token for entry in entries if "version" in entry]
    return render(
        request,
        "desk/writing/history.html",
        frame(request, article, tab="history")
        | {
            "page_obj": page,
            "entries": entries,
            "shown": [(name, label, name == show) for name, (label, _kinds) in timeline.SHOWN.items()],
            "query": f"show={show}" if show else "",
            "may_export": EDITOR in roles_of(request),
            "waits": sight.apart is not None,
            "preset_to": versions[0] if versions else "",
            "preset_from": versions[1] if len(versions) > 1 else "",
        },
    )


def trail(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the trail as a file, for editors. 403 with a sentence while they have to judge without knowing of others."""
    article = article_for(request, pk)
    person = person_of(request)
    if timeline.sight_of(article, person, roles_of(request)).apart is not None:
        raise PermissionDenied(
            _("The board judges the open edition, each member for themselves. Export the trail after you have signed.")
        )
    try:
        data = making.of_article(article, by=person.name)
    except making.NotWritten as refused:
        raise PermissionDenied(str(refused)) from None
    name = f"trail-{article.slug or article.pk}.json"
    return HttpResponse(
        data, content_type="application/json", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: what changed between `from` and `to`, each a version or an edition of this article; else the last two.

    With `since`, a moment, from the version that was the newest then. With `left` and `right`, two readers: what each
    of them gets of the older and of the newer one, side by side.
    """
    article = article_for(request, pk)
    seen.mark(article, by=person_of(request))
    versions = versions_of_articles.versions_of(article)
    new = sides.chosen(article, request.GET.get("to"))
    if new is None:
        newest = versions.first()
        if newest is None:
            raise Http404
        new = sides.of_version(newest)
    old = sides.chosen(article, request.GET.get("from"))
    if old is None:
        before = versions.filter(pk__lt=new.version.pk) if new.version else versions.none()
        found = _newest_at(article, request.GET.get("since")) or before.first()
        old = sides.of_version(found) if found else None
    if old is not None and (old.at, old.token) > (new.at, new.token):
        old, new = new, old
    readers = [request.GET.get(name, "") for name in ("left", "right")]
    readers = [one if one in BY_SLUG or one == GENERAL else "" for one in readers]
    newest_pk = versions.values_list("pk", flat=True).first()
    context = frame(request, article, tab="history") | {
        "old": old,
        "new": new,
        "newest_token": str(newest_pk),
        "offered": sides.offered(article),
        "readers": [(GENERAL, _("Everybody: the general text")), *((one.slug, _(one.label)) for one in AUDIENCES)],
        "left": readers[0] or GENERAL,
        "right": readers[1] or GENERAL,
        "comparison": sides.compared(old, new) if old else None,
    }
    if all(readers):
        try:
            texts = [sides.read_by(side, reader) for side, reader in zip((old or new, new), readers, strict=True)]
            context["rows"] = sides.side_by_side(*texts)
        except TextRefused as refused:
            context["too_much"] = str(refused)
        except RevertError:
            context["too_much"] = _("One of these versions can no longer be read.")
    return render(request, "desk/writing/compare.html", context)


def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """POST `version` and `base_version`: save what that version held as the newest one."""
    article = article_for(request, pk)
    side = sides.chosen(article, request.POST.get("version"))
    if side is None or side.version is None:
        raise Http404
    person = request.user
    assert isinstance(person, User)
    base = request.POST.get("base_version", "")
    try:
        versions_of_articles.restore(
            article, side.version, by=person, base_version=int(base) if base.isdecimal() and len(base) < 9 else -1
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
            % {"old": versions_of_articles.number_of(side.version), "new": article.version},
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
