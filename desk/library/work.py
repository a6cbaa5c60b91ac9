"""The page of one work: what it is, what is known against it, where it is cited, and what became of its row."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Field, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from reversion.models import Version

from articles import citing, diffs
from desk.access import EDITOR, articles_of, roles_of
from desk.library.showing import citation_of, described, tag_of
from desk.policy import WRITERS
from references import ages, names
from references.citing.style import vancouver
from references.formats.csl import to_csl
from references.identity import identifiers
from references.identity.relations import relations_of
from references.models import DERIVED, Alias, Event, Likeness, Reference
from references.watching import flags

VERSIONS = 10
ARTICLES = 50
_NOT_SHOWN = {"created_at", "updated_at", "id", *DERIVED}


@dataclass(frozen=True)
class Change:
    """A field that one version changed, word by word."""

    label: str
    pieces: tuple[diffs.Piece, ...]


def reference(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: everything about one work. `history=all` shows all its versions instead of the newest."""
    return page(request, get_object_or_404(Reference, pk=pk))


def page(
    request: HttpRequest, work: Reference, *, dismissing: int | None = None, error: str = "", status: int = 200
) -> HttpResponse:
    """The page of a work; with `dismissing` and `error`, why that event was not dismissed."""
    roles = roles_of(request)
    versions, is_more = _versions(work, everything=request.GET.get("history") == "all")
    context = {
        "section": "library",
        "work": work,
        "shown": described(work),
        "form_label": work.get_type_display() if work.type else "",
        "vancouver": vancouver(to_csl(work)),
        "links": list(_links(work)),
        "aliases": [
            {"label": alias.get_scheme_display(), "text": _alias_text(alias)}
            for alias in work.aliases.order_by("scheme", "pk")
        ],
        "authors": [names.inverted(name) for name in work.authors],
        "editors": [names.inverted(name) for name in work.editors],
        "is_old": ages.is_old(work, timezone.localdate().year),
        "limit": ages.LIMITS.get(work.kind),
        "events": _events(work, dismissing=dismissing, error=error),
        "checks": work.checks.order_by("source"),
        "relations": relations_of(work),
        "cited": _cited(request, work),
        "versions": versions,
        "has_more_versions": is_more,
        "likely": _likely(work),
        "merges": work.merges.select_related("by"),
        "may_write": bool(roles & WRITERS),
        "may_dismiss": EDITOR in roles,
    }
    return render(request, "desk/library/work.html", context, status=status)


def _links(work: Reference) -> Iterator[dict[str, str]]:
    """The work's identifiers: what each is called, how it reads, and where it leads."""
    urls = {
        "doi": ("DOI", identifiers.url_of_doi),
        "pmid": ("PubMed", identifiers.url_of_pmid),
        "pmcid": ("PubMed Central", identifiers.url_of_pmcid),
        "nct": ("ClinicalTrials.gov", identifiers.url_of_nct),
        "isbn": ("ISBN", None),
        "issn": ("ISSN", None),
    }
    for name, (label, url_of) in urls.items():
        if value := getattr(work, name):
            yield {"label": label, "text": value, "url": url_of(value) if url_of else ""}
    if work.url:
        yield {"label": _("Address"), "text": work.url, "url": work.url}


def _alias_text(alias: Alias) -> str:
    return citation_of(alias.written) if alias.scheme == Alias.Scheme.KEY else alias.written


def _place(event: Event) -> tuple[bool, int, int]:
    return event.dismissed_at is not None, -flags.gravity(event.kind), -event.pk


def _events(work: Reference, *, dismissing: int | None, error: str) -> list[dict[str, Any]]:
    """What is known against the work, what stands first and of that the gravest, and who says so in which notice."""
    events = work.events.select_related("dismissed_by").prefetch_related("reports__by")
    return [
        {
            "row": event,
            "label": event.get_kind_display(),
            "tag": tag_of(flags.STATUS_OF[Event.Kind(event.kind)]),
            "stands": event.dismissed_at is None,
            "reports": [
                {
                    "row": report,
                    "source": flags.SOURCES.get(report.source, report.source),
                    "url": _url_of_notice(report.notice),
                }
                for report in event.reports.all()
            ],
            "error": error if event.pk == dismissing else "",
        }
        for event in sorted(events, key=_place)
    ]


def _url_of_notice(notice: str) -> str:
    scheme, _colon, value = notice.partition(":")
    if scheme == "doi":
        return identifiers.url_of_doi(value)
    if scheme == "pmid":
        return identifiers.url_of_pmid(value)
    return notice if scheme in {"https", "http"} and value.startswith("//") else ""


def _cited(request: HttpRequest, work: Reference) -> dict[str, Any]:
    """Where the work is cited: articles that the person may open, public answers, and how many others."""
    found = citing.where_cited(work)
    mine = articles_of(request).filter(pk__in=[article.pk for article in found])
    may_open = set(cast("list[int]", list(mine.values_list("pk", flat=True)))) if found else set()
    shown = [
        {"article": article, "may_open": article.pk in may_open}
        for article in found
        if article.pk in may_open or article.is_live
    ]
    return {"shown": shown[:ARTICLES], "more": max(0, len(shown) - ARTICLES), "hidden": len(found) - len(shown)}


def _likely(work: Reference) -> list[dict[str, Any]]:
    """The works that may be the same, most alike first."""
    pairs = Likeness.objects.filter(Q(first=work) | Q(second=work), dismissed_at=None).select_related("first", "second")
    return [{"row": pair, "other": pair.second if pair.first_id == work.pk else pair.first} for pair in pairs[:10]]


def _versions(work: Reference, *, everything: bool) -> tuple[list[dict[str, Any]], bool]:
    """The versions, newest first, each with what it changed; and whether older ones are left out. One query."""
    rows = Version.objects.get_for_object(work).select_related("revision__user")
    found = list(rows if everything else rows[: VERSIONS + 1])
    fields = [_fields(version) for version in found]
    shown = [
        {"row": version, "changes": _changes(older, newer) if older is not None else [], "is_first": older is None}
        for version, newer, older in zip(found, fields, [*fields[1:], None], strict=False)
    ]
    return (shown, False) if everything else (shown[:VERSIONS], len(shown) > VERSIONS)


def _fields(version: Version) -> dict[str, Any]:
    """What a version holds, as it was stored: old ones stay readable whatever the model became."""
    try:
        return dict(json.loads(version.serialized_data)[0]["fields"])
    except (ValueError, LookupError, TypeError):
        return {}


def _changes(older: Mapping[str, Any], newer: Mapping[str, Any]) -> list[Change]:
    changes = []
    for name, value in newer.items():
        # A field that a version does not have yet was empty then.
        before, after = _text(name, older.get(name)), _text(name, value)
        if name not in _NOT_SHOWN and before != after:
            changes.append(Change(_label(name), diffs.of_words(before, after)))
    return changes


def _label(name: str) -> str:
    field = next((field for field in Reference._meta.get_fields() if field.name == name), None)
    return str(cast(Field, field).verbose_name) if field else name


def _text(name: str, value: Any) -> str:
    if name in {"authors", "editors"}:
        return "; ".join(names.inverted(each) for each in value or [])
    field = next((field for field in Reference._meta.get_fields() if field.name == name), None)
    labels = dict(cast(Field, field).flatchoices) if field else {}
    return str(labels.get(value, "" if value is None else value))
