"""Where a sentence ends. Spans lie end to end, so that a citation behind a full stop belongs to the sentence before."""

from __future__ import annotations

import re

from articles.checks.reading.marks import NOTHING

_END = re.compile(
    rf"(?P<stop>[.!?…]+)[\"'”’)\]{NOTHING}]*(?P<gap>\s+{NOTHING}*)(?=[\"'“‘(\[{NOTHING}]*[A-Z0-9À-ÖØ-Þ])|(?P<cell>\|)"
)
_LAST_WORD = re.compile(r"[^\s(\[“\"'‘]*$")
_LETTERED = re.compile(r"\b(?:vitamin|type|hepatitis|group|factor|class|grade|stage|part|protein)\s+\S$", re.IGNORECASE)
_ALWAYS_GOES_ON = frozenset(
    [
        "e.g",
        "i.e",
        *[
            "vs",
            "cf",
            "al",
            "dr",
            "mr",
            "mrs",
            "ms",
            "mx",
            "prof",
            "st",
            "fig",
            "figs",
            "no",
            "nos",
            "vol",
            "ca",
            "approx",
            "viz",
            "resp",
        ],
    ]
)
"""Shortened words after which no sentence ends, whatever follows."""


def spans(masked: str) -> list[tuple[int, int]]:
    """The sentences of a masked text, in order; a table's cells are parted too. Blank ones are left out."""
    found: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(masked):
        if match["cell"] is None and match["stop"] == "." and _goes_on(masked[start : match.start()]):
            continue
        is_cell = match["cell"] is not None
        end = match.start() if is_cell else match.end()
        if masked[start:end].strip(" \t\n|\x00"):
            found.append((start, end))
            start = match.end()
        elif is_cell:
            start = match.end()
    if masked[start:].strip(" \t\n|\x00"):
        found.append((start, len(masked)))
    return found


def _goes_on(before: str) -> bool:
    """Whether the full stop after these words only shortens the last one."""
    last = _LAST_WORD.search(before)
    word = last[0].replace(NOTHING, "") if last else ""
    if len(word) == 1 and word.isupper():
        # An initial; but a sentence may well end in a letter: vitamin C.
        return not _LETTERED.search(before)
    return word.casefold() in _ALWAYS_GOES_ON or bool(re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", word) and word.islower())
