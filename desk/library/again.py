"""Looking up again a work that is here: what the services say now, field by field, to be taken or left.

What they answered stays in the page, sealed, until somebody chose: what is saved as theirs is what was shown. Versions
that a register names are kept at once, as the watch keeps them; they change nothing in the work itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from articles import diffs
from desk.library.fields import DATE, PARTS_OF_DATE, label_of, text_of
from desk.library.lookup import is_within
from people.models import User
from references import library
from references.identity import relations
from references.lookup import service
from references.lookup.service import Unreadable
from references.models import Kind, Reference
from references.web.client import WebError
from references.works import FIELDS, Work, differences

_SALT = "desk.library.again"
_KEPT = 12 * 60 * 60
_ASKED_BY = ("doi", "pmid", "pmcid", "isbn")


@dataclass(frozen=True)
class Line:
    """A field in which the work and the services differ."""

    name: str
    label: str
    ours: str
    theirs: str
    pieces: tuple[diffs.Piece, ...]
    is_chosen: bool
    errors: tuple[str, ...] = ()


@dataclass
class Offer:
    """What was answered: who said it, the fields that differed then, and sentences about the answer."""

    source: str
    values: dict[str, Any]
    notes: list[str]
    relatives: list[str]

    def sealed(self, work: Reference) -> str:
        return signing.dumps([work.pk, vars(self)], salt=_SALT, compress=True)

    @classmethod
    def of(cls, text: str, work: Reference) -> Offer:
        """What `sealed` holds. Raises BadSignature where it is none, is too old, or was about another work."""
        pk, held = signing.loads(text, salt=_SALT, max_age=_KEPT)
        if pk != work.pk:
            raise signing.BadSignature
        return cls(**held)

    def lines(
        self, work: Reference, *, chosen: Collection[str] | None = None, errors: Mapping[str, list[str]] | None = None
    ) -> list[Line]:
        """The fields that still differ. Unless somebody chose, those are chosen that are empty here."""
        theirs = _with(work, self.values)
        differing = differences(Work.of(theirs), work)
        names = [DATE if name in PARTS_OF_DATE else name for name in FIELDS if name in differing]
        lines = []
        for name in dict.fromkeys(names):
            before, after = text_of(work, name), text_of(theirs, name)
            is_empty = not before or (name == "kind" and work.kind == Kind.OTHER)
            pieces = diffs.of_words(before, after)
            is_shared = any(piece.kind == diffs.SAME for piece in pieces)
            lines.append(
                Line(
                    name,
                    label_of(name),
                    before,
                    after,
                    tuple(piece for piece in pieces if piece.kind != diffs.REMOVED) if is_shared else (),
                    is_empty if chosen is None else name in chosen,
                    tuple((errors or {}).get(name, ())),
                )
            )
        return lines


def look_up_again(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: what would be asked. POST `do=ask`: ask, and show what differs; `do=take`: take the fields `take`.

    422 where nothing was chosen, or the work would not be sound with it; 409 where somebody saved the work meanwhile.
    """
    work = get_object_or_404(Reference, pk=pk)
    if request.method != "POST":
        return _page(request, work)
    match request.POST.get("do"):
        case "ask":
            return _ask(request, work)
        case "take":
            return _take(request, work)
        case _:
            return _page(request, work, status=422)


def _ask(request: HttpRequest, work: Reference) -> HttpResponse:
    person = request.user
    assert isinstance(person, User)
    if not is_within(person):
        failure = _("Those were many look-ups in a short time: try again in a few minutes.")
        return _page(request, work, failure=failure, status=429)
    try:
        found = service.look_up_again(work)
    except (WebError, Unreadable) as error:
        return _page(request, work, failure=str(error))
    relations.store(work, found.relatives, found.register)
    names = set(differences(found.work, work)) - {"accessed_on"}
    if names & set(PARTS_OF_DATE):
        names |= set(PARTS_OF_DATE)
    values = {name: getattr(found.work, name) for name in FIELDS if name in names}
    offer = Offer(found.source, values, list(found.notes), [each.sentence for each in found.relatives])
    return _page(request, work, offer=offer)


def _take(request: HttpRequest, work: Reference) -> HttpResponse:
    person = request.user
    assert isinstance(person, User)
    try:
        offer = Offer.of(request.POST.get("offer", ""), work)
    except signing.BadSignature:
        failure = _("The answer is too old to be taken, or was changed on its way: look it up again.")
        return _page(request, work, failure=failure, status=422)
    chosen = set(request.POST.getlist("take"))
    names = [line.name for line in offer.lines(work) if line.name in chosen]
    if not names:
        error = _("Choose at least one field, or leave the work as it is.")
        return _page(request, work, offer=offer, chosen=chosen, error=error, status=422)
    try:
        with transaction.atomic():
            # The row as it stands now, and no one else's until this is saved.
            row = get_object_or_404(Reference.objects.select_for_update(), pk=work.pk)
            if request.POST.get("base") != row.updated_at.isoformat():
                error = _("Somebody saved this work meanwhile. Nothing was taken yet: this is how the two differ now.")
                return _page(request, row, offer=offer, chosen=chosen, error=error, status=409)
            taken = {name for each in names for name in (PARTS_OF_DATE if each == DATE else (each,))}
            row = _with(row, {name: value for name, value in offer.values.items() if name in taken})
            labels = ", ".join(label_of(name) for name in names)
            told = {"fields": labels, "source": offer.source}
            library.save_reference(row, by=person, comment=_("Looked up again, from %(source)s: %(fields)s") % told)
    except ValidationError as refused:
        errors: dict[str, list[str]] = {}
        for field, sentences in refused.message_dict.items():
            errors.setdefault(DATE if field in PARTS_OF_DATE else field, []).extend(sentences)
        error = _("Nothing was taken. Please put this right:") + " " + " ".join(sum(errors.values(), []))
        return _page(request, work, offer=offer, chosen=chosen, error=error, errors=errors, status=422)
    messages.success(request, _("Taken from %(source)s: %(fields)s.") % told)
    return redirect("desk:reference", work.pk)


def _with(work: Reference, values: Mapping[str, Any]) -> Reference:
    """The row, unsaved, saying these values."""
    row = Reference(pk=work.pk, created_at=work.created_at, updated_at=work.updated_at, **Work.of(work).values())
    row._state.adding = False
    for name, value in values.items():
        setattr(row, name, value)
    return row


def _page(
    request: HttpRequest,
    work: Reference,
    *,
    offer: Offer | None = None,
    chosen: Collection[str] | None = None,
    errors: Mapping[str, list[str]] | None = None,
    error: str = "",
    failure: str = "",
    status: int = 200,
) -> HttpResponse:
    identifiers = [(label_of(name), value) for name in _ASKED_BY if (value := getattr(work, name))]
    context = {
        "section": "library",
        "work": work,
        "identifiers": identifiers,
        "offer": offer,
        "sealed": offer.sealed(work) if offer else "",
        "base": work.updated_at.isoformat(),
        "lines": offer.lines(work, chosen=chosen, errors=errors) if offer else [],
        "error": error,
        "failure": failure,
    }
    return render(request, "desk/library/again.html", context, status=status)
