"""The words of finished HTML, for counting, searching and lists. Pure, and light enough for a web process."""

from __future__ import annotations

import re
from html import unescape

CITES = re.compile(r'<sup class="cites">.*?</sup>', re.DOTALL)
BLOCK_END = re.compile(r"</(?:p|li|h[2-4]|dt|dd|pre|tr|blockquote|figcaption)>|<br>|<hr>")
CELL_END = re.compile(r"</t[hd]>\s*(?=<t[hd]\b)")
BETWEEN_CELLS = " · "
"""What keeps the cells of a row apart where they are read as a line."""
TAG = re.compile(r"<[^>]*>")


def plain_text(html: str) -> str:
    """The words of finished HTML without its marks and citations: a line for each paragraph, item or row."""
    text = CELL_END.sub(" ", BLOCK_END.sub("\n", CITES.sub("", html)))
    lines = (" ".join(line.split()) for line in unescape(TAG.sub("", text)).split("\n"))
    return "\n".join(line for line in lines if line)
