"""Details by which a patient could be known: a name, a record number, the day of birth. Nothing is stored of them here.

High precision by design: dated laboratory values and the course of a case are what many questions are about. So a name
counts only with a title before it and no sign of an author, eponym or trial; a number only behind the words for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from articles.checks.finding import Finding
from articles.checks.view import View

_S = r"[ \n]+"
_IS = r"[ \n]*(?:is|was|:|=|#)?[ \n]*"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_YEAR = r"(?:19|20)\d{2}"
_DATE = (
    rf"(?:\d{{1,2}}[./-]\d{{1,2}}[./-](?:19|20)?\d{{2}}(?!\d)|{_YEAR}-\d{{2}}-\d{{2}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?{_S}{_MONTH},?{_S}{_YEAR}|{_MONTH}{_S}\d{{1,2}}(?:st|nd|rd|th)?,?{_S}{_YEAR})"
)
_WORD = r"(?:[A-Z]['’]|Mc|Mac)?[A-Z][a-zà-öø-ÿ]+(?:[-'’][A-Z]?[a-zà-öø-ÿ]+)?"
_NO_VERB = "".join(
    f"(?<!\\b{word} )" for word in ("we", "We", "to", "not", "may", "can", "could", "they", "They", "you")
)
"""Behind these words, “miss” is no title, though a headline writes it large."""
_NAME = re.compile(
    rf"(?:\b(?:Mr|Mrs|Ms|Mx)\.?|{_NO_VERB}\bMiss){_S}(?:(?:[A-Z]\.?{_S}){{0,2}}{_WORD}|[A-Z]\.)(?:{_S}(?:[A-Z]\.?{_S})?{_WORD})?(?!\w)"
)
_NAMED = re.compile(
    rf"\b[Pp]atient(?:['’]s)?(?:{_S}name{_IS}|[ \n]*,?[ \n]*(?:named|called){_S}){_WORD}(?:{_S}{_WORD})?(?!\w)"
)
_OF_RECORD = (
    rf"MRN|(?:medical|hospital|patient|health){_S}record{_S}(?:number|no\.?|#)|(?:hospital|patient){_S}(?:number|no\.|id\b)"
    rf"|(?:NHS|CHI|passport|social{_S}security|Medicare|Medicaid|insurance|subscriber){_S}(?:number|no\.|id\b)|SSN"
)
_RECORD = re.compile(rf"\b(?i:{_OF_RECORD}){_IS}[A-Z]{{0,4}}[ -]?\d(?:[ -]?[A-Z0-9]){{3,15}}(?!\w)")
_SOCIAL_SECURITY = re.compile(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])")
_BIRTH = re.compile(
    rf"\b(?:(?i:DOB|D\.O\.B\.?|date{_S}of{_S}birth|birth[ \n]?date|birthday){_IS}|(?i:born)(?:{_S}on)?{_S})"
    rf"(?:on{_S})?{_DATE}"
)
_INITIALS = re.compile(rf"\b(?:[A-Z]\.[ \n]?){{2,3}},?[ \n]*\(?(?:(?:\*|b\.|born|DOB:?)[ \n]*)?{_DATE}")
_NO_PATIENT = re.compile(
    rf"{_S}(?:et{_S}al|and{_S}(?:his{_S}|her{_S})?(?:colleagues|co-?workers)|\(?{_YEAR}\b|(?:trial|study|score|disease|syndrome"
    rf"|sign|rule)\b)|['’]s?{_S}(?:disease|syndrome|sign|test|trial|study|criteria|law|rule|score)\b"
)
"""What stands behind the name of an author, an eponym or a trial."""

_KINDS = (
    (_NAME, "patient-name", ("mr", "ms", "mx", "miss")),
    (_NAMED, "patient-name", ("patient",)),
    (_RECORD, "patient-record", ("mrn", "ssn", "record", "number", "no.", " id")),
    (_SOCIAL_SECURITY, "patient-record", ("-",)),
    (_BIRTH, "patient-birth", ("dob", "d.o.b", "birth", "born")),
    (_INITIALS, "patient-birth", (".",)),
)
"""Each pattern, what it tells of, and letters without which it need not be looked for; all but names have figures."""
_FIGURES = re.compile(r"\d\d")


def check(view: View) -> Iterator[Finding]:
    says = {
        "patient-name": _("This reads like the name of a patient. Take it out, or say why it may be published."),
        "patient-record": _("This reads like the number of a patient’s record. Take it out, or say why it may stay."),
        "patient-birth": _("This reads like a patient’s date of birth. Give an age instead, or say why it may stay."),
    }
    for block in view.blocks:
        text = block.masked.replace("\x00", " ")
        told: list[tuple[int, int]] = []
        low, has_figures = text.lower(), bool(_FIGURES.search(text))
        for pattern, code, letters in _KINDS:
            if not any(each in low for each in letters) or not (has_figures or code == "patient-name"):
                continue
            for match in pattern.finditer(text):
                if pattern is _NAME and _NO_PATIENT.match(text, match.end()):
                    continue
                if any(start < match.end() and match.start() < end for start, end in told):
                    continue
                yield block.asks(code, says[code], match.span())
                if code != "patient-name":
                    told.append(match.span())
