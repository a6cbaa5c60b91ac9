"""The desk's first page: what waits for each role of the person who opens it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from articles.models import Article, Contributor, Edition, Publication, Standing, Term
from desk import my_work
from desk.access import AUTHOR, BOARD_MEMBER, EDITOR, articles_of, closed_to, roles_of
from desk.reviewing import invited, renewing
from desk.reviewing.queue import entries
from people.models import Invitation, Role, User
from readers.models import Feedback, FollowUpQuestion
from reviews.models import OPEN_STATES, ReReview, Review, ScheduledPublication, State, Transition, Verdict

MOST = 8
"""Lines of each list: the rest is one link away."""


def home(request: HttpRequest) -> HttpResponse:
    """GET: lists of what waits, a section for each role."""
    person, roles = request.user, roles_of(request)
    assert isinstance(person, User)
    context: dict[str, Any] = {"section": "home"}
    if roles & {AUTHOR, EDITOR}:
        context["work"] = my_work.of(person, articles_of(request))
    if AUTHOR in roles:
        context["author"] = for_author(person)
    if BOARD_MEMBER in roles:
        context["invited"] = invited.lines_for(person, roles, closed_to(request))
        context["board"] = for_board(person, closed_to(request), [one["row"].edition_id for one in context["invited"]])
    if EDITOR in roles:
        context["editor"] = for_editor(closed_to(request))
    if Role.ADMINISTRATOR.value in roles:
        context["administrator"] = for_administrator()
    return render(request, "desk/home.html", context)


def for_author(person: User) -> dict[str, Any]:
    """The author's own articles by the state of their newest edition; a request for changes with its reason."""
    mine = Contributor.objects.filter(user=person).values("article")
    articles = Article.objects.filter(Q(owner=person) | Q(pk__in=mine))
    newest = _newest().filter(article__in=articles).select_related("article", "review")
    sent_back = list(newest.filter(review__state__in=[State.CHANGES_REQUESTED, State.DECLINED])[:MOST])
    reasons = {
        row.edition_id: row
        for row in Transition.objects.filter(
            edition__in=sent_back, move__in=["minor-edits", "request-changes", "decline"]
        ).order_by("number")
    }
    return {
        "drafts": articles.filter(editions=None)[:MOST],
        "sent_back": [{"edition": edition, "move": reasons.get(edition.pk)} for edition in sent_back],
        "submitted": newest.filter(review__state__in=OPEN_STATES)[:MOST],
        "pulled_back": newest.filter(review__state=State.PULLED_BACK)[:MOST],
        "has_any": articles.exists(),
    }


def for_board(person: User, closed: frozenset[int], shown: Sequence[int] = ()) -> dict[str, Any]:
    """What this member has taken up (what is signed last), what they may take up or judge, and what not, each with why.

    What is `closed` to them is left out, and the editions that stand above this among their invitations (`shown`).
    """
    rows = Review.objects.filter(state__in=OPEN_STATES).exclude(article__in=closed)
    rows = rows.select_related("edition__article__owner", "submitted_by", "taken_up_by")
    today, total = timezone.localdate(), rows.count()
    rows = rows.exclude(edition__in=shown)
    signed = Verdict.objects.that_stand().filter(edition=OuterRef("edition"), member=person)
    gave_up = Transition.objects.filter(
        edition=OuterRef("edition"), by=person, move="give-up", at__gte=OuterRef("submitted_at")
    )
    mine = rows.filter(~Exists(gave_up), state=State.UNDER_REVIEW, taken_up_by=person)
    mine = mine.annotate(is_signed=Exists(signed))
    mine = mine.order_by("is_signed", "taken_up_at")
    own = list(mine[:MOST])
    others = rows.exclude(pk__in=mine.values("pk")).order_by("state", "submitted_at", "pk")[:MOST]
    lines = entries([*own, *others], person)
    waiting = lines[len(own) :]
    return {
        "mine": lines[: len(own)],
        "may": [one for one in waiting if not one["why_not"]],
        "may_not": [one for one in waiting if one["why_not"]],
        "total": total,
        "due": renewing.entries(list(renewing.due_by(today, closed=closed)[:MOST]), person, today=today),
    }


def for_editor(closed: frozenset[int]) -> dict[str, Any]:
    """What only an editor moves on: flagged works first, then what is to publish, with caution, overdue, and asked.

    What is `closed` to them is left out.
    """
    look_again = ReReview.objects.filter(closed_at=None).exclude(article__in=closed).order_by("opened_at", "pk")
    approved = Edition.objects.exclude(article__in=closed).filter(
        ~Exists(
            Edition.objects.filter(
                article=OuterRef("article"), number__gt=OuterRef("number"), review__state=State.APPROVED
            )
        ),
        review__state=State.APPROVED,
    )
    public = Publication.objects.filter(article=OuterRef("article"), edition__number__gte=OuterRef("number"))
    questions = FollowUpQuestion.objects.filter(state=FollowUpQuestion.State.NEW).exclude(article__in=closed)
    questions = questions.select_related("article")
    overdue = renewing.due_by(timezone.localdate() - datetime.timedelta(days=1), closed=closed)
    caution = Publication.objects.filter(standing=Standing.CAUTION).exclude(article__in=closed)
    waiting = ScheduledPublication.objects.filter(
        edition=OuterRef("pk"), outcome=ScheduledPublication.Outcome.WAITING
    ).values("at")
    to_publish = approved.filter(~Exists(public)).select_related("review", "article").order_by("review__decided_at")
    to_publish = to_publish.annotate(scheduled_at=Subquery(waiting[:1]))
    return {
        "look_again": look_again.select_related("edition", "event__reference").defer("edition__frozen")[:MOST],
        "look_again_count": look_again.count(),
        "to_publish": to_publish[:MOST],
        "caution": caution.select_related("edition__review").order_by("published_at")[:MOST],
        "caution_count": caution.count(),
        "overdue": overdue[:MOST],
        "questions": questions.order_by("asked_at")[:MOST],
        "question_count": questions.count(),
        "report_count": Feedback.objects.filter(state=Feedback.State.NEW).count(),
        "terms": Term.objects.proposed().select_related("proposed_by").order_by("proposed_at")[:MOST],
        "open_count": Review.objects.filter(state__in=OPEN_STATES).exclude(article__in=closed).count(),
    }


def for_administrator() -> dict[str, Any]:
    """How many work here, and the invitations that nobody has taken up yet."""
    now = timezone.now()
    return {
        "people": User.objects.filter(is_active=True).count(),
        "invitations": Invitation.objects.filter(accepted_at=None, expires_at__gt=now),
        "expired": Invitation.objects.filter(accepted_at=None, expires_at__lte=now)[:MOST],
    }


def _newest() -> QuerySet[Edition]:
    """The newest edition of each article."""
    newer = Edition.objects.filter(article=OuterRef("article"), number__gt=OuterRef("number"))
    return Edition.objects.filter(~Exists(newer)).order_by("-created_at")
