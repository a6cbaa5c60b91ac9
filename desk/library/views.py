"""The form of a work: a new one, or the next version of one that is here."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from reversion.models import Version

from articles import diffs
from desk.library.forms import ReferenceForm, initial_of
from desk.library.relatives import store_sealed
from desk.library.showing import citation_of as citation_of
from desk.library.showing import described as described
from people.models import User
from references import library as shelf
from references.models import Reference


@dataclass(frozen=True)
class Meanwhile:
    """That somebody saved the work while this person edited it: who, and the fields in which the two differ."""

    who: str
    comment: str
    fields: list[tuple[str, tuple[diffs.Piece, ...]]]


def new(request: HttpRequest) -> HttpResponse:
    """GET: an empty form; POST: add the work."""
    return _edit(request, Reference())


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the form of a work; POST: save it as the next version of its history.

    422 with sentences by the fields; 409 with both texts where somebody saved the work meanwhile.
    """
    return _edit(request, get_object_or_404(Reference, pk=pk))


def _edit(request: HttpRequest, work: Reference) -> HttpResponse:
    if request.method != "POST":
        return _page(request, work, ReferenceForm(initial=initial_of(work), reference=work))
    form = ReferenceForm(request.POST, reference=work)
    if not form.is_valid():
        return _page(request, work, form, status=422)
    is_new = work.pk is None
    person = request.user
    assert isinstance(person, User)
    try:
        with transaction.atomic():
            if not is_new:
                # The row as it stands now, and no one else's until this is saved.
                work = Reference.objects.select_for_update().get(pk=work.pk)
                if form.cleaned_data["base"] != work.updated_at.isoformat():
                    return _meanwhile(request, work, form)
            form.fill(work)
            saved = shelf.save_reference(work, by=person, comment=form.cleaned_data.get("comment") or _default(is_new))
            if is_new:
                store_sealed(request.POST.get("relatives", ""), saved)
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


def _default(is_new: bool) -> str:
    return _("Added by hand") if is_new else _("Edited by hand")


def _meanwhile(request: HttpRequest, newest: Reference, form: ReferenceForm) -> HttpResponse:
    """Keep the person's text in the form, show where theirs differs, and let the next save begin from the newest."""
    theirs = initial_of(newest)
    fields = [
        (str(field.label), diffs.of_words(_as_text(theirs[name]), _as_text(form.cleaned_data[name])))
        for name, field in form.fields.items()
        if name in theirs and name != "base" and _as_text(theirs[name]) != _as_text(form.cleaned_data[name])
    ]
    version = Version.objects.get_for_object(newest).select_related("revision__user").first()
    who = str(version.revision.user) if version and version.revision.user else _("Somebody")
    kept = ReferenceForm(form.data.dict() | {"base": theirs["base"]}, reference=newest)  # type: ignore[attr-defined]
    comment = version.revision.comment if version else ""
    return _page(request, newest, kept, meanwhile=Meanwhile(who, comment, fields), status=409)


def _as_text(value: object) -> str:
    return " ".join(str(value).split()) if value not in (None, "") else ""


def _page(
    request: HttpRequest,
    work: Reference,
    form: ReferenceForm,
    *,
    meanwhile: Meanwhile | None = None,
    status: int = 200,
) -> HttpResponse:
    stored = Reference.objects.filter(pk=work.pk).first() if work.pk else None
    context = {"section": "library", "work": stored, "form": form, "meanwhile": meanwhile}
    context["relatives"] = request.POST.get("relatives", "")
    return render(request, "desk/library/edit.html", context, status=status)
