"""The library's list and the list that the editor's picker shows: one page of works at a time, with what stands out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles import citing
from desk.access import roles_of
from desk.library.filters import LONGEST_QUERY, Filters
from desk.library.showing import described
from desk.policy import WRITERS
from references import ages
from references.models import Check, Kind, Reference
from references.searching import finding

PAGE = 30
PICKED = 12
FRAGMENT = "X-Fragment"
"""The header by which the page's script asks for the works alone."""


@dataclass(frozen=True)
class Page:
    """Where in a list one is. `last` is None where nobody counted so far."""

    number: int
    last: int | None
    has_next: bool

    @property
    def previous(self) -> int:
        return self.number - 1

    @property
    def next(self) -> int:
        return self.number + 1

    @property
    def is_only(self) -> bool:
        return self.number == 1 and not self.has_next


def library(request: HttpRequest) -> HttpResponse:
    """GET: the works; `q`, `kind`, `status`, `form` and `only` narrow the list, `sort` orders it, `page` turns it.

    With the header X-Fragment, the works alone. A list that nobody can count quickly ends at FEW works, and says so.
    """
    filters = Filters(request.GET)
    listing = filters.listing()
    count = listing.count()
    last = max(1, -(-count.number // PAGE))
    number = min(_number(request.GET.get("page", "")), last)
    works, has_next = listing.page((number - 1) * PAGE, PAGE)
    page = Page(number, last, has_next and number < last)
    query = request.GET.copy()
    query.pop("page", None)
    chosen = filters.chosen()
    context = {
        "section": "library",
        "filters": filters,
        "is_narrowed": bool(chosen),
        "only": chosen.get("only", ""),
        "page": page,
        "works": _lines(works),
        "count": count,
        "count_words": _words(count, is_narrowed=bool(chosen)),
        "query": query.urlencode(),
        "kept": [(name, value) for name, values in query.lists() for value in values],
        "kinds": Kind.choices,
        "may_write": bool(roles_of(request) & WRITERS),
    }
    is_fragment = FRAGMENT in request.headers
    response = render(request, "desk/library/works.html" if is_fragment else "desk/library/library.html", context)
    patch_vary_headers(response, [FRAGMENT])
    return response


def picker(request: HttpRequest) -> HttpResponse:
    """GET `q`: an HTML fragment, each work a button with the citation that it inserts.

    Without words, the works that texts took up last, then those that were added last.
    """
    query = request.GET.get("q", "")[:LONGEST_QUERY].strip()
    if query:
        listing = finding.Listing(Reference.objects.all(), query=query, order=finding.YEAR)
        works, is_more = listing.page(0, PICKED)
    else:
        works, is_more = _latest(), False
    return render(
        request,
        "desk/library/picker.html",
        {"works": [described(work) for work in works], "is_more": is_more, "is_latest": not query},
    )


def _latest() -> list[Reference]:
    """A few queries, whatever the library's size."""
    works = citing.cited_last(PICKED)
    if len(works) < PICKED:
        added, _more = finding.Listing(Reference.objects.all(), order=finding.NEWEST).page(0, PICKED)
        works += [work for work in added if work not in works][: PICKED - len(works)]
    return works


def _lines(works: list[Reference]) -> list[dict[str, Any]]:
    """The works as lines of the list, each with what stands out of it. Three queries for all.

    Addresses and labels are texts already, for a template is slow at making them, once a row.
    """
    counts = citing.counts(works)
    checks: dict[int, set[tuple[str, str]]] = {}
    asked = Check.objects.filter(reference__in=[work.pk for work in works]).exclude(outcome="")
    for pk, source, outcome in asked.values_list("reference", "source", "outcome"):
        checks.setdefault(pk, set()).add((source, outcome))
    this_year = timezone.localdate().year
    before, _zero, after = reverse("desk:reference", args=[0]).rpartition("0")
    select = _("Select %(key)s")
    return [
        described(work)
        | {
            "pk": str(work.pk),
            "url": f"{before}{work.pk}{after}",
            "select": select % {"key": work.key},
            "year": str(work.year or ""),
            "cited": counts.get(work.pk, 0),
            "notes": _notes(work, checks.get(work.pk, set()), this_year),
        }
        for work in works
    ]


def _notes(work: Reference, checks: set[tuple[str, str]], this_year: int) -> list[str]:
    """In a few words each, what somebody who keeps the library wants to see of a work."""
    notes = []
    if (Check.Source.LINK, Check.Outcome.FLAGGED) in checks:
        notes.append(_("address broken"))
    if any(outcome == Check.Outcome.FAILED for _source, outcome in checks):
        notes.append(_("could not be checked"))
    if ages.is_old(work, this_year):
        notes.append(_("old for its kind"))
    if not any((work.doi, work.pmid, work.pmcid, work.isbn, work.nct)):
        notes.append(_("no identifier"))
    return notes


def _words(count: finding.Count, *, is_narrowed: bool) -> str:
    number = number_format(count.number, force_grouping=True)
    if not count.is_exact:
        return _(
            "More than %(number)s works fit. The first %(number)s are listed: type more words, or narrow the list."
        ) % {"number": number}
    if is_narrowed:
        return ngettext("%(number)s work fits.", "%(number)s works fit.", count.number) % {"number": number}
    return ngettext("%(number)s work", "%(number)s works", count.number) % {"number": number}


def _number(given: str) -> int:
    return max(1, int(given)) if given.isascii() and given.isdigit() and len(given) < 8 else 1
