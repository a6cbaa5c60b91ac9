"""Citations that reference managers left in a Word document, and as Markdown clusters. Pure.

Sources: Zotero writes `ADDIN ZOTERO_ITEM CSL_CITATION {json}` into a field, or the same without ADDIN into properties
of the document that bookmarks name, which Word and LibreOffice share. Mendeley Desktop writes
`ADDIN CSL_CITATION {json}`, and Mendeley Cite a content control whose tag is `MENDELEY_CITATION_v3_` and the JSON in
base64. The JSON is the citation of citeproc-js (csl-citation.json of the CSL schema 1.0): items with `itemData` in
CSL-JSON.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from references.identity.keys import is_plain

FIELD = re.compile(r"\s*(?:ADDIN\s+)?(?:ZOTERO_ITEM\s+)?CSL_CITATION\s*(?P<json>\{.*)", re.DOTALL)
BIBLIOGRAPHY = re.compile(r"\s*(?:ADDIN\s+)?(?:ZOTERO_BIBL|Mendeley Bibliography)", re.IGNORECASE)
ENDNOTE = re.compile(r"\s*ADDIN\s+EN\.(?:CITE|REFLIST)")
CONTROL = "MENDELEY_CITATION_v3_"
CONTROL_BIBLIOGRAPHY = "MENDELEY_BIBLIOGRAPHY"
MOST_ITEMS = 200
UNKNOWN = -1
"""The place of a work of which the document holds nothing but an address: no key is ever found for it."""
LONGEST_WORDS = 200

LABELS = {
    "page": ("p.", "pp."),
    "chapter": ("chap.", "chaps."),
    "section": ("sec.", "secs."),
    "figure": ("fig.", "figs."),
    "table": ("table", "tables"),
    "paragraph": ("para.", "paras."),
    "volume": ("vol.", "vols."),
    "issue": ("no.", "nos."),
    "line": ("l.", "ll."),
    "note": ("n.", "nn."),
    "part": ("part", "parts"),
    "supplement": ("suppl.", "suppls."),
    "appendix": ("app.", "apps."),
    "verse": ("v.", "vv."),
    "column": ("col.", "cols."),
    "book": ("bk.", "bks."),
    "folio": ("fol.", "fols."),
    "opus": ("op.", "opp."),
}
"""CSL's locator terms, short, singular and plural."""


@dataclass(frozen=True)
class Cited:
    """One work within a citation: its place among the document's works, and the words around it."""

    work: int
    prefix: str = ""
    locator: str = ""
    suffix: str = ""


@dataclass(frozen=True)
class Cluster:
    """One citation of the document: its works in order, and how the document printed it."""

    cited: tuple[Cited, ...]
    printed: str = ""


@dataclass
class Works:
    """The works of a document, each once, by what its reference manager calls it."""

    items: list[Mapping[str, Any]] = field(default_factory=list)
    _places: dict[str, int] = field(default_factory=dict)

    def place(self, names: Sequence[str], item: Mapping[str, Any]) -> int:
        """The place of a work, noted where it is new. `names` are its addresses or, without any, its own words."""
        for name in names:
            if name in self._places:
                return self._places[name]
        self.items.append(item)
        self._places |= dict.fromkeys(names, len(self.items) - 1)
        return len(self.items) - 1

    def known(self, names: Sequence[str]) -> int:
        """The place of a work that was noted under one of these names, else UNKNOWN."""
        return next((self._places[name] for name in names if name in self._places), UNKNOWN)


def json_of_field(instruction: str) -> str | None:
    """The JSON of a citation field, None for any other field."""
    match = FIELD.match(instruction)
    return match["json"] if match else None


def json_of_control(tag: str) -> str | None:
    """The JSON of a content control's tag, None for any other tag. What cannot be decoded is an empty object."""
    if not tag.startswith(CONTROL):
        return None
    try:
        return base64.b64decode(tag.removeprefix(CONTROL) + "==").decode()
    except (binascii.Error, ValueError):
        return "{}"


def read(text: str, printed: str, works: Works) -> Cluster | None:
    """The citation that a field's JSON describes; None where it names no work. Notes its works in `works`."""
    try:
        # A field may have words behind its JSON.
        data, _end = json.JSONDecoder().raw_decode(text.strip())
    except (ValueError, RecursionError):
        return None
    items = data.get("citationItems") if isinstance(data, dict) else None
    if not isinstance(items, list):
        return None
    cited = [found for item in items[:MOST_ITEMS] if (found := _cited(item, works))]
    return Cluster(tuple(cited), printed) if any(one.work != UNKNOWN for one in cited) else None


def _cited(item: object, works: Works) -> Cited | None:
    if not isinstance(item, dict):
        return None
    data = item.get("itemData")
    addresses = item.get("uris") if isinstance(item.get("uris"), list) else item.get("uri")
    names = [name for name in addresses if isinstance(name, str)] if isinstance(addresses, list) else []
    if not isinstance(data, dict):
        # Only the address of somebody's own library: the work may stand whole at an earlier place.
        return Cited(works.known(names), *_around(item))
    without_id = {name: value for name, value in data.items() if name != "id"}
    names = names or [json.dumps(without_id, sort_keys=True)]
    return Cited(works.place(names, data), *_around(item))


def _around(item: Mapping[str, Any]) -> tuple[str, str, str]:
    """Prefix, locator with its label, and suffix of one work."""
    locator = _words(item.get("locator"))
    if locator:
        # CSL takes a locator without a label for pages.
        singular, plural = LABELS.get(str(item.get("label") or "page"), ("", ""))
        several = re.search(r"\d\s*[-–—,&]\s*\d", locator)
        locator = f"{plural if several else singular} {locator}".strip()
    return _words(item.get("prefix")), locator, _words(item.get("suffix"))


def _words(value: object) -> str:
    """Words around a work, without what a cluster in Markdown cannot hold."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    text = re.sub(r"<[^<>]*>", "", value if isinstance(value, str) else "")
    return " ".join(re.sub(r"[\[\]{};@`\\\x00-\x1f]", " ", text).split())[:LONGEST_WORDS].strip(" ,")


def in_markdown(cluster: Cluster, keys: Mapping[int, str]) -> str:
    """The cluster as an author would write it: `[see @a, p. 3; @b]`; as printed for works that `keys` leaves out."""
    pieces = []
    for cited in cluster.cited:
        key = keys.get(cited.work)
        if key is None:
            continue
        written = f"@{key}" if is_plain(key) else f"@{{{key}}}"
        prefix = f"{cited.prefix} " if cited.prefix else ""
        after = ", ".join(part for part in (cited.locator, cited.suffix) if part)
        pieces.append(f"{prefix}{written}{', ' + after if after else ''}")
    return f"[{'; '.join(pieces)}]" if pieces else cluster.printed


TYPED = re.compile(
    r"[(\[]\s*(?:ref\.?s?\s*)?\d{1,3}(?:\s*[,;–-]\s*\d{1,3})+\s*[)\]]|\[\d{1,3}\]|(?<=[a-z.,;])[⁰¹²³⁴-⁹]+(?:[,⁻–][⁰¹²³⁴-⁹]+)*",
)
"""What looks like a citation that somebody typed: `(1, 2)`, `[3–5]`, `[7]`, or raised numbers behind a word."""


def typed(markdown: str) -> list[tuple[str, str]]:
    """What looks like a typed citation, with the words around it. Units such as m² and 10⁹ are left alone."""
    found = []
    for match in TYPED.finditer(markdown):
        before = re.search(r"[^\W\d_]*$", markdown[: match.start()][-30:])
        raised = match[0][0] in "⁰¹²³⁴⁵⁶⁷⁸⁹"
        if raised and before and before[0] in UNITS:
            continue
        found.append((match[0], around(markdown, match.start(), match.end())))
    return found


def around(markdown: str, start: int, end: int) -> str:
    """The words of one line before and after a place, whole, without the signs of Markdown."""
    line = markdown.rfind("\n", 0, start) + 1
    before = re.sub(r"^\S*\s", "", markdown[start - 60 : start]) if start - line > 60 else markdown[line:start]
    after = markdown[end : end + 40].partition("\n")[0]
    if len(after) == 40:
        after = re.sub(r"\s\S*$", "", after)
    return " ".join(re.sub(r"[*\\`|#]", "", f"{before}{markdown[start:end]}{after}").split())


UNITS = frozenset({"m", "cm", "mm", "km", "dm", "s", "kg", "r", "R", "x", "χ", "I", "T", "µm", "min", "h"})
"""Words before a raised number that make it a power, or the name of a statistic."""
