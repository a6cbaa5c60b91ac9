"""Works from CSL-JSON, pasted or uploaded, with what became of each entry."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import Field
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from desk.library.forms import ImportForm
from desk.library.views import citation_of
from people.models import User
from references import library
from references.formats.csl import parse_csl
from references.models import Reference


def library_import(request: HttpRequest) -> HttpResponse:
    """GET: the form; POST: take the works in and show each entry's outcome. What is here already stays as it is."""
    if request.method != "POST":
        return _page(request, ImportForm())
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    works, problems = parse_csl(form.content())
    if not works:
        return _page(request, form, left_out=[str(problem) for problem in problems], status=422)
    person = request.user
    assert isinstance(person, User)
    outcome = library.add_works(
        works, by=person, comment=_("From CSL-JSON"), rename_keys=form.cleaned_data["rename_keys"]
    )
    return _page(
        request,
        ImportForm(),
        outcome=described(outcome),
        left_out=[str(problem) for problem in problems]
        + [f"{refused.work.source_id or refused.work.title}: {refused.message}" for refused in outcome.refused],
    )


def described(outcome: library.Outcome) -> dict[str, Any]:
    """The entries that are in the library now: those added, and those that were there."""
    called = {key: name for name, key in outcome.renamed.items()}
    return {
        "added": [
            {"work": work, "citation": citation_of(work.key), "called": called.get(work.key, "")}
            for work in outcome.added
        ],
        "found": [
            {
                "work": found.match.reference,
                "citation": citation_of(found.match.reference.key),
                "called": found.work.source_id,
                "rule": found.match.rule_label,
                "differs": [str(cast(Field, Reference._meta.get_field(name)).verbose_name) for name in found.differs],
            }
            for found in outcome.found
        ],
    }


def _page(
    request: HttpRequest,
    form: ImportForm,
    *,
    outcome: dict[str, Any] | None = None,
    left_out: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"section": "library", "form": form, "outcome": outcome, "left_out": left_out or []}
    return render(request, "desk/library/import.html", context, status=status)
