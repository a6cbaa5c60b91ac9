"""The references of a page: for each work that it cites a card, the full citation, and what machines take from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from articles.markup.door import CITE_MARK
from references.citing.coins import context_object
from references.citing.style import authors_line, source_line, stopped, vancouver, year
from references.identity.identifiers import url_of_doi, url_of_nct, url_of_pmcid, url_of_pmid
from references.models import Kind, Status, Type

_TOLD_FORMS = {Type.ARTICLE, Type.PAPER_CONFERENCE, Type.THESIS, Type.POST, Type.DATASET, Type.SOFTWARE}
"""Forms of publication that a reader weighs a source by: they stand beside the kind."""


def of_page(works: Iterable[dict[str, Any]], texts: Iterable[str], status: dict[str, str]) -> Iterator[dict[str, Any]]:
    """The works of an edition that the signed texts of one page cite, as the templates take them, by number.

    `works` are the edition's frozen references, `status` what is known against them today, by key.
    """
    places: dict[int, list[str]] = defaultdict(list)
    for html in texts:
        for mark in CITE_MARK.finditer(html):
            places[int(mark["number"])].append(mark["id"])
    for work in works:
        if work["number"] in places:
            now = Status(status.get(work["key"], work["status"]))
            yield _card(work, now) | {"backlinks": places[work["number"]]}


def caution(status: Status) -> str:
    """What a reader must know of a work in this state, in one sentence; empty where nothing is known against it."""
    return {
        Status.RETRACTED: _("This work has been retracted. Do not rely on what it found."),
        Status.CONCERN: _("The publisher has voiced concern about this work."),
        Status.SUPERSEDED: _("A newer version of this work has been published."),
        Status.CORRECTED: _("A correction of this work has been published."),
    }.get(status, "")


def _card(work: dict[str, Any], now: Status) -> dict[str, Any]:
    csl = work["csl"]
    warning = caution(now)
    return {
        "number": work["number"],
        "tags": _tags(work["kind"], csl.get("type", "")),
        "form": csl.get("type", ""),
        "title": csl.get("title", ""),
        "authors": stopped(authors_line(csl)),
        "source": source_line(csl),
        "year": year(csl),
        "links": _links(csl),
        "isbn": csl.get("ISBN", ""),
        "status": now.value,
        "status_label": now.label,
        "caution": warning,
        "vancouver": vancouver(csl),
        "coins": context_object(csl, warning),
    }


def _tags(kind: str, form: str) -> list[str]:
    """The kind, and the form of publication where it says more; for a work of no known kind its form alone."""
    forms = [str(Type(form).label)] if form in Type.values else []
    if kind == Kind.OTHER and forms and form != Type.DOCUMENT:
        return forms
    return [str(Kind(kind).label), *(forms if form in _TOLD_FORMS else [])]


def _links(csl: dict[str, Any]) -> list[dict[str, str]]:
    """Where the work can be found, each address once. `more` is what a link's name leaves out for the eye."""
    doi, pmid, pmcid = (csl.get(name, "") for name in ("DOI", "PMID", "PMCID"))
    nct = csl.get("custom", {}).get("nct", "")
    links = [
        {"label": "DOI", "url": url_of_doi(doi), "more": doi} if doi else None,
        {"label": "PubMed", "url": url_of_pmid(pmid), "more": ""} if pmid else None,
        {"label": "PubMed Central", "url": url_of_pmcid(pmcid), "more": ""} if pmcid else None,
        {"label": "ClinicalTrials.gov", "url": url_of_nct(nct), "more": nct} if nct else None,
    ]
    found = [link for link in links if link]
    url = csl.get("URL", "")
    if url and _bare(url) not in {_bare(link["url"]) for link in found}:
        is_page = csl.get("type") in {Type.WEBPAGE, Type.POST}
        found.append({"label": _("Web page") if is_page else _("Full text"), "url": url, "more": ""})
    return found


def _bare(url: str) -> str:
    """An address without what makes no difference to where it leads."""
    return url.lower().split("://", 1)[-1].removeprefix("www.").removeprefix("dx.").rstrip("/")
