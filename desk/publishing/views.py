"""The publishing page of an answer: its editions, its standing towards the public, and the editor's moves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from articles.models import Article, Edition, Notice, NoticeKind, Publication
from desk.access import BOARD_MEMBER, article_for, edition_for, person_of, refuse_if_closed, roles_of
from desk.publishing.forms import (
    NoticeForm,
    PublishForm,
    ReleaseForm,
    RestoreForm,
    RetractForm,
    ScheduleForm,
    WithdrawForm,
)
from desk.publishing.looking_again import CloseForm, entries_of
from people.models import User
from reviews import alerts, workflow
from reviews.models import ReReview, ScheduledPublication, Transition
from reviews.sight import closed_round, sees_verdicts

ASKING_WHAT_CHANGED: dict[str, type[PublishForm]] = {"publish": PublishForm, "schedule": ScheduleForm}
FORMS: dict[str, type[forms.Form]] = {
    "release-with-caution": ReleaseForm,
    "withdraw": WithdrawForm,
    "restore": RestoreForm,
    "retract": RetractForm,
}
MOVE_OF = {"retract": "add-notice"}
"""A form that makes a move of another name."""


def publishing(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: everything about the answer's public life. Editors act here; authors and the board read."""
    return _page(request, _article(request, pk))


def _article(request: HttpRequest, pk: int) -> Article:
    """Any article for editors, one's own for authors, one that was ever submitted for the board; 404 for others."""
    if BOARD_MEMBER in roles_of(request):
        article = get_object_or_404(Article.objects.select_related("owner", "publication"), pk=pk)
        if Edition.objects.filter(article=article).exists():
            refuse_if_closed(request, article)
            return article
    return article_for(request, pk)


def _page(
    request: HttpRequest,
    article: Article,
    *,
    tried: tuple[str, Edition, forms.Form] | None = None,
    closing: tuple[ReReview, CloseForm] | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page; after a refused or incomplete move with its form as the person left it."""
    editions = list(Edition.objects.filter(article=article).select_related("review", "created_by").order_by("-number"))
    publication = Publication.objects.select_related("edition__review").filter(article=article).first()
    person = request.user
    assert isinstance(person, User)
    cases = {edition.pk: workflow.case_of(article, edition) for edition in editions}
    target = _to_publish(editions, cases, person)
    newest = editions[0] if editions else None
    public = publication.edition if publication else None
    subjects = {
        "publish": target or newest,
        "schedule": target or newest,
        "release-with-caution": newest,
        "withdraw": public,
        "restore": public,
        "add-notice": public,
        "retract": public,
    }
    if tried:
        # The form comes back for the edition that it was sent for, and no other.
        subjects[tried[0]] = tried[1]
    moves: list[dict[str, Any]] = []
    for name, edition in subjects.items():
        if edition is None:
            continue
        case = cases.get(edition.pk) or workflow.case_of(article, edition)
        moves.append(
            {
                "name": name,
                "edition": edition,
                "refusal": workflow.refusal(MOVE_OF.get(name, name), case, by=person),
                "form": tried[2] if tried and tried[0] == name else _form(name, article),
            }
        )
    not_published = list(_not_published(article, publication))
    entry, form = closing or (None, None)
    entries = entries_of(article, tried=form, closing=entry)
    return render(
        request,
        "desk/publishing/page.html",
        {
            "to_look_at": [one for one in entries if one.row.closed_at is None],
            "looked_at": [one for one in entries if one.row.closed_at],
            "closing_form": form,
            "section": "articles",
            "article": article,
            "editions": editions,
            "publication": publication,
            "scheduled": next((case.scheduled for case in cases.values() if case.scheduled), None),
            "not_published": not_published,
            # Why may be what a member objects to.
            "hides_why": bool(not_published) and closed_round(article, person, roles_of(request)) is not None,
            "moves": {move["name"].replace("-", "_"): move for move in moves},
            "may_renew": bool(
                publication and workflow.refusal("renew", cases[publication.edition_id], by=person) is None
            ),
            "is_editor": workflow.MOVES["publish"].roles <= roles_of(request),
            "notices": Notice.objects.filter(article=article).select_related("by", "edition", "corrects"),
            "trail": [
                {
                    "row": row,
                    "label": workflow.MOVES[row.move].label,
                    # What pulled it from the public may be another's verdict, word for word.
                    "is_hidden": row.move == "leave"
                    and not sees_verdicts(row.edition.review, person, roles_of(request)),
                }
                for row in Transition.objects.filter(article=article, subject=Transition.Subject.PUBLICATION)
                .select_related("edition__review")
                .order_by("-number")
            ],
            "refused": refused,
        },
        status=status,
    )


def _not_published(article: Article, publication: Publication | None) -> QuerySet[ScheduledPublication]:
    """What was refused when its time came and is newer than what is public: the rest is past caring about."""
    public = publication.edition.number if publication else 0
    refused = ScheduledPublication.objects.filter(article=article, outcome=ScheduledPublication.Outcome.REFUSED)
    return refused.filter(edition__number__gt=public).select_related("edition")


def _form(name: str, article: Article, data: QueryDict | None = None) -> forms.Form:
    """The form of a move. What changed is asked only where something was public before."""
    if asks := ASKING_WHAT_CHANGED.get(name):
        return asks(data, is_first=not Publication.objects.filter(article=article).exists())
    if name == "add-notice":
        return NoticeForm(data, earlier=_earlier(article))
    return FORMS[name](data)


def _earlier(article: Article) -> QuerySet[Edition]:
    """The editions that were public before the present one, and can be read."""
    publication = Publication.objects.filter(article=article).select_related("edition").first()
    if publication is None:
        return Edition.objects.none()
    public = [entry["edition"] for entry in publication.statement["editions"] if entry["readable"]]
    return Edition.objects.filter(pk__in=public, number__lt=publication.edition.number).order_by("-number")


def _to_publish(editions: list[Edition], cases: dict[int, Any], person: User) -> Edition | None:
    """The newest edition that this person may publish."""
    return next((one for one in editions if workflow.refusal("publish", cases[one.pk], by=person) is None), None)


def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: make an approved edition the public one."""
    return _move(
        request,
        pk,
        "publish",
        lambda edition, by, data: workflow.publish(edition, by=by, note=data.get("note", "")),
        _("Edition %(number)d is public now."),
    )


def schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: have an approved edition published at a time."""
    return _move(
        request,
        pk,
        "schedule",
        lambda edition, by, data: workflow.schedule(edition, by=by, at=data["at"], note=data.get("note", "")),
        _("Edition %(number)d will be published at its time. Nothing is public until then."),
    )


def cancel_schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: cancel the publication of an edition that waits for its time."""
    edition = edition_for(request, pk)
    try:
        workflow.cancel(edition, by=person_of(request))
    except workflow.Refused as refused:
        return _page(request, edition.article, refused=str(refused), status=409)
    messages.success(request, _("Edition %(number)d will not be published by itself.") % {"number": edition.number})
    return redirect("desk:publishing", edition.article_id)


def release(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: make an edition public under caution while its review is pending."""
    return _move(
        request,
        pk,
        "release-with-caution",
        lambda edition, by, data: workflow.release_with_caution(edition, by=by, reason=data["reason"]),
        _("Edition %(number)d is public now, with the caution first on its page."),
    )


def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: withdraw the public answer with an explanation."""
    return _move(
        request,
        pk,
        "withdraw",
        lambda edition, by, data: workflow.withdraw(edition, by=by, explanation=data["explanation"]),
        _("Edition %(number)d is withdrawn. Its address says so, and its text stays readable, marked."),
    )


def restore_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: make a withdrawn answer public again."""
    return _move(
        request,
        pk,
        "restore",
        lambda edition, by, data: workflow.restore(edition, by=by, reason=data["reason"]),
        _("Edition %(number)d is public again. The withdrawal stays in its history."),
    )


def add_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: put a correction or an expression of concern before the public answer."""
    return _move(
        request,
        pk,
        "add-notice",
        lambda edition, by, data: workflow.add_notice(edition, by=by, **data),
        _("The notice stands on the public page of edition %(number)d now."),
    )


def retract(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: put a retraction before the public answer, whose text stays, marked."""
    return _move(
        request,
        pk,
        "retract",
        lambda edition, by, data: workflow.add_notice(edition, by=by, kind=NoticeKind.RETRACTION, **data),
        _("Edition %(number)d is retracted. Its text stays readable, marked."),
    )


def close_re_review(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: close an entry to look at again, with what was decided. What fails comes back: 422, or 409 if refused."""
    entry = get_object_or_404(ReReview.objects.select_related("article"), pk=pk)
    refuse_if_closed(request, entry.article)
    person = request.user
    assert isinstance(person, User)
    form = CloseForm(entry, request.POST)
    if not form.is_valid():
        return _page(request, entry.article, closing=(entry, form), status=422)
    try:
        alerts.close(entry, by=person, decision=form.cleaned_data["decision"])
    except alerts.Refused as refused:
        return _page(request, entry.article, closing=(entry, form), refused=str(refused), status=409)
    messages.success(request, _("The decision stands with the answer, and the entry is closed."))
    return redirect("desk:publishing", entry.article_id)


def _move(
    request: HttpRequest,
    pk: int,
    name: str,
    make: Callable[[Edition, User, dict[str, Any]], object],
    done: str,
) -> HttpResponse:
    """Make one move with its form. What fails comes back with the text kept: 422 for the form, 409 for a refusal."""
    edition = edition_for(request, pk)
    person = request.user
    assert isinstance(person, User)
    form = _form(name, edition.article, request.POST)
    if not form.is_valid():
        return _page(request, edition.article, tried=(name, edition, form), status=422)
    try:
        make(edition, person, form.cleaned_data)
    except workflow.Refused as refused:
        return _page(request, edition.article, tried=(name, edition, form), refused=str(refused), status=409)
    messages.success(request, done % {"number": edition.number})
    return redirect("desk:publishing", edition.article_id)
