"""What the board asks of an edition: comments on its passages, and what became of each."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from articles import comments as drafting_comments
from articles import editions
from articles.models import Edition
from desk.access import article_for, edition_for, person_of, roles_of
from desk.reviewing import pages
from desk.together.comments import ThreadForm, act, as_shown_of_edition, loaded, panel_of
from reviews import asking


def comments(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the threads of one edition. POST: begin one; 422 with the text kept, 409 where it may not be."""
    edition = edition_for(request, pk)
    if request.method != "POST":
        return _page(request, edition, ThreadForm())
    form = ThreadForm(request.POST)
    if not form.is_valid():
        return _page(request, edition, form, status=422)
    try:
        made = asking.ask(
            edition,
            by=person_of(request),
            text=form.cleaned_data["text"],
            field=form.cleaned_data["field"],
            quote=form.quote,
        )
    except asking.Refused as refused:
        return _page(request, edition, form, refused=str(refused), status=409)
    messages.success(request, _("Your comment is there. The authors are told and answer it before they submit again."))
    return redirect(_back(request, edition) or drafting_comments.address_of(made))


def thread(request: HttpRequest, pk: int, thread: int) -> HttpResponse:
    """POST `action` on one thread of this edition, as desk:thread takes them; 404 for one that is not to be seen.

    Sent from the article (`from=article`, or the editor's panel) it leads back there.
    """
    edition = edition_for(request, pk)
    row = get_object_or_404(asking.seen_by(edition, person_of(request), roles_of(request)), pk=thread)
    row.edition = edition
    try:
        is_gone = act(request, row, asking)
    except asking.Refused as refused:
        if "panel" in request.POST:
            return HttpResponse(str(refused), status=409, content_type="text/plain; charset=utf-8")
        return _page(request, edition, ThreadForm(), acted_on=row.pk, refused=str(refused), status=409)
    if "panel" in request.POST:
        return panel_of(request, article_for(request, edition.article_id))
    if is_gone:
        messages.success(request, _("Your comment was deleted."))
        return redirect("desk:review_comments", edition.pk)
    if request.POST.get("from") == "article":
        return redirect(reverse("desk:comments", args=[edition.article_id]) + "?show=all#board")
    return redirect(drafting_comments.address_of(row))


def _back(request: HttpRequest, edition: Edition) -> str:
    """The text of this edition from which the comment was sent; empty where it was sent from elsewhere."""
    number = request.POST.get("text_number", "")
    if number.isascii() and number.isdigit() and len(number) < 4:
        return reverse("desk:review_text", args=[edition.pk, int(number)])
    return ""


def _page(
    request: HttpRequest,
    edition: Edition,
    form: ThreadForm,
    *,
    acted_on: int | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    person, roles = person_of(request), roles_of(request)
    typed: dict[int, dict[str, Any]] = {}
    if acted_on:
        typed = {acted_on: {"text": request.POST.get("text", ""), "action": request.POST.get("action")}}
    rows = loaded(asking.seen_by(edition, person, roles))
    threads = as_shown_of_edition(rows, edition, by=person, roles=roles, typed=typed)
    for one in threads:
        if one.thread.pk == acted_on:
            one.refused = refused
    return render(
        request,
        "desk/reviewing/comments.html",
        pages.frame(request, edition, editions.read(edition))
        | {
            "tab": "comments",
            "form": form,
            "new_refused": refused if acted_on is None else "",
            "threads": threads,
            "apart": asking.judges_apart(edition, person, roles),
        },
        status=status,
    )
