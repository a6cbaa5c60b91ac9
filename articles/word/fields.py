"""The tree of a Word document, made ready for reading: citation fields become marks, and what is lost is counted. Pure.

A field lies flat among the runs (ECMA-376, part 1, section 17.16): `fldChar` begin, the instruction in any number of
`instrText`, separate, the result as printed, end; fields stand within fields. A mark is a number between two private
characters: it goes through everything that only moves text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sized
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement

from django.utils.translation import gettext as _

from articles.word import citations
from articles.word.citations import Cluster, Works
from articles.word.package import Unreadable, W

OPEN, CLOSE = "\ue000", "\ue001"
MARK = re.compile(f"{OPEN}(\\d+){CLOSE}")
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
DEEPEST = 200
"""Elements within elements, and fields within fields: Word's own documents have some thirty, and three."""
MOST_PARAGRAPHS = 6_000
MOST_RUNS = 30_000
"""Also where they are empty, so that the limit on the text does not see them. A run takes half a millisecond."""
DRAWING_TEXT = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}txbx"


@dataclass
class Marked:
    """What was found while a tree was made ready: its clusters by the number of their mark, and what gets lost."""

    works: Works = field(default_factory=Works)
    clusters: list[Cluster] = field(default_factory=list)
    lost: Counter[str] = field(default_factory=Counter)

    def mark(self, cluster: Cluster) -> str:
        self.clusters.append(cluster)
        return f"{OPEN}{len(self.clusters) - 1}{CLOSE}"


def prepare(root: Element, marked: Marked, bookmarked: Mapping[str, str] | None = None) -> None:
    """Put marks in the place of citations and take bibliographies out of the tree; count what will not be kept.

    `bookmarked` holds what document properties say for the names of bookmarks (see `bookmarked_in`).
    """
    _check(root)
    _private_characters(root)
    _controls(root, marked)
    # A field may begin in one paragraph and end in another.
    _Fields(marked).walk([element for element in root.iter() if element.tag in {f"{W}r", f"{W}fldSimple"}])
    if bookmarked:
        _bookmarks(root, bookmarked, marked)
    _count(root, marked.lost)


def _check(root: Element) -> None:
    """Raise Unreadable for a tree that would keep the readers behind this busy for minutes."""
    paragraphs = runs = 0
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise Unreadable(_("The document nests tables or lists too deeply to be read."))
        paragraphs += sum(element.tag == f"{W}p" for element in level)
        runs += sum(element.tag == f"{W}r" for element in level)
        level = [child for element in level for child in element]
    if paragraphs > MOST_PARAGRAPHS or runs > MOST_RUNS:
        raise Unreadable(_("The document has more paragraphs than fit into one answer. Divide it."))


def bookmarked_in(properties: Element) -> dict[str, str]:
    """Zotero's citations in a document's own properties (docProps/custom.xml), whole, by the bookmark of each.

    A long one is cut into properties NAME_1, NAME_2 and so on.
    """
    pieces: dict[str, dict[int, str]] = {}
    for one in properties:
        name, _, number = one.get("name", "").rpartition("_")
        if name.startswith("ZOTERO_BREF_") and number.isascii() and number.isdigit():
            pieces.setdefault(name, {})[int(number)] = "".join(one.itertext())
    return {name: "".join(text for _number, text in sorted(found.items())) for name, found in pieces.items()}


def _bookmarks(root: Element, bookmarked: Mapping[str, str], marked: Marked) -> None:
    """Citations that bookmarks hold: their text becomes a mark, as a field's result does."""
    fields_of_bookmarks = _Fields(marked)
    begun: dict[str, _Open] = {}
    for element in root.iter():
        if element.tag == f"{W}bookmarkStart" and element.get(f"{W}name", "") in bookmarked:
            begun[element.get(f"{W}id", "")] = _Open([bookmarked[element.get(f"{W}name", "")]], True)
            _check_open(begun)
        elif element.tag == f"{W}bookmarkEnd" and element.get(f"{W}id", "") in begun:
            fields_of_bookmarks.end(begun.pop(element.get(f"{W}id", "")))
        elif element.tag == f"{W}r":
            for one in begun.values():
                one.add(element)


def _private_characters(root: Element) -> None:
    """What the document writes with our own marks' characters would be taken for marks."""
    for element in root.iter(f"{W}t"):
        if element.text and (OPEN in element.text or CLOSE in element.text):
            element.text = element.text.replace(OPEN, "").replace(CLOSE, "")


def _controls(root: Element, marked: Marked) -> None:
    """Content controls of Mendeley Cite: a mark in the place of their text, nothing in that of a bibliography."""
    for control in list(root.iter(f"{W}sdt")):
        tag = control.find(f"{W}sdtPr/{W}tag")
        name = tag.get(f"{W}val", "") if tag is not None else ""
        content = control.find(f"{W}sdtContent")
        if content is None:
            continue
        if name.startswith(citations.CONTROL_BIBLIOGRAPHY):
            content[:] = []
            marked.lost["bibliography"] += 1
            continue
        text = citations.json_of_control(name)
        if text is None:
            continue
        cluster = citations.read(text, text_of(content), marked.works)
        if cluster is None:
            marked.lost["unreadable citation"] += 1
            continue
        runs = list(content.iter(f"{W}r"))
        for run in runs[1:]:
            _empty(run)
        if runs:
            _write(runs[0], marked.mark(cluster))


def _check_open(begun: Sized) -> None:
    """Each run is shown to every field that is open: too many of them, and a small file takes hours."""
    if len(begun) > DEEPEST:
        raise Unreadable(_("The document nests fields too deeply to be read: it is damaged, or not as Word writes it."))


@dataclass
class _Open:
    """A field that has begun: its instruction so far, and the runs of its result."""

    pieces: list[str] = field(default_factory=list)
    in_result: bool = False
    runs: list[Element] = field(default_factory=list)

    @property
    def instruction(self) -> str:
        """What the field is to do, in one."""
        return "".join(self.pieces)

    def add(self, run: Element) -> None:
        """Note a run of the result; a run comes again while it is walked through."""
        if self.in_result and not (self.runs and self.runs[-1] is run):
            self.runs.append(run)


class _Fields:
    """Walks the runs of a document with the fields that are open at each, innermost last."""

    def __init__(self, marked: Marked) -> None:
        self.marked = marked
        self.open: list[_Open] = []

    def walk(self, runs: list[Element]) -> None:
        for run in runs:
            if run.tag == f"{W}fldSimple":
                self.end(_Open([run.get(f"{W}instr", "")], True, list(run.iter(f"{W}r"))))
                continue
            for child in list(run):
                self.step(run, child)
            for one in self.open:
                one.add(run)

    def step(self, run: Element, child: Element) -> None:
        if child.tag == f"{W}instrText" and self.open:
            self.open[-1].pieces.append(child.text or "")
        if child.tag != f"{W}fldChar":
            return
        kind = child.get(f"{W}fldCharType")
        if kind == "begin":
            self.open.append(_Open())
            _check_open(self.open)
        elif kind == "separate" and self.open:
            self.open[-1].in_result = True
        elif kind == "end" and self.open:
            one = self.open.pop()
            one.add(run)
            self.end(one)

    def end(self, one: _Open) -> None:
        """A field is whole: a citation's result becomes a mark, a bibliography's goes."""
        instruction = one.instruction
        if citations.BIBLIOGRAPHY.match(instruction):
            self.marked.lost["bibliography"] += 1
            for run in one.runs:
                _empty(run)
            return
        if citations.ENDNOTE.match(instruction):
            self.marked.lost["endnote citation"] += 1
            return
        text = citations.json_of_field(instruction)
        if text is None:
            return
        printed = " ".join("".join(text_of(run) for run in one.runs).split())
        cluster = citations.read(text, printed, self.marked.works)
        if cluster is None or not one.runs:
            self.marked.lost["unreadable citation"] += 1
            return
        for run in one.runs[1:]:
            _empty(run)
        _write(one.runs[0], self.marked.mark(cluster))


def text_of(element: Element) -> str:
    """The text of an element, without what was deleted."""
    return "".join(part.text or "" for part in element.iter(f"{W}t"))


def _empty(run: Element) -> None:
    """Take the text out of a run, but leave the field characters that the walk may still need."""
    for child in list(run):
        if child.tag not in {f"{W}fldChar", f"{W}instrText", f"{W}rPr"}:
            run.remove(child)


def _write(run: Element, text: str) -> None:
    """Put text in the place of a run's own: plain, since a mark is neither raised nor slanted."""
    _empty(run)
    properties = run.find(f"{W}rPr")
    if properties is not None:
        run.remove(properties)
    # Before a field character that ends the field, else the text would stand behind it.
    written = SubElement(run, f"{W}t")
    written.text = text
    written.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def bring_notes_in(root: Element, notes: dict[str, Element], kind: str, marked: Marked) -> None:
    """Put each note in the place of its number: a note that only cites as its marks, others in brackets.

    `kind` is `footnote` or `endnote`, `notes` the prepared notes by their ids.
    """
    for run in root.iter(f"{W}r"):
        for child in list(run):
            if child.tag != f"{W}{kind}Reference":
                continue
            note = notes.get(child.get(f"{W}id", ""))
            words = " ".join(text_of(note).split()) if note is not None else ""
            marks = "".join(match[0] for match in MARK.finditer(words))
            if not words:
                _empty(run)
            elif marks and not re.search(r"\w", MARK.sub("", words)):
                _write(run, marks)
            else:
                _write(run, f" ({words.rstrip('.')})")
                marked.lost["note"] += 1


LOST = {
    f"{W}drawing": "picture",
    f"{W}pict": "picture",
    f"{W}object": "embedded object",
    f"{MATH}oMath": "formula",
    f"{W}commentReference": "comment",
    f"{W}ins": "tracked insertion",
    f"{W}del": "tracked deletion",
    f"{W}gridSpan": "joined cells",
    f"{W}vMerge": "joined cells",
}
"""Elements that Markdown has no place for, and what they are called in the report."""


def _count(root: Element, lost: Counter[str]) -> None:
    for element in root.iter():
        if element.tag in LOST:
            lost[LOST[element.tag]] += 1
        elif element.tag == DRAWING_TEXT:
            lost["text box"] += 1
