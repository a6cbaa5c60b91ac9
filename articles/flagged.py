"""What the library says today of the works that an edition cites, and where a work is cited: through all its keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.html import escape

from articles.editions import Frozen
from articles.markup.door import CITE_MARK
from articles.models import Citation, Edition
from references.identity import keys
from references.models import Alias, Reference, Status

GRAVE = frozenset({Status.RETRACTED.value, Status.CONCERN.value})
"""Flags over which a review opens again."""

ASKS = GRAVE | {Status.SUPERSEDED.value}
"""Flags that a submission has to justify: of a superseded work too the board is told why it is still cited."""

AT_THE_NUMBER = frozenset({Status.RETRACTED, Status.CONCERN, Status.SUPERSEDED})
"""Flags that stand behind the citation number as well. A correction stands at the reference alone."""


class Today(NamedTuple):
    """A work of the library as it is now: its row, its own key and its status."""

    pk: int
    key: str
    status: str


def today(cited: Iterable[str]) -> dict[str, Today]:
    """The works that keys lead to, by the key as given: their own or an alias. A key that leads to none is left out.

    One query, and a second one only where a key is no work's own.
    """
    wanted = set(cited)
    rows = Reference.objects.filter(key__in=wanted).order_by().values_list("pk", "key", "status") if wanted else ()
    found = {row[1]: Today(*row) for row in rows}
    if missing := {key: keys.normal(key) for key in wanted - found.keys()}:
        aliases = Alias.objects.filter(scheme=Alias.Scheme.KEY, value__in=set(missing.values())).values_list(
            "value", "reference__pk", "reference__key", "reference__status"
        )
        led = {value: Today(pk, key, status) for value, pk, key, status in aliases}
        found |= {key: led[value] for key, value in missing.items() if value in led}
    return found


def statuses(frozen: Frozen) -> dict[str, str]:
    """The status today of an edition's works, by their key there, where it or the frozen one is not `current`.

    A work that the library no longer knows keeps what was frozen.
    """
    rows = frozen.frozen["references"]
    now = today(row["key"] for row in rows)
    said = {row["key"]: now[row["key"]].status if row["key"] in now else row["status"] for row in rows}
    was_flagged = {row["key"] for row in rows if row["status"] != Status.CURRENT}
    return {key: status for key, status in said.items() if status != Status.CURRENT or key in was_flagged}


def at_the_numbers(html: str, status: Mapping[str, str], frozen: Frozen) -> str:
    """Signed HTML with a flag behind the numbers of works that are retracted, doubted or superseded today.

    `status` is that of the edition's works by their key there; nothing else in the HTML changes.
    """
    if not status:
        return html
    flags = {
        str(work["number"]): f'<span class="cite-flag">{escape(Status(status[work["key"]]).label)}</span>'
        for work in frozen.frozen["references"]
        if status.get(work["key"]) in AT_THE_NUMBER
    }
    return CITE_MARK.sub(lambda mark: mark[0] + flags.get(mark["number"], ""), html)


def citations_of(reference: Reference) -> QuerySet[Citation]:
    """Where a work is cited, in drafts and in editions, under its own key or an alias."""
    aliases = Alias.objects.filter(scheme=Alias.Scheme.KEY, reference=reference.pk).values_list("value", flat=True)
    return Citation.objects.filter(key__in={reference.key_normal, *aliases})


def works_cited_by(edition: Edition) -> list[int]:
    """The rows of the library that an edition cites, whatever they are called today."""
    cited = list(Citation.objects.filter(edition=edition).order_by().values_list("key", flat=True))
    aliases = Alias.objects.filter(scheme=Alias.Scheme.KEY, value__in=cited).values_list("reference", flat=True)
    return [*Reference.objects.filter(key_normal__in=cited).order_by().values_list("pk", flat=True), *aliases]
