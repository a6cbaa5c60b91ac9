"""The works that a draft cites, as the editor's panel lists them: those that the library does not know first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from articles.markup.citations import bracketed_uses
from articles.markup.door import Rendering
from desk.library.showing import described
from references import library
from references.models import Reference

UNKNOWN = "unknown-citation"
"""The renderer's finding for a key that no work has."""


@dataclass(frozen=True)
class Place:
    """Where a citation stands: the field, its line from 1, and the key as it is written there."""

    field: str
    line: int
    key: str


@dataclass
class Cited:
    """A work under its number, or a key that no work has (`number` 0), with every place that cites it."""

    number: int = 0
    work: dict[str, Any] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)

    @property
    def keys(self) -> list[str]:
        """As the texts write them: a work may have several."""
        return list(dict.fromkeys(place.key for place in self.places))

    @property
    def count(self) -> int:
        return len(self.places)


def cited_in(texts: Mapping[str, str], rendering: Rendering, works: Mapping[str, Reference]) -> list[Cited]:
    """Every work that the texts (by field) cite, and every unknown key, these first; `works` go by their own keys.

    Asks the library once more where a text uses another key than a work's own.
    """
    uses = [Place(name, line, key) for name, text in texts.items() for key, line in bracketed_uses(text)]
    own = {key: key for key in rendering.cited}
    if others := {use.key for use in uses} - works.keys():
        own |= {written: work.key for written, work in library.resolve(others).items()}
    listed = {key: Cited(number, described(works[key])) for number, key in enumerate(rendering.cited, start=1)}
    missing = {(one.field, one.line) for one in rendering.findings if one.code == UNKNOWN}
    unknown: dict[str, Cited] = {}
    for use in uses:
        if use.key in own:
            if one := listed.get(own[use.key]):
                one.places.append(use)
        elif (use.field, use.line) in missing:
            unknown.setdefault(use.key, Cited()).places.append(use)
    return [*unknown.values(), *listed.values()]
