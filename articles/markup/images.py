"""Figures: `![alternative text](image:name "caption")` on a line of its own shows an image of the article.

Only images of the article itself are shown, by their names; their addresses are made of their digests here and nowhere
else. The caption may cite: `"Adapted from [@key]."`. Before parsing, each `![` gets a mark with an ordinal, by which an
image knows its line (see `citations.mark_keys`, which does the same for keys).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import unescape
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from articles.markup.citations import CLOSE, OPEN, unmarked
from articles.markup.result import BODY, Finding, Picture, ShownImage

NAME = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
SOURCE = re.compile(rf"image:(?P<name>{NAME})")
POSSIBLE = re.compile(rf"(?<![\w:/])image:(?P<name>{NAME})")
START = re.compile(r"!\[")
MARK = re.compile(f"{OPEN}i(?P<ordinal>\\d+){CLOSE}")
KEY_MARK = f"{OPEN}\\d+{CLOSE}"
CITED = re.compile(f"(?<!@){KEY_MARK}(?:[,;] {KEY_MARK})*")


@dataclass(frozen=True)
class ImageUse:
    """One place where an image begins in the source, shown or not."""

    line: int
    field: str


def possible_names(text: str) -> set[str]:
    """Every image name that the text might show: a superset, cheap, for asking which images there are."""
    return {match["name"] for match in POSSIBLE.finditer(text)} if "image:" in text else set()


def markdown_of(name: str, alternative: str, caption: str = "") -> str:
    """The line that shows an image, with everything escaped that would end its parts. A caption keeps its citations."""
    alternative = re.sub(r"([\\`\[\]])", r"\\\1", " ".join(alternative.split()))
    caption = re.sub(r'([\\`"])', r"\\\1", " ".join(caption.split()))
    return f'![{alternative}](image:{name} "{caption}")' if caption else f"![{alternative}](image:{name})"


def mark_images(text: str, field: str, uses: list[ImageUse]) -> str:
    """Return the text with a mark behind each `![`; append each one's place to `uses`."""
    if "![" not in text:
        return text
    line, counted = 1, 0

    def mark(match: re.Match[str]) -> str:
        nonlocal line, counted
        line += text.count("\n", counted, match.start())
        counted = match.start()
        uses.append(ImageUse(line, field))
        return f"![{OPEN}i{len(uses) - 1}{CLOSE}"

    return START.sub(mark, text)


class Figures(Treeprocessor):
    """Turns paragraphs of nothing but images into figures; every other image into its alternative text, and says why.

    `pictures` are the images of the article by name; `shown` collects, by ordinal, what readers see.
    """

    def __init__(self, md: Markdown, uses: list[ImageUse], findings: list[Finding]):
        super().__init__(md)
        self.uses = uses
        self.findings = findings
        self.field = BODY
        self.pictures: Mapping[str, Picture] = {}
        self.shown: dict[int, ShownImage] = {}

    def run(self, root: Element) -> None:
        for parent in list(root.iter()):
            for child in list(parent):
                if child.tag == "p" and self.field == BODY and only_images(child):
                    place = list(parent).index(child)
                    figures = [self.figure(image) for image in child if image.tag == "img"]
                    figures[-1].tail = child.tail
                    parent[place : place + 1] = figures
        for image in list(root.iter("img")):
            if image.get("loading") is None:
                self.refuse(image)

    def figure(self, image: Element) -> Element:
        """The figure of one image; without a picture where it can't be shown, which a finding says."""
        line, alternative = self.read(image)
        written = unmarked(image.get("src", ""))
        match = SOURCE.fullmatch(written)
        name = match["name"] if match else ""
        picture = self.pictures.get(name)
        figure = Element("figure")
        if match is None:
            self.tell(
                "image-elsewhere",
                f"The image “{written[:80]}” is not one of this article; upload it under Images, and write "
                "![what it shows](image:its-name).",
                line,
            )
        elif picture is None:
            self.tell("unknown-image", f"“{name}” on line {line} is not the name of an image of this article.", line)
        if not alternative:
            self.tell(
                "image-without-alternative",
                f"The image “{(name or written)[:80]}” has no alternative text; write what it shows, for those who "
                "can't see it, between the square brackets.",
                line,
            )
        if picture is not None:
            address = picture.address
            shown = {"src": address, "alt": alternative, "width": str(picture.width), "height": str(picture.height)}
            SubElement(figure, "img", shown | {"loading": "lazy"})
        caption = Element("figcaption")
        if picture is None:
            SubElement(caption, "span", {"class": "image-unknown"}).text = AtomicString(f"[{unescape(alternative)}]")
            caption[-1].tail = AtomicString(" ")
        said = fill_caption(caption, image.get("title", ""))
        if picture is not None and picture.credit:
            if len(caption) or caption.text:
                add_text(caption, " ")
            SubElement(caption, "span", {"class": "credit"}).text = AtomicString(picture.credit)
        if len(caption) or caption.text:
            figure.append(caption)
        ordinal = MARK.match(image.get("alt", ""))
        if picture is not None and ordinal:
            self.shown[int(ordinal["ordinal"])] = ShownImage(name, unescape(alternative), said)
        return figure

    def refuse(self, image: Element) -> None:
        """An image that stands where none can: its alternative text takes its place."""
        line, alternative = self.read(image)
        name = unmarked(image.get("src", "")).removeprefix("image:")[:80]
        if self.field == BODY:
            message = (
                f"The image “{name}” stands among words; give it a line of its own, with a blank line before and after."
            )
        else:
            message = f"The image “{name}” can't stand in a bottom line; put it into the text."
        self.tell("image-among-words", message, line)
        image.tag, image.text = "span", AtomicString(alternative)
        image.attrib.clear()

    def read(self, image: Element) -> tuple[int | None, str]:
        """The line of an image and its alternative text, without marks."""
        alternative = image.get("alt", "")
        ordinal = MARK.match(alternative)
        line = self.uses[int(ordinal["ordinal"])].line if ordinal else None
        alternative = MARK.sub("", alternative)
        if CITED.search(alternative):
            self.tell(
                "citation-in-alternative",
                "A citation can't stand in the alternative text of an image; please put it into the caption.",
                line,
            )
        return line, " ".join(unmarked(alternative).split())

    def tell(self, code: str, message: str, line: int | None) -> None:
        self.findings.append(Finding(code, message.replace(" on line None", ""), line, self.field, blocks=True))


def only_images(paragraph: Element) -> bool:
    """Whether a paragraph holds images and nothing else."""
    texts = [paragraph.text, *(child.tail for child in paragraph)]
    return (
        any(child.tag == "img" for child in paragraph)
        and all(child.tag in {"img", "br"} for child in paragraph)
        and not any(text and text.strip() for text in texts)
    )


def fill_caption(caption: Element, written: str) -> str:
    """Put a caption's words and citations into its element; return the words alone."""
    written = MARK.sub("", " ".join(written.split()))
    at = 0
    for cluster in CITED.finditer(written):
        add_text(caption, unescape(unmarked(written[at : cluster.start()])))
        sup = SubElement(caption, "sup", {"class": "cites"})
        marks = re.findall(KEY_MARK, cluster[0])
        for number, mark in enumerate(marks):
            link = SubElement(sup, "a", {"class": "cite"})
            link.text = AtomicString(mark)
            if number + 1 < len(marks):
                link.tail = AtomicString(", ")
        at = cluster.end()
    add_text(caption, unescape(unmarked(written[at:])))
    return " ".join(unescape(unmarked(CITED.sub("", written))).split())


def add_text(element: Element, text: str) -> None:
    """Append words behind all that the element holds."""
    text = text.replace("&", "&amp;")
    if len(element):
        element[-1].tail = AtomicString((element[-1].tail or "") + text)
    else:
        element.text = AtomicString((element.text or "") + text)


def distinct(shown: Mapping[int, ShownImage]) -> tuple[ShownImage, ...]:
    """What was shown, in the order of the source, each different use once."""
    uses: Iterable[ShownImage] = (shown[ordinal] for ordinal in sorted(shown))
    return tuple(dict.fromkeys(uses))
