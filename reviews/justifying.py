"""Justifications: why an edition cites a work that is retracted or doubted. Asked at submission, seen by the board."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from articles import flagged
from references.models import Reference, Status

LONGEST = 2000


class Asked(NamedTuple):
    """A cited work that needs a justification, under the flag that stands now."""

    pk: int
    key: str
    status: str

    @property
    def label(self) -> str:
        return str(Status(self.status).label)


def asked(works: Iterable[Reference]) -> list[Asked]:
    """The works among these for which a submission at this moment needs a justification, in their order."""
    keys = [work.key for work in works]
    today = flagged.today(keys)
    found = (today[key] for key in keys if key in today and today[key].status in flagged.GRAVE)
    return [Asked(*work) for work in dict.fromkeys(found)]


def missing(works: Iterable[Asked], given: Mapping[str, str]) -> list[Asked]:
    """Those of the works for which `given` has no words; `given` holds texts by the works' keys."""
    return [work for work in works if not given.get(work.key, "").strip()]


def as_data(works: Iterable[Asked], given: Mapping[str, str]) -> list[dict[str, str]]:
    """What the review keeps: key, status as it then was, and text."""
    return [{"key": work.key, "status": work.status, "text": given[work.key].strip()} for work in works]


def in_words(justifications: Iterable[Mapping[str, str]]) -> str:
    """The same as the record keeps it, at the end of the reason of its transition; in no language of its own."""
    return "\n\n".join(f"@{one['key']} ({one['status']}): {one['text']}" for one in justifications)
