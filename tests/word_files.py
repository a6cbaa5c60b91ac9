"""Small Word documents, written part by part as Word writes them, for tests."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RAISED = '<w:vertAlign w:val="superscript"/>'


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(*runs: str, style: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}</w:pPr>{''.join(runs)}</w:p>"


def item(*runs: str, numbering: int = 1, level: int = 0) -> str:
    """An item of a list: numbering 1 has bullets, 2 numbers."""
    place = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{numbering}"/></w:numPr>'
    return f'<w:p><w:pPr><w:pStyle w:val="ListParagraph"/>{place}</w:pPr>{"".join(runs)}</w:p>'


def table(*rows: list[str]) -> str:
    cells = ("".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def character(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def field(instruction: str, result: str) -> str:
    """A field whose instruction is cut into pieces, as Word cuts it."""
    pieces = [instruction[at : at + 37] for at in range(0, len(instruction), 37)]
    written = "".join(f'<w:r><w:instrText xml:space="preserve">{escape(piece)}</w:instrText></w:r>' for piece in pieces)
    return f"{character('begin')}{written}{character('separate')}{result}{character('end')}"


def citation(*items: Mapping[str, Any]) -> str:
    return json.dumps({"citationID": "c", "citationItems": list(items), "properties": {"noteIndex": 0}})


def zotero(printed: str, *items: Mapping[str, Any]) -> str:
    return field(f" ADDIN ZOTERO_ITEM CSL_CITATION {citation(*items)} ", run(printed, RAISED))


def mendeley(printed: str, *items: Mapping[str, Any]) -> str:
    return field(f"ADDIN CSL_CITATION {citation(*items)}", run(printed))


def mendeley_cite(printed: str, *items: Mapping[str, Any]) -> str:
    tag = "MENDELEY_CITATION_v3_" + base64.b64encode(citation(*items).encode()).decode()
    return f'<w:sdt><w:sdtPr><w:tag w:val="{tag}"/></w:sdtPr><w:sdtContent>{run(printed)}</w:sdtContent></w:sdt>'


def title_of(number: int) -> str:
    """The title of work `number`, long enough to be compared with others."""
    return f"Treatment {number} for persistent wheezing in adults: a randomised trial"


def work(number: int, **around: str) -> dict[str, Any]:
    """An item of a citation: work `number` of somebody's library, with what stands around it."""
    data = {
        "id": number,
        "type": "article-journal",
        "title": title_of(number),
        "container-title": "Journal of Tests",
        "DOI": f"10.5555/word.{number}",
        "author": [{"family": f"Writer{number}", "given": "Wanda"}],
        "issued": {"date-parts": [["2019", 3]]},
    }
    return {"id": number, "uris": [f"http://zotero.org/users/1/items/K{number}"], "itemData": data, **around}


def _style(name: str, called: str) -> str:
    return f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{called}"/></w:style>'


def _numbering() -> str:
    levels = "".join(f'<w:lvl w:ilvl="{at}"><w:numFmt w:val="bullet"/></w:lvl>' for at in range(3))
    numbers = '<w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl>'
    kinds = (
        f'<w:abstractNum w:abstractNumId="{at}">{kind}</w:abstractNum>' for at, kind in enumerate([levels, numbers])
    )
    used = (f'<w:num w:numId="{at + 1}"><w:abstractNumId w:val="{at}"/></w:num>' for at in range(2))
    return f"<w:numbering {SPACE}>{''.join(kinds)}{''.join(used)}</w:numbering>"


def _relation(name: str) -> str:
    return f'<Relationship Id="{name}" Type="{OFFICE}/relationships/{name}" Target="{name}.xml"/>'


def notes(kind: str, **by_id: str) -> dict[str, str]:
    """The part of footnotes or endnotes: `notes("footnote", n2=paragraph(…))`."""
    inside = "".join(f'<w:{kind} w:id="{name[1:]}">{content}</w:{kind}>' for name, content in by_id.items())
    return {f"word/{kind}s.xml": f"<w:{kind}s {SPACE}>{inside}</w:{kind}s>"}


def docx(*body: str, parts: Mapping[str, str] | None = None) -> bytes:
    """A .docx with this body and further parts."""
    styles = "".join(_style(f"Heading{at}", f"heading {at}") for at in range(1, 5))
    styles += _style("Title", "Title") + _style("ListParagraph", "List Paragraph")
    main = f"{OFFICE}/relationships/officeDocument"
    written = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="d" Type="{main}" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f"{''.join(map(_relation, ('styles', 'numbering', 'footnotes', 'endnotes')))}</Relationships>",
        "word/styles.xml": f"<w:styles {SPACE}>{styles}</w:styles>",
        "word/numbering.xml": _numbering(),
        "word/document.xml": f"<w:document {SPACE}><w:body>{''.join(body)}</w:body></w:document>",
    }
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in (written | dict(parts or {})).items():
            out.writestr(name, content)
    return result.getvalue()
