"""The Python-Markdown instance of this project: which of its parts we use, and what we put in the place of others."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockprocessors import ReferenceProcessor
from markdown.extensions.def_list import DefListExtension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.inlinepatterns import AUTOMAIL_RE, InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from articles.markup.citations import OPEN, CitationPattern, KeyUse, unmarked
from articles.markup.images import Figures, ImageUse
from articles.markup.result import BODY, Finding, Picture
from articles.markup.sanitise import safe_link


class MailLink(InlineProcessor):
    """`<name@example.org>`: the library's own one writes each letter as an entity, which helps nobody today."""

    def handleMatch(self, match: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]
        link = Element("a", {"href": f"mailto:{match[1].removeprefix('mailto:')}"})
        link.text = AtomicString(match[1].removeprefix("mailto:"))
        return link, match.start(), match.end()


class LinkDefinition(ReferenceProcessor):
    """`[name]: address`; but `[@key]: ` at the beginning of a line is a citation, not the name of a link."""

    RE = re.compile(ReferenceProcessor.RE.pattern.replace(r"[^\[\]]*", rf"[^\[\]{OPEN}]*"), re.MULTILINE)


class Tidy(Treeprocessor):
    """Last look at the tree: links only where they may lead, alignment as a class, tables that scroll."""

    def __init__(self, md: Markdown, findings: list[Finding]):
        super().__init__(md)
        self.findings = findings
        self.field = BODY
        self.source = ""

    def run(self, root: Element) -> None:
        tables = 0
        for parent in list(root.iter()):
            for place, child in enumerate(list(parent)):
                if child.tag == "a" and child.get("class") != "cite":
                    self.check_link(child)
                elif child.tag in ("th", "td"):
                    align = child.attrib.pop("align", None)
                    if align:
                        child.set("class", f"align-{align}")
                    if child.tag == "th":
                        child.set("scope", "col")
                elif child.tag == "table":
                    tables += 1
                    frame = Element(
                        "div",
                        {"class": "table-scroll", "role": "group", "tabindex": "0", "aria-label": f"Table {tables}"},
                    )
                    frame.tail, child.tail = child.tail, None
                    frame.append(child)
                    parent[place] = frame

    def check_link(self, link: Element) -> None:
        written = unmarked(link.attrib.pop("href", ""))
        title = link.attrib.pop("title", None)
        address = safe_link(written)
        line = self.line_of(written)
        if any(inner.get("class") == "cite" for inner in link.iter("a")):
            self.findings.append(
                Finding(
                    "citation-in-link",
                    "A citation can't stand inside the text of a link; please put it after the link.",
                    line,
                    self.field,
                    blocks=True,
                )
            )
        elif address is None:
            self.findings.append(
                Finding(
                    "link-not-allowed",
                    f"The link to “{written[:80]}” leads to no web address (http, https), mail address (mailto) or "
                    "heading (#…), so it is shown as text.",
                    line,
                    self.field,
                    blocks=False,
                )
            )
        else:
            # Entities are decoded, so that every & is a plain one; the serialiser would leave &copy; alone.
            link.set("href", address.replace("&", "&amp;"))
            if title:
                link.set("title", unmarked(title))
            if not address.startswith("#"):
                link.set("rel", "noopener")
            return
        link.tag = "span"

    def line_of(self, written: str) -> int | None:
        place = self.source.find(written) if written else -1
        return None if place < 0 else self.source.count("\n", 0, place) + 1


class Parser:
    """Markdown to HTML that lacks citation numbers, heading levels and the sanitiser. Used again for each text."""

    def __init__(self) -> None:
        self.uses: list[KeyUse] = []
        self.image_uses: list[ImageUse] = []
        self.findings: list[Finding] = []
        self.md = md = Markdown(
            output_format="html",
            extensions=[TableExtension(use_align_attribute=True), SaneListExtension(), DefListExtension()],
        )
        # Raw HTML is text: neither blocks nor tags are recognised, so the serialiser escapes them.
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.inlinePatterns.deregister("automail")
        md.inlinePatterns.register(MailLink(AUTOMAIL_RE, md), "automail", 110)
        md.inlinePatterns.register(CitationPattern(md, self.uses, self.findings), "citation", 175)
        # Every ASCII punctuation character can be escaped (CommonMark 0.31, section 2.4), but & would make entities.
        md.ESCAPED_CHARS = [sign for sign in string.punctuation if sign != "&"]
        md.parser.blockprocessors.register(LinkDefinition(md.parser), "reference", 15)
        self.tidy = Tidy(md, self.findings)
        self.figures = Figures(md, self.image_uses, self.findings)
        md.treeprocessors.register(self.figures, "figures", -5)
        md.treeprocessors.register(self.tidy, "tidy", -10)

    def begin(self, images: Mapping[str, Picture]) -> None:
        """Forget the last answer. `images` are those that the next one may show."""
        self.uses.clear()
        self.image_uses.clear()
        self.figures.shown.clear()
        self.figures.pictures = images
        self.findings.clear()

    def blocks(self, text: str, source: str) -> str:
        """Lay out a whole body. `source` is the field as its author wrote it, for line numbers."""
        self.figures.field = self.tidy.field = BODY
        self.tidy.source = source
        self.md.reset()
        return self.md.convert(text)

    def inline(self, text: str, field: str, source: str) -> str:
        """Lay out one paragraph: no lists, headings or tables, whatever its signs."""
        self.figures.field = self.tidy.field = field
        self.tidy.source = source
        self.md.reset()
        root = Element("div")
        SubElement(root, "p").text = " ".join(text.split())
        for processor in self.md.treeprocessors:
            processor.run(root)
        html = self.md.serializer(root).strip()
        for postprocessor in self.md.postprocessors:
            html = postprocessor.run(html)
        return (
            html.removeprefix("<div>").removesuffix("</div>").strip().removeprefix("<p>").removesuffix("</p>").strip()
        )
