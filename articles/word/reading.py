"""A .docx as this project takes it in: its title, its text in Markdown with marks for citations, and a report.

mammoth makes HTML of the styles (headings, lists, tables, emphasis, links); the citations were turned into marks before
(articles/word/fields.py), so that they come through in their places.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import mammoth
from bs4 import BeautifulSoup
from django.utils.translation import gettext as _

from articles.drafting import LARGEST_BODY
from articles.markup import characters
from articles.word import citations, fields
from articles.word.citations import Cluster
from articles.word.markdown import from_html
from articles.word.package import DOCUMENT, Package, Unreadable, W

STYLES = """
p[style-name='Title'] => h1.document-title:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
"""
NOTES = {"footnote": "word/footnotes.xml", "endnote": "word/endnotes.xml"}
PROPERTIES = "docProps/custom.xml"
LONGEST_TITLE = 300
LONGEST_TEXT = LARGEST_BODY
"""Bytes: what cannot be saved need not be converted, which takes seconds for a book."""
EMPTY_END = re.compile(r"\n#{1,6} (?:\d+\W*)?(?:references|bibliography|literature|works cited)\W*\s*$", re.IGNORECASE)
"""A last heading over the bibliography that was taken out."""


@dataclass(frozen=True)
class Document:
    """What was read. `markdown` holds marks for `clusters`; `items` are the works in CSL-JSON, by their places.

    `typed` are what look like citations typed by hand, each with the words around it; `lost` counts what Markdown has
    no place for, by the names of `articles.word.fields.LOST` and of citations that could not be read.
    """

    title: str
    markdown: str
    clusters: list[Cluster] = field(default_factory=list)
    items: list[Mapping[str, Any]] = field(default_factory=list)
    typed: list[tuple[str, str]] = field(default_factory=list)
    lost: dict[str, int] = field(default_factory=dict)


def read(content: bytes) -> Document:
    """Read the bytes of a .docx. Raises Unreadable with a sentence for the author."""
    package = Package(content)
    marked = fields.Marked()
    try:
        root = package.tree(DOCUMENT)
        bookmarked = fields.bookmarked_in(package.tree(PROPERTIES)) if PROPERTIES in package.names else {}
        fields.prepare(root, marked, bookmarked)
        for kind, name in NOTES.items():
            by_id = {}
            if name in package.names:
                notes = package.tree(name)
                fields.prepare(notes, marked, bookmarked)
                by_id = {note.get(f"{W}id", ""): note for note in notes.iter(f"{W}{kind}")}
            fields.bring_notes_in(root, by_id, kind, marked)
        length = len(fields.text_of(root).encode())
        if length > LONGEST_TEXT:
            raise Unreadable(
                _("The document has %(size)d kB of text; at most %(limit)d kB fit into one answer. Divide it.")
                % {"size": length // 1000, "limit": LONGEST_TEXT // 1000}
            )
        package.replace(DOCUMENT, root)
        html = mammoth.convert_to_html(
            package.packed(), style_map=STYLES, convert_image=mammoth.images.img_element(_no_image)
        ).value
        title, html = _title(html)
        markdown = EMPTY_END.sub("", characters.normal(from_html(html))).rstrip() + "\n"
    except (RecursionError, MemoryError):
        raise Unreadable(_("The document nests tables or lists too deeply to be read.")) from None
    except Unreadable:
        raise
    except Exception as error:  # mammoth raises whatever a broken part leads it to
        raise Unreadable(_("The document could not be read: it is damaged, or not as Word writes it.")) from error
    return Document(
        title=title,
        markdown=markdown,
        clusters=marked.clusters,
        items=marked.works.items,
        typed=citations.typed(markdown),
        lost=dict(marked.lost),
    )


def _no_image(_image: object) -> dict[str, str]:
    return {"src": ""}


def _title(html: str) -> tuple[str, str]:
    """The title of the document and the HTML without it: the paragraph of that style, else a lone first heading 1."""
    soup = BeautifulSoup(html, "html.parser")
    found = soup.find("h1", class_="document-title")
    if found is None:
        tops = soup.find_all("h1")
        first = soup.find(re.compile(r"^(?:h[1-6]|p|table|ul|ol)$"))
        found = tops[0] if len(tops) == 1 and first is tops[0] else None
    if found is None:
        return "", html
    title = " ".join(fields.MARK.sub("", found.get_text(" ")).split())
    if len(title) > LONGEST_TITLE:
        return "", html
    found.decompose()
    return title, str(soup)
