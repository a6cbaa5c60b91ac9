"""The editor: a form that works without JavaScript. Whatever is refused, the person's text comes back."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from articles import drafting, history, kinds, seen
from articles.audiences import AUDIENCES
from articles.models import AnswerKind, Article, Autosave, Topic
from desk.access import EDITOR, article_for, articles_of, roles_of
from desk.writing import joining, keeping, kept, previewing
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


def new(request: HttpRequest) -> HttpResponse:
    """GET: an empty editor, or with `kind` that kind's sections; POST: save the first version.

    Its author stands in the byline, unless they change that.
    """
    person = _person(request)
    byline = [drafting.byline_entry(name=person.name, credentials=person.credentials, orcid=person.orcid, user=person)]
    kind = AnswerKind.objects.offered().filter(slug=request.GET.get("kind", "")).first()
    body = kinds.template_of(kind) if kind else ""
    return _edit(request, Article(owner=person, byline=byline, kind=kind, body=body), [])


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the editor; POST: save the next version, or with `preview` only show the preview.

    422 with sentences beside the fields. Where somebody saved meanwhile, 409 with both texts side by side; with `join`,
    what the choices made there give, to be looked at and saved.
    """
    article = article_for(request, pk)
    if request.method != "POST":
        seen.mark(article, by=_person(request))
    return _edit(request, article, list(article.topics.all()))


def _edit(request: HttpRequest, article: Article, topics: list[Topic]) -> HttpResponse:
    if request.method != "POST":
        return _opened(request, article, topics)
    tab = keeping.tab_of(request)
    form, byline = _forms(request, article, None)
    if "preview" in request.POST:
        keeping.keep_posted(request, article, tab=tab)
        preview = previewing.preview_of(request.POST, of=article, person=request.user.pk)
        return _page(request, article, form, byline, tab=tab, preview=preview)
    valid = form.is_valid()
    if not byline.is_valid() or not valid:
        keeping.keep_posted(request, article, tab=tab)
        return _page(request, article, form, byline, tab=tab, status=422)
    before = history.source_of(article, topics), article.byline, article.slug
    form.fill(article)
    article.byline = byline.entries(article.byline)
    drafting.normalise(article)
    names = form.cleaned_data["topics"]
    mine = history.source_of(article, []) | {"topics": sorted(set(names))}
    if "join" in request.POST and article.pk:
        return _joined(request, article, names, tab=tab)
    if article.pk and (mine, article.byline, article.slug) == before:
        keeping.saved(request, article, mine, tab=tab)
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
                topics=drafting.topics_named(names),
            )
    except drafting.Conflict as conflict:
        keeping.keep_posted(request, article, tab=tab)
        return joining.refused(request, conflict.current, article, names, tab=tab)
    except ValidationError as error:
        for field, sentences in error.message_dict.items():
            form.add_error(field if field in form.fields else None, sentences)
        keeping.keep_posted(request, article, tab=tab)
        return _page(request, article, form, byline, tab=tab, status=422)
    keeping.saved(request, article, mine, tab=tab)
    messages.success(request, _("Version %(number)d is saved.") % {"number": article.version})
    return redirect("desk:article_edit", article.pk)


def _opened(request: HttpRequest, article: Article, topics: list[Topic]) -> HttpResponse:
    """The editor as the article stands, or with a text that was typed before and is taken up again."""
    row = keeping.taken(request, article)
    if row is None:
        if "take" in request.GET:
            messages.info(request, _("That text waits no longer: it was saved or discarded meanwhile."))
        form, byline = _forms(request, article, initial_of(article, topics))
        return _page(request, article, form, byline, tab=keeping.tab_of(request))
    initial, rows = kept.initial_of(row.fields)
    form, byline = _forms(request, article, initial | {"base_version": row.base_version}, rows)
    return _page(request, article, form, byline, tab=row.tab, taken=row)


def _joined(request: HttpRequest, mine: Article, topics: list[str], *, tab: str) -> HttpResponse:
    """The editor with what the choices made of two texts; it is kept, and not saved yet."""
    newest = Article.objects.select_related("owner", "publication").get(pk=mine.pk)
    made = joining.join(request, newest, mine, topics, tab=tab)
    if isinstance(made, HttpResponse):
        return made
    initial, entries = made
    rows = byline_initial(entries)
    fields = kept.fields_from(initial, rows)
    keeping.keep_text(request, newest, fields, tab=tab, base_version=initial["base_version"])
    newest.byline = entries
    form, byline = _forms(request, newest, initial, rows)
    return _page(request, newest, form, byline, tab=tab, joined=True)


def _forms(
    request: HttpRequest, article: Article, initial: dict[str, Any] | None, rows: list[dict[str, Any]] | None = None
) -> tuple[ArticleForm, BaseByline]:
    """Both forms: with `initial`, and `rows` of the byline (else as it stands), or as the person sent them."""
    posted = None if initial else request.POST
    kwargs: dict[str, Any] = {
        "article": article,
        "answers": answers_for(articles_of(request)),
        "is_editor": EDITOR in roles_of(request),
    }
    people = {"people": people_for(article.byline)}
    form = ArticleForm(posted, initial=initial, **kwargs)
    shown = byline_initial(article.byline) if rows is None else rows
    byline = Byline(posted, initial=shown, form_kwargs=people, prefix="byline")
    return form, cast(BaseByline, byline)


def _page(
    request: HttpRequest,
    article: Article,
    form: ArticleForm,
    byline: BaseByline,
    *,
    tab: str,
    preview: dict[str, Any] | None = None,
    taken: Autosave | None = None,
    joined: bool = False,
    status: int = 200,
) -> HttpResponse:
    # As it is stored: what the person typed stands in the form.
    stored = Article.objects.select_related("owner", "publication").get(pk=article.pk) if article.pk else None
    base_version = str(form["base_version"].value() or "")
    answers = answers_for(articles_of(request)).exclude(pk=article.pk).order_by("-updated_at")
    return render(
        request,
        "desk/writing/edit.html",
        {
            "section": "articles",
            "tab": "edit",
            "article": stored,
            "form": form,
            "byline": byline,
            "errors": _errors(form, byline),
            "preview": preview,
            "readers": previewing.readers(),
            "tab_token": tab,
            "taken": taken,
            "joined": joined,
            "is_unsaved": bool(taken or joined or request.method == "POST"),
            "waiting": keeping.waiting_for(request, stored, besides=tab),
            **keeping.around_of(_person(request), stored, tab=tab, base_version=keeping.number(base_version)),
            "audiences": [(one.slug, _(one.label)) for one in AUDIENCES],
            "kinds": AnswerKind.objects.offered() if stored is None and request.method != "POST" else (),
            "kind": article.kind,
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
