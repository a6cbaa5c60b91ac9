"""The library's screens: the works, one of them, its form, and the list that the editor's picker shows."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from reversion.models import Version

from articles.markup.citations import possible_keys
from articles.models import Article
from desk.access import articles_of, roles_of
from desk.library.forms import ReferenceForm, initial_of
from desk.library.showing import citation_of as citation_of
from desk.library.showing import described as described
from desk.policy import WRITERS
from people.models import User
from references import library as shelf
from references.formats.csl import to_csl
from references.identifiers import url_of_doi, url_of_pmid
from references.models import Reference
from references.style import vancouver

VERSIONS = 10


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
