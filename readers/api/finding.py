"""Search for programs, by the same door as the page's."""

from __future__ import annotations

from typing import Any

from articles.search import search
from readers.api import forms
from readers.frame import Reader


def hits(query: str, reader: Reader, *, limit: int) -> dict[str, Any]:
    """The shape `HitList`."""
    results = search(query, limit=limit, audience=reader.audience)
    noticed = forms.notices_by_article([hit.publication for hit in results.hits])
    return forms.said() | {
        "q": query,
        "total": results.total,
        "items": [
            forms.marks_of_line(hit.publication, noticed.get(hit.publication.article_id, []))
            | forms.named(hit.publication, reader)
            | {"score": round(hit.score, 4), "passage": "".join(piece.text for piece in hit.passage)}
            for hit in results.hits
        ],
    }
