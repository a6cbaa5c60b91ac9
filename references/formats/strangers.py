"""Files that are no bibliography, or one in a form that is not read here: known by how they begin. Pure.

A web page, a picture or another program's own format would give nonsense entry by entry. It gets one sentence instead
that says what it is, and what to export in its place.
"""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_EXPORT = gettext_lazy("Export the references as RIS, BibTeX or CSL-JSON.")

_BYTES: tuple[tuple[bytes, str | Promise], ...] = (
    (b"%PDF-", gettext_lazy("This is a PDF.")),
    (b"PK\x03\x04", gettext_lazy("This is a packed file, such as .docx, .xlsx or .zip.")),
    (b"\x1f\x8b", gettext_lazy("This is a packed file, such as .gz.")),
    (b"\xd0\xcf\x11\xe0", gettext_lazy("This is a file of an older office program, such as .doc or .xls.")),
    (b"{\\rtf", gettext_lazy("This is a file of a word processor (RTF).")),
)
_TEXTS: tuple[tuple[re.Pattern[str], str | Promise], ...] = (
    (re.compile(r"%PDF-"), gettext_lazy("This is a PDF.")),
    (re.compile(r"\{\\rtf"), gettext_lazy("This is a file of a word processor (RTF).")),
    (
        re.compile(
            r"(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
        ),
        gettext_lazy("This is a web page, perhaps an error of the site that it was downloaded from."),
    ),
    (re.compile(r"<(?:\?xml|xml)\b|<[A-Za-z]\w*(?: [^<>]{0,300})?>\s*<"), gettext_lazy("This is XML.")),
    (re.compile(r"%0 [A-Z][^\n]*\n%[A-Z0-9] "), gettext_lazy("This is EndNote's own tagged format.")),
    (re.compile(r"RT [A-Z].*\n[A-Z][A-Z0-9] "), gettext_lazy("This is RefWorks' own tagged format.")),
    (
        re.compile(r"\"?PT\"?\t\"?AU\"?\t"),
        gettext_lazy("This is a table of Web of Science; its plain text files can be read here, too."),
    ),
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\ufffd]")
_LOOKED_AT = 2_000


def told(content: str | bytes, text: str) -> str:
    """Say what a file is that is not read here, and what to do; empty for one that may be. `text` is it decoded."""
    what: str | Promise = ""
    if isinstance(content, bytes):
        what = next((words for sign, words in _BYTES if content.startswith(sign)), "")
    start = text[:_LOOKED_AT].lstrip()
    what = what or next((words for sign, words in _TEXTS if sign.match(start)), "")
    if not what and len(_CONTROLS.findall(start)) * 20 > len(start):
        what = _("This is no text, or it is damaged.")
    return f"{what} {_EXPORT}" if what else ""
