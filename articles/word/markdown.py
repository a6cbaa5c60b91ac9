"""HTML, as mammoth makes it of a Word document, to the Markdown that authors write here. Pure."""

from __future__ import annotations

import re
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import Tag
from markdownify import ATX, MarkdownConverter

RAISED = str.maketrans("0123456789+-−–=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿ")
LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
CAN_BE_RAISED = re.compile(r"[0-9+\-−–=()n,; ]+")
CAN_BE_LOWERED = re.compile(r"[0-9+\-−=()]+")
LINE_BEGINNING = re.compile(r"^(\s*)(#{1,6}(?=\s)|[-+](?=\s)|>|:{3,}|\|)", re.MULTILINE)
FARTHEST = 60
"""Columns or rows over which one cell is read to reach."""
NUMBER_BEGINNING = re.compile(r"^(\s*\d+)([.)])(?=\s)", re.MULTILINE)


class Converter(MarkdownConverter):
    """Only the marks that this project's Markdown knows; raised and lowered figures as characters of their own."""

    def escape(self, text: str, parent_tags: Any) -> str:
        """Escape what would be read as a mark, and no more: authors go on writing in this text."""
        text = re.sub(r"([\\`*])", r"\\\1", text or "")
        text = re.sub(r"(?<!\w)_|_(?!\w)", r"\\_", text)
        text = re.sub(r"\](?=\()", r"\\]", text)
        if not self._in_table(parent_tags):
            text = LINE_BEGINNING.sub(r"\1\\\2", text)
            # A name of a link, as Markdown defines them, is shown nowhere: "[1]: Smith" would be gone.
            text = re.sub(r"^(\s*)(?=\[[^\[\]]*\]:)", r"\1\\", text, flags=re.MULTILINE)
            text = NUMBER_BEGINNING.sub(r"\1\\\2", text)
        return text

    @staticmethod
    def _in_table(parent_tags: Any) -> bool:
        return bool({"td", "th"} & set(parent_tags or ()))

    def convert_sup(self, element: Tag, text: str, parent_tags: Any) -> str:
        return text.translate(RAISED) if CAN_BE_RAISED.fullmatch(text) else text

    def convert_sub(self, element: Tag, text: str, parent_tags: Any) -> str:
        return text.translate(LOWERED) if CAN_BE_LOWERED.fullmatch(text) else text

    def convert_img(self, element: Tag, text: str, parent_tags: Any) -> str:
        return ""

    def convert_br(self, element: Tag, text: str, parent_tags: Any) -> str:
        return " " if self._in_table(parent_tags) else "\n"

    def convert_a(self, element: Tag, text: str, parent_tags: Any) -> str:
        """Links to the web and to mail addresses; bookmarks within the document are text."""
        address = str(element.get("href") or "")
        if not text.strip() or not re.match(r"(?:https?|mailto):", address, re.IGNORECASE):
            return text
        address = address.replace(" ", "%20").replace("(", "%28").replace(")", "%29")
        return f"[{text.strip()}]({address})"

    def convert_td(self, element: Tag, text: str, parent_tags: Any) -> str:
        return f" {_cell(text)} |"

    convert_th = convert_td

    def convert_s(self, element: Tag, text: str, parent_tags: Any) -> str:
        return text

    convert_del = convert_s


def _cell(text: str) -> str:
    text = re.sub(r" ;(?= )", ";", " ".join(text.split()))
    return re.sub(r"(?<!\\)\|", r"\\|", text)


def _square(table: Tag) -> None:
    """Give every row a cell in each column that a joined one covers, so that figures stay under their heads.

    Markdown has no joined cells: the words stand in the first, and the others are empty.
    """
    covered: dict[int, int] = {}
    for row in table.find_all("tr"):
        if row.find_parent("table") is not table:
            continue
        cells: list[Tag] = []

        def leave_out(cells: list[Tag] = cells) -> None:
            while covered.get(len(cells), 0):
                covered[len(cells)] -= 1
                cells.append(Tag(name="td"))

        for cell in row.find_all(["td", "th"], recursive=False):
            leave_out()
            for place in range(_reach(cell, "colspan")):
                covered[len(cells)] = _reach(cell, "rowspan") - 1
                cells.append(Tag(name=cell.name) if place else cell)
        leave_out()
        row.clear()
        row.extend(cells)
        for cell in cells:
            cell.attrs.clear()
            _in_one_line(cell)


def _reach(cell: Tag, attribute: str) -> int:
    """Over how many columns or rows a cell reaches."""
    written = str(cell.get(attribute, ""))
    return max(1, min(int(written), FARTHEST)) if written.isascii() and written.isdigit() else 1


def _in_one_line(cell: Tag) -> None:
    """The items of lists and the cells of tables within a cell stand in a row, with semicolons between."""
    pieces = cell.find_all(["li", "td", "th"])
    for number, piece in enumerate(pieces):
        piece.insert(0, "; " if number else " ")
    for element in [*pieces, *cell.find_all(["ul", "ol", "table", "thead", "tbody", "tr"])]:
        element.unwrap()


def from_html(html: str) -> str:
    """The Markdown of a document's HTML, with tidy blank lines."""
    converter = Converter(
        heading_style=ATX,
        bullets="-",
        escape_underscores=False,
        table_infer_header=True,
        newline_style="spaces",
    )
    soup = BeautifulSoup(html, "html.parser")
    # The innermost come first: what a cell holds is words by then.
    for table in reversed(soup.find_all("table")):
        _square(table)
    text = converter.convert_soup(soup)
    # Emphasis around nothing but spaces, and emphasis that ends where the next begins.
    text = re.sub(r"\*\*(\s*)\*\*(?!\*)", r"\1", text)
    text = "\n".join(line.rstrip() for line in text.replace("\xa0", " ").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
