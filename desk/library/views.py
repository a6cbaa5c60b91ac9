"""The library's screens: the works, one of them, its form, and the list that the editor's picker shows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from reversion.models import Version

from articles.markup.citations import possible_keys
from articles.models import Article
from desk.access import articles_of, roles_of
from desk.library.forms import ReferenceForm, initial_of
from desk.policy import WRITERS
from people.models import User
from references import finding, keys
from references import library as shelf
from references.formats.csl import to_csl
from references.identifiers import url_of_doi, url_of_pmid
from references.models import Kind, Reference, Status
from references.style import authors_line, source_line, vancouver

PAGE = 30
PICKED = 12
VERSIONS = 10
LONGEST_QUERY = 300


class Filters(forms.Form):
    """What the list can be narrowed by."""

    q = forms.CharField(
        label=gettext_lazy("Title, author, year, key, DOI or PMID"),
        required=False,
        max_length=LONGEST_QUERY,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("any")), *Kind.choices]  # type: ignore[attr-defined]
        self.fields["status"].choices = [("", _("any")), *Status.choices]  # type: ignore[attr-defined]


def library(request: HttpRequest) -> HttpResponse:
    """GET: the works, by key; `q`, `kind` and `status` narrow the list."""
    filters = Filters(request.GET)
    filters.is_valid()
    chosen = {name: value for name, value in filters.cleaned_data.items() if value}
    rows = finding.search(chosen.get("q", "")).defer("search_text")
    rows = rows.filter(**{name: chosen[name] for name in ("kind", "status") if name in chosen})
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "desk/library/library.html",
        {
            "section": "library",
            "filters": filters,
            "is_narrowed": bool(chosen),
            "page_obj": page,
            "works": [described(work) for work in page],
            "total": page.paginator.count,
            "query": query.urlencode(),
            "may_write": bool(roles_of(request) & WRITERS),
        },
    )


def picker(request: HttpRequest) -> HttpResponse:
    """GET `q`: an HTML fragment, each work a button with the citation that it inserts. Without words, the latest."""
    query = request.GET.get("q", "")[:LONGEST_QUERY].strip()
    rows: QuerySet[Reference] = finding.search(query).defer("search_text")
    if not query:
        rows = rows.order_by("-created_at", "-pk")
    works = list(rows[: PICKED + 1])
    return render(
        request,
        "desk/library/picker.html",
        {
            "works": [described(work) for work in works[:PICKED]],
            "is_more": len(works) > PICKED,
            "is_latest": not query,
        },
    )


def reference(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: one work, how it is cited, the person's articles that cite it, and its history."""
    work = get_object_or_404(Reference, pk=pk)
    csl = to_csl(work)
    return render(
        request,
        "desk/library/work.html",
        {
            "section": "library",
            "work": work,
            "shown": described(work),
            "vancouver": vancouver(csl),
            "doi_url": url_of_doi(work.doi) if work.doi else "",
            "pubmed_url": url_of_pmid(work.pmid) if work.pmid else "",
            "citing": citing(work, articles_of(request)),
            "versions": Version.objects.get_for_object(work)
            .select_related("revision__user")
            .defer("serialized_data")[:VERSIONS],
            "may_write": bool(roles_of(request) & WRITERS),
        },
    )


def new(request: HttpRequest) -> HttpResponse:
    """GET: an empty form; POST: add the work."""
    return _edit(request, Reference())


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the form of a work; POST: save it as the next version of its history. 422 with sentences by the fields."""
    return _edit(request, get_object_or_404(Reference, pk=pk))


def _edit(request: HttpRequest, work: Reference) -> HttpResponse:
    if request.method != "POST":
        return _page(request, work, ReferenceForm(initial=initial_of(work), reference=work))
    form = ReferenceForm(request.POST, reference=work)
    if not form.is_valid():
        return _page(request, work, form, status=422)
    is_new = work.pk is None
    form.fill(work)
    person = request.user
    assert isinstance(person, User)
    try:
        saved = shelf.save_reference(work, by=person, comment=form.cleaned_data.get("comment") or _("Added by hand"))
    except ValidationError as error:
        for field, sentences in error.message_dict.items():
            form.add_error(field if field in form.fields else None, sentences)
        return _page(request, work, form, status=422)
    if is_new:
        messages.success(
            request,
            _("The work is in the library. Cite it as %(citation)s.") % {"citation": citation_of(saved.key)},
        )
    else:
        messages.success(request, _("The work is saved."))
    return redirect("desk:reference", saved.pk)


def _page(request: HttpRequest, work: Reference, form: ReferenceForm, *, status: int = 200) -> HttpResponse:
    stored = Reference.objects.filter(pk=work.pk).first() if work.pk else None
    context = {"section": "library", "work": stored, "form": form}
    return render(request, "desk/library/edit.html", context, status=status)


def citation_of(key: str) -> str:
    """What an author writes to cite the work: `[@key]`, in braces where the key needs them."""
    return f"[@{key}]" if keys.is_plain(key) else f"[@{{{key}}}]"


def described(work: Reference) -> dict[str, Any]:
    """A work as a line of a list shows it."""
    csl = to_csl(work)
    return {
        "pk": work.pk,
        "key": work.key,
        "citation": citation_of(work.key),
        "title": work.title,
        "authors": authors_line(csl),
        "source": source_line(csl),
        "year": work.year,
        "kind": work.get_kind_display(),
        "status": work.status,
        "status_label": work.get_status_display(),
    }


def citing(work: Reference, articles: QuerySet[Article]) -> list[Article]:
    """Those of the articles whose texts may cite the work."""
    texts = ("lead", "plain_lead", "body")
    holding = articles.filter(body__contains=f"@{work.key}") | articles.filter(body__contains=f"@{{{work.key}")
    for name in texts[:2]:
        holding |= articles.filter(**{f"{name}__contains": f"@{work.key}"})
    return [
        article
        for article in holding.only("question", "slug", *texts)
        if work.key in possible_keys("\n".join(getattr(article, name) for name in texts))
    ]
