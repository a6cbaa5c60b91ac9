"""References to take away: the works that the public edition cites, from its verified snapshots."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse

from articles import editions, flagged
from articles.models import Publication
from readers.answers import moved
from readers.frame import public_file
from references.formats.ris import to_ris


@public_file
def references_ris(request: HttpRequest, slug: str) -> HttpResponse:
    """The references as RIS."""
    works = _works(slug)
    if works is None:
        return moved(request, slug)
    return _file(to_ris(works), "application/x-research-info-systems", f"{slug}.ris")


@public_file
def references_csl(request: HttpRequest, slug: str) -> HttpResponse:
    """The references as CSL-JSON."""
    works = _works(slug)
    if works is None:
        return moved(request, slug)
    text = json.dumps(works, ensure_ascii=False, indent=1)
    return _file(text, "application/vnd.citationstyles.csl+json", f"{slug}.json")


def _works(slug: str) -> list[dict[str, Any]] | None:
    """CSL items as they stood in the edition, with each work's status of today; None where nothing is readable.

    Raises editions.Altered where the edition's bytes are not what was frozen.
    """
    publication = Publication.objects.readable().select_related("edition").filter(slug=slug).first()
    if publication is None:
        return None
    frozen = editions.read(publication.edition)
    works = [work["csl"] for work in frozen.frozen["references"]]
    today = flagged.statuses(frozen)
    return [
        work | {"custom": work["custom"] | {"status": today.get(work["id"], work["custom"]["status"])}}
        for work in works
    ]


def _file(text: str, content_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        text.encode(),
        headers={
            "Content-Type": f"{content_type}; charset=utf-8",
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Robots-Tag": "noindex",
        },
    )
