"""A work as the library's screens show it: its line in a list, and what an author writes to cite it."""

from __future__ import annotations

from typing import Any

from references.citing.style import authors_line, source_line
from references.formats.csl import to_csl
from references.identity import keys
from references.models import Reference, Status


def citation_of(key: str) -> str:
    """What an author writes to cite the work: `[@key]`, in braces where the key needs them."""
    return f"[@{key}]" if keys.is_plain(key) else f"[@{{{key}}}]"


def described(work: Reference) -> dict[str, Any]:
    """A work as a line of a list shows it."""
    csl = to_csl(work)
    return {
        "pk": work.pk,
        "key": work.key,
        "citation": citation_of(work.key),
        "title": work.title,
        "authors": authors_line(csl),
        "source": source_line(csl),
        "year": work.year,
        "kind": work.get_kind_display(),
        "status": work.status,
        "status_label": work.get_status_display(),
        "tag": tag_of(work.status),
    }


def tag_of(status: str) -> str:
    """The colour of a flag's tag: red where nobody should lean on the work, amber where one should look twice."""
    if status == Status.CURRENT:
        return ""
    return "red" if status in {Status.RETRACTED, Status.CONCERN} else "amber"
