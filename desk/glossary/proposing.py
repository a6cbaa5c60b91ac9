"""A new term: proposed by whoever writes, in place in the editor too; put in force at once by an editor."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from articles import glossary
from articles.models import Article
from desk.access import EDITOR, articles_of, roles_of
from desk.glossary.forms import ProposalForm
from people.models import User

FRAGMENT = "X-Fragment"
"""The header by which the editor's script asks for the form alone."""


def term_new(request: HttpRequest) -> HttpResponse:
    """GET: the form, with the `term` of the address in it. POST: propose the term, or with `add` put it in force.

    With the header X-Fragment, the form or the sentence of success alone. 422 with sentences beside the fields.
    """
    is_editor = EDITOR in roles_of(request)
    if request.method != "POST":
        first = {"term": request.GET.get("term", "")[:120], "article": _article_pk(request.GET.get("article", ""))}
        return _page(request, ProposalForm(initial=first))
    form = ProposalForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    person = request.user
    assert isinstance(person, User)
    adds = is_editor and "add" in request.POST
    try:
        if adds:
            term = glossary.add(by=person, **form.words)
        else:
            article = _article(request, form.cleaned_data["article"])
            term = glossary.propose(by=person, note=form.cleaned_data["note"], article=article, **form.words)
    except ValidationError as error:
        for field, sentences in error.message_dict.items():
            form.add_error(field, sentences)
        return _page(request, form, status=422)
    if adds:
        said = _("“%(term)s” is in force: editions to come explain it.") % {"term": term.term}
    else:
        said = _("“%(term)s” is on the editors’ list. It is explained once one of them accepts it.") % {
            "term": term.term
        }
    if FRAGMENT in request.headers:
        return _vary(render(request, "desk/glossary/proposed.html", {"said": said, "term": term}))
    messages.success(request, said)
    return redirect("desk:term", term.pk)


def _page(request: HttpRequest, form: ProposalForm, *, status: int = 200) -> HttpResponse:
    template = "desk/glossary/form.html" if FRAGMENT in request.headers else "desk/glossary/new.html"
    is_editor = EDITOR in roles_of(request)
    return _vary(
        render(request, template, {"section": "glossary", "form": form, "is_editor": is_editor}, status=status)
    )


def _vary(response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, [FRAGMENT])
    return response


def _article_pk(given: str) -> int | None:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 18 else None


def _article(request: HttpRequest, pk: int | None) -> Article | None:
    """The article in which somebody met the term; none where it is not theirs to open."""
    return articles_of(request).filter(pk=pk).first() if pk else None
