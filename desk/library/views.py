"""The form of a work: a new one, or the next version of one that is here."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from desk.library.forms import ReferenceForm, initial_of
from desk.library.showing import citation_of as citation_of
from desk.library.showing import described as described
from people.models import User
from references import library as shelf
from references.models import Reference


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
