"""Pandoc's citations in brackets: `[@key]`, `[see @a, pp. 33-35; -@b]`, `[@{odd key}]`, as a Python-Markdown pattern.

Grammar: Pandoc User's Guide, "Citation syntax". Two decisions of our own:

- A bare `@key` outside brackets is text, not an in-text citation: handles and addresses are far more common here.
- `-@key` means the same as `@key`, since our citations are numbers and show no author to suppress.

Before parsing, each `@` that may begin a key gets a mark with an ordinal behind it (`mark_keys`). The pattern reads the
mark, so that a citation knows its line and its place in the source whatever the parser did in between; marks that no
citation took (in code, in addresses, in running text) are removed at the end (`unmarked`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString

from articles.markup.result import Finding

# Control characters that `characters.clean` removes from every text, so that an author can't write a mark.
OPEN, CLOSE = "\x0e", "\x0f"
MARK = re.compile(f"{OPEN}i?\\d+{CLOSE}")

# A key starts with a letter, digit or underscore and may hold single punctuation characters inside; in braces it may
# hold anything but braces.
SIMPLE_KEY = r"\w(?:\w|[:.#$%&\-+?<>~/](?=\w))*+"
KEY = re.compile(rf"(?<![^\W_])@(?:(?P<simple>{SIMPLE_KEY})|\{{(?P<braced>[^{{}}\n]+)\}})")

MARKED_KEY = re.compile(rf"-?@{OPEN}(?P<ordinal>\d+){CLOSE}(?:\{{[^{{}}]*\}}|{SIMPLE_KEY})")
BRACKETED = re.compile(r"\[[^\[\]]*\]")
CLUSTER = rf"\[(?P<inside>(?:(?<={CLOSE})\{{[^{{}}]*+\}}|[^\[\]])*+)\]"


@dataclass(frozen=True)
class KeyUse:
    """One place where a key stands in the source, cited or not."""

    key: str
    line: int
    field: str


def possible_keys(text: str) -> set[str]:
    """Every key that the text might cite: a superset, cheap, for asking the library which of them it knows."""
    return {match["simple"] or match["braced"].strip() for match in KEY.finditer(text)}


def bracketed_keys(text: str) -> set[str]:
    """Every key that stands in square brackets: what the text cites, and what stands so in its code besides."""
    return set().union(*(possible_keys(match[0]) for match in BRACKETED.finditer(text) if "@" in match[0]))


def bracketed_uses(text: str) -> list[tuple[str, int]]:
    """Each key in square brackets with its line (from 1), in reading order: where `bracketed_keys` stand."""
    uses, line, counted = [], 1, 0
    for cluster in BRACKETED.finditer(text):
        for match in KEY.finditer(cluster[0]):
            at = cluster.start() + match.start()
            line += text.count("\n", counted, at)
            counted = at
            uses.append((match["simple"] or match["braced"].strip(), line))
    return uses


def mark_keys(text: str, field: str, uses: list[KeyUse]) -> str:
    """Return the text with a mark behind each `@` of a possible key; append each key's use to `uses`."""
    if "@" not in text:
        return text
    line, counted = 1, 0

    def mark(match: re.Match[str]) -> str:
        nonlocal line, counted
        line += text.count("\n", counted, match.start())
        counted = match.start()
        uses.append(KeyUse(match["simple"] or match["braced"].strip(), line, field))
        return f"@{OPEN}{len(uses) - 1}{CLOSE}{match[0][1:]}"

    return KEY.sub(mark, text)


def unmarked(text: str) -> str:
    return MARK.sub("", text) if OPEN in text else text


class CitationPattern(InlineProcessor):
    """Turns a cluster in brackets into `<sup class="cites">` with one unfinished `<a class="cite">` for each key.

    The number is not known yet: it depends on every text of the edition. `numbers.fill` puts it in.
    """

    def __init__(self, md: Markdown, uses: list[KeyUse], findings: list[Finding]):
        super().__init__(CLUSTER, md)
        self.uses = uses
        self.findings = findings

    def handleMatch(self, match: re.Match[str], data: str) -> tuple[Element | None, int | None, int | None]:  # type: ignore[override]
        if OPEN not in match["inside"]:
            return None, None, None
        items = [found for part in split_cluster(match["inside"]) if (found := MARKED_KEY.search(part))]
        if len(items) != len(split_cluster(match["inside"])):
            return None, None, None
        first = self.uses[int(items[0]["ordinal"])]
        if data[match.end() : match.end() + 1] in ("(", "["):
            if data[match.end()] == "[" and MARKED_KEY.search(data, match.end(), match.end() + 40):
                self.findings.append(
                    Finding(
                        "split-citation",
                        f"The citation of “{first.key}” is directly followed by another bracket; put both into one "
                        "pair of brackets, as in [@first; @second].",
                        first.line,
                        first.field,
                        blocks=True,
                    )
                )
            return None, None, None
        for item in items:
            if OPEN in item.string[item.end() :]:
                use = self.uses[int(item["ordinal"])]
                self.findings.append(
                    Finding(
                        "missing-semicolon",
                        f"The citation on line {use.line} names another key behind “{use.key}” without a semicolon "
                        "between them; write [@first; @second].",
                        use.line,
                        use.field,
                        blocks=True,
                    )
                )
        return self.element(items), match.start(), match.end()

    def element(self, items: list[re.Match[str]]) -> Element:
        sup = Element("sup", {"class": "cites"})
        previous: Element | None = None
        worded = any(item.string.strip() != item[0] for item in items)
        for item in items:
            before = item.string[: item.start()].strip()
            after = item.string[item.end() :].strip().removeprefix(",").strip()
            if after.startswith("{") and after.endswith("}"):
                after = after[1:-1].strip()
            if previous is not None:
                previous.tail = AtomicString("; " if worded else ", ")
            if before:
                prefix = SubElement(sup, "span", {"class": "prefix"})
                prefix.text = before
                prefix.tail = AtomicString(" ")
            link = SubElement(sup, "a", {"class": "cite"})
            link.text = AtomicString(f"{OPEN}{item['ordinal']}{CLOSE}")
            previous = link
            if after:
                link.tail = AtomicString(" ")
                previous = SubElement(sup, "span", {"class": "locator"})
                previous.text = after
        return sup


def split_cluster(inside: str) -> list[str]:
    """Cut the inside of a cluster at its semicolons, but not at those inside a key in braces."""
    if ";" not in inside:
        return [inside]
    parts, start = [], 0
    braces = [match.span() for match in MARKED_KEY.finditer(inside) if "{" in match[0]]
    for match in re.finditer(";", inside):
        if not any(begin < match.start() < end for begin, end in braces):
            parts.append(inside[start : match.start()])
            start = match.end()
    return [*parts, inside[start:]]
