"""Doses and laboratory figures without a unit: “aspirin 75 daily”, “a dose of 40”, “potassium above 5.5”."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from articles.checks.finding import Finding
from articles.checks.reading import drugs
from articles.checks.reading.numbers import NUMBER
from articles.checks.view import View

_RANGE = rf"{NUMBER}(?:\s*(?:-|–|to|or)\s*{NUMBER})?(?![\d%/-]|\s*[-–]\s*\d)"
_HOW_OFTEN = (
    r"(?:once|twice|three times|four times|every|daily|nightly|weekly|a day|per day|each day|at night|by mouth|orally"
    r"|bd|bid|tds|tid|qds|qid|od|in the morning|for \d)\b"
)
_AFTER_DRUG = re.compile(rf"\s+(?:at\s+|of\s+)?(?P<figure>{_RANGE})\s+{_HOW_OFTEN}", re.IGNORECASE)
_DOSE = re.compile(
    rf"\bdos(?:e|es|age|ages) (?:of|is|was|to) (?:up to |about )?(?P<figure>{_RANGE})"
    rf"(?=\s*(?:[.,;:)](?!\d)|$)|\s+{_HOW_OFTEN})",
    re.IGNORECASE,
)
_ANALYTES = (
    r"potassium|sodium|creatinine|glucose|ha?emoglobin|ferritin|HbA1c|cholesterol|LDL|HDL|triglycerides?|bilirubin"
    r"|albumin|calcium|magnesium|phosphate|urea|urate|uric acid|lactate|CRP|C-reactive protein|TSH|platelet count"
    r"|white cell count|troponin|BNP|blood pressure"
)
_FIGURE = re.compile(
    rf"\b(?P<what>{_ANALYTES})(?:\s+(?:level|concentration|value|count)s?)?\s+(?:of|is|was|above|below|over|under"
    rf"|at least|at most|exceeds|exceeding|[<>≤≥]|(?:less|more|greater|lower|higher) than)\s*"
    rf"(?P<figure>\d{{2,3}}/\d{{2,3}}|{_RANGE})"
    r"(?=\s*(?:[.,;:)](?!\d)|$)|\s+(?:and|or|but|in|on|at|with|before|after|should|is|was|who|then|may)\b)",
    re.IGNORECASE,
)


def check(view: View) -> Iterator[Finding]:
    for block in view.prose:
        text = block.masked.replace("\x00", " ")
        if not re.search(r"\d", text):
            continue
        for name, start, end in drugs.find(text):
            if match := _AFTER_DRUG.match(text, end):
                message = _("The dose “%(figure)s” of %(drug)s has no unit.")
                filled = message % {"figure": match["figure"], "drug": name}
                yield block.warns("no-unit", filled, (start, match.end()))
        for match in _DOSE.finditer(text):
            message = _("The dose “%(figure)s” has no unit.") % {"figure": match["figure"]}
            yield block.warns("no-unit", message, match.span())
        for match in _FIGURE.finditer(text):
            message = _("The figure “%(figure)s” for %(what)s has no unit.")
            filled = message % {"figure": match["figure"], "what": match["what"]}
            yield block.warns("no-unit", filled, match.span())
