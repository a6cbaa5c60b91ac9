"""The package of a .docx: a ZIP file of XML parts, opened within limits. Nothing here knows what the parts say.

Format: ECMA-376, Office Open XML, parts 1 and 2. A Word file holds no document type declaration, so one that does is
refused before any parser expands its entities.
"""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

from django.utils.translation import gettext as _

LARGEST_FILE = 20_000_000
LARGEST_PART = 20_000_000
LARGEST_ALL = 120_000_000
"""Bytes: of the file, of one XML part unpacked, and of all that the file would unpack to."""
MOST_PARTS = 5_000
MOST_TAGS = 400_000
"""Of one part: a parsed element takes a hundred times the bytes of the shortest tag. A long text has some 100,000."""
DOCUMENT = "word/document.xml"
KEPT = frozenset(
    {
        "[Content_Types].xml",
        "_rels/.rels",
        DOCUMENT,
        *(f"word/{name}.xml" for name in ("styles", "numbering", "footnotes", "endnotes")),
        *(f"word/_rels/{name}.xml.rels" for name in ("document", "footnotes", "endnotes")),
    }
)
"""The parts that make text; themes, settings, comments and whatever else lies in the file are never parsed."""
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class Unreadable(Exception):
    """A file that cannot be read as a Word document. Its message is a sentence for the author."""


class Package:
    """The parts of one .docx by their names. Raises Unreadable."""

    def __init__(self, content: bytes) -> None:
        if len(content) > LARGEST_FILE:
            raise Unreadable(
                _("The file has %(size)d MB; at most %(limit)d MB are read. Take large pictures out and try again.")
                % {"size": len(content) // 1_000_000, "limit": LARGEST_FILE // 1_000_000}
            )
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            infos = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            raise Unreadable(_what_else(content)) from None
        if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > LARGEST_ALL:
            raise Unreadable(_("The file unpacks to more than a Word document holds, so it was not opened."))
        self.names = {info.filename for info in infos}
        if DOCUMENT not in self.names:
            raise Unreadable(_("This is not a Word document: save it as .docx and try again."))
        self._changed: dict[str, bytes] = {}

    def part(self, name: str) -> bytes:
        """The bytes of an XML part. Raises Unreadable for one that is missing, damaged, too large or unsafe."""
        try:
            with self._zip.open(name) as stream:
                data = stream.read(LARGEST_PART + 1)
        except (KeyError, zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError):
            raise Unreadable(_("The file is damaged or locked with a password: it could not be unpacked.")) from None
        except Exception as error:  # zlib and lzma have errors of their own, and no common root
            raise Unreadable(_("The file is damaged: it could not be unpacked.")) from error
        if len(data) > LARGEST_PART:
            raise Unreadable(
                _("The text of the file unpacks to more than %(limit)d MB, so it was not read.")
                % {"limit": LARGEST_PART // 1_000_000}
            )
        return data

    def tree(self, name: str) -> ElementTree.Element:
        """The root of an XML part. Raises Unreadable."""
        data = self.part(name)
        # UTF-16 would hide the words from this look; Word writes UTF-8.
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"\x00" in data[:200]:
            raise Unreadable(_("The file holds declarations that Word does not write, so it was not read."))
        if data.count(b"<") > MOST_TAGS:
            raise Unreadable(
                _("The document is made of more pieces than can be read. Divide it, or copy its text into a new one.")
            )
        try:
            return ElementTree.fromstring(data)  # noqa: S314 - it declares no entity: looked for above
        except (ElementTree.ParseError, ValueError, LookupError):
            raise Unreadable(_("The file is damaged: its text is not well-formed.")) from None

    def replace(self, name: str, root: ElementTree.Element) -> None:
        """Put another tree in the place of a part, in what `packed` gives."""
        self._changed[name] = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)

    def packed(self) -> io.BytesIO:
        """The parts that make text, with what was replaced."""
        result = io.BytesIO()
        with zipfile.ZipFile(result, "w", zipfile.ZIP_STORED) as out:
            for name in sorted(self.names & KEPT):
                if name in self._changed:
                    out.writestr(name, self._changed[name])
                else:
                    self.tree(name)
                    out.writestr(name, self.part(name))
        result.seek(0)
        return result


def _what_else(content: bytes) -> str:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return _("This is an older Word file (.doc), or one locked with a password: save it as .docx and try again.")
    if content.startswith(b"{\\rtf"):
        return _("This is a file in Rich Text Format: save it as .docx and try again.")
    if content.startswith(b"%PDF"):
        return _("This is a PDF file: it holds no text to edit. Choose the .docx that it was made from.")
    if not content:
        return _("The file is empty.")
    return _("This is not a Word document: save it as .docx and try again.")
