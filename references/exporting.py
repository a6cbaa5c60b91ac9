"""Works out of the library: the formats that are written, a batch at a time, so that memory stays bounded."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice

from django.db.models import QuerySet

from references.formats import reading as formats
from references.formats.csl import exported, to_csl
from references.models import Reference

BATCH = 500
WRITTEN = tuple(each for each in formats.FORMATS.values() if each.is_written)
"""The formats in which works can be taken away."""


def export(format: str, rows: QuerySet[Reference]) -> Iterator[str]:
    """Yield the works as pieces of one file, in their order. Raises ValueError for a format that is not written."""
    if format not in {each.name for each in WRITTEN}:
        raise ValueError(f"{format!r} is not written here.")
    items = (to_csl(row) for row in rows.defer("search_text").iterator(chunk_size=BATCH))
    return _list_of(items) if format == formats.CSL else _pieces(format, items)


def _pieces(format: str, items: Iterable[dict[str, object]]) -> Iterator[str]:
    remaining = iter(items)
    while batch := list(islice(remaining, BATCH)):
        yield formats.write(format, batch)


def _list_of(items: Iterable[dict[str, object]]) -> Iterator[str]:
    """One JSON list, whose entries are written as they come."""
    remaining, before = iter(items), "[\n"
    while batch := list(islice(remaining, BATCH)):
        yield before + ",\n".join(json.dumps(exported(item), ensure_ascii=False) for item in batch)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"
