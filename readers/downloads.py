"""References to take away: the works that a public edition cites, from its verified snapshots."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from articles import editions, flagged
from articles.cards import caution
from articles.models import Edition, Publication
from articles.notices import marks
from readers.answers import moved
from readers.frame import public_file
from references.formats.bibtex import to_bibtex
from references.formats.csl import exported
from references.formats.ris import to_ris
from references.models import Status


@public_file
def references_ris(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """The references as RIS."""
    works = _works(slug, number)
    if works is None:
        return moved(request, slug)
    return _file(to_ris(works), "application/x-research-info-systems", f"{_name(slug, number)}.ris")


@public_file
def references_csl(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """The references as CSL-JSON."""
    works = _works(slug, number)
    if works is None:
        return moved(request, slug)
    text = json.dumps([exported(work) for work in works], ensure_ascii=False, indent=1)
    return _file(text, "application/vnd.citationstyles.csl+json", f"{_name(slug, number)}.json")


@public_file
def references_bibtex(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """The references as BibTeX."""
    works = _works(slug, number)
    if works is None:
        return moved(request, slug)
    return _file(to_bibtex(works), "application/x-bibtex", f"{_name(slug, number)}.bib")


def _works(slug: str, number: int | None) -> list[dict[str, Any]] | None:
    """CSL items as they stood in an edition, with what is known against each today; None where nothing is readable.

    The edition is the public one, or that of a permanent address. Where the answer was withdrawn or carries notices,
    each work's note says so: a list is read far from the page. No format has a field for a retraction that every
    program reads, so it is also said in the notes. Raises editions.Altered where the bytes are not what was frozen.
    """
    publication = Publication.objects.readable().select_related("edition").filter(slug=slug).first()
    edition = _edition(publication, number) if publication else None
    if publication is None or edition is None:
        return None
    frozen = editions.read(edition)
    today = flagged.statuses(frozen)
    of_answer = [
        _("The answer that cites this work, %(address)s: %(mark)s") % {"address": _address(publication), "mark": mark}
        for mark in marks(publication)
    ]
    return [
        as_of_today(work["csl"], today.get(work["key"], work["status"]), of_answer)
        for work in frozen.frozen["references"]
    ]


def _address(publication: Publication) -> str:
    return settings.SITE_URL + reverse("readers:answer", args=[publication.slug])


def _edition(publication: Publication, number: int | None) -> Edition | None:
    if number in {None, publication.edition.number}:
        return publication.edition
    entries = [one for one in publication.statement["editions"] if one["number"] == number and one["readable"]]
    return Edition.objects.get(pk=entries[0]["edition"]) if entries else None


def as_of_today(csl: dict[str, Any], status: str, of_answer: list[str]) -> dict[str, Any]:
    """The work with what is known against it, and against the answer that cites it, in its note."""
    note = " ".join(filter(None, [caution(Status(status)), *of_answer]))
    return csl | {"custom": csl["custom"] | {"status": status}} | ({"note": note} if note else {})


def _name(slug: str, number: int | None) -> str:
    return slug if number is None else f"{slug}-edition-{number}"


def _file(text: str, content_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        text.encode(),
        headers={
            "Content-Type": f"{content_type}; charset=utf-8",
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Robots-Tag": "noindex",
        },
    )
