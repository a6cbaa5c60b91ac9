"""The works that an edition cites, as a reviewer sees them: as frozen, with what the library says of them today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from articles import comparing, flagged
from articles.editions import Frozen
from desk.reviewing.flags import Flag, flags_of
from references.models import Reference, Status
from reviews import justifying


@dataclass(frozen=True)
class Work(comparing.CitedWork):
    """One cited work under its number, with what a reviewer weighs."""

    flags: tuple[Flag, ...] = ()
    """What stands against it today, where it is retracted or doubted."""
    justification: str = ""
    """Why it was submitted all the same."""
    justified_as: str = ""
    """Under which flag: it may be graver today."""

    @property
    def is_unjustified(self) -> bool:
        """Whether today's flag came after the submission, so that its authors said nothing about it."""
        return self.asks and self.justified_as != self.status

    @property
    def justified_as_label(self) -> str:
        return str(Status(self.justified_as).label)


def works_of(frozen: Frozen, justifications: Sequence[Mapping[str, str]] = ()) -> list[Work]:
    """The cited works in order, each with its status and flags of today and what its authors said to justify it."""
    rows = frozen.frozen["references"]
    justifications = justifying.of_works(justifications)
    today = flagged.today([*(row["key"] for row in rows), *(one["key"] for one in justifications)])
    said = {today[one["key"]].pk: one for one in justifications if one["key"] in today}
    known = flags_of(work.pk for work in today.values() if work.status in flagged.ASKS)
    # Where the frozen work had none, what the library has by now.
    bare = [today[row["key"]].pk for row in rows if row["key"] in today and not row["csl"].get("abstract")]
    abstracts = dict(Reference.objects.filter(pk__in=bare).exclude(abstract="").values_list("pk", "abstract"))
    works = []
    for row in rows:
        now = today.get(row["key"])
        work = as_work(row, now.status if now else row["status"])
        if now:
            why = said.get(now.pk, {})
            work = replace(
                work,
                abstract=work.abstract or abstracts.get(now.pk, ""),
                flags=tuple(known.get(now.pk, ())),
                justification=why.get("text", ""),
                justified_as=why.get("status", ""),
            )
        works.append(work)
    return works


def as_work(row: dict[str, Any], status: str) -> Work:
    """One snapshot of an edition as plain data for a page."""
    return Work(**vars(comparing.cited_work(row, status)))
