"""LaTeX in the texts of BibTeX: decoded on the way in, escaped on the way out. Pure.

Accents and the commands of everyday bibliographies are decoded here; what is left of commands and mathematics goes
to pylatexenc, which is slow: a file has a budget for it.
"""

from __future__ import annotations

import html
import logging
import re
import unicodedata

from pylatexenc.latex2text import LatexNodes2Text

from references.folding import tidy_line

logger = logging.getLogger(__name__)

_BUDGET = 1_000_000
_LONGEST = 20_000

_ACCENTS = dict(
    zip(
        "\"'`^~=.cvuHkrbd",
        "\u0308\u0301\u0300\u0302\u0303\u0304\u0307\u0327\u030c\u0306\u030b\u0328\u030a\u0331\u0323",
        strict=True,
    )
)
_ACCENT = re.compile(
    r"""\\(?:(["'`^~=.])|([cvuHkrbd])(?=[\s{\\]))\s*(?:\{\s*(\\[ij]|[^\W\d_])\s*\}|(\\[ij](?![A-Za-z])|[^\W\d_]))"""
)
# Characters of LaTeX that are meant as themselves, out of the way while the others are read: noncharacters of Unicode.
_KEPT = dict(zip("{}$%&#_^~\\", "\ufdd0\ufdd1\ufdd2\ufdd3\ufdd4\ufdd5\ufdd6\ufdd7\ufdd8\ufdd9", strict=True))
_RESTORED = {ord(stand_in): character for character, stand_in in _KEPT.items()}
_NONE_OF_THESE = dict.fromkeys(_RESTORED)
_SYMBOLS = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø", "l": "ł",
    "L": "Ł", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ",
    "textendash": "–", "textemdash": "—", "textquoteright": "’", "textquoteleft": "‘", "textquotesingle": "'",
    "textquotedblleft": "“", "textquotedblright": "”", "textquotedbl": '"', "textasciitilde": _KEPT["~"],
    "textasciicircum": _KEPT["^"], "textbackslash": _KEPT["\\"], "textbraceleft": _KEPT["{"],
    "textbraceright": _KEPT["}"], "textunderscore": _KEPT["_"], "textdollar": _KEPT["$"], "textless": "<",
    "textgreater": ">", "textbar": "|", "textdegree": "°", "textregistered": "®", "texttrademark": "™", "textmu": "µ",
    "textcopyright": "©", "textbullet": "•", "textellipsis": "…", "ldots": "…", "dots": "…", "copyright": "©",
    "textgreek": "", "relax": "",
}  # fmt: skip
_SYMBOL = re.compile(r"\\(" + "|".join(sorted(_SYMBOLS, key=len, reverse=True)) + r")(?![A-Za-z])(?:\{\}|[ \t]+)?")
_DRESS = re.compile(
    r"\\(?:emph|text(?:it|bf|sc|rm|sf|tt|up|md|normal|superscript|subscript)?|mbox|hbox|math(?:rm|bf|it|sf)|ensuremath"
    r"|uppercase|NoCaseChange|enquote|mkbibquote|mkbibemph|url|nolinkurl|path|it|bf|em|sc|rm|sl|tt|noopsort|protect"
    r"|newblock)(?![A-Za-z])[ \t]*|\\[/,;:!@-]|\\(?=[ \t\n])"
)
_ENTITY = re.compile(r"(?:\{\\&\}|\\?&)(amp|lt|gt|quot|apos|nbsp|\\?#[0-9]{1,6}|\\?#x[0-9a-fA-F]{1,5});")
_FORMULA = re.compile(r"\$[^$]{1,300}\$|\\\(.{1,300}?\\\)", re.S)
_GROUP = r"\{((?:[^{}]|\{[^{}]*\})*)\}"
_SUBSCRIPT = re.compile(rf"_[ \t]*(?:{_GROUP}|([^\s{{}}$\\]))")
_SUPERSCRIPT = re.compile(rf"\^[ \t]*(?:{_GROUP}|([^\s{{}}$\\]))")
_RAISED_TEXT = re.compile(rf"\\textsuperscript[ \t]*{_GROUP}")
_SMALL_SIGNS = (("\\circ", "°"), ("\\prime", "′"), ("\\ast", "*"))
_RAISED = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_LIGATURES = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"))
_ESCAPES = {
    **{character: f"\\{character}" for character in "%$#_"},
    "&": "\\&",
    "{": "\\textbraceleft{}",
    "}": "\\textbraceright{}",
    "^": "\\textasciicircum{}",
    "~": "\\textasciitilde{}",
    "\\": "\\textbackslash{}",
}


class Latex:
    """Decodes the texts of one file."""

    def __init__(self) -> None:
        self._left = _BUDGET
        self._decoder = LatexNodes2Text(math_mode="text", keep_comments=True)
        self._known: dict[str, str] = {}

    def decode(self, text: str) -> str:
        """The text as one tidy line of Unicode, without commands and braces. Never raises."""
        if not re.search(r"[\\{}$~&]|--|``|''", text):
            return tidy_line(text)
        if text not in self._known:
            decoded = tidy_line(self._decoded(text))
            if len(text) > 200:
                return decoded
            self._known[text] = decoded
        return self._known[text]

    def _decoded(self, text: str) -> str:
        text = text.translate(_NONE_OF_THESE)
        text = _ENTITY.sub(_entity, text)
        if "\\" in text:
            text = _ACCENT.sub(_accented, text)
            text = re.sub(r"\\([&%$#_{}])", lambda match: _KEPT[match[1]], text)
            text = re.sub(r"\\([~^])\{\}", lambda match: _KEPT[match[1]], text)
            text = _RAISED_TEXT.sub(_raised, text)
        text = _FORMULA.sub(_without_scripts, text)
        if "\\" in text:
            text = _SYMBOL.sub(lambda match: _SYMBOLS[match[1]], text)
            text = _DRESS.sub("", text)
        if "\\" in text or text.count("$") > 1:
            text = self._by_library(text)
        for signs, character in _LIGATURES:
            text = text.replace(signs, character)
        return re.sub(r"[{}]", "", text).replace("~", " ").translate(_RESTORED)

    def _by_library(self, text: str) -> str:
        """What pylatexenc makes of it; where it fails, or its budget is used up, the text without its commands."""
        if len(text) <= min(_LONGEST, self._left):
            self._left -= len(text)
            # Signs that LaTeX would read as comments and the like stand in a bibliography for themselves.
            kept = re.sub(r"[%&#]", lambda match: _KEPT[match[0]], text)
            try:
                return str(self._decoder.latex_to_text(kept, tolerant_parsing=True))
            except Exception:
                # Whatever the library makes of broken LaTeX, the entry is read.
                logger.info("A text could not be decoded from LaTeX.", exc_info=True)
        return re.sub(r"\\[A-Za-z]+[ \t]*|\\|\$", "", text)


def verbatim(text: str) -> str:
    """An identifier or address, in which no command is meant: escapes and braces are taken away."""
    text = text.replace("\\textbackslash{}", _KEPT["\\"])
    text = re.sub(r"\$?\\(?:sim|textasciitilde)\b(?:\{\})?\$?", "~", text)
    text = re.sub(r"\\(?:url|href|nolinkurl|path|textunderscore)(?![A-Za-z])", lambda m: "_" * m[0].endswith("e"), text)
    text = text.replace("\\textless", "<").replace("\\textgreater", ">")
    return tidy_line(re.sub(r"\\(?=[_%&#~$^{}/-])|[{}]", "", text).replace(_KEPT["\\"], "\\"))


def escaped(text: str) -> str:
    """A text as `Latex.decode`, and LaTeX itself, read it back. Braces never stand alone, which BibTeX counts."""
    text = re.sub(r"&(?=(?:amp|lt|gt|quot|apos|nbsp|#[0-9]{1,6}|#x[0-9a-fA-F]{1,5});)", "\ufdd0", text)
    text = "".join(_ESCAPES.get(character, character) for character in text)
    text = text.replace("\ufdd0", "\\&{}")
    return re.sub(r"(?<=-)(?=-)|(?<=`)(?=`)|(?<=')(?=')", "{}", text)


def _accented(match: re.Match[str]) -> str:
    letter = (match[3] or match[4])[-1:]
    return unicodedata.normalize("NFC", letter + _ACCENTS[match[1] or match[2]])


def _without_scripts(match: re.Match[str]) -> str:
    """A formula on one line: `CO$_2$` is CO2, as PubMed has it, and `10$^{6}$` 10⁶, which 106 is not."""
    text = match[0]
    for command, sign in _SMALL_SIGNS:
        text = re.sub(rf"\^[ \t]*\{{?\{command}(?![A-Za-z])[ \t]*\}}?", sign, text)
    for _depth in range(3):
        text = _SUPERSCRIPT.sub(_raised, _SUBSCRIPT.sub(lambda script: script[1] or script[2] or "", text))
    return text


def _raised(match: re.Match[str]) -> str:
    """Raised digits stay raised, and `19th` needs no sign; of anything else a sign tells that it was."""
    content = (match[1] or (match[2] if match.re.groups > 1 else "") or "").strip()
    raised = content.translate(_RAISED)
    if not any(character.isascii() or character == "−" for character in raised):
        return raised
    words = re.sub(r"\\[A-Za-z]+|[{}\s]", "", content)
    return content if words.isalpha() or not re.search(r"\w", words) else f"{_KEPT['^']}{content}"


def _entity(match: re.Match[str]) -> str:
    character = html.unescape(f"&{match[1]};".replace("\\", ""))
    return _KEPT.get(character, character)
