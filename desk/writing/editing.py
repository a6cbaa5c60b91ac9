"""The editor: a form that works without JavaScript. Whatever is refused, the person's text comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from articles import drafting, history
from articles.models import Article, Topic
from desk.access import EDITOR, article_for, articles_of, roles_of
from desk.reviewing.comparing import Comparison
from desk.writing import previewing
from desk.writing.differences import compared
from desk.writing.forms import (
    ArticleForm,
    BaseByline,
    Byline,
    answers_for,
    byline_initial,
    initial_of,
    people_for,
)
from people.models import User

MOST_OFFERED = 200
"""Answers and topics that the form offers by name; others can be typed."""


@dataclass(frozen=True)
class Meanwhile:
    """What somebody else saved since an edit began: shown beside the person's own text."""

    article: Article
    by: str
    theirs: Comparison | None
    """What they changed since the version that the edit began from; None where that version is not known."""
    mine: Comparison
    """How the person's text differs from theirs."""


def new(request: HttpRequest) -> HttpResponse:
    """GET: an empty editor; POST: save the first version. Its author stands in the byline, unless they change that."""
    person = _person(request)
    byline = [drafting.byline_entry(name=person.name, credentials=person.credentials, orcid=person.orcid, user=person)]
    return _edit(request, Article(owner=person, byline=byline), [])


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the editor; POST: save the next version, or with `preview` only show the preview.

    422 with sentences beside the fields; 409 with both texts where somebody saved meanwhile.
    """
    article = article_for(request, pk)
    return _edit(request, article, list(article.topics.all()))


def _edit(request: HttpRequest, article: Article, topics: list[Topic]) -> HttpResponse:
    if request.method != "POST":
        form, byline = _forms(request, article, initial_of(article, topics))
        return _page(request, article, form, byline)
    form, byline = _forms(request, article, None)
    if "preview" in request.POST:
        return _page(request, article, form, byline, preview=previewing.preview_of(request.POST))
    valid = form.is_valid()
    if not byline.is_valid() or not valid:
        return _page(request, article, form, byline, status=422)
    before = history.source_of(article, topics), article.byline, article.slug
    form.fill(article)
    article.byline = byline.entries(article.byline)
    drafting.normalise(article)
    mine = history.source_of(article, []) | {"topics": sorted(set(form.cleaned_data["topics"]))}
    if article.pk and (mine, article.byline, article.slug) == before:
        messages.info(request, _("Nothing differs from the newest version, so none was made."))
        return redirect("desk:article_edit", article.pk)
    base_version = form.cleaned_data["base_version"] if article.pk else 0
    try:
        with transaction.atomic():
            drafting.save(
                article,
                by=_person(request),
                base_version=base_version,
                comment=form.cleaned_data["comment"],
                topics=drafting.topics_named(form.cleaned_data["topics"]),
            )
    except drafting.Conflict as conflict:
        return _conflict(request, conflict.current, base_version, mine)
    except ValidationError as error:
        for field, sentences in error.message_dict.items():
            form.add_error(field if field in form.fields else None, sentences)
        return _page(request, article, form, byline, status=422)
    messages.success(request, _("Version %(number)d is saved.") % {"number": article.version})
    return redirect("desk:article_edit", article.pk)


def _forms(request: HttpRequest, article: Article, initial: dict[str, Any] | None) -> tuple[ArticleForm, BaseByline]:
    """Both forms: as the article stands with `initial`, else as the person sent them."""
    posted = None if initial else request.POST
    kwargs: dict[str, Any] = {
        "article": article,
        "answers": answers_for(articles_of(request)),
        "is_editor": EDITOR in roles_of(request),
    }
    people = {"people": people_for(article.byline)}
    form = ArticleForm(posted, initial=initial, **kwargs)
    byline = Byline(posted, initial=byline_initial(article.byline), form_kwargs=people, prefix="byline")
    return form, cast(BaseByline, byline)


def _conflict(request: HttpRequest, newest: Article, base_version: int, mine: dict[str, Any]) -> HttpResponse:
    """Both texts: the person's in the form, now on the newest version, and what differs. Nothing was saved."""
    posted = request.POST.copy()
    posted["base_version"] = str(newest.version)
    request.POST = posted  # type: ignore[assignment]
    form, byline = _forms(request, newest, None)
    theirs = history.source_of(newest, list(newest.topics.all()))
    versions = history.versions_of(newest)
    last = versions.first()
    base = next((one for one in versions if history.number_of(one) == base_version), None)
    meanwhile = Meanwhile(
        article=newest,
        by=str(last.revision.user) if last and last.revision.user else _("Somebody"),
        theirs=compared(history.source_at(base), theirs) if base else None,
        mine=compared(theirs, mine),
    )
    return _page(request, newest, form, byline, meanwhile=meanwhile, status=409)


def _page(
    request: HttpRequest,
    article: Article,
    form: ArticleForm,
    byline: BaseByline,
    *,
    preview: dict[str, Any] | None = None,
    meanwhile: Meanwhile | None = None,
    status: int = 200,
) -> HttpResponse:
    answers = answers_for(articles_of(request)).exclude(pk=article.pk).order_by("-updated_at")
    return render(
        request,
        "desk/writing/edit.html",
        {
            "section": "articles",
            "tab": "edit",
            # Its question as stored: what the person typed stands in the form.
            "article": Article.objects.select_related("owner").get(pk=article.pk) if article.pk else None,
            "form": form,
            "byline": byline,
            "errors": _errors(form, byline),
            "preview": preview,
            "readers": previewing.readers(),
            "meanwhile": meanwhile,
            "answers": answers.values("slug", "question")[:MOST_OFFERED],
            "topics": Topic.objects.values_list("name", flat=True)[:MOST_OFFERED],
        },
        status=status,
    )


def _errors(form: ArticleForm, byline: BaseByline) -> list[tuple[str, str]]:
    """Every sentence with the id of the field that it speaks of, in the order of the page."""
    if not form.is_bound:
        return []
    found: list[tuple[str, str]] = [("", str(error)) for error in form.non_field_errors()]
    for field in form:
        found += ((field.id_for_label, f"{field.label}: {error}") for error in field.errors)
    found += (("byline", str(error)) for error in byline.non_form_errors())
    for number, row in enumerate(byline.forms, start=1):
        for field in row:
            found += (
                (field.id_for_label, _("Author %(number)d: %(error)s") % {"number": number, "error": error})
                for error in field.errors
            )
    return found


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
