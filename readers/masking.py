"""Personal details in what a reader wrote: found by pattern, and masked. Pure.

It would rather mask too much than too little: what it hides is what helps nobody to answer a clinical question. Ages,
doses, laboratory values and years stay. A name is known by the words about it (“my name is”, “Dr”, “my son”), by its
capitals after “I am”, or as a signature; one that stands by itself in a sentence, or in small letters without such
words, is not found, and the desk says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

MASK = "▇▇▇"

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_NAME = r"[A-ZÀ-Þ][\w'’-]+"
_WRITTEN_NAME = r"(?!(?:Type|Rh)\b)[A-ZÀ-Þ][’'-]?[a-zß-ÿ](?:[\w'’-]*\w)?"
"""A capital and small letters, unlike an abbreviation; “I am Type 2” and “I am Rh negative” name nobody."""
_NOT_A_NAME = r"(?!(?:and|but|or|i|i['’]m|im|my|is|was|has|have|had|who|from|with|on|in|at|for|to|a|an|the|this|not)\b)"
_ANY_NAME = rf"{_NOT_A_NAME}[^\W\d_][\w'’-]*"
"""A word in large or small letters, where the words before it say that a name follows."""
_SAID_OF_DOCTORS = (
    r"(?!(?:said|says|told|gave|gives|prescribed|put|wants?|wanted|thinks?|thought|has|had|is|was|who|will|would|can"
    r"|suggests?|suggested|recommends?|recommended|about|and|or|but|for|in|at|to|on|if|when|because|that|visits?"
    r"|appointments?)\b)"
)
_CLOSING = r"(?:sincerely|regards|wishes|cheers|thanks|thank\s+you)"
_RELATIVE = (
    r"(?:husband|wife|partner|son|daughter|child|baby|mother|father|mum|mom|dad|sister|brother|grandmother|grandfather"
    r"|grandson|granddaughter|aunt|uncle|nephew|niece|cousin|friend|neighbou?r|patient)"
)
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
    _("a street or a postcode"): re.compile(
        rf"\b\d{{1,5}}[A-Za-z]?,?\s+(?:{_NAME}\s+){{1,3}}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Court|Square|Terrace)\b"
        # The letters that the second half of a British postcode has, which no unit of measure is made of.
        r"|\b[A-Z]{1,2}\d[A-Z\d]?\s\d[ABD-HJLNP-UW-Z]{2}\b"
    ),
    _("a name"): re.compile(
        rf"\b(?i:(?:my|his|her|their|the)\s+(?:full\s+|first\s+|last\s+)?name(?:\s+is|['’]s)|name:|(?:i\s+am|i['’]m)\s+called)"
        rf"\s+(?i:{_ANY_NAME}(?:\s+{_ANY_NAME})?)(?:\s+{_NAME})*"
        rf"|\b(?i:{_CLOSING}),?\s+{_NAME}(?:\s+{_NAME})*"
        rf"|\b(?i:{_CLOSING})[,.!]?[ \t]*\n\s*(?i:{_ANY_NAME})(?:[ \t]+(?i:{_ANY_NAME})){{0,2}}\s*\Z"
        rf"|(?<=\n)[ \t]*[-–—]?[ \t]*{_WRITTEN_NAME}(?:[ \t]+{_NAME}){{0,2}}\s*\Z"
        rf"|\b(?:Mr|Mrs|Ms|Miss|Mister|Dr|Prof|Professor|Doctor)\.?\s+{_NAME}(?:\s+{_NAME})*"
        rf"|\b(?:mrs|dr)\.?\s+{_SAID_OF_DOCTORS}[^\W\d_][\w'’-]+"
        rf"|\b(?i:i\s+am|i['’]m)\s+{_WRITTEN_NAME}(?:\s+{_WRITTEN_NAME})*"
        rf"|\b(?i:this\s+is)\s+{_WRITTEN_NAME}\s+{_WRITTEN_NAME}(?!['’\w])"
        rf"|\b(?i:{_RELATIVE}),?\s+(?i:(?:is\s+)?(?:called|named)\s+)?{_WRITTEN_NAME}(?:\s+{_WRITTEN_NAME})*"
    ),
}
"""What is looked for, and what it is called."""


class Detail(NamedTuple):
    """One personal detail: where it stands, and what it is."""

    start: int
    end: int
    what: str


def details(text: str) -> list[Detail]:
    """The personal details in a text, in their order; those that overlap are one, by the name of the first."""
    kept: list[Detail] = []
    for one in sorted(_all(text)):
        if kept and one.start < kept[-1].end:
            kept[-1] = kept[-1]._replace(end=max(kept[-1].end, one.end))
        else:
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
