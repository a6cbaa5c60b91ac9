"""Abbreviations that a text uses and never spells out, where each text stands alone: the professional and the plain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from articles.checks.finding import Finding
from articles.checks.view import Block, View

_SHORT = re.compile(r"(?<![\w./-])(?P<short>[a-z]?[A-Z]{2,6}|[A-Z][a-z]?[A-Z]{1,4})(?:s\b|(?![\w]))(?![-/.]\w|['’]?\d)")
_PRONOUNCED = re.compile(r"(?=\w{5})(?:[B-DF-HJ-NP-TV-XZ]{0,2}[AEIOUY]{1,2}+[B-DF-HJ-NP-TV-XZ]{0,2}){2,}")
"""ROCKET, ENGAGE: what is spoken as a word is the name of a trial or a score."""
_IN_A_NAME = re.compile(r"[A-Z]{4}[ -]$")
_ROMAN = re.compile(r"[IVXL]+[A-D]?")
_NAMED = re.compile(
    r"(?:,? (?:and )?[A-Z][A-Z0-9]+)*\s+(?:\d\s+)?(?:trial|study|studies|score|scale|criteria|rule|survey|database"
    r"|summary|cohort|registry|programme|program|consortium|gene|genes|protein|mutations?|cells?|allele|genotypes?)\b"
)
_COMMON_WORDS = """
    DNA RNA HIV AIDS MRI CT ECG EKG EEG NICE FDA WHO NHS CDC NIH EMA MHRA US USA UK EU UN BMI UV IQ OK TV FAQ DOI
    PMID ISBN ID AM PM AD BC MD PhD RN NP PA MBBS IV IM MHz Hz dB pH kDa mmHg IU PCR COVID SARS ICU GP ER DVD URL
    PDF AND OR NOT
"""
COMMON = frozenset(_COMMON_WORDS.split())
"""What every reader knows, or looks up under its short name."""
_CLINICAL_WORDS = """
    CI RR HR OR RCT RCTs NNT NNH SD SE IQR SEM AUC ROC ANOVA vs BP BD TDS QDS OD PO QT QTc INR ACE LDL HDL CRP TSH
    ALT AST IgA IgE IgG IgM
"""
CLINICAL = frozenset(_CLINICAL_WORDS.split())
"""What every clinician knows besides."""


def check(view: View) -> Iterator[Finding]:
    told: set[tuple[str, int]] = set()
    plain_only = set(map(id, view.plain_only))
    for blocks, known in ((view.professional, COMMON | CLINICAL), (view.meant_plain, COMMON)):
        is_plain = known is COMMON
        for short, block, span in _bare(blocks, known):
            if (short, block.line) in told:
                continue
            told.add((short, block.line))
            message = (
                _("The plain text never spells out “%(short)s”.")
                if is_plain and id(block) in plain_only
                else _("The text never spells out “%(short)s”.")
            )
            yield block.warns("bare-abbreviation", message % {"short": short}, span)


def _bare(blocks: Iterable[Block], known: frozenset[str]) -> Iterator[tuple[str, Block, tuple[int, int]]]:
    """Each abbreviation of these blocks that none of them spells out, where it first stands."""
    first: dict[str, tuple[Block, tuple[int, int]]] = {}
    names: set[str] = set()
    texts = []
    for block in blocks:
        text = block.masked.replace("\x00", "\x01")
        texts.append(block.text)
        if text.upper() == text:
            continue  # A heading in capitals.
        for match in _SHORT.finditer(text):
            short = match["short"]
            if short in known or short.removesuffix("s") in known or _ROMAN.fullmatch(short):
                continue
            if _IN_A_NAME.search(text, max(0, match.start() - 12), match.start()):
                continue
            if _NAMED.match(text, match.end()) or _PRONOUNCED.fullmatch(short):
                names.add(short)
            first.setdefault(short, (block, match.span("short")))
    known_here = names | spelled_out("\n".join(texts)) if first else set()
    for short, (block, span) in first.items():
        if short not in known_here:
            yield short, block, span


_SIGN = r"(?P<short>[a-z]?[A-Z][A-Za-z]{1,6}?)s?"
_SPELLED = (
    # chronic obstructive pulmonary disease (COPD); magnetic resonance imaging (also called MRI)
    re.compile(
        rf"[a-z]{{3,}}[^\w()\[\]]{{0,3}}[ \n][(\[]"
        rf"(?:the |or |also |called |known as |abbreviated |[A-Z]{{2,5}} or )*[\"“]?{_SIGN}(?!\w)"
    ),
    # COPD (chronic obstructive …); COPD, or chronic obstructive …; COPD stands for …
    re.compile(
        rf"\b{_SIGN}(?:\s*[(\[]|, (?:or|short for)|\s+[–—]"
        rf"|\s+(?:stands for|means|is short for|refers to|(?:is|was) defined as))\s*(?:an? |the )?[A-Za-z]{{4,}}"
    ),
    # chronic obstructive pulmonary disease, or COPD; called COPD
    re.compile(rf"(?:[a-z]{{3,}},? or|called)(?: an?)? {_SIGN}\b"),
)


def spelled_out(text: str) -> set[str]:
    """The abbreviations that a text gives in brackets behind words, or explains by words behind them."""
    return {match["short"] for pattern in _SPELLED for match in pattern.finditer(text)}
