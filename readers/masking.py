"""Personal details in what a reader wrote: found by pattern, and masked. Pure.

It would rather mask too much than too little: what it hides is what helps nobody to answer a clinical question. Ages,
doses, laboratory values and years stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

MASK = "▇▇▇"

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_NAME = r"[A-ZÀ-Þ][\w'’-]+"
PATTERNS = {
    _("an e-mail address"): re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>(),;]+"),
    _("an address on the web"): re.compile(r"(?:https?://|www\.)\S+", re.I),
    _("a full date, such as a birth date"): re.compile(
        rf"\b(?:\d{{1,2}}[./-]\d{{1,2}}[./-](?:\d{{4}}|\d{{2}})|\d{{4}}-\d{{2}}-\d{{2}}"
        rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\s+\d{{4}}|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}})\b",
        re.I,
    ),
    _("a telephone or record number"): re.compile(
        r"(?:\+|\b)\d(?:[ ./-]?\d){6,}\b|\b(?:mrn|nhs|ssn|record|case|patient|insurance)\b\W{0,3}(?:no\.?|number|id|#)?"
        r"\W{0,3}[A-Z]{0,3}\d[\w-]{3,}",
        re.I,
    ),
    _("a name"): re.compile(
        rf"(?<=\b)(?:(?:[Mm]y|[Hh]is|[Hh]er|[Tt]heir)\s+(?:full\s+)?name(?:\s+is|['’]s)|[Nn]ame:"
        rf"|(?:I\s+am|I['’]m)\s+called"
        rf"|(?:[Yy]ours\s+)?(?:[Ss]incerely|[Rr]egards|[Ww]ishes|[Cc]heers|[Tt]hanks|[Tt]hank\s+you),?)"
        rf"\s+{_NAME}(?:\s+{_NAME})*"
        rf"|\b(?:Mr|Mrs|Ms|Miss|Mister|Dr|Prof|Professor|Doctor)\.?\s+{_NAME}(?:\s+{_NAME})*"
    ),
}
"""What is looked for, and what it is called."""


class Detail(NamedTuple):
    """One personal detail: where it stands, and what it is."""

    start: int
    end: int
    what: str


def details(text: str) -> list[Detail]:
    """The personal details in a text, in their order, without overlaps."""
    found = sorted(_all(text))
    kept: list[Detail] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _all(text: str) -> Iterator[Detail]:
    for what, pattern in PATTERNS.items():
        for match in pattern.finditer(text):
            yield Detail(match.start(), match.end(), str(what))


def masked(text: str) -> str:
    """The text with `MASK` in the place of each personal detail. Masking twice changes nothing more."""
    pieces, at = [], 0
    for one in details(text):
        pieces += [text[at : one.start], MASK]
        at = one.end
    return "".join([*pieces, text[at:]])
