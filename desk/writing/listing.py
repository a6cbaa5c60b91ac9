"""The list of articles, with filters. A constant number of queries, whatever its length."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import AnswerKind, Article, Contributor, Edition, Standing, Topic
from desk.access import EDITOR, articles_of, roles_of
from people.models import User
from reviews.models import Review, ScheduledPublication, State

PAGE = 30
DRAFT = "draft"
NOT_PUBLIC = "not-public"
LONGEST_QUERY = 200
MOST_WORDS = 10


class Filters(forms.Form):
    """What the list can be narrowed by. A value that is no choice is ignored."""

    q = forms.CharField(
        label=gettext_lazy("Words of the question"),
        required=False,
        max_length=LONGEST_QUERY,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    state = forms.ChoiceField(label=gettext_lazy("Review"), required=False)
    standing = forms.ChoiceField(label=gettext_lazy("Public"), required=False)
    kind = forms.ModelChoiceField(
        AnswerKind.objects.none(), label=gettext_lazy("Kind of answer"), required=False, to_field_name="slug"
    )
    topic = forms.ModelChoiceField(Topic.objects.none(), label=gettext_lazy("Topic"), required=False)
    author = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Author"), required=False)

    def __init__(self, *args: Any, is_editor: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        everything = ("", _("any"))
        self.fields["state"].choices = [everything, (DRAFT, _("draft")), *State.choices]  # type: ignore[attr-defined]
        self.fields["standing"].choices = [  # type: ignore[attr-defined]
            everything,
            (NOT_PUBLIC, _("never public")),
            *Standing.choices,
        ]
        self.fields["topic"].queryset = Topic.objects.all()  # type: ignore[attr-defined]
        self.fields["kind"].queryset = AnswerKind.objects.all()  # type: ignore[attr-defined]
        if is_editor:
            writers = Contributor.objects.values("user")
            owners = Article.objects.values("owner")
            self.fields["author"].queryset = User.objects.filter(  # type: ignore[attr-defined]
                Q(pk__in=writers) | Q(pk__in=owners)
            ).order_by("name", "pk")
        else:
            del self.fields["author"]
        for name in ("kind", "topic", "author"):
            if name in self.fields:
                self.fields[name].empty_label = _("any")  # type: ignore[attr-defined]


def articles(request: HttpRequest) -> HttpResponse:
    """GET: the articles that the person may open, newest work first."""
    filters = Filters(request.GET, is_editor=EDITOR in roles_of(request))
    filters.is_valid()
    chosen = {name: value for name, value in filters.cleaned_data.items() if value}
    rows = narrowed(listed(articles_of(request)), chosen)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "desk/writing/articles.html",
        {
            "section": "articles",
            "filters": filters,
            "is_narrowed": bool(chosen),
            "page_obj": page,
            "total": page.paginator.count,
            "query": query.urlencode(),
        },
    )


def listed(rows: QuerySet[Article]) -> QuerySet[Article]:
    """Articles with what a line shows: owner, standing, and of the newest edition its number, state and version."""
    newest = Edition.objects.filter(article=OuterRef("pk")).order_by("-number")
    return (
        rows.select_related("owner", "publication")
        .defer("body", "publication__statement")
        .annotate(
            edition_number=Subquery(newest.values("number")[:1]),
            edition_version=Subquery(newest.values("article_version")[:1]),
            review_state=Subquery(
                Review.objects.filter(article=OuterRef("pk")).order_by("-edition__number").values("state")[:1]
            ),
            scheduled_at=Subquery(
                ScheduledPublication.objects.filter(
                    article=OuterRef("pk"), outcome=ScheduledPublication.Outcome.WAITING
                ).values("at")[:1]
            ),
        )
        .order_by("-updated_at", "-pk")
    )


def narrowed(rows: QuerySet[Any], chosen: dict[str, Any]) -> QuerySet[Any]:
    """The rows that fit every filter that was chosen."""
    for word in chosen.get("q", "").split()[:MOST_WORDS]:
        rows = rows.filter(Q(question__icontains=word) | Q(plain_question__icontains=word))
    if state := chosen.get("state"):
        rows = rows.filter(review_state=None) if state == DRAFT else rows.filter(review_state=state)
    if standing := chosen.get("standing"):
        rows = rows.filter(publication=None) if standing == NOT_PUBLIC else rows.filter(publication__standing=standing)
    if kind := chosen.get("kind"):
        rows = rows.filter(kind=kind)
    if topic := chosen.get("topic"):
        rows = rows.filter(topics=topic)
    if author := chosen.get("author"):
        written = Contributor.objects.filter(user=author).values("article")
        rows = rows.filter(Q(owner=author) | Q(pk__in=written))
    return rows
