"""Two states of one article side by side: the fields that differ, and the works that one of them cites and one not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from articles import diffs
from articles.comparing import LABELS, Comparison
from articles.history import keys_of
from desk.reviewing.works import Work, as_work
from references import library
from references.formats.csl import to_csl
from references.identity import keys

ORDER = {"added": 0, "removed": 1}


def compared(old: dict[str, Any], new: dict[str, Any]) -> Comparison:
    """What changed from one source to another, for `components/comparison.html`."""
    return Comparison([(LABELS[change.field], change) for change in diffs.of_sources(old, new)], list(_works(old, new)))


def _works(old: dict[str, Any], new: dict[str, Any]) -> Iterator[tuple[str, Work]]:
    before, after = keys_of(old), keys_of(new)
    what = dict.fromkeys(after - before, "added") | dict.fromkeys(before - after, "removed")
    found = library.resolve(before | after)
    # A work that is cited under another of its keys now was neither added nor removed.
    in_both = {found[key].pk for key in before & found.keys()} & {found[key].pk for key in after & found.keys()}
    changed = [key for key in what if key in found and found[key].pk not in in_both]
    for key in sorted(changed, key=lambda key: (ORDER[what[key]], keys.normal(key))):
        work = found[key]
        row = {"number": 0, "key": key, "kind": work.kind, "csl": to_csl(work)}
        yield what[key], as_work(row, work.status)
